"""What one pass over the records of an .xls file (Excel 97 to 2003) can tell that its reader does not.

An .xls file is a compound file (sectors in chains, like a small disk) whose stream `Workbook` holds records:
two bytes of kind, two of length, then content. Layouts follow Microsoft's published [MS-CFB] and [MS-XLS].
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from pipeline.intake.archive import Refused
from pipeline.intake.careful import moment_of
from pipeline.intake.number_formats import BUILTINS
from pipeline.intake.raw import ErrorCell
from pipeline.intake.scan import Place, SheetFacts
from pipeline.intake.workbook_parts import Styles, styles_of

END_OF_CHAIN = 0xFFFF_FFFA  # this and all above are no sector numbers
ERROR_CODES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_BOF, _EOF, _SHEET, _PASSWORD, _DATES_1904 = 0x0809, 0x000A, 0x0085, 0x002F, 0x0022
_FORMULA, _ERROR, _ROW, _FILTERED = 0x0006, 0x0205, 0x0208, 0x009B
_NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS, _FORMAT, _STYLE = 0x0203, 0x027E, 0x00BD, 0x041E, 0x00E0
_HIDDEN = 0x20
_EXCEL_97 = 0x0600
# Cells as Excel 2 to 4 wrote them (some programs still do), among them formulas in two older forms.
_OLDER_CELLS = frozenset((0x0002, 0x0003, 0x0004, 0x0005, 0x0007, 0x0206, 0x0406, 0x00D6))


@dataclass
class OldWorkbook:
    """Facts of each sheet in the workbook's order, and the workbook's date system.

    `older` tells that it is of Excel 5 or 95, or has records that only those wrote.
    """

    sheets: list[SheetFacts] = field(default_factory=list)
    dates_1904: bool = False
    older: bool = False


def scan_old_workbook(data: bytes) -> OldWorkbook:
    """Scans the records of all sheets.

    Raises:
        Refused: no workbook in it, damaged, or protected by a password.
    """
    stream = _workbook_stream(data)
    book = OldWorkbook()
    starts: list[int] = []
    codes: dict[int, str] = dict(BUILTINS)
    formats: list[int] = []
    for kind, content in _records(stream, 0):
        if kind == _PASSWORD:
            raise Refused("password_protected")
        if kind == _BOF:
            book.older = int.from_bytes(content[:2], "little") != _EXCEL_97
        elif kind == _SHEET and len(content) >= 4:
            starts.append(int.from_bytes(content[:4], "little"))
        elif kind == _DATES_1904:
            book.dates_1904 = content[:1] == b"\x01"
        elif kind == _FORMAT:
            codes.update(_format(content))
        elif kind == _STYLE:
            formats.append(int.from_bytes(content[2:4], "little"))
    if not book.older:
        formatted = _Formatted(styles_of(formats, codes), frozenset(_not_general(formats)), book.dates_1904)
        book.sheets = [_scan_records(_records(stream, start), formatted) for start in starts]
        book.older = any(facts.unusual for facts in book.sheets)
    return book


@dataclass(frozen=True)
class _Formatted:
    """What the workbook's styles show; `special` are those that do not show numbers as they are."""

    styles: Styles
    special: frozenset[int]
    dates_1904: bool

    def note(self, facts: SheetFacts, place: Place, style: int, number: float) -> None:
        """Notes what a number shows that a reader may take otherwise."""
        if style in self.special:
            note_number(facts, place, style, number, self.styles, self.dates_1904)


def is_protected(data: bytes) -> bool:
    """Whether a workbook of Excel 97 to 2003 says that it is encrypted; what is damaged does not."""
    try:
        records = _records(_workbook_stream(data), 0)
        return any(kind == _PASSWORD for kind, _ in islice(records, 20))
    except Refused:
        return False


def note_number(
    facts: SheetFacts, place: Place, style: int, number: float, styles: Styles, dates_1904: bool
) -> None:
    """Notes the value of a number by its style, and what it shows where that is more than its digits."""
    if style in styles.dates or style in styles.durations:
        facts.patches[place] = moment_of(number, dates_1904, style in styles.durations)
        return
    facts.patches[place] = number
    shown = styles.digits[style].shown(number) if style in styles.digits else None
    if shown is not None:
        facts.shown[place] = shown


def _not_general(formats: list[int]) -> Iterator[int]:
    return (style for style, number in enumerate(formats) if number)


def _format(content: bytes) -> dict[int, str]:
    """The number and code of a format; its text has one or two bytes a sign."""
    if len(content) < 5:
        return {}
    encoding, width = ("utf-16-le", 2) if content[4] & 1 else ("latin-1", 1)
    length = int.from_bytes(content[2:4], "little") * width
    return {int.from_bytes(content[:2], "little"): content[5 : 5 + length].decode(encoding, errors="replace")}


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records from `start` to the end of their part of the stream."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        yield kind, stream[at + 4 : at + 4 + length]
        if depth <= 0:
            return
        at += 4 + length


