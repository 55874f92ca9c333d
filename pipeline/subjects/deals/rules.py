"""Rules of findings on deals: few are won, and some were to be signed by now."""

from collections.abc import Iterable

from pipeline.contract.show import money_text
from pipeline.findings.evidence import Evidence, top_rows
from pipeline.findings.figure_rules import figure_rule, too_low
from pipeline.findings.listed import day_of, source_of
from pipeline.findings.rule import Finding, Number, Rule
from pipeline.words import Words


def slipped(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Deals in talks whose day of signing is past."""
    rows = evidence.details.lists["deals_slipped"]
    weighed = rows.assign(weight=rows["expected_amount"].fillna(0).astype("float64"))
    for top in top_rows(weighed, "weight", "deal_no", levels=evidence.levels):
        values: dict[str, Number] = {
            "deal": str(top.row["deal_no"]),
            "whom": str(top.row["whom"]),
            "manager": evidence.manager(str(top.row["manager_id"])),
            "day": day_of(top.row["expected_on"]),
            "yuan": float(top.row["weight"]),
        }
        yield Finding(
            top.level, top.entity_id, rule.key, rule.severity, "deal", str(top.row["deal_no"]), top.row["weight"],
            values, more=top.more, **source_of(top.row),  # type: ignore[arg-type]
        )  # fmt: skip


def amount_texts(finding: Finding, words: Words) -> dict[str, str]:
    """What is expected of it, where that is told."""
    yuan = float(finding.values["yuan"])
    return {"amount_text": words("findings.deal_slipped.amount", value=money_text(yuan, words)) if yuan else ""}


RULES = (
    figure_rule("win_rate_low", 1, "win_rate", "win_rate_low", too_low),
    Rule("deal_slipped", 1, "deal_slipped", slipped, amount_texts),
)
