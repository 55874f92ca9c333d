"""How far the interval of a sum may go: a region is no customer, and what many do at once is seldom what one may."""

import numpy as np
import pandas as pd
import pytest

from pipeline.forecast import forecast_tree
from pipeline.forecast.history import read_history
from pipeline.forecast.organisation import organisation_panel
from pipeline.forecast.scale import forward, scale_of, shown_mean
from pipeline.forecast.spread import Spread, by_month
from pipeline.forecast.steps import moved_to_last_level
from pipeline.forecast.sums import effective_parts, most_possible, wide_end
from pipeline.forecast.tree import read_tree

STARTS = pd.Timestamp("2022-01-01")


def tree_of(managers: dict[str, list[str]]) -> pd.DataFrame:
    """Customers → managers → one whole."""
    rows = [("all", None, None), *((name, "all", "manager") for name in managers)]
    rows += [(one, name, "customer") for name, own in managers.items() for one in own]
    return pd.DataFrame(rows, columns=["node_id", "parent_id", "split"])


def history_of(series: dict[str, np.ndarray]) -> pd.DataFrame:
    """Every series up to the same month."""
    longest = max(map(len, series.values()))
    months = pd.date_range(STARTS, periods=longest, freq="MS")
    parts = [
        pd.DataFrame({"series_id": name, "month": months[longest - len(values) :], "value": values})
        for name, values in series.items()
    ]
    return pd.concat(parts, ignore_index=True)


def festival(months: int, customers: int = 24) -> dict[str, np.ndarray]:
    """Customers of about 100 a month that buy for the festival in January; in 2024 it came late."""
    rng = np.random.default_rng(5)
    times = np.ones(months)
    for year, (january, february) in enumerate(((1.6, 0.7), (1.7, 0.6), (1.2, 1.3), (1.7, 0.6))):
        for month, factor in ((12 * year, january), (12 * year + 1, february)):
            if month < months:
                times[month] = factor
    return {
        f"c{k:02d}": np.round(100 * times * (1 + 0.05 * rng.standard_normal(months))) for k in range(customers)
    }


def test_how_many_parts_of_one_size_a_sum_has():
    tree = read_tree(tree_of({"even": ["a", "b", "c", "d"], "one": ["e"]}))
    steady = {**dict.fromkeys("abcd", np.full(15, 100.0)), "e": np.full(15, 400.0)}
    rows = tree.node_id.tolist()
    giant = {"total": np.array([rows.index("a"), rows.index("e")])}
    count = effective_parts(organisation_panel(read_history(history_of(steady)), tree, giant), tree, giant)
    told = dict(zip([*rows, "total"], count, strict=True))
    assert told["even"] == pytest.approx(4)
    assert told["one"] == told["a"] == pytest.approx(1)
    assert told["all"] == pytest.approx(800**2 / (4 * 100**2 + 400**2))  # 3.2
    assert told["total"] == pytest.approx(500**2 / (100**2 + 400**2))  # 1.47


def test_of_several_splits_that_with_the_most_parts_tells():
    tree = tree_of({"m": ["a", "b", "c", "d"]})
    brands = pd.DataFrame([("x", "all", "brand"), ("y", "all", "brand")], columns=tree.columns)
    read = read_tree(pd.concat([tree, brands]))
    values = {**dict.fromkeys("abcd", np.full(15, 100.0)), **dict.fromkeys("xy", np.full(15, 200.0))}
    count = effective_parts(organisation_panel(read_history(history_of(values)), read), read, {})
    assert count[read.node_id.tolist().index("all")] == pytest.approx(4)


def test_the_more_parts_the_nearer_to_its_greatest_month_a_sum_ends():
    panel = read_history(history_of({name: np.full(24, 100.0) for name in "abcd"}))
    count, is_sum = np.array([1.0, 1.0, 4.0, 400.0]), np.array([False, True, True, True])
    expected, nothing = np.full(4, 90.0), np.zeros(4, dtype=bool)
    assert most_possible(panel, expected, count, is_sum, nothing).tolist() == [200, 200, 150, 120]
    # Of a year unseen the peak may yet come; what is expected above all months is where the end is counted from.
    young = read_history(history_of({name: np.full(11, 100.0) for name in "abcd"}))
    assert most_possible(young, expected, count, is_sum, nothing).tolist() == [200, 200, 160, 160]
    assert most_possible(panel, np.full(4, 200.0), count, is_sum, nothing).tolist() == [200, 400, 300, 240]


def test_the_wide_end_of_a_sum_lies_near_its_narrow_one():
    narrow, is_sum = np.array([10.0, 10.0, 10.0]), np.array([True, True, False])
    assert wide_end(narrow, np.array([8.0, 2.0, 8.0]), is_sum).tolist() == [30, np.inf, np.inf]


@pytest.mark.parametrize("months", [25, 36, 37, 38, 48])
def test_a_festival_that_moves_does_not_carry_an_organisation_to_the_sky(months: int):
    series = festival(months)
    names = list(series)
    managers = {f"m{k}": names[6 * k : 6 * k + 6] for k in range(4)}
    told = forecast_tree(history_of(series), tree_of(managers)).set_index("series_id")
    whole = np.sum(list(series.values()), axis=0)
    for name, own in (
        ("all", whole),
        *((m, np.sum([series[c] for c in cs], axis=0)) for m, cs in managers.items()),
    ):
        row = told.loc[name]
        assert row["high95"] <= 1.45 * own.max(), name
        assert row["high95"] - row["forecast"] <= 3.001 * (row["high80"] - row["forecast"]), name
    if months == 37:  # February is to come: it brought 1,440 to 3,120, never what the Januaries did
        assert told.loc["all", "high95"] < 1.3 * whole[[1, 13, 25]].max()


