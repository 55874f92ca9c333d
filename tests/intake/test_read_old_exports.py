"""What old programs write and call .xls: web pages, XML spreadsheets, text. The cells are what such a file shows."""

import datetime as dt

import pytest

from pipeline.contract.refusal import Refusal
from pipeline.intake.raw import ErrorCell, RawBook, Remark, UncalculatedFormula
from pipeline.intake.read import read_book

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta http-equiv=Content-Type content="text/html; charset={charset}"><style>td {{ color: red }}</style>
<title>不显示</title></head><body><p>六月销售&nbsp;单位：元</p>
<table border=1><tr><th rowspan=2>客户</th><th colspan=2>本月</th></tr><tr><td>数量<td>金额</tr>
<tr style="display:none"><td>030101<td>5<td>1,200.50</tr>
<tr><td>030102&nbsp;</td><td x:num="1234.5">1,235</td><td sdval="7">7.00<br>元</td></tr></table>
<table><tr><td>制表人</td></tr></table></body></html>"""


def book_of(data: bytes, name: str = "导出.xls") -> RawBook:
    book = read_book(data, name)
    assert isinstance(book, RawBook), book
    return book


@pytest.mark.parametrize(
    ("charset", "encoding"), [("gb2312", "gb18030"), ("utf-8", "utf-8"), ("utf-16", "utf-16")]
)
def test_a_web_page_is_one_sheet_with_its_tables_and_lines_below_each_other(charset, encoding):
    [sheet] = book_of(PAGE.format(charset=charset).encode(encoding)).sheets
    assert sheet.rows == [
        ["六月销售 单位：元", None, None],
        ["客户", "本月", None],
        [None, "数量", "金额"],
        ["030101", "5", "1,200.50"],
        ["030102", 1234.5, 7.0],
        ["制表人", None, None],
    ]
    assert sheet.merged == ("A2:A3", "B2:C2")
    assert sheet.hidden_rows == {4}


def test_a_web_page_says_what_it_is_and_what_it_hides():
    book = book_of(PAGE.format(charset="utf-8").encode())
    assert [one.rule for one in book.remarks] == ["other_format", "hidden_rows"]


def test_a_page_saved_with_its_pictures_is_read():
    page = b"<html><body><table><tr><td>a</td><td>=E6=9C=88</td></tr></table></body></html>"
    head = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=B\n\n--B\nContent-Type: text/html\n"
    way = b"Content-Transfer-Encoding: quoted-printable\n\n"
    data = head + way + page + b"\n--B\nContent-Type: image/png\n\nx\n--B--\n"
    assert book_of(data).sheets[0].rows == [["a", "月"]]


XML = """<?xml version="1.0" encoding="{encoding}"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40">
<Styles><Style ss:ID="s1"><NumberFormat ss:Format="000000"/></Style></Styles>
<Worksheet ss:Name="销售"><Table>
<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">标题</Data></Cell>
<Cell><Data ss:Type="String">右</Data></Cell></Row>
<Row ss:Index="4" ss:Hidden="1"><Cell ss:Index="2" ss:StyleID="s1"><Data ss:Type="Number">123</Data>
<Comment><ss:Data xmlns="http://www.w3.org/TR/REC-html40">批注</ss:Data></Comment></Cell>
<Cell><Data ss:Type="DateTime">2024-06-03T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="DateTime">2024-06-03T10:20:00.000</Data></Cell></Row>
<Row><Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell>
<Cell ss:Formula="=RC[-1]*2"/>
<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">加<B>粗</B></ss:Data></Cell></Row>
</Table></Worksheet>
<Worksheet ss:Name="隐藏"><Table><Row><Cell><Data ss:Type="Number">1</Data></Cell></Row></Table>
<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["UTF-8", "gb2312", "UTF-16"])
def test_an_xml_spreadsheet_has_its_cells_where_they_say(encoding):
    book = book_of(XML.format(encoding=encoding).encode("gb18030" if encoding == "gb2312" else encoding))
    first, second = book.sheets
    assert (first.name, first.visible, second.name, second.visible) == ("销售", True, "隐藏", False)
    assert first.rows == [
        ["标题", None, "右", None],
        [None] * 4,
        [None] * 4,
        [None, 123.0, dt.date(2024, 6, 3), dt.datetime(2024, 6, 3, 10, 20)],
        [True, ErrorCell("#N/A"), UncalculatedFormula("=RC[-1]*2"), "加粗"],
    ]
    assert first.merged == ("A1:B1",)
    assert first.shown == {(4, 2): "000123"}
    assert first.hidden_rows == {4}


NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
FAR = (
    '<ss:Worksheet ss:Name="S"><ss:Table><ss:Row ss:Index="99999999"><ss:Cell/></ss:Row></ss:Table></ss:Worksheet>'
)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Workbook xmlns="{NAMESPACE}"/>', "made_to_harm"),
        (f'<Workbook xmlns="{NAMESPACE}"><Worksheet', "damaged"),
        (f'<Workbook xmlns="{NAMESPACE}"></Workbook>', "no_sheets"),
        (f'<Workbook xmlns="{NAMESPACE}" xmlns:ss="{NAMESPACE}">{FAR}</Workbook>', "damaged"),
    ],
)
def test_an_xml_spreadsheet_made_to_harm_or_damaged_is_refused(text, rule):
    answer = read_book(text.encode(), "a.xls")
    assert isinstance(answer, Refusal)
    assert answer.rule == rule


def test_a_page_whose_cells_go_over_billions_of_places_costs_nothing():
    cells = "<td colspan=99999 rowspan=9999999>x</td><td>y</td>"
    answer = read_book(f"<html><table><tr>{cells}</tr><tr><td>z</td></tr></table></html>".encode(), "a.xls")
    assert answer == Refusal("damaged")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("客户编码\t金额\n030101\t1,200.50\n030102\t3\n".encode("gb18030"), "a.xls"),
        ("客户编码\t金额\n030101\t1,200.50\n030102\t3\n".encode("utf-16"), "a.xls"),
        ('客户编码,金额\n030101,"1,200.50"\n030102,3\n'.encode("gb18030"), "a.xlsx"),
    ],
)
def test_text_under_the_ending_of_a_workbook_is_read_as_text(data, name):
    book = book_of(data, name)
    assert book.sheets[0].rows == [["客户编码", "金额"], ["030101", "1,200.50"], ["030102", "3"]]
    ending = name[1:]
    assert book.remarks == (Remark("other_format", details=(("ending", ending), ("format", ".csv"))),)
