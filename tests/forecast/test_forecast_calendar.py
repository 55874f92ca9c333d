"""Spring Festival, working days, and the choice between the ways of forecasting."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from pipeline.forecast import HistoryError, choose_variant, forecast_next, variant_of
from pipeline.forecast.calendar_numbers import spring_festival_share, working_days_share


def month(year: int, number: int) -> int:
    return year * 12 + number - 1


@pytest.mark.parametrize(
    ("year", "january", "february"),
    [
        (2023, 1.0, 0.0),  # from 22 January
        (2024, 0.0, 1.0),  # from 10 February
        (2025, 3 / 7, 4 / 7),  # from 29 January: 29, 30, 31 and four days of February
        (2099, 1.0, 0.0),  # from 21 January
    ],
)
def test_the_festivals_seven_days_fall_where_the_moon_puts_them(
    year: int, january: float, february: float
) -> None:
    assert spring_festival_share(month(year, 1)) == pytest.approx(january)
    assert spring_festival_share(month(year, 2)) == pytest.approx(february)
    assert spring_festival_share(month(year, 3)) == 0


def test_before_the_calendar_begins_there_is_no_festival() -> None:
    assert spring_festival_share(month(1900, 1)) == 0


def test_working_days_are_mondays_to_fridays_over_twenty_one() -> None:
    # May 2024 has 23 weekdays; its holidays are none of this door's business.
    assert working_days_share(month(2024, 5)) == pytest.approx(23 / 21 - 1)
    assert working_days_share(month(2024, 6)) == pytest.approx(20 / 21 - 1)


def weekday_history(effect: float) -> tuple[pd.DataFrame, float]:
    """Shops that sell on weekdays; and what the next month, April 2024 with 22 of them, should bring."""
    rng = np.random.default_rng(4)
    days = pd.date_range(end="2024-03-01", periods=72, freq="MS")
    share = np.array([working_days_share(month(day.year, day.month)) for day in days])
    shops = [100 * np.exp(effect * share + 0.03 * rng.normal(size=72)) for _ in range(12)]
    names = np.repeat([f"s{n}" for n in range(12)], 72)
    history = pd.DataFrame({"series_id": names, "month": np.tile(days, 12), "value": np.concatenate(shops)})
    return history, 100 * np.exp(effect * working_days_share(month(2024, 4)))


def test_who_sells_on_working_days_is_foreseen_by_their_number() -> None:
    history, expected = weekday_history(1.5)
    told = forecast_next(history)
    assert set(told["method"]) == {"structural+working_days"}
    without = forecast_next(history, working_days=False)["forecast"]
    assert np.abs(told["forecast"] / expected - 1).mean() < 0.7 * np.abs(without / expected - 1).mean()


def test_working_days_are_left_alone_where_they_do_not_matter() -> None:
    assert set(forecast_next(weekday_history(0.0)[0])["method"]) == {"structural"}


def festival_history(months: int, count: int = 12, effect: float = 0.6) -> tuple[pd.DataFrame, float]:
    """Series whose level rises with the festival's share of the month; and the next month's share effect."""
    rng = np.random.default_rng(2)
    end = pd.Timestamp("2024-01-01")  # the next month is February 2024, all of the festival
    days = pd.date_range(end=end, periods=months, freq="MS")
    share = np.array([spring_festival_share(month(day.year, day.month)) for day in days])
    parts = [
        pd.DataFrame(
            {
                "series_id": f"s{n}",
                "month": days,
                "value": 100 * np.exp(effect * share + 0.05 * rng.normal(size=months)),
            }
        )
        for n in range(count)
    ]
    return pd.concat(parts), 100 * np.exp(effect)


@pytest.mark.parametrize("months", [37, 49])
def test_the_moving_festival_is_foreseen(months: int) -> None:
    history, expected = festival_history(months)
    with_it = forecast_next(history, spring_festival=True)["forecast"]
    without = forecast_next(history, spring_festival=False)["forecast"]
    assert np.abs(with_it / expected - 1).mean() < 0.12
    assert np.abs(with_it / expected - 1).mean() < 0.5 * np.abs(without / expected - 1).mean()


def test_the_festival_is_used_by_itself_where_it_would_have_helped_and_shown_in_the_method() -> None:
    told = forecast_next(festival_history(49)[0])
    assert set(told["method"]) == {"structural+spring_festival"}


def test_the_festival_is_left_alone_where_there_is_none() -> None:
    told = forecast_next(festival_history(49, effect=0.0)[0])
    assert set(told["method"]) == {"structural"}


def test_a_constant_series_neither_overflows_nor_outshouts_the_others_about_the_festival() -> None:
    # Its noise is next to none: weighed by it, it alone would say what the festival adds (nothing). Through four
    # festivals it stayed at 29, and stays there.
    history, _ = festival_history(49)
    steady = history[history["series_id"] == "s0"].assign(series_id="steady", value=29.0)
    alone = forecast_next(history, spring_festival=True).set_index("series_id")["forecast"]
    beside = forecast_next(pd.concat([history, steady]), spring_festival=True).set_index("series_id")["forecast"]
    assert beside["steady"] == pytest.approx(29, rel=0.01)
    assert np.abs(beside[alone.index] / alone - 1).max() < 0.03


def test_constant_series_alone_have_no_festival() -> None:
    days = pd.date_range("2021-01-01", periods=37, freq="MS")
    steady = pd.concat([pd.DataFrame({"series_id": name, "month": days, "value": 29.0}) for name in "ab"])
    told = forecast_next(steady, spring_festival=True)
    assert told["forecast"].tolist() == pytest.approx([29, 29])


def test_the_backtest_chooses_the_festival_where_sales_follow_it() -> None:
    choice = choose_variant(festival_history(49)[0])
    assert "spring_festival" in choice.key
    assert choice.errors[choice.key] < choice.errors["structural"]
    assert choice.forecasts == 12 * 12


def test_without_history_to_try_the_usual_variant_is_chosen() -> None:
    history = pd.DataFrame(
        {"series_id": "a", "month": pd.date_range("2024-01-01", periods=4, freq="MS"), "value": 1.0}
    )
    choice = choose_variant(history)
    assert choice.errors == {}
    assert variant_of(choice.key).spring_festival is True


def test_an_unknown_variant_is_refused_by_name() -> None:
    with pytest.raises(HistoryError, match="called tea leaves"):
        variant_of("tea leaves")


def test_dates_inside_a_month_stand_for_the_month() -> None:
    days = [dt.date(2024, 1, 31), dt.date(2024, 2, 15)]
    told = forecast_next(pd.DataFrame({"series_id": "a", "month": days, "value": [3.0, 4.0]}))
    assert told["month"].tolist() == [pd.Timestamp("2024-03-01")]
