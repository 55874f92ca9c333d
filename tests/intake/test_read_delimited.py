"""CSV in the encodings and with the delimiters that offices export; every cell is text."""

import pytest

from pipeline.intake.raw import RawBook, Refusal, Remark
from pipeline.intake.read import read_book

TEXT = "客户编码,金额\n0012,1.50\n"
CELLS = [["客户编码", "金额"], ["0012", "1.50"]]


def book_of(data: bytes) -> RawBook:
    book = read_book(data, "销售.csv")
    assert isinstance(book, RawBook)
    return book


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_is_recognised(encoding: str) -> None:
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    assert book_of((mark + TEXT).encode(encoding)).sheets[0].rows == CELLS


def test_text_in_no_known_encoding_is_refused() -> None:
    assert read_book(b"a,b\n\x81\x20,\xff\xff\n", "a.csv") == Refusal("unknown_encoding")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_recognised_even_where_texts_hold_commas(delimiter: str) -> None:
    text = f'a{delimiter}b{delimiter}c\n"1,5,,"{delimiter}"x,,y,,"{delimiter}3\n'
    assert book_of(text.encode()).sheets[0].rows == [["a", "b", "c"], ["1,5,,", "x,,y,,", "3"]]


def test_quoted_cells_hold_line_breaks_and_doubled_quotes() -> None:
    assert book_of(b'a,b\r\n"1\n2","say ""x"""\r\n').sheets[0].rows == [["a", "b"], ["1\n2", 'say "x"']]


def test_a_quote_never_closed_costs_no_rows_and_is_said() -> None:
    book = book_of(b'a,b\n"1,2\n3,4\n5,6\n')
    assert book.sheets[0].rows == [["a", "b"], ['"1', "2"], ["3", "4"], ["5", "6"]]
    assert book.remarks == (Remark("unclosed_quote"),)


def test_short_rows_are_filled_and_blank_lines_around_are_not_held() -> None:
    sheet = book_of(b"\n\na,b,c\n1\n\n2,,3\n\n").sheets[0]
    assert sheet.first_row == 3
    assert sheet.rows == [["a", "b", "c"], ["1", None, None], [None, None, None], ["2", None, "3"]]


def test_a_text_that_was_guarded_when_it_was_exported_is_read_as_it_was():
    """An apostrophe of ours goes; one that a person wrote stays."""
    book = read_book("备注,编码\n'=1+1,'天天\n''@x,'-5\n".encode(), "a.csv")
    assert isinstance(book, RawBook)
    assert book.sheets[0].rows[1:] == [["=1+1", "'天天"], ["'@x", "'-5"]]
