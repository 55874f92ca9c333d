"""Writes a planned sign-in book with xlsxwriter."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.contract import form_layout as layout
from pipeline.templates.parts import CENTRED_FORMATS
from pipeline.templates.visit_book import (
    DAY_HEIGHT,
    HEAD_ROWS,
    LABELS_HEIGHT,
    MARGIN_SIDE_MM,
    MARGIN_TOP_MM,
    MM_AN_INCH,
    SPARE_ROWS,
    TITLE_HEIGHT,
    BookColumn,
    BookPage,
    BookPlan,
    BookVisit,
)
from pipeline.templates.write import A4, DARK, FONTS, GREY, LIGHT, OPTIONS, PROTECTION, validation_of

_SIDE, _TOP = MARGIN_SIDE_MM / MM_AN_INCH, MARGIN_TOP_MM / MM_AN_INCH  # inches
Given = tuple[int, BookVisit]  # a visit with its number on the page
LABEL_PLACES, HINT_PLACE = (1, 3, 7), 10  # the columns, counted from 0, in which the second row's texts begin
# Columns are as wide as digits of the workbook's own font: of this one every system has, or draws alike.
_DIGITS = {"font_name": "Arial", "font_size": 10}
_COLON = {"zh": "：", "en": ": "}
_BOX = {"border": 1, "border_color": "#A6A6A6", "valign": "vcenter"}
_CELL = {"valign": "vcenter", "font_size": 10}
_STYLES: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 15, "font_color": DARK, "valign": "vcenter"},
    "hint": {"font_size": 9, "font_color": GREY, "valign": "vcenter"},
    "label": {"font_size": 10, "bold": True, "valign": "vcenter"},
    "heading": {**_BOX, "font_size": 9, "bold": True, "bg_color": LIGHT, "text_wrap": True, "align": "center"},
    "required": {
        **_BOX,
        "font_size": 9,
        "bold": True,
        "bg_color": DARK,
        "font_color": "white",
        "text_wrap": True,
        "align": "center",
    },
    "day": {"font_size": 12, "bold": True, "bg_color": LIGHT, "valign": "vcenter"},
    "told": {"font_size": 9, "valign": "vcenter"},
    "told_long": {"font_size": 9, "valign": "vcenter", "text_wrap": True},
    "number": {**_CELL, "align": "center"},
    "centred": {**_CELL, "locked": False, "align": "center"},
    "entry": {**_CELL, "locked": False, "text_wrap": True},
    "small": {**_CELL, "locked": False, "text_wrap": True, "font_size": 8},
    "shrunk": {**_CELL, "locked": False, "shrink": True},
    "box": {"border": 1, "border_color": "#A6A6A6"},
}


@dataclass
class _Pen:
    """The workbook's formats, made once each."""

    book: xlsxwriter.Workbook
    font: str
    made: dict[tuple[str, str], Format] = field(default_factory=dict)

    def __call__(self, style: str, number_format: str = "") -> Format:
        key = (style, number_format)
        if key not in self.made:
            given = {"font_name": self.font, **_STYLES[style]}
            self.made[key] = self.book.add_format(
                {**given, **({"num_format": number_format} if number_format else {})}
            )
        return self.made[key]


def write_visit_book(target: Path | BinaryIO, plan: BookPlan) -> None:
    """Writes a book to a file or buffer. Same plan, same bytes."""
    options = {**OPTIONS, "default_format_properties": dict(_DIGITS)}  # xlsxwriter writes into what it is given
    with xlsxwriter.Workbook(target if not isinstance(target, Path) else str(target), options) as book:
        book.set_properties({"created": dt.datetime.combine(plan.week.monday, dt.time())})
        pen = _Pen(book, FONTS[plan.words.language])
        sheet = book.add_worksheet(plan.sheet)
        _write_head(sheet, plan, pen)
        row, breaks = HEAD_ROWS, []
        for page in plan.pages:
            row = _write_page(sheet, plan, page, row, pen)
            breaks.append(row)
        _write_rules(sheet, plan, row, pen)
        _set_up_print(sheet, plan, breaks[:-1], row)


