"""An .xlsb file gives up its error cells and hidden rows too."""

import datetime as dt
import struct

from bytes_builders import binary_record, xlsb

from pipeline.contract.refusal import Refusal
from pipeline.intake.raw import ErrorCell, RawBook, Remark
from pipeline.intake.read import read_book


def row(number: int, hidden: bool = False) -> bytes:
    flags = bytes([0, 0x10 if hidden else 0, 0])
    return binary_record(0, struct.pack("<IIH", number, 0, 300) + flags + bytes(4))


def number(column: int, value: float) -> bytes:
    return binary_record(5, struct.pack("<IId", column, 0, value))


def error(column: int, code: int) -> bytes:
    return binary_record(3, struct.pack("<IIB", column, 0, code))


def formula_with_error(column: int, code: int) -> bytes:
    return binary_record(11, struct.pack("<IIBHII", column, 0, code, 0, 0, 0))


def book_of(data: bytes) -> RawBook:
    book = read_book(data, "a.xlsb")
    assert isinstance(book, RawBook)
    return book


def test_error_cells_of_values_and_of_formulas_come_with_their_code() -> None:
    cells = row(2) + number(1, 5) + error(2, 0x2A) + row(3) + formula_with_error(1, 0x07) + number(2, 6)
    sheet = book_of(xlsb(cells)).sheets[0]
    assert (sheet.name, sheet.first_row, sheet.first_column) == ("销售", 3, 2)
    assert sheet.rows == [[5.0, ErrorCell("#N/A")], [ErrorCell("#DIV/0!"), 6.0]]


def test_hidden_rows_are_read_and_noted() -> None:
    book = book_of(xlsb(row(0) + number(0, 1) + row(1, hidden=True) + number(0, 2)))
    assert book.sheets[0].rows == [[1.0], [2.0]]
    assert book.sheets[0].hidden_rows == {2}
    assert book.remarks == (Remark("hidden_rows", sheet="销售", details=(("count", "1"),)),)


def test_a_cell_outside_the_grid_is_refused_and_cells_too_far_apart_are_too_many() -> None:
    outside = read_book(xlsb(row(0) + number(0, 1) + row(4_000_000_000) + number(0, 2)), "a.xlsb")
    assert outside == Refusal("made_to_harm", (("what", "4000000001 × 1"),))
    apart = read_book(xlsb(row(0) + number(0, 1) + row(999_999) + number(99, 2)), "a.xlsb")
    assert apart == Refusal("too_many_cells", (("found", "100,000,000"), ("limit", "12,000,000")))


def styles(*formats: int, codes: dict[int, str] | None = None) -> bytes:
    """The styles part: one cell style for each number format, in order."""
    own = b"".join(
        binary_record(44, struct.pack("<HI", number, len(code)) + code.encode("utf-16-le"))
        for number, code in (codes or {}).items()
    )
    cells = b"".join(binary_record(47, struct.pack("<HH12x", 0, number)) for number in formats)
    named = binary_record(626) + binary_record(47, struct.pack("<HH12x", 0, 14)) + binary_record(627)
    own = binary_record(615, struct.pack("<I", len(codes or {}))) + own + binary_record(616)
    cells = binary_record(617, struct.pack("<I", len(formats))) + cells + binary_record(618)
    return binary_record(278) + own + named + cells + binary_record(279)


def test_a_code_is_what_its_format_shows_in_each_way_of_writing_a_number() -> None:
    short = binary_record(2, struct.pack("<III", 0, 1, 123 << 2 | 2))
    hundredth = binary_record(2, struct.pack("<III", 1, 1, 700 << 2 | 3))
    long = binary_record(5, struct.pack("<IId", 2, 1, 42.0))
    formula = binary_record(9, struct.pack("<IIdHII", 3, 1, 42.0, 0, 0, 0))
    cells = row(0) + short + hundredth + long + formula
    book = read_book(xlsb(cells, styles(0, 164, codes={164: '"客"0000;@'})), "a.xlsb")
    assert isinstance(book, RawBook)
    assert book.sheets[0].rows == [[123.0, 7.0, 42.0, 42.0]]
    assert book.sheets[0].shown == {(1, 1): "客0123", (1, 2): "客0007", (1, 3): "客0042", (1, 4): "客0042"}


def test_days_are_days_and_counted_from_1904_where_the_workbook_says() -> None:
    day = binary_record(5, struct.pack("<IId", 0, 1, 43984.0))
    properties = binary_record(153, struct.pack("<II", 1, 0) + bytes(4))
    book = read_book(xlsb(row(0) + day, styles(0, 14), properties), "a.xlsb")
    assert isinstance(book, RawBook)
    assert book.sheets[0].rows == [[dt.date(2024, 6, 3)]]  # 43,984 days after 1904-01-01
    assert (book.dates_1904, book.remarks) == (True, (Remark("dates_1904"),))
