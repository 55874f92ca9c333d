"""What the cells below a heading look like: days, numbers, codes that the master data know, entries of a list."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.intake.days import read_day, read_month
from pipeline.intake.number_forms import number_reader
from pipeline.intake.raw import Cell
from pipeline.intake.reading import Manner, shown
from pipeline.intake.text_forms import alike, plain
from pipeline.intake.values import read_flag
from schemas.columns import NUMBERS, Choice, Column
from schemas.profile import Profile

MOST_ROWS = 300  # that are looked at
_MANNERS = tuple(Manner(order=order, months_as_days=True) for order in ("", "mdy", "dmy"))
_read_number = number_reader("", whole=False)


@dataclass(frozen=True)
class Known:
    """What the master data hold: the codes and names of each form, reduced as `alike` does."""

    codes: Mapping[str, frozenset[str]]
    names: Mapping[str, frozenset[str]]


def share(cells: Sequence[Cell], holds: Callable[[Cell], bool]) -> float:
    """Which part of the filled cells are so; 0.5 where none is filled, which tells nothing."""
    filled = [cell for cell in cells if cell is not None and shown(cell).strip()]
    return sum(map(holds, filled)) / len(filled) if filled else 0.5


def is_day(cell: Cell) -> bool:
    """Whether a cell is a day or a month, however it is written."""
    if isinstance(cell, dt.date):
        return True
    if not isinstance(cell, str) and not (isinstance(cell, float) and 30_000 < cell < 80_000):
        return False
    return any(read_day(cell, manner).value is not None for manner in _MANNERS)


def is_number(cell: Cell) -> bool:
    """Whether a cell is a number; a code that begins with a zero is none."""
    if (
        isinstance(cell, str)
        and (text := plain(cell)).isdigit()
        and ((text.startswith("0") and len(text) > 1) or len(text) > 9)
    ):
        return False
    return _read_number(cell).value is not None


def fit(cells: Sequence[Cell], column: Column, profile: Profile, known: Known) -> float:
    """How well cells fit a column (0 to 1)."""
    if column.kind == "day":
        return share(cells, is_day)
    if column.kind == "month":
        return share(cells, lambda cell: read_month(cell).value is not None)
    if column.kind in NUMBERS:
        return share(cells, is_number)
    if column.kind == "choice":
        words = {plain(text).casefold() for one in _choices(column, profile) for text in (one.key, one.zh, one.en)}
        return share(cells, lambda cell: plain(shown(cell)).casefold() in words)
    if column.kind == "flag":
        return share(cells, lambda cell: read_flag(cell).value is not None)
    if column.kind == "text":
        return 1.0 - share(cells, is_number) / 2
    return 1.0 if not column.refers_to else 0.7 + 0.3 * of_master(cells, column.refers_to, known)


def of_master(cells: Sequence[Cell], form: str, known: Known) -> float:
    """Which part of the cells are codes or names of a master form; 1 where nothing is known of it."""
    codes, names = known.codes.get(form), known.names.get(form, frozenset())
    if not codes:
        return 1.0
    return share(cells, lambda cell: _is_of(cell, codes) or alike(shown(cell)) in names)


def _is_of(cell: Cell, codes: Collection[str]) -> bool:
    text = alike(shown(cell))
    return text in codes or text.lstrip("0") in codes or any(part in codes for part in text.split("("))


def _choices(column: Column, profile: Profile) -> Sequence[Choice]:
    return column.choices or (profile.choices(column.list_name) if column.list_name else ())
