"""Rules over the lists behind the figures: visits, cases, customers. The weightiest are told, the rest counted."""

from collections.abc import Iterable
from functools import partial

import pandas as pd

from pipeline.contract.figure import Level
from pipeline.findings.declare import Finding, Number, Rule, declare
from pipeline.findings.evidence import Evidence, Row, Top, top_rows


def _source(row: Row) -> dict[str, Number]:
    return {"file": str(row["source_file"]), "sheet": str(row["source_sheet"]), "row": int(row["source_row"])}


def _day(value: object) -> str:
    return pd.Timestamp(str(value)).strftime("%Y-%m-%d")


def visit_offences(rule: Rule, evidence: Evidence, offence: str) -> Iterable[Finding]:
    """Visits that saw an offence, as often as the limit says: each customer once, those seen most often first.

    For a manager the visits that it made count, for a region those of its managers.
    """
    visits = evidence.details.lists["visit_offences"]
    order = ["visit_date", "manager_id", "observed_price", "source_row"]
    seen = visits[visits["offence"] == offence].sort_values(order)
    for level in evidence.levels:
        weighed = seen.assign(weight=_times(seen, level, ["customer_id"]))
        often = weighed[weighed["weight"] >= evidence.limit(rule.threshold)]
        each_once = often.drop_duplicates(["customer_id", *_entity_key(level)])
        for top in top_rows(each_once, "weight", "customer_id", levels=(level,)):
            yield _offence(rule, evidence, top)


def _entity_key(level: Level) -> list[str]:
    return [] if level == "organisation" else [f"{level}_id"]


def _times(rows: pd.DataFrame, level: Level, keys: list[str]) -> pd.Series:
    """How many rows of the same entity have the same keys."""
    return rows.groupby([*_entity_key(level), *keys])[keys[0]].transform("size").astype("float64")


def _offence(rule: Rule, evidence: Evidence, top: Top) -> Finding:
    row = top.row
    price = row["observed_price"]
    values: dict[str, Number] = {
        "customer": evidence.customer(str(row["customer_id"])),
        "manager": evidence.manager(str(row["manager_id"])),
        "day": _day(row["visit_date"]),
        "times": int(row["weight"]),
        **({} if pd.isna(price) else {"price": float(price)}),
    }
    return Finding(
        top.level, top.entity_id, rule.key, rule.severity, "customer", str(row["customer_id"]), row["weight"],
        values, more=top.more, **_source(row),  # type: ignore[arg-type]
    )  # fmt: skip


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
        weighed = cases.assign(weight=_times(cases, level, ["customer_id", "category"]))
        for top in top_rows(weighed, "weight", "complaint_no", levels=(level,)):
            yield _case(rule, evidence, top.level, top.entity_id, top.row, top.more, days=days)


def _case(
    rule: Rule, evidence: Evidence, level: object, entity: str, row: Row, more: int, *, days: int
) -> Finding:
    values: dict[str, Number] = {
        "case": str(row["complaint_no"]),
        "customer": evidence.customer(str(row["customer_id"])),
        "manager": evidence.manager(str(row["manager_id"])),
        "received": _day(row["received_on"]),
        "days": days,
    }
    return Finding(
        level, entity, rule.key, rule.severity, "case", str(row["complaint_no"]), row["weight"],  # type: ignore[arg-type]
        values, more=more, **_source(row),  # type: ignore[arg-type]
    )  # fmt: skip


def typical_problems(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Products with so many cases in the month that the fault is the product's (典型问题)."""
    cases = evidence.details.lists["complaint_cases"]
    first, last = pd.Timestamp(evidence.month.first_day), pd.Timestamp(evidence.month.last_day)
    received = cases[cases["received_on"].between(first, last)].dropna(subset=["product_id"])
    for level in evidence.levels:
        weighed = received.assign(
            weight=_times(received, level, ["product_id"]),
            customers=received.groupby([*_entity_key(level), "product_id"])["customer_id"].transform("nunique"),
        )
        many = weighed[weighed["weight"] >= evidence.limit(rule.threshold)].sort_values("complaint_no")
        each_once = many.drop_duplicates(["product_id", *_entity_key(level)])
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
        **_source(row),  # type: ignore[arg-type]
    )  # fmt: skip


def customers(rule: Rule, evidence: Evidence, movement: str) -> Iterable[Finding]:
    """Customers of one movement; those that bought most before come first."""
    moved = evidence.details.lists["customers_by_movement"]
    limit = evidence.limit(rule.threshold)
    chosen = moved[_of_movement(moved, movement, limit)]
    chosen = chosen.assign(weight=_lost_volume(chosen))
    for top in top_rows(chosen, "weight", "customer_id", levels=evidence.levels):
        row = top.row
        values: dict[str, Number] = {
            "customer": evidence.customer(str(row["customer_id"])),
            "manager": evidence.manager(str(row["manager_id"])),
            "months": int(row["silent_months"]),
            **{name: float(row[name]) for name in _NUMBERS if pd.notna(row[name])},
        }
        yield Finding(
            top.level, top.entity_id, rule.key, rule.severity, "customer", str(row["customer_id"]),
            row["weight"], values, more=top.more,
        )  # fmt: skip


_NUMBERS = ("volume", "volume_previous", "ratio", "peer_ratio", "relative")


def _of_movement(moved: pd.DataFrame, movement: str, limit: float) -> pd.Series:
    """Who ordered what could not be supplied has not stayed away, and is not slow where the supply would have done."""
    supplied = moved["volume"].fillna(0) + moved["short"]
    would_be = supplied / moved["volume_previous"] / moved["peer_ratio"]
    kept = would_be.ge(limit) if movement == "down" else moved["short"] > 0
    return _moved(moved, movement, limit) & ~(kept & (moved["short"] > 0))


def _moved(moved: pd.DataFrame, movement: str, limit: float) -> pd.Series:
    if movement == "silent":
        return moved["silent_months"] >= limit
    if movement == "down":
        return moved["relative"].lt(limit) & (moved["movement"] == "down")
    return moved["movement"] == movement


def _lost_volume(moved: pd.DataFrame) -> pd.Series:
    """Cartons fewer than the customer's peers would have it buy."""
    before = moved["volume_previous"].fillna(0).astype("float64")
    return before * moved["peer_ratio"].fillna(1) - moved["volume"]


declare(Rule("typical_problem", 3, "typical_problem_cases", typical_problems))
declare(Rule("overdue_case", 3, "days_overdue", overdue_cases))
declare(Rule("law_offence", 3, "visit_offences", partial(visit_offences, offence="law")))
declare(Rule("lost_customer", 2, "mover_ratio", partial(customers, movement="lost")))
declare(Rule("silent_customer", 2, "silent_months", partial(customers, movement="silent")))
declare(Rule("price_offence", 2, "visit_offences", partial(visit_offences, offence="price")))
declare(Rule("repeat_complaint", 2, "repeat_days", repeated_cases))
declare(Rule("slow_customer", 1, "mover_ratio", partial(customers, movement="down")))
