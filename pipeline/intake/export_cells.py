"""The cells of a form's columns as a mapping makes them of an export's: joined, translated, converted, multiplied."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.contract.exports import FILE, SHEET, TABLE, Export
from pipeline.contract.problem import Problem
from pipeline.intake.codes import code_and_name
from pipeline.intake.raw import Cell, RawSheet
from pipeline.intake.reading import shown
from pipeline.intake.text_forms import plain
from pipeline.intake.unpivot import year_of
from pipeline.intake.values import code_shown
from schemas.columns import Column
from schemas.form import Form

JOINED_WITH = "-"
NAMES = (SHEET, FILE, TABLE)
_BARE_MONTH = re.compile(r"(?:0?[1-9]|1[0-2])(?:月份?)?")
_AROUND_CODE = re.compile(r"[\[(【〔<]\s*([0-9A-Za-z_-]+)\s*[\])】〕>]")


@dataclass(frozen=True)
class Source:
    """Rows of a sheet and what their names are: of the sheet, the file, the title above them."""

    sheet: RawSheet
    held: Sequence[int]
    rows: Mapping[int, Sequence[Cell]]
    names: Mapping[str, str]
    places: Mapping[str, int]

    def column(self, heading: str) -> list[Cell]:
        """The cells below a heading; what a name such as {sheet} stands for, in every row."""
        if heading in self.names:
            return [self.names[heading]] * len(self.held)
        return self.at(self.places[heading])

    def at(self, place: int) -> list[Cell]:
        """The cells of a column of the sheet."""
        return [self.rows[index][place] for index in self.held]

    def codes(self, heading: str) -> list[Cell]:
        """The cells below a heading as their number formats show them: 123 as 000123."""
        cells = self.column(heading)
        if heading in self.names or not self.sheet.shown:
            return cells
        column, first = self.sheet.first_column + self.places[heading], self.sheet.first_row
        pairs = zip(self.held, cells, strict=True)
        return [code_shown(cell, self.sheet.shown.get((first + index, column))) for index, cell in pairs]


@dataclass
class Made:
    """The cells made of one column after another, and what could not be made of some."""

    cells: dict[str, list[Cell]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def mapped_cells(source: Source, export: Export, form: Form) -> Made:
    """The cells of all columns that headings or fixed values give; not those of months side by side."""
    made = Made()
    columns = {one.name: one for one in form.columns}
    for name in export.columns:
        made.cells[name] = _column(source, export, name, columns.get(name))
    if export.manager_from:
        made.cells["manager_id"] = [None] * len(source.held)
    for name, value in export.fixed.items():
        made.cells[name] = [value] * len(source.held)
    return made


def _column(source: Source, export: Export, name: str, column: Column | None) -> list[Cell]:
    headings = export.headers_of(name)
    coded = name == "manager_id" or (column is not None and column.kind == "id")
    parts = [source.codes(one) if coded else source.column(one) for one in headings]
    if column is not None and column.kind in ("day", "month"):
        cells = _days(parts, year_of(export, source.names[FILE], source.names[SHEET], ()) if export.year else None)
    elif len(parts) == 1:
        cells = parts[0]
    else:
        cells = [JOINED_WITH.join(map(text_in, row)) for row in zip(*parts, strict=True)]
    if name in export.part:
        cells = [part_of(cell, export.part[name]) for cell in cells]
    return translated(cells, export.values.get(name, {}))


def _days(parts: Sequence[list[Cell]], year: int | None) -> list[Cell]:
    """Days and months of one column, or of several for year, month and day; a bare month is one of the year said."""
    if len(parts) == 1:
        if year is None:
            return parts[0]
        return [
            f"{year}-{_number_of(cell)}" if _BARE_MONTH.fullmatch(plain(text_in(cell))) else cell
            for cell in parts[0]
        ]
    return [_day_of(row) for row in zip(*parts, strict=True)]


def _day_of(parts: Sequence[Cell]) -> Cell:
    """Year, month and day as one text; nothing where nothing stands in any of them."""
    texts = [_number_of(cell) for cell in parts]
    return JOINED_WITH.join(texts) if any(texts) else None


def _number_of(cell: Cell) -> str:
    """A part of a day without the sign behind it: 6 of 6月."""
    return plain(text_in(cell)).removesuffix("份").rstrip("年月日号").strip()


def text_in(cell: Cell) -> str:
    """What a cell shows; empty for none."""
    return "" if cell is None else shown(cell)


def part_of(cell: Cell, which: str) -> Cell:
    """The code, or the name, of a cell that holds both; the cell where it does not."""
    if not isinstance(cell, str):
        return cell
    text = plain(cell)
    found = next(code_and_name(text), None)
    if found is None and " " in text:
        code, _, name = text.partition(" ")
        found = (code, name.strip())
    if found is None:
        return cell
    return found[0] if which == "code" else found[1]


def translated(cells: list[Cell], words: Mapping[str, str]) -> list[Cell]:
    """The cells with the words of a table in their place, blanks and width left aside."""
    if not words:
        return cells
    loose = {plain(text): word for text, word in words.items()}
    return [words.get(text_in(cell), loose.get(plain(text_in(cell)), cell)) for cell in cells]
