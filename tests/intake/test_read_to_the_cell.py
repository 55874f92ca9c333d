"""Each way of writing a cell that some reader takes for another value: named by its fault, the value by hand."""

import datetime as dt

import pytest
from bytes_builders import cell_styles, worksheet, xlsx

from pipeline.contract.refusal import Refusal
from pipeline.intake.raw import Cell, ErrorCell, RawBook, RawSheet
from pipeline.intake.read import read_book

# Eleven texts: the index 1 is the customer 030101100004, 10 is another, 030101100003.
TEXTS = "<si><t>030101100005</t></si><si><t>030101100004</t></si>" + "<si><t>x</t></si>" * 8
TEXTS += "<si><t>030101100003</t></si>"
CHOICE = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def sheet_of(cells: str, texts: str = TEXTS, styles: str = "", **more: str) -> RawSheet:
    book = read_book(xlsx(worksheet(f'<row r="1">{cells}</row>'), texts=texts, styles=styles, **more), "a.xlsx")  # type: ignore[arg-type]
    assert isinstance(book, RawBook), book
    return book.sheets[0]


def first_cell(cell: str, **more: str) -> Cell:
    """A cell at A1, read beside one at B1 that is as usual."""
    row = sheet_of(cell + '<c r="B1"><v>7</v></c>', **more).rows[0]
    assert row[-1] == 7.0
    return row[0] if len(row) == 2 else None


@pytest.mark.parametrize(
    ("index", "customer"),
    [
        ("1", "030101100004"),
        ("1 ", "030101100004"),
        (" 1", "030101100004"),
        ("\n1\n", "030101100004"),
        ("1.0", "030101100004"),
        ("01", "030101100004"),
        ("+1", "030101100004"),
        ("1&#48;", "030101100003"),
        ("&#x31;0", "030101100003"),
        ("<![CDATA[10]]>", "030101100003"),
        ("1<!-- -->0", "030101100003"),
        ("1<?x y?>0", "030101100003"),
    ],
)
@pytest.mark.parametrize("head", ['r="A1" t="s"', 'r="A1" t="s" s="0"', 'r="A1" s="0" t="s"', "t='s' r='A1'"])
def test_a_text_is_found_by_its_index_however_that_is_written(head: str, index: str, customer: str) -> None:
    assert first_cell(f"<c {head}><v>{index}</v></c>") == customer


@pytest.mark.parametrize("index", ["11", "-1", "1e0", "a", "1 0"])
def test_an_index_of_no_text_is_damage_not_another_customer(index: str) -> None:
    data = xlsx(worksheet(f'<row r="1"><c r="A1" t="s"><v>{index}</v></c></row>'), texts=TEXTS)
    assert read_book(data, "a.xlsx") == Refusal("damaged")


@pytest.mark.parametrize(
    "cell",
    ['<c r="A1" t="s"/>', '<c r="A1" t="s"></c>', '<c r="A1" t="s"><v/></c>', '<c r="A1" t="s"><v></v></c>',
     "<c r='A1' t='s'><v> </v></c>", '<c r="A1" t="e"/>', '<c r="A1" t="e"></c>', '<c r="A1" t="inlineStr"/>',
     '<c r="A1" t="inlineStr"><is/></c>', '<c r="A1" t="inlineStr"><is><t/></is></c>', '<c r="A1" t="str"><v/></c>',
     '<c r="A1" t="b"/>', '<c r="A1" t="d"/>'],
)  # fmt: skip
def test_a_cell_that_holds_nothing_is_empty_whatever_its_type(cell: str) -> None:
    assert first_cell(cell) is None


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1"><v> 12 </v></c>', 12.0),
        ('<c r="A1"><v>1&#50;</v></c>', 12.0),
        ('<c r="A1"><v>1<?x y?>2</v></c>', 12.0),
        ('<c r="A1"><v>1<!-- 5 -->2</v></c>', 12.0),
        ('<c r="A1"><v><![CDATA[12]]></v></c>', 12.0),
        ('<c r="A1"><v>12</v><extLst><ext uri="{0}"><v>9</v></ext></extLst></c>', 12.0),
        ('<c r="A1"><v>12</v><o:v xmlns:o="urn:o">9</o:v></c>', 12.0),
        ('<c r="A1"><o:v xmlns:o="urn:o">9</o:v><v>12</v></c>', 12.0),
        ('<c r="A1"><f>A2+"<![CDATA[<v>9</v>]]>"</f><v>12</v></c>', 12.0),
        ("<c r='A1'><v>12</v></c>", 12.0),
        ('<c  r = "A1" ><v>12</v></c>', 12.0),
        ('<c s="0" r="A1"><v>12</v></c>', 12.0),
        ("<c r=\"A1\" t='n'><v>12</v></c>", 12.0),
        ('<c r="A1" t="e"><v>#N/A</v></c>', ErrorCell("#N/A")),
        ("<c r=\"A1\" t='e'><v>#N/A</v></c>", ErrorCell("#N/A")),
        ('<c t="e" r="A1"><f>NA()</f><v>#N/A</v></c>', ErrorCell("#N/A")),
        ('<c r="A1" t="e" s="0"><v>#N/A</v></c>', ErrorCell("#N/A")),
        ('<c r="A1" t="inlineStr"><v>12</v></c>', "12"),
        ('<c r="A1" t="inlineStr"><is><t>甲</t></is></c>', "甲"),
        ('<c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>', "甲乙"),
        ('<c r="A1" t="inlineStr"><is><t>甲</t><rPh sb="0" eb="1"><t>K</t></rPh></is></c>', "甲"),
        ('<c r="A1"><is><t>甲</t></is></c>', "甲"),
        ('<c r="A1" t="b"><v>true</v></c>', True),
        ('<c r="A1" t="b"><v> 0 </v></c>', False),
        ('<c r="A1" t="b"><v>2</v></c>', "2"),
        ('<c r="A1" t="str"><v>_x0041__x005F_x0042_</v></c>', "A_x0042_"),
        ('<c r="A1" t="str"><v>_xD83D__xDE00_</v></c>', "😀"),
        ('<c r="A1" t="str"><v>_xD83D_</v></c>', "_xD83D_"),
        ('<c r="A1" t="str"><v>A&amp;B</v></c>', "A&B"),
    ],
)  # fmt: skip
def test_the_value_is_what_the_xml_says_not_what_it_looks_like(cell: str, value: Cell) -> None:
    texts = TEXTS
    book = read_book(xlsx(worksheet(f'<row r="1">{cell}<c r="B1"><v>7</v></c></row>'), texts=texts), "a.xlsx")
    assert isinstance(book, RawBook), book
    found = book.sheets[0].rows[0][0]
    assert (found, type(found)) == (value, type(value))


