"""Days, months and times in their disguises: the day that is meant, or a problem, never another day."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.calendar import Month
from pipeline.intake.clocks import read_clock
from pipeline.intake.days import month_in_name, read_day, read_month
from pipeline.intake.raw import Cell
from pipeline.intake.reading import Manner, Reading
from pipeline.intake.settle import settle_cells
from schemas.columns import Column

THIRD = dt.datetime(2024, 6, 3)
ORDER_DATE = Column("order_date", "订货日期", "Order date", "day", in_month=True)


def days(*cells: Cell, manner: Manner | None = None, column: Column = ORDER_DATE) -> list[object]:
    """Each cell's day as text, or the rule that it broke."""
    values, faults = settle_cells(cells, column, manner=manner or Manner())
    broken = {one.position: one.rule for one in faults if not one.kept}
    return [broken.get(i, "" if pd.isna(one) else str(one.date())) for i, one in enumerate(values)]


@pytest.mark.parametrize(
    "cell",
    [
        "2024-06-03 10:22:31", "2024-06-03 10:22", "2024-06-03 10:22:31.000", "2024-06-03T10:22:31",
        "2024/6/3 10:22:31", "2024年6月3日 10时22分31秒", "2024-06-03 上午10:22", "2024/6/3 3:05:00 PM",
        "20240603 102231"[:8] + " 10:22:31", "2024-06-03T10:22:31+08:00", "2024-06-03T10:22:31.123+0800",
        "2024-06-03T10:22:31Z", "2024-06-03T00:00:00.000Z", "2024-06-03T00:00:00Z", "2024-06-02T16:00:00.000Z",
        "2024-06-03T00:00:00+08:00", "2024-06-03 00:00:43", "2024-06-03 星期一", "3 June 2024", "June 3, 2024",
        "03-Jun-2024", "2024-06-03\u200b", "\ufeff2024-06-03", "2024\u00a0年6月3日", "２０２４－０６－０３",
    ],
)  # fmt: skip
def test_moments_and_days_as_text_are_their_day(cell: str):
    assert read_day(cell).value == THIRD


@pytest.mark.parametrize("cell", ["2024-06-02T18:30:00Z", "2024-06-02T16:30:00.000Z", "2024-06-02T20:00:00-05:00"])
def test_a_moment_that_is_another_day_in_china_than_where_it_was_stamped_is_asked_about(cell: str):
    assert read_day(cell).rule == "day_zone"


@pytest.mark.parametrize(
    "cell",
    ["2024-06-03 25:00", "2024-06-03 10:61", "2024-06-03 foo", "24-06-03", "6/5/24", "2024-06-31 10:00", "2024-6"],
)
def test_what_is_no_day_is_a_problem(cell: str):
    assert read_day(cell) == Reading(None, "day", kept=False)


def test_days_that_browsers_export_43_seconds_early_are_the_next_day():
    early = [dt.datetime(2024, 5, 31, 23, 59, 17), dt.datetime(2024, 6, 2, 23, 59, 17)]
    assert days(*early) == ["2024-06-01", "2024-06-03"]
    assert days("2024-06-02 23:59:17", "2024-06-03 23:59:17") == ["2024-06-03", "2024-06-04"]


def test_days_that_come_43_seconds_late_are_their_own_day():
    assert days(dt.datetime(2024, 6, 3, 0, 0, 43)) == ["2024-06-03"]


def test_an_order_taken_just_before_midnight_among_orders_of_the_whole_day_stays_on_its_day():
    column = [dt.datetime(2024, 6, 3, 10, 22, 31), dt.datetime(2024, 6, 3, 23, 59, 17)]
    assert days(*column) == ["2024-06-03", "2024-06-03"]
    assert days("2024-06-03 10:22:31", "2024-06-03 23:59:17") == ["2024-06-03", "2024-06-03"]


def test_the_last_second_of_a_day_is_how_databases_end_it():
    assert days(dt.datetime(2024, 6, 30, 23, 59, 59), "2024-06-30 23:59:59") == ["2024-06-30", "2024-06-30"]


@pytest.mark.parametrize(
    ("serial", "day"), [(45446.0, "2024-06-03"), (45446.43, "2024-06-03"), (36526.0, "2000-01-01")]
)
def test_serial_numbers_with_and_without_a_time_are_their_day(serial: float, day: str):
    assert days(serial) == [day]


def test_in_a_book_that_counts_from_1904_so_do_numbers_without_a_format():
    # 43984 days after 1904-01-01 is 2024-06-03; counted from 1900 it would be 2020-06-02
    assert days(43984.0, manner=Manner(dates_1904=True)) == ["2024-06-03"]
    assert days(dt.date(2024, 6, 3), manner=Manner(dates_1904=True)) == ["2024-06-03"]


