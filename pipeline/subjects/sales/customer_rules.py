"""Rules of findings on customers that buy less or nothing."""

from collections.abc import Iterable
from functools import partial

import pandas as pd

from pipeline.findings.evidence import Evidence, top_rows
from pipeline.findings.rule import Finding, Number, Rule


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
    """How much less than the customer's peers would have it buy."""
    before = moved["volume_previous"].fillna(0).astype("float64")
    return before * moved["peer_ratio"].fillna(1) - moved["volume"]


CUSTOMER_RULES = (
    Rule("lost_customer", 2, "mover_ratio", partial(customers, movement="lost")),
    Rule("silent_customer", 2, "silent_months", partial(customers, movement="silent")),
    Rule("slow_customer", 1, "mover_ratio", partial(customers, movement="down")),
)