def test_two_values_in_one_cell_are_damage() -> None:
    data = xlsx(worksheet('<row r="1"><c r="A1"><v>5</v><v>6</v></c></row>'))
    assert read_book(data, "a.xlsx") == Refusal("damaged")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<si><t>甲<!-- 乙 -->丙</t></si>", "甲丙"),
        ("<si><t>甲<![CDATA[<乙>]]></t></si>", "甲<乙>"),
        ("<si><t>甲<?乙 丁?>丙</t></si>", "甲丙"),
        ("<si><t>030101&#49;00004</t></si>", "030101100004"),
        ("<si><rPh sb='0' eb='1'><t>K</t></rPh><t>重庆</t><phoneticPr fontId='1'/></si>", "重庆"),
        ("<si><r><rPr><b/></rPr><t>重</t></r><r><t>庆</t></r></si>", "重庆"),
        ("<si><t>甲</t><extLst><ext uri='{0}'><t>乙</t></ext></extLst></si>", "甲"),
        ("<si><t> 甲 </t></si>", " 甲 "),
        ("<si><t xml:space='preserve'> 甲 </t></si>", " 甲 "),
        ("<si><t>_x005F_x000D_</t></si>", "_x000D_"),
        ("<si><t>_xD83D__xDE00_</t></si>", "😀"),
        (f"<si><mc:AlternateContent {CHOICE}><mc:Choice xmlns:q='urn:q' Requires='q'><t>新</t></mc:Choice>"
         "<mc:Fallback><t>旧</t></mc:Fallback></mc:AlternateContent></si>", "旧"),
    ],
)  # fmt: skip
def test_a_shared_text_is_its_own_text_alone(text: str, value: str) -> None:
    assert first_cell('<c r="A1" t="s"><v>0</v></c>', texts=text) == value


def test_of_alternate_contents_the_one_for_us_is_read() -> None:
    other = f"<mc:AlternateContent {CHOICE}><mc:Choice xmlns:q='urn:q' Requires='q'>"
    cells = f'{other}<c r="A1"><v>1</v></c></mc:Choice><mc:Fallback><c r="A1"><v>2</v></c></mc:Fallback>'
    assert first_cell(cells + "</mc:AlternateContent>") == 2.0


def test_cells_and_rows_without_places_stand_one_after_the_other() -> None:
    rows = "<row><c><v>1</v></c><c/><c t='s'><v>1</v></c></row><row/><row><c><v>2</v></c></row>"
    book = read_book(xlsx(worksheet(rows), texts=TEXTS), "a.xlsx")
    assert isinstance(book, RawBook)
    assert book.sheets[0].rows == [[1.0, None, "030101100004"], [None, None, None], [2.0, None, None]]


def test_a_hidden_row_is_seen_whatever_its_quotes() -> None:
    for hidden in ("hidden='1'", 'hidden = "1"', 'hidden="true"'):
        book = read_book(xlsx(worksheet(f'<row {hidden} r="1"><c r="A1"><v>1</v></c></row>')), "a.xlsx")
        assert isinstance(book, RawBook)
        assert book.sheets[0].hidden_rows == {1}, hidden


