"""Findings in words: the rows of `findings.csv`, and what sheets and sentences show of them."""

from collections.abc import Iterable, Mapping

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.figure import Figure
from pipeline.contract.show import (
    change_text,
    percent_text,
    value_text,
    with_unit,
)
from pipeline.findings.declare import rule_named
from pipeline.findings.rule import Finding, Number
from pipeline.words import Words
from schemas.profile import Profile

# The columns of `findings.csv`; `evidence`, `cause` and `countermeasure` are sentences of one language.
FINDING_COLUMNS = (
    "month", "level", "entity_id", "rule", "severity", "subject", "evidence", "cause", "countermeasure", "file",
    "sheet", "row",
)  # fmt: skip
_TYPES = {**dict.fromkeys(FINDING_COLUMNS, "str"), "severity": "int64", "row": "Int64"}


def findings_frame(
    findings: Iterable[Finding], month: Month, figures: Iterable[Figure], profile: Profile, words: Words
) -> pd.DataFrame:
    """One row a finding, in the order given, with FINDING_COLUMNS."""
    declared = {figure.key: figure for figure in figures}
    rows = [_row(finding, month, declared, profile, words) for finding in findings]
    frame = pd.DataFrame(rows, columns=list(FINDING_COLUMNS))
    return frame.astype(_TYPES)


def _row(
    finding: Finding, month: Month, figures: Mapping[str, Figure], profile: Profile, words: Words
) -> dict[str, object]:
    figure = figures.get(finding.figure)
    return {
        "month": str(month),
        "level": finding.level,
        "entity_id": finding.entity_id,
        "rule": finding.rule,
        "severity": finding.severity,
        "subject": words.pick(figure.zh, figure.en) if figure else subject_text(finding),
        "evidence": evidence_text(finding, figure, words),
        "cause": cause_text(finding, profile, words),
        "countermeasure": words(f"findings.{finding.rule}.countermeasure"),
        "file": finding.file,
        "sheet": finding.sheet,
        "row": finding.row,
    }


def subject_text(finding: Finding) -> str:
    """Who or what a finding is about, by name."""
    return str(finding.values.get(finding.subject_kind, finding.subject))


def title_text(rule: str, words: Words) -> str:
    """What a rule's findings are called."""
    return words(f"findings.{rule}.title")


def evidence_text(finding: Finding, figure: Figure | None, words: Words) -> str:
    """The evidence in one sentence, and how many more of the kind there are."""
    values = _dated(finding.values, words) if figure is None else _shown(finding.values, figure, words)
    text = words(f"findings.{finding.rule}.evidence", **_extras(finding, words), **values)
    if not finding.more:
        return text
    return words.pick("", " ").join((text, words("findings.more", more=finding.more)))


def _shown(values: Mapping[str, Number], figure: Figure, words: Words) -> dict[str, Number]:
    """The numbers of a rule over a figure, as that figure is shown."""
    shown: dict[str, Number] = {}
    for name, value in values.items():
        if isinstance(value, str):
            shown[name] = value
        elif name == "limit":
            shown[name] = with_unit(f"{value:g}", figure, words)
        elif name == "completion":
            shown[name] = percent_text(float(value), words)
        elif name in ("change", "yoy", "ytd_yoy"):
            shown[name] = change_text(float(value), figure, words)
        else:
            shown[name] = value_text(float(value), figure, words)
    return shown | {"growth": growth_text(values, figure, words)}


def growth_text(values: Mapping[str, Number], figure: Figure, words: Words) -> str:
    """The change that the rule looked at: `against` names it, else that against the month before."""
    against = str(values.get("against", "previous"))
    column = {"last_year": "yoy", "previous": "change"}.get(against, "ytd_yoy")
    if column not in values:
        return ""
    return words(f"figures.change.{against}", change=change_text(float(values[column]), figure, words))


def _extras(finding: Finding, words: Words) -> dict[str, str]:
    """Parts of a rule's text that depend on what is known."""
    rule = rule_named(finding.rule)
    extras = rule.texts(finding, words) if rule is not None and rule.texts is not None else {}
    if "times" in finding.values:
        many = int(finding.values["times"]) > 1
        extras["times_text"] = words("findings.times", times=finding.values["times"]) if many else ""
    return extras


def _dated(values: Mapping[str, Number], words: Words) -> dict[str, Number]:
    """The values with days as they are said: 6月12日."""
    said = {name: _day_text(str(values[name]), words) for name in ("day", "received", "due") if name in values}
    return {**values, **said}


def _day_text(day: str, words: Words) -> str:
    date = pd.Timestamp(day)
    return words.pick(f"{date.month}月{date.day}日", day)


def cause_text(finding: Finding, profile: Profile, words: Words) -> str:
    """The likely cause in one sentence; empty where the data show none."""
    cause = finding.cause
    if cause is None:
        return ""
    values = dict(cause.values)
    if "grade" in values:
        grades = {entry.key: words.pick(entry.zh, entry.en.lower()) for entry in profile.lists.get("grades", ())}
        values["label"] = grades.get(str(values["grade"]), values["grade"])
    elif "zh" in values:
        values["label"] = words.pick(str(values["zh"]), str(values["en"]))
    return words(f"findings.cause.{cause.key}", **values)
