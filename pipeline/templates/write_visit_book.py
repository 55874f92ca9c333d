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
from pipeline.templates.plan import CENTRED_FORMATS
from pipeline.templates.visit_book import (
    DAY_HEIGHT,
    HEAD_ROWS,
    HEADINGS_HEIGHT,
    LABELS_HEIGHT,
    NOTE_HEIGHT,
    SPARE_ROWS,
    TITLE_HEIGHT,
    BookColumn,
    BookPage,
    BookPlan,
    BookVisit,
    serial_day,
)
from pipeline.templates.write import A4, DARK, FONTS, GREY, LIGHT, OPTIONS, PALE, PROTECTION, validation_of

_MARGIN_SIDE, _MARGIN_TOP = 8 / 25.4, 9 / 25.4  # inches; see visit_book.PAGE_WIDTH_MM
LABEL_PLACES, HINT_PLACE = (1, 3, 7), 10  # the columns, counted from 0, in which the second row's texts begin
# Columns are as wide as digits of the workbook's own font: of this one every system has, or draws alike.
_DIGITS = {"default_format_properties": {"font_name": "Arial", "font_size": 10}}
_COLON = {"zh": "：", "en": ": "}
_BOX = {"border": 1, "border_color": "#A6A6A6", "valign": "vcenter", "font_size": 10}
_STYLES: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 15, "font_color": DARK, "valign": "vcenter"},
    "hint": {"font_size": 9, "font_color": GREY, "valign": "vcenter"},
    "label": {"font_size": 10, "bold": True, "valign": "vcenter"},
    "heading": {**_BOX, "font_size": 9, "bold": True, "bg_color": LIGHT, "text_wrap": True, "align": "center"},
    "required": {
        **_BOX, "font_size": 9, "bold": True, "bg_color": DARK, "font_color": "white", "text_wrap": True,
        "align": "center",
    },
    "day": {"font_size": 12, "bold": True, "bg_color": LIGHT, "valign": "vcenter"},
    "note": {"font_size": 9, "text_wrap": True, "valign": "vcenter"},
    "told": {"font_size": 9, "text_wrap": True, "valign": "vcenter", "bg_color": PALE, "top": 1,
             "top_color": "#A6A6A6"},
    "number": {**_BOX, "align": "center"},
    "centred": {**_BOX, "locked": False, "align": "center"},
    "given": {**_BOX, "locked": False, "text_wrap": True},
    "entry": {**_BOX, "locked": False},
}  # fmt: skip


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
    with xlsxwriter.Workbook(
        target if not isinstance(target, Path) else str(target), {**OPTIONS, **_DIGITS}
    ) as book:
        book.set_properties({"created": dt.datetime.combine(plan.week.monday, dt.time())})
        pen = _Pen(book, FONTS[plan.words.language])
        sheet = book.add_worksheet(plan.sheet)
        _write_head(sheet, plan, pen)
        row, breaks = HEAD_ROWS, []
        for page in plan.pages:
            row = _write_page(sheet, plan, page, row, pen)
            breaks.append(row)
        _write_rules(sheet, plan, row)
        _set_up_print(sheet, plan, breaks[:-1], row)


def _write_head(sheet: Worksheet, plan: BookPlan, pen: _Pen) -> None:
    sheet.set_row(0, TITLE_HEIGHT)
    sheet.write_string(0, 0, plan.title, pen("title"))
    sheet.set_row(1, LABELS_HEIGHT)
    for (label, value), place in zip(plan.labels, LABEL_PLACES, strict=True):
        sheet.write_string(1, place, f"{label}{_COLON[plan.words.language]}{value}", pen("label"))
    sheet.write_string(1, HINT_PLACE, plan.hint, pen("hint"))
    sheet.set_row(2, HEADINGS_HEIGHT)
    for place, column in enumerate(plan.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(2, place, column.heading, pen("required" if column.required else "heading"))


def _write_page(sheet: Worksheet, plan: BookPlan, page: BookPage, row: int, pen: _Pen) -> int:
    """Gives the row below it."""
    last = len(plan.columns) - 1
    sheet.set_row(row, DAY_HEIGHT)
    for place in range(1, last + 1):
        sheet.write_blank(row, place, None, pen("day"))
    sheet.write_string(row, 0, f"{layout.SHOWN_MARK} {page.heading}", pen("day"))
    row += 1
    for note in page.notes:
        sheet.set_row(row, NOTE_HEIGHT * plan.lines_of(note))
        sheet.merge_range(row, 0, row, last, f"{layout.SHOWN_MARK} {note}", pen("note"))
        row += 1
    for number, visit in enumerate(page.visits, start=1):
        sheet.set_row(row, plan.told_height(visit.told))
        sheet.merge_range(row, 0, row, last, f"{layout.SHOWN_MARK} {visit.told}", pen("told"))
        _write_entry(sheet, plan, page, row + 1, pen, number, visit)
        row += 2
    for _ in range(SPARE_ROWS):
        _write_entry(sheet, plan, page, row, pen)
        row += 1
    return row


def _write_entry(
    sheet: Worksheet,
    plan: BookPlan,
    page: BookPage,
    row: int,
    pen: _Pen,
    number: int = 0,
    visit: BookVisit | None = None,
) -> None:
    """A row of the form: a customer's with what is given filled in, else an empty one."""
    sheet.set_row(row, plan.entry_height)
    for place, column in enumerate(plan.columns):
        centred = "centred" if column.number_format in CENTRED_FORMATS else "entry"
        style = pen("number" if column.role == "number" else centred, column.number_format)
        value = None if visit is None else _given(column, page, number, visit)
        if value is None:
            sheet.write_blank(row, place, None, style)
        elif isinstance(value, str):
            sheet.write_string(row, place, value, pen("given", column.number_format))
        else:
            sheet.write_number(row, place, value, style)


def _given(column: BookColumn, page: BookPage, number: int, visit: BookVisit) -> str | float | None:
    match column.role:
        case "number":
            return number
        case "code":
            return visit.customer_id
        case "name":
            return visit.customer_name
        case "day":
            return serial_day(page.day)
        case _:
            return column.given


def _write_rules(sheet: Worksheet, plan: BookPlan, end: int) -> None:
    for place, column in enumerate(plan.columns):
        if column.rule is not None and not column.rule.list_key:  # the book has no sheet of lists
            rule = validation_of(column.rule, str)
            sheet.data_validation(HEAD_ROWS, place, end - 1, place, rule)


def _set_up_print(sheet: Worksheet, plan: BookPlan, breaks: list[int], end: int) -> None:
    sheet.protect("", PROTECTION)
    sheet.freeze_panes(HEAD_ROWS, 3)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=_MARGIN_SIDE, right=_MARGIN_SIDE, top=_MARGIN_TOP, bottom=_MARGIN_TOP)
    sheet.set_header("", {"margin": 0.1})
    sheet.set_footer("&R&8" + plan.words("templates.sheet.page"), {"margin": 0.12})
    sheet.set_print_scale(plan.scale)
    sheet.set_h_pagebreaks(breaks)
    sheet.repeat_rows(0, HEAD_ROWS - 1)
    sheet.print_area(0, 0, end - 1, len(plan.columns) - 1)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
