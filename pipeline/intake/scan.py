"""What one quick pass over a sheet's XML can tell, before any reader builds its cells.

Readers lose some things without a word (error cells, formulas without a result, zeros that only the number
format shows) and trust others that they should not (a cell's stated place). The scan looks for both in the
unpacked bytes, about 40 ms for 10,000 rows of 10 cells: what every cell is asked in the arrays of
`pipeline.intake.tags`, what few have with regular expressions. Both know XML as Excel, WPS and all common
programs write it; whatever is written otherwise makes the sheet `unusual`, and it is read by
`pipeline.intake.careful` instead, which is slow and thorough.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from html import unescape

import numpy as np
from numpy.typing import NDArray

from pipeline.intake.archive import MIB, Refused
from pipeline.intake.cell_tags import ERROR, INLINE, NUMBER, TEXT, Cells, read_cells
from pipeline.intake.raw import Cell, ErrorCell, UncalculatedFormula
from pipeline.intake.tags import NOT_FINITE, Mask, Numbers, Tags, Words, among, read_tags
from pipeline.intake.workbook_parts import ODD_ESCAPE, Styles, declares_utf8

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
LONGEST_REST = 16 * MIB

Place = tuple[int, int]  # (row, column) of the sheet, both counted from 1

# Each pattern begins with a literal, which the regular expression engine finds fast.
_ROW = re.compile(rb'<row[^>]*? r="([1-9]\d{0,11})"')
_HIDDEN = re.compile(rb"<row[^>]*\shidden\s*=")
_PLAIN_HIDDEN = re.compile(rb'<row(?=[^>]*? r="\d)[^>]* hidden="(?:0|1|true|false)"')
_HIDDEN_ROW = re.compile(rb'<row(?=[^>]* hidden="(?:1|true)")[^>]*? r="(\d+)"')
_MERGED = re.compile(rb'<mergeCell [^>]*?ref="([A-Z0-9:]+)"')
_NO_RESULT = re.compile(
    rb'<c r="([A-Z]+)(\d+)"([^>]*[^/])?>\s*<f(?: [^>]*)?(?:/>|>([^<]*)</f>)\s*(?:<v></v>|<v\s*/>|</c>)'
)
_ADDRESS = re.compile(rb"([A-Z]+)(\d+)")
_WHOLE_NUMBER = re.compile(rb"\d+")
_ONLY_ZEROS_BEHIND = re.compile(rb"(\d{1,15})(?:\.0*)?")
_IS_DIGIT = among(b"0123456789")
_IS_TEXT_KIND = among(bytes([TEXT, INLINE]))
_SERIAL_60, _NEARLY_ONE = b"60", b"0.9999999"
LONGEST_CELL = 10 * 32_767  # bytes of one cell's text: Excel takes 32,767 signs, a reference is ten bytes at most


@dataclass
class SheetFacts:
    """What the scan found in one sheet.

    `first` and `last` are the corners of the cells written, empty ones with a format among them.
    `patches` are the cells that a reader would lose or change, `shown` what a number shows where its digits alone
    do not tell.
    """

    unusual: bool = False
    cells: int = 0
    first: Place = (LAST_ROW, LAST_COLUMN)
    last: Place = (0, 0)
    patches: dict[Place, Cell] = field(default_factory=dict)
    shown: dict[Place, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    filtered: bool = False
    merged: list[str] = field(default_factory=list)

    @property
    def area(self) -> int:
        """Cells of the rectangle around all cells."""
        return max(0, self.last[0] - self.first[0] + 1) * max(0, self.last[1] - self.first[1] + 1)

    def include(self, place: Place) -> None:
        """Widens the corners to hold a place."""
        self.first = (min(self.first[0], place[0]), min(self.first[1], place[1]))
        self.last = (max(self.last[0], place[0]), max(self.last[1], place[1]))

    def check_grid(self) -> None:
        """Raises `Refused` where a cell or row stands outside the grid of Excel."""
        if self.last[0] > LAST_ROW or self.last[1] > LAST_COLUMN:
            raise Refused("made_to_harm", what=f"{self.last[0]} × {self.last[1]}")


def scan_sheet(chunks: Iterator[bytes], styles: Styles) -> SheetFacts:
    """Scans the XML of one sheet.

    Raises:
        Refused: a cell or row stands outside the grid of Excel, or a cell holds more than Excel lets it.
    """
    facts = SheetFacts()
    began, ended = False, False
    for number, piece in enumerate(_whole_rows(chunks)):
        facts.unusual |= number == 0 and _begins_unusually(piece)
        tags = read_tags(piece)
        _check_lengths(tags)
        _note_places(facts, tags)
        if tags.has_hidden():
            _note_hidden(facts, piece)
        opened, closed = tags.table()
        first = 0 if began else len(tags.at) if opened is None else opened + 1
        last = 0 if ended else len(tags.at) if closed is None else closed
        began, ended = began or opened is not None, ended or closed is not None
        declared = number == 0 and piece.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml")
        facts.unusual |= tags.count("!") > 0 or tags.count("?") > declared
        cells = None if facts.unusual else read_cells(tags, first, last)
        if cells is None:  # all else is left to the careful way
            facts.unusual = True
            continue
        _note_cells(facts, cells, styles)
        if span := tags.uncalculated():
            _note_uncalculated(facts, piece, *span)
    facts.check_grid()
    return facts


def _check_lengths(tags: Tags) -> None:
    """Refuses a cell that holds more than Excel lets any, before a reader spends its time on it."""
    if len(tags.at) < 2 or len(tags.signs) < LONGEST_CELL:
        return
    lengths = np.diff(tags.at)
    if lengths.max() <= LONGEST_CELL:
        return
    if lengths[among(b"vt")[tags.initials[:-1]]].max(initial=0) > LONGEST_CELL:
        raise Refused("made_to_harm", what="> 32,767")


def column_number(letters: bytes | str) -> int:
    """The column, counted from 1, that letters name: A → 1, AB → 28."""
    number = 0
    for letter in letters.encode() if isinstance(letters, str) else letters:
        number = number * 26 + letter - 64
    return number


def _whole_rows(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes again, cut only where a row begins (or, within endless rows, a cell)."""
    rest = b""
    for chunk in chunks:
        cut = chunk.rfind(b"<row")
        if cut >= 0 and (rest or cut):  # nearly always; only the piece itself is copied
            yield b"".join((rest, memoryview(chunk)[:cut]))
            rest = chunk[cut:]
            continue
        if len(chunk) > 2 * LONGEST_CELL and b"<" not in chunk:
            raise Refused("made_to_harm", what="> 32,767")
        rest += chunk
        cut = rest.rfind(b"<row") if cut >= 0 else -1
        if cut <= 0 and len(rest) > LONGEST_REST:
            cut = rest.rfind(b"<c ")
            if cut <= 0:
                raise Refused("made_to_harm", what="XML")
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def _begins_unusually(piece: bytes) -> bool:
    """Another encoding than UTF-8, or a prefix before the names of all elements."""
    return not declares_utf8(piece) or re.search(rb"<[A-Za-z_][\w.-]*:worksheet[\s>]", piece) is not None


