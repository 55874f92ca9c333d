"""What few years have shown of an effect of the calendar is not known for sure, however many series say it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.forecast import forecast_next
from pipeline.forecast.calendar_doubt import REFUSED_ACTS, KnownBefore, Observed
from pipeline.forecast.calendar_numbers import spring_festival_share


def observed(error: list[list[float]], of_number: list[list[float]]) -> Observed:
    """Series of noise 1 that all begin in month 24,000."""
    count = len(error)
    return Observed(np.array(error), np.array(of_number), np.ones(count), np.full(count, 24_000))


def test_the_slope_before_a_month_is_that_of_the_months_before_it_only() -> None:
    # Touched in months 1 and 3: errors 2 for 1, then 4 for 1. Before month 2 and 3: 2; before month 4: (2 + 4) ÷ 2.
    known = KnownBefore.of(observed([[0, 2, 0, 4]], [[0, 1, 0, 1]]))
    slope, _ = known.before(np.array([24_000]), 5)
    assert slope[0].tolist() == [0, 0, 2, 2, 3]


def test_series_that_begin_later_know_what_the_others_have_shown() -> None:
    known = KnownBefore.of(observed([[0, 2, 0, 4]], [[0, 1, 0, 1]]))
    assert known.before(np.array([24_002]), 3)[0][0].tolist() == [2, 2, 3]


def test_months_beyond_those_told_know_all_and_those_before_the_first_nothing() -> None:
    known = KnownBefore.of(observed([[0, 2, 0, 4]], [[0, 1, 0, 1]]))
    slope, error = known.before(np.array([23_999]), 8)
    assert slope[0].tolist() == [0, 0, 0, 2, 2, 3, 3, 3]
    assert error[0, :3].tolist() == [0, 0, 0]


def test_errors_of_their_own_make_the_slope_surer_with_every_series() -> None:
    # Errors that cancel in each month share nothing: standard error = 1 ÷ √(sum of the number's squares).
    away = [[0, 1, -1], [0, -1, 1], [0, 1, -1], [0, -1, 1]]
    known = KnownBefore.of(observed(away, [[0, 1, 0]] * 4))
    assert known.error[2] == pytest.approx(1 / np.sqrt(4))


def test_errors_that_all_share_leave_it_as_unsure_as_one_month_is() -> None:
    # Every month all are off by the same 1, −1, 1, −1; the number touches months 1 and 3 by 1 and −1, where the
    # errors cancel, so the slope is −1 and leaves nothing there: what is shared is (1 + 0 + 1 + 0) ÷ 4 less chance.
    series = 100
    known = KnownBefore.of(observed([[1, -1, 1, 1]] * series, [[0, 1, 0, -1]] * series))
    common = (1 + 0 + 1 + 0) / 4 - 1 / series
    weight = 2 * series
    touched = 2 * series**2
    assert known.error[4] == pytest.approx(np.sqrt(common * touched + weight) / weight)
    assert known.error[4] > 0.4, "a hundred series are no hundred months"


def test_an_effect_that_is_refused_counts_as_doubt_alone() -> None:
    known = KnownBefore.of(observed([[0, 2, 0, 4]], [[0, 1, 0, 1]]))
    refused = known.unused()
    assert not refused.slope.any()
    expected = np.sqrt(REFUSED_ACTS * (1 - REFUSED_ACTS) * 3**2 + REFUSED_ACTS * known.error[4] ** 2)
    assert refused.error[4] == pytest.approx(expected)


def with_festival(years: int, effect: float, shared: float = 0.1, last: str = "2024-01-01") -> pd.DataFrame:
    """Thirty series of so many years; months have a shock that all share; the festival adds its effect."""
    rng = np.random.default_rng(11)
    days = pd.date_range(end=last, periods=12 * years, freq="MS")
    share = np.array([spring_festival_share(day.year * 12 + day.month - 1) for day in days])
    together = shared * rng.normal(size=len(days))
    return pd.concat(
        pd.DataFrame({"series_id": f"s{n}", "month": days, "value": 100 * np.exp(effect * share + together + own)})
        for n, own in enumerate(0.03 * rng.normal(size=(30, len(days))))
    )


def relative_width(history: pd.DataFrame, festival: bool | None) -> float:
    """Median width of the 80 % interval over the forecast."""
    told = forecast_next(history, spring_festival=festival)
    return float(((told["high80"] - told["low80"]) / told["forecast"]).median())


def test_a_festival_seen_twice_widens_the_months_it_moves_into_and_one_seen_seven_times_hardly() -> None:
    # February 2024 has all of it, after January 2023: how much it adds, two years tell and seven tell better.
    twice, often = with_festival(2, 0.5), with_festival(7, 0.5)
    beside_twice = relative_width(twice, True) / relative_width(twice, False)
    beside_often = relative_width(often, True) / relative_width(often, False)
    assert relative_width(twice, True) > relative_width(often, True)
    assert beside_twice > beside_often


def test_months_that_no_festival_touches_are_surer_than_those_it_moves_into() -> None:
    july = relative_width(with_festival(2, 0.5, last="2024-06-01"), True)
    february = relative_width(with_festival(2, 0.5), True)
    assert february > 1.3 * july
