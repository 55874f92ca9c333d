"""What sheets say: findings with their links, forecasts, editions, customers, colours."""

import dataclasses

import pandas as pd
import pytest
from helpers_workbooks import column_values, read_back, written
from report_builder import (
    FIGURES,
    NAN,
    changes_frame,
    details_frames,
    findings_frame,
    forecast_frame,
    headquarters_report,
    manager_report,
    movements_frame,
    region_report,
    track_frame,
)

from pipeline.workbooks.blocks import EvidenceList, Shown
from pipeline.workbooks.forecast import forecast_table, track_table
from pipeline.workbooks.headquarters import plan_headquarters
from pipeline.workbooks.lists import list_table
from pipeline.workbooks.manager import plan_manager
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.view import View
from pipeline.workbooks.write import sheet_of


def figure(key):
    return next(one for one in FIGURES if one.key == key)


@pytest.mark.parametrize(
    ("key", "change", "colours", "tone"),
    [
        ("volume", 3.0, "green_good", "green"),
        ("volume", -3.0, "green_good", "red"),
        ("complaints", -3.0, "green_good", "green"),  # a fall in complaints is good
        ("complaints", 3.0, "green_good", "red"),
        ("class1_share", 3.0, "green_good", "plain"),  # neither good nor bad
        ("volume", 3.0, "red_up", "red"),
        ("complaints", -3.0, "red_up", "green"),
        ("volume", 0.0, "green_good", "plain"),
        ("volume", None, "green_good", "plain"),
    ],
)
def test_changes_are_coloured_by_whether_they_are_good_or_as_the_office_wants(key, change, colours, tone):
    report = region_report()
    settings = report.settings.model_copy(update={"colours": colours})
    assert View(dataclasses.replace(report, settings=settings)).tone(figure(key), change) == tone


def test_a_rate_with_few_behind_it_is_greyed():
    # 7 of 8 cases were closed on time: fewer than ten
    assert View(region_report()).value(figure("on_time_rate")).tone == "muted"
    assert View(region_report()).value(figure("coverage")).tone == "plain"


def test_the_change_of_a_share_is_in_points_and_of_an_amount_in_percent():
    view = View(region_report())
    assert view.change(figure("coverage")).style == "change_points"
    assert view.change(figure("amount")).style == "change_percent"


def test_a_new_figure_shows_up_on_its_sheet_in_trend_and_glossary():
    added = dataclasses.replace(figure("visits"), key="night_visits", zh="夜间访问", en="Night visits")
    report = region_report(figures=(*FIGURES, added))
    book = read_back(written(plan_region(report)))
    for name in ("访问执行", "附：口径与数据"):
        assert "夜间访问" in column_values(book[name], "指标")


def test_each_finding_leads_to_the_row_of_its_figure():
    plan = plan_region(region_report(findings=findings_frame("region", "R01")))
    block = next(one for one in sheet_of(plan, "problems").blocks if isinstance(one, EvidenceList))
    assert [item.link and item.link.row for item in block.items] == ["plan_completion", None, "ordering_rate"]
    sheet = read_back(written(plan))["问题与对策"]
    targets = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.value == "查看"]
    visits = read_back(written(plan))["访问执行"]
    row = next(cell.row for line in visits.iter_rows() for cell in line if cell.value == "计划完成率")
    assert targets[0] == f"'访问执行'!A{row}"


@pytest.mark.parametrize("plan", [plan_region, plan_manager, plan_headquarters])
def test_every_figure_stands_on_a_sheet_whatever_its_subject(plan):
    added = tuple(
        dataclasses.replace(figure("visits"), key=f"of_{subject}", zh=f"新指标{subject}", subject=subject)
        for subject in ("sales", "visits", "complaints", "satisfaction", "base", "customers")
    )
    report = {plan_manager: manager_report, plan_headquarters: headquarters_report}.get(plan, region_report)
    tables = plan(report(figures=(*FIGURES, *added))).tables()
    for one in added:
        assert one.key in tables[f"{one.subject}_figures"].row_keys


def test_a_finding_says_how_grave_it_is_what_shows_it_and_where_to_look():
    plan = plan_region(region_report(findings=findings_frame("region", "R01")))
    block = next(one for one in sheet_of(plan, "problems").blocks if isinstance(one, EvidenceList))
    typical = block.items[1]
    assert typical.severity == "【本月处理】"
    assert typical.evidence == "同一品规投诉5件。（complaints_2024-06_M003.xlsx 投诉 第7行）"
    assert (typical.cause, typical.advice) == ("仓储受潮", "从仓储环节预防。")


def test_the_first_sheet_of_a_second_edition_lists_what_changed():
    book = read_back(written(plan_region(region_report(edition=2, changes=changes_frame()))))
    sheet = book.worksheets[0]
    assert sheet.title == "更正说明"
    assert column_values(sheet, "更正前") == [124_000, 230]  # 2,300,000 yuan
    assert column_values(sheet, "更正后") == [125_430, 235]
    assert column_values(sheet, "文件") == ["sales_2024-06_M003_更正.xlsx"] * 2


def test_a_first_edition_has_no_such_sheet():
    assert "更正说明" not in read_back(written(plan_region(region_report()))).sheetnames


