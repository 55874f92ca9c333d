"""Whatever cells a workbook holds, both ways of reading give the same, and give what was written."""

import datetime as dt
import io
from typing import Any

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intake.archive import open_archive
from pipeline.intake.careful import read_carefully
from pipeline.intake.raw import RawBook
from pipeline.intake.read import read_book
from pipeline.intake.workbook_parts import checked_chunks, read_parts, read_styles, read_texts

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
    min_size=1,
)
NUMBERS = st.floats(-1e12, 1e12).map(lambda number: float(f"{number:.15g}"))
DATES = st.dates(dt.date(1900, 3, 1), dt.date(2100, 1, 1))
PLACES = st.tuples(st.integers(1, 200), st.integers(1, 60))
CELLS = st.dictionaries(PLACES, TEXTS | NUMBERS | st.booleans() | DATES, min_size=1, max_size=30)


def workbook(cells: dict[tuple[int, int], Any]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("销售")
        for (row, column), value in sorted(cells.items()):
            write = sheet.write_string if isinstance(value, str) else sheet.write
            write(row - 1, column - 1, value)
    return buffer.getvalue()


@settings(max_examples=60, deadline=None)
@given(CELLS)
def test_cells_come_back_at_their_place_with_their_type_both_ways(cells: dict[tuple[int, int], Any]) -> None:
    data = workbook(cells)
    book = read_book(data, "a.xlsx")
    assert isinstance(book, RawBook)
    sheet = book.sheets[0]
    read = {
        (sheet.first_row + i, sheet.first_column + j): cell
        for i, row in enumerate(sheet.rows)
        for j, cell in enumerate(row)
        if cell is not None
    }
    assert {place: repr(cell) for place, cell in read.items()} == {
        place: repr(cell) for place, cell in cells.items()
    }
    archive = open_archive(data)
    parts = read_parts(archive)
    careful = read_carefully(
        checked_chunks(archive, parts.sheets[0].part),
        read_styles(archive, parts.styles_part),
        read_texts(archive, parts.texts_part),
        parts.dates_1904,
    )
    assert careful.cells == read
