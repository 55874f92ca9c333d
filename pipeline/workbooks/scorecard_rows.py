"""The rows of the scorecard by entity, and the keys of its terms in the glossary."""

from collections.abc import Mapping
from typing import Any

from pipeline.base.frames import records
from pipeline.workbooks.view import View, text

SCORE_ROW = "scorecard_score"
COMPLETION_ROW = "scorecard_completion"
GRADE_ROW = "scorecard_grade"
Row = Mapping[str, Any]


def cards(view: View) -> Mapping[tuple[str, str], list[Row]]:
    """The rows of each entity, one an indicator, by level and entity_id."""
    return view.once("scorecard", lambda: _cards(view))


def _cards(view: View) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in records(view.detail("scorecard")):
        if not _is_own(view, row):
            continue
        found.setdefault((text(row["level"]), text(row["entity_id"])), []).append(row)
    return found


def _is_own(view: View, row: Row) -> bool:
    """Whether the report may show a row: a region its own and its managers', a manager its own."""
    level, entity = view.report.level, view.report.entity_id
    if level == "organisation":
        return True
    return text(row["region_id" if level == "region" else "entity_id"]) == entity
