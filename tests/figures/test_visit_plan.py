"""The plan of visits: on which days a customer is due, and who is put on which weekday; calendars by hand."""

import datetime as dt

import pandas as pd
import pytest
from month_builder import MonthBuilder, facts_of, tobacco

from pipeline.base.calendar import Month
from pipeline.base.week import Week, weeks_of
from pipeline.subjects.visits.plan import day_to_go, due_days, planned_visits, weekdays_to_go

MAY, JUNE = Month(2024, 5), Month(2024, 6)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("off", "to_go"),
    [
        ("2024-06-10", "2024-06-11"),  # Monday off, works from Tuesday on
        (
            "2024-05-01",
            "2024-04-30",
        ),  # Wednesday off, and all after it but Sunday the 5th is off too: Tuesday is nearer
        ("2024-04-05", "2024-04-03"),  # Thursday to Saturday off; Sunday the 7th is made up: two days either way
        ("2024-04-04", "2024-04-03"),
        ("2024-02-12", "2024-02-18"),  # Spring Festival: nobody works from Monday to Saturday, Sunday is made up
        ("2024-10-03", "2024-09-30"),  # Tuesday to Sunday off: back over the end of the month
        ("2023-10-02", "2023-10-07"),  # off to Friday, Saturday and Sunday are made up: the nearer one
    ],
)
def test_a_day_off_moves_to_the_nearest_working_day_of_its_week_of_two_to_the_earlier(
    off: str, to_go: str
) -> None:
    assert day_to_go(day(off)) == day(to_go)


def test_an_ordinary_day_stays_and_so_does_the_saturday_of_a_customer_who_has_that_day() -> None:
    assert day_to_go(day("2024-06-12")) == day("2024-06-12")
    assert day_to_go(day("2024-06-15")) == day("2024-06-15")


def test_in_a_week_without_any_working_day_nothing_is_due() -> None:
    """Spring Festival of 2020 was made longer: nobody worked from 24 January to 2 February."""
    assert day_to_go(day("2020-01-29")) is None
    assert [one.day for one in due_days(Month(2020, 1), 3, 4)] == [8, 15, 22]
    assert due_days(Month(2019, 12), 3, 4)[-1] == day("2019-12-31")  # 1 January, off, is as near to the 2nd: a tie
    assert due_days(Month(2020, 1), 2, 4)[-1] == day("2020-01-21")


def test_what_moves_over_the_end_of_a_month_is_planned_in_the_month_into_which_it_moves() -> None:
    """1 October 2024, a Tuesday, is off until the 7th; of that week only Monday 30 September is worked."""
    assert due_days(Month(2024, 9), 2, 1) == (day("2024-09-03"), day("2024-09-30"))
    assert due_days(Month(2024, 10), 2, 1) == ()


def test_the_days_of_three_months_are_those_of_their_weeks_each_once() -> None:
    days = [one for month in (Month(2024, 9), Month(2024, 10), Month(2024, 11)) for one in due_days(month, 2, 4)]
    assert days == sorted(set(days))
    assert len({Week.of(one) for one in days}) == len(days) == 13


def customers(*rows: tuple[str, str, str, str | None]) -> pd.DataFrame:
    names = ["manager_id", "customer_id", "grade", "visit_weekday"]
    return (
        pd.DataFrame(rows, columns=names).astype("str").assign(visit_weekday=pd.array([r[3] for r in rows], "str"))
    )


def test_customers_without_a_weekday_go_one_after_another_on_the_lightest_day() -> None:
    """Visits a month by hand: Monday 4, Tuesday 2, Wednesday 4, Thursday 1, Friday 2; the first goes on Thursday (then
    5), the second on Tuesday, as light as Friday and earlier (then 4), the third on Friday."""
    given = customers(
        ("M1", "C1", "1", "1"), ("M1", "C2", "3", "2"), ("M1", "C3", "2", "3"), ("M1", "C4", "5", "4"),
        ("M1", "C5", "3", "5"), ("M1", "X2", "3", None), ("M1", "X1", "1", None), ("M1", "X3", "5", None),
        ("M2", "Y1", "1", None),
    )  # fmt: skip
    told = dict(zip(given["customer_id"], weekdays_to_go(given, tobacco().visits_per_month), strict=True))
    assert {one: told[one] for one in ("X1", "X2", "X3", "Y1", "C3")} == {
        "X1": "4", "X2": "2", "X3": "5", "Y1": "1", "C3": "3",
    }  # fmt: skip


def test_a_customer_without_a_weekday_goes_on_the_same_day_every_week_and_counts_as_planned() -> None:
    """Mondays of June 2024 are 3, 10 (off: the 11th), 17, 24; the customer with a weekday leaves Monday free."""
    month = MonthBuilder(JUNE, {"M1": "R1"}).customer("A", "M1", grade="5", visit_weekday="2")
    month.customer("B", "M1", grade="1", visit_weekday=None).visit("M1", "B", 14)
    plan = planned_visits(facts_of(month))
    own = plan[plan["customer_id"] == "B"]
    assert [(one.day, done) for one, done in zip(own["due_on"], own["done"], strict=True)] == [
        (3, False), (11, True), (17, False), (24, False),
    ]  # fmt: skip


def test_a_trade_without_weekdays_or_frequencies_plans_nothing() -> None:
    month = MonthBuilder(JUNE).customer("A", "M1", grade="1", visit_weekday="2")
    without = tobacco(own_forms={"customers": {"without": ["visit_weekday"]}})
    for profile in (without, tobacco(visits_per_month=dict.fromkeys("12345", 0))):
        assert planned_visits(facts_of(month, profile=profile)).empty


@pytest.mark.parametrize("text", ["2024-W53", "2024-27", "W27", "1999-W01", "2024-W00", "27"])
def test_what_is_no_week_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"week|number|year|Invalid"):
        Week.parse(text)


def test_a_week_is_known_by_its_iso_name_and_may_lie_in_two_months() -> None:
    week = Week.parse("2024-W31")
    assert (week.monday, week.sunday, str(week)) == (day("2024-07-29"), day("2024-08-04"), "2024-W31")
    assert week.months == (Month(2024, 7), Month(2024, 8))
    assert [one.day for one in week.days_in(Month(2024, 8))] == [1, 2, 3, 4]
    assert Week.parse("2024年第31周") == week == Week.after(day("2024-07-28"))
    assert str(Week.of(day("2024-12-31"))) == "2025-W01"
    assert [str(one) for one in weeks_of(Month(2024, 9))][::5] == ["2024-W35", "2024-W40"]


def test_a_week_with_a_made_up_sunday_works_on_it() -> None:
    assert [one.day for one in Week.parse("2024-W14").working_days] == [1, 2, 3, 7]
    assert Week.parse("2020-W05").working_days == ()
