"""Cells that readers lose or change without a word come through as they stand in the file."""

import datetime as dt
import io

import openpyxl
import pytest
import xlsxwriter
from bytes_builders import STRICT, cell_styles, worksheet, xlsx, zipped

from pipeline.contract.refusal import Refusal
from pipeline.intake.raw import ErrorCell, RawBook, RawSheet, Remark, UncalculatedFormula
from pipeline.intake.read import read_book


def book_of(data: bytes, name: str = "a.xlsx") -> RawBook:
    book = read_book(data, name)
    assert isinstance(book, RawBook)
    return book


def sheet_of(data: bytes) -> RawSheet:
    return book_of(data).sheets[0]


# Each fast sheet has a twin that the scan must call unusual (by a comment), so both ways of reading are held
# to the same expected cells.
WAYS = pytest.mark.parametrize("after", ["", "<!-- read carefully -->"], ids=["fast", "careful"])


@WAYS
def test_error_cells_come_with_their_code(after: str) -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c></row>'
        '<row r="2"><c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B2"><v>2</v></c></row>'
    )
    sheet = sheet_of(xlsx(worksheet(rows, after)))
    assert sheet.rows == [[1.0, ErrorCell("#N/A")], [ErrorCell("#DIV/0!"), 2.0]]


@WAYS
def test_an_error_that_only_newer_excel_knows_costs_nothing_else(after: str) -> None:
    rows = '<row r="1"><c r="A1" t="e"><v>#SPILL!</v></c><c r="B1"><v>7</v></c></row>'
    assert sheet_of(xlsx(worksheet(rows, after))).rows == [[ErrorCell("#SPILL!"), 7.0]]


@WAYS
def test_an_error_cell_outside_all_other_cells_is_kept_at_its_place(after: str) -> None:
    rows = (
        '<row r="2"><c r="B2" t="e"><v>#REF!</v></c></row><row r="4"><c r="D4"><v>1</v></c></row>'
        '<row r="5"><c r="E5" t="e"><v>#N/A</v></c></row>'
    )
    sheet = sheet_of(xlsx(worksheet(rows, after)))
    assert (sheet.first_row, sheet.first_column) == (2, 2)
    assert sheet.rows == [
        [ErrorCell("#REF!"), None, None, None],
        [None, None, None, None],
        [None, None, 1.0, None],
        [None, None, None, ErrorCell("#N/A")],
    ]


@WAYS
def test_a_formula_without_result_is_not_an_empty_cell(after: str) -> None:
    rows = (
        '<row r="1"><c r="A1"><f>SUM(B1:C1)</f></c><c r="B1"><f>1&lt;2</f><v></v></c>'
        '<c r="C1"><f>2+3</f><v>5</v></c><c r="D1" t="str"><f>A9</f><v></v></c><c r="E1"><v>4</v></c></row>'
    )
    assert sheet_of(xlsx(worksheet(rows, after))).rows == [
        [UncalculatedFormula("=SUM(B1:C1)"), UncalculatedFormula("=1<2"), 5.0, None, 4.0]
    ]


def test_a_formula_written_by_a_program_without_result_is_seen() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append([1, 2, "=A1+B1"])
    buffer = io.BytesIO()
    book.save(buffer)
    assert sheet_of(buffer.getvalue()).rows == [[1.0, 2.0, UncalculatedFormula("=A1+B1")]]


@WAYS
def test_text_numbers_stay_text_and_booleans_stay_booleans(after: str) -> None:
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="b"><v>1</v></c><c r="C1" t="b"><v>0</v></c>'
        '<c r="D1"><v>0</v></c><c r="E1" t="inlineStr"><is><t>NA</t></is></c></row>'
    )
    sheet = sheet_of(xlsx(worksheet(rows, after), texts="<si><t>0012</t></si>"))
    assert [repr(cell) for cell in sheet.rows[0]] == ["'0012'", "True", "False", "0.0", "'NA'"]


@WAYS
def test_zeros_that_only_the_number_format_shows_are_kept_as_shown(after: str) -> None:
    styles = cell_styles(0, 164, codes={164: "000000000000"})
    cells = '<c r="B3" s="1"><v>530000000012</v></c><c r="C3" s="1"><v>42</v></c><c r="D3"><v>42</v></c>'
    rows = f'<row r="3">{cells}</row>'
    sheet = sheet_of(xlsx(worksheet(rows, after), styles=styles))
    assert sheet.rows == [[530000000012.0, 42.0, 42.0]]
    assert sheet.shown == {(3, 3): "000000000042"}


