"""The quicker writer writes what xlsxwriter writes, whatever stands in the cells."""

import datetime as dt
import io
import math
from typing import Any

import pytest
import xlsxwriter

from pipeline.workbooks.quick import QuickWorkbook

CREATED = dt.datetime(2024, 7, 1)
LONG = "长" * 20_000
LONGEST = "\U00020000" * 20_000  # two units each: longer than a cell holds


def fill(sheet: Any, bold: Any, red: Any) -> None:
    """Cells of every kind, with and without formats, with gaps between rows and columns."""
    sheet.write_string(0, 0, "A & <B> \"C\" 'd'", bold)
    sheet.write_string(0, 1, "A & <B> \"C\" 'd'")
    sheet.write_string(0, 30, " spaces \n and lines ", red)
    sheet.write_string(1, 0, LONG, bold)
    sheet.write_string(1, 1, LONGEST, bold)
    sheet.write_string(1, 2, "_x0041_ \x07 \ufffe", bold)
    for row, number in enumerate((0, -1, 3, 1 / 3, 1e300, 123456789012345678, True), start=14):
        sheet.write_number(row, row % 3, number, red)
        sheet.write_number(row, 5, number)
    sheet.write_blank(40, 1, None, bold)
    sheet.write_blank(40, 2, None)
    sheet.write_datetime(41, 1, dt.date(2024, 6, 30), red)
    sheet.write_boolean(42, 1, True, red)
    sheet.write_formula(43, 1, "=1+1", red, 2)
    sheet.write_url(44, 1, "internal:'First'!A1", red, string="there & back")
    sheet.write_rich_string(45, 0, "plain ", bold, "bold", red)
    sheet.merge_range(47, 0, 47, 4, "", bold)
    sheet.write_string(47, 0, "over five", bold)
    sheet.set_row(50, 40)
    sheet.set_row(51, 40, bold)
    sheet.write_number(51, 2, 5)
    sheet.set_column(7, 7, 20, red)
    sheet.write_number(52, 7, 5)
    sheet.write_string(0, 0, "written once more", red)
    sheet.add_table(60, 2, 63, 4, {"columns": [{"header": one} for one in "abc"]})


def book(kind: Any, comments: bool = False) -> bytes:
    target = io.BytesIO()
    workbook = kind(target, {"in_memory": True})
    workbook.set_properties({"created": CREATED})
    first, _, third = (workbook.add_worksheet(name) for name in ("First", "Empty", "Third"))
    bold, same = workbook.add_format({"bold": True}), workbook.add_format({"bold": True})
    fill(first, bold, workbook.add_format({"font_color": "red"}))
    fill(third, same, workbook.add_format({"num_format": "0.0"}))
    if comments:
        third.write_comment(100, 3, "a comment below all cells")
    workbook.close()
    return target.getvalue()


@pytest.mark.parametrize("comments", [False, True])
def test_the_bytes_are_those_of_xlsxwriter(comments: bool) -> None:
    assert book(QuickWorkbook, comments) == book(xlsxwriter.Workbook, comments)


@pytest.mark.parametrize("place", [(-1, 0), (0, -1), (1_048_576, 0), (0, 16_384)])
def test_a_place_outside_a_sheet_is_told_as_by_xlsxwriter(place: tuple[int, int]) -> None:
    sheet = QuickWorkbook(io.BytesIO()).add_worksheet()
    assert sheet.write_string(*place, "text") == sheet.write_number(*place, 1.0) == -1
    assert not sheet.table


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_a_number_that_is_none_is_refused_as_by_xlsxwriter(number: float) -> None:
    with pytest.raises(TypeError):
        QuickWorkbook(io.BytesIO()).add_worksheet().write_number(0, 0, number)


def test_a_text_longer_than_a_cell_holds_is_told_of() -> None:
    assert QuickWorkbook(io.BytesIO()).add_worksheet().write_string(0, 0, LONGEST) == -2
