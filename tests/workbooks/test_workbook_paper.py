"""What of a sheet goes on paper: its first page, or all of it; what is not printed stays on the screen, and is told."""

from pipeline.workbooks.blocks import Column, Evidence, EvidenceList, Note, SheetPlan, Table
from pipeline.workbooks.layout import lay_out
from pipeline.workbooks.paper import last_printed_column, last_printed_row, prints_on_one_page


def listed(rows, **options):
    columns = (Column("a", "甲"), Column("b", "乙"))
    blocks = (Note("说明"), Table("a_list", "清单", columns, (("x", "y"),) * rows))
    return lay_out(SheetPlan("one", "表", "表", "", blocks, **options), "zh")


def test_a_short_list_is_printed_whole_on_one_page():
    layout = listed(20, on_screen=True)
    assert last_printed_row(layout) == layout.last_row
    assert prints_on_one_page(layout)


def test_a_long_list_read_on_screen_prints_its_first_rows_and_keeps_all_on_the_sheet():
    layout = listed(300, on_screen=True)
    assert 30 < last_printed_row(layout) < 60
    assert layout.last_row > 300


def test_a_long_list_that_is_printed_whole_takes_its_pages():
    layout = listed(300)
    assert last_printed_row(layout) == layout.last_row
    assert not prints_on_one_page(layout)


def test_of_what_is_looked_up_only_the_first_blocks_are_printed():
    layout = listed(300, on_screen=True, blocks_printed=1)
    assert last_printed_row(layout) == layout.placed[0].row


def test_a_list_of_findings_is_cut_between_two_of_them():
    items = tuple(Evidence("【本月处理】", f"第{place}项", "依据", "", "对策") for place in range(60))
    blocks = (EvidenceList("发现的问题", items, ("依据：", "原因：", "对策：")),)
    layout = lay_out(SheetPlan("one", "表", "表", "", blocks, on_screen=True), "zh")
    printed = last_printed_row(layout) - layout.placed[0].row  # below the list's title
    assert printed > 20
    assert printed % 2 == 0  # each finding has two rows


def test_what_stands_below_the_first_blocks_does_not_widen_their_print():
    narrow = Table("a_narrow", "窄", (Column("a", "甲"), Column("b", "乙")), (("x", "y"),))
    wide = Table("a_wide", "宽", tuple(Column(f"c{place}", f"列{place}") for place in range(40)), (("z",) * 40,))
    layout = lay_out(SheetPlan("one", "表", "表", "", (narrow, wide), on_screen=True, blocks_printed=1), "zh")
    assert last_printed_column(layout) < 25
    assert last_printed_row(layout) == layout.placed[0].row + layout.placed[0].rows - 1
