"""Rules that hold for every figure: few, distinct, due, better low; small months, values by hand."""

import datetime as dt
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from month_builder import MonthBuilder, facts_of, frame_of, tobacco

from pipeline.base.calendar import Month, is_public_holiday
from pipeline.contract.facts import Facts
from pipeline.contract.few import change_is_few
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import count_month
from pipeline.figures.metrics import completion, metrics_of_month
from pipeline.figures.statistics import STATISTICS, slope
from pipeline.figures.trend import satisfaction_change
from pipeline.subjects.complaints.lists import complaint_cases
from pipeline.subjects.visits.plan import due_days

MAY, JUNE = Month(2024, 5), Month(2024, 6)
# Counting all figures of a month takes a while; these are the ones that the tests below look at.
ASKED_FOR = {
    "complaints", "overdue_cases", "on_time_rate", "volume_per_customer", "ordering_rate", "ordering_customers",
    "lost_customers", "brand_activity", "retention_rate", "customers_start", "customers_left", "customers_end",
}  # fmt: skip


def metrics(*months: MonthBuilder) -> pd.DataFrame:
    """The metrics of the last month, by entity and figure."""
    figures = tuple(one for one in all_figures(tobacco()) if one.key in ASKED_FOR)
    built = {one.month: one.build() for one in months}
    counts = {}
    for month, rows in built.items():
        earlier = {one: built[one] for one in (month + -1, month + -2, month + -3) if one in built}
        counts[month] = count_month(Facts(rows, earlier, tobacco()), figures)
    table = metrics_of_month(months[-1].month, counts, frame_of("targets", []), figures, tobacco())
    return table.set_index(["entity_id", "figure"])


def cases(month: Month, number: int) -> MonthBuilder:
    one = MonthBuilder(month, {"M1": "R1"})
    for place in range(number):
        one.case(f"{month}{place}", "M1", "C1", f"{month}-03", category="request", resolved_on=f"{month}-04")
    return one


@pytest.mark.parametrize(("then", "now", "few"), [(9, 65, True), (65, 9, True), (10, 15, False)])
def test_counts_of_fewer_than_ten_have_no_growth_to_show(then: int, now: int, few: bool) -> None:
    told = metrics(cases(MAY, then), cases(JUNE, now)).loc[("M1", "complaints")]
    assert (told["n"], told["previous_n"], told["comparable"], told["previous_comparable"]) == (
        now,
        then,
        now,
        then,
    )
    figure = next(one for one in all_figures(tobacco()) if one.key == "complaints")
    assert change_is_few(figure, told.to_dict(), "change", 10) is few


def test_a_figure_per_customer_of_fewer_than_ten_customers_is_not_ranked_nor_compared() -> None:
    may, june = (MonthBuilder(month, {"M1": "R1", "M2": "R1"}) for month in (MAY, JUNE))
    for one in (may, june):
        for manager, number in (("M1", 9), ("M2", 10)):
            for place in range(number):
                one.customer(f"{manager}{place}", manager).sale(manager, f"{manager}{place}", "P1", 20, 200.0)
    told = metrics(may, june)
    for figure in ("volume_per_customer", "ordering_rate"):
        assert pd.isna(told.loc[("M1", figure), "rank"])
        assert told.loc[("M2", figure), "rank"] == 1 and told.loc[("M2", figure), "change"] == 0
        assert told.loc[("M1", figure), ["n", "previous_n"]].tolist() == [9, 9]


def test_a_customer_of_two_managers_counts_once_above_them() -> None:
    one = MonthBuilder(JUNE).customer("A", "M1").customer("B", "M2").customer("C", "M3")
    for manager, customer in (("M1", "A"), ("M2", "A"), ("M3", "A"), ("M2", "B"), ("M3", "C")):
        one.sale(manager, customer, "P1", 6, 60.0)
    told = metrics(one)
    ordering = {
        entity: told.loc[(entity, "ordering_customers"), "value"] for entity in ("M1", "M2", "M3", "R1", "ALL")
    }
    assert ordering == {"M1": 1, "M2": 2, "M3": 2, "R1": 2, "ALL": 3}
    assert told.loc[("ALL", "volume_per_customer"), "value"] == 30 / 3
    assert told.loc[("R1", "volume_per_customer"), "value"] == 18 / 2


