"""A table whose months stand side by side as one table a month: each cell keeps its place on the sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.base.calendar import Month
from pipeline.contract.exports import Export
from pipeline.contract.problem import Problem
from pipeline.intake.export_cells import Made, Source
from pipeline.intake.export_guards import written
from pipeline.intake.export_numbers import number_in, with_numbers_made
from pipeline.intake.headed import Headed
from pipeline.intake.not_data import has_content
from pipeline.intake.raw import Cell
from pipeline.intake.reading import shown
from pipeline.intake.settings_fault import settings_fault
from pipeline.intake.table import Table, column_letters
from pipeline.intake.text_forms import is_nothing
from pipeline.intake.unpivot import MonthColumn, month_at, year_of


def month_tables(
    whole: Table, table: Headed, source: Source, months: Sequence[MonthColumn], export: Export, name: str
) -> list[Table] | Problem:
    """One table a month of what stands side by side; a row without anything in a month is none of that month.

    Args:
        whole: the rows with the columns that are the same in every month.
        table, source: where they stand on the sheet, and their cells.
        months: the columns of the months.
        export, name: the mapping, and the file's name.

    Returns:
        The tables from the first month on; why not, where the year is not known or a month stands twice.
    """
    above = [shown(cell) for row in table.above[: table.first] for cell in row if cell is not None]
    year = year_of(export, name, table.sheet.name, above)
    by_month: dict[Month, dict[str, MonthColumn]] = {}
    for one in months:
        month = month_at(one, year)
        if month is None:
            details = (("heading", shown(table.headings.cells[one.place])),)
            return Problem("export_year", "form left out", form=whole.form.key, sheet=whole.sheet, details=details)
        if one.to in by_month.setdefault(month, {}):
            return _twice(whole, table, export, month)
        by_month[month][one.to] = one
    tables = [_of_month(whole, source, month, by_month[month], export) for month in sorted(by_month)]
    zero = [month for month, made in zip(sorted(by_month), tables, strict=True) if made is None]
    kept = [one for one in tables if one is not None] or [_none_of(whole)]
    if zero:
        details = (("months", "、".join(map(str, zero))),)
        note = Problem("months_of_zeros", "note", form=whole.form.key, sheet=whole.sheet, details=details)
        kept[0] = replace(kept[0], problems=(*kept[0].problems, note))
    return [kept[0], *(replace(one, problems=_of_cells(one)) for one in kept[1:])]


def _of_cells(table: Table) -> tuple[Problem, ...]:
    """The problems of rows; what is told of the whole sheet is told once."""
    return tuple(one for one in table.problems if one.cell)


def _twice(whole: Table, table: Headed, export: Export, month: Month) -> Problem:
    said = {"setting": "unpivot", "headings": written(table.headings.written), "month": str(month)}
    return settings_fault(whole.form, export, "month_twice", str(month), **said)


def _of_month(
    whole: Table, source: Source, month: Month, columns: Mapping[str, MonthColumn], export: Export
) -> Table | None:
    """The rows of one month; None where there are only zeros in it, as a sheet of the year has before its time."""
    values = {to: source.at(one.place) for to, one in columns.items()}
    filled = [any(map(_holds, row)) for row in zip(*values.values(), strict=True)]
    if not any(number_in(cell) != 0 for cells in values.values() for cell in cells if _holds(cell)):
        return None
    same = {name: [*cells] for name, cells in whole.cells.items()}
    made = with_numbers_made(Made(same | values), source, export, whole.form)
    day = month.first_day if export.total_day == "first" else month.last_day
    places = [position for position, holds in enumerate(filled) if holds]
    cells: dict[str, list[Cell]] = {
        name: [column[position] for position in places] for name, column in made.cells.items()
    }
    cells[str(whole.form.month_column)] = [day] * len(places)
    first = source.sheet.first_column
    letters = {**whole.letters, **{to: column_letters(first + one.place) for to, one in columns.items()}}
    letters |= {name: _letter(letters, texts) for name, texts in export.multiply.items()}
    empty = {whole.rows[position]: "blank" for position, holds in enumerate(filled) if not holds}
    problems = (*whole.problems, *(replace(one, form=whole.form.key) for one in made.problems))
    rows = [whole.rows[position] for position in places]
    return replace(
        whole, rows=rows, cells=cells, letters=letters, not_data={**whole.not_data, **empty}, problems=problems
    )


def _letter(letters: Mapping[str, str], factors: Sequence[str]) -> str:
    return next((letters[one] for one in reversed(factors) if one in letters), "A")


def _holds(cell: Cell) -> bool:
    return has_content(cell) and not (isinstance(cell, str) and is_nothing(cell))


def _none_of(whole: Table) -> Table:
    """The table without a row, where no month holds anything."""
    empty = dict.fromkeys(whole.rows, "blank")
    return replace(whole, rows=[], cells={name: [] for name in whole.cells}, not_data={**whole.not_data, **empty})
