"""Which rows below the headings of an export are data, and what stands in those of which a part is written once.

Merged cells and groups are filled down; lines of units, numbers and explanations below the headings, totals and rows
that are not asked for are no data.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.contract.exports import Export
from pipeline.contract.problem import Problem
from pipeline.intake.conditions import conditions_of, told_unasked, unasked_rows
from pipeline.intake.headed import Headed
from pipeline.intake.header_lines import merged_areas
from pipeline.intake.heading_units import is_unit
from pipeline.intake.not_data import Sheet as DataSheet
from pipeline.intake.not_data import has_content, has_words, plain, rows_not_data, word_kind
from pipeline.intake.raw import Cell
from schemas.columns import NUMBERS
from schemas.form import Form

_NOT_A_VALUE = re.compile(
    r"必填|选填|可空|文本|数字|数值|日期|整数|小数|字符|金额|编码|单位|[①-⑳]|\d+=.*"
    r"|text|number|date|string|int|float|decimal|required|optional"
)


@dataclass(frozen=True)
class DataRows:
    """The rows of a table that are data (`held`, by index), filled; what each of the others is (`aside`), and what is
    told of those."""

    rows: Mapping[int, Sequence[Cell]]
    held: Sequence[int]
    aside: Mapping[int, str]
    told: tuple[Problem, ...] = ()


def data_rows(table: Headed, export: Export, form: Form, places: Mapping[str, Sequence[int]]) -> DataRows:
    """The data of a table; `places` gives where the cells of each of the form's columns stand."""
    sheet = table.sheet
    below = list(range(table.last + 1, table.end))
    aside = _lines_below(table, export, form, places)
    filled = _filled(table, export, form, places, aside)
    inside = {place for several in places.values() for place in several}
    looked_at: list[int] = []
    for index in below:
        row = sheet.rows[index]
        if index in aside:
            continue
        if not any(map(has_content, row)):
            aside[index] = "blank"
        elif _is_group_only(row, export, places, inside):
            aside[index] = "heading"
        else:
            looked_at.append(index)
            if not any(has_content(row[place]) for place in inside):
                aside[index] = "remark"
    rows = _with(sheet.rows, filled)
    firsts = {name: several[0] for name, several in places.items() if several}
    aside |= rows_not_data(DataSheet(form, rows, firsts, table.headings.cells, looked_at))
    unasked, told = _unasked(table, export, form, [one for one in looked_at if one not in aside], rows)
    aside |= dict.fromkeys(unasked, "unasked")
    held = [index for index in below if index not in aside]
    return DataRows({index: rows[index] for index in held}, held, aside, tuple(told))


def _unasked(
    table: Headed, export: Export, form: Form, indexes: Sequence[int], rows: Sequence[Sequence[Cell]]
) -> tuple[Mapping[int, str], Iterator[Problem]]:
    wanted = conditions_of(export)
    at = table.headings.places(wanted)
    unasked = unasked_rows(rows, indexes, at, wanted)
    return unasked, told_unasked(unasked, rows, at, form.key, table.sheet.name)


def _with(rows: Sequence[Sequence[Cell]], filled: Mapping[int, Sequence[Cell]]) -> Sequence[Sequence[Cell]]:
    return [filled.get(index, row) for index, row in enumerate(rows)] if filled else rows


def _lines_below(table: Headed, export: Export, form: Form, places: Mapping[str, Sequence[int]]) -> dict[int, str]:
    """The lines right below the headings that are none of data: as many as the settings say, else those of units,
    numbers of columns, types and explanations."""
    below = range(table.last + 1, table.end)
    if export.skip_rows:
        return dict.fromkeys(below[: export.skip_rows], "heading")
    kinds = {one.name: one.kind for one in form.columns}
    measured = [several[0] for name, several in places.items() if several and kinds.get(name) in (*NUMBERS, "day")]
    inside = [place for several in places.values() for place in several]
    found: dict[int, str] = {}
    for index in below:
        row = table.sheet.rows[index]
        if any(map(has_content, row)) and not explains(row, inside, measured):
            break
        found[index] = "heading" if any(map(has_content, row)) else "blank"
    return found


