"""The manager's report: four parts, cells for the manager's own words, and its way back through the inbox."""

import io

import pytest
from helpers_workbooks import read_back, written
from report_builder import actions_frame, details_frames, findings_frame, manager_report

from pipeline.contract.form_layout import heading
from pipeline.intake.match import match_tables, read_cover
from pipeline.intake.read import read_book
from pipeline.workbooks.blocks import EntryField, EvidenceList
from pipeline.workbooks.manager import plan_manager
from schemas.form import all_forms


def filled_in(content, sheet_name, header, values):
    """The workbook as a manager sends it: `values` typed into the first empty cells under a header."""
    book = read_back(content)
    sheet = book[sheet_name]
    place = next(cell for row in sheet.iter_rows() for cell in row if cell.value == header)
    row = place.row + 1
    while sheet.cell(row, place.column).value is not None:
        row += 1
    for step, value in enumerate(values):
        sheet.cell(row, place.column + step).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_the_report_has_the_four_parts_that_the_rule_asks_for():
    plan = plan_manager(manager_report())
    titles = [sheet.title for sheet in plan.sheets]
    parts = ["（一）总体销售情况", "（二）问题、原因与对策", "（三）客户主要意见", "（四）次月预测"]
    assert [title for title in titles if title in parts] == parts
    assert plan.title == "客户月度销售情况分析报告（欧阳晓明）"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_filled_report_is_read_as_actions_and_outlook_and_as_nothing_else(language):
    content = written(plan_manager(manager_report(language)))
    book = read_book(content, "report.xlsx")
    cover = read_cover(book, all_forms())
    assert cover.manager_id == "M003"
    assert str(cover.month) == "2024-06"
    matched = match_tables(book, all_forms())
    assert {table.form.key for table in matched.tables} == {"actions", "outlook"}
    assert matched.problems == ()


def test_of_a_filled_report_only_sheets_that_the_manager_added_are_told_of_as_not_read():
    book = read_back(written(plan_manager(manager_report())))
    book.create_sheet("我的笔记")["A1"] = "六月十五日补货"
    buffer = io.BytesIO()
    book.save(buffer)
    matched = match_tables(read_book(buffer.getvalue(), "report.xlsx"), all_forms())
    assert [(problem.rule, problem.sheet) for problem in matched.problems] == [("sheet_not_read", "我的笔记")]


def test_a_filled_report_whose_headings_are_gone_is_told_of_though_its_sheet_is_our_own():
    book = read_back(written(plan_manager(manager_report())))
    headings = {heading(column, "zh") for column in all_forms()["outlook"].columns}
    for cell in (cell for row in book["次月预测"].iter_rows() for cell in row if cell.value in headings):
        cell.value = None
    buffer = io.BytesIO()
    book.save(buffer)
    matched = match_tables(read_book(buffer.getvalue(), "report.xlsx"), all_forms())
    assert [(problem.rule, problem.sheet) for problem in matched.problems] == [("no_heading_row", "次月预测")]


def test_what_the_manager_types_arrives_with_what_was_carried_over():
    content = written(plan_manager(manager_report()))
    typed = filled_in(content, "次月预测", "价类", ["一类", None, 1200, "紧", "节前备货"])
    matched = match_tables(read_book(typed, "report.xlsx"), all_forms())
    tables = {table.form.key: table for table in matched.tables}
    assert tables["outlook"].cells["volume"] == [1200]
    # one action of April that is not done; the month's findings are not the manager's words
    assert tables["actions"].cells["problem"] == ["畅销品供货不足"]


def actions_in(content):
    matched = match_tables(read_book(content, "report.xlsx"), all_forms())
    return next(table for table in matched.tables if table.form.key == "actions")


def without_open_actions():
    details = {**details_frames(), "open_actions": actions_frame().iloc[:0]}
    return written(plan_manager(manager_report(details=details)))


def test_an_untouched_report_brings_no_actions_whatever_was_found():
    assert actions_in(without_open_actions()).rows == []


def test_a_filled_report_brings_the_actions_that_were_typed_and_no_others():
    typed = ["第1项", "漏访", "人手不足", "周末补访", "李明"]
    actions = actions_in(filled_in(without_open_actions(), "问题与对策", "主题", typed))
    assert len(actions.rows) == 1
    assert [actions.cells[name] for name in ("topic", "problem", "cause", "countermeasure", "owner")] == [
        [one] for one in typed
    ]


def test_findings_are_numbered_so_that_the_manager_can_refer_to_them():
    sheet = next(one for one in plan_manager(manager_report()).sheets if one.key == "part_problems")
    items = next(block for block in sheet.blocks if isinstance(block, EvidenceList)).items
    assert [item.severity.split(".")[0] for item in items] == ["1", "2", "3"]


def test_an_untouched_outlook_is_not_a_forecast():
    matched = match_tables(read_book(written(plan_manager(manager_report())), "report.xlsx"), all_forms())
    assert next(table for table in matched.tables if table.form.key == "outlook").rows == []


def test_the_entry_table_stays_where_the_reader_looks_however_much_was_found():
    many = findings_frame("manager", "M003")
    many = many.loc[many.index.repeat(20)].reset_index(drop=True)
    many["evidence"] = [f"{text}第{place}项" for place, text in enumerate(many["evidence"])]
    plan = plan_manager(manager_report(findings=many))
    matched = match_tables(read_book(written(plan), "report.xlsx"), all_forms())
    actions = next(table for table in matched.tables if table.form.key == "actions")
    assert len(actions.rows) == 1  # the action carried over


def test_only_the_entry_cells_are_open_and_there_is_no_password():
    book = read_back(written(plan_manager(manager_report())))
    open_cells = {
        sheet.title: sum(not cell.protection.locked for row in sheet.iter_rows() for cell in row) for sheet in book
    }
    # one action carried over and 5 empty rows of 8 columns; 5 categories and 3 more rows of 5 columns; where it is
    # signed, each of five lines is one cell over nine columns
    open_ones = {name: count for name, count in open_cells.items() if count}
    assert open_ones == {"问题与对策": 48, "次月预测": 40, "封面": 5 * 9}
    assert all(sheet.protection.sheet for sheet in book if sheet.title != "目录")
    assert all(sheet.protection.password is None for sheet in book)


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("zh", ("编制单位", "报告人", "审核人", "日期", "区域市场经理审阅意见")),
        ("en", ("Prepared by (office)", "Reported by", "Reviewed by", "Date", "Regional manager's comments")),
    ],
)
def test_the_printed_report_has_room_to_sign(language, labels):
    """Office and reporter are filled in; who reviews, the day and the opinion are written by hand."""
    plan = plan_manager(manager_report(language))
    fields = [block for block in plan.sheets[0].blocks if isinstance(block, EntryField)]
    assert tuple(field.label for field in fields) == labels
    office, reporter, *empty = fields
    assert (office.value, reporter.value) == (plan.organisation, "欧阳晓明" if language == "zh" else "Manager 3")
    assert [field.value for field in empty] == [None] * 3
