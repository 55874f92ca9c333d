"""Filling in sign-in books as a manager does, in Excel."""

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

TICKS = ("传递信息", "核对库存", "陈列达标", "执行零售指导价", "守法经营", "客户签字")
HEADINGS = 3  # the row of headings


def headings(sheet: Worksheet) -> dict[str, int]:
    """The column of each heading, by its first line."""
    return {str(cell.value).split("\n")[0]: cell.column for cell in sheet[HEADINGS] if cell.value}


def printed_rows(sheet: Worksheet) -> dict[tuple[str, str], int]:
    """The row of each customer that stands in the book, by day (ISO) and code."""
    at = headings(sheet)
    found = {}
    for row in range(HEADINGS + 1, sheet.max_row + 1):
        code = sheet.cell(row, at["客户编码"]).value
        if code:
            found[f"{sheet.cell(row, at['访问日期']).value:%Y-%m-%d}", str(code)] = row
    return found


def spare_rows(sheet: Worksheet) -> list[int]:
    """The empty rows at the foot of pages."""
    codes = headings(sheet)["客户编码"]
    merged = {one.min_row for one in sheet.merged_cells.ranges}
    rows = range(HEADINGS + 1, int(sheet.print_area.rpartition("$")[2]) + 1)
    return [
        one
        for one in rows
        if not sheet.cell(one, codes).value and not sheet.cell(one, 1).value and one not in merged
    ]


def filled_in(
    book: Path,
    *visits: tuple[str, str],
    more: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
    unplanned: tuple[Mapping[str, Any], ...] = (),
) -> bytes:
    """A book with all ticks of these visits (day and customer, as printed), `more` cells of some rows by heading, and
    `unplanned` rows at the foot of the first page."""
    workbook = load_workbook(book)
    sheet = workbook.worksheets[0]
    at, rows = headings(sheet), printed_rows(sheet)
    for visit in visits:
        for tick in TICKS:
            sheet.cell(rows[visit], at[tick]).value = "是"
    for visit, cells in (more or {}).items():
        for heading, value in cells.items():
            sheet.cell(rows[visit], at[heading]).value = value
    for row, cells in zip(spare_rows(sheet), unplanned, strict=False):
        for heading, value in {**dict.fromkeys(TICKS, "是"), **cells}.items():
            sheet.cell(row, at[heading]).value = value
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def typed(day: str) -> dt.datetime:
    """A day as Excel holds what somebody typed."""
    return dt.datetime.fromisoformat(day)
