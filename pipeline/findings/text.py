"""Findings in words: the rows of `findings.csv`, and what sheets and sentences show of them."""

from collections.abc import Iterable, Mapping

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.figure import Figure
from pipeline.contract.show import change_text, number_text, percent_change_text, percent_text, value_text
from pipeline.findings.declare import Finding, Number
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
            shown[name] = words(f"figures.unit.{figure.unit}", number=f"{value:g}")
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
    extras: dict[str, str] = {}
    if finding.rule == "report_missing":
        extras |= _of_missing(finding, words)
    if finding.rule == "price_offence":
        known = "price" in finding.values
        text = words("findings.price_offence.price_text", price=finding.values["price"]) if known else ""
        extras["price_text"] = text
    if "times" in finding.values:
        many = int(finding.values["times"]) > 1
        extras["times_text"] = words("findings.times", times=finding.values["times"]) if many else ""
    if finding.rule == "overdue_action":
        extras |= _of_action(finding, words)
    if finding.rule == "satisfaction_down":
        extras["fall_text"] = _fall_text(finding, words)
    if finding.rule == "brand_behind":
        extras["against_text"] = words(f"findings.brand_behind.{finding.values['against']}")
        extras["label"] = words.pick(str(finding.values["zh"]), str(finding.values["en"]))
        extras["growth_text"] = percent_change_text(float(finding.values["growth"]), words)
        extras["category_text"] = percent_change_text(float(finding.values["category_growth"]), words)
    return extras


def _fall_text(finding: Finding, words: Words) -> str:
    """Against what satisfaction fell, and by how much."""
    against = str(finding.values["against"])
    points = {"previous": "change", "last_year": "yoy", "slope": "slope"}[against]
    number = number_text(abs(float(finding.values[points])), 1)
    base = finding.values.get("previous" if against == "previous" else "last_year")
    shown = "" if base is None else number_text(float(base), 1)
    return words(f"findings.satisfaction_down.{against}", points=number, base=shown)


def _of_missing(finding: Finding, words: Words) -> dict[str, str]:
    """Who is missing, and how much of last month's and last year's totals was theirs, as far as it is known."""
    known = {
        name: str(finding.values[f"{name}_{words.language}"]) for name in ("share_previous", "share_last_year")
    }
    shares = [words(f"findings.report_missing.{name}", shares=share) for name, share in known.items() if share]
    text = "".join(words("findings.report_missing.shares", shares=one) for one in shares)
    who = str(finding.values[f"who_{words.language}"])
    if finding.level == "manager":
        return {"who": words("findings.report_missing.own", forms=who), "shares": ""}
    return {"who": who, "shares": text}


def _of_action(finding: Finding, words: Words) -> dict[str, str]:
    """Who is to do it, where someone is named, and since when it is carried over."""
    owner, months = finding.values.get("owner"), int(finding.values["months"])
    return {
        "owner_text": words("findings.overdue_action.owner_text", owner=owner) if owner else "",
        "age_text": words("findings.overdue_action.age_text", months=months) if months else "",
    }


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
