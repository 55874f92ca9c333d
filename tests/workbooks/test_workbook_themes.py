"""Short lists share the sheet of their theme; long or wide ones keep their own, whose header is repeated in print."""

from pipeline.contract.themes import names_of
from pipeline.workbooks.blocks import Column, Heading, Link, Note, SheetPlan, Table, sheet_keys
from pipeline.workbooks.layout import lay_out
from pipeline.workbooks.narrow import Measures, narrowed
from pipeline.workbooks.styles import PAGE
from pipeline.workbooks.themes import LONGEST_JOINED, WIDEST, gathered, joined
from pipeline.workbooks.widths import column_pixels, pixels


def listed(key, rows, title="清单", said="y", **options):
    columns = (Column("a", "甲"), Column("b", "乙", "note"))
    table = Table(f"table_{key}", title, columns, (("x", said),) * rows)
    return SheetPlan(key, key, f"标题{key}", "", (Note("共有的注"), table), about=f"关于{key}", **options)


def test_two_short_lists_share_a_sheet_and_links_to_both_lead_there():
    (sheet,) = gathered([listed("one", 3), listed("two", 4)], "zh")
    assert [table.name for table in sheet.tables()] == ["table_one", "table_two"]
    assert set(sheet_keys([sheet])) == {"one", "two"}
    assert sheet.about == "关于one；关于two"


def test_a_note_that_stands_on_both_stands_once():
    both = joined(listed("one", 3), listed("two", 4))
    assert both.blocks.count(Note("共有的注")) == 1


def test_a_table_without_a_title_gets_the_title_of_its_sheet_as_heading():
    both = joined(listed("one", 3), listed("two", 4, title=""))
    assert Heading("标题two") in both.blocks


def test_a_list_longer_than_a_page_keeps_its_sheet():
    found = gathered([listed("one", 3), listed("two", LONGEST_JOINED + 1)], "zh")
    assert [sheet.key for sheet in found] == ["one", "two"]


def test_nothing_joins_a_list_longer_than_a_page():
    found = gathered([listed("one", LONGEST_JOINED + 1), listed("two", 3)], "zh")
    assert [sheet.key for sheet in found] == ["one", "two"]


def many_columns(key, text, count=20):
    columns = tuple(Column(f"c{place}", f"列{place}") for place in range(count))
    return SheetPlan(key, key, key, "", (Table(f"table_{key}", "清单", columns, ((text,) * count,) * 3),))


def test_what_would_be_too_wide_for_the_page_keeps_its_sheet():
    found = gathered([listed("one", 3), many_columns("two", "030101100011")], "zh")
    assert [sheet.key for sheet in found] == ["one", "two"]


def test_texts_break_over_lines_so_that_tables_fit_a_page_together():
    (sheet,) = gathered([listed("one", 3), many_columns("two", "滨河路万家食杂店", 11)], "zh")
    assert lay_out(sheet, "zh").width <= WIDEST * PAGE.width
    assert all(column.wrap for column in sheet.tables()[1].columns[2:])


def test_headers_break_before_texts_do_and_codes_never():
    names = (Column("code", "编码"), Column("name", "名称"))
    figures = (Column(f"c{place}", f"很长很长很长的列名第{place:02}", "number0") for place in range(8))
    columns, row = (*names, *figures), ("030101100011", "滨河路食杂店", *(1234.0,) * 8)
    sheet = SheetPlan("one", "one", "one", "", (Table("table_one", "清单", columns, (row,)),))
    natural = lay_out(sheet, "zh").width
    table = narrowed(sheet, natural - 200, Measures("zh")).tables()[0]
    assert not any(column.wrap for column in table.columns)
    assert column_pixels(table, 0) >= pixels("030101100011")


def test_a_theme_names_its_sheets_by_plus():
    assert names_of("visits+offences+missed") == ("visits", "offences", "missed")
    assert Link("x", sheet="two").sheet in sheet_keys(gathered([listed("one", 3), listed("two", 4)], "zh"))
