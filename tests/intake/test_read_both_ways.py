"""The fast way and the careful way give the same, whatever was written and however: a cell never depends on the way."""

import random

import pytest
from fuzz_dialects import COMMON_KINDS, Dialect, grid_of, read_cells, rewritten_form, workbook_of
from fuzz_templates import valid_template

from pipeline.intake.archive import open_archive
from pipeline.intake.careful import SparseSheet, read_carefully
from pipeline.intake.raw import Cell, RawBook
from pipeline.intake.read import read_book
from pipeline.intake.scan import scan_sheet
from pipeline.intake.workbook_parts import checked_chunks, has_odd_texts, read_parts, read_styles, read_texts


def carefully(data: bytes) -> list[SparseSheet]:
    """All sheets read the careful way."""
    archive = open_archive(data)
    parts = read_parts(archive)
    styles, texts = read_styles(archive, parts.styles_part), read_texts(archive, parts.texts_part)
    return [
        read_carefully(checked_chunks(archive, entry.part), styles, texts, parts.dates_1904)
        for entry in parts.sheets
    ]


def typed(cells: dict[tuple[int, int], Cell]) -> dict[tuple[int, int], str]:
    return {place: repr(cell) for place, cell in cells.items()}


def plain_workbook(number: int) -> bytes:
    """A workbook as Excel writes it."""
    chance = random.Random(f"both-{number}")
    return workbook_of(grid_of(chance, COMMON_KINDS), Dialect(chance, odd=False))


def is_fast(data: bytes) -> bool:
    """Whether nothing in a workbook leaves it to the careful way."""
    archive = open_archive(data)
    parts = read_parts(archive)
    styles = read_styles(archive, parts.styles_part)
    unusual = any(scan_sheet(checked_chunks(archive, entry.part), styles).unusual for entry in parts.sheets)
    return not unusual and not has_odd_texts(archive, parts.texts_part)


def test_what_excel_and_our_templates_write_is_read_the_fast_way() -> None:
    assert is_fast(valid_template())
    assert sum(is_fast(plain_workbook(number)) for number in range(60)) > 40


@pytest.mark.parametrize("number", range(60))
def test_both_ways_give_the_same_cells_and_shown_digits(number: int) -> None:
    data = plain_workbook(number)
    book = read_book(data, "a.xlsx")
    assert isinstance(book, RawBook)
    for sheet, careful in zip(book.sheets, carefully(data), strict=True):
        assert typed(read_cells(sheet)) == typed(careful.cells)
        assert dict(sheet.shown) == careful.shown


@pytest.mark.parametrize("rewritten", [False, True])
def test_both_ways_give_the_same_form(rewritten: bool) -> None:
    data = rewritten_form(valid_template(), random.Random(1)) if rewritten else valid_template()
    book = read_book(data, "a.xlsx")
    assert isinstance(book, RawBook)
    for sheet, careful in zip(book.sheets, carefully(data), strict=True):
        assert typed(read_cells(sheet)) == typed(careful.cells)
        assert (dict(sheet.shown), set(sheet.hidden_rows)) == (careful.shown, careful.hidden_rows)
