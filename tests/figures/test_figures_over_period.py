"""Figures over a quarter, a half-year or a year, by hand: how months are joined, what is missing, what is compared."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from month_builder import MonthBuilder, facts_of, frame_of, tobacco

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.contract.trade import load_profile
from pipeline.figures.catalogue import all_figures
from pipeline.figures.comparable import Sides
from pipeline.figures.count import MonthCounts, count_month, count_since
from pipeline.figures.metrics import targets_by_entity
from pipeline.figures.over_period import compared_over, months_beside, targets_over, values_over

KEYS = (
    "volume volume_per_customer ordering_customers ordering_rate stock_to_sales new_customers visit_minutes "
    "customers_start customers_end retention_rate"
)
PROFILE = tobacco()
FIGURES = [one for one in all_figures(PROFILE) if one.key in KEYS.split()]
Q1, Q2 = Period.parse("2024-Q1"), Period.parse("2024-Q2")
JANUARY, FEBRUARY, MARCH, APRIL, MAY, JUNE = (Month(2024, one) for one in range(1, 7))


def month(when: Month, cartons: Mapping[str, int], minutes: tuple[int, ...] = ()) -> MonthCounts:
    """M1's month: cartons at 10 yuan by customer, and visits of so many minutes."""
    return counted_once(when, tuple(cartons.items()), minutes)


@cache
def counted_once(when: Month, cartons: tuple[tuple[str, int], ...], minutes: tuple[int, ...]) -> MonthCounts:
    return count_month(facts_of(built(when, dict(cartons), minutes), profile=PROFILE), FIGURES)


def built(when: Month, cartons: Mapping[str, int], minutes: tuple[int, ...] = ()) -> MonthBuilder:
    made = MonthBuilder(when).add("products", product_id="P1", product_name="金叶", category="class1")
    for customer in ("C1", "C2", "C3"):
        made.customer(customer, "M1", joined_on="2020-01-01")
    for customer, number in cartons.items():
        made.sale("M1", customer, "P1", number, 10.0 * number, closing_stock=number * when.month)
    for number in minutes:
        made.visit("M1", "C1", 3, arrived_at=600, left_at=600 + number)
    return made


def quarter() -> dict[Month, MonthCounts]:
    """April: C1 10 cartons, visits of 10 and 20 minutes; May: C2 20, 30 minutes; June: C1 30, 90 minutes."""
    return {
        APRIL: month(APRIL, {"C1": 10}, (10, 20)),
        MAY: month(MAY, {"C2": 20}, (30,)),
        JUNE: month(JUNE, {"C1": 30}, (90,)),
    }


def told(
    counts: Mapping[Month, MonthCounts], figure: str, period: Period = Q2, entity: str = "M1"
) -> dict[str, float]:
    values = values_over(period, counts, FIGURES).values
    rows = values[(values["figure"] == figure) & (values["entity_id"] == entity)].to_dict("records")
    return rows[0] if rows else {}


def test_flows_add_up_numerators_and_denominators():
    assert told(quarter(), "volume")["value"] == 60
    rate = told(quarter(), "ordering_rate")  # (1 + 1 + 1) customers that ordered in a month ÷ (3 + 3 + 3)
    assert (rate["numerator"], rate["denominator"], rate["months"]) == (3, 9, 3)


def test_customers_count_once_in_a_period_at_every_level():
    for entity in ("M1", "R1", "ALL"):
        assert told(quarter(), "ordering_customers", entity=entity)["value"] == 2  # C1 twice, C2 once
        each = told(quarter(), "volume_per_customer", entity=entity)
        assert (each["numerator"], each["denominator"], each["value"], each["months"]) == (60, 2, 30, 3)


def test_a_median_is_over_the_values_of_all_months():
    """10, 20, 30, 90: the median is 25, the mean of the months' medians would be 45."""
    assert told(quarter(), "visit_minutes")["value"] == 25


def test_a_stock_is_the_last_months_and_a_ratio_of_states_too():
    assert told(quarter(), "customers_end")["value"] == 3
    stock = told(quarter(), "stock_to_sales")  # June's stock 180 ÷ June's sales 30
    assert (stock["numerator"], stock["denominator"], stock["value"], stock["months"]) == (180, 30, 6, 1)


def test_a_start_is_the_first_months():
    counts = quarter()
    later = (
        MonthBuilder(JUNE)
        .customer("C1", "M1", joined_on="2020-01-01")
        .customer("C4", "M1", joined_on="2024-05-02")
    )
    counts[JUNE] = count_month(facts_of(later, profile=PROFILE), FIGURES)
    assert told(counts, "customers_start")["value"] == 3
    assert told(counts, "customers_end")["value"] == 2


