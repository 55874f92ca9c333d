"""Rules of findings on sales, and on customers that buy less or nothing."""

from collections.abc import Iterable
from functools import partial

import pandas as pd

from pipeline.contract.figure import Level
from pipeline.findings.declare import Cause, Finding, Number, Rule
from pipeline.findings.evidence import Evidence, own, top_rows
from pipeline.findings.figure_rules import (
    fell,
    fell_since_last_month,
    figure_rule,
    misses_target,
    too_high,
    too_low,
)
from pipeline.subjects.sales.brand_rule import BRAND_BEHIND
from pipeline.subjects.sales.fall_causes import fall_cause


def short_product(evidence: Evidence, level: Level, entity_id: str, against: str) -> Cause | None:
    """The product of which most was ordered and not supplied."""
    now = evidence.details.sums["sales_by_product"]["now"]
    if now is None:
        return None
    short = own(now, level, entity_id).groupby("product_id")["short"].sum()
    if short.empty or short.max() <= 0:
        return None
    product = str(short.idxmax())
    return Cause("short_product", {"product": evidence.product(product), "short": int(short.max())})


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


RULES = (
    figure_rule("amount_fall", 3, "amount", "amount_fall", fell, fall_cause),
    figure_rule("target_missed", 3, "amount", "target_low", misses_target, fall_cause),
    figure_rule("volume_target_missed", 2, "volume", "target_low", misses_target, fall_cause),
    figure_rule("fill_rate_low", 2, "fill_rate", "fill_rate_low", too_low, short_product),
    figure_rule("ordering_rate_fall", 2, "ordering_rate", "ordering_rate_fall", fell_since_last_month),
    figure_rule("stock_high", 1, "stock_to_sales", "stock_to_sales_high", too_high),
    BRAND_BEHIND,
    Rule("lost_customer", 2, "mover_ratio", partial(customers, movement="lost")),
    Rule("silent_customer", 2, "silent_months", partial(customers, movement="silent")),
    Rule("slow_customer", 1, "mover_ratio", partial(customers, movement="down")),
)
