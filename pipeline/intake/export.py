"""An office's own export as a form's table: other headers, manager and month from columns (settings `exports`)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fnmatch import fnmatchcase

from pipeline.calendar import Month
from pipeline.intake.match import heading_key
from pipeline.intake.raw import Cell, RawBook, RawSheet
from pipeline.intake.table import Table, column_letters
from pipeline.intake.values import number_reader, shown
from pipeline.problem import Problem
from pipeline.settings import Export
from schemas.form import Form

JOINED_WITH = "-"
FROM_NAME = "name"
_MONTH_IN_NAME = re.compile(r"(20\d{2})[-_.年]?(0[1-9]|1[0-2])(?!\d)")


def exports_for(name: str, exports: Sequence[Export]) -> tuple[Export, ...]:
    """The mappings that apply to a file of that name."""
    return tuple(export for export in exports if fnmatchcase(name.casefold(), export.files.casefold()))


def valid_from(export: Export, name: str) -> Month | None:
    """From which month on master data of an export are valid; None where neither setting nor name tells."""
    if export.valid_from != FROM_NAME:
        return Month.parse(export.valid_from) if export.valid_from else None
    found = _MONTH_IN_NAME.search(name)
    return Month(int(found[1]), int(found[2])) if found else None


def match_export(book: RawBook, export: Export, form: Form) -> Table | Problem:
    """The rows of an export as a table of `form`, or the header that it lacks.

    The header is the first row of the sheet that holds all headers named in the mapping.
    """
    wanted = {heading_key(text) for texts in export.columns.values() for text in _several(texts)}
    wanted |= {heading_key(text) for text in export.where}
    sheets = [sheet for sheet in book.sheets if not export.sheet or sheet.name == export.sheet]
    for sheet in sheets:
        header = _header_row(sheet, wanted)
        if header is not None:
            return replace(_table(sheet, header, export, form), typeless=book.format == "csv")
    for sheet in sheets:
        header = _header_row(sheet, wanted - {heading_key(text) for text in export.where})
        if header is not None:
            lacking = next(
                one for one in export.where if heading_key(one) not in map(heading_key, sheet.rows[header])
            )
            return settings_fault(form, export, "where", lacking)
    return Problem(
        "export_header",
        "form left out",
        form=form.key,
        sheet=export.sheet,
        details=(("headers", _headers(export)),),
    )


def settings_fault(form: Form, export: Export, key: str, heading: str) -> Problem:
    """What shows that the settings, and not the file, are wrong: the run stops, and the file stays where it is."""
    details = (("heading", heading), ("files", export.files))
    return Problem(f"settings_{key}", "form left out", form=form.key, sheet=export.sheet, details=details)


def _several(texts: str | tuple[str, ...]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else texts


def _headers(export: Export) -> str:
    return "、".join(text for texts in export.columns.values() for text in _several(texts))


def _header_row(sheet: RawSheet, wanted: set[str]) -> int | None:
    for index, row in enumerate(sheet.rows[:40]):
        if wanted <= {heading_key(cell) for cell in row}:
            return index
    return None


def _table(sheet: RawSheet, header: int, export: Export, form: Form) -> Table:
    places: dict[str, int] = {}
    for index, cell in enumerate(sheet.rows[header]):
        places.setdefault(heading_key(cell), index)
    first = sheet.first_row + header + 1
    rows = [
        (number, row)
        for number, row in enumerate(sheet.rows[header + 1 :], first)
        if _wanted_row(row, places, export.where) and any(cell is not None for cell in row)
    ]
    cells: dict[str, list[Cell]] = {}
    letters: dict[str, str] = {}
    for name, texts in export.columns.items():
        indexes = [places[heading_key(text)] for text in _several(texts)]
        cells[name] = _translated(_joined(rows, indexes), export.values.get(name, {}))
        letters[name] = column_letters(sheet.first_column + indexes[0])
        if name in export.times:
            cells[name] = [_multiplied(cell, export.times[name]) for cell in cells[name]]
    for name, value in export.fixed.items():
        cells[name] = [value] * len(rows)
    numbers = [number for number, _ in rows]
    table = Table(form, sheet.name, numbers, cells, letters)
    return _one_a_key(table) if export.one_a_key else table


def _wanted_row(row: list[Cell], places: Mapping[str, int], where: Mapping[str, str]) -> bool:
    return all(shown(row[places[heading_key(header)]]) == value for header, value in where.items())


def _joined(rows: list[tuple[int, list[Cell]]], indexes: list[int]) -> list[Cell]:
    if len(indexes) == 1:
        return [row[indexes[0]] for _, row in rows]
    return [
        JOINED_WITH.join("" if row[index] is None else shown(row[index]) for index in indexes) for _, row in rows
    ]


def _translated(cells: list[Cell], words: Mapping[str, str]) -> list[Cell]:
    return [words.get(shown(cell), cell) for cell in cells] if words else cells


def _multiplied(cell: Cell, times: float) -> Cell:
    """The number times a factor, worked out in decimals; what is no number stays for the checks to find."""
    reading = number_reader("", whole=False)(cell)
    if cell is None or not isinstance(reading.value, float):
        return cell
    return float(Decimal(str(reading.value)) * Decimal(str(times)))


def _one_a_key(table: Table) -> Table:
    """The first row of each key: master data drawn from transactions."""
    keys = zip(*(table.cells[name] for name in table.form.same if name in table.cells), strict=True)
    firsts: dict[tuple[Cell, ...], int] = {}
    for position, key in enumerate(keys):
        firsts.setdefault(key, position)
    kept = list(firsts.values())
    cells = {name: [column[position] for position in kept] for name, column in table.cells.items()}
    return replace(table, rows=[table.rows[position] for position in kept], cells=cells)
