"""The careful way to read a sheet: every element in turn, every cell at the place it states.

For sheets in which the scan saw something unusual, and for those whose few cells stand so far apart that a
rectangle around them would not fit in memory. About ten times slower than the fast way.
"""

import datetime as dt
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from pipeline.intake.archive import Refused
from pipeline.intake.raw import Cell, ErrorCell, UncalculatedFormula
from pipeline.intake.scan import LAST_COLUMN, LAST_ROW, Place, column_number
from pipeline.intake.workbook_parts import Attributes, Styles, parse_xml, unescape

MOST_CELLS = 3_000_000
_INDEX = re.compile(r"\+?(\d{1,9})(?:\.0*)?", re.ASCII)
_BOOLEANS: dict[str, Cell] = {"1": True, "true": True, "0": False, "false": False}
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,9})")


@dataclass
class SparseSheet:
    """The cells of one sheet by place, and what else was said about it."""

    cells: dict[Place, Cell] = field(default_factory=dict)
    shown: dict[Place, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    filtered: bool = False
    merged: list[str] = field(default_factory=list)


def read_carefully(chunks: Iterable[bytes], styles: Styles, texts: list[str], dates_1904: bool) -> SparseSheet:
    """All cells of a sheet that hold something.

    Raises:
        Refused: not well-formed, a cell outside the grid of Excel, or too many cells.
    """
    walk = _Walk(styles, texts, dates_1904)
    parse_xml(chunks, walk.start, walk.end, walk.text)
    return walk.sheet


class _Walk:
    """Where in the sheet's XML we are, and what was found so far."""

    def __init__(self, styles: Styles, texts: list[str], dates_1904: bool) -> None:
        self.sheet = SparseSheet()
        self._styles, self._texts = styles, texts
        self._dates_1904 = dates_1904
        self._row, self._column = 0, 0
        self._cell: Attributes | None = None
        self._pieces: dict[str, list[str]] = {}
        self._inside: list[str] = []
        self._depth = 0

    def start(self, name: str, given: Attributes) -> None:
        self._inside.append(name)
        if name == "row":
            self._start_row(given)
        elif name == "c" and self._cell is None:
            self._start_cell(given)
        elif name == "mergeCell":
            self.sheet.merged.append(given.get("ref", ""))
        elif name == "filterColumn":
            self.sheet.filtered = True
        elif self._cell is not None and (part := self._part_of_cell()):
            if part == "v" and part in self._pieces:
                raise Refused("damaged")  # two values in a cell: neither can be trusted
            self._pieces.setdefault(part, [])

    def end(self, name: str) -> None:
        self._inside.pop()
        if name == "c" and self._cell is not None and len(self._inside) == self._depth - 1:
            self._end_cell(self._cell)
            self._cell = None

    def text(self, piece: str) -> None:
        if self._cell is not None and (part := self._part_of_cell()):
            self._pieces[part].append(piece)

    def _part_of_cell(self) -> str:
        """`f`, `v` or `t` where we are in a cell's formula, value or inline text (not in a phonetic hint)."""
        names = self._inside[self._depth :]
        if names in (["f"], ["v"]):
            return names[0]
        return "t" if names in (["is", "t"], ["is", "r", "t"]) else ""

    def _start_row(self, given: Attributes) -> None:
        stated = given.get("r", "").strip()
        self._row = int(stated) if stated.isascii() and stated.isdigit() else self._row + 1
        self._column = 0
        self._check_place()
        if given.get("hidden") in ("1", "true"):
            self.sheet.hidden_rows.add(self._row)

    def _start_cell(self, given: Attributes) -> None:
        stated = _PLACE.fullmatch(given.get("r", "").strip())
        if stated is None:
            self._column += 1
        else:
            self._row, self._column = int(stated[2]), column_number(stated[1].upper())
        self._check_place()
        self._cell, self._pieces, self._depth = given, {}, len(self._inside)

    def _check_place(self) -> None:
        if self._row > LAST_ROW or self._column > LAST_COLUMN:
            raise Refused("made_to_harm", what=f"{self._row} × {self._column}")

    def _end_cell(self, given: Attributes) -> None:
        place = (max(self._row, 1), self._column)
        value = self._value(given, place)
        if value is None or value == "":
            return
        self.sheet.cells[place] = value
        if len(self.sheet.cells) > MOST_CELLS:
            raise Refused("too_many_cells", found=f"> {MOST_CELLS:,}", limit=f"{MOST_CELLS:,}")

    def _value(self, given: Attributes, place: Place) -> Cell:
        kind = given.get("t", "n")
        written = "".join(self._pieces.get("v", ()))
        if "t" in self._pieces and (kind == "inlineStr" or not written):
            return unescape("".join(self._pieces["t"]))
        if "f" in self._pieces and not written and kind != "str":
            return UncalculatedFormula("=" + "".join(self._pieces["f"]))
        if kind in ("str", "inlineStr"):
            return unescape(written)
        if not written.strip():
            return None  # also an error cell without its error, a text without its number
        return self._plain_value(kind, written, given, place)

    def _plain_value(self, kind: str, written: str, given: Attributes, place: Place) -> Cell:
        if kind == "s":
            return self._shared_text(written)
        if kind == "e":
            return ErrorCell(written.strip())
        if kind == "b":
            return _BOOLEANS.get(written.strip(), written)
        return iso_moment(written) if kind == "d" else self._number(written.strip(), given, place)

    def _shared_text(self, written: str) -> Cell:
        position = _INDEX.fullmatch(written.strip())
        if position is None or int(position[1]) >= len(self._texts):
            raise Refused("damaged")
        return self._texts[int(position[1])]

    def _number(self, written: str, given: Attributes, place: Place) -> Cell:
        """A number as a number, date or length of time; what is no finite number stays as it is written."""
        try:
            number = float(written)
        except ValueError:
            return written
        if not math.isfinite(number) or "_" in written or not written.isascii():
            return written
        style = int(given["s"]) if given.get("s", "").isdigit() else 0
        if style in self._styles.dates or style in self._styles.durations:
            return moment_of(number, self._dates_1904, style in self._styles.durations)
        self._note_digits(written, number, style, place)
        return number

    def _note_digits(self, written: str, number: float, style: int, place: Place) -> None:
        if written.isdigit() and len(written) > 15:
            self.sheet.shown[place] = written
        elif style in self._styles.digits and (shown := self._styles.digits[style].shown(number)) is not None:
            self.sheet.shown[place] = shown


def moment_of(number: float, dates_1904: bool, is_duration: bool) -> Cell:
    """The day, time or length of time that a number shows; the number itself where it is none.

    A negative number is no day (Excel shows #####), and 29 February 1900, Excel's day 60, was none.
    """
    if not is_duration and (number < 0 or (not dates_1904 and 60 <= number < 61)):
        return number
    try:
        epoch = CALENDAR_MAC_1904 if dates_1904 else CALENDAR_WINDOWS_1900
        moment: Cell = from_excel(number, epoch, timedelta=is_duration)
    except (OverflowError, ValueError):
        return number
    if isinstance(moment, dt.datetime) and 0 <= number < 1 and not dates_1904:
        return dt.time()  # so near to 1 that it rounds to midnight
    if isinstance(moment, dt.datetime) and moment.time() == dt.time():
        return moment.date()
    return moment


def iso_moment(written: str) -> Cell:
    """A date as Strict OOXML and some programs write it (ISO 8601); other text stays as it is.

    With a zone it stays text, whose reader knows the office's clock; but the `Z` behind a day, or behind midnight, is
    how programs write a day.
    """
    text = written.strip().removesuffix("Z")
    in_zone = text != written.strip()
    for read in (dt.date.fromisoformat, dt.time.fromisoformat, dt.datetime.fromisoformat):
        try:
            moment = read(text)
        except ValueError:
            continue
        if isinstance(moment, dt.time | dt.datetime) and moment.tzinfo is not None:
            return written
        if isinstance(moment, dt.datetime) and moment.time() == dt.time():
            return moment.date()
        return written if in_zone and isinstance(moment, dt.time | dt.datetime) else moment
    return written