def test_a_missing_month_is_named_and_a_state_of_an_unknown_last_month_is_unknown():
    without_may, without_june = (
        {one: its for one, its in quarter().items() if one != gone} for gone in (MAY, JUNE)
    )
    assert values_over(Q2, without_may, FIGURES).missing == (MAY,)
    volume = told(without_may, "volume")
    assert (volume["value"], volume["months"]) == (40, 2)
    assert told(without_may, "customers_end")["value"] == 3
    assert values_over(Q2, without_june, FIGURES).missing == (JUNE,)
    assert told(without_june, "volume")["value"] == 30
    assert told(without_june, "customers_end") == {}
    assert told(without_june, "stock_to_sales") == {}


def test_of_a_period_that_nobody_knows_nothing_is_told():
    found = values_over(Q1, quarter(), FIGURES)
    assert (len(found.values), found.missing) == (0, (JANUARY, FEBRUARY, MARCH))


def test_a_figure_that_cannot_look_back_in_some_months_says_in_how_many_it_is_known():
    """Three months are known before June only: new customers are told of one month of the quarter."""
    before = [built(one, {"C1": 1}) for one in (MARCH, APRIL, MAY)]
    counts = quarter() | {
        JUNE: count_month(facts_of(built(JUNE, {"C1": 5, "C2": 5}), *before, profile=PROFILE), FIGURES)
    }
    found = told(counts, "new_customers")
    assert (found["value"], found["months"]) == (1, 1)


def test_one_month_as_a_period_is_the_month():
    june = Period.of(JUNE)
    assert told(quarter(), "volume", june)["value"] == 30
    assert told(quarter(), "visit_minutes", june)["value"] == 90
    assert values_over(june, quarter(), FIGURES).missing == ()


def as_sides(counts: Mapping[Month, MonthCounts], period: Period, base: Period) -> dict[Month, Sides]:
    pairs = months_beside(period, base, counts.keys())
    return {one: Sides(counts[one], counts[other]) for one, other in pairs.items()}


def first_quarter() -> dict[Month, MonthCounts]:
    """January: C1 5 cartons; March: C1 15; February is not known."""
    return {JANUARY: month(JANUARY, {"C1": 5}, (40,)), MARCH: month(MARCH, {"C1": 15}, (60,))}


def test_periods_are_compared_over_the_months_that_both_have():
    """April and June, 10 + 30, against January and March, 5 + 15: twice as much; May is left out."""
    counts = quarter() | first_quarter()
    beside = compared_over(Q2, Q1, as_sides(counts, Q2, Q1), FIGURES)
    rows = beside.rows.set_index(["entity_id", "figure"])
    volume = rows.loc[("M1", "volume")]
    assert (volume["now"], volume["base"], volume["change"]) == (40, 20, 100)
    assert rows.loc[("M1", "visit_minutes"), ["now", "base"]].tolist() == [20, 50]  # 10, 20, 90 against 40, 60
    assert rows.loc[("M1", "customers_end"), ["now", "base", "change"]].tolist() == [3, 3, 0]
    assert beside.left_out == (MAY,)


def test_a_state_is_not_compared_where_one_of_the_last_months_is_unknown():
    counts = quarter() | first_quarter()
    del counts[MARCH]
    beside = compared_over(Q2, Q1, as_sides(counts, Q2, Q1), FIGURES)
    figures = set(beside.rows["figure"])
    assert "volume" in figures and not figures & {"customers_end", "stock_to_sales"}
    assert beside.left_out == (MAY, JUNE)


def test_a_share_changes_by_the_difference():
    """Of three customers one ordered in each month of both quarters' compared months: 33.3 % − 33.3 %."""
    counts = quarter() | first_quarter()
    rows = compared_over(Q2, Q1, as_sides(counts, Q2, Q1), FIGURES).rows.set_index(["entity_id", "figure"])
    assert rows.loc[("M1", "ordering_rate"), "now"] == pytest.approx(100 / 3)
    assert rows.loc[("M1", "ordering_rate"), "change"] == 0


def test_what_is_kept_is_counted_from_the_first_day_of_the_period_to_its_last():
    """Four customers on 1 April; one leaves in May, one in June, one joins in May: 2 ÷ 4."""
    june = MonthBuilder(JUNE)
    for number, left in enumerate((None, None, "2024-05-10", "2024-06-20")):
        june.customer(f"C{number}", "M1", joined_on="2020-01-01", left_on=left)
    june.customer("C9", "M1", joined_on="2024-05-05")
    facts = facts_of(june, profile=PROFILE)
    kept = count_since(facts, FIGURES, Q2.length)
    counts = {JUNE: count_month(facts, FIGURES)}
    values = values_over(Q2, counts, FIGURES, kept=kept).values.set_index(["entity_id", "figure"])
    found = values.loc[("M1", "retention_rate")]
    assert (found["numerator"], found["denominator"], found["value"]) == (2, 4, 50)
    without = values_over(Q2, counts, FIGURES).values
    assert "retention_rate" not in set(without["figure"])


