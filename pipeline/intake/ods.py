"""OpenDocument spreadsheets (.ods, as LibreOffice and WPS save them), element by element.

Readers lose error cells, hidden rows, zeros that only a format shows and lengths of time without a word, and one
cell repeated a million times makes them ask for more memory than there is. Layout: OASIS OpenDocument 1.3, part 3.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from xml.parsers import expat

from pipeline.intake.archive import Archive, Refused
from pipeline.intake.careful import MOST_CELLS, SparseSheet, iso_moment
from pipeline.intake.number_formats import LARGEST_WHOLE
from pipeline.intake.raw import Cell, ErrorCell, UncalculatedFormula, cell_address
from pipeline.intake.scan import LAST_COLUMN, LAST_ROW
from pipeline.intake.workbook_parts import Attributes, checked_chunks

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
_SPACES = {
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0": "number",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}
_CELLS = ("table:table-cell", "table:covered-table-cell")
_ERROR = re.compile(r"#[A-Z0-9/]+[!?]?|Err:\d{3}", re.ASCII)
_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_BLANKS = re.compile(r"[ \t\r\n]+")  # as many as there are count for one, unless said by text:s
_NO_CODE = re.compile(r"[.,%:/]|\d[Ee][+-]?\d")
_PASSED_OVER = ("office:annotation", "table:tracked-changes", "table:shapes", "office:forms", "table:dde-links")


@dataclass
class OdsSheet:
    """One table: its cells, whether it shows, and its name."""

    name: str
    visible: bool
    cells: SparseSheet = field(default_factory=SparseSheet)


@dataclass
class OdsBook:
    """What the content of an .ods says."""

    sheets: list[OdsSheet] = field(default_factory=list)
    dates_1904: bool = False


def read_ods(archive: Archive) -> OdsBook:
    """All tables of a spreadsheet.

    Raises:
        Refused: protected by a password, damaged, a cell outside the grid, or too many cells.
    """
    if b"encryption-data" in archive.part(MANIFEST):
        raise Refused("password_protected")
    if not archive.has(CONTENT):
        raise Refused("damaged")
    walk = _Walk()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, given: walk.start(
        _short(name), {_short(k): v for k, v in given.items()}
    )
    parser.EndElementHandler = lambda name: walk.end(_short(name))
    parser.CharacterDataHandler = walk.text
    try:
        for chunk in checked_chunks(archive, CONTENT):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError):
        raise Refused("damaged") from None
    return walk.book


def _short(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"{_SPACES.get(space, space)}:{local}"


@dataclass
class _Cell:
    """A cell on its way: what it states of itself, and its paragraphs."""

    given: Attributes
    paragraphs: list[list[str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join("".join(pieces) for pieces in self.paragraphs)


class _Walk:
    """Where in the content we are, and what was found so far."""

    def __init__(self) -> None:
        self.book = OdsBook()
        self._row, self._rows, self._column = 0, 0, 0
        self._cell: _Cell | None = None
        self._passed_over = 0
        self._depth = 0  # of tables in a cell of a table
        self._hidden_tables: set[str] = set()
        self._running_styles: set[str] = set()  # data styles of lengths of time: [h]:mm
        self._data_styles: dict[str, str] = {}
        self._style = ""
        self._in_paragraph = False

    def start(self, name: str, given: Attributes) -> None:
        if self._passed_over or name in _PASSED_OVER:
            self._passed_over += 1
        elif name == "table:table":
            self._start_table(given)
        elif name.startswith(("style:", "number:")):
            self._start_style(name, given)
        elif name == "table:null-date":
            self.book.dates_1904 = given.get("table:date-value", "").startswith("1904")
        elif self._cell is not None:
            self._start_text(name, given)
        elif name == "table:table-row" and self.book.sheets:
            self._start_row(given)
        elif name in _CELLS and self.book.sheets:
            self._cell = _Cell(given)

    def end(self, name: str) -> None:
        if self._passed_over:
            self._passed_over -= 1
        elif name == "table:table":
            self._depth -= 1
        elif name == "text:p":
            self._in_paragraph = False
        elif name in _CELLS and self._cell is not None and self._depth == 1:
            self._end_cell(self._cell)
            self._cell = None

    def text(self, piece: str) -> None:
        if self._cell is not None and self._in_paragraph and not self._passed_over:
            self._cell.paragraphs[-1].append(_BLANKS.sub(" ", piece))

    def _start_table(self, given: Attributes) -> None:
        self._depth += 1
        if self._depth == 1:
            visible = given.get("table:style-name", "") not in self._hidden_tables
            self.book.sheets.append(OdsSheet(given.get("table:name", ""), visible))
            self._row, self._rows = 0, 0

    def _start_style(self, name: str, given: Attributes) -> None:
        if name == "style:style":
            self._style = given.get("style:name", "")
            self._data_styles[self._style] = given.get("style:data-style-name", "")
        elif name == "style:table-properties" and given.get("table:display") == "false":
            self._hidden_tables.add(self._style)
        elif name == "number:time-style" and given.get("number:truncate-on-overflow") == "false":
            self._running_styles.add(given.get("style:name", ""))

    def _start_text(self, name: str, given: Attributes) -> None:
        assert self._cell is not None
        if name == "text:p":
            self._cell.paragraphs.append([])
            self._in_paragraph = True
        elif self._in_paragraph:
            signs = {
                "text:tab": "\t",
                "text:line-break": "\n",
                "text:s": " " * _count(given.get("text:c", "1"), 32_767),
            }
            self._cell.paragraphs[-1].append(signs.get(name, ""))

    def _start_row(self, given: Attributes) -> None:
        if self._depth != 1:
            return
        self._row += self._rows or 1
        self._rows = _count(given.get("table:number-rows-repeated", "1"), LAST_ROW)
        self._column = 0
        sheet = self.book.sheets[-1].cells
        shows = given.get("table:visibility", "visible")
        if shows in ("collapse", "filter") and self._rows < LAST_ROW // 2:
            sheet.hidden_rows.update(range(self._row, self._row + self._rows))
        sheet.filtered |= shows == "filter"

    def _end_cell(self, cell: _Cell) -> None:
        repeated = _count(cell.given.get("table:number-columns-repeated", "1"), LAST_COLUMN)
        first, self._column = self._column + 1, self._column + repeated
        value = self._value(cell)
        self._note_merged(cell.given, first)
        if value is None or value == "":
            return
        sheet = self.book.sheets[-1].cells
        if self._row + self._rows - 1 > LAST_ROW or self._column > LAST_COLUMN:
            raise Refused("made_to_harm", what=f"{self._row} × {self._column}")
        if len(sheet.cells) + repeated * self._rows > MOST_CELLS:
            raise Refused("too_many_cells", found=f"> {MOST_CELLS:,}", limit=f"{MOST_CELLS:,}")
        shown = _shown(value, cell.text)
        for row in range(self._row, self._row + self._rows):
            for column in range(first, self._column + 1):
                sheet.cells[row, column] = value
                if shown is not None:
                    sheet.shown[row, column] = shown

    def _note_merged(self, given: Attributes, column: int) -> None:
        rows = _count(given.get("table:number-rows-spanned", "1"), LAST_ROW)
        columns = _count(given.get("table:number-columns-spanned", "1"), LAST_COLUMN)
        if rows > 1 or columns > 1:
            last = cell_address(self._row + rows - 1, column + columns - 1)
            self.book.sheets[-1].cells.merged.append(f"{cell_address(self._row, column)}:{last}")

    def _value(self, cell: _Cell) -> Cell:
        given, text = cell.given, cell.text
        kind = given.get("office:value-type", "")
        formula = given.get("table:formula", "")
        if formula and not kind and not text:
            return UncalculatedFormula(formula.removeprefix("of:"))
        if given.get("calcext:value-type") == "error" or (formula and _ERROR.fullmatch(text)):
            return ErrorCell(text)
        if kind in ("float", "percentage", "currency"):
            return _number(given.get("office:value", ""))
        if kind == "boolean":
            return given.get("office:boolean-value") == "true"
        if kind == "date":
            return iso_moment(given.get("office:date-value", ""))
        if kind == "time":
            style = self._data_styles.get(given.get("table:style-name", ""), "")
            return _time(given.get("office:time-value", ""), style in self._running_styles)
        return given.get("office:string-value") or text


def _count(written: str, most: int) -> int:
    """How often something is repeated; never more than `most` and one."""
    return (
        min(int(written), most + 1) if written.isascii() and written.isdigit() and len(written) < 12 else most + 1
    )


def _number(written: str) -> Cell:
    try:
        number = float(written)
    except ValueError:
        return written
    return number if abs(number) < float("inf") and number == number else written


def _time(written: str, is_duration: bool) -> Cell:
    """A time of day, or a length of time where its format says so or it is none of a day."""
    found = _DURATION.fullmatch(written)
    if found is None:
        return written
    parts = {unit: float(found[unit] or 0) for unit in ("days", "hours", "minutes", "seconds")}
    try:
        length = dt.timedelta(**parts) * (-1 if found["sign"] else 1)
    except OverflowError:
        return written
    if is_duration or not dt.timedelta() <= length < dt.timedelta(days=1):
        return length
    return (dt.datetime.min + length).time()


def _shown(value: Cell, text: str) -> str | None:
    """What a whole number shows where it is more than its digits."""
    if not isinstance(value, float) or not (0 <= value < LARGEST_WHOLE and value.is_integer()):
        return None
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    if not digits or int(digits) != value or _NO_CODE.search(text) or text == str(int(value)):
        return None
    return text.strip()
