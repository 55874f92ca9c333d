"""Whom a row is about, by name: beside each problem of a row, so that its sender knows it without looking it up."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from pipeline.contract.problem import ROW_NAMES, Problem, quoted
from pipeline.intake.cell_problems import row_of
from pipeline.intake.settled import Settled
from schemas.form import Context
from schemas.lookup import Lookup

SENDER = "managers"  # the file says already whose rows they are


def with_row_names(problems: Iterable[Problem], settled: Settled, context: Context) -> list[Problem]:
    """The problems, those of one row with the names of its customer, product and so on, as the master data have them.

    A code that is in no master data is shown as it was typed.
    """
    named = [
        (column.name, context.lookup(column.refers_to))
        for column in settled.table.form.columns
        if column.refers_to in context.masters and column.refers_to != SENDER and column.name in settled.rows
    ]
    return [_with_names(one, settled, named) for one in problems] if named else list(problems)


def _with_names(problem: Problem, settled: Settled, named: Iterable[tuple[str, Lookup]]) -> Problem:
    row = row_of(problem, settled.table, settled.rows.index)
    if row not in settled.rows.index:
        return problem
    texts = [_name(settled, row, column, lookup) for column, lookup in named]
    about = " · ".join(text for text in texts if text)
    return replace(problem, details=(*problem.details, (ROW_NAMES, about))) if about else problem


def _name(settled: Settled, row: int, column: str, lookup: Lookup) -> str:
    code = str(settled.rows[column].astype("string").fillna("").loc[row])
    if code and lookup.has(code):
        name = lookup.name_column
        return code if name is None else f"{lookup.values(pd.Series([code]), name).iat[0]}({code})"
    cells = settled.table.cells.get(column)
    typed = None if cells is None else cells[settled.table.position_of(row)]
    return "" if typed is None else quoted(typed)
