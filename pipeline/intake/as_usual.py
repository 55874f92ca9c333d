"""Rows that were filled in beforehand: which of them nobody touched, and what a tick stands for.

A tick in the column 如常 says that the row took place and that all its empty cells are as usual, which is what the form
says of each (`schemas.columns.Usual`); the tick may be the time from and to (0910-0935), and the day where that was
another one than planned, or none is (12日 0910-0935). "Unchanged" in an entry beside which the last value stands says
that value again. Of a case or an action, of which nothing is usual, a tick says that it still stands as it stood.
Nothing else is ever taken for granted: a last value that only stands there is no value, and a row without a tick is
read as it is. What a sign means two ways is a problem, never a guess.
"""

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.base.calendar import Month
from pipeline.contract import form_layout as layout
from pipeline.contract.prefilled import mark_of
from pipeline.contract.problem import Problem, quoted
from pipeline.intake.days import read_day
from pipeline.intake.heading_keys import heading_key
from pipeline.intake.raw import Cell, RawSheet
from pipeline.intake.table import Table, column_letters
from pipeline.intake.text_forms import plain
from pipeline.intake.ticks import NO_TICK, NOT_DONE, UNCHANGED, UNCLEAR, Tick, is_empty, read_tick, sign_of
from schemas.columns import Column, Usual
from schemas.form import Form

YES, NO = "是", "否"


@dataclass(frozen=True)
class Helps:
    """Where the columns stand that help to fill in the rows of a sheet, by their index in a row; `last` by the column
    beside which one stands."""

    tick: int | None = None
    mark: int | None = None
    last: Mapping[str, int] = field(default_factory=dict)


def helps_of(headings: Sequence[Cell], form: Form) -> Helps:
    """The helping columns that a sheet has."""
    places = {heading_key(cell): place for place, cell in reversed(list(enumerate(headings))) if cell is not None}

    def place_of(texts: frozenset[str]) -> int | None:
        return next((places[key] for text in sorted(texts) if (key := heading_key(text)) in places), None)

    usual = place_of(layout.USUAL_HEADING.both) if form.is_ticked else None
    beside = {
        one.name: place_of(frozenset(layout.last_heading(one, language) for language in ("zh", "en")))
        for one in form.columns
        if one.last
    }
    last = {name: place for name, place in beside.items() if place is not None}
    return Helps(usual, place_of(layout.MARK_HEADING.both), last)


def untouched_rows(
    sheet: RawSheet, among: Sequence[int], form: Form, columns: Mapping[str, int], helps: Helps
) -> set[int]:
    """Of these rows (by index) those that say what they said when they were handed out, and are not ticked."""
    if helps.mark is None:
        return set()
    marks = {plain(cell) for row in sheet.rows if isinstance(cell := row[helps.mark], str)}
    return {
        index
        for index in among
        if not _is_used(sheet.rows[index], helps)
        and mark_of(form, _cells(sheet, index, columns), _cells(sheet, index, helps.last)) in marks
    }


def _is_used(row: Sequence[Cell], helps: Helps) -> bool:
    """Whether something stands in the tick's cell that does not say that nothing took place."""
    return helps.tick is not None and not is_empty(row[helps.tick]) and sign_of(row[helps.tick]) not in NOT_DONE


def _cells(sheet: RawSheet, index: int, columns: Mapping[str, int]) -> dict[str, object]:
    row = sheet.rows[index]
    return {name: None if is_empty(row[place]) else row[place] for name, place in columns.items()}


def with_ticks_read(table: Table, sheet: RawSheet, helps: Helps, month: Month | None) -> Table:
    """The table with what its ticks stand for in its empty cells, and the problems of signs that nobody understands;
    `as_usual` names the columns of each row that nobody typed."""
    if helps.tick is None and not helps.last:
        return table
    cells = {name: list(held) for name, held in table.cells.items()}
    problems: list[Problem] = []
    as_usual: dict[int, tuple[str, ...]] = {}
    for position, number in enumerate(table.rows):
        row = sheet.rows[number - sheet.first_row]
        entry = _Row(table.form, {name: held[position] for name, held in cells.items()}, row, helps, month)
        given, faults = entry.read()
        for name, cell in given.items():
            cells.setdefault(name, [None] * len(table.rows))[position] = cell
        if given and not faults:
            as_usual[number] = tuple(given)
        problems += [_placed(fault, table, sheet, helps, number) for fault in faults]
    return replace(table, cells=cells, problems=(*table.problems, *problems), as_usual=as_usual)


def _placed(fault: Problem, table: Table, sheet: RawSheet, helps: Helps, number: int) -> Problem:
    place = sheet.first_column + (helps.tick or 0)
    letters = table.letters[fault.column] if fault.column else column_letters(place)
    return replace(fault, form=table.form.key, sheet=table.sheet, cell=f"{letters}{number}")


