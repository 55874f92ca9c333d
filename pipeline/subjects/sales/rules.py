"""Rules of findings on sales."""

from pipeline.contract.figure import Level
from pipeline.findings.evidence import Evidence, own
from pipeline.findings.figure_rules import (
    fell,
    fell_since_last_month,
    figure_rule,
    misses_target,
    too_high,
    too_low,
)
from pipeline.findings.main_part import most_ahead
from pipeline.findings.rule import Cause
from pipeline.subjects.sales.brand_rule import BRAND_BEHIND
from pipeline.subjects.sales.customer_rules import CUSTOMER_RULES
from pipeline.subjects.sales.fall_causes import fall_cause


def short_product(evidence: Evidence, level: Level, entity_id: str, against: str) -> Cause | None:
    """The product of which most was ordered and not supplied; none where all are short alike."""
    now = evidence.details.sums["sales_by_product"]["now"]
    if now is None:
        return None
    short = own(now, level, entity_id).groupby("product_id")["short"].sum()
    product = most_ahead(short)
    if product is None:
        return None
    return Cause("short_product", {"product": evidence.product(product), "short": int(short.max())})


RULES = (
    figure_rule("amount_fall", 3, "amount", "amount_fall", fell, fall_cause),
    figure_rule("target_missed", 3, "amount", "target_low", misses_target, fall_cause),
    figure_rule("volume_target_missed", 2, "volume", "target_low", misses_target, fall_cause),
    figure_rule("fill_rate_low", 2, "fill_rate", "fill_rate_low", too_low, short_product),
    figure_rule("ordering_rate_fall", 2, "ordering_rate", "ordering_rate_fall", fell_since_last_month),
    figure_rule("stock_high", 1, "stock_to_sales", "stock_to_sales_high", too_high),
    BRAND_BEHIND,
    *CUSTOMER_RULES,
)
