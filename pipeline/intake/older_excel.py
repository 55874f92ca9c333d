"""Workbooks of Excel 5 and 95, and those with records as they had them: read by xlrd, which knows their code pages."""

import io

import xlrd
from xlrd.biffh import error_text_from_code

from pipeline.intake.careful import SparseSheet, moment_of
from pipeline.intake.number_formats import DigitFormat, digit_format, is_day, is_duration
from pipeline.intake.raw import Cell, ErrorCell, cell_address


def read_older_workbook(data: bytes) -> tuple[list[tuple[str, bool, SparseSheet]], bool]:
    """Name, whether it shows, and cells of each sheet; and whether days are counted from 1904.

    Raises:
        ValueError: damaged, in whatever way.
    """
    try:
        book = _open(data)
        return [(one.name, one.visibility == 0, _cells(book, one)) for one in book.sheets()], book.datemode == 1
    except MemoryError:
        raise
    except Exception as error:  # xlrd trusts what it reads: an IndexError is a damaged file like any other
        raise ValueError(str(error)) from error


def _open(data: bytes) -> xlrd.Book:
    try:
        return xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except (
        xlrd.XLRDError,
        KeyError,
        IndexError,
        AttributeError,
        TypeError,
    ):  # no styles, which some programs leave out
        return xlrd.open_workbook(file_contents=data, logfile=io.StringIO())


def _cells(book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> SparseSheet:
    found = SparseSheet()
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            value = _value(cell, _code(book, cell), book.datemode == 1)
            if value is None or value == "":
                continue
            place = (row + 1, column + 1)
            found.cells[place] = value
            shown = _digits(book, cell)
            if isinstance(value, float) and shown is not None and (text := shown.shown(value)) is not None:
                found.shown[place] = text
    found.hidden_rows = {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden}
    found.merged = [
        f"{cell_address(top + 1, left + 1)}:{cell_address(bottom, right)}"
        for top, bottom, left, right in sheet.merged_cells
    ]
    return found


def _code(book: xlrd.Book, cell: xlrd.sheet.Cell) -> tuple[int, str]:
    """Number and code of a cell's format."""
    if cell.xf_index is None or cell.xf_index >= len(book.xf_list):
        return 0, ""
    number = book.xf_list[cell.xf_index].format_key
    known = book.format_map.get(number)
    return number, known.format_str if known is not None else ""


def _digits(book: xlrd.Book, cell: xlrd.sheet.Cell) -> DigitFormat | None:
    return digit_format(_code(book, cell)[1]) if cell.ctype == xlrd.XL_CELL_NUMBER else None


def _value(cell: xlrd.sheet.Cell, code: tuple[int, str], dates_1904: bool) -> Cell:
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return ErrorCell(error_text_from_code.get(cell.value, "#N/A"))
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    number = float(cell.value)
    if is_duration(code[1]):
        return moment_of(number, dates_1904, is_duration=True)
    days = is_day(*code) or (not code[1] and cell.ctype == xlrd.XL_CELL_DATE)
    return moment_of(number, dates_1904, is_duration=False) if days else number
