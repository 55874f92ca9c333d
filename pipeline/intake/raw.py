"""What a reader hands on: cells as they stand in the file, before anybody decides what they mean."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A cell that shows an Excel error, such as `#N/A`."""

    code: str


@dataclass(frozen=True, slots=True)
class UncalculatedFormula:
    """A formula whose result the file does not hold (made by a program, never opened in Excel)."""

    formula: str


PlainCell = None | str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta
Cell = PlainCell | ErrorCell | UncalculatedFormula


@dataclass(frozen=True)
class RawSheet:
    """One sheet: a rectangle of cells and where it stands.

    `rows[i][j]` is the cell at sheet row `first_row + i`, column `first_column + j` (both counted from 1).
    Empty cells are None. Rows and columns of nothing around the rectangle are not held.
    `shown` has, by (sheet row, column), the text that a whole number shows where its format puts more there than
    its digits (`000000`: 123 shown as 000123; `"M"000`: 7 shown as M007), and all digits of a number of more than
    15 where the file still holds them. `widths` tells of a text file how many cells each of its lines has, as lines
    may be of different lengths.
    """

    name: str
    rows: list[list[Cell]]
    first_row: int = 1
    first_column: int = 1
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[str, ...] = ()
    visible: bool = True
    shown: Mapping[tuple[int, int], str] = field(default_factory=dict)
    widths: tuple[int, ...] = ()


@dataclass(frozen=True)
class Remark:
    """Something the reader noticed that the sender should know.

    Its sentence is `intake_reading.remark.<rule>`, filled in with the other fields and `details`;
    `sheet` and `cell` are empty where the whole file is meant.
    """

    rule: str
    sheet: str = ""
    cell: str = ""
    found: str = ""
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RawBook:
    """A file that could be read: its sheets in order, and remarks.

    `own_sheets` are the names of sheets that stood in it when it was made here, as the file itself says.
    `dates_1904` tells that its days are counted from 1904-01-01 (0), also in cells without a date format.
    """

    format: str
    sheets: tuple[RawSheet, ...]
    remarks: tuple[Remark, ...] = field(default=())
    own_sheets: frozenset[str] = frozenset()
    dates_1904: bool = False


def cell_address(row: int, column: int) -> str:
    """The name Excel gives a cell, row and column counted from 1: (17, 6) → F17."""
    return f"{column_letters(column)}{row}"


def column_letters(column: int) -> str:
    """The letters Excel gives a column counted from 1: 1 → A, 28 → AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
