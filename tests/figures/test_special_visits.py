"""Special visits: in time within one working day of the event; a price seen at or above the guide price is a note."""

import pandas as pd
import pytest
from month_builder import MonthBuilder, facts_of, frame_of, tobacco

from pipeline.base.calendar import Month
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import count_month
from pipeline.figures.entities import values_of_month
from pipeline.subjects.evaluation.figures import downgrade_proposals
from pipeline.subjects.visits.lists import visit_offences
from pipeline.subjects.visits.special import last_days_in_time, special_visit_list
from schemas.form import Context, all_forms

JUNE = Month(2024, 6)


@pytest.mark.parametrize(
    ("happened_on", "last_day"),
    [
        ("2024-06-12", "2024-06-13"),
        ("2024-06-14", "2024-06-17"),  # Friday: Monday
        ("2024-06-07", "2024-06-11"),  # the Dragon Boat holiday, 8 to 10 June, is between
        ("2024-06-09", "2024-06-11"),  # on the holiday itself
        ("2024-04-30", "2024-05-06"),  # the holiday of May
        ("2024-05-10", "2024-05-11"),  # Friday: a Saturday that is worked
        ("2024-02-09", "2024-02-18"),  # Spring Festival; a Sunday that is worked
    ],
)
def test_the_limit_of_one_working_day_knows_holidays_and_make_up_days(happened_on: str, last_day: str) -> None:
    assert last_days_in_time(pd.Series([pd.Timestamp(happened_on)])).tolist() == [pd.Timestamp(last_day)]


def special(one: MonthBuilder, customer: str, day: int, happened_on: str | None) -> MonthBuilder:
    told = None if happened_on is None else pd.Timestamp(happened_on)
    return one.visit("M1", customer, day, visit_kind="special", special_reason="失窃", happened_on=told)


def rate(one: MonthBuilder) -> pd.DataFrame:
    figures = [one for one in all_figures(tobacco()) if one.key == "special_on_time_rate"]
    values = values_of_month(count_month(facts_of(one), figures), figures)
    return values[values["entity_id"] == "M1"]


def test_special_visits_in_time_are_counted_among_those_that_tell_the_day_of_the_event() -> None:
    """In time: on the day itself, and on the last day in time; late: the day after; the day of one nobody tells."""
    one = MonthBuilder(JUNE).customer("A", "M1")
    one = special(special(one, "A", 12, "2024-06-12"), "A", 11, "2024-06-07")
    one = special(special(one, "A", 18, "2024-06-14"), "A", 19, None)
    row = rate(one.visit("M1", "A", 20)).iloc[0]
    assert (row["numerator"], row["denominator"], round(row["value"], 1)) == (2, 3, 66.7)
    assert special_visit_list(facts_of(one))["in_time"].tolist() == ["yes", "yes", "no", "unknown"]


def test_without_a_day_of_an_event_there_is_no_rate() -> None:
    assert rate(special(MonthBuilder(JUNE).customer("A", "M1"), "A", 12, None))["value"].isna().all()


def priced(*prices: float | None) -> MonthBuilder:
    """Products with guide prices of 115 and 140 yuan, and visits that found the guide price not kept."""
    one = MonthBuilder(JUNE).customer("A", "M1", grade="2")
    one.add("products", product_id="P1", retail_price=140.0).add("products", product_id="P2", retail_price=115.0)
    for day, price in enumerate(prices, 3):
        one.visit("M1", "A", day, price_ok=False, observed_price=price)
    return one


def test_a_price_at_or_above_the_lowest_guide_price_is_no_offence() -> None:
    facts = facts_of(priced(110.0, 115.0, 118.0, None))
    assert visit_offences(facts)["visit_date"].dt.day.tolist() == [3, 6]
    assert downgrade_proposals(facts)["visit_date"].dt.day.tolist() == [3, 6]


def test_it_is_noted_in_the_form_and_its_row_kept() -> None:
    form, one = all_forms()["visits"], priced(110.0, 115.0, 118.0)
    masters = {"products": frame_of("products", one.rows["products"])}
    context = Context(pd.Timestamp(2024, 6, 1), pd.Timestamp(2024, 6, 30), masters, tobacco())
    rows = frame_of("visits", one.rows["visits"]).assign(manager_id="M1")
    broken = {rule.key: (rule.effect, places.tolist()) for rule, places in form.broken_rules(rows, context)}
    assert broken == {"price_below_guide": ("note", [1, 2])}


def test_where_no_product_has_a_guide_price_what_the_visit_says_counts() -> None:
    one = MonthBuilder(JUNE).customer("A", "M1").visit("M1", "A", 3, price_ok=False, observed_price=500.0)
    assert len(visit_offences(facts_of(one))) == 1
