"""Units that headings and lines above a table name: 金额(万元) over a column of yuan would be wrong by 10,000 times."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from pipeline.intake.number_forms import TIMES, UNITS, is_money, own_units
from pipeline.intake.raw import Cell
from pipeline.intake.text_forms import plain
from schemas.columns import Column

_IN_BRACKETS = re.compile(
    r"[(\[【]\s*(?:单位\s*[:：]?)?\s*([^()\[\]【】]*?)\s*[)\]】]\s*[*:]*$"
)  # the last brackets of a heading
_UNIT_LINE = re.compile(r"单位\s*[:：]\s*([^()]*)")
_SINGLE = frozenset("个张次人户家套台份笔单块件")
_TIMES = ("百", "十", *TIMES)


def other_unit(heading: Cell, column: Column, above: Sequence[Sequence[Cell]]) -> str:
    """The unit in which a heading, or a line above the table, says that a column's numbers are counted, where it is a
    known unit and not the column's own; else empty.

    Args:
        heading: the heading as it is written.
        column: the column of the form for which it stands.
        above: the rows above the headings.
    """
    if column.kind not in ("whole", "number", "money") or not isinstance(heading, str):
        return ""
    found = _IN_BRACKETS.search(plain(heading))
    if found is not None and (found[1] in UNITS or is_unit(found[1])):
        return _other_than(found[1], column)
    return _money_above(above, column) if is_money(column.unit) else ""


def _money_above(rows: Iterable[Sequence[Cell]], column: Column) -> str:
    """The unit of money that a line such as 单位：万元 gives to a table whose heading names none."""
    for cell in chain.from_iterable(rows):
        found = _UNIT_LINE.search(plain(cell)) if isinstance(cell, str) else None
        words = re.split(r"[、,;/\s]+", found[1]) if found else []
        money = next((word for word in words if word.endswith("元") and is_unit(word)), None)
        if money is not None:
            return _other_than(money, column)
    return ""


def is_unit(word: str) -> bool:
    """Whether a word is a known unit, with 万 and the like before it, or one per another (元/件)."""
    return all(_is_counted(part.strip()) for part in word.casefold().split("/"))


def _is_counted(part: str) -> bool:
    """Whether a word is a unit, or so many of one: 千瓦时 is a unit that begins like a thousand of something."""
    return part in UNITS or (part.startswith(_TIMES) and _is_counted(part[1:]))


def _other_than(word: str, column: Column) -> str:
    """The word where it is another unit than the column's; words for single things are one (个, 张)."""
    own = {*own_units(column.unit), column.unit_en.casefold()}
    both_single = word in _SINGLE and not own.isdisjoint(_SINGLE)
    return "" if word.casefold() in own or both_single else word
