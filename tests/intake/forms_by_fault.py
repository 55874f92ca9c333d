"""Filled sales forms, each with one fault and named by it, with the clean rows and problems written by hand.

Each starts as a good template with three sales lines: rows 5 to 7, 50 cartons on June 1, 2 and 3.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import openpyxl
from openpyxl.workbook import Workbook
from take_in_builder import filled, sales_rows

SHEET = "xl/worksheets/sheet2.xml"
# A clean row: its sheet row, order date, customer, quantity sold, amount.
CleanRow = tuple[int, str, str, int, float]
# A problem: cell, rule, what was found, effect.
Told = tuple[str, str, str, str]
LEFT_OUT, NOTE, REFUSED = "row left out", "note", "form left out"


@dataclass(frozen=True)
class Faulty:
    """A file with one fault, and what is to come of it."""

    name: str
    data: Callable[[], bytes]
    clean: list[CleanRow]
    problems: list[Told]


def line(row: int, *, customer: str = "030101", sold: int = 50, amount: float = 6000.0, day: int = 0) -> CleanRow:
    return (row, f"2024-06-{day or row - 4:02d}", customer, sold, amount)


GOOD = [line(5), line(6), line(7), line(8), line(9)]


def without(*rows: int) -> list[CleanRow]:
    return [one for one in GOOD if one[0] not in rows]


def changed(change: Callable[[Workbook], None], count: int = 5) -> Callable[[], bytes]:
    """A good form changed by a person, as openpyxl saves it."""

    def made() -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(filled(sales_rows(count))))
        change(book)
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    return made


def patched(*changes: tuple[str, str, str], count: int = 5) -> Callable[[], bytes]:
    """A good form with its XML changed: (part, pattern, replacement), each found at least once."""

    def made() -> bytes:
        source = zipfile.ZipFile(io.BytesIO(filled(sales_rows(count))))
        parts = {name: source.read(name).decode("utf-8") for name in source.namelist()}
        for part, pattern, replacement in changes:
            for name in [name for name in parts if re.fullmatch(part, name)]:
                parts[name], found = re.subn(pattern, replacement, parts[name])
                if not found and part == name:
                    raise ValueError(f"{pattern} is not in {name}")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
            for name, text in parts.items():
                target.writestr(name, text)
        return buffer.getvalue()

    return made


def cell(address: str, content: str, kind: str = "") -> tuple[str, str, str]:
    """One cell's content replaced."""
    given = f' t="{kind}"' if kind else ""
    pattern = rf'<c r="{address}" s="(\d+)"[^>]*>.*?</c>'
    return (SHEET, pattern, rf'<c r="{address}" s="\1"{given}>{content}</c>')


def put(address: str, value: object, number_format: str = "") -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book["销售"][address] = value
        if number_format:
            book["销售"][address].number_format = number_format

    return change


def merge_two_customers(book: Workbook) -> None:
    book["销售"].merge_cells("C6:C7")


def hide_a_row(book: Workbook) -> None:
    book["销售"].row_dimensions[6].hidden = True


def filter_a_row_away(book: Workbook) -> None:
    sheet = book["销售"]
    sheet.auto_filter.ref = "A3:H9"
    sheet.auto_filter.add_filter_column(5, ["50"])
    sheet.row_dimensions[6].hidden = True


def leave_a_gap(book: Workbook) -> None:
    book["销售"].move_range("B9:H9", rows=40)


def twin_sheet(book: Workbook) -> None:
    book.copy_worksheet(book["销售"]).title = "销售（2）"


def titles_above(book: Workbook) -> None:
    book["销售"].insert_rows(1, 6)


def ragged_headings(book: Workbook) -> None:
    book["销售"]["F3"] = "销量\n（条）  "
    book["销售"]["C3"] = "  客户\r\n编码"


def double_heading(book: Workbook) -> None:
    book["销售"]["I3"] = "销量(条)"
    book["销售"]["I5"] = 70


def data_beside_data(book: Workbook) -> None:
    for row, value in enumerate(("我的小计", 1, 2, 3), 3):
        book["销售"].cell(row, 11, value)


def numbers_filled_down(book: Workbook) -> None:
    for row in range(10, 60):
        book["销售"].cell(row, 1, row - 4)


