"""Rows of an export that count for nobody: of no usable date, outside its days, of no manager. One problem a row."""

from dataclasses import replace

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.problem import Problem, quoted
from pipeline.intake.cell_problems import MOST_CELLS, cell_at, more_cells, row_of
from pipeline.intake.coverage import Days
from pipeline.intake.nearest import MOST_HINTS, Details
from pipeline.intake.placing import WhoseRows
from pipeline.intake.settled import Settled
from pipeline.intake.taken import FileTask


def undated_rows(task: FileTask, settled: Settled, rows: pd.DataFrame) -> list[Problem]:
    """Rows without a usable date: what is wrong in the date's cell, one problem a row, of the manager named there."""
    table, day = settled.table, settled.table.form.month_column or ""
    left_out = [one for one in settled.problems if one.effect == "row left out"]
    faults = {row_of(one, table): one for one in left_out if one.column in ("", day)}
    managers = rows["manager_id"].fillna("") if "manager_id" in rows else pd.Series("", index=rows.index)
    found: list[Problem] = []
    for row, manager in zip(rows.index[:MOST_CELLS], managers, strict=False):
        problem = faults.get(int(row)) or Problem(
            "required", "row left out", form=table.form.key, sheet=table.sheet_of(row),
            cell=cell_at(table, day, int(row)), column=day,
        )  # fmt: skip
        found.append(replace(problem, file=task.name, manager_id=str(manager)))
    rest = len(rows) - len(found)
    return [*found, replace(more_cells(table, "required", rest), file=task.name)] if rest else found


def within_span(
    task: FileTask, settled: Settled, span: Days, rule: str = "outside_span"
) -> tuple[Settled, list[Problem]]:
    """The rows of the days that the file covers, and one problem, of this rule, for each other row."""
    table, day = settled.table, settled.table.form.month_column or ""
    dates = settled.rows[day]
    outside = settled.rows[(dates < pd.Timestamp(span[0])) | (dates > pd.Timestamp(span[1]))]
    found = [
        Problem(rule, "row left out", file=task.name, form=table.form.key, sheet=table.sheet_of(row),
                cell=cell_at(table, day, row), column=day, found=f"{dates[row]:%Y-%m-%d}",
                details=(("first", str(span[0])), ("last", str(span[1]))))
        for row in outside.index[:MOST_CELLS]
    ]  # fmt: skip
    rest = len(outside) - len(found)
    more = [replace(more_cells(table, rule, rest), file=task.name)] if rest else []
    return replace(settled, rows=settled.rows.drop(outside.index)), [*found, *more]


def unplaced_rows(
    task: FileTask, settled: Settled, rows: pd.DataFrame, whose: WhoseRows, month: Month
) -> list[Problem]:
    """Rows that belong to no manager: one problem a row, so that each can be found."""
    table, column = settled.table, whose.column
    named = rows[column].fillna("")
    hints: dict[str, Details] = {text: whose.hint(text) for text in rows[column].dropna().unique()[:MOST_HINTS]}
    found = [
        Problem(whose.rule, "row left out", file=task.name, month=str(month), form=table.form.key,
                sheet=table.sheet_of(row), cell=cell_at(table, column, row), column=column,
                found=quoted(text), details=hints.get(text, ()))
        for row, text in zip(rows.index[:MOST_CELLS], named, strict=False)
    ]  # fmt: skip
    rest = len(rows) - len(found)
    more = [replace(more_cells(table, whose.rule, rest), file=task.name, month=str(month))] if rest else []
    return [*found, *more]
