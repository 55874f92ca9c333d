"""Plans: what a workbook may not say, and where its parts are placed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.calendar import Month
from pipeline.workbooks.blocks import (
    Chart,
    Column,
    Evidence,
    EvidenceList,
    Heading,
    Link,
    PlanError,
    Series,
    SheetPlan,
    Shown,
    Table,
    WorkbookPlan,
    sheet_name,
)
from pipeline.workbooks.layout import lay_out
from pipeline.workbooks.places import a1, find_tables, link_target, range_text
from pipeline.workbooks.styles import PAGE
from pipeline.workbooks.widths import column_pixels, lines, units


def table(name="sales_test", rows=((1.0, "x"),), **more):
    return Table(name, "", (Column("a", "A", "number0"), Column("b", "B")), rows, **more)


def sheet(*blocks, key="one", name="Sheet", **more):
    return SheetPlan(key, name, "Title", "", blocks, **more)


def workbook(*sheets):
    return WorkbookPlan("Title", "Office", Month(2024, 6), "en", sheets, "")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_no_number_is_refused_and_missing_is_none(value):
    with pytest.raises(PlanError, match="not a number"):
        table(rows=((value, "x"),))
    with pytest.raises(PlanError, match="not a number"):
        table(rows=((Shown(value), "x"),))
    assert table(rows=((None, "x"),)).rows[0][0] is None


def test_two_columns_of_one_key_or_one_header_are_refused():
    with pytest.raises(PlanError, match="column twice: a"):
        Table("sales_test", "", (Column("a", "A"), Column("a", "B")), ((1, 2),))
    with pytest.raises(PlanError, match="header twice: a"):
        Table("sales_test", "", (Column("a", "A"), Column("b", "a")), ((1, 2),))


def test_a_row_of_another_length_is_refused():
    with pytest.raises(PlanError, match="a row of 1 cells"):
        table(rows=((1.0,),))


@pytest.mark.parametrize("name", ["", "x" * 32, "a/b", "a:b", "'quoted'", "what?"])
def test_a_sheet_name_that_excel_does_not_take_is_refused(name):
    with pytest.raises(PlanError, match="sheet name"):
        sheet(name=name)


@given(st.text(max_size=60))
def test_any_text_can_be_made_a_sheet_name(text):
    assert sheet(name=sheet_name(text)).name


@pytest.mark.parametrize("name", ["T1", "sales", "Sales_x", "a b_c", "_x", "销售_x"])
def test_a_table_name_is_lower_case_ascii_with_an_underscore(name):
    with pytest.raises(PlanError, match="table name"):
        table(name)


def test_sheets_and_tables_have_names_of_their_own():
    with pytest.raises(PlanError, match="sheet twice"):
        workbook(sheet(key="one", name="A"), sheet(key="two", name="a"))
    with pytest.raises(PlanError, match="table twice"):
        workbook(sheet(table(), key="one", name="A"), sheet(table(), key="two", name="B"))


def test_a_link_and_a_chart_lead_somewhere():
    to_nowhere = table(rows=((1.0, Link("x", "no_table")),))
    with pytest.raises(PlanError, match="link to nowhere"):
        workbook(sheet(to_nowhere))
    to_no_row = table(rows=((1.0, Link("x", "sales_test", "z")),), row_keys=("y",))
    with pytest.raises(PlanError, match="link to no row"):
        workbook(sheet(to_no_row))
    chart = Chart("C", "line", ("sales_test", "b"), (Series("s", "sales_test", "c"),), "", "words")
    with pytest.raises(PlanError, match=r"no sales_test\.c"):
        workbook(sheet(table(), chart))


def test_a_chart_without_words_for_the_blind_is_refused():
    with pytest.raises(PlanError, match="cannot see"):
        Chart("C", "line", ("sales_test", "b"), (Series("s", "sales_test", "a"),), "", "")


def test_a_chinese_character_is_as_wide_as_two_digits():
    assert units("销量") == units("1234") == 4


def test_a_column_is_wide_enough_for_its_longest_text_up_to_a_limit():
    short = Table("a_b", "", (Column("a", "A"),), (("张三",),))
    longer = Table("a_b", "", (Column("a", "A"),), (("欧阳晓明有限责任公司",),))
    huge = Table("a_b", "", (Column("a", "A", wrap=True),), (("很长" * 500,),))
    assert column_pixels(short, 0) < column_pixels(longer, 0) < column_pixels(huge, 0) <= 330


def test_numbers_are_never_cut_short():
    wide = Table("a_b", "", (Column("a", "A", "number2"),), ((123_456_789_012.5,),))
    assert column_pixels(wide, 0) >= 7 * len("123,456,789,012.50")


def test_long_text_takes_more_lines_in_a_narrower_cell():
    text = "请核对其下半月的访问安排，并对照级别频次补访三级以上客户。" * 3
    assert lines(text, 200) > lines(text, 600) >= 2


def test_a_narrow_sheet_fills_the_width_of_the_page():
    assert lay_out(sheet(table()), "en").width >= PAGE.width


def test_a_section_that_asks_for_a_new_page_gets_one_and_takes_its_heading_along():
    many = table(rows=((1.0, "x"),) * 3)
    layout = lay_out(sheet(Heading("one"), many, Heading("two", new_page=True)), "en")
    second = next(one for one in layout.placed if isinstance(one.block, Heading) and one.block.text == "two")
    assert layout.breaks == (second.row,)


def test_no_block_that_fits_a_page_is_cut_by_its_end():
    blocks = tuple(table(f"sales_t{number}", rows=((1.0, "x"),) * 12) for number in range(6))
    layout = lay_out(sheet(*blocks), "en")
    starts = {one.row for one in layout.placed}
    assert layout.breaks and set(layout.breaks) <= starts


def test_a_finding_is_not_cut_from_what_shows_it_by_the_end_of_a_page():
    items = tuple(Evidence("!", f"finding {number}", "what shows it") for number in range(40))
    layout = lay_out(sheet(EvidenceList("Found", items, ("", "", ""))), "en")
    # the title, then two rows a finding: each begins in an odd row of the list
    assert layout.breaks
    assert {(row - layout.placed[0].row) % 2 for row in layout.breaks} == {1}


def test_links_lead_to_the_first_cell_of_their_row():
    plan = sheet(table(rows=((1.0, "x"), (2.0, "y")), row_keys=("first", "second")), name="It's")
    places = find_tables([lay_out(plan, "en")])
    # two rows of titles, a gap, the header, then the rows: the second stands in the sixth
    assert link_target(Link("go", "sales_test", "second"), places, {}) == "internal:'It''s'!A6"
    assert range_text(places["sales_test"].column("b")) == "'It''s'!$B$5:$B$6"


@pytest.mark.parametrize(
    ("row", "column", "address"), [(0, 0, "A1"), (9, 25, "Z10"), (0, 26, "AA1"), (0, 701, "ZZ1")]
)
def test_addresses_are_counted_as_excel_does(row, column, address):
    assert a1(row, column) == address