def _note_places(facts: SheetFacts, tags: Tags) -> None:
    """Adds the places of the rows and cells of a piece; unusual are those that do not state theirs."""
    cells, all_cells = tags.cells()
    rows, all_rows = _rows(tags)
    facts.cells += cells.count
    facts.unusual |= rows.count != all_rows or cells.count != all_cells
    if rows.count:
        facts.first = (min(facts.first[0], rows.least), facts.first[1])
        facts.last = (max(facts.last[0], rows.greatest), facts.last[1])
    if cells.count:
        facts.first = (facts.first[0], min(facts.first[1], cells.least))
        facts.last = (facts.last[0], max(facts.last[1], cells.greatest))
    if tags.count("m"):
        merged = _MERGED.findall(tags.piece)
        facts.merged += [found.decode() for found in merged]
        facts.unusual |= len(merged) != tags.piece.count(b"<mergeCell ")
    facts.filtered |= tags.filters()


def _rows(tags: Tags) -> tuple[Numbers, int]:
    """The rows that state their number, wherever in their tag, and how many rows there are."""
    rows, all_rows = tags.rows()
    if rows.count == all_rows:
        return rows, all_rows
    numbers = [int(found) for found in _ROW.findall(tags.piece)]
    return Numbers(len(numbers), min(numbers, default=0), max(numbers, default=0)), all_rows


