"""Rules of findings on complaints."""

from collections.abc import Iterable

import pandas as pd

from pipeline.findings.evidence import Evidence, Row, Top, top_rows
from pipeline.findings.figure_rules import figure_rule, rose_since_last_month, too_low
from pipeline.findings.listed import day_of, entity_key, source_of, times
from pipeline.findings.rule import Finding, Number, Rule
from pipeline.subjects.complaints.causes import complaint_category, late_department


def overdue_cases(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Cases open beyond their limit, the longest first."""
    cases = evidence.details.lists["complaint_cases"]
    late = cases[cases["state"] == "overdue"]
    late = late.assign(weight=late["days_overdue"].astype("float64"))
    late = late[late["weight"] >= evidence.limit(rule.threshold)]
    for top in top_rows(late, "weight", "complaint_no", levels=evidence.levels):
        yield _case(rule, evidence, top.level, top.entity_id, top.row, top.more, days=int(top.row["weight"]))


def repeated_cases(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Cases whose customer complained of the same kind before; who did so most often comes first."""
    cases = evidence.details.lists["repeated_cases"]
    days = int(evidence.limit(rule.threshold))
    for level in evidence.levels:
        weighed = cases.assign(weight=times(cases, level, ["customer_id", "category"]))
        for top in top_rows(weighed, "weight", "complaint_no", levels=(level,)):
            yield _case(rule, evidence, top.level, top.entity_id, top.row, top.more, days=days)


def _case(
    rule: Rule, evidence: Evidence, level: object, entity: str, row: Row, more: int, *, days: int
) -> Finding:
    values: dict[str, Number] = {
        "case": str(row["complaint_no"]),
        "customer": evidence.customer(str(row["customer_id"])),
        "manager": evidence.manager(str(row["manager_id"])),
        "received": day_of(row["received_on"]),
        "days": days,
    }
    return Finding(
        level, entity, rule.key, rule.severity, "case", str(row["complaint_no"]), row["weight"],  # type: ignore[arg-type]
        values, more=more, **source_of(row),  # type: ignore[arg-type]
    )  # fmt: skip


def typical_problems(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Products with so many cases in the month that the fault is the product's (典型问题)."""
    cases = evidence.details.lists["complaint_cases"]
    first, last = pd.Timestamp(evidence.month.first_day), pd.Timestamp(evidence.month.last_day)
    received = cases[cases["received_on"].between(first, last)].dropna(subset=["product_id"])
    for level in evidence.levels:
        weighed = received.assign(
            weight=times(received, level, ["product_id"]),
            customers=received.groupby([*entity_key(level), "product_id"])["customer_id"].transform("nunique"),
        )
        many = weighed[weighed["weight"] >= evidence.limit(rule.threshold)].sort_values("complaint_no")
        each_once = many.drop_duplicates(["product_id", *entity_key(level)])
        for top in top_rows(each_once, "weight", "product_id", levels=(level,)):
            yield _typical(rule, evidence, top)


def _typical(rule: Rule, evidence: Evidence, top: Top) -> Finding:
    """The first of the cases is where it can be looked up."""
    row, product = top.row, str(top.row["product_id"])
    values: dict[str, Number] = {
        "product": evidence.product(product),
        "cases": int(row["weight"]),
        "customers": int(row["customers"]),
    }
    return Finding(
        top.level, top.entity_id, rule.key, rule.severity, "product", product, row["weight"], values, more=top.more,
        **source_of(row),  # type: ignore[arg-type]
    )  # fmt: skip


RULES = (
    figure_rule("on_time_low", 2, "on_time_rate", "on_time_low", too_low, late_department),
    figure_rule("complaints_rise", 2, "complaints", "complaints_rise", rose_since_last_month, complaint_category),
    Rule("typical_problem", 3, "typical_problem_cases", typical_problems),
    Rule("overdue_case", 3, "days_overdue", overdue_cases),
    Rule("repeat_complaint", 2, "repeat_days", repeated_cases),
)
