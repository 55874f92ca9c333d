"""Writes a planned template with xlsxwriter: the only place that knows how Excel wants it."""

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.base.calendar import Month
from pipeline.contract import form_layout as layout
from pipeline.templates.cells import display_width
from pipeline.templates.plan import (
    ColumnPlan,
    Contents,
    CoverPlan,
    ListColumn,
    Manager,
    Pack,
    SheetPlan,
    TemplatePlan,
    plan_template,
)
from pipeline.templates.rules import InputRule
from pipeline.words import Words
from schemas.form import Form
from schemas.profile import Profile

LAST_INPUT_ROW = 20_000  # input rules reach down to this row
A4 = 9
FONTS = {"zh": "微软雅黑", "en": "Calibri"}
DARK, LIGHT, PALE, GREY, FAINT = "#1F4E79", "#DDEBF7", "#F2F2F2", "#7F7F7F", "#595959"
NUMBER_WIDTH = 6
NAMING_COLUMNS = 2  # date and customer, or code and name: they say on each page across whose row it is
WIDEST_PAGE = 210  # column widths that can still be read when shrunk to one A4 page across
HINT_WIDTH = 120  # column widths over which the lines above the headings go
HINT_HEIGHT, WIDER = 15, 1.1  # points a line; how much wider its letters are than the digits that columns count in
COVER_WIDTHS = (26, 20, 3, 92)
HELP_COLUMN = 3
COMMENT_SIZE = {"x_scale": 2.0, "y_scale": 1.6, "author": "", "font_size": 9}

_BASE = {"valign": "vcenter", "font_size": 10}
_BOX = {**_BASE, "border": 1, "border_color": "#BFBFBF"}
STYLES: Mapping[str, Mapping[str, object]] = {
    "title": {**_BASE, "bold": True, "font_size": 14, "font_color": DARK},
    "hint": {**_BASE, "font_color": GREY},
    "required": {
        **_BOX,
        "bold": True,
        "bg_color": DARK,
        "font_color": "white",
        "text_wrap": True,
        "align": "center",
    },
    "optional": {**_BOX, "bold": True, "bg_color": LIGHT, "text_wrap": True, "align": "center"},
    "example": {**_BOX, "italic": True, "font_color": GREY, "bg_color": PALE},
    "input": {**_BASE, "locked": False},
    "centred": {**_BASE, "locked": False, "align": "center"},
    "shown": {**_BASE, "font_color": GREY, "bg_color": PALE},
    "named": {**_BASE, "font_color": GREY, "bg_color": PALE, "shrink": True},  # never over the tick beside it
    "given": {**_BASE, "font_color": FAINT, "bg_color": PALE, "locked": False},
    "given_centred": {**_BASE, "font_color": FAINT, "bg_color": PALE, "locked": False, "align": "center"},
    "label": {**_BOX, "bold": True, "bg_color": LIGHT},
    "entry": {**_BOX, "locked": False, "num_format": "@"},
    "fixed": {**_BOX, "num_format": "@", "font_color": GREY},
    "tick": {**_BOX, "locked": False, "align": "center"},
    "help": {**_BASE, "text_wrap": True},
    "how": {**_BASE, "font_color": DARK, "text_wrap": True, "valign": "top"},
}
PROTECTION = {
    "format_cells": True, "format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True,
    "sort": True, "autofilter": True, "objects": True, "scenarios": True,
}  # fmt: skip


