"""Makes the tables of a sheet narrower together: texts and headers break over lines, numbers and codes keep their room.

Tables below each other share columns, so that each column is as wide as the widest of them asks; where that is more
than a page holds, the widest columns that can give way do so first.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from pipeline.words import Language
from pipeline.workbooks.blocks import Block, Column, Link, SheetPlan, Table
from pipeline.workbooks.styles import TEXT_STYLES
from pipeline.workbooks.widths import (
    INDENT,
    NARROWEST,
    PADDING,
    PIXELS_A_UNIT,
    column_pixels,
    pixels,
    widest_texts,
)

LEAST_TEXT = 78  # pixels: four Chinese signs and the room beside them
HEADER_LINES = 3
_UNBROKEN = re.compile(r"[^\s\u2e80-\uffef]+")  # Latin words, codes, numbers: broken only where nothing else helps


class Needs(NamedTuple):
    """Of a column, in pixels: what it takes if nothing gives way; if its header breaks over lines; if its texts do."""

    wide: int
    whole: int
    least: int


class Measures:
    """What the columns of tables need, each table measured once."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._known: dict[int, tuple[Table, list[Needs]]] = {}

    def of_sheet(self, sheet: SheetPlan) -> list[Needs]:
        """Of each of the columns that the tables of a sheet share, the most that one needs."""
        together: list[Needs] = []
        for table in (table for table in sheet.tables() if table.rows):
            for place, needs in enumerate(self.of_table(table)):
                known = together[place : place + 1]
                together[place : place + 1] = [Needs(*map(max, needs, known[0])) if known else needs]
        return together

    def of_table(self, table: Table) -> list[Needs]:
        """What each column of a table needs."""
        if id(table) not in self._known:
            needs = [_needs(table, place, self._language) for place in range(len(table.columns))]
            self._known[id(table)] = table, needs
        return self._known[id(table)][1]


def can_be(sheet: SheetPlan, most: float, measures: Measures) -> bool:
    """Whether the tables of a sheet can be read within so many pixels."""
    return sum(one.least for one in measures.of_sheet(sheet)) <= most


def narrowed(sheet: SheetPlan, most: float, measures: Measures) -> SheetPlan:
    """The sheet with tables at most so many pixels wide together, or as little wider as they can be read."""
    needs = measures.of_sheet(sheet)
    wide, whole, least = ([getattr(one, name) for one in needs] for name in Needs._fields)
    most = max(most, sum(least))
    if sum(wide) <= most:
        return sheet
    # Headers break first, which costs a line; texts only where that is not enough.
    widths = _given_way(wide, whole, most) if sum(whole) <= most else _given_way(whole, least, most)
    return replace(sheet, blocks=tuple(_fitted(block, widths, measures) for block in sheet.blocks))


def _needs(table: Table, place: int, language: Language) -> Needs:
    column, texts = table.columns[place], widest_texts(table, place, language)
    wide = column_pixels(table, place, language, texts)
    if column.style == "spark":
        return Needs(wide, wide, wide)
    header, is_text = _least_of_header(column.header), column.style in TEXT_STYLES
    on_one_line = max(map(pixels, texts), default=0) + (INDENT if is_text else 0)
    # Some programs do not break the text of a link.
    breaks = is_text and not any(isinstance(row[place], Link) for row in table.rows)
    broken = max(map(_least_of_text, texts), default=0) if breaks else on_one_line
    whole = wide if column.units else min(max(NARROWEST, on_one_line, header), wide)
    return Needs(wide, whole, min(max(NARROWEST, broken, header), whole))


@lru_cache(maxsize=20_000)
def _least_of_text(text: str) -> int:
    longest = max((pixels(run) for run in _UNBROKEN.findall(text)), default=0)
    return max(longest, min(pixels(text), LEAST_TEXT)) + INDENT


@lru_cache(maxsize=20_000)
def _least_of_header(header: str) -> int:
    """Its longest line broken in three, its words whole; the filter's button stands below the shorter last one."""
    lines = header.split("\n")
    broken = max(math.ceil((pixels(line) - PADDING) * 1.1 / HEADER_LINES) for line in lines)
    runs = [run for line in lines for run in _UNBROKEN.findall(line)]
    words = max(((pixels(run) - PADDING) * 1.1 + PADDING for run in runs), default=0)
    return math.ceil(max(broken + PADDING, words))


def _given_way(wide: Sequence[int], least: Sequence[int], most: float) -> list[int]:
    """Widths that fit: the widest columns are cut to one width, none below what it needs."""
    low, high = 0, max(wide)
    while high - low > 1:
        cap = (low + high) // 2
        fits = sum(_capped(wide, least, cap)) <= most
        low, high = (cap, high) if fits else (low, cap)
    return _capped(wide, least, low)


def _capped(wide: Sequence[int], least: Sequence[int], cap: int) -> list[int]:
    return [max(small, min(one, cap)) for one, small in zip(wide, least, strict=True)]


def _fitted(block: Block, widths: Sequence[int], measures: Measures) -> Block:
    if not isinstance(block, Table) or not block.rows:
        return block
    told = zip(block.columns, measures.of_table(block), widths, strict=False)
    return replace(block, columns=tuple(_cut(column, needs.wide, width) for column, needs, width in told))


def _cut(column: Column, wide: int, width: int) -> Column:
    if wide <= width:
        return column
    wraps = column.wrap or column.style in TEXT_STYLES
    return replace(column, units=(width - PADDING) / PIXELS_A_UNIT, wrap=wraps)
