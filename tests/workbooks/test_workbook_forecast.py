"""The forecast on its sheets: beside its month, like with like, with its band and what it was worth."""

import dataclasses

import pandas as pd
import pytest
from report_builder import (
    MANAGERS,
    MONTH,
    REGION,
    forecast_frame,
    headquarters_report,
    manager_report,
    track_frame,
)
from report_builder import region_report as bare_region_report

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.workbooks.forecast import method_text
from pipeline.workbooks.forecast_now import growth, this_month, unreported
from pipeline.workbooks.manager import plan_manager
from pipeline.workbooks.period_told import fared_sheet
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.view import View, number

REPORTED = [one for one in MANAGERS if one != "M006"]  # of M006 the builder knows no month


def region_report():
    """The region's report with its forecast and record."""
    bare = bare_region_report()
    details = {**bare.details, "track_record": track_frame("region", REGION)}
    return dataclasses.replace(bare, forecast=forecast_frame("region", REGION), details=details)


def cells(table, key):
    place = table.position(key)
    return [getattr(one[place], "value", one[place]) for one in table.rows]


def with_managers(report, missing=()):
    """The region's report with a forecast of 100 for each manager; some managers' months not known."""
    frame = report.forecast
    rows = [
        {**frame.iloc[0].to_dict(), "level": "manager", "entity_id": one, "forecast": 100.0} for one in REPORTED
    ]
    metrics = report.metrics
    gone = (metrics["level"] == "manager") & metrics["entity_id"].isin(missing)
    forecast = pd.concat([frame, pd.DataFrame(rows).assign(measure="volume")], ignore_index=True)
    return dataclasses.replace(report, forecast=forecast, metrics=metrics[~gone])


def test_a_category_stands_beside_what_it_brought_this_month():
    view = View(region_report())
    frame = view.detail("sales_by_category")
    key = str(frame["category"].iloc[0])
    assert this_month(view, "category", f"{REGION}|{key}", "volume") == number(frame["volume"].iloc[0])


def test_the_change_leaves_out_managers_whose_month_is_not_known():
    report = with_managers(region_report(), missing=("M002",))
    view = View(report)
    assert unreported(view).managers == ("M002",)
    assert unreported(view).forecast == {"volume": 100.0}
    known = [view.raw(view.figures["volume"], "value", "manager", one) for one in REPORTED if one != "M002"]
    expected = 100 * (100.0 * len(known) - sum(known)) / sum(known)
    assert abs(growth(view, "region", REGION, "volume", 1e9) - expected) < 1e-9
    assert growth(view, "category", f"{REGION}|class1", "volume", 50.0) is None


def of_two_regions():
    """Headquarters' report: R01 with M001 and M002, R02 with M003 and M004, forecast 100 each after 80 cartons;
    of M003, and so of R02's total, only half is known: M003's month is not."""
    bare = headquarters_report(regions=2, managers=4)
    metrics = bare.metrics[bare.metrics["figure"] == "volume"]
    sold = {"M001": 80.0, "M002": 80.0, "M004": 80.0, "R01": 160.0, "R02": 80.0, "ALL": 240.0}
    metrics = metrics.assign(value=metrics["entity_id"].map(sold))
    row = forecast_frame("organisation", "ALL").iloc[0].to_dict()
    told = {"ALL": 400.0, "R01": 200.0, "R02": 200.0, **dict.fromkeys(("M001", "M002", "M003", "M004"), 100.0)}
    levels = {"A": "organisation", "R": "region", "M": "manager"}
    rows = [
        {**row, "level": levels[one[0]], "entity_id": one, "measure": "volume", "forecast": value}
        for one, value in told.items()
    ]
    own = pd.DataFrame({"manager_id": list(told)[3:], "region_id": ["R01", "R01", "R02", "R02"]}, dtype="str")
    details = {**bare.details, "manager_regions": own}
    return dataclasses.replace(bare, metrics=metrics, forecast=pd.DataFrame(rows), details=details)


def test_at_headquarters_each_region_is_compared_without_its_own_missing_managers_alone():
    view = View(of_two_regions())
    assert unreported(view).managers == ("M003",)
    assert [unreported(view, "region", one).managers for one in ("R01", "R02")] == [(), ("M003",)]
    assert growth(view, "region", "R01", "volume", 200.0) == 25.0  # 200 after 160: nobody of it is missing
    assert growth(view, "region", "R02", "volume", 200.0) == 25.0  # M004 alone: 100 after 80
    assert growth(view, "organisation", "ALL", "volume", 400.0) == 25.0  # 300 after 240
    assert unreported(view, "category", "R01|class1").managers == ()
    assert unreported(view, "category", "class1").managers == ("M003",)


def test_the_change_leaves_out_single_customers_that_were_not_reported():
    # R01 sold 160; of the 200 expected 24 are of a customer without a row, M001's: 176 after 160, M001 76 after 80.
    bare = of_two_regions()
    part = bare.forecast["entity_id"].map({"ALL": 24.0, "R01": 24.0, "M001": 24.0})
    view = View(dataclasses.replace(bare, forecast=bare.forecast.assign(unreported=part)))
    assert growth(view, "region", "R01", "volume", 200.0) == 10.0
    assert growth(view, "manager", "M001", "volume", 100.0) == -5.0
    assert growth(view, "organisation", "ALL", "volume", 400.0) == 15.0  # 276 after 240, without M003


