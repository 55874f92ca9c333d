"""Makes the tables of a sheet narrower together: texts and headers break over lines, numbers and codes keep their room.

Tables below each other share columns, so that each column is as wide as the widest of them asks; where that is more
than a page holds, the widest columns that can give way do so first.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

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

WidthOf = Callable[[Table, int, Language], int]
LEAST_TEXT = 78  # pixels: four Chinese signs and the room beside them
HEADER_LINES = 3
_UNBROKEN = re.compile(r"[^\s\u2e80-\uffef]+")  # Latin words, codes, numbers: broken only where nothing else helps


def narrowed(sheet: SheetPlan, most: float, language: Language) -> SheetPlan | None:
    """The sheet with tables at most so many pixels wide together; None where they cannot be."""
    wide, whole, least = (_together(sheet, one, language) for one in (column_pixels, _whole_pixels, least_pixels))
    if sum(wide) <= most:
        return sheet
    if sum(least) > most:
        return None
    # Headers break first, which costs a line; texts only where that is not enough.
    widths = _given_way(wide, whole, most) if sum(whole) <= most else _given_way(whole, least, most)
    return replace(sheet, blocks=tuple(_fitted(block, widths, language) for block in sheet.blocks))


def as_narrow_as(sheet: SheetPlan, most: float, language: Language) -> SheetPlan:
    """The sheet with tables as little wider than so many pixels as they can be read."""
    least = sum(_together(sheet, least_pixels, language))
    return narrowed(sheet, max(most, least), language) or sheet


def _whole_pixels(table: Table, place: int, language: Language) -> int:
    """The width at which a column's texts stand on one line, its header on three."""
    wide, column = column_pixels(table, place, language), table.columns[place]
    if column.style == "spark" or column.units:
        return wide
    needed = max(map(pixels, widest_texts(table, place, language)), default=0)
    needed += INDENT if column.style in TEXT_STYLES else 0
    return min(max(NARROWEST, needed, _least_of_header(column)), wide)


def least_pixels(table: Table, place: int, language: Language) -> int:
    """The least width at which a column can still be read: a header on three lines, a text broken between words."""
    column = table.columns[place]
    if column.style == "spark":
        return column_pixels(table, place, language)
    texts = widest_texts(table, place, language)
    if column.style in TEXT_STYLES:
        # Some programs do not break the text of a link.
        whole = any(isinstance(row[place], Link) for row in table.rows)
        needed = max((pixels(text) + INDENT if whole else _least_of_text(text) for text in texts), default=0)
    else:
        needed = max(map(pixels, texts), default=0)
    least = max(NARROWEST, needed, _least_of_header(column))
    return min(least, column_pixels(table, place, language))


def _least_of_text(text: str) -> int:
    longest = max((pixels(run) for run in _UNBROKEN.findall(text)), default=0)
    return max(longest, min(pixels(text), LEAST_TEXT)) + INDENT


def _least_of_header(column: Column) -> int:
    """Its longest line broken in three, its words whole; the filter's button stands below the shorter last one."""
    lines = column.header.split("\n")
    broken = max(math.ceil((pixels(line) - PADDING) * 1.1 / HEADER_LINES) for line in lines)
    runs = [run for line in lines for run in _UNBROKEN.findall(line)]
    words = max(((pixels(run) - PADDING) * 1.1 + PADDING for run in runs), default=0)
    return math.ceil(max(broken + PADDING, words))


def _together(sheet: SheetPlan, width_of: WidthOf, language: Language) -> list[int]:
    """The width of each of the columns that the tables share."""
    needed: list[int] = []
    for table in (table for table in sheet.tables() if table.rows):
        for place in range(len(table.columns)):
            needed[place : place + 1] = [max(width_of(table, place, language), *needed[place : place + 1], 0)]
    return needed


def _given_way(wide: Sequence[int], least: Sequence[int], most: float) -> list[int]:
    """Widths that fit: the widest columns are cut to one width, none below what it needs."""
    cap = max(wide)
    while sum(widths := [max(small, min(one, cap)) for one, small in zip(wide, least, strict=True)]) > most:
        cap -= 1
    return widths


def _fitted(block: Block, widths: Sequence[int], language: Language) -> Block:
    if not isinstance(block, Table) or not block.rows:
        return block
    columns = enumerate(block.columns)
    cut = (_cut(one, column_pixels(block, place, language), widths[place]) for place, one in columns)
    return replace(block, columns=tuple(cut))


def _cut(column: Column, wide: int, width: int) -> Column:
    if wide <= width:
        return column
    breaks = column.style in TEXT_STYLES
    return replace(column, units=(width - PADDING) / PIXELS_A_UNIT, wrap=column.wrap or breaks)
