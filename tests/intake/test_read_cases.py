"""The cases of reading, one file a fault: each gives what openpyxl, xlrd, LibreOffice and Excel's documentation say."""

import datetime as dt
from pathlib import Path

import pytest

from pipeline.contract.refusal import Refusal
from pipeline.intake.raw import Cell, ErrorCell, RawBook, RawSheet, Remark
from pipeline.intake.read import read_book

CASES = Path(__file__).resolve().parents[2] / "../shared/cases"
READING = CASES / "reading"
pytestmark = pytest.mark.skipif(not READING.is_dir(), reason="the cases are not here")

JUNE_3 = dt.date(2024, 6, 3)
SALE: list[Cell] = [JUNE_3, "M001", "030101100004", "P006", 8.0, 1096.0]
ERROR = ErrorCell("#N/A")


def answer_of(name: str) -> RawBook | Refusal:
    path = READING / name if (READING / name).exists() else CASES / name
    return read_book(path.read_bytes(), path.name)


def sheet_of(name: str, index: int = 0) -> RawSheet:
    book = answer_of(name)
    assert isinstance(book, RawBook), book
    return book.sheets[index]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("sales_x_empty_shared_string.xlsx", SALE),
        ("sales_x_error_mixed_quotes.xlsx", [*SALE[:4], ERROR, 1096.0]),
        ("sales_x_extLst_in_cell.xlsx", SALE),
        ("sales_x_inlineStr_holding_v.xlsx", [*SALE[:4], "8", 1096.0]),
        ("sales_x_iso_date_with_Z.xlsx", SALE),
        ("sales_x_no_r_dxf_numFmt_collides_number_becomes_date.xlsx", SALE),
        ("sales_x_text_index_charref_other_customer.xlsx", [*SALE[:2], "030101100003", *SALE[3:]]),
        ("sales_x_text_index_trailing_blank_other_customer.xlsx", SALE),
        ("sales_x_padded_id_format_with_text_section.xlsx", [*SALE[:2], 30101100004.0, *SALE[3:]]),
        ("sales_x_padded_id_formula.xlsx", [*SALE[:2], 30101100004.0, *SALE[3:]]),
        ("sales_x_1904_unformatted_day.xlsx", [43984.0, *SALE[1:]]),
    ],
)
def test_the_sale_is_what_the_file_says(name: str, row: list[Cell]) -> None:
    assert sheet_of(name).rows[1] == row


@pytest.mark.parametrize("name", ["format_with_text_section", "formula"])
def test_a_padded_code_is_what_it_shows(name: str) -> None:
    assert sheet_of(f"sales_x_padded_id_{name}.xlsx").shown == {(2, 3): "030101100004"}


def test_the_1904_date_system_is_told_for_cells_without_a_date_format_too() -> None:
    book = answer_of("sales_x_1904_unformatted_day.xlsx")
    assert isinstance(book, RawBook)
    assert book.dates_1904


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("read_error_cell_selfclosed_takes_next_value.xlsx", [[5.0]]),
        ("read_inlineStr_with_v_only_is_empty.xlsx", [["1.", 2.0]]),
        ("read_processing_instruction_in_v_cuts_number.xlsx", [[12.0]]),
        ("read_serial_60_is_1900-02-28.xlsx", [[60.0]]),
        ("fresh_biff5_string_literal_in_formula.xls", [["客户编码", 5.0], ["abc", None]]),
        ("xlsb_id_format_000000_loses_zeros.xlsb", [[123.0, dt.date(2024, 6, 4), dt.date(2024, 6, 4), ERROR]]),
    ],
)
def test_the_cells_are_what_the_file_says(name: str, rows: list[list[Cell]]) -> None:
    assert sheet_of(name).rows == rows


def test_xlsb_shows_the_zeros_of_its_format() -> None:
    assert sheet_of("xlsb_id_format_000000_loses_zeros.xlsb").shown == {(1, 1): "000123"}


def test_ods_gives_errors_padding_hidden_rows_and_lengths_of_time() -> None:
    book = answer_of("libreoffice_errors_lost_padding_lost_hidden_rows_unsaid.ods")
    assert isinstance(book, RawBook)
    [sheet] = book.sheets
    assert [row[2] for row in sheet.rows[1:]] == [ErrorCell("#DIV/0!"), ERROR, ErrorCell("Err:502")]
    assert sheet.shown == {(2, 1): "000123", (3, 1): "000123", (4, 1): "000123", (4, 8): "000123"}
    assert [row[4] for row in sheet.rows[1:]] == [dt.time(9, 30), dt.time(9, 30), dt.timedelta(hours=36)]
    assert book.remarks == (Remark("hidden_rows", sheet="S", details=(("count", "1"),)),)


def test_an_error_in_a_visit_of_an_ods_form_is_one() -> None:
    sheet = sheet_of("form_visits_L5_error_lost_in_ods.ods", 2)
    assert sheet.rows[5 - sheet.first_row][12 - sheet.first_column] == ERROR


def test_a_negative_time_is_no_time_of_day() -> None:
    sheet = sheet_of("form_visits_H5_negative_time_read_as_18_00.xlsx", 2)
    assert sheet.rows[5 - sheet.first_row][8 - sheet.first_column] == -0.25


def test_a_cell_of_200_mb_is_refused_before_it_costs_anything() -> None:
    assert answer_of("slow_one_cell_200MB_33s_cpu.xlsx") == Refusal("made_to_harm", (("what", "> 32,767"),))


@pytest.mark.parametrize("name", ["namespace_prefix_x", "byte_order_mark_in_xml_parts", "absolute_relationship_targets",
                                  "read_only_protected_default_password"])  # fmt: skip
def test_forms_that_are_right_today_stay_right(name: str) -> None:
    cover = sheet_of(f"{name}.xlsx")
    assert (cover.rows[0][0], cover.rows[2][0]) == ("客户经理月度填报表", "客户经理编码")
    assert len(sheet_of(f"{name}.xlsx", 1).rows) > 100


@pytest.mark.parametrize("name", ["export_xml_spreadsheet_2003_named.xls", "export_csv_named.xlsx"])
def test_other_formats_under_the_ending_of_a_workbook_are_read_with_all_their_rows(name: str) -> None:
    sheet = sheet_of(name)
    assert len(sheet.rows) == 25
    assert sheet.rows[1] == ["M001", "2024-06-03", "030101100001", "P001", "10", "5300"]


@pytest.mark.parametrize("name", ["export_double_byte_order_mark", "export_semicolons_inside_notes",
                                  "export_utf16_without_mark", "export_order_time_with_seconds"])  # fmt: skip
def test_text_exports_have_all_their_rows_and_columns(name: str) -> None:
    sheet = sheet_of(f"{name}.csv")
    assert len(sheet.rows) == 25
    assert sheet.rows[0][:3] == ["业务员", "订单日期", "客户编号"]


def test_utf8_with_a_short_row_is_utf8() -> None:
    assert sheet_of("sales_utf8_with_one_bad_byte.csv").rows[2][:4] == ["2024-06-03", "M001", "客户一", "P"]


def test_a_decimal_comma_without_quotes_leaves_its_cell_for_the_checks_to_find() -> None:
    assert sheet_of("sales_csv_decimal_comma_unquoted_silent.csv").rows[1][5:] == ["157", "50"]