def write_template(
    target: Path | BinaryIO,
    forms: Sequence[Form],
    words: Words,
    profile: Profile,
    *,
    month: Month | None = None,
    manager: Manager | None = None,
    customers: pd.DataFrame | None = None,
    products: pd.DataFrame | None = None,
    open_cases: Mapping[str, pd.DataFrame] | None = None,
    rows: Mapping[str, pd.DataFrame] | None = None,
    nil_forms: Sequence[str] = (),
    example_rows: bool = True,
    spare_rows: int = 200,
    pack: Pack | None = None,
) -> None:
    """Write a workbook with a sheet a form, blank or filled in. Same arguments, same bytes.

    Args:
        target: file, or buffer, to write.
        forms: the forms in the order of their sheets.
        month, manager: filled in on the cover; for master data `month` is the first in which they are valid.
        customers, products: master rows offered as drop-downs, whose names are shown beside the codes.
        open_cases: by form of cases, the rows that stand in it already.
        rows: by form key, rows to fill in, in stored types or dtype object (texts are written as they are).
        nil_forms: keys of forms whose nil tick is set.
        spare_rows: rows below the filled ones in which names are looked up.
        pack: what a manager's own template comes with.
    """
    lists = {"customers": customers, "products": products}
    filled = {**(open_cases or {}), **(rows or {})}
    contents = Contents(
        month=month,
        manager=manager,
        lists={key: frame for key, frame in lists.items() if frame is not None and key in profile.forms},
        rows={key: frame for key, frame in filled.items() if frame is not None},
        nil_forms=frozenset(nil_forms),
        example_rows=example_rows,
        spare_rows=spare_rows,
        pack=pack,
    )
    write_plan(target, plan_template(forms, words, profile, contents))


def write_plan(target: Path | BinaryIO, plan: TemplatePlan) -> None:
    """Write a planned template to a file or buffer."""
    with xlsxwriter.Workbook(target if not isinstance(target, Path) else str(target), OPTIONS) as book:
        book.set_properties({"created": dt.datetime(plan.dated.year, plan.dated.month, 1)})
        pen = _Pen(book, plan)
        cover = book.add_worksheet(layout.COVER_SHEET.of(plan.words.language))
        _write_cover(cover, plan.cover, pen)
        for sheet in plan.sheets:
            _write_sheet(book.add_worksheet(sheet.name), sheet, pen)
        if plan.lists:
            _write_lists(book.add_worksheet(pen.lists_sheet), plan.lists, pen)


def cell_name(sheet: SheetPlan, heading: str, row: int) -> str:
    """The cell of a heading in the sheet's data row of that number, counted from 0."""
    position = [column.heading for column in sheet.columns].index(heading)
    return str(xl_rowcol_to_cell(layout.FIRST_DATA_ROW - 1 + row, layout.FIRST_FORM_COLUMN - 1 + position))


# What people typed is text: nothing is turned into a formula, a link or a number.
OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


@dataclass
class _Pen:
    """A workbook's formats, made once each, and where its lists stand."""

    book: xlsxwriter.Workbook
    plan: TemplatePlan
    made: dict[tuple[str, str], Format] = field(default_factory=dict)

    def __call__(self, style: str, number_format: str = "") -> Format:
        key = (style, number_format)
        if key not in self.made:
            given = {"font_name": FONTS[self.plan.words.language], **STYLES[style]}
            if number_format:
                given["num_format"] = number_format
            self.made[key] = self.book.add_format(given)
        return self.made[key]

    @property
    def lists_sheet(self) -> str:
        return layout.LISTS_SHEET.of(self.plan.words.language)

    def list_range(self, key: str) -> str:
        """The range of a list on the lists' sheet; an empty list still has one blank cell."""
        column = next(i for i, one in enumerate(self.plan.lists) if one.key == key)
        letters = xl_col_to_name(column, col_abs=True)
        return f"'{self.lists_sheet}'!{letters}$2:{letters}${max(2, len(self.plan.lists[column].values) + 1)}"


def _write_cover(sheet: Worksheet, cover: CoverPlan, pen: _Pen) -> None:
    for column, width in enumerate(COVER_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, cover.title, pen("title"))
    sheet.set_row(0, 28)
    row = 2
    for entry in cover.fields:
        sheet.write_string(row, 0, entry.label, pen("label"))
        sheet.write_string(row, 1, entry.value, pen("entry" if entry.prompt else "fixed"))
        if entry.prompt:
            sheet.data_validation(row, 1, row, 1, _prompt_only(entry.label, entry.prompt))
        row += 1
    if cover.forms:
        _write_ticks(sheet, row + 1, cover, pen)
    for number, line in enumerate((cover.help_heading, *cover.help_lines)):
        sheet.write_string(2 + number, HELP_COLUMN, line, pen("help" if number else "label"))
    _finish(sheet, pen, header_row=None)