def explains(row: Sequence[Cell], inside: Sequence[int], measured: Sequence[int]) -> bool:
    """Whether a line tells what the columns below it hold: in units, by numbers of columns, by types, or in words where
    numbers and days belong."""
    held = [row[place] for place in inside if has_content(row[place])]
    if len(held) < 2:
        return False
    if all(
        isinstance(cell, str) and (is_unit(plain(cell).strip("()")) or _NOT_A_VALUE.fullmatch(plain(cell)))
        for cell in held
    ):
        return True
    if _counts(row):
        return True
    words = [row[place] for place in measured if has_content(row[place])]
    return (
        len(words) > 1
        and all(has_words(cell) and not re.search(r"\d", str(cell)) for cell in words)
        and not any(word_kind(str(cell)) for cell in row if isinstance(cell, str))
    )


def _counts(row: Sequence[Cell]) -> bool:
    """Whether a line numbers the columns: 1, 2, 3 … or A, B, C …, without a gap."""
    held = [plain(cell) if isinstance(cell, str) else f"{cell:g}" if isinstance(cell, float) else "" for cell in row
            if has_content(cell)]  # fmt: skip
    numbers = [str(number + 1) for number in range(len(held))]
    return len(held) > 2 and held in (numbers, list("abcdefghijklmnopqrstuvwxyz"[: len(held)]))


def _is_group_only(
    row: Sequence[Cell], export: Export, places: Mapping[str, Sequence[int]], inside: set[int]
) -> bool:
    """Whether a row holds nothing but the name of a group."""
    groups = {place for name in export.fill_down for place in places.get(name, ())}
    return bool(groups) and not any(has_content(row[place]) for place in inside - groups)


def _filled(
    table: Headed, export: Export, form: Form, places: Mapping[str, Sequence[int]], aside: Mapping[int, str]
) -> dict[int, list[Cell]]:
    """The rows, by index, in which a cell is filled from above: of merged cells, and of groups (`fill_down`). Numbers
    never are: they would be counted again."""
    kinds = {one.name: one.kind for one in form.columns}
    labels = {place for name, several in places.items() if kinds.get(name) not in NUMBERS for place in several}
    filled: dict[int, list[Cell]] = {}
    for index, place, source in _merged_cells(table, labels):
        _put(table, filled, index, place, source)
    for place in {place for name in export.fill_down for place in places.get(name, ())}:
        last: Cell = None
        for index in range(table.last + 1, table.end):
            row = filled.get(index, table.sheet.rows[index])
            if index in aside or not any(map(has_content, row)) or _is_total(row):
                continue
            if has_content(row[place]):
                last = row[place]
            else:
                _put(table, filled, index, place, last)
    return filled


def _put(table: Headed, filled: dict[int, list[Cell]], index: int, place: int, cell: Cell) -> None:
    if cell is not None:
        filled.setdefault(index, list(table.sheet.rows[index]))[place] = cell


def _is_total(row: Sequence[Cell]) -> bool:
    return any(isinstance(cell, str) and word_kind(cell) in ("total", "subtotal", "group") for cell in row)


def _merged_cells(table: Headed, labels: set[int]) -> Iterator[tuple[int, int, Cell]]:
    """The cells of columns of labels that are merged with one above: row, column, and what stands in that one."""
    sheet = table.sheet
    for top, left, bottom, right in merged_areas(sheet):
        place, first = left - sheet.first_column, top - sheet.first_row
        if left != right or place not in labels or first <= table.last or first >= table.end:
            continue
        for index in range(first + 1, min(bottom - sheet.first_row + 1, table.end)):
            if not has_content(sheet.rows[index][place]) and any(map(has_content, sheet.rows[index])):
                yield index, place, sheet.rows[first][place]