def test_a_brand_of_several_categories_has_its_month_over_all_of_them_but_not_in_each():
    # 红 brought 70 in all, in two categories of two regions; with a manager missing the forecast has no month of it.
    bare = of_two_regions()
    row = bare.forecast.iloc[0].to_dict()
    names = ("红", "R01|class1|红", "R01|class2|红", "R02|class1|红")
    rows = pd.DataFrame([{**row, "level": "brand", "entity_id": one, "this_month": None} for one in names])
    brands = pd.DataFrame({"brand": ["红", "蓝"], "volume": [70.0, 30.0]})
    view = View(dataclasses.replace(bare, forecast=rows, details={**bare.details, "sales_by_brand": brands}))
    assert this_month(view, "brand", "红", "volume") == 70
    assert this_month(view, "brand", "R01|class1|红", "volume") is None


def test_the_sheet_says_who_is_missing_and_whose_numbers_are_the_models():
    table = plan_region(with_managers(region_report(), missing=("M002",))).tables()["forecast_next"]
    assert "李秀英本月未报送销售，其次月100条由模型按历史推算" in table.note
    assert "未报送" not in plan_region(with_managers(region_report())).tables()["forecast_next"].note


def test_the_course_ends_with_the_forecast_and_its_band():
    table = plan_region(region_report()).tables()["forecast_course"]
    assert cells(table, "month")[-2:] == [str(MONTH), str(MONTH + 1)]
    assert cells(table, "actual")[-1] is None
    low, told, high = (cells(table, name)[-1] for name in ("low80", "forecast", "high80"))
    assert low < told < high
    assert cells(table, "forecast")[-2] == cells(table, "actual")[-2]  # the lines meet


def test_last_months_hit_is_told():
    report = region_report()
    record = report.details["track_record"]
    inside = record.assign(
        last_actual=100.0, last_low80=90.0, last_high80=110.0, last_low95=80.0, last_high95=120.0
    )
    for actual, said in ((100.0, "80%区间内"), (115.0, "95%区间内"), (130.0, "区间外")):
        details = {**report.details, "track_record": inside.assign(last_actual=actual)}
        table = plan_region(dataclasses.replace(report, details=details)).tables()["forecast_track"]
        assert set(cells(table, "last_hit")) == {said}


def test_where_somebody_moved_since_the_forecast_the_record_says_whose_it_is():
    report = region_report()
    record = report.details["track_record"]
    for moved, said in ((True, True), (False, False), (None, False)):
        frame = record.assign(last_moved=pd.array([moved] * len(record), dtype="boolean"))
        told = plan_region(dataclasses.replace(report, details={**report.details, "track_record": frame}))
        assert ("上月预测后有客户或客户经理转入转出" in told.tables()["forecast_track"].note) is said, moved


def test_managers_own_outlook_stands_beside_the_forecast_where_it_is_given():
    report = region_report()
    assert "outlook" not in [one.key for one in plan_region(report).tables()["forecast_next"].columns]
    own = report.forecast["level"] == "region"
    given = dataclasses.replace(report, forecast=report.forecast.assign(outlook=float("nan")))
    given.forecast.loc[own & (report.forecast["measure"] == "volume"), "outlook"] = 1234.0
    assert 1234.0 in cells(plan_region(given).tables()["forecast_next"], "outlook")


def test_a_customer_who_left_has_name_code_and_reason_in_the_row():
    report = manager_report()
    row = {**report.forecast[report.forecast["level"] == "customer"].iloc[0].to_dict()}
    row |= {"entity_id": "030101100028", "forecast": 0.0, "low80": 0.0, "high80": 0.0, "low95": 0.0, "high95": 0.0}
    row |= {"method": "left", "customer_name": "滨河路福源烟酒店", "measure": "volume"}
    forecast = pd.concat([report.forecast, pd.DataFrame([row])], ignore_index=True)
    table = plan_manager(dataclasses.replace(report, forecast=forecast)).tables()["forecast_customers"]
    place = cells(table, "customer_id").index("030101100028")
    assert cells(table, "entity")[place] == "滨河路福源烟酒店"
    assert cells(table, "forecast")[place] == 0
    assert cells(table, "method")[place] == "已退网，预计为0"


