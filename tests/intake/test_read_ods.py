"""An .ods file gives up the same cells as an .xlsx file; what LibreOffice writes is built here by hand."""

import datetime as dt

import pytest
from bytes_builders import zipped

from pipeline.contract.refusal import Refusal
from pipeline.intake.raw import Cell, ErrorCell, RawBook, Remark, UncalculatedFormula
from pipeline.intake.read import read_book

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(
    f'xmlns:{name}="{OASIS}:{place}:1.0"'
    for name, place in {"office": "office", "table": "table", "text": "text", "style": "style",
                        "number": "datastyle"}.items()
)  # fmt: skip
CALCEXT = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def ods(tables: str, styles: str = "", settings: str = "", manifest: str = "") -> bytes:
    content = (
        f"<office:document-content {SPACES} {CALCEXT}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{settings}{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return zipped({"content.xml": content, "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>"})


def book_of(rows: str, styles: str = "", settings: str = "") -> RawBook:
    book = read_book(ods(f'<table:table table:name="销售">{rows}</table:table>', styles, settings), "a.ods")
    assert isinstance(book, RawBook), book
    return book


def row(*cells: str, given: str = "") -> str:
    return f"<table:table-row {given}>{''.join(cells)}</table:table-row>"


def cell(given: str = "", text: str = "", more: str = "") -> str:
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in text.split("\n")) if text else ""
    return f"<table:table-cell {given}>{more}{paragraphs}</table:table-cell>"


def number(value: str, text: str = "", given: str = "") -> str:
    return cell(f'office:value-type="float" office:value="{value}" {given}', text or value)


ERROR = 'office:value-type="string" office:string-value="" calcext:value-type="error" table:formula="of:=1/0"'


NOTE = "<office:annotation><text:p>批注</text:p></office:annotation>"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (cell(ERROR, "#DIV/0!"), ErrorCell("#DIV/0!")),
        (cell('table:formula="of:=NA()" office:value-type="float" office:value="0"', "#N/A"), ErrorCell("#N/A")),
        (cell('table:formula="of:=X" office:value-type="string"', "Err:509"), ErrorCell("Err:509")),
        (cell('office:value-type="string"', "#N/A"), "#N/A"),
        (cell('table:formula="of:=A2"'), UncalculatedFormula("=A2")),
        (number("2.5"), 2.5),
        (cell('office:value-type="percentage" office:value="0.95"', "95%"), 0.95),
        (cell('office:value-type="boolean" office:boolean-value="true"', "TRUE"), True),
        (cell('office:value-type="date" office:date-value="2024-06-03"', "6/3/24"), dt.date(2024, 6, 3)),
        (cell('office:value-type="date" office:date-value="2024-06-03T10:22"', "x"), dt.datetime(2024, 6, 3, 10, 22)),
        (cell('office:value-type="time" office:time-value="PT09H30M00S"', "9:30"), dt.time(9, 30)),
        (cell('office:value-type="time" office:time-value="PT36H00M00S"', "36:00"), dt.timedelta(hours=36)),
        (cell('office:value-type="time" office:time-value="-PT6H"', "-6:00"), dt.timedelta(hours=-6)),
        (cell('office:value-type="string"', "一\n二"), "一\n二"),
        (cell('office:value-type="string"', 'a<text:s text:c="2"/>b<text:tab/><text:span>c</text:span>'), "a  b\tc"),
        (cell('office:value-type="string"', "甲", NOTE), "甲"),
    ],
)  # fmt: skip
def test_a_cell_is_what_it_states_not_what_it_shows(written: str, value: Cell) -> None:
    found = book_of(row(written, number("7"))).sheets[0].rows[0][0]
    assert (found, type(found)) == (value, type(value))


def test_zeros_and_signs_that_only_the_format_shows_are_kept_as_shown() -> None:
    cells = [
        number("123", "000123"),
        number("7", "M007"),
        number("5"),
        number("1096", "1,096"),
        number("8", "8.00"),
    ]
    sheet = book_of(row(*cells)).sheets[0]
    assert sheet.shown == {(1, 1): "000123", (1, 2): "M007"}
    assert sheet.rows == [[123.0, 7.0, 5.0, 1096.0, 8.0]]


def test_a_length_of_time_under_a_day_is_one_where_its_format_runs_on() -> None:
    styles = (
        '<number:time-style style:name="N1" number:truncate-on-overflow="false"/>'
        '<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>'
    )
    written = cell('table:style-name="ce1" office:value-type="time" office:time-value="PT1H30M"', "1:30")
    assert book_of(row(written), styles).sheets[0].rows == [[dt.timedelta(minutes=90)]]


@pytest.mark.parametrize(("shows", "rule"), [("collapse", "hidden_rows"), ("filter", "filtered_rows")])
def test_hidden_and_filtered_rows_are_read_and_noted(shows: str, rule: str) -> None:
    book = book_of(row(number("1")) + row(number("2"), given=f'table:visibility="{shows}"'))
    assert book.sheets[0].rows == [[1.0], [2.0]]
    assert book.sheets[0].hidden_rows == {2}
    assert book.remarks == (Remark(rule, sheet="销售", details=(("count", "1"),)),)


def test_repeated_cells_and_rows_stand_as_often_as_they_say_and_blanks_cost_nothing() -> None:
    blank = cell('table:number-columns-repeated="16384"')
    rows = row(number("3", given='table:number-columns-repeated="2"'), given='table:number-rows-repeated="2"')
    rows += row(blank, given='table:number-rows-repeated="500"') + row(cell(), number("4"))
    book = read_book(ods(f'<table:table table:name="S">{rows}</table:table>'), "a.ods")
    assert isinstance(book, RawBook)
    rows_read = book.sheets[0].rows
    assert (len(rows_read), rows_read[:2], rows_read[-1]) == (503, [[3.0, 3.0], [3.0, 3.0]], [None, 4.0])


def test_a_cell_repeated_a_thousand_million_times_is_too_many() -> None:
    many = row(
        number("1", given='table:number-columns-repeated="10000"'), given='table:number-rows-repeated="100000"'
    )
    answer = read_book(ods(f'<table:table table:name="S">{many}</table:table>'), "a.ods")
    assert isinstance(answer, Refusal)
    assert answer.rule == "too_many_cells"


def test_hidden_tables_covered_cells_and_cells_deleted_in_tracked_changes() -> None:
    hidden = '<style:table-properties table:display="false"/>'
    styles = f'<style:style style:name="ta1" style:family="table">{hidden}</style:style>'
    deleted = f"<table:tracked-changes><table:cell>{cell('', '旧')}</table:cell></table:tracked-changes>"
    merged = (
        cell('office:value-type="string" table:number-columns-spanned="2"', "题") + "<table:covered-table-cell/>"
    )
    rows = row(merged) + row(number("1"), number("2"))
    book = read_book(
        ods(f'{deleted}<table:table table:name="S" table:style-name="ta1">{rows}</table:table>', styles), "a.ods"
    )
    assert isinstance(book, RawBook)
    [sheet] = book.sheets
    assert (sheet.visible, sheet.merged, sheet.rows) == (False, ("A1:B1",), [["题", None], [1.0, 2.0]])


def test_the_1904_date_system_is_told() -> None:
    settings = (
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    )
    book = book_of(row(number("43984")), settings=settings)
    assert (book.dates_1904, book.remarks) == (True, (Remark("dates_1904"),))


def test_a_password_is_said() -> None:
    data = ods("", manifest="<manifest:encryption-data xmlns:manifest='m'/>")
    assert read_book(data, "a.ods") == Refusal("password_protected")