def _write_ticks(sheet: Worksheet, first: int, cover: CoverPlan, pen: _Pen) -> None:
    language = pen.plan.words.language
    sheet.write_string(first, 0, layout.FORM_HEADING.of(language), pen("label"))
    nil_heading = layout.NIL_HEADING.of(language)
    sheet.write_string(first, 1, nil_heading, pen("label"))
    for row, (name, ticked) in enumerate(cover.forms, start=first + 1):
        sheet.write_string(row, 0, name, pen("label"))
        sheet.write_string(row, 1, layout.TICK if ticked else "", pen("tick"))
    prompt = {**_prompt_only(nil_heading, cover.tick_prompt), "validate": "list", "source": [layout.TICK]}
    sheet.data_validation(first + 1, 1, first + len(cover.forms), 1, prompt)


def _prompt_only(title: str, prompt: str) -> dict[str, object]:
    return {"validate": "any", "input_title": title, "input_message": prompt}


def _write_sheet(sheet: Worksheet, plan: SheetPlan, pen: _Pen) -> None:
    sheet.set_row(layout.TITLE_ROW - 1, 24, pen("title"))
    sheet.write_string(layout.TITLE_ROW - 1, 0, plan.title, pen("title"))
    _write_hint(sheet, plan, pen)
    sheet.set_row(layout.HEADER_ROW - 1, 32)
    _write_numbers(sheet, plan, pen)
    for position, column in enumerate(plan.columns):
        _write_column(sheet, position, column, plan, pen)
    sheet.freeze_panes(layout.HEADER_ROW, layout.NUMBER_COLUMN)
    sheet.repeat_columns(0, layout.NUMBER_COLUMN - 1 + NAMING_COLUMNS)
    width = NUMBER_WIDTH + sum(column.width for column in plan.columns if column.helps != "mark")
    _finish(sheet, pen, header_row=layout.HEADER_ROW - 1, pages_wide=math.ceil(width / WIDEST_PAGE))


def _write_hint(sheet: Worksheet, plan: SheetPlan, pen: _Pen) -> None:
    """How the sheet is filled in: one line, or, where it comes with rows, several across the first page."""
    lines = plan.hint.split("\n")
    if len(lines) == 1:
        sheet.set_row(layout.HINT_ROW - 1, 16, pen("hint"))
        sheet.write_string(layout.HINT_ROW - 1, 0, plan.hint, pen("hint"))
        return
    widths, last = NUMBER_WIDTH, 0
    while last < len(plan.columns) - 1 and widths < HINT_WIDTH:
        widths, last = widths + plan.columns[last].width, last + 1
    high = sum(math.ceil(display_width(line) * WIDER / widths) for line in lines)
    sheet.set_row(layout.HINT_ROW - 1, HINT_HEIGHT * high + 2)
    sheet.merge_range(layout.HINT_ROW - 1, 0, layout.HINT_ROW - 1, last, "", pen("how"))
    sheet.write_string(layout.HINT_ROW - 1, 0, plan.hint, pen("how"))


def _write_numbers(sheet: Worksheet, plan: SheetPlan, pen: _Pen) -> None:
    """Column A: the running number, and the mark by which the example row is known."""
    sheet.set_column(0, 0, NUMBER_WIDTH, pen("input"))
    heading = layout.NUMBER_HEADING.of(pen.plan.words.language)
    sheet.write_string(layout.HEADER_ROW - 1, 0, heading, pen("optional"))
    if plan.example_mark:
        sheet.write_string(layout.EXAMPLE_ROW - 1, 0, plan.example_mark, pen("example"))
    for number in range(1, plan.rows + 1):
        sheet.write_number(layout.FIRST_DATA_ROW - 2 + number, 0, number, pen("input"))


