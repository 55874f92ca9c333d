"""An .xlsb file gives up its error cells and hidden rows too."""

import struct

from bytes_builders import binary_record, xlsb

from pipeline.intake.raw import ErrorCell, RawBook, Refusal, Remark
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