def test_a_number_format_that_only_a_condition_applies_is_no_cells_own() -> None:
    styles = '<numFmts><numFmt numFmtId="164" formatCode="0.00"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs>'
    styles += '<dxfs><dxf><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></dxf></dxfs>'
    assert first_cell('<c r="A1" s="0"><v>1096</v></c>', styles=styles) == 1096.0
    assert first_cell("<c r='A1' s='0'><v>1096</v></c>", styles=styles) == 1096.0


# Each moment both as a program writes it and in a spelling that only the careful way reads.
@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize(
    ("style", "serial", "moment"),
    [
        (1, "45446", dt.date(2024, 6, 3)),
        (1, "59", dt.date(1900, 2, 28)),
        (1, "60", 60.0),
        (1, "60.5", 60.5),
        (1, "61", dt.date(1900, 3, 1)),
        (1, "-1", -1.0),
        (2, "-0.25", -0.25),
        (2, "0.75", dt.time(18)),
        (2, "0", dt.time()),
        (2, "0.9999999999", dt.time()),
        (3, "-0.25", dt.timedelta(hours=-6)),
        (3, "1.5", dt.timedelta(hours=36)),
    ],
)
def test_days_and_times_are_the_same_in_both_ways_and_never_a_wrong_one(
    quote: str, style: int, serial: str, moment: Cell
) -> None:
    cell = f"<c r={quote}A1{quote} s={quote}{style}{quote}><v>{serial}</v></c>"
    found = first_cell(cell, styles=cell_styles(0, 14, 20, 46))
    assert (found, type(found)) == (moment, type(moment))


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-06-03", dt.date(2024, 6, 3)),
        ("2024-06-03Z", dt.date(2024, 6, 3)),
        ("2024-06-03T00:00:00.000Z", dt.date(2024, 6, 3)),
        ("2024-06-03T10:22:31", dt.datetime(2024, 6, 3, 10, 22, 31)),
        ("2024-06-03T10:22:31Z", "2024-06-03T10:22:31Z"),
        ("2024-06-02T16:00:00.000Z", "2024-06-02T16:00:00.000Z"),
        ("1899-12-30T09:10:00Z", "1899-12-30T09:10:00Z"),
        ("10:22:31", dt.time(10, 22, 31)),
        ("2024-06-03T10:22:31+08:00", "2024-06-03T10:22:31+08:00"),
        ("2024-06-31", "2024-06-31"),
    ],
)
def test_iso_dates_are_days_and_moments_with_a_zone_text_for_the_reader_of_days(
    written: str, moment: Cell
) -> None:
    found = first_cell(f'<c r="A1" t="d"><v>{written}</v></c>')
    assert (found, type(found)) == (moment, type(moment))


@pytest.mark.parametrize(
    ("code", "digits", "shown"),
    [
        ("000000", "123", "000123"),
        ("000000;@", "123", "000123"),
        ("[$-804]000000", "123", "000123"),
        ("&quot;M&quot;000", "7", "M007"),
        ("\\M000", "7", "M007"),
        ("[&gt;999]0000;000", "12", "012"),
        ("[&lt;100]&quot;A&quot;000;&quot;B&quot;000", "500", "B500"),
        ("000\\-0000", "1234567", "123-4567"),
        ("000000;-000000;\\N0;@", "0", "N0"),
        ("000000_);[Red](000000)", "123", "000123"),
        ("000000", "123.0", "000123"),
    ],
)
@pytest.mark.parametrize("formula", ["", "<f>100+23</f>"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_code_is_what_its_number_format_shows(
    code: str, digits: str, shown: str, formula: str, quote: str
) -> None:
    cell = f"<c r={quote}A1{quote} s={quote}1{quote}>{formula}<v>{digits}</v></c>"
    sheet = sheet_of(cell, styles=cell_styles(0, 164, codes={164: code}))
    assert sheet.shown == {(1, 1): shown}
    assert sheet.rows == [[float(digits)]]


@pytest.mark.parametrize("code", ["0", "General", "#,##0", "0.00", "0%", "0.00E+00", "# ??/??", "@", "yyyy"])
def test_a_number_that_shows_as_itself_or_rounded_shows_no_code(code: str) -> None:
    assert sheet_of('<c r="A1" s="1"><v>45446</v></c>', styles=cell_styles(0, 164, codes={164: code})).shown == {}


@pytest.mark.parametrize("formula", ["", "<f>A9</f>"])
def test_sixteen_digits_and_more_are_kept_as_they_are_written(formula: str) -> None:
    cells = f'<c r="A1" s="1">{formula}<v>1234567890123456</v></c>'
    sheet = sheet_of(cells, styles=cell_styles(0, 164, codes={164: "000000"}))
    assert sheet.shown == {(1, 1): "1234567890123456"}


def test_a_text_longer_than_a_cell_takes_is_refused_while_it_is_looked_at() -> None:
    for inside in (f"<v>{'1' * 400_000}</v>", f"<is><t>{'x' * 400_000}</t></is>"):
        data = xlsx(worksheet(f'<row r="1"><c r="A1" t="inlineStr">{inside}</c></row>'))
        assert read_book(data, "a.xlsx") == Refusal("made_to_harm", (("what", "> 32,767"),))