def _write_head(sheet: Worksheet, plan: BookPlan, pen: _Pen) -> None:
    sheet.set_row(0, TITLE_HEIGHT)
    sheet.write_string(0, 0, plan.title, pen("title"))
    sheet.set_row(1, LABELS_HEIGHT)
    for (label, value), place in zip(plan.labels, LABEL_PLACES, strict=True):
        sheet.write_string(1, place, f"{label}{_COLON[plan.words.language]}{value}", pen("label"))
    sheet.write_string(1, HINT_PLACE, plan.hint, pen("hint"))
    sheet.set_row(2, plan.headings_height)
    for place, column in enumerate(plan.columns):
        hidden = {"hidden": True} if column.role == "mark" else {}
        sheet.set_column(place, place, column.width, pen(_style_of(column), column.number_format), hidden)
        sheet.write_string(2, place, column.heading, pen("required" if column.required else "heading"))


def _write_page(sheet: Worksheet, plan: BookPlan, page: BookPage, row: int, pen: _Pen) -> int:
    """Gives the row below it."""
    sheet.set_row(row, DAY_HEIGHT)
    for place in range(1, len(plan.printed_columns)):
        sheet.write_blank(row, place, None, pen("day"))
    sheet.write_string(row, 0, f"{layout.SHOWN_MARK} {page.heading}", pen("day"))
    row += 1
    for note in page.notes:
        _write_told(sheet, plan, row, note, pen)
        row += 1
    for number, visit in enumerate(page.visits, start=1):
        _write_told(sheet, plan, row, visit.told, pen)
        _write_entry(sheet, plan, page, row + 1, pen, (number, visit))
        row += 2
    for _ in range(SPARE_ROWS):
        _write_entry(sheet, plan, page, row, pen, None)
        row += 1
    return row


def _write_told(sheet: Worksheet, plan: BookPlan, row: int, text: str, pen: _Pen) -> None:
    """A line for people across the page; one that takes several lines needs all its cells to be one."""
    said = f"{layout.SHOWN_MARK} {text}"
    sheet.set_row(row, plan.told_height(text))
    if plan.lines_of(text) > 1:
        sheet.merge_range(row, 0, row, len(plan.printed_columns) - 1, said, pen("told_long"))
    else:
        sheet.write_string(row, 0, said, pen("told"))


def _write_entry(
    sheet: Worksheet, plan: BookPlan, page: BookPage, row: int, pen: _Pen, given: Given | None
) -> None:
    """A row of the form: a customer's with what is given filled in, else an empty one. Cells to be filled in take the
    look of their column."""
    sheet.set_row(row, plan.printed.entry_height)
    if given is None:
        return
    number, visit = given
    for place, (column, value) in enumerate(zip(plan.columns, plan.cells_given(page, visit, number), strict=True)):
        if isinstance(value, str) and column.role == "mark":
            sheet.write_string(row, place, value)
        elif isinstance(value, str):
            sheet.write_string(row, place, value, pen(plan.print_of(column, value), column.number_format))
        elif value is not None:
            sheet.write_number(row, place, value, pen(_style_of(column), column.number_format))


def _style_of(column: BookColumn) -> str:
    """The style of a column's cells."""
    if column.role == "number":
        return "number"
    return "centred" if column.number_format in CENTRED_FORMATS else "entry"


def _write_rules(sheet: Worksheet, plan: BookPlan, end: int, pen: _Pen) -> None:
    for place, column in enumerate(plan.columns):
        if column.rule is not None and not column.rule.list_key:  # the book has no sheet of lists
            rule = validation_of(column.rule, str)
            sheet.data_validation(HEAD_ROWS, place, end - 1, place, rule)
    # Boxes around the rows to be filled in; drawn cell by cell they would be four fifths of the file.
    for_people = f'=LEFT($A{HEAD_ROWS + 1},1)<>"{layout.SHOWN_MARK}"'
    box = {"type": "formula", "criteria": for_people, "format": pen("box")}
    sheet.conditional_format(HEAD_ROWS, 0, end - 1, len(plan.printed_columns) - 1, box)


def _set_up_print(sheet: Worksheet, plan: BookPlan, breaks: list[int], end: int) -> None:
    sheet.protect("", PROTECTION)
    sheet.freeze_panes(HEAD_ROWS, 3)
    if plan.printed.is_across:
        sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=_SIDE, right=_SIDE, top=_TOP, bottom=_TOP)
    sheet.set_header("", {"margin": 0.1})
    sheet.set_footer("&R&8" + plan.words("templates.sheet.page"), {"margin": 0.12})
    sheet.set_print_scale(plan.printed.scale)
    sheet.set_h_pagebreaks(breaks)
    sheet.repeat_rows(0, HEAD_ROWS - 1)
    sheet.print_area(0, 0, end - 1, len(plan.printed_columns) - 1)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
