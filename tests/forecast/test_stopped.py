"""Of whom nothing is expected next month, and why."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from pipeline.forecast.stopped import is_silent, stopped_customers

JUNE = dt.date(2024, 6, 30)


def sales(**rows: list[float]) -> pd.DataFrame:
    return pd.DataFrame.from_dict(rows, orient="index").astype(float)


def test_the_master_data_say_who_left_and_who_is_closed() -> None:
    known = sales(a=[5, 5, 5, 5], b=[5, 5, 5, 5], c=[5, 5, 5, 5], d=[5, 5, 5, 5])
    customers = pd.DataFrame(
        {
            "status": ["active", "paused", "left", "active"],
            "left_on": pd.to_datetime([None, None, None, "2024-06-20"]),
        },
        index=["a", "b", "c", "d"],
    )
    assert stopped_customers(known, customers, JUNE) == {"b": "paused", "c": "left", "d": "left"}


def test_who_leaves_next_month_has_not_left() -> None:
    customers = pd.DataFrame({"status": ["active"], "left_on": pd.to_datetime(["2024-07-20"])}, index=["a"])
    assert stopped_customers(sales(a=[5, 5, 5]), customers, JUNE) == {}


def test_three_months_without_an_order_are_silence_and_two_are_not() -> None:
    known = sales(three=[9, 9, 0, 0, 0], two=[9, 9, 9, 0, 0], never=[0, 0, 0, 0, 0])
    assert stopped_customers(known, pd.DataFrame(), JUNE) == {"three": "silent"}


def test_a_month_that_is_not_known_neither_makes_nor_breaks_a_silence() -> None:
    known = sales(silent=[9, 9, 0, 0, 0, np.nan], unknown=[9, 9, 0, 0, np.nan, np.nan])
    assert is_silent(known).to_dict() == {"silent": True, "unknown": False}


def test_who_is_silent_each_summer_is_expected_back_in_autumn() -> None:
    # Months up to September; June to September of the year before were without orders, too, October was not.
    year = [8, 8, 8, 8, 8, 0, 0, 0, 0, 8, 8, 8]
    school, shop = [*year, 8, 8, 8, 8, 8, 0, 0, 0, 0], [*[8] * 17, 0, 0, 0, 0]
    assert is_silent(sales(school=school, shop=shop)).to_dict() == {"school": False, "shop": True}
