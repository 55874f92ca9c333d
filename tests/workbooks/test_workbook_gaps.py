"""A month in which a manager had not reported is not drawn as a fall without a word."""

import dataclasses

import pandas as pd
from report_builder import REGION, forecast_frame, region_report

from pipeline.workbooks.figure_tables import trend_chart, trend_table
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.view import View


def report_with_gaps(*gaps: tuple[str, str], language: str = "zh", form: str = "sales"):
    """The region's report of June 2024; of each month given the managers who had not handed in a form."""
    bare = region_report(language)
    rows = [("region", REGION, month, form, managers) for month, managers in gaps]
    frame = pd.DataFrame(rows, columns=["level", "entity_id", "month", "form", "managers"], dtype="str")
    return dataclasses.replace(bare, details={**bare.details, "missing_months": frame})


def headers(view: View) -> list[str]:
    return [column.header for column in trend_table(view).columns][2:]


def test_a_month_without_a_managers_report_is_marked_and_the_note_says_who():
    view = View(report_with_gaps(("2024-04", "M002,M004")))
    assert [one for one in headers(view) if "*" in one] == ["2024-04*"]
    assert "（2024-04：李秀英、赵敏）" in trend_table(view).note
    assert "带*的月份有客户经理未上报" in trend_chart(view, view.those_of(["volume"])).title


def test_a_gap_of_the_year_before_marks_the_month_beside_which_it_is_drawn():
    view = View(report_with_gaps(("2023-04", "M002")))
    assert [one for one in headers(view) if "*" in one] == ["2024-04*"]
    assert "（2023-04：李秀英）" in trend_table(view).note


def test_where_everybody_reported_nothing_is_marked():
    for view in (View(report_with_gaps()), View(report_with_gaps(("2021-04", "M002")))):
        assert not any("*" in one for one in headers(view))
        assert (trend_table(view).note, "*" in trend_chart(view, view.those_of(["volume"])).title) == ("", False)


def test_many_are_counted_and_only_the_first_named():
    view = View(report_with_gaps(("2024-04", "M001,M002,M003,M004")))
    assert "2024-04：王建国、李秀英、欧阳晓明等4人" in trend_table(view).note


def test_the_course_of_the_forecast_is_marked_too_for_its_own_months_alone():
    report = report_with_gaps(("2024-04", "M002"), ("2023-05", "M004"))
    told = dataclasses.replace(report, forecast=forecast_frame("region", REGION))
    table = plan_region(told).tables()["forecast_course"]
    assert [row[0] for row in table.rows if "*" in row[0]] == ["2024-04*"]
    assert "李秀英" in table.note


def report_with_moves(month: str, language: str = "zh"):
    """The region's report; of a month it is told that its volume is restated for those whom the region has now."""
    bare = region_report(language)
    rows = [(month, "region", REGION, "volume", 1000.0)]
    frame = pd.DataFrame(rows, columns=["month", "level", "entity_id", "figure", "value"])
    return dataclasses.replace(bare, details={**bare.details, "restated_months": frame})


def test_months_that_are_told_of_todays_customers_are_said_to_differ_from_their_own_reports():
    for month, said in (("2024-04", True), ("2023-04", True), ("2021-04", False)):
        report = dataclasses.replace(report_with_moves(month), forecast=forecast_frame("region", REGION))
        view = View(report)
        assert ("以前各月的销量，按现在的客户和客户经理计算" in trend_table(view).note) is said, month
        assert ("与当时的报表不同" in plan_region(report).tables()["forecast_course"].note) is said, month
    assert (
        "Earlier months of Volume are those of today's"
        in trend_table(View(report_with_moves("2024-04", "en"))).note
    )


def test_managers_of_other_regions_are_not_named():
    note = trend_table(View(report_with_gaps(("2024-04", "M002,M077,M078")))).note
    assert "（2024-04：李秀英、其他客户经理）" in note


def test_the_course_of_a_figure_is_not_marked_for_a_form_that_it_is_not_counted_from():
    report = dataclasses.replace(
        report_with_gaps(("2024-04", "M002"), form="visits"), forecast=forecast_frame("region", REGION)
    )
    table = plan_region(report).tables()["forecast_course"]
    assert (table.note, [row[0] for row in table.rows if "*" in row[0]]) == ("", [])
    assert [one for one in headers(View(report)) if "*" in one] == ["2024-04*"]  # the sheet of all figures' months