def _write_column(sheet: Worksheet, position: int, column: ColumnPlan, plan: SheetPlan, pen: _Pen) -> None:
    at = layout.FIRST_FORM_COLUMN - 1 + position
    style = pen(column.style, column.number_format)
    sheet.set_column(at, at, column.width, style, {"hidden": True} if column.helps == "mark" else {})
    header = pen("required" if column.required else "optional")
    sheet.write_string(layout.HEADER_ROW - 1, at, column.heading, header)
    if column.comment:
        sheet.write_comment(layout.HEADER_ROW - 1, at, column.comment, COMMENT_SIZE)
    if plan.example_mark:
        example = pen("example", column.number_format)
        sheet.write_blank(layout.EXAMPLE_ROW - 1, at, None, example)
        _write_cells(sheet, layout.EXAMPLE_ROW - 1, at, (column.example,), example)
    if column.rule:
        first = layout.FIRST_DATA_ROW - 1
        sheet.data_validation(first, at, LAST_INPUT_ROW - 1, at, validation_of(column.rule, pen.list_range))
    if column.lookup:
        _write_lookups(sheet, at, column, plan, pen, style)
    elif column.given:
        given = pen("given_centred" if column.style == "centred" else "given", column.number_format)
        _write_cells(sheet, layout.FIRST_DATA_ROW - 1, at, column.values, given)
    else:
        _write_cells(sheet, layout.FIRST_DATA_ROW - 1, at, column.values, style)
        if column.helps == "tick":
            _write_boxes(sheet, at, plan.rows, style)


def _write_boxes(sheet: Worksheet, at: int, rows: int, style: Format) -> None:
    """The empty cells to be ticked, framed so that they are seen on paper."""
    for row in range(layout.FIRST_DATA_ROW - 1, layout.FIRST_DATA_ROW - 1 + rows):
        sheet.write_blank(row, at, None, style)


def _write_cells(sheet: Worksheet, first: int, at: int, values: Sequence[object], style: Format) -> None:
    for row, value in enumerate(values, start=first):
        if isinstance(value, str):
            sheet.write_string(row, at, value, style)
        elif value is not None:
            sheet.write_number(row, at, value, style)


def _write_lookups(
    sheet: Worksheet, at: int, column: ColumnPlan, plan: SheetPlan, pen: _Pen, style: Format
) -> None:
    codes, names = pen.list_range(column.lookup), pen.list_range(f"{column.lookup}.names")
    code_column = layout.FIRST_FORM_COLUMN - 1 + column.looks_at
    first = layout.FIRST_DATA_ROW - 1
    for number in range(plan.ready_rows):
        row = first + number
        code = xl_rowcol_to_cell(row, code_column)
        shown = column.values[number] if number < len(column.values) else ""
        # IFNA under its name in the file format: xlsxwriter then leaves the formula as it is, ten times faster
        formula = f'=_xlfn.IFNA(INDEX({names},MATCH({code},{codes},0)),"")'
        sheet.write_formula(row, at, formula, style, shown)


def validation_of(rule: InputRule, list_range: Callable[[str], str]) -> dict[str, object]:
    """An input rule as xlsxwriter takes it; `list_range` gives where a list stands by its key."""
    given: dict[str, object] = {
        "validate": {"whole": "integer"}.get(rule.check, rule.check),
        "input_title": rule.title,
        "input_message": rule.prompt,
        "error_title": rule.error_title,
        "error_message": rule.prompt,
        "error_type": "stop" if rule.strict else "warning",
    }
    if rule.check == "list":
        return {**given, "source": list(rule.values) if rule.values else "=" + list_range(rule.list_key)}
    if rule.check == "any":
        return given
    return {**given, "criteria": "between", "minimum": rule.least, "maximum": rule.most}


def _write_lists(sheet: Worksheet, lists: Sequence[ListColumn], pen: _Pen) -> None:
    for at, one in enumerate(lists):
        sheet.set_column(at, at, 20, pen("shown", "@"))
        sheet.write_string(0, at, one.heading, pen("label"))
        _write_cells(sheet, 1, at, one.values, pen("shown", "@"))
    sheet.freeze_panes(1, 0)
    _finish(sheet, pen, header_row=0)


def _finish(sheet: Worksheet, pen: _Pen, header_row: int | None, pages_wide: int = 1) -> None:
    """Protection against slips (no password), and print set-up."""
    sheet.protect("", PROTECTION)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(pages_wide, 0)
    sheet.set_footer("&C" + pen.plan.words("templates.sheet.page"))
    if header_row is None:
        sheet.hide_gridlines(2)
    else:
        sheet.hide_gridlines(0)  # lines on paper too
        sheet.repeat_rows(header_row)
