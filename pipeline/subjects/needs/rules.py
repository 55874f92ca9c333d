"""Rules of findings on needs: what waits for the next step, how long departments take."""

from collections.abc import Iterable

from pipeline.findings.evidence import Evidence, top_rows
from pipeline.findings.figure_rules import figure_rule, too_high
from pipeline.findings.listed import day_of, source_of
from pipeline.findings.rule import Finding, Number, Rule
from pipeline.words import Words


def waiting(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Needs that have waited for their next step for long."""
    rows = evidence.details.lists["needs_waiting"]
    weighed = rows.assign(weight=rows["days"].astype("float64"))
    for top in top_rows(weighed, "weight", "need_no", levels=evidence.levels):
        values: dict[str, Number] = {
            "need": str(top.row["need_no"]),
            "customer": evidence.customer(str(top.row["customer_id"])),
            "manager": evidence.manager(str(top.row["manager_id"])),
            "step": str(top.row["stands_at"]),
            "since": day_of(top.row["since"]),
            "days": int(top.row["days"]),
        }
        yield Finding(
            top.level, top.entity_id, rule.key, rule.severity, "case", str(top.row["need_no"]), top.row["weight"],
            values, more=top.more, **source_of(top.row),  # type: ignore[arg-type]
        )  # fmt: skip


def step_texts(finding: Finding, words: Words) -> dict[str, str]:
    """For whom the need waits."""
    return {"step_text": words(f"findings.need_waits.step.{finding.values['step']}")}


RULES = (
    Rule("need_waits", 2, "need_waits_days", waiting, step_texts),
    figure_rule("need_slow", 1, "need_days.done", "need_days_high", too_high),
)