@dataclass(frozen=True)
class _Row:
    """One row: its cells by column, as they stand in the form's columns, and the whole row of the sheet; `month` is the
    form's."""

    form: Form
    cells: Mapping[str, Cell]
    row: Sequence[Cell]
    helps: Helps
    month: Month | None

    def read(self) -> tuple[dict[str, Cell], list[Problem]]:
        """What was not typed as such, by column, and what nobody understands. A row with such a fault is left out: its
        other cells are then filled all the same, so that only the fault is told of it."""
        given = dict(self._unchanged())
        faults = [self._unchanged_from_nothing(name) for name, cell in given.items() if is_empty(cell)]
        tick = self._tick()
        cells = {**self.cells, **given}
        if rule := self._rule_broken(tick, cells):
            faults.append(self._fault_of_tick(rule, cells))
            tick = replace(NO_TICK, ticked=True)
        if tick.ticked:
            given |= dict(self._usual(tick, cells))
        if tick.day is not None:
            given[self.form.month_column or ""] = self._day(tick.day, cells)
        return given, faults

    def _day(self, told: tuple[int | None, int], cells: Mapping[str, Cell]) -> Cell:
        """That day of the month in which the row is planned, or of the form's; None where there is none."""
        cell = cells.get(self.form.month_column or "")
        in_month = self.month.first_day if self.month else None
        planned = in_month if is_empty(cell) else read_day(cell).value
        if not isinstance(planned, dt.date):
            return None
        month, number = told
        days = calendar.monthrange(planned.year, planned.month)[1]
        if month not in (None, planned.month) or not 1 <= number <= days:
            return None
        return dt.date(planned.year, planned.month, number)

    def _rule_broken(self, tick: Tick, cells: Mapping[str, Cell]) -> str:
        if tick.rule:
            return tick.rule
        if tick.span and self._times_typed():
            return "tick_times_twice"
        if tick.day is not None and self._day(tick.day, cells) is None:
            return "tick_day"
        lacks = self.helps.tick is not None and not tick.ticked and self._lacking(cells)
        return "tick_missing" if lacks else ""

    def _lacking(self, cells: Mapping[str, Cell]) -> list[Column]:
        """What the row must have, is empty, and would go without saying if it were ticked."""
        usual = [one for one in self.form.columns if one.usual is not None and one.required]
        return [one for one in usual if is_empty(cells.get(one.name))]

    def _fault_of_tick(self, rule: str, cells: Mapping[str, Cell]) -> Problem:
        cell = None if self.helps.tick is None else self.row[self.helps.tick]
        details: tuple[tuple[str, str], ...] = ()
        if rule == "tick_missing":
            lacking = self._lacking(cells)
            details = (
                ("zh", "、".join(one.zh for one in lacking)),
                ("en", ", ".join(one.en.lower() for one in lacking)),
            )
        return Problem(rule, "row left out", found="" if is_empty(cell) else quoted(cell), details=details)

    def _unchanged_from_nothing(self, name: str) -> Problem:
        return Problem("unchanged_from_nothing", "row left out", column=name, found=quoted(self.cells[name]))

    def _tick(self) -> Tick:
        if self.helps.tick is None:
            return NO_TICK
        tick = read_tick(self.row[self.helps.tick])
        dated = self.form.month_column is not None and any(one.usual is not None for one in self.form.columns)
        told_in_vain = (tick.span and not self._timed()) or (tick.day and not dated)
        return UNCLEAR if told_in_vain else tick

    def _timed(self) -> list[str]:
        return [one.name for one in self.form.columns if one.usual is not None and one.usual.time]

    def _times_typed(self) -> bool:
        return any(not is_empty(self.cells.get(name)) for name in self._timed())

    def _unchanged(self) -> Iterator[tuple[str, Cell]]:
        """The cells that say that what stands beside them is so again, and what that is; None where nothing stands."""
        for name, place in self.helps.last.items():
            cell = self.cells.get(name)
            if isinstance(cell, str) and sign_of(cell) in UNCHANGED:
                yield name, None if is_empty(self.row[place]) else self.row[place]

    def _usual(self, tick: Tick, cells: Mapping[str, Cell]) -> Iterator[tuple[str, Cell]]:
        for column in self.form.columns:
            if column.usual is not None and is_empty(cells.get(column.name)):
                cell = self._usual_cell(column, column.usual, tick, cells)
                if not is_empty(cell):
                    yield column.name, cell

    def _usual_cell(self, column: Column, usual: Usual, tick: Tick, cells: Mapping[str, Cell]) -> Cell:
        if usual.unless and not is_empty(cells.get(usual.unless)):
            return None
        if usual.time:
            return None if tick.span is None else tick.span[usual.time == "end"]
        if usual.unchanged:
            place = self.helps.last.get(column.name)
            return None if place is None else self.row[place]
        if usual.filled:
            return NO if is_empty(cells.get(usual.filled)) else YES
        return _stored(column, usual.value)


def _stored(column: Column, value: str) -> Cell:
    """A stored value as it stands in a cell."""
    if column.kind == "flag":
        return YES if value == "true" else NO
    return float(value) if column.kind in ("whole", "number", "money") else value
