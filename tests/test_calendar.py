"""Months, weeks and working days of mainland China; days looked up in the State Council's notices."""

import datetime as dt

import pytest

from pipeline.base.calendar import (
    Month,
    deadline,
    is_announced,
    is_working_day,
    months_between,
    week_of,
    working_days_after,
    working_days_between,
)


@pytest.mark.parametrize(
    "text", ["2024-06", "2024/6", "2024.06", "2024年6月", "2024年6月份", "202406", " 2024-6 "]
)
def test_a_month_is_understood_in_the_usual_styles(text):
    assert Month.parse(text) == Month(2024, 6)


@pytest.mark.parametrize("text", ["", "2024", "6月", "2024-13", "24-06", "2024-06-01"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError):
        Month.parse(text)


def test_months_add_up_over_the_years():
    assert Month(2024, 11) + 3 == Month(2025, 2)
    assert Month(2025, 2) + -3 == Month(2024, 11)
    assert Month(2025, 2) - Month(2024, 11) == 3
    assert [str(month) for month in months_between(Month(2023, 12), Month(2024, 2))] == [
        "2023-12",
        "2024-01",
        "2024-02",
    ]


def test_the_last_day_of_february_knows_leap_years():
    assert Month(2024, 2).last_day == dt.date(2024, 2, 29)
    assert Month(2023, 2).last_day == dt.date(2023, 2, 28)


def test_a_week_begins_on_monday():
    assert week_of(dt.date(2024, 6, 30)) == dt.date(2024, 6, 24)  # a Sunday
    assert week_of(dt.date(2024, 6, 24)) == dt.date(2024, 6, 24)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (dt.date(2024, 2, 4), True),  # Sunday, made up for Spring Festival
        (dt.date(2024, 2, 12), False),  # Monday in Spring Festival
        (dt.date(2024, 6, 8), False),  # an ordinary Saturday
        (dt.date(2024, 10, 12), True),  # Saturday, made up for National Day
    ],
)
def test_make_up_weekends_are_working_days(day, works):
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("month", "due"),
    [
        (Month(2024, 6), dt.date(2024, 7, 5)),  # a Friday
        (Month(2024, 3), dt.date(2024, 4, 7)),  # the 5th and 6th are days off, Sunday the 7th is made up
        (Month(2024, 9), dt.date(2024, 10, 8)),  # National Day lasts to the 7th
        (Month(2024, 4), dt.date(2024, 5, 6)),  # Labour Day lasts to the 5th
    ],
)
def test_the_deadline_moves_on_to_a_working_day(month, due):
    assert deadline(month) == due


def test_working_days_are_counted_without_the_first_day():
    friday, monday = dt.date(2024, 6, 14), dt.date(2024, 6, 17)
    assert working_days_between(friday, monday) == 1
    assert working_days_between(friday, friday) == 0
    assert working_days_between(monday, friday) == 0
    assert working_days_after(friday, 1) == monday


def test_working_days_are_counted_over_the_end_of_a_year():
    # 2024-12-31 is a Tuesday that works, 2025-01-01 is a holiday, the 2nd and 3rd work
    assert working_days_between(dt.date(2024, 12, 30), dt.date(2025, 1, 3)) == 3


def test_years_without_announced_make_up_days_are_known_as_such():
    assert is_announced(2024)
    assert not is_announced(2050)
