"""What one cell gives: a value, and the rule that it broke or the way in which it was understood."""

from dataclasses import dataclass
from typing import Literal

from pipeline.base.moments import DEFAULT_TIME_ZONE
from pipeline.intake.raw import Cell, ErrorCell, UncalculatedFormula

SAFE_WHOLE = 10**15  # Excel keeps 15 digits of a number
DayOrder = Literal["", "ymd", "mdy", "dmy"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, and the rule that it broke or the way in which it was understood (`kept`)."""

    value: object = None
    rule: str = ""
    kept: bool = True
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Manner:
    """How days and months are written in one table, as far as a cell alone does not tell.

    `order` is declared in the settings of an export (6/5/2024 as mdy or dmy). In a book that counts from 1904
    (`dates_1904`) so do the numbers in cells without a date's format. `months_as_days`: a month alone may stand for its
    last day (an export's month totals). `typeless`: the file knows only text, where 2024.1 may be what is left of
    2024.10. `times_are_days`: the times of the whole column lie around midnight, so that they are no times of day.
    `time_zone`: the office's, for stamps that name another.
    """

    order: DayOrder = ""
    dates_1904: bool = False
    months_as_days: bool = False
    typeless: bool = False
    times_are_days: bool = True
    time_zone: str = DEFAULT_TIME_ZONE


EMPTY = Reading()
NOTHING = Reading(None, "nothing_typed")  # what people and systems write for "nothing"
USUAL = Manner()


def fault(rule: str, **details: str) -> Reading:
    """No value: the rule that the cell broke."""
    return Reading(None, rule, kept=False, details=tuple(details.items()))


def understood(value: object, rule: str, **details: str) -> Reading:
    """A value, and how it was understood."""
    return Reading(value, rule, kept=True, details=tuple(details.items()))


def shown(cell: Cell) -> str:
    """A cell as the sender sees it, more or less."""
    if isinstance(cell, ErrorCell):
        return cell.code
    if isinstance(cell, UncalculatedFormula):
        return cell.formula
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < SAFE_WHOLE:
        return str(int(cell))
    if isinstance(cell, bool):
        return str(cell).upper()
    return str(cell)
