"""Rules of findings on leads."""

from collections.abc import Iterable

from pipeline.findings.evidence import Evidence, top_rows
from pipeline.findings.figure_rules import figure_rule, too_low
from pipeline.findings.listed import day_of, source_of
from pipeline.findings.rule import Finding, Number, Rule
from pipeline.words import Words


def stuck_leads(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Leads open for so many days or more, the oldest first, with the step that they wait for."""
    leads = evidence.details.lists["leads_of_month"]
    old = leads.assign(weight=leads["days_open"].astype("float64"))
    old = old[old["weight"] >= evidence.limit(rule.threshold)]
    for top in top_rows(old, "weight", "lead_no", levels=evidence.levels):
        row = top.row
        values: dict[str, Number] = {
            "lead": str(row["lead_no"]),
            "address": str(row["address"]),
            "manager": evidence.manager(str(row["manager_id"])),
            "seen": day_of(row["seen_on"]),
            "days": int(row["weight"]),
            "state": str(row["lead_state"]),
        }
        yield Finding(
            top.level, top.entity_id, rule.key, rule.severity, "case", str(row["lead_no"]), row["weight"], values,
            more=top.more, **source_of(row),  # type: ignore[arg-type]
        )  # fmt: skip


def waiting_texts(finding: Finding, words: Words) -> dict[str, str]:
    """What the lead waits for."""
    return {"waits": words(f"findings.lead_stuck.waits_{finding.values['state']}")}


RULES = (
    figure_rule("leads_late", 2, "leads_at_once_rate", "leads_at_once_low", too_low),
    Rule("lead_stuck", 2, "lead_days_open", stuck_leads, waiting_texts),
)
