"""The tags of a piece of a sheet's XML, looked at all at once.

A city's file has half a million tags, and a regular expression takes a third of a microsecond for each that it
finds. Here the same is asked of arrays: where tags begin, and the signs around each as one row of a matrix. What is
answered is what regular expressions would answer; the docstrings state them, a test holds one against the other.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view
from numpy.typing import NDArray

Signs = NDArray[np.uint8]
Words = NDArray[np.uint64]
Places = NDArray[np.intp]
Mask = NDArray[np.bool_]
Kind = TypeVar("Kind", bound=np.generic)

NOT_FINITE = re.compile(rb"<v>[-+]?(?:[nNiI]|[0-9.]+[eE]\+?\d{3})")

_WORD = 8
_WIDTH = 3 * _WORD  # signs of a row
PADDING = b"0" * (_WIDTH + _WORD)  # a digit ends no name, begins no tag and is no odd first sign
_LETTERS, _DIGITS, _BUT_0 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0123456789", b"123456789"


@dataclass(frozen=True)
class Numbers:
    """How many tags are written in a certain way, and the least and greatest of the numbers that stand in them."""

    count: int = 0
    least: int = 0
    greatest: int = 0


@dataclass(frozen=True)
class Tags:
    """`at` is where each `<` stands in `signs`, the bytes of a piece between paddings; `initials` the signs behind."""

    piece: bytes
    signs: Signs
    at: Places
    initials: Signs

    @cached_property
    def words(self) -> Words:
        """The eight signs from each place on as one number, the first sign its lowest byte."""
        return as_strided(self.signs[:_WORD].view("<u8"), (len(self.signs) - _WORD + 1,), (1,), writeable=False)

    def count(self, initial: str) -> int:
        """How many tags begin with a sign: `c` for cells and columns, `!` for comments and CDATA."""
        return int(np.count_nonzero(self.initials == ord(initial)))

    def rows(self) -> tuple[Numbers, int]:
        """What `<row r="([1-9]\\d{0,11})"` finds, and how many tags begin with `<row`."""
        around = self._around(self.at[self.initials == ord("r")])
        named = _begins(_word(around, 0), b"<row")
        plain = _only(around, _begins(_word(around, 0), b'<row r="'))[:, 8:]
        accepted = _only(plain, _accepts(_ROW_NUMBER, plain))
        return _numbers(accepted, ord("0"), 0, 10), int(np.count_nonzero(named))

    def cells(self) -> tuple[Numbers, int]:
        """What `<c r="([A-Z]{1,3})[1-9]\\d{0,5}"[ />]` finds, letters read as numbers, and how many `<c[\\s/>]`."""
        around = self._around(self.at[self.initials == ord("c")])
        named = _IS_NAME_END[around[:, 2]]
        plain = _only(around, _begins(_word(around, 0), b'<c r="'))[:, 6:]
        accepted = _only(plain, _accepts(_CELL_NAME, plain))
        return _numbers(accepted[:, :3], ord("A"), 1, 26), int(np.count_nonzero(named))

    def uncalculated(self) -> tuple[int, int] | None:
        """Where in the piece all cells stand whose formula is not followed by a result at once, as nearly all are.

        The span begins behind the third last `>` before the first such formula, as one may stand in the cell's own
        tag, and ends before the fourth tag after the last: `</f>`, `<v>` and `</v>` may come between.
        """
        tags = np.flatnonzero(self.initials == ord("f"))
        formulas = tags[~_IS_LETTER[self.signs[self.at[tags] + 2]]]
        at = np.append(self.at, [len(self.signs) - len(PADDING)] * 4)
        behind = self._around(at[formulas + 1])
        doubtful = formulas[~_begins(_word(behind, 0), b"</f><v>") | (behind[:, 7] == ord("<"))]
        if not len(doubtful):
            return None
        first, end = int(at[doubtful[0]]) - len(PADDING), int(at[doubtful[-1] + 4]) - len(PADDING)
        start = first + 1
        for _ in range(3):
            start = self.piece.rfind(b">", 0, max(0, start - 1)) + 1
        return start, end

    def filters(self) -> bool:
        """Whether `<filterColumn` stands anywhere."""
        places = self.at[self.initials == ord("f")]
        around = self._around(places[self.signs[places + 2] == ord("i")])
        return bool((_begins(_word(around, 0), b"<filterC") & _begins(_word(around, 1), b"olumn")).any())

    def table(self) -> tuple[int | None, int | None]:
        """The numbers of the tag `<sheetData` and of `</sheetData`; None for one that is not in the piece."""
        opened = self._first(np.flatnonzero(self.initials == ord("s")), b"<sheetData")
        closing = np.flatnonzero(self.initials == ord("/"))
        closed = self._first(closing[self.signs[self.at[closing] + 2] == ord("s")], b"</sheetData")
        return opened, closed

    def has_hidden(self) -> bool:
        """Whether `hidden` stands anywhere."""
        places = np.flatnonzero(self.signs == ord("h"))
        for distance, sign in enumerate(b"hidden"):
            places = places[self.signs[places + distance] == sign]
        return len(places) > 0

    def _first(self, tags: Places, literal: bytes) -> int | None:
        """The first of some tags that begins with a literal."""
        places = zip(tags.tolist(), (self.at[tags] - len(PADDING)).tolist(), strict=True)
        return next((tag for tag, place in places if self.piece.startswith(literal, place)), None)

    def _around(self, places: Places) -> Signs:
        """The signs from each place on, one row a place."""
        rows: Signs = sliding_window_view(self.signs, _WIDTH)[places]
        return rows


def read_tags(piece: bytes) -> Tags:
    """Finds the tags of a piece."""
    signs = np.frombuffer(b"".join((PADDING, piece, PADDING)), dtype=np.uint8)
    at = np.flatnonzero(signs == ord("<"))
    return Tags(piece, signs, at, signs[at + 1])


def _word(around: Signs, number: int) -> Words:
    """Eight signs of each row as one number, the first sign its lowest byte."""
    words: Words = around.view("<u8")[:, number]
    return words


def _begins(words: Words, literal: bytes) -> Mask:
    mask = np.uint64((1 << 8 * len(literal)) - 1)
    found: Mask = (words & mask) == np.uint64(int.from_bytes(literal, "little"))
    return found


def _only(rows: NDArray[Kind], kept: Mask) -> NDArray[Kind]:
    return rows if kept.all() else rows[kept]


def among(signs: bytes) -> Mask:
    """Which of all signs are one of these."""
    return np.isin(np.arange(256), list(signs))


_IS_LETTER = among(_LETTERS + _LETTERS.lower())
_IS_NAME_END = among(b" \t\n\r\v\f/>")


def _steps(*steps: tuple[bytes, int, int]) -> Places:
    """The table of a regular expression of steps `[signs]{least,most}`, each of other signs than those around it.

    In state n, n of the signs that may stand there are read or passed over. A row has the next states by the next
    sign; the last row but one is the state of what is accepted, the last of what is not.
    """
    places = [(signs, number >= least) for signs, least, most in steps for number in range(most)]
    table = np.full((len(places) + 2, 256), len(places) + 1, dtype=np.intp)
    table[len(places)] = len(places)
    for state in range(len(places)):
        for place in range(len(places) - 1, state - 1, -1):
            if all(optional for _, optional in places[state:place]):
                table[state, list(places[place][0])] = place + 1
    return table


_ROW_NUMBER = _steps((_BUT_0, 1, 1), (_DIGITS, 0, 11), (b'"', 1, 1))
_CELL_NAME = _steps((_LETTERS, 1, 3), (_BUT_0, 1, 1), (_DIGITS, 0, 5), (b'"', 1, 1), (b" />", 1, 1))


def _accepts(table: Places, rows: Signs) -> Mask:
    """Which rows of signs begin as a table of `_steps` says."""
    states: Places = np.zeros(len(rows), dtype=np.intp)
    accepted = len(table) - 2
    for column in rows[:, :accepted].T.astype(np.intp, order="C"):
        states = table.ravel().take(states * 256 + column, mode="clip")
        if not len(rows) or states.min() >= accepted:
            break
    found: Mask = states == accepted
    return found


def _numbers(rows: Signs, zero: int, first: int, base: int) -> Numbers:
    """The numbers with which rows of signs begin; `zero` is the sign whose digit is `first`."""
    if not len(rows):
        return Numbers()
    numbers = np.zeros(len(rows), dtype=np.int64)
    going_on = np.ones(len(rows), dtype=bool)
    for column in rows.T:
        digits = column - np.uint8(zero)  # of a sign before it, this wraps round to more than any digit
        going_on &= digits < base
        if not going_on.any():
            break
        numbers = np.where(going_on, numbers * base + digits + first, numbers)
    return Numbers(len(rows), int(numbers.min()), int(numbers.max()))