def test_a_month_alone_is_its_last_day_only_where_totals_of_months_are_exported():
    totals = Manner(months_as_days=True)
    assert days("2024-6", "2024年6月", "202402", 202406.0, manner=totals) == [
        "2024-06-30", "2024-06-30", "2024-02-29", "2024-06-30"
    ]  # fmt: skip
    assert days("2024-6", "2024年6月", 202406.0) == ["day", "day", "day"]
    joined = Column("joined_on", "入网日期", "Joined on", "day", required=False)
    assert days("2024-6", manner=totals, column=joined) == ["day"]


@pytest.mark.parametrize(("order", "day"), [("mdy", "2024-06-05"), ("dmy", "2024-05-06"), ("", "day")])
def test_a_declared_order_tells_what_6_5_2024_means(order: str, day: str):
    assert days("6/5/2024", manner=Manner(order=order)) == [day]  # type: ignore[arg-type]


def test_a_declared_order_does_not_bend_what_does_not_fit_it():
    assert days("25/06/2024", "6/5/24", "2024-06-05", manner=Manner(order="mdy")) == ["day", "day", "2024-06-05"]


@pytest.mark.parametrize("cell", [dt.date(1924, 6, 3), "1999-12-31", "2101-01-01", dt.datetime(9999, 12, 31)])
def test_years_far_off_are_a_problem(cell: Cell):
    assert days(cell) == ["day_far_off"]


def test_a_customer_may_have_joined_before_2000():
    joined = Column("joined_on", "入网日期", "Joined on", "day", required=False)
    assert days(dt.date(1998, 3, 1), "1899-12-01", column=joined) == ["1998-03-01", "day_far_off"]


def test_day_nought_of_excel_is_no_day():
    joined = Column("left_on", "退网日期", "Left on", "day", required=False)
    cells: list[Cell] = ["1900-01-00", 0.0, dt.time(0, 0), dt.date(1899, 12, 30), "0000-00-00", "/"]
    assert days(*cells, column=joined) == [""] * 6
    assert days(*cells) == ["required"] * 6


@pytest.mark.parametrize(
    "cell",
    ["2024-06", "2024/6", "2024.6", "2024.06", "2024年6月", "2024年06月份", "202406", 202406.0, 2024.06, 2024.6,
     45444.0,
     45473.0, "45444", "45473", " 45444.0",
     dt.date(2024, 6, 30), "2024-06-30", "２０２４年６月", "2024-06\u200b", "2024年-6月", "2024年六月",
     "二〇二四年六月",
     "June 2024", "2024 Jun"],
)  # fmt: skip
def test_months_in_every_certain_disguise(cell: Cell):
    assert read_month(cell).value == "2024-06"


def test_a_serial_of_february_2025_is_february_2025():
    assert read_month(45689.0).value == "2025-02"  # 45689 is 2025-02-01


def test_a_serial_in_a_cell_of_text_is_the_same_month_and_day_noted():
    assert read_month("45474") == Reading("2024-07", "day_was_number")
    assert read_day("45474") == Reading(dt.datetime(2024, 7, 1), "day_was_number")
    assert read_day("45474.4313888889").value == dt.datetime(2024, 7, 1)
    assert read_day("44012", Manner(dates_1904=True)).value == dt.datetime(2024, 7, 1)  # 45474 - 1462


def test_stamps_that_name_a_zone_are_told_by_the_offices_clock():
    stamp = "2024-06-02T17:00:00Z"  # 01:00 on the third in Shanghai, 19:00 on the second in Paris
    assert read_day(stamp).rule == "day_zone"
    assert read_day(stamp, Manner(time_zone="Europe/Paris")).value == dt.datetime(2024, 6, 2)
    midnight = "2024-06-02T18:00:00Z"  # midnight of the third where clocks are six hours ahead
    assert read_day(midnight, Manner(time_zone="Asia/Urumqi")).value == THIRD
    assert read_day(midnight).rule == "day_zone"
    assert read_day("2024-06-03T10:00:00+06:00", Manner(time_zone="Asia/Urumqi")).value == THIRD


def test_2024_point_1_as_a_number_may_have_been_october():
    assert read_month(2024.1) == Reading(None, "month_two", False, (("year", "2024"),))
    assert read_month("2024.1", Manner(typeless=True)).rule == "month_two"
    assert read_month("2024.1").value == "2024-01"
    assert (read_month(2024.12).value, read_month(2024.11).value, read_month("2024.10").value) == (
        "2024-12", "2024-11", "2024-10"
    )  # fmt: skip


@pytest.mark.parametrize(
    "cell", ["6月", "六月", "06-2024", "2024", 2024.0, "2024-13", "20241", "4544-4", "36525", "73416", "1999-12",
             "2101-01", True, 1.0, 99999.0, 454444.0, dt.date(4544, 4, 1), "24-06", "2024年6月-7月"],
)  # fmt: skip
def test_what_is_no_month_or_lies_far_off_is_a_problem(cell: Cell):
    assert read_month(cell) == Reading(None, "month", kept=False)


