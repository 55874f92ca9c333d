"""A column that says the same in every row of a list is said once below it."""

from report_builder import region_report

from pipeline.workbooks.alike import said_once
from pipeline.workbooks.blocks import Chart, Column, Series, SheetPlan, Shown, Table
from pipeline.workbooks.view import View

VIEW = View(region_report())


def table(rows, name="detail_cases", **options):
    columns = (Column("who", "客户"), Column("manager", "客户经理"), Column("count", "件数", "number0"))
    return Table(name, "清单", columns, tuple(rows), empty="没有", **options)


def once(*blocks):
    (sheet,) = said_once(VIEW, [SheetPlan("one", "一", "一", "", blocks)])
    return sheet.blocks


def test_the_same_manager_in_every_row_is_said_once_below():
    (found,) = once(table([(f"店{place}", "张三", float(place)) for place in range(4)], note="注。"))
    assert [column.header for column in found.columns] == ["客户", "件数"]
    assert found.rows[1] == ("店1", 1.0)
    assert found.note == "各行客户经理均为张三。注。"


def test_a_column_empty_in_every_row_goes_without_a_word():
    (found,) = once(table([(f"店{place}", Shown(None), float(place)) for place in range(4)]))
    assert [column.header for column in found.columns] == ["客户", "件数"]
    assert found.note == ""


def test_three_rows_may_be_alike_by_chance():
    (found,) = once(table([(f"店{place}", "张三", float(place)) for place in range(3)]))
    assert len(found.columns) == 3


def test_of_a_table_of_figures_only_what_is_empty_goes():
    rows = [(f"指标{place}", None, 0.0) for place in range(4)]
    (found,) = once(table(rows, "sales_figures"))
    assert [column.header for column in found.columns] == ["客户", "件数"]


def test_what_a_chart_is_drawn_from_keeps_its_columns():
    rows = [(f"店{place}", "张三", 1.0) for place in range(4)]
    chart = Chart("图", "bar", ("detail_cases", "who"), (Series("件数", "detail_cases", "count"),), "件", "柱形图")
    found, _ = once(table(rows), chart)
    assert len(found.columns) == 3
