"""What siblings tell of a month without orders: only those count that had begun to order and not stopped for good."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.forecast import forecast_next

LENGTH = 14
STEADY = [100.0, 103.0, 98.0, 101.0, 99.0, 102.0, 97.0, 100.0, 104.0, 98.0, 101.0, 99.0, 102.0, 100.0]
GONE = {
    "never ordered": [0.0] * LENGTH,
    "left in the fourth month": [*STEADY[:4], *[0.0] * (LENGTH - 4)],
}


def without(*places: int) -> list[float]:
    """The steady course without an order in some months."""
    return [0.0 if place in places else value for place, value in enumerate(STEADY)]


def told_beside(course: list[float], beside: list[float]) -> pd.Series:
    """What is told of a shop beside three steady ones and five of another course, all siblings."""
    shops = {
        "shop": course,
        **{f"steady {n}": STEADY for n in range(3)},
        **{f"beside {n}": beside for n in range(5)},
    }
    rows = [
        (name, pd.Timestamp(2023, 5, 1) + pd.DateOffset(months=place), value)
        for name, values in shops.items()
        for place, value in enumerate(values)
    ]
    told = forecast_next(pd.DataFrame(rows, columns=["series_id", "month", "value"])).set_index("series_id")
    shop: pd.Series = told.loc["shop"]
    return shop


@pytest.mark.parametrize("beside", GONE)
def test_siblings_who_stopped_or_never_began_do_not_make_a_pause_everybodys(beside: str) -> None:
    told = told_beside(without(8, 9, 10), GONE[beside])
    assert "pause_left_out" in told["method"].split("+")
    assert 90 <= told["forecast"] <= 110


@pytest.mark.parametrize("beside", GONE)
def test_siblings_who_stopped_or_never_began_do_not_make_a_missing_order_everybodys(beside: str) -> None:
    told = told_beside(without(12, 13), GONE[beside])
    assert "no_order_lately" in told["method"].split("+")
    assert 25 <= told["forecast"] <= 75


def test_a_pause_of_all_who_order_is_everybodys() -> None:
    told = told_beside(without(8, 9, 10), without(8, 9, 10))
    assert "pause_left_out" not in told["method"].split("+")
