"""An .xls file gives up the same cells as an .xlsx file: errors, hidden rows, zeros only its formats show."""

import datetime as dt
import struct
from pathlib import Path

import pytest
from bytes_builders import compound_file, record, xls

from pipeline.contract.refusal import Refusal
from pipeline.intake.raw import Cell, ErrorCell, RawBook, Remark
from pipeline.intake.read import read_book

REAL = Path(__file__).resolve().parents[2] / "../shared/real/superstore_cn"
STYLE = record(0x00E0, struct.pack("<HH16x", 0, 0))
PADDED = record(0x041E, struct.pack("<HHB", 164, 6, 0) + b"000000") + record(0x00E0, struct.pack("<HH16x", 0, 164))


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, style, value))


def error(row: int, column: int, code: int) -> bytes:
    return record(0x0205, struct.pack("<HHHBB", row, column, 0, code, 1))


def boolean(row: int, column: int, value: bool) -> bytes:
    return record(0x0205, struct.pack("<HHHBB", row, column, 0, value, 0))


def formula_with_error(row: int, column: int, code: int) -> bytes:
    result = bytes([2, 0, code, 0, 0, 0, 0xFF, 0xFF])
    return record(0x0006, struct.pack("<HHH", row, column, 0) + result + bytes(8))


def hidden_row(row: int) -> bytes:
    return record(0x0208, struct.pack("<HHHHHHI", row, 0, 5, 255, 0, 0, 0x20))


def book_of(data: bytes) -> RawBook:
    book = read_book(data, "a.xls")
    assert isinstance(book, RawBook)
    return book


def test_error_cells_of_values_and_of_formulas_come_with_their_code() -> None:
    cells = number(1, 1, 5) + boolean(1, 2, True) + error(1, 3, 0x2A) + formula_with_error(2, 1, 0x07)
    sheet = book_of(xls(cells, book=STYLE)).sheets[0]
    assert (sheet.first_row, sheet.first_column) == (2, 2)
    assert sheet.rows == [[5.0, True, ErrorCell("#N/A")], [ErrorCell("#DIV/0!"), None, None]]


def test_each_sheet_has_its_own_errors() -> None:
    first, second = book_of(xls(number(0, 0, 1), error(0, 0, 0x17) + number(0, 1, 2), book=STYLE)).sheets
    assert (first.rows, second.rows) == ([[1.0]], [[ErrorCell("#REF!"), 2.0]])


@pytest.mark.parametrize(("more", "rule"), [(b"", "hidden_rows"), (record(0x009B), "filtered_rows")])
def test_hidden_and_filtered_rows_are_read_and_noted(more: bytes, rule: str) -> None:
    book = book_of(xls(hidden_row(1) + more + number(0, 0, 1) + number(1, 0, 2), book=STYLE))
    assert book.sheets[0].rows == [[1.0], [2.0]]
    assert book.sheets[0].hidden_rows == {2}
    assert book.remarks == (Remark(rule, sheet="S1", details=(("count", "1"),)),)


def test_zeros_that_only_the_number_format_shows_are_kept_as_shown() -> None:
    several = record(0x00BD, struct.pack("<HHHIHIH", 0, 2, 1, 7 << 2 | 2, 0, 8 << 2 | 2, 3))
    short = record(0x027E, struct.pack("<HHHI", 0, 4, 1, 9 << 2 | 2))
    cells = number(0, 0, 42, style=1) + number(0, 1, 1234567, style=1) + several + short
    sheet = book_of(xls(cells, book=STYLE + PADDED)).sheets[0]
    assert repr(sheet.rows) == "[[42.0, 1234567.0, 7.0, 8.0, 9.0]]"
    assert sheet.shown == {(1, 1): "000042", (1, 3): "000007", (1, 5): "000009"}


def number_format(index: int, code: str) -> bytes:
    """A number format as Excel writes it: in two bytes a sign where it holds Chinese."""
    wide = any(sign > "\xff" for sign in code)
    text = code.encode("utf-16-le" if wide else "latin-1")
    return record(0x041E, struct.pack("<HHB", index, len(code), wide) + text)


@pytest.mark.parametrize(
    ("code", "shown"),
    [("000000;@", "000042"), ("[$-804]000000", "000042"), ('"客"000', "客042"), ('"M"000', "M042"), ("0", None)],
)
@pytest.mark.parametrize("wide", [False, True])
def test_a_code_is_what_its_format_shows_in_formulas_too(code: str, shown: str | None, wide: bool) -> None:
    styles = number_format(164, code) + STYLE + record(0x00E0, struct.pack("<HH16x", 0, 164))
    if wide:
        text = code.encode("utf-16-le")
        styles = (
            record(0x041E, struct.pack("<HHB", 164, len(code), 1) + text) + styles[len(number_format(164, code)) :]
        )
    formula = record(0x0006, struct.pack("<HHHd", 1, 0, 1, 42.0) + bytes(8))
    sheet = book_of(xls(number(0, 0, 42, style=1) + formula, book=styles)).sheets[0]
    assert sheet.rows == [[42.0], [42.0]]
    assert sheet.shown == ({(1, 1): shown, (2, 1): shown} if shown else {})