@pytest.mark.parametrize("text", ["4544-04", "1999-12", "2101-01", "45444", "20241"])
def test_no_month_outside_2000_to_2100_can_be_reported(text: str):
    with pytest.raises(ValueError, match="not a month"):
        Month.parse(text)


def test_months_that_lie_before_the_first_one_can_still_be_worked_out():
    assert str(Month.parse("2000-01") + -25) == "1997-12"


@pytest.mark.parametrize(
    "cell",
    ["1899-12-30T09:10:00.000Z", "1899-12-31T09:10:00Z", "2024-06-04 09:10:00", "2024-06-04T09:10:30+08:00"],
)
def test_a_time_of_day_written_as_a_moment_is_that_time(cell: str):
    assert read_clock(cell).value == 550


def test_a_time_stamped_in_another_zone_is_asked_about():
    assert read_clock("2024-06-04T01:10:00Z") == Reading(None, "clock", kept=False)


def test_what_calculating_leaves_of_a_time_or_day_does_not_make_it_another():
    assert read_clock(dt.time(9, 9, 59, 999_900)).value == 550
    assert read_clock(0.3819444444).value == 550
    assert read_clock(dt.time(23, 59, 59, 999_900)).value == 24 * 60 - 1
    assert days(dt.datetime(2024, 6, 2, 23, 59, 59, 999_900)) == ["2024-06-03"]


@pytest.mark.parametrize("cell", [-0.25, dt.timedelta(hours=-6), dt.timedelta(days=1), 1.0])
def test_a_negative_time_is_a_problem_and_not_18_o_clock(cell: Cell):
    assert read_clock(cell) == Reading(None, "clock", kept=False)


@pytest.mark.parametrize(
    ("name", "month"),
    [("订单2024-06.xlsx", "2024-06"), ("订单202406.xlsx", "2024-06"), ("2024年6月订单.xls", "2024-06"),
     ("订单2024.6.xlsx", "2024-06"), ("订单_20240603_20240609.csv", "2024-06"), ("订单2024.10.csv", "2024-10"),
     ("订单2024-06 (1).xlsx", "2024-06"), ("2024_06_03.csv", "2024-06"), ("订单２０２４年６月.xlsx", "2024-06"),
     ("6月订单.xlsx", None), ("订单2024.xlsx", None), ("订单2024-2025.xlsx", None), ("订单20240531-20240601.csv", None),
     ("订单1202406.xlsx", None), ("订单202413.xlsx", None)],
)  # fmt: skip
def test_the_month_that_a_files_name_tells(name: str, month: str | None):
    assert month_in_name(name) == (Month.parse(month) if month else None)


DISGUISES = (
    lambda day: day,
    lambda day: day.date(),
    lambda day: float((day - dt.datetime(1899, 12, 30)).days),
    lambda day: float((day - dt.datetime(1899, 12, 30)).days) + 0.43,
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: float(f"{day:%Y%m%d}"),
    lambda day: f"{day:%Y-%m-%d} 10:22:31",
    lambda day: f"{day:%Y-%m-%dT%H:%M:%S.000Z}",
    lambda day: f"{day - dt.timedelta(hours=8):%Y-%m-%dT%H:%M:%S.000Z}",
    lambda day: f"{day:%Y-%m-%dT%H:%M:%S+08:00}",
    lambda day: day - dt.timedelta(seconds=43),
    lambda day: day + dt.timedelta(seconds=43),
    lambda day: f"{day.month}/{day.day}/{day.year}",
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day:%y-%m-%d}",
)


@given(st.dates(dt.date(2000, 1, 2), dt.date(2100, 12, 30)), st.sampled_from(DISGUISES))
def test_whatever_disguise_a_day_wears_it_is_that_day_or_a_problem(day: dt.date, disguise):
    moment = dt.datetime(day.year, day.month, day.day)
    assert read_day(disguise(moment)).value in (moment, None)


MONTH_STYLES = (
    "{y}-{m:02}", "{y}/{m}", "{y}.{m}", "{y}年{m}月", "{y}{m:02}", "{y}{m}", "{m}-{y}", "{y}-{m:02}-15", "{m}月"
)  # fmt: skip


@given(st.integers(2000, 2100), st.integers(1, 12), st.sampled_from(MONTH_STYLES))
def test_whatever_disguise_a_month_wears_it_is_that_month_or_a_problem(year: int, month: int, style: str):
    text = style.format(y=year, m=month)
    assert read_month(text).value in (f"{year}-{month:02}", None)
    if style == "{y}.{m}":
        assert read_month(float(text)).value in (f"{year}-{month:02}", None)
