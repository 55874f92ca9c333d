"""An office's own export as a form's table: other headers, manager and month from columns (settings `exports`)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fnmatch import fnmatchcase

from pipeline.calendar import Month
from pipeline.intake.days import month_in_name
from pipeline.intake.match import heading_key, manner_of
from pipeline.intake.number_forms import number_reader
from pipeline.intake.raw import Cell, RawBook, RawSheet
from pipeline.intake.reading import shown
from pipeline.intake.table import Table, column_letters
from pipeline.intake.text_forms import plain
from pipeline.intake.values import code_shown
from pipeline.problem import Problem
from pipeline.settings import Export
from schemas.form import Form

JOINED_WITH = "-"
FROM_NAME = "name"


def exports_for(name: str, exports: Sequence[Export]) -> tuple[Export, ...]:
    """The mappings that apply to a file of that name."""
    return tuple(export for export in exports if fnmatchcase(name.casefold(), export.files.casefold()))


def valid_from(export: Export, name: str) -> Month | None:
    """From which month on master data of an export are valid; None where neither setting nor name tells."""
    if export.valid_from != FROM_NAME:
        return Month.parse(export.valid_from) if export.valid_from else None
    return month_in_name(name)


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
            manner = replace(manner_of(book), order=export.dates, months_as_days=True)
            table = _table(sheet, header, export, form)
            return replace(table, typeless=book.format == "csv", manner=manner)
    return Problem(
        "export_header",
        "form left out",
        form=form.key,
        sheet=export.sheet,
        details=(("headers", _headers(export)),),
    )


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
        coded = any(one.name == name and one.kind == "id" for one in form.columns) or name == "manager_id"
        held = _with_codes_shown(sheet, rows, indexes) if coded and sheet.shown else rows
        cells[name] = _translated(_joined(held, indexes), export.values.get(name, {}))
        letters[name] = column_letters(sheet.first_column + indexes[0])
        if name in export.times:
            cells[name] = [_multiplied(cell, export.times[name]) for cell in cells[name]]
    for name, value in export.fixed.items():
        cells[name] = [value] * len(rows)
    numbers = [number for number, _ in rows]
    table = Table(form, sheet.name, numbers, cells, letters)
    return _one_a_key(table) if export.one_a_key else table


def _with_codes_shown(
    sheet: RawSheet, rows: list[tuple[int, list[Cell]]], indexes: Sequence[int]
) -> list[tuple[int, list[Cell]]]:
    """The rows with codes as their number formats show them: 123 as 000123."""
    held = []
    for number, row in rows:
        copy = list(row)
        for index in indexes:
            copy[index] = code_shown(row[index], sheet.shown.get((number, sheet.first_column + index)))
        held.append((number, copy))
    return held


def _wanted_row(row: list[Cell], places: Mapping[str, int], where: Mapping[str, str]) -> bool:
    return all(plain(shown(row[places[heading_key(header)]])) == plain(value) for header, value in where.items())


def _joined(rows: list[tuple[int, list[Cell]]], indexes: list[int]) -> list[Cell]:
    if len(indexes) == 1:
        return [row[indexes[0]] for _, row in rows]
    return [
        JOINED_WITH.join("" if row[index] is None else shown(row[index]) for index in indexes) for _, row in rows
    ]


def _translated(cells: list[Cell], words: Mapping[str, str]) -> list[Cell]:
    if not words:
        return cells
    loose = {plain(text): word for text, word in words.items()}
    return [words.get(shown(cell), loose.get(plain(shown(cell)), cell)) for cell in cells]


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
