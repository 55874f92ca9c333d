"""How wide texts and numbers are on a sheet, in pixels and lines."""

import datetime as dt
import math
import re
from collections.abc import Collection
from functools import cache

from pipeline.base.text_widths import units
from pipeline.words import Language
from pipeline.workbooks.blocks import Cell, Column, Link, Shown, Spark, Table
from pipeline.workbooks.styles import NUMBER_FORMATS, POINTS_WORD, TEXT_STYLES

PIXELS_A_UNIT = 7.0  # of the 10-point fonts that tables are set in
PADDING = 13  # pixels beside the text in a cell
INDENT = 8  # pixels more before texts
FILTER_BUTTON = 17  # pixels
NARROWEST, WIDEST, WIDEST_WRAPPED = 52, 330, 300
SPARK_PIXELS = 92
LONGEST_HEADER_LINE = 12  # units that stay on one line


def pixels(text: str, font_size: float = 10) -> int:
    """How wide a text is on one line."""
    return math.ceil(units(text) * PIXELS_A_UNIT * font_size / 10) + PADDING


def lines(text: str, width: int, font_size: float = 10) -> int:
    """On how many lines a text stands in a cell of `width` pixels."""
    # Latin words are not broken, so lines end a little early.
    room = max(width - PADDING - INDENT, 20) / (1.04 * PIXELS_A_UNIT * font_size / 10)
    if "\n" not in text:
        return math.ceil(units(text) / room) or 1
    return sum(math.ceil(units(part) / room) or 1 for part in text.split("\n"))


def shown_text(cell: Cell, style: str, language: Language = "zh") -> str:
    """About what a cell shows, for measuring."""
    if isinstance(cell, Shown):
        return shown_text(cell.value, cell.style or style, language)
    if isinstance(cell, Link):
        return cell.text
    if cell is None or isinstance(cell, Spark):
        return "—"
    if isinstance(cell, dt.date):
        return "2024-12-31"
    return cell if isinstance(cell, str) else _number_text(float(cell), style, language)


def _number_text(value: float, style: str, language: Language) -> str:
    places, arrow, after = _number_parts(style, language)
    return f"{arrow or ('-' if value < 0 else '')}{abs(value):,.{places}f}{after}"


@cache
def _number_parts(style: str, language: Language) -> tuple[int, str, str]:
    """How a style shows numbers: decimals, the arrow before them, the words after."""
    code = NUMBER_FORMATS[style]
    places = re.search(r"0\.(0+)", code)
    after = POINTS_WORD[language] if style == "change_points" else "%" if "%" in code else ""
    return len(places[1]) if places else 0, "▲" if "▲" in code else "", after


def column_pixels(
    table: Table, place: int, language: Language = "zh", known_texts: Collection[str] | None = None
) -> int:
    """How wide a table's column must be: for its longest cell, and its header on at most two lines; `known_texts` are
    its `widest_texts`, where they are at hand."""
    column = table.columns[place]
    if column.units:
        return round(column.units * PIXELS_A_UNIT) + PADDING
    texts = widest_texts(table, place, language) if known_texts is None else known_texts
    widest = max(map(pixels, texts), default=0)
    header = math.ceil(_header_pixels(column)) + FILTER_BUTTON
    spark = SPARK_PIXELS if column.style == "spark" else 0
    most = WIDEST_WRAPPED if column.wrap else WIDEST
    needed = min(widest + INDENT, most) if column.style in TEXT_STYLES else widest
    return max(NARROWEST, needed, min(header, most), spark)


def _header_pixels(column: Column) -> float:
    """The longest line of a header; a long line breaks once more, a Latin one not within a word."""
    return max(_line_pixels(line) for line in column.header.split("\n"))


def _line_pixels(line: str) -> float:
    whole = pixels(line) * 1.1  # bold
    if units(line) <= LONGEST_HEADER_LINE:
        return whole
    words = max((pixels(word) * 1.1 for word in line.split()), default=0)
    return max(whole / 2 + 8, words if line.isascii() else 0)


def widest_texts(table: Table, place: int, language: Language) -> set[str]:
    """The texts of a column among which its widest is: all that are no numbers, and the greatest of each style."""
    style = table.columns[place].style
    texts: set[str] = set()
    greatest: dict[str, float] = {}
    negative: set[str] = set()
    for row in (*table.rows, table.summary) if table.summary else table.rows:
        cell = row[place]
        value, own = (cell.value, cell.style or style) if isinstance(cell, Shown) else (cell, style)
        if isinstance(value, str):
            texts.add(value)
        elif isinstance(value, (float, int)):  # not a union, which takes twice as long
            greatest[own] = max(abs(value), greatest.get(own, 0.0))
            if value < 0:
                negative.add(own)
        else:
            texts.add(shown_text(value, own, language))
    signed = ((own, -value if own in negative else value) for own, value in greatest.items())
    return texts | {_number_text(value, own, language) for own, value in signed}
