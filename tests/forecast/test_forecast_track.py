"""How past forecasts fared: errors, bias, hit rates, and honest backfilling."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.forecast import (
    HistoryError,
    backfilled,
    backfilled_tree,
    compared_fairly,
    forecast_next,
    same_month_last_year,
    track_record,
)


def rows(values: list[tuple[object, ...]], names: str) -> pd.DataFrame:
    frame = pd.DataFrame(values, columns=names.split())
    return frame.assign(month=pd.to_datetime(frame["month"]))


ACTUAL = rows(
    [("a", "2024-01-01", 100.0), ("a", "2024-02-01", 50.0), ("b", "2024-02-01", 0.0)], "series_id month value"
)
ISSUED = rows(
    [
        ("a", "2024-01-01", "model", 110.0, 90.0, 120.0, 80.0, 130.0),
        ("a", "2024-02-01", "model", 70.0, 55.0, 85.0, 45.0, 95.0),
        ("a", "2024-03-01", "model", 60.0, 50.0, 70.0, 40.0, 80.0),
        ("a", "2024-02-01", "outlook", 40.0, np.nan, np.nan, np.nan, np.nan),
        ("b", "2024-02-01", "model", 5.0, 0.0, 9.0, 0.0, 12.0),
    ],
    "series_id month source forecast low80 high80 low95 high95",
)


def test_errors_bias_and_hits_by_hand() -> None:
    told = track_record(ISSUED, ACTUAL, pd.Timestamp("2024-02-29")).set_index(["entity_id", "source"])
    model = told.loc[("a", "model")]
    assert model["wape"] == pytest.approx((10 + 20) / 150)
    assert model["bias"] == pytest.approx((10 + 20) / 150)
    assert (model["hit80"], model["hit95"]) == (0.5, 1.0)
    outlook = told.loc[("a", "outlook")]
    assert outlook["wape"] == pytest.approx(10 / 50)
    assert outlook["bias"] == pytest.approx(-10 / 50)
    assert np.isnan(outlook["hit80"])


def test_without_an_actual_above_zero_there_is_no_wape() -> None:
    told = track_record(ISSUED, ACTUAL, pd.Timestamp("2024-02-01")).set_index(["entity_id", "source"])
    assert np.isnan(told.loc[("b", "model"), "wape"])
    assert told.loc[("b", "model"), "absolute_error"] == 5


def test_series_of_one_manager_are_added_up_not_averaged() -> None:
    told = track_record(ISSUED, ACTUAL, pd.Timestamp("2024-02-01"), {"a": "m1", "b": "m1"})
    model = told.set_index("source").loc["model"]
    assert model["entity_id"] == "m1"
    assert model["wape"] == pytest.approx((10 + 20 + 5) / 150)
    assert model["forecasts"] == 3


def test_only_the_last_twelve_months_are_judged() -> None:
    told = track_record(ISSUED, ACTUAL, pd.Timestamp("2025-01-15")).set_index(["entity_id", "source"])
    assert told.loc[("a", "model"), "forecasts"] == 1


def test_a_forecast_given_twice_is_an_error() -> None:
    with pytest.raises(HistoryError, match="given twice"):
        track_record(pd.concat([ISSUED, ISSUED]), ACTUAL, pd.Timestamp("2024-02-01"))


def told_by(source: str, *months: int) -> pd.DataFrame:
    return rows(
        [("a", f"2024-{month:02d}-01", source, 100.0) for month in months], "series_id month source forecast"
    )


def months_of(fair: pd.DataFrame, source: str) -> list[int]:
    return sorted(fair.loc[fair["source"] == source, "month"].dt.month)


def test_sources_are_compared_on_the_months_that_both_speak_of() -> None:
    fair = compared_fairly(pd.concat([told_by("model", 1, 2, 3, 4, 5), told_by("outlook", 2, 4, 5)]))
    assert months_of(fair, "model") == months_of(fair, "outlook") == [2, 4, 5]


@pytest.mark.parametrize("tried", [(3,), (3, 5), (3, 6)])
def test_who_has_tried_an_outlook_once_or_twice_keeps_the_models_record(tried: tuple[int, ...]) -> None:
    others = [told_by("model", 1, 2, 3, 4, 5), told_by("last_year", 2, 3, 4, 5)]
    fair = compared_fairly(pd.concat([*others, told_by("outlook", *tried)]))
    assert months_of(fair, "model") == months_of(fair, "last_year") == [2, 3, 4, 5]
    assert months_of(fair, "outlook") == list(tried)


def test_last_years_month_is_the_naive_forecast() -> None:
    told = same_month_last_year(ACTUAL)
    assert told["month"].dt.strftime("%Y-%m").tolist() == ["2025-01", "2025-02", "2025-02"]
    assert told["forecast"].tolist() == [100, 50, 0]


def history(months: int) -> pd.DataFrame:
    days = pd.date_range("2022-01-01", periods=months, freq="MS")
    values = 100 * np.exp(0.1 * np.random.default_rng(5).normal(size=months))
    return pd.DataFrame({"series_id": "a", "month": days, "value": values})


def test_backfilling_knows_only_what_was_known_then() -> None:
    month = pd.Timestamp("2023-06-01")
    told = backfilled(history(24), [month])
    expected = forecast_next(history(24).query("month < '2023-06-01'"))
    pd.testing.assert_frame_equal(told.drop(columns=["source", "backfilled"]), expected)
    assert told["backfilled"].all()
    changed = history(24)
    changed.loc[changed["month"] >= month, "value"] = 1e6
    pd.testing.assert_frame_equal(backfilled(changed, [month]), told)


def test_the_tree_is_backfilled_for_each_month_that_anything_was_known_before() -> None:
    tree = pd.DataFrame({"node_id": ["o", "a"], "parent_id": [None, "o"], "split": [None, "customer"]})
    months = [pd.Timestamp("2022-01-01"), pd.Timestamp("2023-01-01"), pd.Timestamp("2023-02-01")]
    told = backfilled_tree(history(24), tree, months)
    assert sorted(set(told["month"])) == months[1:]
    assert len(told) == 4


def test_without_months_nothing_is_backfilled() -> None:
    assert backfilled(history(5), []).empty
