"""Two to five months, one of them unlike the others: a freak order is no level, nor is one month's fall a course."""

import pandas as pd
import pytest

from pipeline.forecast import forecast_next


def told_of(*values: float) -> pd.Series:
    month = pd.date_range(end="2024-06-01", periods=len(values), freq="MS")
    return forecast_next(pd.DataFrame({"series_id": "a", "month": month, "value": values})).iloc[0]


@pytest.mark.parametrize("times", [1, 0.1, 1000])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_of_three_months_one_freak_order_is_no_level(place: int, times: float):
    values = [102.0, 101.0]
    values.insert(place, 5000.0)
    row = told_of(*(times * one for one in values))
    assert 95 * times <= row["forecast"] <= 110 * times
    assert row["high80"] < 400 * times
    if place:  # it may be the new level; what one opens with is not
        assert row["high95"] == pytest.approx(5000 * times)
    else:
        assert row["high95"] < 1000 * times


def test_who_has_just_bought_so_much_may_buy_little():
    for values in ([102, 101, 5000], [102, 101, 99, 5000], [102, 101, 99, 100, 5000]):
        row = told_of(*map(float, values))
        assert 95 <= row["forecast"] <= 105
        assert row["low80"] < 65
        assert row["low95"] < 30


@pytest.mark.parametrize("values", [(100, 300, 900), (10, 100, 1000), (100, 150, 300), (100, 5000, 5100)])
def test_what_grows_or_has_come_twice_is_no_freak(values: tuple[float, ...]):
    row = told_of(*values)
    assert row["forecast"] > 0.6 * values[-1]


@pytest.mark.parametrize("last", [0.0, 4.0, 40.0])
@pytest.mark.parametrize("before", [(102.0, 101.0), (101.0, 102.0)])
def test_one_months_fall_is_no_course(before: tuple[float, float], last: float):
    # The mean of the last month and of all three, whichever of the equal ones came first; both levels may be.
    row = told_of(*before, last)
    assert row["forecast"] == pytest.approx((last + (203 + last) / 3) / 2, abs=1)
    assert row["low95"] <= last
    assert row["high95"] >= 102


def test_a_course_that_falls_is_gone_on_with():
    assert told_of(300.0, 200.0, 100.0)["forecast"] < 60
    assert told_of(100.0, 60.0, 7.0)["forecast"] < 7.5


@pytest.mark.parametrize("place", [0, 1, 2])
def test_goods_sent_back_are_no_month(place: int):
    values = [102.0, 101.0]
    values.insert(place, -400.0)
    assert 95 <= told_of(*values)["forecast"] <= 110
