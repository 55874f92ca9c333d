"""Findings on a sheet: what is wrong, what shows it, why, what to do, and where to look."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline.base.frames import records
from pipeline.contract.figure import Figure, Level
from pipeline.contract.settings import OWN
from pipeline.workbooks.behind_findings import rule_tables
from pipeline.workbooks.blocks import Evidence, EvidenceList, Link, Note
from pipeline.workbooks.overview import main_figures
from pipeline.workbooks.view import View, number, text

GRAVEST = 3
# The tables of main figures that have a row for each entity of a level, by the level of the report.
ENTITY_TABLES: Mapping[tuple[Level, str], Level] = {
    ("region", "manager"): "manager",
    ("organisation", "manager"): "manager",
    ("organisation", "region"): "region",
}
_CODE = re.compile(r"\((\w+)\)$")  # a customer is named with its code after it
MOST_SHOWN = 12


def finding_records(view: View) -> list[Mapping[Any, Any]]:
    """The findings of the report in their order; empty where none were made."""
    frame = view.report.findings
    return [*records(frame)] if frame is not None else []


def findings_list(view: View, most: int = MOST_SHOWN, *, numbered: bool = False) -> EvidenceList | Note:
    """The first findings with their links."""
    records = finding_records(view)
    if not records:
        return Note(view.word("empty.findings"))
    labels = (view.word("finding.evidence"), view.word("finding.cause"), view.word("finding.advice"))
    items = tuple(_evidence(view, one) for one in records[:most])
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


def _evidence(view: View, one: Mapping[Any, Any]) -> Evidence:
    severity = int(number(one["severity"]) or 0)
    known = f"findings.severity_{severity}"
    word = view.words(known) if view.words.has(known) else str(severity)
    return Evidence(
        view.words.pick(f"【{word}】", f"{word}:"),
        finding_title(view, one),
        text(one["evidence"]) + _where(view, one),
        text(one["cause"]),
        text(one["countermeasure"]),
        finding_link(view, one),
        "red" if severity == GRAVEST else "plain",
    )


def _where(view: View, one: Mapping[Any, Any]) -> str:
    """The file, sheet and row in which it can be looked up, where it stands in one."""
    row = number(one["row"])
    if not text(one["file"]) or row is None:
        return ""
    return view.word("finding.where", file=text(one["file"]), sheet=text(one["sheet"]), row=int(row))


def finding_link(view: View, one: Mapping[Any, Any]) -> Link | None:
    """To the row that shows the finding: of its figure or, for one of many, of the entity; else of its case,
    customer, product or group of products in the list of them."""
    figure = _figure_named(view, text(one["subject"]))
    place = _figure_row(view, one, figure) if figure else _list_row(view, one)
    return Link(view.word("look"), *place) if place else None


def _figure_row(view: View, one: Mapping[Any, Any], figure: Figure) -> tuple[str, str] | None:
    level, entity = text(one["level"]), text(one["entity_id"])
    own = ENTITY_TABLES.get((view.report.level, level))
    if own and entity in view.entities(own) and any(figure.key == known.key for known in main_figures(view)):
        return f"{level}_figures", entity
    return None if figure.subject == OWN else (f"{figure.subject}_figures", figure.key)


def _list_row(view: View, one: Mapping[Any, Any]) -> tuple[str, str] | None:
    """The row of a finding's subject, in the list that its rule looked at; None where the list does not show it."""
    make = rule_tables().get(text(one["rule"]))
    if make is None:
        return None
    subject, table = text(one["subject"]), make(view)
    code = _CODE.search(subject)
    keys = [code[1]] if code else [subject]
    keys += [key for key, name in view.product_names.items() if name == subject]
    return next(((table.name, key) for key in keys if key in table.row_keys), None)