def _note_hidden(facts: SheetFacts, piece: bytes) -> None:
    facts.hidden_rows.update(int(found) for found in _HIDDEN_ROW.findall(piece))
    facts.unusual |= len(_HIDDEN.findall(piece)) != len(_PLAIN_HIDDEN.findall(piece))


def _note_cells(facts: SheetFacts, cells: Cells, styles: Styles) -> None:
    """Notes errors, digits that readers lose, and numbers that they would take for another day."""
    kinds = cells.value_kinds()
    errors = kinds == ERROR
    if errors.any():
        facts.patches.update((_place(at), ErrorCell(_text(code))) for at, code in cells.contents(errors) if code)
    numbers = kinds == NUMBER
    if (long_ones := cells.long_wholes(numbers)).any():
        _note_long_numbers(facts, cells.contents(long_ones))
    facts.unusual |= cells.has_great_exponent(numbers) and NOT_FINITE.search(cells.tags.piece) is not None
    if _IS_TEXT_KIND[cells.kinds].any():
        facts.unusual |= ODD_ESCAPE.search(cells.tags.piece) is not None
    used = cells.value_styles()
    if styles.digits and (chosen := numbers & _are_among(used, styles.digits)).any():
        _note_digits(facts, cells, chosen, styles)
    if styles.doubtful and (numbers & _are_among(used, styles.doubtful)).any():
        facts.unusual = True
    if styles.dates:
        facts.unusual |= _has_odd_day(cells.words(numbers & _are_among(used, styles.dates)))


def _are_among(used: NDArray[np.int64], styles: Collection[int]) -> Mask:
    """Which of the styles used are among these."""
    table = np.zeros(max(styles) + 2, dtype=bool)
    table[list(styles)] = True
    found: Mask = table[np.minimum(used, len(table) - 1)]
    return found


def _note_long_numbers(facts: SheetFacts, found: list[tuple[bytes, bytes]]) -> None:
    for at, digits in found:
        if _WHOLE_NUMBER.fullmatch(digits):
            facts.shown[_place(at)] = digits.decode()


def _note_digits(facts: SheetFacts, cells: Cells, chosen: Mask, styles: Styles) -> None:
    used = cells.value_styles()[chosen].tolist()
    for (at, digits), style in zip(cells.contents(chosen), used, strict=True):
        if _ONLY_ZEROS_BEHIND.fullmatch(digits):
            shown = styles.digits[style].shown(float(digits))
            if shown is not None:
                facts.shown[_place(at)] = shown


def _has_odd_day(words: Words) -> bool:
    """Whether one of these numbers, by their first eight signs, is no day: negative, 29 February 1900, 24 o'clock."""
    if not len(words):
        return False
    first = words & np.uint64(0xFF)
    third = ((words >> np.uint64(16)) & np.uint64(0xFF)).astype(np.intp)
    sixty = (words & np.uint64(0xFFFF)) == np.uint64(int.from_bytes(_SERIAL_60, "little"))
    sixty &= ~_IS_DIGIT[third]
    nearly_one = words == np.uint64(int.from_bytes(_NEARLY_ONE[:8], "little"))
    signed = (first == np.uint64(ord("-"))) | (first == np.uint64(ord("+")))
    return bool((signed | sixty | nearly_one).any())


def _note_uncalculated(facts: SheetFacts, piece: bytes, start: int, end: int) -> None:
    for column, row, attributes, formula in _NO_RESULT.findall(piece, start, end):
        if b't="str"' not in attributes:
            facts.patches[_place(column + row)] = UncalculatedFormula(f"={_text(formula)}")


def _place(address: bytes) -> Place:
    found = _ADDRESS.fullmatch(address)
    assert found is not None, "read_tags has counted only such addresses as usual"
    return int(found[2]), column_number(found[1])


def _text(content: bytes) -> str:
    return unescape(content.decode("utf-8", errors="replace"))
