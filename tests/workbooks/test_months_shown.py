"""Charts and courses begin with the first month that anything is known of: an office that has begun in spring is not
shown the empty months before."""

from dataclasses import replace

import pytest
from report_builder import REGION, forecast_frame, region_report

from pipeline.workbooks.blocks import Shown
from pipeline.workbooks.page_courses import course_figure, course_table
from pipeline.workbooks.view import View


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        pytest.param(1, 6, id="one month: half a year, so that a column is no wall"),
        pytest.param(8, 8, id="eight months: eight"),
        pytest.param(13, 13, id="thirteen months: thirteen"),
        pytest.param(20, 13, id="more: a year and the month it is compared with"),
    ],
)
def test_the_months_shown_begin_with_the_first_that_is_known(known: int, shown: int) -> None:
    report = region_report()
    months = [str(report.month + -back) for back in range(known)]
    row = report.history.iloc[[0]]
    history = row.loc[row.index.repeat(known)].assign(month=months)
    view = View(replace(report, history=history))
    assert view.months == tuple(report.month + back for back in range(1 - shown, 1))


@pytest.mark.parametrize(("known", "told"), [(13, 77.0), (8, None)])
def test_beside_the_forecast_of_july_stands_july_a_year_ago_where_it_is_known(
    known: int, told: float | None
) -> None:
    report = region_report(forecast=forecast_frame("region", REGION))
    months = [str(report.month + -back) for back in range(known)]
    figure = course_figure(View(report))
    assert figure is not None and str(report.month) == "2024-06"
    of_figure = report.history[report.history["figure"] == figure.key]
    row = of_figure[of_figure["level"] == "region"].iloc[[0]]
    history = row.loc[row.index.repeat(known)].assign(month=months)
    history = history.assign(value=history["month"].map({"2023-07": 770_000.0}).fillna(500_000.0))
    table = course_table(View(replace(report, history=history)))
    assert table is not None
    last_year = table.rows[-1][2]
    assert isinstance(last_year, Shown) and last_year.value == told
