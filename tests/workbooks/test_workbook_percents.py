"""Percentages are real percentages in the cells, so that a reader's own formulas work: 0.952, shown as 95.2%."""

import io
import re
import zipfile

import pytest
from helpers_workbooks import column_values, read_back, written
from report_builder import MONTH, headquarters_report, manager_report, region_report

from pipeline.workbooks.blocks import Chart as ChartBlock
from pipeline.workbooks.blocks import Column, Series, SheetPlan, Shown, Table, WorkbookPlan
from pipeline.workbooks.headquarters import plan_headquarters
from pipeline.workbooks.manager import plan_manager
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.styles import NUMBER_FORMATS, number_format, stored

WORKBOOKS = {
    "region": lambda: plan_region(region_report()),
    "manager": lambda: plan_manager(manager_report()),
    "headquarters": lambda: plan_headquarters(headquarters_report()),
}


def one_table(*blocks):
    return WorkbookPlan("t", "o", MONTH, "zh", (SheetPlan("s", "S", "t", "u", blocks),), "footer")


def shares():
    columns = (
        Column("name", "名称"),
        Column("share", "占比", "percent1", flag_below=90),
        Column("change", "变化", "change_percent"),
        Column("points", "差距", "change_points"),
    )
    rows = (("甲", 95.2, Shown(-3.25), Shown(-3.25)), ("乙", 88, Shown(4.0), Shown(4.0)))
    return Table("table_shares", "", columns, rows)


def parts(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(one).decode() for one in archive.namelist() if name in one)


def test_a_share_of_95_2_percent_is_0_952_in_its_cell():
    sheet = read_back(written(one_table(shares())))["S"]
    assert column_values(sheet, "占比") == [pytest.approx(0.952), pytest.approx(0.88)]
    assert sheet["B5"].number_format == "0.0%"


def test_a_growth_is_a_real_percentage_and_points_stay_points():
    sheet = read_back(written(one_table(shares())))["S"]
    assert column_values(sheet, "变化") == [pytest.approx(-0.0325), pytest.approx(0.04)]
    assert column_values(sheet, "差距") == [-3.25, 4.0]


def test_the_threshold_of_a_shaded_share_is_a_real_percentage_too():
    content = written(one_table(shares()))
    assert '<cfRule type="cellIs" dxfId="0" priority="1" operator="lessThan"><formula>0.9</formula>' in parts(
        content, "worksheets/"
    )


def test_an_axis_of_shares_ends_at_one():
    chart = ChartBlock(
        "占比", "column", ("table_shares", "name"), (Series("占比", "table_shares", "share"),), "%", "占比的柱形图",
        number_format="0%", least=0, most=100,
    )  # fmt: skip
    drawn = parts(written(one_table(shares(), chart)), "charts/chart")
    assert '<c:max val="1"/>' in drawn.replace('"1.0"', '"1"')
    assert 'formatCode="0%"' in drawn


@pytest.mark.parametrize("name", sorted(NUMBER_FORMATS))
def test_no_format_quotes_the_percent_sign(name):
    assert '"%"' not in number_format(name, "zh")
    assert stored(50.0, name) == (0.5 if "%" in NUMBER_FORMATS[name] else 50.0)


def planned_and_written(plan):
    """Each number of the plan's tables that is shown in percent, with what its cell holds."""
    book = read_back(written(plan))
    for sheet in plan.sheets:
        for table in sheet.tables():
            if table.rows:
                rows = book[sheet.name][book[sheet.name].tables[table.name].ref][1:]
                for planned, cells in zip(table.rows, rows, strict=True):
                    for one, cell, column in zip(planned, cells, table.columns, strict=True):
                        style = (one.style if isinstance(one, Shown) else "") or column.style
                        value = one.value if isinstance(one, Shown) else one
                        if isinstance(value, int | float) and "%" in NUMBER_FORMATS[style]:
                            yield value, cell.value


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_every_cell_shown_with_a_percent_sign_holds_a_hundredth(kind):
    """What the report has as 95.2 % is 0.952 on every sheet."""
    pairs = list(planned_and_written(WORKBOOKS[kind]()))
    assert len(pairs) > 20
    assert [held for _, held in pairs] == pytest.approx([value / 100 for value, _ in pairs])


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_an_axis_in_percent_ends_at_a_hundredth_of_what_others_do(kind):
    """An axis numbered 0% over cells of real percentages ends at 1, not at 100."""
    with zipfile.ZipFile(io.BytesIO(written(WORKBOOKS[kind]()))) as archive:
        charts = [archive.read(one).decode() for one in archive.namelist() if "charts/chart" in one]
    ends = [
        float(end)
        for chart in charts
        for axis in re.findall(r"<c:valAx>.*?</c:valAx>", chart, re.S)
        if 'formatCode="0%"' in axis
        for end in re.findall(r'<c:max val="([^"]+)"', axis)
    ]
    assert all(end <= 2 for end in ends)