@pytest.mark.parametrize(
    ("method", "told"),
    [
        (
            "structural+season_shared+mid_autumn+pause_left_out",
            "趋势与季节组合；停供月份不作淡季",
        ),
        ("structural+working_days", "趋势与季节组合"),
        (
            "structural+new_level+no_order_lately",
            "趋势与季节组合；按变动后的新水平；近期未订货或极少，按可能恢复折算",
        ),
        ("structural+common_fall", "趋势与季节组合；本月普遍骤降，按一时异常计"),
        ("recent_mean", "近几月平均；新客户，历史较短"),
        ("rhythm", "按固定间隔订货"),
        ("paused", "停业，预计为0"),
    ],
)
def test_what_moved_a_customers_forecast_stands_in_its_row(method: str, told: str):
    report = manager_report()
    row = report.forecast[report.forecast["level"] == "customer"].iloc[0].to_dict()
    row |= {"entity_id": "030101100028", "method": method, "measure": "volume"}
    others = report.forecast.assign(method="left")
    forecast = pd.concat([others, pd.DataFrame([row])], ignore_index=True)
    table = plan_manager(dataclasses.replace(report, forecast=forecast)).tables()["forecast_customers"]
    assert cells(table, "method")[cells(table, "customer_id").index("030101100028")] == told


@pytest.mark.parametrize(
    ("month", "method", "months", "told"),
    [
        ("2023-12", "structural+spring_festival", 30, "趋势与季节组合；考虑春节月份"),
        ("2024-06", "structural+spring_festival", 30, "趋势与季节组合"),  # nothing of it in July
        ("2024-08", "structural+mid_autumn", 30, "趋势与季节组合；考虑中秋月份"),
        ("2024-06", "structural", 12, "近期走势"),  # a year does not show a season
        ("2024-06", "structural", 13, "趋势与季节组合"),
    ],
)
def test_of_season_and_festivals_only_is_told_what_the_month_and_its_history_have(month, method, months, told):
    view = View(dataclasses.replace(region_report(), month=Month.parse(month)))
    assert method_text(view, method, months=months) == told


def with_methods(report, *methods):
    """The region's forecast with a row a method, of one length of history."""
    first = report.forecast.iloc[0].to_dict()
    rows = [{**first, "level": "manager", "entity_id": one, "months_of_history": 18} for one in REPORTED]
    frame = pd.DataFrame(rows[: len(methods)]).assign(method=list(methods), measure="volume")
    return dataclasses.replace(report, forecast=frame)


def test_a_column_that_says_the_same_in_every_row_is_said_once_below():
    table = plan_region(with_methods(region_report(), "structural", "structural")).tables()["forecast_parts"]
    keys = [column.key for column in table.columns]
    assert "method" not in keys and "months" not in keys
    assert "各行的方法都是：趋势与季节组合。各行都有18个月的历史。" in table.note


def test_a_column_that_differs_stays():
    table = plan_region(with_methods(region_report(), "structural", "paused")).tables()["forecast_parts"]
    assert cells(table, "method") == ["趋势与季节组合", "停业，预计为0"]
    assert "各行的方法" not in table.note


def test_what_an_entity_never_had_any_of_is_no_row_where_it_has_something_else():
    report = with_methods(region_report(), "no_orders", "structural", "no_orders")
    amounts = report.forecast.iloc[:2].assign(measure="amount", method="structural")
    frame = pd.concat([report.forecast, amounts], ignore_index=True)
    table = plan_region(dataclasses.replace(report, forecast=frame)).tables()["forecast_parts"]
    first, second, third = REPORTED[:3]
    told = list(zip(cells(table, "entity"), cells(table, "measure"), strict=True))
    names = [View(report).name("manager", one) for one in (first, second, third)]
    assert [told.count((names[0], one)) for one in {measure for _, measure in told}].count(
        1
    ) == 1  # its amount alone
    assert sum(name == names[1] for name, _ in told) == 2
    assert sum(name == names[2] for name, _ in told) == 1  # nothing at all: said once


def test_the_course_and_the_customers_are_of_the_first_measure_that_there_is_any_of():
    report = manager_report()
    own = report.forecast["level"] == "manager"
    never = report.forecast.assign(
        method=report.forecast["method"].mask(own & (report.forecast["measure"] == "volume"), "no_orders")
    )
    tables = plan_manager(dataclasses.replace(report, forecast=never)).tables()
    assert "销售额" in tables["forecast_customers"].title
    assert tables["forecast_course"].title == "历月销售额和次月预测区间"


def test_of_a_periods_forecasts_a_figure_that_nothing_was_told_of_and_nothing_came_of_is_left_out():
    rows = [
        ("region", REGION, measure, "model", month, told, 0.9 * told, 1.1 * told, came, 1.0)
        for measure, told, came in (("volume", 0.0, 0.0), ("amount", 900.0, 1000.0))
        for month in ("2024-05", "2024-06")
    ]
    names = ["level", "entity_id", "measure", "source", "month", "forecast", "low80", "high80", "actual", "hit80"]
    report = region_report()
    details = {**report.details, "period_fared": pd.DataFrame(rows, columns=names)}
    of_quarter = dataclasses.replace(report, details=details, span=Period.parse("2024-Q2"))
    sheet = fared_sheet(View(of_quarter), "region")
    assert sheet is not None
    assert [table.name for table in sheet.tables() if table.name != "fared_entities"] == ["fared_amount"]
    everybody = next(table for table in sheet.tables() if table.name == "fared_entities")
    assert [cells(everybody, one) for one in ("months_0", "hits_0", "months_1", "hits_1")] == [
        [None],
        [None],
        [2],
        [2],
    ]
