"""Rules of findings on drafts: what goes round again and again, what waits, how seldom the first round is accepted."""

from collections.abc import Iterable

from pipeline.findings.evidence import Evidence, Top, top_rows
from pipeline.findings.figure_rules import figure_rule, too_low
from pipeline.findings.listed import day_of, source_of
from pipeline.findings.rule import Finding, Number, Rule
from pipeline.words import Words
from schemas.drafts import GIVEN_UP


def gone_round(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Drafts of the month in so high a round that the order itself was not understood; not those given up."""
    rows = evidence.details.lists["drafts_of_month"]
    many = rows[(rows["round"] >= evidence.limit(rule.threshold)) & (rows["state"] != GIVEN_UP)]
    weighed = many.assign(weight=many["round"].astype("float64"))
    for top in top_rows(weighed, "weight", "draft_no", levels=evidence.levels):
        yield _of_draft(rule, evidence, top, {"round": int(top.row["round"])})


def waiting(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Drafts that have waited for somebody for long."""
    rows = evidence.details.lists["drafts_waiting"]
    for top in top_rows(
        rows.assign(weight=rows["days"].astype("float64")), "weight", "draft_no", levels=evidence.levels
    ):
        told: dict[str, Number] = {"days": int(top.row["days"]), "since": day_of(top.row["since"])}
        yield _of_draft(rule, evidence, top, told)


def _of_draft(rule: Rule, evidence: Evidence, top: Top, told: dict[str, Number]) -> Finding:
    values: dict[str, Number] = {
        "draft": str(top.row["draft_no"]),
        "title": str(top.row["title"]),
        "customer": evidence.customer(str(top.row["customer_id"])),
        "manager": evidence.manager(str(top.row["manager_id"])),
        "state": str(top.row["state"]),
        **told,
    }
    return Finding(
        top.level, top.entity_id, rule.key, rule.severity, "draft", str(top.row["draft_no"]), top.row["weight"], values,
        more=top.more, **source_of(top.row),  # type: ignore[arg-type]
    )  # fmt: skip


def state_texts(finding: Finding, words: Words) -> dict[str, str]:
    """How the draft stands."""
    return {"state_text": words(f"findings.{finding.rule}.state.{finding.values['state']}")}


RULES = (
    Rule("draft_goes_round", 2, "draft_rounds", gone_round, state_texts),
    figure_rule("first_acceptance_low", 2, "first_acceptance", "first_acceptance_low", too_low),
    Rule("draft_waits", 1, "draft_waits_days", waiting, state_texts),
)
