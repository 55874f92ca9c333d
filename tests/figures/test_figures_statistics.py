import math
import statistics

import numpy as np
import pytest
from month_builder import MonthBuilder, facts_of, tobacco

from pipeline.base.calendar import Month
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import count_month
from pipeline.figures.statistics import difference_half_width, half_width, mean, quantile
from pipeline.figures.student import t_quantile
from pipeline.figures.trend import answers_by_entity, satisfaction_change, satisfaction_trend


# Student's t, two-sided 95 %, from printed tables.
@pytest.mark.parametrize(
    "degrees, quantile_975", [(1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)]
)
def test_t_is_that_of_printed_tables(degrees: int, quantile_975: float) -> None:
    assert t_quantile(0.975, degrees) == pytest.approx(quantile_975, abs=6e-4)


def test_t_of_one_degree_is_exact() -> None:
    assert t_quantile(0.975, 1) == pytest.approx(math.tan(math.pi * 0.475), rel=1e-9)


@pytest.mark.parametrize(
    "values, share, expected",
    [([1, 2, 3, 4], 0.5, 2.5), ([5], 0.9, 5), ([1, 1, 9], 0.5, 1), ([0, 10], 0.9, 9), (range(11), 0.9, 9)],
)
def test_quantiles_are_those_of_excel(values: list[int], share: float, expected: float) -> None:
    distinct, counts = np.unique(np.array(list(values), dtype="float64"), return_counts=True)
    assert quantile(distinct, counts, share) == pytest.approx(expected)


def test_the_interval_is_mean_plus_minus_t_standard_errors() -> None:
    sample = [70.0, 80.0, 80.0, 90.0]
    values, counts = np.unique(np.array(sample), return_counts=True)
    expected = 3.1824463 * statistics.stdev(sample) / 2
    assert mean(values, counts) == 80
    assert half_width(values, counts) == pytest.approx(expected, rel=1e-6)


def test_one_answer_has_no_interval() -> None:
    one = (np.array([80.0]), np.array([1]))
    assert math.isnan(half_width(*one))
    assert math.isnan(difference_half_width(one, one))


def test_welch_with_equal_spread_has_the_pooled_degrees() -> None:
    first = (np.array([70.0, 80.0, 90.0]), np.array([1, 1, 1]))
    second = (np.array([60.0, 70.0, 80.0]), np.array([1, 1, 1]))
    # variance 100 each: standard error √(100/3 × 2) = 8.16497, 4 degrees: t = 2.77645
    assert difference_half_width(first, second) == pytest.approx(22.6697, abs=1e-3)


def scores(month: Month, *points: int) -> MonthBuilder:
    one = MonthBuilder(month)
    for point in points:
        one.answer("M1", supply=point, profit=point, delivery=point)
    return one


@pytest.mark.parametrize("now, significant", [((6, 7, 6, 7, 6, 7), True), ((8, 9, 9, 9, 8, 9), False)])
def test_a_change_is_significant_only_where_its_interval_excludes_0(
    now: tuple[int, ...], significant: bool
) -> None:
    figures = [figure for figure in all_figures(tobacco()) if figure.key == "satisfaction_low95"]
    months = scores(Month(2024, 5), 9, 9, 8, 9, 9, 9), scores(Month(2024, 6), *now)
    answers = {one.month: answers_by_entity(count_month(facts_of(one), figures)) for one in months}
    got = satisfaction_change(Month(2024, 6), answers).set_index(["level", "entity_id"])
    assert got.loc[("region", "R1"), "significant"] == significant
    assert got.loc[("manager", "M1"), "previous"] == pytest.approx(530 / 6)


def test_the_trend_averages_answers_not_months() -> None:
    figures = [figure for figure in all_figures(tobacco()) if figure.key == "satisfaction_low95"]
    months = scores(Month(2024, 5), 10), scores(Month(2024, 6), 7, 7, 7)
    answers = {one.month: answers_by_entity(count_month(facts_of(one), figures)) for one in months}
    got = satisfaction_trend(Month(2024, 6), answers, "region", "R1")
    assert got["month"].tolist() == ["2024-05", "2024-06"]
    assert got["mean_3"].tolist() == [100, 77.5]