def test_an_error_of_the_same_month_a_year_ago_is_not_made_greater_for_the_months_wildness():
    wild = np.ones(12)
    wild[1] = 4.0  # February
    spread = Spread(np.array([0.1]), np.full((1, 12), 0.1), np.ones((1, 12)))
    last = np.array([2025 * 12])  # January 2025: February is to come
    told = by_month(spread, wild, np.ones(12), last, np.array([0]))
    assert told.deviation[0] == pytest.approx(0.4)
    assert told.errors[0, 11] == pytest.approx(1 / 4)  # of February 2024
    assert told.errors[0, 0] == 1  # of January
    march = by_month(spread, wild, np.ones(12), last + 1, np.array([0]))
    assert march.errors[0, 0] == pytest.approx(1 / 2)  # of this February, whose wildness was not known before it
    known = by_month(spread, wild, np.where(wild > 1, 3.0, 1.0), last + 1, np.array([0]))
    assert known.errors[0, 0] == pytest.approx(1 / 3)


def test_the_mean_that_a_young_series_has_shown():
    # Logs: 50 and 200 lie about 100 as a half and twice: 1.25 on average. Roots: 0 and 2 about 1: their variance is 1,
    # in units of the mean month.
    pair = np.array([[50.0, 200.0]])
    log = scale_of(pair, "log")
    assert shown_mean(np.array([100.0]), forward(pair, log), log)[0] == pytest.approx(125)
    zero = np.array([[0.0, 4.0]])
    root = scale_of(zero, "root")  # unit 2
    assert shown_mean(np.array([1.0]), forward(zero, root), root)[0] == pytest.approx(1.0 + 1.0)
    plain = scale_of(pair, "plain")
    assert shown_mean(np.array([100.0]), forward(pair, plain), plain)[0] == 100


@pytest.mark.parametrize("unit", [1.0, 0.1, 1e-4, 1000.0, 1e6])
def test_a_step_of_just_a_half_does_not_hang_on_the_unit(unit: float):
    values = np.array([3.0] * 11 + [2.0] * 19)
    assert moved_to_last_level(np.log(unit * values)[None, :], np.array([30]))[0, 0] == pytest.approx(
        np.log(2 / 3)
    )


def test_what_others_were_wrong_about_does_not_double_a_customer():
    # A sum of steady 1,000 and of one who buys 10 to 90: whatever the sum's own history says, nobody is doubled.
    rng = np.random.default_rng(3)
    uneven = rng.choice([10.0, 90.0, 0.0], 30)
    steady = {f"c{k}": np.full(30, 100.0) for k in range(10)}
    growing = {name: values * (1 + 0.01 * np.arange(30)) for name, values in steady.items()}
    told = forecast_tree(history_of({**growing, "u": uneven}), tree_of({"m": [*growing, "u"]})).set_index(
        "series_id"
    )
    assert told.loc["u", "forecast"] <= 2 * uneven[-12:].mean()


def test_a_whole_of_which_each_month_another_part_is_missing_is_told_by_its_parts() -> None:
    """Ten managers of two customers, two years; in each month one of them has not reported, so no month is whole."""
    months = pd.date_range(end="2024-06-01", periods=24, freq="MS")
    rows = [
        (f"c{manager}{one}", month, np.nan if place % 10 == manager else 100.0 + manager + place % 3)
        for manager in range(10)
        for one in "ab"
        for place, month in enumerate(months)
    ]
    nodes = [("top", None), *((f"m{manager}", "top") for manager in range(10))]
    nodes += [(f"c{manager}{one}", f"m{manager}") for manager in range(10) for one in "ab"]
    tree = pd.DataFrame([(*node, "") for node in nodes], columns=["node_id", "parent_id", "split"])
    totals = pd.DataFrame({"total_id": "all", "node_id": [f"m{manager}" for manager in range(10)]})
    history = pd.DataFrame(rows, columns=["series_id", "month", "value"])
    told = forecast_tree(history, tree, totals).set_index("series_id")
    assert told.loc[["top", "all"], "method"].tolist() == ["of_parts", "of_parts"]
    assert told.loc[["top", "all"], "months_of_history"].tolist() == [
        22,
        22,
    ]  # of the four managers missing twice 21
    assert told.loc["m0", "method"].startswith("structural")
    assert told.loc["top", "forecast"] == pytest.approx(2 * sum(101 + manager for manager in range(10)), rel=0.02)


def test_a_young_whole_of_young_parts_keeps_its_own_method() -> None:
    months = pd.date_range(end="2024-06-01", periods=3, freq="MS")
    history = pd.DataFrame([(one, month, 100.0) for one in "ab" for month in months],
                           columns=["series_id", "month", "value"])  # fmt: skip
    tree = pd.DataFrame({"node_id": ["top", "a", "b"], "parent_id": [None, "top", "top"], "split": ""})
    assert forecast_tree(history, tree).set_index("series_id").loc["top", "method"] == "recent_mean"