def targets(**rows: float) -> dict[Month, pd.DataFrame]:
    """By month: "volume4" is the target of April."""
    names = {"v": "volume", "r": "ordering_rate", "s": "customers_end", "b": "customers_start"}
    made: dict[Month, list[dict[str, object]]] = {APRIL: [], MAY: [], JUNE: []}
    for key, target in rows.items():
        when = Month(2024, int(key[-1]))
        given = {
            "month": str(when),
            "level": "manager",
            "entity_id": "M1",
            "metric": names[key[0]],
            "target": target,
        }
        made[when].append(given)
    return {when: frame_of("targets", some) for when, some in made.items()}


def told_targets(given: Mapping[Month, pd.DataFrame], known: tuple[Month, ...]) -> dict[str, float]:
    by_key = {one: targets_by_entity(rows, one, FIGURES) for one, rows in given.items()}
    found = targets_over(Q2, by_key, FIGURES, known)
    return found.set_index("figure")["target"].to_dict()


def test_targets_of_flows_add_up_of_stocks_the_last_counts_of_rates_the_mean():
    given = targets(v4=10, v5=20, v6=30, r4=80, r5=90, r6=100, s4=5, s5=6, s6=7, b4=1, b5=2, b6=3)
    assert told_targets(given, Q2.months) == {
        "volume": 60, "ordering_rate": 90, "customers_end": 7, "customers_start": 1,
    }  # fmt: skip


def test_targets_are_those_of_the_months_that_are_known():
    given = targets(v4=10, v5=20, v6=30, r4=80, r5=90, r6=100, s4=5, s6=7)
    assert told_targets(given, (APRIL, JUNE)) == {"volume": 40, "ordering_rate": 90, "customers_end": 7}
    assert told_targets(given, (APRIL, MAY)) == {"volume": 30, "ordering_rate": 85}


def test_a_sum_of_which_a_month_has_no_target_has_none():
    assert told_targets(targets(v4=10, v6=30, r4=80), Q2.months) == {"ordering_rate": 80}
    assert told_targets({}, Q2.months) == {}


def test_a_figure_that_is_kept_must_say_how_it_is_counted():
    retention = next(one for one in FIGURES if one.joins == "kept")
    with pytest.raises(ValueError):
        replace(retention, since=None)


# What is not a flow, by key or by what stands before its dot; every other figure adds up.
JOINS = {
    "tobacco": {
        "values": (
            "ordering_customers new_customers returning_customers lost_customers visit_minutes days_to_close "
            "days_to_close_p90 satisfaction_low95 satisfaction_high95 customers_joined customers_left customers_paused "
            "customers_reactivated lost_to_competitors promotion_customers_reached promotion_customers_confirmed "
            "promotion_effect promotion_effect_low95 promotion_effect_high95 promotion_without_effect"
        ),
        "stock": (
            "stock_to_sales open_cases overdue_cases customers_end paused_share leads_open file_completeness "
            "files_incomplete files_not_checked"
        ),
        "start": "customers_start",
        "kept": "retention_rate",
    },
    "cable": {
        "values": (
            "new_customers lost_customers visit_minutes days_to_close days_to_close_p90 satisfaction_low95 "
            "satisfaction_high95 customers_joined customers_left customers_paused customers_reactivated"
        ),
        "stock": (
            "group_customers households active active_rate penalty_stopped penalty_rate paused pause_rate "
            "paid_programmes paid_programme_rate expiring_customers bridge.households.end bridge.active.end "
            "bridge.penalty_stopped.end bridge.paused.end conversion_rate prospects_open open_cases overdue_cases "
            "customers_end paused_share"
        ),
        "start": (
            "customers_start bridge.households.previous bridge.households.start bridge.active.start "
            "bridge.penalty_stopped.start bridge.paused.start"
        ),
        "kept": "household_retention customer_retention",
    },
}


@pytest.mark.parametrize("trade", JOINS)
def test_every_figure_of_a_trade_says_how_its_months_are_joined(trade):
    found: dict[str, set[str]] = {}
    for figure in all_figures(load_profile(trade)):
        found.setdefault(figure.joins, set()).add(figure.key)
    found.pop("flow")
    assert found == {joins: set(keys.split()) for joins, keys in JOINS[trade].items()}