def test_the_numerator_of_a_rate_holds_only_customers_of_its_denominator() -> None:
    """M1 also sold to a customer that is M3's by now, and to one that has left."""
    one = MonthBuilder(JUNE).customer("A", "M1").customer("B", "M3").customer("C", "M1", left_on="2024-05-31")
    for customer in "ABC":
        one.sale("M1", customer, "P1", 5, 50.0)
    one.sale("M3", "B", "P1", 1, 10.0)
    told = metrics(one)
    assert told.loc[("M1", "ordering_customers"), "value"] == 3
    assert told.loc[("M1", "ordering_rate"), ["numerator", "denominator"]].tolist() == [1, 1]
    assert told.loc[("M3", "ordering_rate"), ["numerator", "denominator"]].tolist() == [1, 1]


@pytest.mark.slow
def test_over_the_year_a_customer_is_lost_once() -> None:
    """A buys until March and not again: lost in April, May and June, which is one customer."""
    months = [MonthBuilder(Month(2024, number), {"M1": "R1"}) for number in range(1, 7)]
    for one in months:
        one.customer("A", "M1").customer("B", "M1").sale("M1", "B", "P1", 1, 10.0)
        if one.month <= Month(2024, 3):
            one.sale("M1", "A", "P1", 1, 10.0)
    told = metrics(*months).loc[("R1", "lost_customers")]
    assert (told["value"], told["ytd"]) == (1, 1)


@pytest.mark.parametrize(("received", "overdue", "days"), [
    # due on Wednesday 19 June, Thursday 27, Friday 28 (the month ends on a Sunday), and in July
    ("2024-06-12", 1, 7), ("2024-06-20", 1, 1), ("2024-06-21", 1, 1), ("2024-06-24", 0, None),
])  # fmt: skip
def test_what_is_missed_in_the_rate_is_overdue_by_a_day_at_least(received: str, overdue: int, days: int) -> None:
    one = MonthBuilder(JUNE, {"M1": "R1"}).case("T1", "M1", "C1", received, category="request")
    told = metrics(one)
    assert told.loc[("M1", "overdue_cases"), "value"] == overdue
    missed = told.loc[("M1", "on_time_rate"), "denominator"] if ("M1", "on_time_rate") in told.index else 0
    assert missed == overdue
    listed = complaint_cases(facts_of(one)).iloc[0]
    assert (listed["state"] == "overdue") == bool(overdue)
    assert pd.isna(listed["days_overdue"]) if days is None else listed["days_overdue"] == days


def test_a_case_due_on_the_last_day_of_the_month_is_overdue_at_its_end() -> None:
    """31 May 2024 is a Friday; a request of the 24th is due on it."""
    one = MonthBuilder(MAY, {"M1": "R1"}).case("T1", "M1", "C1", "2024-05-24", category="request")
    told = metrics(one)
    assert told.loc[("M1", "overdue_cases"), "value"] == 1
    assert told.loc[("M1", "on_time_rate"), ["numerator", "denominator"]].tolist() == [0, 1]
    assert complaint_cases(facts_of(one)).iloc[0]["days_overdue"] == 1


def test_what_the_company_could_not_supply_was_ordered_all_the_same() -> None:
    months = [MonthBuilder(JUNE + -back, {"M1": "R1"}) for back in (3, 2, 1, 0)]
    for one in months:
        one.add("products", product_id="P1", brand="A").customer("C1", "M1").customer("C2", "M1")
        one.sale("M1", "C1", "P1", 5, 50.0, ordered_qty=5)
        one.sale("M1", "C2", "P1", 0 if one.month == JUNE else 5, 0.0, ordered_qty=5)  # nothing supplied in June
    told = metrics(*months).loc[("R1", "brand_activity")]
    assert (told["numerator"], told["denominator"], told["value"]) == (2, 2, 100)


@pytest.mark.slow
def test_retention_over_the_year_is_that_of_the_years_start() -> None:
    """Of ten customers one leaves in February and one in June; one joins in March: 9 of 10 in June, 8 of 10 over it."""
    months = [MonthBuilder(Month(2024, number), {"M1": "R1"}) for number in range(1, 7)]
    for one in months:
        for place in range(8):
            one.customer(f"S{place}", "M1", joined_on="2020-01-01")
        one.customer("L2", "M1", joined_on="2020-01-01", left_on="2024-02-10", status="left")
        one.customer("L6", "M1", joined_on="2020-01-01", left_on="2024-06-30", status="left")
        one.customer("J3", "M1", joined_on="2024-03-05")
    told = metrics(*months).loc[("R1", "retention_rate")]
    assert (told["numerator"], told["denominator"], told["value"]) == (9, 10, 90)
    assert told["ytd"] == 80


