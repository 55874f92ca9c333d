"""What one pass over the records of an .xlsb file can tell that its reader does not.

The parts of an .xlsb are those of an .xlsx, but hold records instead of XML: a kind of one or two bytes, a
length of one to four (seven bits in each), then content. Layouts follow Microsoft's published [MS-XLSB].
"""

from collections.abc import Iterator

from pipeline.intake.archive import Archive, Refused
from pipeline.intake.old_excel import ERROR_CODES
from pipeline.intake.raw import ErrorCell
from pipeline.intake.scan import SheetFacts
from pipeline.intake.workbook_parts import relations_of, workbook_part

_ROW, _ERROR, _FORMULA_ERROR, _SHEET, _FILTER = 0, 3, 11, 156, 163
_CELLS = range(1, 12)
_HIDDEN = 0x10


def scan_binary_workbook(archive: Archive) -> list[SheetFacts]:
    """Facts of each sheet in the workbook's order: its error cells and hidden rows.

    Raises:
        Refused: there is no workbook part, a sheet it names is missing, or a cell is outside the grid.
    """
    book = workbook_part(archive)
    relations = relations_of(archive, book)
    ids = [_relation_id(content) for kind, content in _records(archive.part(book)) if kind == _SHEET]
    parts = [relations.get(key, ("", ""))[1] for key in ids]
    if not all(archive.has(part) for part in parts):
        raise Refused("damaged")
    return [_scan_records(_records(archive.part(part))) for part in parts]


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


def _scan_records(records: Iterator[tuple[int, bytes]]) -> SheetFacts:
    facts = SheetFacts()
    row = 0
    for kind, content in records:
        if kind == _ROW and len(content) >= 12:
            row = int.from_bytes(content[:4], "little") + 1
            if content[11] & _HIDDEN:
                facts.hidden_rows.add(row)
        elif kind in _CELLS:
            column = int.from_bytes(content[:4], "little") + 1
            facts.include((row, column))
            if kind in (_ERROR, _FORMULA_ERROR) and len(content) >= 9:
                facts.patches[row, column] = ErrorCell(ERROR_CODES.get(content[8], "#N/A"))
        elif kind == _FILTER:
            facts.filtered = True
    facts.check_grid()
    return facts
