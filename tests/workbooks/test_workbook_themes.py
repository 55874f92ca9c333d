"""Short lists share the sheet of their theme; long or wide ones keep their own, whose header is repeated in print."""

from pipeline.workbooks.blocks import Column, Heading, Link, Note, SheetPlan, Table, sheet_keys
from pipeline.workbooks.themes import LONGEST_JOINED, gathered, joined, names_of


def listed(key, rows, units=12.0, title="清单"):
    columns = (Column("a", "甲"), Column("b", "乙", "note", units=units))
    table = Table(f"table_{key}", title, columns, (("x", "y"),) * rows)
    return SheetPlan(key, key, f"标题{key}", "", (Note("共有的注"), table), about=f"关于{key}")


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


def test_what_would_be_too_wide_for_the_page_keeps_its_sheet():
    found = gathered([listed("one", 3), listed("two", 3, units=200.0)], "zh")
    assert [sheet.key for sheet in found] == ["one", "two"]


def test_a_theme_names_its_sheets_by_plus():
    assert names_of("visits+offences+missed") == ("visits", "offences", "missed")
    assert Link("x", sheet="two").sheet in sheet_keys(gathered([listed("one", 3), listed("two", 4)], "zh"))
