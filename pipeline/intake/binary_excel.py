"""What one pass over the records of an .xlsb file can tell that its reader does not.

The parts of an .xlsb are those of an .xlsx, but hold records instead of XML: a kind of one or two bytes, a
length of one to four (seven bits in each), then content. Layouts follow Microsoft's published [MS-XLSB].
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.intake.archive import Archive, Refused
from pipeline.intake.number_formats import BUILTINS
from pipeline.intake.old_excel import ERROR_CODES, note_number, short_number
from pipeline.intake.raw import ErrorCell
from pipeline.intake.scan import SheetFacts
from pipeline.intake.workbook_parts import Styles, relations_of, styles_of, workbook_part

_ROW, _SHORT_NUMBER, _ERROR, _NUMBER, _FORMULA_NUMBER, _FORMULA_ERROR, _SHEET, _FILTER = (
    0,
    2,
    3,
    5,
    9,
    11,
    156,
    163,
)
_BOOK_PROPERTIES, _FORMAT, _STYLE, _CELL_STYLES, _END_CELL_STYLES = 153, 44, 47, 617, 618
_CELLS = range(1, 12)
_HIDDEN = 0x10


@dataclass
class BinaryWorkbook:
    """Facts of each sheet in the workbook's order, and the workbook's date system."""

    sheets: list[SheetFacts] = field(default_factory=list)
    dates_1904: bool = False


def scan_binary_workbook(archive: Archive) -> BinaryWorkbook:
    """Facts of each sheet: its error cells and hidden rows, and what its numbers show.

    Raises:
        Refused: there is no workbook part, a sheet it names is missing, or a cell is outside the grid.
    """
    part = workbook_part(archive)
    relations = relations_of(archive, part)
    book = BinaryWorkbook()
    ids: list[str] = []
    for kind, content in _records(archive.part(part)):
        if kind == _SHEET:
            ids.append(_relation_id(content))
        elif kind == _BOOK_PROPERTIES:
            book.dates_1904 = bool(content[:1]) and bool(content[0] & 1)
    parts = [relations.get(key, ("", ""))[1] for key in ids]
    if not all(archive.has(part) for part in parts):
        raise Refused("damaged")
    found = next((place for kind, place in relations.values() if kind == "styles"), "")
    styles, special = _read_styles(archive.part(found))
    book.sheets = [_scan_records(_records(archive.part(one)), styles, special, book.dates_1904) for one in parts]
    return book


def _read_styles(part: bytes) -> tuple[Styles, frozenset[int]]:
    """What the cell styles show, and which do not show numbers as they are."""
    codes: dict[int, str] = dict(BUILTINS)
    formats: list[int] = []
    inside = False
    for kind, content in _records(part):
        if kind == _FORMAT and len(content) >= 6:
            length = int.from_bytes(content[2:6], "little")
            code = content[6 : 6 + 2 * length].decode("utf-16-le", errors="replace")
            codes[int.from_bytes(content[:2], "little")] = code
        elif kind in (_CELL_STYLES, _END_CELL_STYLES):
            inside = kind == _CELL_STYLES
        elif kind == _STYLE and inside:
            formats.append(int.from_bytes(content[2:4], "little"))
    return styles_of(formats, codes), frozenset(style for style, number in enumerate(formats) if number)


def _relation_id(content: bytes) -> str:
    """The relation's id in a record that lists a sheet: after its state and number, length first."""
    length = int.from_bytes(content[8:12], "little")
    return content[12 : 12 + 2 * length].decode("utf-16-le", errors="replace")


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(part):
        kind = part[at]
        at += 1
        if kind & 0x80 and at < len(part):
            kind = kind & 0x7F | (part[at] & 0x7F) << 7
            at += 1
        length, at = _length(part, at)
        yield kind, part[at : at + length]
        at += length


def _length(part: bytes, at: int) -> tuple[int, int]:
    """A length of up to four bytes at a place, and the place behind it."""
    length = 0
    for number, byte in enumerate(part[at : at + 4]):
        length |= (byte & 0x7F) << 7 * number
        if not byte & 0x80:
            return length, at + number + 1
    return length, at + 4


def _scan_records(
    records: Iterator[tuple[int, bytes]], styles: Styles, special: frozenset[int], dates_1904: bool
) -> SheetFacts:
    facts = SheetFacts()
    row = 0
    for kind, content in records:
        if kind == _ROW and len(content) >= 12:
            row = int.from_bytes(content[:4], "little") + 1
            if content[11] & _HIDDEN:
                facts.hidden_rows.add(row)
        elif kind in _CELLS:
            place = (row, int.from_bytes(content[:4], "little") + 1)
            facts.include(place)
            if kind in (_ERROR, _FORMULA_ERROR) and len(content) >= 9:
                facts.patches[place] = ErrorCell(ERROR_CODES.get(content[8], "#N/A"))
            style = int.from_bytes(content[4:7], "little")
            if style in special and (number := _number(kind, content)) is not None:
                note_number(facts, place, style, number, styles, dates_1904)
        elif kind == _FILTER:
            facts.filtered = True
    facts.check_grid()
    return facts


def _number(kind: int, content: bytes) -> float | None:
    """The number in a cell, if it is one."""
    if kind == _SHORT_NUMBER and len(content) >= 12:
        return short_number(int.from_bytes(content[8:12], "little"))
    if kind in (_NUMBER, _FORMULA_NUMBER) and len(content) >= 16:
        [number] = struct.unpack_from("<d", content, 8)
        return float(number)
    return None
