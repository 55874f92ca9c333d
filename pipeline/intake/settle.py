"""Cells get their types here, before pandera sees them: what is certain is understood, the rest is a fault.

"Understood" are the ways people type in an office: full-width digits, thousands separators, blanks around a
value, text dates (2024年6月5日, 2024.6.5, 2024/6/5, 20240605), 是/否/Y/N/√, / or 无 for nothing. Each such cell is
noted. Anything that could mean two things (6/5/2024, 6月5日, 12.5 in a whole number) is a fault, never a guess.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray
from pandas.api.types import pandas_dtype

from pipeline.intake import values
from pipeline.intake.clocks import read_clock
from pipeline.intake.codes import Codes
from pipeline.intake.days import read_day, read_month, times_are_days
from pipeline.intake.number_forms import number_reader
from pipeline.intake.raw import Cell, ErrorCell, UncalculatedFormula
from pipeline.intake.reading import EMPTY, NOTHING, USUAL, Manner, Reading, fault, shown
from pipeline.intake.text_forms import is_error, is_nothing, visible
from schemas.columns import DTYPES, Choice, Column

Key = TypeVar("Key")
_NUMBERS = frozenset((int, float, bool))
_TEXT_AS_FORMULA = re.compile(r'="[^"]*"')  # how programs keep Excel from changing what they write
_GUARDED = ("id", "day", "month", "whole", "number", "money")
_DTYPES: dict[str, Any] = {kind: pandas_dtype(name) for kind, name in DTYPES.items()}


@dataclass(frozen=True, slots=True)
class Fault:
    """What was odd about one cell: `position` counts the cells from 0; `kept` when its value was understood."""

    position: int
    rule: str
    found: str
    kept: bool
    details: tuple[tuple[str, str], ...] = ()


def settle_column(
    cells: Sequence[Cell], column: Column, choices: tuple[Choice, ...] = ()
) -> tuple[pd.Series, list[Fault]]:
    """The typed values of one column's cells as a series, and what was odd about some; see `settle_cells`."""
    values, faults = settle_cells(cells, column, choices)
    return pd.Series(values, name=column.name), faults


def settle_cells(
    cells: Sequence[Cell],
    column: Column,
    choices: tuple[Choice, ...] = (),
    manner: Manner = USUAL,
    codes: Codes | None = None,
) -> tuple[ExtensionArray, list[Fault]]:
    """The typed values of one column's cells, and what was odd about some.

    Args:
        cells: the column's cells, top to bottom; None is empty.
        column: what the form says of the column.
        choices: the list of a `choice` column.
        manner: how days and months are written in this table.
        codes: the master data that a code's column refers to, where they are known.

    Returns:
        An array of the column's stored type, one value a cell (missing where empty or not understood), and the
        faults in the order of the cells.
    """
    different, places = _distinct(cells)
    if column.kind == "day":
        manner = replace(manner, times_are_days=times_are_days(different, manner))
    read = _reader(column, choices, manner)
    readings = [_read_any(cell, read, column) for cell in different]
    if codes is not None:
        readings = [codes.meant(reading) for reading in readings]
    meant: list[Any] = [reading.value for reading in readings]
    distinct = pd.array(meant, dtype=_DTYPES[column.kind])
    return distinct.take(places), _faults(cells, readings, places, column, choices)


def _faults(
    cells: Sequence[Cell],
    readings: Sequence[Reading],
    places: NDArray[np.intp],
    column: Column,
    choices: tuple[Choice, ...],
) -> list[Fault]:
    odd = [reading.rule != "" for reading in readings]
    if not any(odd):
        return []
    return [
        _fault(position, cells[position], readings[places[position]], column, choices)
        for position in np.flatnonzero(np.array(odd)[places]).tolist()
    ]


def _distinct(cells: Sequence[Cell]) -> tuple[list[Cell], NDArray[np.intp]]:
    """The different cells of a column in the order in which they come, and which of them each cell is."""
    different, places = _numbered(cells)
    if _NUMBERS.isdisjoint(map(type, different)) or len(set(map(type, cells)) - {type(None)}) == 1:
        return different, places
    kinds = list(zip(map(type, cells), cells, strict=True))  # 1, 1.0 and True are equal, and not the same
    numbered, places = _numbered(kinds)
    return [cell for _, cell in numbered], places


def _numbered(keys: Sequence[Key]) -> tuple[list[Key], NDArray[np.intp]]:
    numbers: defaultdict[Key, int] = defaultdict(count().__next__)
    places = np.fromiter(map(numbers.__getitem__, keys), dtype=np.intp, count=len(keys))
    return list(numbers), places


def _read_any(cell: Cell, read: Callable[[Cell], Reading], column: Column) -> Reading:
    if cell is None:
        return EMPTY
    if isinstance(cell, ErrorCell) or (isinstance(cell, str) and is_error(cell)):
        return fault("error_cell")
    if isinstance(cell, UncalculatedFormula):
        constant = column.kind in _GUARDED and _TEXT_AS_FORMULA.fullmatch(cell.formula)
        return read(cell.formula) if constant else fault("uncalculated_formula")
    if isinstance(cell, str) and not visible(cell).strip():
        return EMPTY
    reading = read(cell)
    if isinstance(cell, str) and _is_none(cell, reading, column):
        reading = NOTHING
    return fault("required") if reading is NOTHING and column.required else reading


def _is_none(cell: str, reading: Reading, column: Column) -> bool:
    """Whether a text stands for "nothing": not in free text, nor where it is a value (a list may have an entry 无)."""
    if column.kind == "text" or (reading.kept and column.kind != "id"):
        return False
    return is_nothing(cell, optional=not column.required)


def _fault(position: int, cell: Cell, reading: Reading, column: Column, choices: tuple[Choice, ...]) -> Fault:
    details = reading.details or _details(reading.rule, column, choices)
    return Fault(position, reading.rule, shown(cell), reading.kept, details)


def _reader(column: Column, choices: tuple[Choice, ...], manner: Manner) -> Callable[[Cell], Reading]:
    if column.kind == "choice":
        return values.choice_reader(choices)
    if column.kind == "flag":
        return values.read_flag
    if column.kind in ("whole", "number", "money"):
        return number_reader(column.unit, whole=column.kind == "whole")
    plain: dict[str, Callable[[Cell], Reading]] = {
        "text": values.read_text,
        "id": values.read_id,
        "day": partial(read_day, manner=_of_column(manner, column), in_month=column.in_month),
        "clock": read_clock,
        "month": partial(read_month, manner=manner),
    }
    return plain[column.kind]


def _of_column(manner: Manner, column: Column) -> Manner:
    """A month alone stands for a day only where the day places the row in its month."""
    return manner if column.in_month else replace(manner, months_as_days=False)


def _details(rule: str, column: Column, choices: tuple[Choice, ...]) -> tuple[tuple[str, str], ...]:
    """The values that the rule's sentence quotes."""
    if rule == "choice":
        return (
            ("zh", "、".join(choice.zh for choice in choices)),
            ("en", ", ".join(choice.en for choice in choices)),
        )
    return (("unit", column.unit or ""),) if rule in ("number", "whole") else ()
