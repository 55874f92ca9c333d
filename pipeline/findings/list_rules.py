"""Rules over the lists behind the figures: visits, cases, customers. The weightiest are told, the rest counted."""

from collections.abc import Iterable
from functools import partial

import pandas as pd

from pipeline.findings.declare import Finding, Number, Rule, declare
from pipeline.findings.evidence import Evidence, Row, top_rows


def _source(row: Row) -> dict[str, Number]:
    return {"file": str(row["source_file"]), "sheet": str(row["source_sheet"]), "row": int(row["source_row"])}


def _day(value: object) -> str:
    return pd.Timestamp(str(value)).strftime("%Y-%m-%d")


def visit_offences(rule: Rule, evidence: Evidence, offence: str) -> Iterable[Finding]:
    """Visits that saw an offence; customers seen most often first, each once."""
    visits = evidence.details.lists["visit_offences"]
    chosen = visits[visits["offence"] == offence]
    chosen = chosen.assign(weight=chosen.groupby("customer_id")["customer_id"].transform("size").astype("float64"))
    chosen = chosen[chosen["weight"] >= evidence.limit(rule.threshold)].drop_duplicates("customer_id")
    for top in top_rows(chosen, "weight", "customer_id"):
        row = top.row
        price = row["observed_price"]
        values: dict[str, Number] = {
            "customer": evidence.customer(str(row["customer_id"])),
            "manager": evidence.manager(str(row["manager_id"])),
            "day": _day(row["visit_date"]),
            "times": int(row["weight"]),
            **({} if pd.isna(price) else {"price": float(price)}),
        }
        yield Finding(
            top.level, top.entity_id, rule.key, rule.severity, "customer", str(row["customer_id"]), row["weight"],
            values, more=top.more, **_source(row),  # type: ignore[arg-type]
        )  # fmt: skip


def overdue_cases(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Cases open beyond their limit, the longest first."""
    cases = evidence.details.lists["complaint_cases"]
    late = cases[cases["state"] == "overdue"]
    late = late.assign(weight=late["days_overdue"].astype("float64"))
    late = late[late["weight"] >= evidence.limit(rule.threshold)]
    for top in top_rows(late, "weight", "complaint_no"):
        yield _case(rule, evidence, top.level, top.entity_id, top.row, top.more, days=int(top.row["weight"]))


def repeated_cases(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Cases whose customer complained of the same kind before."""
    cases = evidence.details.lists["repeated_cases"]
    counts = cases.groupby(["customer_id", "category"])["complaint_no"].transform("size")
    for top in top_rows(cases.assign(weight=counts.astype("float64")), "weight", "complaint_no"):
        days = int(evidence.limit(rule.threshold))
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
    for level, keys in (("organisation", []), ("region", ["region_id"]), ("manager", ["manager_id"])):
        sizes = received.groupby([*keys, "product_id"])["complaint_no"].transform("size")
        many = received[sizes >= evidence.limit(rule.threshold)]
        for key, group in many.groupby([*keys, "product_id"]):
            product = str(key[-1])
            source = group.sort_values("complaint_no").iloc[0].to_dict()
            values: dict[str, Number] = {
                "product": evidence.product(product),
                "cases": len(group),
                "customers": int(group["customer_id"].nunique()),
            }
            yield Finding(
                level, str(key[0]) if keys else "ALL", rule.key, rule.severity, "product", product,  # type: ignore[arg-type]
                float(len(group)), values, **_source(source),  # type: ignore[arg-type]
            )  # fmt: skip


def customers(rule: Rule, evidence: Evidence, movement: str) -> Iterable[Finding]:
    """Customers of one movement; those that bought most before come first."""
    moved = evidence.details.lists["customers_by_movement"]
    limit = evidence.limit(rule.threshold)
    chosen = moved[_of_movement(moved, movement, limit)]
    chosen = chosen.assign(weight=_lost_volume(chosen))
    for top in top_rows(chosen, "weight", "customer_id"):
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