def _scan_records(records: Iterator[tuple[int, bytes]], formatted: _Formatted) -> SheetFacts:
    facts = SheetFacts()
    for kind, content in records:
        if kind == _ERROR and len(content) >= 8 and content[7]:
            facts.patches[_place(content)] = _error(content[6])
        elif kind == _FORMULA and len(content) >= 14:
            _note_result(facts, content, formatted)
        elif kind == _ROW and len(content) >= 13 and content[12] & _HIDDEN:
            facts.hidden_rows.add(int.from_bytes(content[:2], "little") + 1)
        elif kind == _FILTERED:
            facts.filtered = True
        elif kind in (_NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS):
            for place, style, number in _numbers_of(kind, content):
                formatted.note(facts, place, style, number)
        elif kind in _OLDER_CELLS:
            facts.unusual = True
    return facts


def _note_result(facts: SheetFacts, content: bytes, formatted: _Formatted) -> None:
    """Notes a formula's result where it is an error or a number; texts follow in a record of their own."""
    if content[12:14] != b"\xff\xff":
        [number] = struct.unpack_from("<d", content, 6)
        formatted.note(facts, _place(content), int.from_bytes(content[4:6], "little"), number)
    elif content[6] == 2:
        facts.patches[_place(content)] = _error(content[8])


def _place(content: bytes) -> Place:
    row, column = struct.unpack_from("<HH", content)
    return row + 1, column + 1


def _error(code: int) -> ErrorCell:
    return ErrorCell(ERROR_CODES.get(code, "#N/A"))


def _numbers_of(kind: int, content: bytes) -> Iterator[tuple[Place, int, float]]:
    """The places, styles and numbers of a record of one or several numbers."""
    if len(content) < 6:
        return
    row, column = _place(content)
    if kind == _NUMBER:
        if len(content) >= 14:
            yield (row, column), *struct.unpack_from("<Hd", content, 4)
        return
    for number, at in enumerate(range(4, len(content) - 5, 6)):
        style, short = struct.unpack_from("<HI", content, at)
        yield (row, column + number), style, short_number(short)


def short_number(short: int) -> float:
    """A number as [MS-XLS] RkNumber keeps it in 30 bits: whole or the head of a float, perhaps in hundredths."""
    if short & 2:
        whole = short >> 2
        number = float(whole - (1 << 30) if whole >= 1 << 29 else whole)
    else:
        [number] = struct.unpack("<d", struct.pack("<II", 0, short & 0xFFFF_FFFC))
    return number / 100 if short & 1 else number


def _workbook_stream(data: bytes) -> bytes:
    """The bytes of the stream `Workbook` (`Book` before Excel 97) of a compound file."""
    try:
        return _CompoundFile(data).stream(("Workbook", "Book"))
    except (struct.error, IndexError):
        raise Refused("damaged") from None


class _CompoundFile:
    """The chains of sectors in a compound file. A chain never gives more than the file holds."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise Refused("damaged")
        self._size = 1 << shift
        self._directory_start, self._mini_limit = (
            struct.unpack_from("<I", data, 48)[0],
            struct.unpack_from("<I", data, 56)[0],
        )
        mini_start, _, more_start, _ = struct.unpack_from("<IIII", data, 60)
        self._table = self._read_table(more_start)
        self._mini_table = _numbers(self._chain(mini_start))

    def stream(self, names: tuple[str, ...]) -> bytes:
        """The first stream of one of these names.

        Raises:
            Refused: there is none.
        """
        directory = self._chain(self._directory_start)
        entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
        for entry in entries:
            length = int.from_bytes(entry[64:66], "little")
            if entry[: max(0, length - 2)].decode("utf-16-le", errors="replace") in names:
                start, size = struct.unpack_from("<II", entry, 116)
                if size >= self._mini_limit:
                    return self._chain(start)[:size]
                root = self._chain(struct.unpack_from("<I", entries[0], 116)[0])
                return _follow(root, 64, 0, self._mini_table, start)[:size]
        raise Refused("damaged")

    def _read_table(self, more_start: int) -> list[int]:
        """The table that gives for each sector the next in its chain."""
        places = list(struct.unpack_from("<109I", self._data, 76))
        more, visited = more_start, 0
        while more < END_OF_CHAIN and visited * self._size < len(self._data):
            sector = _numbers(self._sector(more))
            places += sector[:-1]
            more, visited = (sector[-1] if sector else END_OF_CHAIN), visited + 1
        known = [place for place in places if (place + 1) * self._size < len(self._data)]
        if len(known) * self._size > 2 * len(self._data):
            raise Refused("damaged")
        return [number for place in known for number in _numbers(self._sector(place))]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _chain(self, start: int) -> bytes:
        return _follow(self._data, self._size, self._size, self._table, start)


def _follow(data: bytes, size: int, offset: int, table: list[int], start: int) -> bytes:
    """The sectors of a chain put together; a chain that runs in a circle is damage."""
    pieces: list[bytes] = []
    number = start
    while number < len(table):
        pieces.append(data[offset + number * size : offset + (number + 1) * size])
        number = table[number]
        if len(pieces) > len(table):
            raise Refused("damaged")
    return b"".join(pieces)


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))
