"""Rules of findings on customers attracted, retained and developed."""

from collections.abc import Iterable

from pipeline.contract.show import money_text
from pipeline.findings.evidence import Evidence, top_rows
from pipeline.findings.figure_rules import figure_rule, misses_target, too_high, too_low
from pipeline.findings.rule import Finding, Number, Rule
from pipeline.subjects.key_customers.lists import LEFT
from pipeline.words import Words


def key_customers_lost(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Key customers that left, or whose money did: each whose loss is no little."""
    rows = evidence.details.lists["key_customers_lost"]
    large = rows[rows["loss"] >= evidence.limit(rule.threshold)]
    for top in top_rows(large, "loss", "customer_id", levels=evidence.levels):
        values: dict[str, Number] = {
            "customer": evidence.customer(str(top.row["customer_id"])),
            "manager": evidence.manager(str(top.row["manager_id"])),
            "before": float(top.row["average_before"]),
            "now": float(top.row["average"]),
            "how": str(top.row["how"]),
        }
        yield Finding(
            top.level, top.entity_id, rule.key, rule.severity, "customer", str(top.row["customer_id"]),
            float(top.row["loss"]), values, more=top.more,
        )  # fmt: skip


def loss_texts(finding: Finding, words: Words) -> dict[str, str]:
    """What was there and what is left, in words."""
    key = "left_text" if finding.values["how"] == LEFT else "fell_text"
    before, now = (money_text(float(finding.values[name]), words) for name in ("before", "now"))
    return {"how_text": words(f"findings.key_customer_lost.{key}", before=before, now=now)}


RULES = (
    Rule("key_customer_lost", 2, "key_loss_large", key_customers_lost, loss_texts),
    figure_rule("key_loss_high", 3, "key_loss_rate", "key_loss_high", too_high),
    figure_rule("new_targets_missed", 2, "new_target_customers", "target_low", misses_target),
    figure_rule("key_files_low", 1, "key_file_rate", "key_files_low", too_low),
)
