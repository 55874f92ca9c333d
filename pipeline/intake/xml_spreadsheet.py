"""XML Spreadsheet 2003: what old programs write and call .xls. Cells have types; rows and cells may skip places."""

import datetime as dt
from collections.abc import Iterator

from pipeline.intake.archive import Refused
from pipeline.intake.careful import SparseSheet
from pipeline.intake.number_formats import digit_format
from pipeline.intake.raw import Cell, ErrorCell, UncalculatedFormula, cell_address
from pipeline.intake.scan import LAST_COLUMN, LAST_ROW
from pipeline.intake.workbook_parts import Attributes, parse_xml

MOST_CELLS = 2_000_000
CHUNK = 1 << 20
Sheet = tuple[str, bool, SparseSheet]  # name, whether it shows, cells


def read_xml_spreadsheet(text: str) -> tuple[list[Sheet], bool]:
    """The sheets of a workbook in XML, and whether its days are counted from 1904.

    Raises:
        Refused: not well-formed, entities are declared, or there are too many cells.
    """
    walk = _Walk()
    parse_xml(_chunks(text), walk.start, walk.end, walk.text)
    return walk.sheets, walk.dates_1904


def _chunks(text: str) -> Iterator[bytes]:
    """The text as UTF-8; the declaration, which may name another encoding, stays away."""
    start = text.index("?>") + 2 if text.lstrip().startswith("<?xml") and "?>" in text[:200] else 0
    body = text[start:].lstrip()
    for place in range(0, len(body), CHUNK):
        yield body[place : place + CHUNK].encode("utf-8", "replace")


class _Walk:
    """Where in the workbook we are, and what was found so far."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.dates_1904 = False
        self._inside: list[str] = []
        self._formats: dict[str, str] = {}
        self._style = ""
        self._row = self._column = self._span = 0
        self._cell: Attributes | None = None
        self._data: Attributes | None = None
        self._pieces: list[str] = []
        self._count = 0

    def start(self, name: str, given: Attributes) -> None:
        name, given = _bare(name), {_bare(key): value for key, value in given.items()}
        parent = self._inside[-1] if self._inside else ""
        self._inside.append(name)
        if name == "Worksheet":
            self.sheets.append((given.get("Name", ""), True, SparseSheet()))
            self._row = self._span = 0
        elif name == "Style":
            self._style = given.get("ID", "")
        elif name == "NumberFormat" and parent == "Style":
            self._formats[self._style] = given.get("Format", "")
        elif name == "Date1904":
            self.dates_1904 = True
        elif name == "Row" and self.sheets:
            self._start_row(given)
        elif name == "Cell" and self.sheets:
            self._start_cell(given)
        elif name == "Data" and parent == "Cell":
            self._data, self._pieces = given, []
        elif name == "Visible":
            self._pieces = []

    def end(self, name: str) -> None:
        name = self._inside.pop()
        if name == "Cell" and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = self._data = None
        elif name == "Visible" and self.sheets and "".join(self._pieces).strip() != "SheetVisible":
            title, _, cells = self.sheets[-1]
            self.sheets[-1] = (title, False, cells)

    def text(self, piece: str) -> None:
        if ("Data" in self._inside[-8:] and "Comment" not in self._inside) or self._inside[-1:] == ["Visible"]:
            self._pieces.append(piece)

    def _start_row(self, given: Attributes) -> None:
        self._row = _number(given.get("Index"), self._row + self._span + 1)
        self._span = _number(given.get("Span"), 0)
        self._column = 0
        if given.get("Hidden") == "1":
            self.sheets[-1][2].hidden_rows.add(self._row)

    def _start_cell(self, given: Attributes) -> None:
        self._column = _number(given.get("Index"), self._column + 1)
        if not (0 < self._row <= LAST_ROW and 0 < self._column <= LAST_COLUMN):
            raise Refused("damaged")
        self._cell, self._pieces = given, []

    def _end_cell(self, given: Attributes) -> None:
        across, down = _number(given.get("MergeAcross"), 0), _number(given.get("MergeDown"), 0)
        place = (self._row, self._column)
        sheet = self.sheets[-1][2]
        if across or down:
            last = cell_address(min(self._row + down, LAST_ROW), min(self._column + across, LAST_COLUMN))
            sheet.merged.append(f"{cell_address(*place)}:{last}")
        cell = _value(self._data, "".join(self._pieces), given.get("Formula", ""))
        if cell is not None:
            self._count += 1
            if self._count > MOST_CELLS:
                raise Refused("too_many_cells", found=f"{self._count:,}", limit=f"{MOST_CELLS:,}")
            sheet.cells[place] = cell
            code = digit_format(self._formats.get(given.get("StyleID", ""), ""))
            if code is not None and isinstance(cell, float) and (shown := code.shown(cell)):
                sheet.shown[place] = shown
        self._column += across


def _bare(name: str) -> str:
    return name.rpartition(" ")[2]


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def _value(data: Attributes | None, text: str, formula: str) -> Cell:
    """What a cell holds, by the type it says; a formula without a value is one."""
    if data is None:
        return UncalculatedFormula(formula) if formula else None
    kind = {_bare(key): value for key, value in data.items()}.get("Type", "String")
    if not text.strip():
        return None
    if kind == "Number":
        return _float(text)
    if kind == "DateTime":
        return _moment(text)
    if kind == "Boolean":
        return text.strip() == "1"
    return ErrorCell(text.strip()) if kind == "Error" else text


def _float(text: str) -> Cell:
    try:
        return float(text)
    except ValueError:
        return text


def _moment(text: str) -> Cell:
    """A day, a moment or (on Excel's day 0) a time of day."""
    try:
        moment = dt.datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return text
    if moment.date() == dt.date(1899, 12, 31):
        return moment.time()
    return moment.date() if moment.time() == dt.time() else moment
