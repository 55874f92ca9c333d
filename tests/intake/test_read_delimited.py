"""CSV in the encodings and with the delimiters that offices export; every cell is text."""

import pytest
from pydantic import ValidationError

from pipeline.contract.exports import Export
from pipeline.contract.refusal import Refusal
from pipeline.intake.delimited import Dialect
from pipeline.intake.raw import RawBook, Remark
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


TRADITIONAL = "訂單日期,業務員,客戶編號,備註\n2024-06-03,M001,030101100004,桂花巷便民超市\n"


@pytest.mark.parametrize("encoding", ["big5", "cp950", "utf-8", "utf-16"])
def test_traditional_signs_are_big5_where_they_read_well_as_that(encoding: str) -> None:
    assert book_of(TRADITIONAL.encode(encoding)).sheets[0].rows[0] == ["訂單日期", "業務員", "客戶編號", "備註"]


def test_bytes_that_read_well_in_no_encoding_are_a_problem() -> None:
    assert read_book("Größe,Straße,Grüße\n".encode("latin-1"), "a.csv") == Refusal("unknown_encoding")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_seen_by_its_zeros(encoding: str) -> None:
    assert book_of(TEXT.encode(encoding)).sheets[0].rows == CELLS


def test_a_mark_that_stands_twice_is_no_part_of_the_first_heading() -> None:
    assert book_of(("\ufeff\ufeff" + TEXT).encode("utf-8")).sheets[0].rows == CELLS


def test_one_bad_byte_in_utf8_costs_its_sign_and_is_said() -> None:
    data = "客户编码,客户名称\n030101100004,平安里便民超市\n".encode()
    at = data.index("安".encode())
    book = book_of(data[:at] + b"\xe5" + data[at + 3 :])
    assert book.sheets[0].rows == [["客户编码", "客户名称"], ["030101100004", "平\ufffd里便民超市"]]
    assert book.remarks == (Remark("bad_bytes", details=(("count", "1"),)),)


def test_a_few_signs_of_gb18030_that_happen_to_be_utf8_are_gb18030() -> None:
    assert book_of("名称,备注\n联通,好\n".encode("gb18030")).sheets[0].rows == [["名称", "备注"], ["联通", "好"]]


def test_the_delimiter_is_what_parses_alike_not_what_stands_most_often() -> None:
    notes = "a;b;c;d;e;f;g;h"
    rows = book_of(f"编码,金额,备注\n1,2,{notes}\n3,4,\n".encode()).sheets[0].rows
    assert rows == [["编码", "金额", "备注"], ["1", "2", notes], ["3", "4", None]]
    decimal_commas = "a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n"
    assert book_of(decimal_commas.encode()).sheets[0].rows[1] == ["1,5", "2,5", "3,5"]


def test_delimiter_and_encoding_may_be_said() -> None:
    text = "編碼|金額,元\n1|2,5\n"
    said = read_book(text.encode("big5"), "a.csv", Dialect("|", "big5"))
    assert isinstance(said, RawBook)
    assert said.sheets[0].rows == [["編碼", "金額,元"], ["1", "2,5"]]


def test_a_surplus_cell_stays_where_it_is_for_the_checks_to_find() -> None:
    assert book_of(b"a,b\n157,50,1\n2,3\n").sheets[0].rows == [
        ["a", "b", None],
        ["157", "50", "1"],
        ["2", "3", None],
    ]


def test_the_settings_of_an_export_say_how_its_file_is_written() -> None:
    given = {
        "files": "*.csv",
        "form": "sales",
        "columns": {"customer_id": "客户"},
        "delimiter": "|",
        "encoding": "big5",
    }
    export = Export.model_validate(given)
    assert Dialect(export.delimiter, export.encoding) == Dialect("|", "big5")
    with pytest.raises(ValidationError, match="encoding"):
        Export.model_validate({**given, "encoding": "klingon"})
