"""Writes a workbook plan as an .xlsx file, by the methods of xlsxwriter.

The same plan gives the same bytes: the only date inside is the first day after the reported month.
"""

import datetime as dt
from pathlib import Path
from typing import IO, Any

from pipeline.contract.form_layout import OWN_SHEET
from pipeline.words import Language
from pipeline.workbooks.blocks import Note, SheetPlan, WorkbookPlan, sheet_keys
from pipeline.workbooks.draw import Formats, Pen, clean
from pipeline.workbooks.layout import TITLE_ROWS, SheetLayout, growing_rows, header_row, lay_out
from pipeline.workbooks.paper import last_printed_column, last_printed_row, prints_on_one_page
from pipeline.workbooks.places import find_tables
from pipeline.workbooks.quick import QuickWorkbook
from pipeline.workbooks.styles import FONTS, PAGE, ROW_PIXELS

_MM_AN_INCH = 25.4
_POINTS_A_PIXEL = 0.75
_A4 = 9
_LONGEST_FOOTER = 255
_LONG_TABLE = 16


def writer_options() -> dict[str, Any]:
    """The options of a new workbook; made anew each time, as the library changes what it is given."""
    return {
        # Text that people typed is never taken for a formula, a link or a number.
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
        # Column widths are counted in digits of this font. It, or one of its measure, is found everywhere.
        "default_format_properties": {"font_name": "Arial", "font_size": 10},
    }


def write_workbook(plan: WorkbookPlan, target: Path | IO[bytes]) -> None:
    """Writes the plan to a path, or into an open binary file.

    Raises:
        xlsxwriter.exceptions.FileCreateError: when the path cannot be written.
    """
    layouts = [lay_out(sheet, plan.language) for sheet in plan.sheets]
    tables = find_tables(layouts)
    names = {key: sheet.name for key, sheet in sheet_keys(plan.sheets).items()}
    workbook = QuickWorkbook(target if not isinstance(target, Path) else str(target), writer_options())
    workbook.set_properties(_properties(plan))
    for number, sheet_plan in enumerate(plan.sheets, 1):
        workbook.set_custom_property(f"{OWN_SHEET}{number}", sheet_plan.name, "text")
    workbook.set_size(24_000, 14_000)
    formats = Formats(workbook, plan.language)
    sheets = [workbook.add_worksheet(sheet.name) for sheet in plan.sheets]
    for sheet, layout in zip(sheets, layouts, strict=True):
        pen = Pen(workbook, sheet, layout, formats, tables, names, plan.language)
        _write_sheet(pen, plan)
    for sheet, sheet_plan in zip(sheets, plan.sheets, strict=True):
        if sheet_plan.key == (plan.opens_on or plan.sheets[0].key):
            sheet.activate()
    workbook.close()


def _properties(plan: WorkbookPlan) -> dict[str, Any]:
    created = dt.datetime.combine((plan.month + 1).first_day, dt.time())
    words = {"title": plan.title, "author": plan.organisation, "company": plan.organisation, **plan.properties}
    return {key: _printable(text) for key, text in words.items()} | {"created": created}


def _write_sheet(pen: Pen, plan: WorkbookPlan) -> None:
    layout, sheet = pen.layout, pen.sheet
    sheet.set_default_row(ROW_PIXELS * _POINTS_A_PIXEL)
    for column, width in enumerate(layout.columns):
        sheet.set_column_pixels(column, column, width)
    for row, height in sorted(layout.heights.items()):
        sheet.set_row_pixels(row, height)
    last = last_printed_row(layout)
    more = layout.plan.more_on_screen if last < layout.last_row else ""
    pen.title(layout.plan.title, layout.plan.subtitle + more, layout.plan.back)
    for placed in layout.placed:
        pen.draw(placed)
    for row in growing_rows(layout):
        sheet.let_grow(row)
    _view(sheet, layout)
    _print(sheet, layout, plan, last)
    if layout.plan.locked:
        _lock(sheet)


def _leading_table(layout: SheetLayout) -> int | None:
    """The header row of a sheet that is one long table: it stays in sight, and is repeated in print."""
    tables = layout.plan.tables()
    first = layout.placed[0] if layout.placed else None
    others = [one for one in layout.placed[1:] if not isinstance(one.block, Note)]
    if first is None or others or first.block not in tables or len(tables[0].rows) < _LONG_TABLE:
        return None
    return header_row(first)


def _view(sheet: Any, layout: SheetLayout) -> None:
    sheet.hide_gridlines(2)
    header = _leading_table(layout)
    if layout.plan.grid == "table":
        sheet.freeze_panes(TITLE_ROWS if header is None else header + 1, layout.plan.freeze_columns)
    row = header + 1 if header is not None else TITLE_ROWS + 1
    sheet.set_selection(row, 0, row, 0)


def _print(sheet: Any, layout: SheetLayout, plan: WorkbookPlan, last: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    inches = (side / _MM_AN_INCH for side in (PAGE.left, PAGE.right, PAGE.top, PAGE.bottom))
    sheet.set_margins(*inches)
    sheet.center_horizontally()
    sheet.print_area(0, 0, last, last_printed_column(layout))
    sheet.set_footer(_footer(plan, plan.language), {"margin": 6 / _MM_AN_INCH})
    if prints_on_one_page(layout):
        sheet.fit_to_pages(1, 1)
        return
    header = _leading_table(layout)
    sheet.repeat_rows(0, TITLE_ROWS - 1 if header is None else header)
    sheet.fit_to_pages(1, 0)
    if layout.breaks:
        sheet.set_h_pagebreaks(list(layout.breaks))


def _footer(plan: WorkbookPlan, language: Language) -> str:
    font = f'&"{FONTS[language]["font_name"]},Regular"&8 '
    text = _printable(plan.footer).replace("&", "&&")
    page = plan.page_words
    room = _LONGEST_FOOTER - 2 * len(font) - len(page) - len("&L&R")
    return f"&L{font}{text[:room].rstrip('&')}&R{font}{page}"


def _printable(text: str) -> str:
    """Text without control characters, for the places where the file format has no way to write them."""
    return "".join(sign for sign in clean(text) if sign.isprintable() or sign == "\u3000")


def _lock(sheet: Any) -> None:
    """Locks all but the entry cells, without a password: against slips, not against people."""
    sheet.protect(
        "",
        {
            "format_columns": True,
            "format_rows": True,
            "autofilter": True,
            "sort": True,
            "select_locked_cells": True,
            "select_unlocked_cells": True,
            "objects": False,
        },
    )


def sheet_of(plan: WorkbookPlan, key: str) -> SheetPlan:
    """The sheet of that key; raises KeyError when the workbook has none."""
    return sheet_keys(plan.sheets)[key]