@pytest.mark.parametrize(
    ("format_number", "serial", "moment"),
    [
        (14, 45446.0, dt.date(2024, 6, 3)),
        (58, 45446.0, dt.date(2024, 6, 3)),
        (20, 0.75, dt.time(18)),
        (20, -0.25, -0.25),
        (46, -0.25, dt.timedelta(hours=-6)),
        (46, 1.5, dt.timedelta(hours=36)),
        (14, 60.0, 60.0),
    ],
)
def test_days_and_times_are_what_an_xlsx_file_gives(format_number: int, serial: float, moment: Cell) -> None:
    styles = STYLE + record(0x00E0, struct.pack("<HH16x", 0, format_number))
    [[found]] = book_of(xls(number(0, 0, serial, style=1), book=styles)).sheets[0].rows
    assert (found, type(found)) == (moment, type(moment))


def excel_95(cells: bytes, code_page: int = 936) -> bytes:
    """A workbook of Excel 95, whose texts are in the bytes of a code page."""
    begin = record(0x0809, struct.pack("<HHHH", 0x0500, 0x0005, 0, 0)) + record(
        0x0042, struct.pack("<H", code_page)
    )
    start = len(begin) + 4 + 7 + len(b"S1") + 4
    listed = record(0x0085, struct.pack("<IHB", start, 0, 2) + b"S1") + record(0x000A)
    sheet = record(0x0809, struct.pack("<HHHH", 0x0500, 0x0010, 0, 0)) + cells + record(0x000A)
    return compound_file("Book", begin + listed + sheet)


def label(row: int, column: int, text: bytes) -> bytes:
    return record(0x0204, struct.pack("<HHHH", row, column, 0, len(text)) + text)


def test_texts_of_excel_95_are_read_by_the_code_page_of_the_workbook() -> None:
    simplified = excel_95(label(0, 0, "客户编码".encode("gbk")) + number(0, 1, 5))
    assert book_of(simplified).sheets[0].rows == [["客户编码", 5.0]]
    traditional = excel_95(label(0, 0, "客戶編碼".encode("cp950")), code_page=950)
    assert book_of(traditional).sheets[0].rows == [["客戶編碼"]]


def test_the_text_that_a_formula_of_excel_95_gives_is_read() -> None:
    formula = record(0x0006, struct.pack("<HHH", 0, 0, 0) + bytes([0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) + bytes(8))
    text = "合格".encode("gbk")
    sheet = book_of(excel_95(formula + record(0x0207, struct.pack("<H", len(text)) + text))).sheets[0]
    assert sheet.rows == [["合格"]]


@pytest.mark.parametrize("kind", [0x0206, 0x0406])
def test_formulas_in_the_records_of_excel_3_and_4_are_read(kind: int) -> None:
    formula = record(kind, struct.pack("<HHHd", 0, 0, 0, 12.5) + bytes(8))
    assert book_of(xls(formula + number(0, 1, 1), book=STYLE)).sheets[0].rows == [[12.5, 1.0]]


def test_the_1904_date_system_is_said() -> None:
    book = book_of(xls(number(0, 0, 1), book=STYLE + record(0x0022, b"\x01\x00")))
    assert book.remarks == (Remark("dates_1904"),)


def test_a_password_is_said() -> None:
    protected = record(0x002F, bytes(6))
    assert read_book(xls(number(0, 0, 1), book=protected), "a.xls") == Refusal("password_protected")


def test_a_chain_of_sectors_that_runs_in_a_circle_is_damage() -> None:
    data = bytearray(xls(number(0, 0, 1), book=STYLE))
    struct.pack_into("<I", data, 512 + 4 * 3, 2)
    assert read_book(bytes(data), "a.xls") == Refusal("damaged")


@pytest.mark.skipif(not REAL.is_dir(), reason="the real data is not here")
def test_a_real_old_workbook_is_read_whole() -> None:
    book = book_of(next(REAL.glob("*.xls")).read_bytes())
    orders = book.sheets[0]
    assert (orders.name, len(orders.rows), len(orders.rows[0])) == ("订单", 10_001, 20)
    assert book.remarks == ()