@WAYS
def test_an_id_of_18_digits_that_the_file_still_holds_is_kept_in_full(after: str) -> None:
    rows = '<row r="1"><c r="A1"><v>110101199003078515</v></c><c r="B1"><v>1.10101199003078E+17</v></c></row>'
    sheet = sheet_of(xlsx(worksheet(rows, after)))
    assert sheet.rows == [[1.10101199003078515e17, 1.10101199003078e17]]
    assert sheet.shown == {(1, 1): "110101199003078515"}


DATE_STYLES = cell_styles(0, 14, 31, 22, 20, 46, 164, codes={164: "yyyy&quot;年&quot;m&quot;月&quot;"})
DATE_ROWS = (
    '<row r="1"><c r="A1" s="1"><v>45448</v></c><c r="B1" s="2"><v>45448</v></c><c r="C1" s="3"><v>45448.5</v></c>'
    '<c r="D1" s="4"><v>0.75</v></c><c r="E1" s="5"><v>1.25</v></c><c r="F1" s="6"><v>45448</v></c></row>'
)


@WAYS
def test_dates_times_and_lengths_of_time_are_told_apart(after: str) -> None:
    day = dt.date(2024, 6, 5)  # 45,448 days after 1899-12-30
    assert sheet_of(xlsx(worksheet(DATE_ROWS, after), styles=DATE_STYLES)).rows == [
        [day, day, dt.datetime(2024, 6, 5, 12), dt.time(18), dt.timedelta(days=1, hours=6), day]
    ]


@WAYS
def test_dates_of_a_1904_workbook_are_four_years_and_a_day_later_and_it_is_said(after: str) -> None:
    data = xlsx(worksheet(DATE_ROWS, after), styles=DATE_STYLES, book='<workbookPr date1904="1"/>')
    book = book_of(data)
    assert book.sheets[0].rows[0][:3] == [
        dt.date(2028, 6, 6),
        dt.date(2028, 6, 6),
        dt.datetime(2028, 6, 6, 12),
    ]
    assert Remark("dates_1904") in book.remarks


@WAYS
def test_merged_cells_have_their_value_at_the_top_left_alone(after: str) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"/></row><row r="2"><c r="A2"/><c r="B2"><v>9</v></c></row>'
    merges = '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
    sheet = sheet_of(xlsx(worksheet(rows, merges + after)))
    assert sheet.rows == [[1.0, None], [None, 9.0]]
    assert sheet.merged == ("A1:B1",)


@pytest.mark.parametrize(
    ("between", "rule"),
    [
        ("", "hidden_rows"),
        ('<autoFilter ref="A1:A3"><filterColumn colId="0"/></autoFilter>', "filtered_rows"),
    ],
)
@WAYS
def test_hidden_and_filtered_rows_are_read_and_noted(after: str, between: str, rule: str) -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"><c r="A2"><v>2</v></c></row>'
        '<row r="3"><c r="A3"><v>3</v></c></row><row r="9" hidden="1"></row>'
    )
    book = book_of(xlsx(worksheet(rows, between + after)))
    assert book.sheets[0].rows == [[1.0], [2.0], [3.0]]
    assert book.sheets[0].hidden_rows == {2, 9}
    assert book.remarks == (Remark(rule, sheet="销售", details=(("count", "1"),)),)


@WAYS
@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576", "nonsense"])
def test_a_wrong_stated_dimension_changes_nothing_and_rows_below_a_gap_are_read(
    after: str, dimension: str
) -> None:
    rows = '<row r="3"><c r="C3"><v>1</v></c></row><row r="40"><c r="D40"><v>2</v></c></row>'
    sheet = sheet_of(xlsx(worksheet(rows, after, dimension=dimension)))
    assert (sheet.first_row, sheet.first_column) == (3, 3)
    assert (len(sheet.rows), sheet.rows[0], sheet.rows[37]) == (38, [1.0, None], [None, 2.0])


@WAYS
def test_strict_ooxml_is_read_with_its_iso_dates(after: str) -> None:
    rows = '<row r="1"><c r="A1" t="d"><v>2024-06-05</v></c><c r="B1"><v>2</v></c></row>'
    data = xlsx(worksheet(rows, after, namespace=STRICT), strict=True)
    first, second = sheet_of(data).rows[0]
    assert (str(first)[:10], second) == ("2024-06-05", 2.0)


def test_a_sheet_in_utf16_is_not_empty() -> None:
    text = worksheet('<row r="1"><c r="A1"><v>5</v></c></row>').replace("UTF-8", "UTF-16")
    assert sheet_of(xlsx(text.encode("utf-16"))).rows == [[5.0]]