STRICT = [
    (
        ".*",
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    ),
    (
        ".*",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
]
DATES_1904 = [
    ("xl/workbook.xml", "<workbookPr ", '<workbookPr date1904="1" '),
    cell("B4", f"<v>{45446 - 1462}</v>"),
    *(cell(f"B{row}", f"<v>{45444 - 1462 + row - 5}</v>") for row in range(5, 10)),
]

FORMS_BY_FAULT = (
    Faulty("error_cell_in_quantity", patched(cell("F6", "<v>#N/A</v>", "e")), without(6),
           [("F6", "error_cell", "#N/A", LEFT_OUT)]),
    Faulty("division_by_zero_in_amount", patched(cell("G7", "<f>1/0</f><v>#DIV/0!</v>", "e")), without(7),
           [("G7", "error_cell", "#DIV/0!", LEFT_OUT)]),
    Faulty("formula_without_stored_value", changed(put("G6", "=F6*120")), without(6),
           [("G6", "uncalculated_formula", "=F6*120", LEFT_OUT)]),
    Faulty("formula_with_stored_value", patched(cell("G6", "<f>F6*120</f><v>6000</v>")), GOOD, []),
    Faulty("quantity_is_text_number", changed(put("F6", "５０")), GOOD, [("F6", "text_number", "５０", NOTE)]),
    Faulty("quantity_is_text", changed(put("F6", "五十")), without(6), [("F6", "whole", "五十", LEFT_OUT)]),
    Faulty("quantity_is_a_boolean", changed(put("F6", True)), without(6), [("F6", "whole", "TRUE", LEFT_OUT)]),
    Faulty("quantity_is_a_date", changed(put("F6", dt.date(1900, 2, 19), "yyyy-mm-dd")), without(6),
           [("F6", "whole", "1900-02-19", LEFT_OUT)]),
    Faulty("customer_lost_its_leading_zero", changed(put("C6", 30101, "General")), GOOD,
           [("C6", "zero_restored", "30101", NOTE)]),
    Faulty("customer_shows_its_leading_zero", changed(put("C6", 30101, "000000")), GOOD, []),
    Faulty("customer_lost_its_last_digits", changed(put("C6", 3.30102197001011e17, "General")), without(6),
           [("C6", "id_digits_lost", "3.30102197001011e+17", LEFT_OUT)]),
    Faulty("customer_of_18_digits_as_text", changed(put("C6", "330102197001011234")),
           [line(5), line(6, customer="330102197001011234"), *GOOD[2:]], []),
    Faulty("dates_of_1904", patched(*DATES_1904), GOOD, [("", "remark_dates_1904", "", NOTE)]),
    Faulty("date_with_a_time", changed(put("B6", dt.datetime(2024, 6, 2, 15, 30), "yyyy-mm-dd hh:mm")), GOOD,
           [("B6", "time_dropped", "2024-06-02 15:30:00", NOTE)]),
    Faulty("date_is_only_a_time", changed(put("B6", dt.time(9, 30), "hh:mm")), without(6),
           [("B6", "day", "09:30:00", LEFT_OUT)]),
    Faulty("date_shown_as_number", changed(put("B6", 45445, "General")), GOOD,
           [("B6", "day_was_number", "45445", NOTE)]),
    Faulty("date_in_american_style", changed(put("B6", "6/2/2024")), without(6),
           [("B6", "day", "6/2/2024", LEFT_OUT)]),
    Faulty("date_in_chinese_style", changed(put("B6", "2024年6月2日")), GOOD,
           [("B6", "text_day", "2024年6月2日", NOTE)]),
    Faulty("customers_merged_over_two_rows", changed(merge_two_customers), without(7),
           [("C7", "required", "", LEFT_OUT)]),
    Faulty("row_hidden", changed(hide_a_row), GOOD, [("", "remark_hidden_rows", "", NOTE)]),
    Faulty("row_filtered_away", changed(filter_a_row_away), GOOD, [("", "remark_filtered_rows", "", NOTE)]),
    Faulty("row_below_a_gap", changed(leave_a_gap), [*GOOD[:4], line(49, day=5)], []),
    Faulty("dimension_too_small", patched((SHEET, '<dimension ref="[^"]*"/>', '<dimension ref="A1:B2"/>')), GOOD, []),
    Faulty("dimension_too_large", patched((SHEET, '<dimension ref="[^"]*"/>', '<dimension ref="A1:XFD1048576"/>')),
           GOOD, []),
    Faulty("strict_ooxml", patched(*STRICT), GOOD, []),
    Faulty("form_on_two_sheets", changed(twin_sheet), [], [("", "form_on_two_sheets", "", REFUSED)]),
    Faulty("heading_twice", changed(double_heading), [], [("", "doubled_heading", "销量(条)", REFUSED)]),
    Faulty("headings_with_line_breaks_and_blanks", changed(ragged_headings), GOOD, []),
    Faulty("header_below_titles", changed(titles_above), [(row + 6, *rest) for row, *rest in GOOD], []),
    Faulty("data_beside_data", changed(data_beside_data), GOOD, [("", "unknown_heading", "我的小计", NOTE)]),
    Faulty("numbers_filled_down_on_empty_rows", changed(numbers_filled_down), GOOD, []),
)  # fmt: skip
