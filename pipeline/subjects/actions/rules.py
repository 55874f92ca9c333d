"""Rules over what the managers themselves set out to do (form `actions`)."""

from collections.abc import Iterable

import pandas as pd

from pipeline.findings.evidence import Evidence, Top, top_rows
from pipeline.findings.rule import Finding, Number, Rule
from pipeline.words import Words


def overdue_actions(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Actions not done at the month's end whose due day has passed, those longest overdue first.

    Looks at `Evidence.open_actions` (the columns of `pipeline.month.open_actions`). Days are calendar days from the due
    day to the month's last one; an action without a due day is never overdue.
    """
    actions = evidence.open_actions
    if actions is None or actions.empty:
        return
    due = pd.to_datetime(actions["due_on"])
    late = (pd.Timestamp(evidence.month.last_day) - due).dt.days
    overdue = actions.assign(weight=late.astype("float64"), due_on=due)
    overdue = overdue[overdue["weight"] >= evidence.limit(rule.threshold)]
    for top in top_rows(overdue, "weight", "problem", levels=evidence.levels):
        yield _overdue(rule, evidence, top)


def _overdue(rule: Rule, evidence: Evidence, top: Top) -> Finding:
    row = top.row
    values: dict[str, Number] = {
        "action": str(row["topic"]),
        "problem": str(row["problem"]),
        "manager": evidence.manager(str(row["manager_id"])),
        "due": pd.Timestamp(row["due_on"]).strftime("%Y-%m-%d"),
        "days": int(row["weight"]),
        "months": int(row["months_open"]),
        **({} if pd.isna(row["owner"]) else {"owner": str(row["owner"])}),
    }
    known = not pd.isna(row["source_row"])
    return Finding(
        top.level, top.entity_id, rule.key, rule.severity, "action", str(row["topic"]), row["weight"], values,
        more=top.more,
        file=str(row["source_file"]) if known else "",
        sheet=str(row["source_sheet"]) if known else "",
        row=int(row["source_row"]) if known else None,
    )  # fmt: skip


def action_texts(finding: Finding, words: Words) -> dict[str, str]:
    """Who is to do it, where someone is named, and since when it is carried over."""
    owner, months = finding.values.get("owner"), int(finding.values["months"])
    return {
        "owner_text": words("findings.overdue_action.owner_text", owner=owner) if owner else "",
        "age_text": words("findings.overdue_action.age_text", months=months) if months else "",
    }


RULES = (Rule("overdue_action", 2, "action_days_overdue", overdue_actions, action_texts),)