def test_who_leaves_on_the_last_day_of_a_month_has_left_in_it() -> None:
    one = (
        MonthBuilder(MAY, {"M1": "R1"})
        .customer("A", "M1", left_on="2024-05-31", status="left")
        .customer("B", "M1")
    )
    told = metrics(one)
    assert [told.loc[("M1", f"customers_{name}"), "value"] for name in ("start", "left", "end")] == [2, 1, 1]


def test_a_planned_visit_on_a_public_holiday_moves_to_the_nearest_working_day_of_its_week() -> None:
    """10 June 2024, a Monday, is the Dragon Boat Festival; 1 May 2024 a Wednesday, and off until Sunday the 5th."""
    assert [day.day for day in due_days(JUNE, 1, 4)] == [3, 11, 17, 24]
    assert due_days(MAY, 3, 1) == ()
    assert due_days(Month(2024, 4), 3, 1) == (dt.date(2024, 4, 3), dt.date(2024, 4, 30))
    assert is_public_holiday(dt.date(2024, 5, 2)) and not is_public_holiday(dt.date(2024, 6, 8))


def test_a_holiday_at_the_end_of_a_month_moves_back_to_its_last_working_day() -> None:
    """29 and 30 September 2023 are off (Mid-Autumn Festival)."""
    assert due_days(Month(2023, 9), 5, 4)[-1] == dt.date(2023, 9, 28)


@pytest.mark.parametrize(("value", "target", "better", "reached"), [
    (0, 10, "lower", 200), (8, 10, "lower", 120), (10, 10, "lower", 100), (20, 10, "lower", 0), (0, 0, "lower", 100),
    (1, 0, "lower", 0), (8, 10, "higher", 80), (8, 0, "higher", math.nan), (math.nan, 10, "lower", math.nan),
])  # fmt: skip
def test_completion_is_one_formula(value: float, target: float, better: str, reached: float) -> None:
    got = completion(*(pd.Series([one]) for one in (float(value), float(target), better)))  # type: ignore[arg-type]
    assert got.iloc[0] == pytest.approx(reached, nan_ok=True)


def answers(level: float) -> tuple[Any, Any]:
    """Twenty answers around a level."""
    return np.array([level - 2, level + 2]), np.array([10, 10])


def test_a_slide_of_a_point_a_month_is_found_where_no_month_differs_from_the_last() -> None:
    course = {JUNE + -back: {("region", "R1"): answers(70.0 + back)} for back in range(13)}
    told = satisfaction_change(JUNE, course).iloc[0]  # type: ignore[arg-type]
    assert not told["significant"]  # 70 after 71, ± 1.3
    assert told["yoy_significant"] and told["yoy_difference"] == -12
    assert told["slope"] == pytest.approx(-1) and told["slope_significant"]


def test_the_first_month_has_no_change_to_judge() -> None:
    told = satisfaction_change(JUNE, {JUNE: {("region", "R1"): answers(80.0)}}).iloc[0]  # type: ignore[arg-type]
    assert not told[["significant", "yoy_significant", "slope_significant"]].any()
    assert told[["previous", "difference", "last_year", "slope"]].isna().all()


def test_the_slope_through_values_is_that_of_least_squares() -> None:
    """Through (0, 1), (1, 3), (2, 4): slope 1.5; residuals −1/6, 1/3, −1/6; error √(1/6 ÷ 1 ÷ 2), t of one degree."""
    rise, width = slope(np.arange(3.0), np.array([1.0, 3.0, 4.0]), np.ones(3))
    assert rise == pytest.approx(1.5)
    assert width == pytest.approx(12.7062 * math.sqrt(1 / 12), rel=1e-4)


def test_the_ends_of_an_interval_stay_within_the_scale() -> None:
    values, counts = 10_000 * np.array([90.0, 100.0]), np.array([1, 1])  # held in ten-thousandths
    assert STATISTICS["high95"](values, counts) == 1_000_000
    assert STATISTICS["low95"](10_000 * np.array([0.0, 10.0]), counts) == 0
