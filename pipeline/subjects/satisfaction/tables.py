"""The table of the survey's dimensions."""

from collections.abc import Sequence

import pandas as pd

from pipeline.workbooks.blocks import Cell, Column, Table
from pipeline.workbooks.details import COMPARED, detail_table, differences, form_column, header, numbers
from pipeline.workbooks.view import View, text

MOST_POINTS = 10.0  # what a dimension can reach


def dimension_table(view: View) -> Table | None:
    """The mean scores of the survey's dimensions, with their differences; None where the trade has no survey."""
    if "satisfaction" not in view.forms:
        return None
    frame = view.detail("satisfaction_by_dimension")
    names = ("score", "answers", "change_score", "yoy_score")
    styles = ("number2", "number0", "change_number", "change_number")
    columns = [Column("dimension", view.word("detail.dimension"))]
    columns += [
        Column(name, header(view, "satisfaction", name), style) for name, style in zip(names, styles, strict=True)
    ]
    cells: list[list[Cell]] = []
    if not frame.empty:
        labels = [form_column(view, "satisfaction", text(one)) for one in frame["dimension"]]
        scores = numbers(frame, "score")
        cells = [
            [view.words.pick(one.zh, one.en) for one in labels],
            list(scores),
            list(numbers(frame, "answers")),
            *(differences(view, _like(frame, when, scores), numbers(frame, f"score_{when}")) for when in COMPARED),
        ]
    return detail_table(view, "satisfaction_by_dimension", columns, cells)


def _like(frame: pd.DataFrame, when: str, scores: Sequence[float | None]) -> Sequence[float | None]:
    """The scores over those known in the month compared with too."""
    return numbers(frame, f"score_like_{when}") if f"score_like_{when}" in frame else scores
