"""Rules of findings on promotions."""

from collections.abc import Iterable

from pipeline.findings.evidence import Evidence, top_rows
from pipeline.findings.figure_rules import figure_rule, too_low
from pipeline.findings.listed import source_of
from pipeline.findings.rule import Finding, Number, Rule
from pipeline.words import Words


def promoted_amiss(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Customers given something that were not settled, or are of too low a grade; who was given most comes first."""
    amiss = evidence.details.lists["promotions_unconfirmed"]
    weighed = amiss.assign(weight=amiss["quantity"].astype("float64"))
    weighed = weighed[weighed["weight"] >= evidence.limit(rule.threshold)]
    for top in top_rows(weighed, "weight", "customer_id", levels=evidence.levels):
        row = top.row
        values: dict[str, Number] = {
            "customer": evidence.customer(str(row["customer_id"])),
            "manager": evidence.manager(str(row["manager_id"])),
            "product": evidence.product(str(row["product_id"])),
            "quantity": int(row["weight"]),
            "amiss": str(row["amiss"]),
        }
        yield Finding(
            top.level, top.entity_id, rule.key, rule.severity, "customer", str(row["customer_id"]), row["weight"],
            values, more=top.more, **source_of(row),  # type: ignore[arg-type]
        )  # fmt: skip


def amiss_texts(finding: Finding, words: Words) -> dict[str, str]:
    """What is amiss with the customer."""
    return {"amiss_text": words(f"findings.promotion_amiss.{finding.values['amiss']}")}


RULES = (
    figure_rule("promotion_reach_low", 1, "promotion_reach_rate", "promotion_reach_low", too_low),
    figure_rule("promotion_unsigned", 1, "promotion_signed_rate", "promotion_signed_low", too_low),
    Rule("promotion_amiss", 2, "promotion_amiss", promoted_amiss, amiss_texts),
)