def test_elements_with_a_prefix_and_without_places_are_read() -> None:
    text = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        "<x:row><x:c><x:v>1</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row><x:row><x:c><x:v>3</x:v></x:c></x:row>"
        "</x:sheetData></x:worksheet>"
    )
    assert sheet_of(xlsx(text)).rows == [[1.0, 2.0], [3.0, None]]


def test_a_cell_in_a_comment_is_no_cell() -> None:
    rows = '<row r="1"><!-- <c r="A1"><v>1</v></c> --><c r="B1"><v>2</v></c></row>'
    sheet = sheet_of(xlsx(worksheet(rows)))
    assert (sheet.first_column, sheet.rows) == (2, [[2.0]])


def test_numbers_that_are_none_stay_as_they_are_written() -> None:
    written = ["1e999", "NaN", "-Infinity", "0x10", "1,5"]
    cells = "".join(f'<c r="{column}1"><v>{text}</v></c>' for column, text in zip("ABCDE", written, strict=True))
    assert sheet_of(xlsx(worksheet(f'<row r="1">{cells}</row>'))).rows == [list(written)]


@WAYS
def test_phonetic_hints_are_no_part_of_a_text(after: str) -> None:
    texts = "<si><r><t>重</t></r><r><t>庆_x000A_</t></r><rPh sb='0' eb='1'><t>ジュウ</t></rPh></si>"
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    assert sheet_of(xlsx(worksheet(rows, after), texts=texts)).rows == [["重庆\n"]]


def test_few_cells_far_apart_are_read_and_the_far_ones_named() -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>3</v></c></row>'
    )
    book = book_of(xlsx(worksheet(rows)))
    assert book.sheets[0].rows == [[1.0, 2.0]]
    assert book.remarks == (Remark("cells_far_away", sheet="销售", cell="XFD1048576", details=(("count", "1"),)),)


def test_a_table_in_a_far_corner_is_read_where_it_stands() -> None:
    rows = '<row r="100000"><c r="FOO100000"><v>6</v></c></row><row r="100001"><c r="FOO100001"><v>3</v></c></row>'
    sheet = sheet_of(xlsx(worksheet(rows)))
    assert (sheet.first_row, sheet.first_column, sheet.rows) == (100_000, 4461, [[6.0], [3.0]])


def test_hidden_sheets_are_read_and_marked() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet("甲").write(0, 0, 1)
        hidden = book.add_worksheet("乙")
        hidden.write(4, 2, 2)
        hidden.hide()
    first, second = book_of(buffer.getvalue()).sheets
    assert (first.name, first.visible, first.rows) == ("甲", True, [[1.0]])
    assert (second.name, second.visible, second.rows) == ("乙", False, [[2.0]])
    assert (second.first_row, second.first_column) == (5, 3)


def test_a_chart_sheet_is_no_table() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        chart = book.add_chart({"type": "line"})
        book.add_chartsheet("图").set_chart(chart)
        book.add_worksheet("数").write_column(0, 0, [1, 2])
        chart.add_series({"values": "=数!$A$1:$A$2"})
    assert [(sheet.name, sheet.rows) for sheet in book_of(buffer.getvalue()).sheets] == [("数", [[1.0], [2.0]])]


def test_macros_are_said_and_an_ending_that_is_not_the_formats() -> None:
    data = xlsx(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'), more={"xl/vbaProject.bin": b"macro"})
    assert book_of(data, "a.xlsm").remarks == (Remark("macros_ignored"),)
    assert book_of(data, "a.xls").remarks == (
        Remark("other_format", details=(("ending", ".xls"), ("format", ".xlsm"))),
        Remark("macros_ignored"),
    )


def test_ods_is_read() -> None:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
        f'xmlns:text="{office}:text:1.0"><office:body><office:spreadsheet><table:table table:name="销售">'
        '<table:table-row><table:table-cell office:value-type="string"><text:p>客户</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="2.5"><text:p>2.5</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    entries = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    entries["META-INF/manifest.xml"] = (
        f'<manifest:manifest xmlns:manifest="{office}:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    assert book_of(zipped(entries), "a.ods").sheets[0].rows == [["客户", 2.5]]


def test_a_reference_to_a_text_that_is_not_there_is_damage_not_another_text() -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'
    data = xlsx(worksheet(rows), texts="<si><t>a</t></si>")
    assert read_book(data, "a.xlsx") == Refusal("damaged")
