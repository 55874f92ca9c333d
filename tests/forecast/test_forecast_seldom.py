"""Who orders seldom: what their intervals are learned from, and how much of the months tried they must hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.forecast import forecast_next
from pipeline.forecast.history import Floats, Panel
from pipeline.forecast.seldom import needed_level, silence_held, silent_then, smoothed

NAN = np.nan


def panel(*series: list[float]) -> Panel:
    """Series of as many months each, which end in the same month."""
    values = np.array(series)
    months = np.full(len(values), values.shape[1])
    names = np.array([str(row) for row in range(len(values))], dtype=object)
    return Panel(names, values, months, np.isfinite(values).sum(axis=1), np.full(len(values), 400))


def test_the_going_hold_as_much_less_as_the_silent_hold_more() -> None:
    # 20 of 100 are silent and held in 90 %: 80 = 20 × .9 + 80 × 77.5 %.
    assert needed_level(80, 20, 0.9) == pytest.approx(0.775)


def test_the_going_hold_three_quarters_however_many_are_silent_and_80_percent_where_none_is() -> None:
    assert needed_level(50, 50, 1.0) == 0.75
    assert needed_level(0, 50, 1.0) == 0.75
    assert needed_level(100, 0, 1.0) == pytest.approx(0.8)


def test_the_going_hold_no_more_than_80_percent_where_the_silent_came_back_often() -> None:
    assert needed_level(50, 50, 0.5) == 0.8


def test_silence_is_what_was_known_then_not_what_is_known_since() -> None:
    # A gap of 1 makes up to 4 months without an order usual; the fifth was silence, until the order after it.
    came_back = panel([2, 0, 3, 0, 0, 0, 0, 0, 1, 0])
    before = silent_then(came_back, 10)[0, ::-1]
    assert before.tolist() == [True] + [False] * 7 + [True, False]


def test_before_the_first_order_nothing_is_foretold() -> None:
    assert silent_then(panel([0, 0, 0, 1, 0, 0]), 6)[0, ::-1].tolist() == [True] * 4 + [False] * 2


def test_how_often_silence_held_is_counted_where_it_was_told() -> None:
    # Silent before the ninth month, in which an order came, and before the last three of the other, in which none did.
    series = panel([2, 0, 3, 0, 0, 0, 0, 0, 1, 0, 0, 0], [1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0])
    silent = silent_then(series, 12)
    assert silence_held(series, silent) == pytest.approx(1 / 2)
    assert silence_held(series, np.zeros_like(silent)) == 1.0


def test_an_error_is_measured_by_the_deviation_known_before_it() -> None:
    # Level 0.5 from the first six months, all their errors ±0.5; then 0.5 still foretold, but 6 came: error over 0.5.
    values = np.array([[0.0, 1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0]])
    told = smoothed(values, np.array([8]), 8)
    level, errors = 0.5, []
    for value in values[0]:
        errors.append(value - level)
        level += 0.2 * errors[-1]
    before = [np.sqrt(np.mean(np.square(errors[:month]))) for month in (7, 6)]
    assert told.scaled[0, :2] == pytest.approx([errors[7] / before[0], errors[6] / before[1]])
    assert np.isnan(told.scaled[0, 2:]).all()  # the first six months are what the smoothing starts from
    assert told.errors[0] == pytest.approx(errors[::-1])


def parts(rng: np.random.Generator, months: int) -> Floats:
    """400 parts ordered in a third of the months, 2 % of which are ordered no more from some month on."""
    orders = np.where(rng.random((400, months)) < 0.3, rng.poisson(1.5, (400, months)) + 1.0, 0.0)
    ends = rng.geometric(0.02, size=400) + 6
    return np.where(np.arange(months)[None, :] < ends[:, None], orders, 0.0)


def test_all_parts_together_hold_80_percent_though_some_are_ordered_no_more() -> None:
    held = []
    for seed in range(4):
        values = parts(np.random.default_rng(seed), 31)
        names = [f"{row:03}" for row in range(len(values))]
        history = pd.DataFrame(
            values[:, :-1], index=names, columns=pd.date_range("2023-01-01", periods=30, freq="MS")
        )
        rows = history.rename_axis("series_id").reset_index().melt("series_id", var_name="month")
        told = forecast_next(rows).set_index("series_id").loc[names]
        came = values[:, -1]
        held.append(((told["low80"] <= came) & (came <= told["high80"])).mean())
    assert 0.77 <= np.mean(held) <= 0.84
