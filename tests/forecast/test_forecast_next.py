"""Rules of `forecast_next`: bad input, every length of history, and what must hold for any input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.forecast import HistoryError, forecast_next

NUMBERS = ["forecast", "low80", "high80", "low95", "high95"]


def series(name: str, values: list[float], start: str = "2020-01-01") -> pd.DataFrame:
    months = pd.date_range(start, periods=len(values), freq="MS")
    return pd.DataFrame({"series_id": name, "month": months, "value": values})


def only(history: pd.DataFrame, **options: bool | None) -> pd.Series:
    told = forecast_next(history, **options)
    assert len(told) == 1
    return told.iloc[0]


def noisy(name: str, months: int, seed: int = 1, start: str = "2020-01-01") -> pd.DataFrame:
    values = 100 * np.exp(0.1 * np.random.default_rng(seed).normal(size=months))
    return series(name, list(values), start)


@pytest.mark.parametrize("months", [*range(1, 31), 48, 96, 97, 130])
def test_every_length_of_history_gets_a_forecast_with_nested_intervals(months: int) -> None:
    row = only(noisy("a", months))
    assert row["months_of_history"] == months
    assert 0 <= row["low95"] <= row["low80"] <= row["forecast"] <= row["high80"] <= row["high95"]
    assert 50 < row["forecast"] < 200
    assert row["month"] == pd.Timestamp("2020-01-01") + pd.DateOffset(months=months)


@pytest.mark.parametrize(("values", "expected"), [([5.0], 5.0), ([9.0, 4.0], 4.0)])
def test_under_three_months_the_last_value_is_forecast_and_marked(values: list[float], expected: float) -> None:
    row = only(series("a", values))
    assert row["forecast"] == pytest.approx(expected)
    assert row["method"] == "last_value"


def test_three_to_five_months_give_the_mean_of_the_last_and_the_last_three() -> None:
    row = only(series("a", [100.0, 30.0, 60.0, 90.0]))
    assert row["forecast"] == pytest.approx((90 + (30 + 60 + 90) / 3) / 2)
    assert row["method"] == "recent_mean"


def test_one_lonely_value_has_the_assumed_relative_error() -> None:
    row = only(series("a", [100.0]))
    # 30 % of its size, times the 80 % and 95 % quantiles of |t| with 5 degrees of freedom.
    assert row[["low80", "high80"]].tolist() == pytest.approx([100 - 44.28, 100 + 44.28])
    assert row["high95"] == pytest.approx(100 + 30 * 2.571)


def test_three_months_are_as_unsure_as_the_third_was_from_the_two_before() -> None:
    calm = forecast_next(pd.concat([series(f"s{n}", [100.0, 101.0, 100.0]) for n in range(40)]))
    wild = forecast_next(pd.concat([series(f"s{n}", [100.0, 10.0, 190.0]) for n in range(40)]))
    assert calm["high80"][0] - calm["low80"][0] < 0.3 * (wild["high80"][0] - wild["low80"][0])


def test_a_series_of_zeros_is_forecast_zero_without_doubt() -> None:
    row = only(series("a", [0.0] * 20))
    assert row[NUMBERS].tolist() == [0, 0, 0, 0, 0]
    assert row["method"] == "no_orders"


def test_a_constant_series_goes_on() -> None:
    assert only(series("a", [7.0] * 30))["forecast"] == pytest.approx(7, rel=1e-4)


def test_a_season_seen_once_is_expected_again() -> None:
    wave = [100 + 50 * np.sin(2 * np.pi * month / 12) for month in range(27)]
    assert only(series("a", wave))["forecast"] == pytest.approx(100 + 50 * np.sin(2 * np.pi * 27 / 12), rel=0.08)


def test_a_single_outlier_does_not_carry_over() -> None:
    values = list(noisy("a", 41)["value"])
    values[30] = 5000.0
    assert 85 < only(series("a", values))["forecast"] < 115


def test_after_a_level_shift_the_new_level_is_forecast() -> None:
    values = noisy("a", 36)["value"].to_numpy() * np.where(np.arange(36) < 26, 1, 3)
    assert 255 < only(series("a", list(values)))["forecast"] < 345


def test_a_customer_who_left_is_forecast_next_to_nothing() -> None:
    assert only(series("a", [50.0] * 20 + [0.0] * 16))["forecast"] < 2


def test_a_missing_month_is_unknown_and_not_zero() -> None:
    gone = noisy("a", 36)
    gone = gone[~gone.index.isin([10, 20, 21, 30])]
    row = only(gone)
    assert row["months_of_history"] == 32
    assert 85 < row["forecast"] < 115


def test_nan_is_the_same_as_a_missing_month() -> None:
    full = noisy("a", 30)
    blank = full.assign(value=full["value"].where(~full.index.isin([5, 17])))
    dropped = full[~full.index.isin([5, 17])]
    pd.testing.assert_frame_equal(forecast_next(blank), forecast_next(dropped))


def test_unknown_months_at_the_end_do_not_count() -> None:
    full = noisy("a", 20)
    full.loc[18:, "value"] = np.nan
    assert only(full)["month"] == pd.Timestamp("2021-07-01")


def test_a_series_of_which_nothing_is_known_has_no_figure() -> None:
    row = only(series("a", [np.nan] * 5))
    assert row["method"] == "no_history"
    assert row[NUMBERS].isna().all()


def test_returns_are_negative_months_and_the_forecast_is_not() -> None:
    told = forecast_next(pd.concat([series("a", [-5.0] * 14), series("b", [10.0, -3.0, 12.0, 9.0] * 6)]))
    assert told["forecast"].tolist()[0] == 0
    assert 3 < told["forecast"].tolist()[1] < 12
    assert (told[NUMBERS] >= 0).all().all()


@pytest.mark.parametrize("size", [1e15, 1e-12, 1e100])
def test_very_large_and_very_small_values_keep_their_size(size: float) -> None:
    row = only(noisy("a", 15).assign(value=lambda rows: rows["value"] / 100 * size))
    assert row["forecast"] == pytest.approx(size, rel=0.3)
    assert np.isfinite(row["high95"])


@pytest.mark.parametrize("infinite", [np.inf, -np.inf])
def test_infinity_is_an_error_that_names_series_and_month(infinite: float) -> None:
    with pytest.raises(HistoryError, match="shop 7, month 2020-03 is infinite"):
        forecast_next(series("shop 7", [1.0, 2.0, infinite]))


def test_a_month_given_twice_is_an_error_that_names_it() -> None:
    twice = pd.concat([noisy("shop 7", 14), series("shop 7", [3.0], "2020-05-01")])
    with pytest.raises(HistoryError, match="shop 7, month 2020-05 is given twice"):
        forecast_next(twice)


@pytest.mark.parametrize(
    ("history", "message"),
    [
        (pd.DataFrame({"series_id": ["a"], "month": ["2020-01-01"]}), "lacks the column value"),
        (pd.DataFrame({"series_id": [None], "month": ["2020-01-01"], "value": [1.0]}), "names no series"),
        (pd.DataFrame({"series_id": ["a"], "month": ["soon"], "value": [1.0]}), "no date"),
        (pd.DataFrame({"series_id": ["a"], "month": [None], "value": [1.0]}), "no month"),
        (pd.DataFrame({"series_id": ["a"], "month": ["2020-01-01"], "value": ["much"]}), "no number"),
    ],
)
def test_what_is_no_history_is_refused_with_its_reason(history: pd.DataFrame, message: str) -> None:
    with pytest.raises(HistoryError, match=message):
        forecast_next(history)


def test_no_rows_give_no_rows() -> None:
    told = forecast_next(pd.DataFrame({"series_id": [], "month": [], "value": []}))
    assert told.empty
    assert list(told.columns)[:3] == ["series_id", "month", "forecast"]


def test_parents_of_unknown_series_are_of_no_consequence() -> None:
    history = pd.concat([noisy(f"s{number}", 20, number) for number in range(3)])
    told = forecast_next(history, {"s0": "m1", "s1": "m1", "nobody": "m9"})
    assert told["series_id"].tolist() == ["s0", "s1", "s2"]


def test_series_may_end_in_different_months() -> None:
    told = forecast_next(pd.concat([noisy("a", 20), noisy("b", 20, 2, "2010-06-01"), series("c", [1.0])]))
    assert told["month"].dt.strftime("%Y-%m").tolist() == ["2021-09", "2012-02", "2020-02"]


def test_the_input_is_left_alone() -> None:
    history = noisy("a", 15)
    before = history.copy()
    forecast_next(history)
    pd.testing.assert_frame_equal(history, before)


def test_a_young_customer_borrows_the_season_of_its_manager() -> None:
    rng = np.random.default_rng(3)
    season = 1 + 0.6 * np.sin(2 * np.pi * np.arange(60) / 12)
    old = [series(f"old{n}", list(100 * season * np.exp(0.05 * rng.normal(size=60)))) for n in range(30)]
    young = [
        series(f"young{n}", list(100 * season[50:] * np.exp(0.05 * rng.normal(size=10))), "2024-03-01")
        for n in range(20)
    ]
    history = pd.concat(old + young)
    shared, alone = (
        forecast_next(history, share_season=share).set_index("series_id").filter(like="young", axis=0)["forecast"]
        for share in (True, False)
    )
    # The next month is month 60, whose season is 1; the last months of the young were about 0.6.
    assert (shared - 100).abs().mean() < 0.6 * (alone - 100).abs().mean()


# A number below a thousandth of what is sold is none.
amounts = st.one_of(st.just(0.0), st.floats(-50, -0.01), st.floats(0.01, 5000), st.floats(0.01, 1e6))
histories = st.lists(st.lists(amounts, min_size=1, max_size=30), min_size=1, max_size=3)
quick = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def panel_of(histories_of_series: list[list[float]]) -> pd.DataFrame:
    return pd.concat([series(f"s{n}", values) for n, values in enumerate(histories_of_series)], ignore_index=True)


@quick
@given(histories)
@example([[0.0, 1.0, 0.0, 2.0, 1.0, 0.0, -1.0]])  # it falls on, to below nothing
def test_no_number_is_negative_and_intervals_are_nested(values: list[list[float]]) -> None:
    told = forecast_next(panel_of(values))
    ordered = told[["low95", "low80", "forecast", "high80", "high95"]].to_numpy()
    assert np.isfinite(ordered).all()
    assert (ordered >= 0).all()
    assert (np.diff(ordered, axis=1) >= 0).all()


@quick
@given(histories, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(values: list[list[float]], random: object) -> None:
    history = panel_of(values)
    order = list(range(len(history)))
    random.shuffle(order)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(forecast_next(history), forecast_next(history.iloc[order]))


@quick
@given(histories, st.sampled_from([1e-6, 0.25, 3.0, 1e9]))
def test_scaling_a_series_scales_its_forecast(values: list[list[float]], factor: float) -> None:
    history = panel_of(values)
    scaled = history.assign(value=history["value"].where(history["series_id"] != "s0", history["value"] * factor))
    before, after = forecast_next(history), forecast_next(scaled)
    size = max(map(abs, values[0]))
    for name in NUMBERS:
        assert after[name][0] / factor == pytest.approx(before[name][0], rel=1e-6, abs=1e-6 * size)
        assert after[name][1:].tolist() == pytest.approx(before[name][1:].tolist(), rel=1e-6, abs=1e-3)
