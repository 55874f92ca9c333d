"""Findings on a sheet: what is wrong, what shows it, why, what to do, and where to look."""

from collections.abc import Mapping
from typing import Any

from pipeline.workbooks.blocks import Evidence, EvidenceList, Link, Note, Tone
from pipeline.workbooks.view import View, text

_TONES: dict[str, Tone] = {"high": "red", "serious": "red", "good": "green"}
MOST_SHOWN = 12


def finding_records(view: View) -> list[Mapping[Any, Any]]:
    """The findings of the report in their order; empty where none were made."""
    frame = view.report.findings
    return [] if frame is None or frame.empty else list(frame.to_dict("records"))


def findings_list(view: View, tables: Mapping[str, str], most: int = MOST_SHOWN) -> EvidenceList | Note:
    """The first findings with their links; `tables` names, for a subject or figure, the table that shows it."""
    records = finding_records(view)
    if not records:
        return Note(view.word("empty.findings"))
    labels = (view.word("finding.evidence"), view.word("finding.cause"), view.word("finding.advice"))
    items = tuple(_evidence(view, one, tables) for one in records[:most])
    left = len(records) - len(items)
    title = view.word("section.problems")
    more = view.word("finding.more", count=left) if left else ""
    return EvidenceList(title + more, items, labels)


def _evidence(view: View, one: Mapping[Any, Any], tables: Mapping[str, str]) -> Evidence:
    severity = text(one.get("severity"))
    known = f"workbooks.severity.{severity}"
    word = view.words(known) if view.words.has(known) else severity
    return Evidence(
        f"【{word}】" if view.words.language == "zh" else f"[{word}]",
        text(one.get("text")),
        text(one.get("evidence")),
        text(one.get("cause")),
        text(one.get("countermeasure")),
        finding_link(view, one, tables),
        _TONES.get(severity, "plain"),
    )


def finding_link(view: View, one: Mapping[Any, Any], tables: Mapping[str, str]) -> Link | None:
    """To the row of the finding's figure, in the table that shows it."""
    figure = view.figures.get(text(one.get("figure")))
    if figure is None:
        return None
    table = tables.get(figure.key) or tables.get(figure.subject)
    return Link(view.word("look"), table, figure.key) if table else None
