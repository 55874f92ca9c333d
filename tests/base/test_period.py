"""A reporting period as a value: month, quarter, half-year, year."""

import datetime as dt

import pytest

from pipeline.base.calendar import Month
from pipeline.base.period import Period, month_and, period_named
from pipeline.contract.titles import period_text
from pipeline.words import load_words

Q2, H1, YEAR, JUNE = (Period.parse(one) for one in ("2024-Q2", "2024-H1", "2024", "2024-06"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2024-06", "2024-06"), ("2024年6月", "2024-06"), ("202406", "2024-06"), ("2024-Q2", "2024-Q2"),
        ("2024q2", "2024-Q2"), ("2024年第二季度", "2024-Q2"), ("2024年2季度", "2024-Q2"), (" 2024Q4 ", "2024-Q4"),
        ("2024-H1", "2024-H1"), ("2024年下半年", "2024-H2"), ("2024", "2024"), ("2024年", "2024"),
        ("2024年度", "2024"), ("2024年全年", "2024"),
    ],
)  # fmt: skip
def test_a_period_is_understood_in_the_usual_styles_and_has_one_name(text, name):
    assert str(Period.parse(text)) == name
    assert Period.parse(name) == Period.parse(text)


@pytest.mark.parametrize(
    "text", ["", "Q2", "2024-Q5", "2024-H3", "2024-13", "24-Q1", "1999", "2101-Q1", "2024-Q2-1"]
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError):
        Period.parse(text)


def test_a_period_begins_where_its_kind_does():
    with pytest.raises(ValueError):
        Period(Month(2024, 5), 3)
    with pytest.raises(ValueError):
        Period(Month(2024, 1), 2)
    assert [str(Period.of(Month(2024, 8), span)) for span in ("month", "quarter", "half", "year")] == [
        "2024-08", "2024-Q3", "2024-H2", "2024",
    ]  # fmt: skip


def test_a_period_knows_its_months_and_days():
    assert [str(one) for one in Q2] == ["2024-04", "2024-05", "2024-06"]
    assert (Q2.first_day, Q2.last_day, H1.last_day) == (
        dt.date(2024, 4, 1),
        dt.date(2024, 6, 30),
        dt.date(2024, 6, 30),
    )
    assert (len(H1.months), len(YEAR.months), JUNE.months) == (6, 12, (Month(2024, 6),))
    assert [str(one) for one in Period.parse("2024-Q2").year_to_date()][::5] == ["2024-01", "2024-06"]


@pytest.mark.parametrize(
    ("period", "before", "year_ago"),
    [
        ("2024-01", "2023-12", "2023-01"), ("2024-Q1", "2023-Q4", "2023-Q1"), ("2024-Q3", "2024-Q2", "2023-Q3"),
        ("2024-H1", "2023-H2", "2023-H1"), ("2024", "2023", "2023"),
    ],
)  # fmt: skip
def test_what_a_period_is_compared_with(period, before, year_ago):
    given = Period.parse(period)
    assert (str(given.before), str(given.year_ago)) == (before, year_ago)


def test_a_month_answers_as_the_period_of_one_month():
    month, period = Month(2024, 1), Period.of(Month(2024, 1))
    assert (month.first, month.last, month.months, str(month)) == (
        period.first, period.last, period.months, str(period),
    )  # fmt: skip
    assert (month.before, month.year_ago) == (period.before.first, period.year_ago.first)
    assert month.year_to_date() == period.year_to_date()


def test_months_of_two_periods_stand_beside_each_other_by_their_place():
    assert month_and(Q2.before, Q2, Month(2024, 5)) == Month(2024, 2)
    assert month_and(Q2.year_ago, Q2, Month(2024, 6)) == Month(2023, 6)


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        (JUNE, "2024年6月", "2024-06"), (Q2, "2024年第二季度", "Q2 2024"), (H1, "2024年上半年", "H1 2024"),
        (Month(2024, 6), "2024年6月", "2024-06"), (YEAR, "2024年", "2024"),
    ],
)  # fmt: skip
def test_a_period_in_words(period, zh, en):
    assert (period_text(period, load_words("zh")), period_text(period, load_words("en"))) == (zh, en)


@pytest.mark.parametrize(
    ("name", "there"),
    [("2024-Q2", True), ("2024", True), ("2024-6", False), ("2024-q2", False), ("edited", False)],
)
def test_only_the_name_itself_is_a_folder_of_a_period(name, there):
    assert (period_named(name) is not None) is there
