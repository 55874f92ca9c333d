"""What a reader hands on: cells as they stand in the file, before anybody decides what they mean."""

import datetime as dt
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
    """

    name: str
    rows: list[list[Cell]]
    first_row: int = 1
    first_column: int = 1
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[str, ...] = ()
    visible: bool = True


@dataclass(frozen=True)
class Remark:
    """Something the reader noticed that the sender should know: a catalogue key and its values.

    `sheet` and `cell` are empty where the whole file is meant.
    """

    rule: str
    sheet: str = ""
    cell: str = ""
    found: str = ""
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RawBook:
    """A file that could be read: its sheets in order, and remarks."""

    format: str
    sheets: tuple[RawSheet, ...]
    remarks: tuple[Remark, ...] = field(default=())


@dataclass(frozen=True)
class Refusal:
    """A file that could not be read: why, as a catalogue key `intake.refused.<rule>` and its values."""

    rule: str
    details: tuple[tuple[str, str], ...] = ()
