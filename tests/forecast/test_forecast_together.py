"""A last month in which nearly all fell or rose at once is an exception: said so, and reached by the interval."""

import numpy as np
import pandas as pd
import pytest

from pipeline.forecast import forecast_next, forecast_tree

RNG = np.random.default_rng(11)
STEADY = {f"m{m}c{c}": np.round(100 * (1 + 0.05 * RNG.standard_normal(60))) for m in range(3) for c in range(7)}
TREE = pd.DataFrame(
    [("all", None, None), *((f"m{m}", "all", "manager") for m in range(3))]
    + [(name, name[:2], "customer") for name in STEADY],
    columns=["node_id", "parent_id", "split"],
)
BOUNDS = ["low95", "low80", "forecast", "high80", "high95"]


def history(times: dict[int, float], months: int, who: str = "m", end: str = "2024-06-01") -> pd.DataFrame:
    """The last months of the steady ones; `times` (1: the last month) hold for those whose name begins with `who`."""
    days = pd.date_range(end=end, periods=months, freq="MS")
    parts = []
    for name, values in STEADY.items():
        own = values[-months:].copy()
        for back, factor in times.items() if name.startswith(who) else ():
            own[-back] = round(own[-back] * factor)
        parts.append(pd.DataFrame({"series_id": name, "month": days, "value": own}))
    return pd.concat(parts, ignore_index=True)


def told_of(rows: pd.DataFrame) -> pd.DataFrame:
    return forecast_tree(rows, TREE).set_index("series_id")


def named(told: pd.DataFrame, way: str) -> list[str]:
    return [str(name) for name, method in told["method"].items() if way in str(method).split("+")]


@pytest.mark.parametrize("months", [5, 6, 8, 14, 24, 37])
@pytest.mark.parametrize("fell", [0.4, 0.1, 0.0])
def test_when_all_fell_at_once_the_level_before_is_expected_and_this_months_may_be(months: int, fell: float):
    told = told_of(history({1: fell}, months))
    assert named(told, "common_fall") == sorted(told.index)
    whole, customers = told.loc["all"], told.loc[list(STEADY)]
    assert 1950 < whole["forecast"] < 2250  # 21 customers of about 100
    last = history({1: fell}, months).groupby("series_id")["value"].last()
    assert whole["low80"] <= 1.01 * last.sum() + 1e-6  # moved a little with its forecast, as sums must hold
    assert (customers["low80"] <= last[customers.index] + 1).all()
    assert whole["high95"] < 2900  # nobody rose
    assert (told[BOUNDS].diff(axis=1).iloc[:, 1:] > -1e-6).all(axis=None)
    assert told.loc[["m0", "m1", "m2"], "forecast"].sum() == pytest.approx(whole["forecast"])


@pytest.mark.parametrize("months", [8, 14, 30])
def test_when_all_rose_at_once_likewise(months: int):
    told = told_of(history({1: 2.0}, months))
    assert named(told, "common_rise") == sorted(told.index)
    whole = told.loc["all"]
    assert 1950 < whole["forecast"] < 2250
    assert whole["high80"] >= 4100
    assert whole["low95"] > 1600


def test_a_manager_who_has_not_reported_shares_the_others_fall_in_its_interval_only():
    rows = history({1: 0.4}, 14)
    unknown = rows["series_id"].str.startswith("m2") & (rows["month"] == "2024-06-01")
    told = told_of(rows[~unknown])
    assert named(told, "common_fall") == sorted(told.index)
    assert 600 < told.loc["m2", "forecast"] < 800
    assert told.loc["m2", "low80"] < 320  # .4 of about 700
    assert told.loc["all", "low80"] < 900


def test_one_managers_customers_fall_without_the_others():
    told = told_of(history({1: 0.4}, 14, who="m1"))
    assert named(told, "common_fall") == sorted(["m1", *(name for name in STEADY if name.startswith("m1"))])
    assert 600 < told.loc["m1", "forecast"] < 800
    assert told.loc["m1", "low80"] < 320
    assert told.loc["m0", "low95"] > 600


@pytest.mark.parametrize(
    "times",
    [
        {1: 0.75},  # a poor month
        {1: 0.4, 2: 0.4},  # a second one: a new level, for all that is known
        {1: 0.4, 13: 0.4},  # it came a year ago, too
        {1: 0.4, 4: 0.4, 6: 2.0, 8: 0.4},  # up and down is usual here
    ],
)
def test_what_is_no_exception(times: dict[int, float]):
    assert not named(told_of(history(times, 30)), "common_fall")


def test_four_are_not_everybody_and_neither_are_half():
    few = history({1: 0.4}, 14)
    four = few[few["series_id"].isin(list(STEADY)[:4])]
    assert not forecast_next(four)["method"].str.contains("common").any()
    half = forecast_next(history({1: 0.4}, 14, who="m1"))
    assert not half["method"].str.contains("common").any()  # no groups are given


def test_series_that_ended_before_are_not_part_of_it():
    rows = history({1: 0.4}, 14)
    ended = rows[rows["series_id"] == "m0c0"].assign(
        series_id="z", month=lambda own: own["month"] - pd.DateOffset(years=1)
    )
    told = forecast_next(pd.concat([rows, ended])).set_index("series_id")
    assert "common" not in told.loc["z", "method"]
    assert named(told, "common_fall") == sorted(STEADY)


def test_the_first_month_of_a_new_office_is_no_common_rise():
    rows = history({}, 3)
    before = history({}, 8)
    before["value"] = before["value"].where(before["month"] >= rows["month"].max(), 0.0)
    told = told_of(before)
    assert not named(told, "common_rise")


def test_who_had_not_ordered_before_the_month_without_orders_is_not_expected_at_more_than_ever():
    # All are without an order in the last month, one of them since the month before, too: twice its greatest month
    # of 41 was added up, as its zeros made it wild.
    rows = history({1: 0.0}, 9)
    silent = rows["series_id"] == "m0c0"
    rows.loc[silent, "value"] = [32.0, 27.0, 24.0, 41.0, 33.0, 22.0, 19.0, 0.0, 0.0]
    told = told_of(rows)
    assert told.loc["m0c0", "forecast"] <= 33
    assert 500 < told.loc["m0", "forecast"] < 700


def test_a_month_without_orders_of_all_is_nobodys_end():
    # The groups of products lack nothing that the customers know of: all keep their level.
    rows = history({1: 0.0}, 14)
    products = [("all", share) for share in (0.6, 0.4)]
    whole = rows.groupby("month")["value"].sum()
    nodes = pd.DataFrame(
        [(f"p{n}", parent, "product") for n, (parent, _) in enumerate(products)], columns=TREE.columns
    )
    more = [
        pd.DataFrame({"series_id": f"p{n}", "month": whole.index, "value": share * whole.to_numpy()})
        for n, (_, share) in enumerate(products)
    ]
    told = forecast_tree(pd.concat([rows, *more]), pd.concat([TREE, nodes])).set_index("series_id")
    customers = told.loc[list(STEADY), "forecast"]
    assert customers.between(85, 115).all()
    assert told.loc["p0", "forecast"] == pytest.approx(0.6 * customers.sum(), rel=0.05)
