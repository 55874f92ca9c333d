"""Months that others explain: what an order makes up for, siblings that rest each year, a level that came to stay."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.forecast import forecast_next, forecast_tree

USUAL = 20_000.0


def around(months: int, level: float = USUAL) -> list[float]:
    """About a level, by 2 % at most."""
    return [level * (1 + 0.01 * (place % 3 - 1)) for place in range(months)]


def history_of(**series: list[float]) -> pd.DataFrame:
    """Series that all end in June 2024."""
    return pd.concat(
        pd.DataFrame(
            {
                "series_id": name,
                "month": pd.date_range(end="2024-06-01", periods=len(values), freq="MS"),
                "value": values,
            }
        )
        for name, values in series.items()
    )


def told_of(*values: float) -> pd.Series:
    """The forecast of one series."""
    return forecast_next(history_of(one=list(values))).iloc[0]


@pytest.mark.parametrize("months", [12, 24, 36])
@pytest.mark.parametrize("end", [[0, 2 * USUAL], [0, 0, 3 * USUAL], [0, 2 * USUAL, USUAL]])
def test_a_reading_missed_and_made_up_for_is_neither_a_pause_nor_a_new_level(
    months: int, end: list[float]
) -> None:
    told = told_of(*around(months), *end)
    assert told["forecast"] == pytest.approx(USUAL, rel=0.03)
    assert 0.9 * USUAL < told["low95"] < told["high95"] < 1.1 * USUAL
    assert "pause" not in told["method"]


def test_a_closed_month_without_more_than_usual_after_it_stays_a_pause() -> None:
    told = told_of(*around(24), 0, USUAL)
    assert told["forecast"] == pytest.approx(USUAL, rel=0.03)
    assert "pause" in told["method"]


def test_a_correction_that_was_mostly_taken_back_leaves_two_usual_months() -> None:
    """150,000 read for 15,000, 120,000 taken back: 30,000 in two months."""
    assert told_of(*[15_000.0] * 12, 150_000, -120_000)["forecast"] == pytest.approx(15_000, rel=0.01)


def test_who_goes_on_all_year_is_not_at_rest_with_siblings_that_rest_each_winter() -> None:
    """The month to come is one in which four of five never have any; the fifth missed its last one."""
    rest = {f"pump{number}": [*[0, 0, 0, 500, 900, 1200, 900, 400, 0, 0, 0, 0] * 3, 0] for number in range(4)}
    told = forecast_next(history_of(plant=[*around(36), 0], **rest)).set_index("series_id")
    assert told.loc["plant", "high80"] >= 0.95 * USUAL
    assert told.loc["plant", "forecast"] > USUAL / 2
    assert (told.loc[list(rest), "forecast"] < 10).all()


@pytest.mark.parametrize(("times", "last"), [(10, 2), (10, 3), (4, 3), (0.1, 3)])
@pytest.mark.parametrize("before", [9, 18, 36])
def test_two_or_three_last_months_that_are_alike_are_no_freaks(times: float, last: int, before: int) -> None:
    """500 a month, then 5,000 two or three times: 501 [490; 511] was told."""
    told = told_of(*around(before, 500), *around(last, 500 * times))
    assert told["low80"] <= 500 * times <= told["high80"]
    assert told["high95"] <= 2 * max(500 * times, 500) * 1.02


def test_one_last_month_that_is_unlike_the_others_is_still_a_freak() -> None:
    assert told_of(*around(18, 500), 5000)["forecast"] == pytest.approx(500, rel=0.03)


def test_a_large_newcomer_leaves_steady_customers_of_three_months_as_sure_as_they_are() -> None:
    """50 million of a new customer beside eight of about a million: [0; twice what they had] was told of each."""
    steady = {f"c{number}": [1e6 + 1e5 * number] * 3 for number in range(8)}
    names = [*steady, "new"]
    tree = pd.DataFrame(
        [("top", None, ""), ("m", "top", ""), *((name, "m", "") for name in names)],
        columns=["node_id", "parent_id", "split"],
    )
    told = forecast_tree(history_of(**steady, new=[5e7]), tree).set_index("series_id")
    own = told.loc[list(steady)]
    assert np.allclose(own["forecast"], [values[-1] for values in steady.values()], rtol=0.02)
    assert (own["high95"] < 1.2 * own["forecast"]).all()
    assert (own["low95"] > 0.8 * own["forecast"]).all()
    assert told.loc["top", "low80"] < told.loc["top", "forecast"] < told.loc["top", "high80"]