def test_a_region_forecast_shows_its_own_parts_only():
    forecast = forecast_frame("region", "R01")
    foreign = forecast.assign(entity_id="R99|class3").query("level == 'category'")
    table = forecast_table(View(region_report(forecast=pd.concat([forecast, foreign], ignore_index=True))))
    # region and its first category, volume and amount each; neither `class2` of the whole nor R99's
    assert [row[0] for row in table.rows] == ["城东区", "城东区", "一类", "一类"]


def test_a_forecast_is_compared_with_the_month_and_shown_in_its_unit():
    table = forecast_table(View(region_report(forecast=forecast_frame("region", "R01"))))
    volume, amount = table.rows[:2]
    assert volume[3] == Shown(128_000.0, "number0")
    assert volume[4].value == pytest.approx(100 * (128_000 - 125_430) / 125_430)
    assert amount[3].value == 1_920.0
    assert "各行的方法都是：趋势与季节组合。" in table.note  # and so in no column


def test_the_record_of_forecasts_stands_side_by_side():
    details = {**details_frames(), "track_record": track_frame("region", "R01")}
    table = track_table(View(region_report(details=details)))
    assert [row[0] for row in table.rows] == ["模型", "客户经理预测", "上年同月"]
    assert [row[3] for row in table.rows] == [4.2, 6.1, 9.8]


def test_the_list_of_customers_names_those_that_move_the_gravest_first():
    table = list_table(
        View(region_report(details={"customers_by_movement": movements_frame()})), "customers_by_movement"
    )
    assert [(row[0], row[2], row[4], row[5]) for row in table.rows] == [
        ("停订", "老街食杂店", "四级", "食杂店"),
        ("下降", "城东便利店", "一级", "便利店"),
    ]


def test_a_list_that_may_be_cut_begins_with_what_matters_most():
    missed = pd.DataFrame(
        {
            "due_on": pd.to_datetime(["2024-06-03", "2024-06-04", "2024-06-05"]),
            "manager_id": ["M001", "M001", "M002"],
            "customer_id": ["c1", "c2", "c3"],
            "customer_name": ["甲", "乙", "丙"],
            "grade": ["5", "1", "1"],
        }
    )
    table = list_table(View(region_report(details={"missed_visits": missed})), "missed_visits")
    assert [row[3] for row in table.rows] == ["乙", "丙", "甲"]
    seen = pd.DataFrame({"offence": ["price", "law"], "customer_id": ["c1", "c2"], "manager_id": ["M001", "M002"]})
    table = list_table(View(region_report(details={"visit_offences": seen})), "visit_offences")
    assert [row[0] for row in table.rows] == ["未守法经营", "未执行零售指导价"]


def test_growth_is_shown_in_ten_thousands_and_missing_parts_as_missing():
    effects = pd.DataFrame(
        {
            "compared_with": ["previous", "last_year"],
            "amount_base": [1_000_000.0, NAN],
            "volume_effect": [50_000.0, NAN],
            "mix_effect": [-10_000.0, NAN],
            "price_effect": [5_000.0, NAN],
            "change": [45_000.0, NAN],
            "amount": [1_045_000.0, 1_045_000.0],
        }
    )
    table = list_table(View(region_report(details={"growth_effects": effects})), "growth_effects")
    assert table.rows[0] == ("上月", 100.0, 5.0, -1.0, 0.5, 4.5, 104.5)
    assert table.rows[1] == ("上年同月", None, None, None, None, None, 104.5)


def test_a_manager_sees_its_customers_next_month():
    table = plan_manager(manager_report()).tables()["forecast_customers"]
    assert [row[0] for row in table.rows] == ["城东便利店"]
    assert table.rows[0][1].value == 120.0  # this month


def test_headquarters_puts_regions_and_managers_side_by_side():
    plan = plan_headquarters(headquarters_report(regions=6, managers=20))
    tables = plan.tables()
    assert len(tables["region_figures"].rows) == 6
    assert len(tables["manager_figures"].rows) == 20
    assert tables["region_figures"].summary[0] == "合计"


def test_a_month_that_nobody_knows_leaves_a_gap_in_the_line():
    trend = plan_region(region_report()).tables()["trend_months"]
    row = trend.rows[trend.row_keys.index("satisfaction")]
    place = [column.key for column in trend.columns].index("2023-11")
    assert row[place].value is None
    assert trend.columns[place].blank


def test_a_change_in_satisfaction_says_whether_it_means_anything():
    change = pd.DataFrame(
        {
            "level": ["region", "manager"],
            "entity_id": ["R01", "M003"],
            "index": [83.6, 80.0],
            "previous": [85.7, 80.5],
            "difference": [-2.1, -0.5],
            "half_width": [1.4, 3.0],
            "significant": [True, False],
            "answers": [100, 12],
        }
    )
    table = list_table(View(region_report(details={"satisfaction_change": change})), "satisfaction_change")
    assert [(row[0], row[3], row[5]) for row in table.rows] == [
        ("城东区", Shown(-2.1, "", "red"), "显著"),
        ("欧阳晓明", Shown(-0.5, "", "red"), "不显著"),
    ]
