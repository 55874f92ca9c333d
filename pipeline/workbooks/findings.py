"""Findings on a sheet: what is wrong, what shows it, why, what to do, and where to look."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline.figures.declare import Figure
from pipeline.workbooks.blocks import Evidence, EvidenceList, Link, Note
from pipeline.workbooks.view import View, number, records, text

GRAVEST = 3
MOST_SHOWN = 12


def finding_records(view: View) -> list[Mapping[Any, Any]]:
    """The findings of the report in their order; empty where none were made."""
    frame = view.report.findings
    return [*records(frame)] if frame is not None else []


def findings_list(
    view: View, tables: Mapping[str, str], most: int = MOST_SHOWN, *, numbered: bool = False
) -> EvidenceList | Note:
    """The first findings with their links; `tables` names, for a subject, the table of its figures."""
    records = finding_records(view)
    if not records:
        return Note(view.word("empty.findings"))
    labels = (view.word("finding.evidence"), view.word("finding.cause"), view.word("finding.advice"))
    items = tuple(_evidence(view, one, tables) for one in records[:most])
    if numbered:
        items = tuple(replace(one, severity=f"{place}. {one.severity}") for place, one in enumerate(items, 1))
    left = len(records) - len(items)
    title = view.word("section.problems")
    more = view.word("finding.more", count=left) if left else ""
    return EvidenceList(title + more, items, labels)


def finding_title(view: View, one: Mapping[Any, Any]) -> str:
    """What a finding says in a few words: its rule's title, and who or what it is about."""
    known = f"findings.{text(one['rule'])}.title"
    title = view.words(known) if view.words.has(known) else text(one["rule"])
    subject = text(one["subject"])
    figure = _figure_named(view, subject)
    who = _whose(view, one)
    about = "" if figure else subject
    parts = [part for part in (who, about) if part]
    return view.words.pick("：", ": ").join([*parts, title])


def _whose(view: View, one: Mapping[Any, Any]) -> str:
    """The entity's name, where it is not the one that the report is about."""
    level, entity = text(one["level"]), text(one["entity_id"])
    return "" if (level, entity) == (view.report.level, view.report.entity_id) else view.name(level, entity)


def _figure_named(view: View, label: str) -> Figure | None:
    return next((figure for figure in view.report.figures if view.label(figure) == label), None)


def _evidence(view: View, one: Mapping[Any, Any], tables: Mapping[str, str]) -> Evidence:
    severity = int(number(one["severity"]) or 0)
    known = f"findings.severity_{severity}"
    word = view.words(known) if view.words.has(known) else str(severity)
    return Evidence(
        f"【{word}】" if view.words.language == "zh" else f"[{word}]",
        finding_title(view, one),
        text(one["evidence"]) + _where(view, one),
        text(one["cause"]),
        text(one["countermeasure"]),
        finding_link(view, one, tables),
        "red" if severity == GRAVEST else "plain",
    )


def _where(view: View, one: Mapping[Any, Any]) -> str:
    """The file, sheet and row in which it can be looked up, where it stands in one."""
    row = number(one["row"])
    if not text(one["file"]) or row is None:
        return ""
    return view.word("finding.where", file=text(one["file"]), sheet=text(one["sheet"]), row=int(row))


def finding_link(view: View, one: Mapping[Any, Any], tables: Mapping[str, str]) -> Link | None:
    """To the row of the finding's figure, in the table that shows it."""
    figure = _figure_named(view, text(one["subject"]))
    table = tables.get(figure.subject) if figure else None
    return Link(view.word("look"), table, figure.key) if figure and table else None
