"""What a manager's letter asks for: the gravest findings with what to do, and measures that fall due. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from pipeline.base.calendar import last_working_day
from pipeline.base.frames import records
from pipeline.contract.page_text import day_text
from pipeline.contract.report import Report
from pipeline.outbox.addresses import one_line
from pipeline.words import Words

MOST_FINDINGS = 3
MOST_MEASURES = 3
GRAVE = 2  # of the severities 1 to 3: what is to be seen to this month


def own_todo(report: Report, words: Words) -> Iterator[str]:
    """One line a thing to do of a manager, with its day, beside what page one asks for; nothing for reports of
    others."""
    if report.level != "manager":
        return
    asked = report.page_one is not None and any(one.due is not None for one in report.page_one.findings)
    if not asked:
        yield from _asked_by_findings(report, words)
    yield from (_measure(one, words) for one in _falling_due(report))


def _asked_by_findings(report: Report, words: Words) -> Iterator[str]:
    end = last_working_day(report.month + 1)
    for one in _grave(report):
        title = words(f"findings.{one['rule']}.title")
        todo, evidence = str(one["countermeasure"]).rstrip("。."), str(one["evidence"])
        line = words("outbox.letter.own_todo", day=day_text(end, words), todo=todo, title=title, evidence=evidence)
        yield one_line(line)


def _grave(report: Report) -> list[Mapping[Any, Any]]:
    """The first findings that ask for something, each rule once: of ten shops with one offence the first stands for
    all."""
    found: dict[str, Mapping[Any, Any]] = {}
    for one in records(report.findings) if report.findings is not None else ():
        if int(one["severity"]) >= GRAVE and one["countermeasure"]:
            found.setdefault(str(one["rule"]), one)
    return list(found.values())[:MOST_FINDINGS]


def _falling_due(report: Report) -> list[Mapping[Any, Any]]:
    """The manager's own measures that are late, or due by the end of the running month; the first due first."""
    frame = report.details.get("open_actions")
    if frame is None or frame.empty:
        return []
    due = pd.to_datetime(frame["due_on"])
    late = frame.assign(due=due)[due <= pd.Timestamp((report.month + 1).last_day)]
    return list(records(late.sort_values("due", kind="stable").head(MOST_MEASURES)))


def _measure(one: Mapping[Any, Any], words: Words) -> str:
    day = day_text(one["due"].date(), words)
    return one_line(
        words("outbox.letter.own_measure", day=day, todo=one["countermeasure"], problem=one["problem"])
    )
