"""Titles of tables on a sheet: a text alone, followed by a line of headings."""

import re
from collections.abc import Sequence

from pipeline.intake.not_data import has_content, has_words, plain, word_kind
from pipeline.intake.raw import Cell, RawSheet
from pipeline.intake.reading import shown

TITLE_CELLS = 2  # a title may have a date or a unit beside it


FEWEST_HEADINGS = 3


BELOW_TITLE = 6  # rows in which the headings of a title stand


_PAGE = re.compile(
    r"(?:第?\d+页|共\d+页|第?\d+/\d+页?|page\d+(?:of\d+)?|\(续(?:表|前)?\d*\)|续表\d*)", re.IGNORECASE
)


def title_rows(sheet: RawSheet) -> list[int]:
    """The rows (index) that are titles of tables: a text alone, followed by a line of headings."""
    return [index for index, row in enumerate(sheet.rows) if is_title(row) and leads_to_headings(sheet, index)]


def title_in(row: Sequence[Cell]) -> str:
    """The text of a title."""
    return next((shown(cell).strip() for cell in row if has_content(cell)), "")


def is_title(row: Sequence[Cell]) -> bool:
    """Whether a row holds a text alone, or with one beside it (a date, a unit), that is no total or remark."""
    held = [cell for cell in row if has_content(cell)]
    texts = list(dict.fromkeys(plain(cell) for cell in held if isinstance(cell, str)))
    return (
        len(texts) > 0
        and isinstance(held[0], str)
        and len(texts) <= TITLE_CELLS
        and len(held) <= max(TITLE_CELLS, len(texts))
        and not word_kind(held[0])
    )


def leads_to_headings(sheet: RawSheet, index: int) -> bool:
    """Whether the next row that holds anything, other lines of a title left aside, is one of headings."""
    for row in sheet.rows[index + 1 : index + BELOW_TITLE]:
        if any(map(has_content, row)) and not is_title(row):
            return _is_line_of_headings(row)
    return False


def _is_line_of_headings(row: Sequence[Cell]) -> bool:
    """Whether a row has several different texts and no number."""
    held = [cell for cell in row if has_content(cell)]
    texts = {plain(cell) for cell in held if has_words(cell) and not word_kind(str(cell))}
    return len(texts) >= FEWEST_HEADINGS and len(texts) * 2 > len(held) and all(map(has_words, held))


def title_above(sheet: RawSheet, header: int) -> str:
    """The title right above a line of headings; of several lines the first."""
    title = ""
    for row in reversed(sheet.rows[:header]):
        if not any(map(has_content, row)):
            if title:
                break
            continue
        if not is_title(row):
            break
        title = title_in(row)
    return title


def same_title(one: str, other: str) -> bool:
    """Whether two titles are one, printed on several pages."""
    return _PAGE.sub("", plain(one)) == _PAGE.sub("", plain(other))
