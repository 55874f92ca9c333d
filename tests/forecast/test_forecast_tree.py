"""Rules of the organisation's forecast: everything adds up, in whole cartons too."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.forecast import HistoryError, actuals_of_tree, forecast_tree
from pipeline.forecast.coherent import little_is_new, reconciled, unknown_of_new, whole_units
from pipeline.forecast.history import read_history
from pipeline.forecast.organisation import _whole_families, organisation_panel
from pipeline.forecast.tree import Tree, read_tree

MONTHS = pd.date_range("2021-01-01", periods=30, freq="MS")


def tree_of(rows: list[tuple[str, str | None, str | None]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["node_id", "parent_id", "split"])


FAMILY = tree_of([("org", None, None), ("a", "org", "region"), ("b", "org", "region")])


def organisation(
    managers: int = 3, customers: int = 6, seed: int = 1
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Two regions with managers and their customers, and two categories each; history, tree, totals."""
    rng = np.random.default_rng(seed)
    nodes: list[tuple[str, str | None, str | None]] = [("org", None, None)]
    rows, totals = [], []
    season = 1 + 0.4 * np.sin(2 * np.pi * np.arange(30) / 12)
    for region in ("north", "south"):
        nodes.append((region, "org", "region"))
        whole = np.zeros(30)
        for manager in range(managers):
            nodes.append((f"{region} m{manager}", region, "manager"))
            for customer in range(customers):
                name = f"{region} m{manager} c{customer}"
                nodes.append((name, f"{region} m{manager}", "customer"))
                values = np.round(rng.gamma(2, 20) * season * np.exp(0.4 * rng.normal(size=30)))
                whole += values
                rows.append(pd.DataFrame({"series_id": name, "month": MONTHS, "value": values}))
        share = np.clip(0.6 + 0.1 * rng.normal(size=30), 0, 1)
        for category, part in (("first", share), ("second", 1 - share)):
            nodes.append((f"{region} {category}", region, "category"))
            totals.append((category, f"{region} {category}"))
            rows.append(
                pd.DataFrame({"series_id": f"{region} {category}", "month": MONTHS, "value": whole * part})
            )
    return pd.concat(rows), tree_of(nodes), pd.DataFrame(totals, columns=["total_id", "node_id"])


def assert_adds_up(told: pd.Series, tree: pd.DataFrame, tolerance: float) -> None:
    below = tree.dropna(subset="parent_id")
    sums = told[below["node_id"]].groupby([below["parent_id"].to_numpy(), below["split"].to_numpy()]).sum()
    parents = told[sums.index.get_level_values(0)]
    assert np.abs(sums.to_numpy() - parents.to_numpy()).max() <= tolerance


def test_customers_managers_categories_and_regions_add_up() -> None:
    history, tree, totals = organisation()
    told = forecast_tree(history, tree, totals).set_index("series_id")
    assert_adds_up(told["forecast"], tree, 1e-6)
    assert told["forecast"]["first"] == pytest.approx(told["forecast"][["north first", "south first"]].sum())
    assert told.loc["org", "month"] == pd.Timestamp("2023-07-01")


def test_whole_cartons_add_up_too_and_are_whole() -> None:
    history, tree, totals = organisation()
    whole = forecast_tree(history, tree, totals, whole=True).set_index("series_id")
    exact = forecast_tree(history, tree, totals).set_index("series_id")
    assert (whole["forecast"] % 1 == 0).all()
    assert_adds_up(whole["forecast"], tree, 0)
    assert (whole["forecast"] - exact["forecast"]).drop(["first", "second"]).abs().max() < 1
    assert (whole["low95"] <= whole["low80"]).all() and (whole["high80"] <= whole["high95"]).all()
    assert (whole["low80"] <= whole["forecast"]).all() and (whole["forecast"] <= whole["high80"]).all()


def test_the_history_of_a_sum_is_the_sum_of_histories() -> None:
    history, tree, _ = organisation(1, 2)
    told = actuals_of_tree(history, tree).set_index(["series_id", "month"])["value"]
    one = history.set_index(["series_id", "month"])["value"]
    month = MONTHS[7]
    assert told["north m0", month] == one["north m0 c0", month] + one["north m0 c1", month]


def test_an_unknown_month_of_a_part_is_unknown_in_the_sum_but_before_its_first_month_it_is_nothing() -> None:
    a = pd.DataFrame({"series_id": "a", "month": MONTHS[:4], "value": [1.0, 2, 3, 4]})
    b = pd.DataFrame({"series_id": "b", "month": MONTHS[1:4], "value": [10.0, np.nan, 30]})
    told = actuals_of_tree(pd.concat([a, b]), FAMILY)
    org = told[told["series_id"] == "org"]
    assert org["value"].tolist() == [1, 12, 34]
    assert org["month"].tolist() == [MONTHS[0], MONTHS[1], MONTHS[3]]


def test_a_customer_whose_last_month_is_unknown_is_forecast_for_the_same_month_as_all() -> None:
    history, tree, _ = organisation()
    late = (history["series_id"] == "north m0 c0") & (history["month"] == MONTHS[-1])
    keep = ~history["series_id"].isin(["north first", "north second"])
    tree = tree[~tree["node_id"].isin(["north first", "north second"])]
    told = forecast_tree(history[~late & keep], tree).set_index("series_id")
    assert told["month"].nunique() == 1
    assert told.loc["north m0 c0", "months_of_history"] == 29
    assert_adds_up(told["forecast"], tree, 1e-6)


def test_reconciliation_weighs_by_precision() -> None:
    # Parts say 10 ± 1 and 20 ± 1 (variances 1), the whole says 36 (variance 1). Least squares by hand:
    # minimise (a−10)² + (b−20)² + (a+b−36)²  →  a = 12, b = 22, whole = 34.
    tree = read_tree(FAMILY)
    told = reconciled(np.array([10.0, 20.0, 36.0]), np.array([1.0, 1.0, 1.0]), tree)
    assert tree.node_id.tolist() == ["a", "b", "org"]
    assert told.tolist() == pytest.approx([12, 22, 34])


def test_reconciliation_with_two_splits_is_the_least_squares_solution() -> None:
    tree = read_tree(
        tree_of([("o", None, None), *((n, "o", "manager") for n in "ab"), *((n, "o", "category") for n in "xyz")])
    )
    rng = np.random.default_rng(4)
    forecast, variance = rng.uniform(50, 60, 6), rng.uniform(1, 5, 6)
    # Independent: least squares over the free parts a, b, x, y (z and o follow).
    free = {"a": [1, 0, 0, 0], "b": [0, 1, 0, 0], "o": [1, 1, 0, 0]}
    free |= {"x": [0, 0, 1, 0], "y": [0, 0, 0, 1], "z": [1, 1, -1, -1]}
    matrix = np.array([free[name] for name in tree.node_id]) / np.sqrt(variance)[:, None]
    parts = np.linalg.lstsq(matrix, forecast / np.sqrt(variance), rcond=None)[0]
    expected = np.array([free[name] for name in tree.node_id]) @ parts
    assert reconciled(forecast, variance, tree).tolist() == pytest.approx(expected.tolist())


def test_a_negative_share_is_cut_and_its_siblings_pay() -> None:
    told = reconciled(np.array([1.0, 100.0, 50.0]), np.array([100.0, 1.0, 0.001]), read_tree(FAMILY))
    assert told[0] == 0
    assert told[1] == pytest.approx(told[2])


def test_the_largest_remainders_get_the_cartons_left() -> None:
    rows = [("o", None, None), *((name, "o", "s") for name in "abcd")]
    # 2.6 + 1.5 + 0.7 + 0.4 = 5.2 → 5: the whole parts are 3, two are left for c (.7) and a (.6).
    told = whole_units(np.array([2.6, 1.5, 0.7, 0.4, 5.2]), read_tree(tree_of(rows)))
    assert told.tolist() == [3, 1, 1, 0, 5]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("a", "nobody", "s")], "does not hold nobody"),
        ([("a", None, None), ("a", None, None)], "a stands in the tree twice"),
        ([("a", "b", "s"), ("b", "a", "s")], "circle"),
    ],
)
def test_a_tree_that_is_none_is_refused(rows: list[tuple[str, str | None, str | None]], message: str) -> None:
    with pytest.raises(HistoryError, match=message):
        read_tree(tree_of(rows))


def test_an_unknown_entity_is_an_error_that_names_it() -> None:
    history = pd.DataFrame({"series_id": ["stranger"], "month": MONTHS[:1], "value": [1.0]})
    with pytest.raises(HistoryError, match="does not hold the series stranger"):
        forecast_tree(history, FAMILY)


def test_history_for_a_sum_is_refused() -> None:
    history = pd.DataFrame({"series_id": ["org"], "month": MONTHS[:1], "value": [1.0]})
    with pytest.raises(HistoryError, match="org has parts"):
        forecast_tree(history, FAMILY)


def test_splits_that_disagree_are_refused() -> None:
    tree = tree_of([("org", None, None), ("m", "org", "manager"), ("k", "org", "category")])
    history = pd.DataFrame({"series_id": ["m", "k"], "month": MONTHS[:1].repeat(2), "value": [5.0, 6.0]})
    with pytest.raises(HistoryError, match="splits of org do not add up"):
        forecast_tree(history, tree)


def test_a_leaf_without_history_counts_nothing() -> None:
    history = pd.DataFrame({"series_id": "a", "month": MONTHS, "value": 5.0})
    told = forecast_tree(history, FAMILY).set_index("series_id")
    assert told.loc["b", "forecast"] == pytest.approx(0, abs=1e-4)
    assert told.loc["b", "method"] == "no_history"
    assert told.loc["org", "forecast"] == pytest.approx(5, rel=1e-4)


@st.composite
def trees_with_forecasts(draw: st.DrawFn) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    size = draw(st.integers(2, 25))
    rows: list[tuple[str, str | None, str | None]] = [("n00", None, None)]
    for number in range(1, size):
        parent = draw(st.integers(0, number - 1))
        rows.append((f"n{number:02d}", f"n{parent:02d}", draw(st.sampled_from(["manager", "category"]))))
    amounts = st.one_of(st.just(0.0), st.floats(0, 1e5))
    forecast = np.array(draw(st.lists(amounts, min_size=size, max_size=size)))
    variance = np.array(draw(st.lists(amounts, min_size=size, max_size=size)))
    return tree_of(rows), forecast, variance


def series_of(tree: Tree, values: np.ndarray) -> pd.Series:
    return pd.Series(values, index=tree.node_id)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees_with_forecasts())
def test_any_tree_comes_out_coherent_and_not_negative(
    given_tree: tuple[pd.DataFrame, np.ndarray, np.ndarray],
) -> None:
    frame, forecast, variance = given_tree
    tree = read_tree(frame)
    exact = reconciled(forecast, variance, tree)
    whole = whole_units(exact, tree)
    assert (exact >= 0).all() and (whole >= 0).all()
    assert_adds_up(series_of(tree, exact), frame, 1e-6 * max(exact.max(), 1))
    assert_adds_up(series_of(tree, whole), frame, 0)
    assert (np.abs(whole - exact) < 1 + 1e-5).all()


def test_intervals_of_sums_hold_what_they_promise() -> None:
    """Over 120 made-up organisations' worth of managers and regions, about 80 and 95 % of actuals lie inside."""
    hits80, hits95 = [], []
    for seed in range(8):
        history, tree, _ = organisation(4, 6, seed)
        actual = actuals_of_tree(history, tree)
        actual = actual[actual["month"] == MONTHS[-1]].set_index("series_id")["value"]
        told = forecast_tree(history[history["month"] < MONTHS[-1]], tree).set_index("series_id")
        hits80.append(actual.between(told["low80"], told["high80"]))
        hits95.append(actual.between(told["low95"], told["high95"]))
    assert 0.70 < pd.concat(hits80).mean() < 0.90
    assert 0.90 < pd.concat(hits95).mean() <= 1.0


def test_a_large_organisation_is_foreseen_in_parts_and_still_adds_up(monkeypatch: pytest.MonkeyPatch) -> None:
    history, tree, totals = organisation()
    at_once = forecast_tree(history, tree, totals, whole=True).set_index("series_id")
    monkeypatch.setattr("pipeline.forecast.organisation.SERIES_AT_ONCE", 15)
    in_parts = forecast_tree(history, tree, totals, whole=True).set_index("series_id")
    assert in_parts.index.tolist() == at_once.index.tolist()
    assert in_parts["months_of_history"].tolist() == at_once["months_of_history"].tolist()
    assert_adds_up(in_parts["forecast"], tree, 0)
    share = in_parts["forecast"] / at_once["forecast"]
    assert share.between(0.8, 1.25).all() and (share != 1).any()


@pytest.mark.parametrize("at_once", [1, 7, 15, 1000])
def test_parts_hold_every_node_once_siblings_together_and_totals_with_the_upper_ones(
    monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("pipeline.forecast.organisation.SERIES_AT_ONCE", at_once)
    _, nodes, totals = organisation()
    tree, more = read_tree(nodes), totals["total_id"].nunique()
    parts = list(_whole_families(tree, more))
    assert sorted(np.concatenate(parts)) == list(range(len(tree.node_id) + more))
    part_of = np.empty(len(tree.node_id) + more)
    for number, rows in enumerate(parts):
        part_of[rows] = number
    assert pd.Series(part_of[: len(tree.node_id)]).groupby(tree.family).nunique().eq(1).all()
    assert (part_of[len(tree.node_id) :] == part_of[tree.depth.argmin()]).all()
    assert len(parts) == {1: 12, 7: 7, 15: 4, 1000: 1}[at_once]  # twelve families, the top one of them


def uneven_organisation(seed: int, fewest: int = 12, most: int = 40) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Customers of every sort: noisy, seldom, new, with freak orders and goods sent back; by three managers."""
    rng = np.random.default_rng(seed)
    months, rows, tree = int(rng.integers(fewest, most)), [], [("org", None, None)]
    tree += [(f"m{number}", "org", "manager") for number in range(3)]
    for number in range(18):
        values = np.exp(
            rng.normal(3, rng.choice([0.2, 1, 2])) + rng.choice([0.1, 0.4, 1.2]) * rng.normal(size=months)
        )
        values[rng.random(months) < rng.choice([0, 0.1, 0.6])] = 0
        values[rng.integers(0, months)] *= rng.choice([1, 1, 50])
        values[-1] *= rng.choice([1, 1, 1, -0.2])
        new = int(rng.integers(0, months - 2)) * int(rng.integers(0, 2))
        days = pd.date_range("2021-01-01", periods=months, freq="MS")[new:]
        rows.append(pd.DataFrame({"series_id": f"c{number}", "month": days, "value": values[new:]}))
        tree.append((f"c{number}", f"m{number % 3}", "customer"))
    return pd.concat(rows), pd.DataFrame(tree, columns=["node_id", "parent_id", "split"])


@pytest.mark.parametrize("seed", range(8))
def test_no_sum_is_told_more_than_twice_what_it_ever_was_nor_less_surely_than_all_its_parts(seed: int) -> None:
    history, tree = uneven_organisation(seed)
    told = forecast_tree(history, tree).set_index("series_id")
    greatest = actuals_of_tree(history, tree).groupby("series_id")["value"].max().clip(lower=0)
    assert (told["high95"] <= np.maximum(2 * greatest[told.index], told["forecast"]) + 1e-6).all()
    for parent, parts in tree.dropna().groupby("parent_id")["node_id"]:
        for name in ("low80", "high80", "low95", "high95"):
            reach = (told[name] - told["forecast"]).abs()
            assert reach[parent] <= reach[list(parts)].sum() + 1e-6


@pytest.mark.parametrize("seed", range(12))
def test_a_part_that_is_held_to_what_it_has_shown_lends_its_sum_no_more(seed: int) -> None:
    """A manager's interval was cut to twice its greatest month, the region above it was as wide as before."""
    history, tree = uneven_organisation(seed, 4, 10)
    told = forecast_tree(history, tree).set_index("series_id")
    for parent, parts in tree.dropna().groupby("parent_id")["node_id"]:
        for level in ("80", "95"):
            width = told[f"high{level}"] - told[f"low{level}"]
            assert width[parent] <= width[list(parts)].sum() + 1e-6


def young_office(new_values: list[float]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Seven months of a region with a small customer and one who is new, beside a region that goes on; by name."""
    months = pd.date_range("2026-04-01", periods=7, freq="MS")
    sold = {"small": [9, 11, 10, 12, 9, 10, 11], "new": new_values, "other": [50, 48, 51, 49, 52, 50, 49]}
    rows = [pd.DataFrame({"series_id": name, "month": months, "value": sold[name]}) for name in sold]
    nodes = [("org", None, None), ("a", "org", "region"), ("b", "org", "region")]
    nodes += [("small", "a", "customer"), ("new", "a", "customer"), ("other", "b", "customer")]
    return pd.concat(rows), tree_of(nodes)


@pytest.mark.parametrize("orders", [[270.0], [268.0, 272.0], [265.0, 275.0, 270.0]])
def test_a_new_customers_first_orders_are_no_freak_of_its_region(orders: list[float]) -> None:
    """The region's 281 beside 15 and 20 before was a freak order; the customer of 270 was then expected to buy 20."""
    history, tree = young_office([0.0] * (7 - len(orders)) + orders)
    told = forecast_tree(history, tree, whole=True).set_index("series_id")
    assert 260 <= told.loc["new", "forecast"] <= 280
    assert 270 <= told.loc["a", "forecast"] <= 290
    assert 318 <= told.loc["org", "forecast"] <= 340
    assert told.loc["a", "high95"] <= 2 * 286


def test_a_freak_order_of_an_old_customer_is_one_of_its_region_too() -> None:
    history, tree = young_office([10.0, 12.0, 9.0, 11.0, 10.0, 11.0, 270.0])
    told = forecast_tree(history, tree, whole=True).set_index("series_id")
    assert told.loc["new", "forecast"] <= 20
    assert told.loc["a", "forecast"] <= 35


def test_sums_are_asked_of_the_next_month_but_where_much_is_new() -> None:
    # Of the region's last month 5 of 16 are new (more than a fifth), of the organisation's 5 of 65 not.
    history, tree = young_office([0.0] * 6 + [5.0])
    read = read_tree(tree)
    asked = little_is_new(organisation_panel(read_history(history), read), read)
    assert dict(zip(read.node_id, asked, strict=True)) == {
        "a": False, "b": True, "new": False, "org": True, "other": True, "small": True,
    }  # fmt: skip


def test_seven_uneven_months_are_not_added_up_as_their_greatest() -> None:
    """About 340 a month, alone told as 372: as the mean of a log-normal month of wide deviation 617 was added up."""
    history, tree = young_office([170, 708, 128, 383, 152, 202, 623])
    told = forecast_tree(history, tree).set_index("series_id")
    assert 250 <= told.loc["new", "forecast"] <= 500


def test_of_a_part_that_nobody_reported_the_last_known_month_tells_whether_much_is_new() -> None:
    """The new customer's 5 of 16 are more than a fifth; its 2 of 13 are not, and a month without it is none of 0."""
    for bought, counts in ((5.0, False), (2.0, True)):
        history, tree = young_office([0.0] * 5 + [bought, np.nan])
        read = read_tree(tree)
        asked = little_is_new(organisation_panel(read_history(history), read), read)
        assert dict(zip(read.node_id, asked, strict=True))["a"] == counts


def test_who_orders_from_the_first_month_that_is_known_is_not_new() -> None:
    """An office of three months: all its customers began in them, and its own three months tell of the next."""
    history, tree = young_office([5.0] * 7)
    first = history[history["month"] >= "2026-08-01"]
    read = read_tree(tree)
    assert little_is_new(organisation_panel(read_history(first), read), read).all()


def test_no_part_is_expected_to_exceed_what_its_whole_may_come_to() -> None:
    """The customers are steady; of what they buy, the first category had one month of nearly everything."""
    steady = 100 + 3.0 * np.sin(np.arange(14))
    share = np.where(np.arange(14) % 5 == 3, 0.98, 0.05 + 0.3 * (np.arange(14) % 3))
    nodes = [("top", None, None), *((f"c{n}", "top", "customer") for n in range(4))]
    nodes += [("first", "top", "category"), ("second", "top", "category")]
    values = {f"c{n}": steady for n in range(4)} | {
        "first": 4 * steady * share,
        "second": 4 * steady * (1 - share),
    }
    rows = [
        (name, month, value) for name, one in values.items() for month, value in zip(MONTHS, one, strict=False)
    ]
    history = pd.DataFrame(rows, columns=["series_id", "month", "value"])
    totals = pd.DataFrame({"total_id": ["all of the first"], "node_id": ["first"]})
    told = forecast_tree(history, tree_of(nodes), totals, whole=True).set_index("series_id")
    for bound in ("high80", "high95"):
        assert told[bound].max() == told.loc["top", bound]
        assert (told[bound] >= told["forecast"]).all()


def office(
    customers: dict[str, list[float]], first: list[float]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Customers of one region, of whose purchases a share is of the first category, the rest of the second: history,
    tree, and both categories as totals."""
    whole = np.sum([np.asarray([0.0] * (30 - len(one)) + one) for one in customers.values()], axis=0)
    share = np.asarray(first)
    values = {**customers, "r|first": list(whole * share), "r|second": list(whole * (1 - share))}
    rows = [
        (name, month, value)
        for name, one in values.items()
        for month, value in zip(MONTHS[30 - len(one) :], one, strict=True)
    ]
    nodes = [("top", None, None), ("r", "top", "region"), *((name, "r", "customer") for name in customers)]
    tree = tree_of([*nodes, ("r|first", "r", "category"), ("r|second", "r", "category")])
    totals = pd.DataFrame({"total_id": ["first", "second"], "node_id": ["r|first", "r|second"]})
    return pd.DataFrame(rows, columns=["series_id", "month", "value"]), tree, totals


STEADY = {f"c{n}": [100.0 + (n * 7 + month * 3) % 5 for month in range(30)] for n in range(8)}


def test_groups_of_products_do_not_take_a_new_customers_orders_away() -> None:
    """800 a month and since last month 5,000 more: to both categories that is a freak, to the customer all there is."""
    told = forecast_tree(*office({**STEADY, "new": [5000.0]}, [0.6] * 30), whole=True).set_index("series_id")
    assert 4500 <= told.loc["new", "forecast"] <= 5500
    assert 5300 <= told.loc["r", "forecast"] <= 6400
    assert told.loc["first", "forecast"] + told.loc["second", "forecast"] == told.loc["top", "forecast"]
    for name in ("first", "r|first"):
        assert 0.5 <= told.loc[name, "forecast"] / told.loc["r", "forecast"] <= 0.7
        assert told.loc[name, "high80"] > told.loc[name, "forecast"]


@pytest.mark.parametrize("bought", [50.0, 110.0, 190.0])
@pytest.mark.parametrize("months", [1, 2, 3])
def test_a_new_customer_of_less_than_a_fifth_keeps_what_it_orders(bought: float, months: int) -> None:
    """Nobody else changed: what the region's 816 a month lack is the new customer's, not an error to be shared out."""
    told = forecast_tree(*office({**STEADY, "new": [bought] * months}, [0.6] * 30), whole=True).set_index(
        "series_id"
    )
    assert told.loc["new", "forecast"] == pytest.approx(bought, rel=0.05)
    assert told.loc["r", "forecast"] == pytest.approx(816 + bought, rel=0.03)
    assert told.loc[list(STEADY), "forecast"].sum() == pytest.approx(816, rel=0.02)
    assert 0.55 <= told.loc["first", "forecast"] / told.loc["r", "forecast"] <= 0.65


def test_what_sums_and_products_do_not_know_of_a_new_customer() -> None:
    """Of both sums all of its 100, squared; of two products 60 and 40 % of that; of customers, that are themselves,
    nothing."""
    history, tree, _ = office({**STEADY, "new": [100.0]}, [0.6] * 30)
    read = read_tree(tree)
    told = dict(
        zip(read.node_id, unknown_of_new(organisation_panel(read_history(history), read), read), strict=True)
    )
    assert told["top"] == told["r"] == pytest.approx(100.0**2)
    assert (told["r|first"], told["r|second"]) == pytest.approx((6000.0, 4000.0))
    assert told["new"] == told["c0"] == 0


def test_steady_customers_do_not_pay_for_those_who_stopped() -> None:
    """Of ten who bought 100 a month three stopped three months ago, and one has not ordered for two months."""
    gone = {f"gone {n}": [100.0 + (n + month) % 4 for month in range(27)] + [0.0] * 3 for n in range(3)}
    late = {"late": [100.0 + month % 3 for month in range(28)] + [0.0] * 2}
    told = forecast_tree(*office({**STEADY, **gone, **late}, [0.6] * 30), whole=True).set_index("series_id")
    assert told.filter(like="gone", axis=0)["forecast"].tolist() == [0, 0, 0]
    assert told.loc[list(STEADY), "forecast"].between(97, 107).all()
    assert 20 <= told.loc["late", "forecast"] <= 75


@pytest.mark.parametrize("seed", range(6))
def test_no_sums_interval_is_wider_than_its_parts_together_nor_a_part_above_it(seed: int) -> None:
    """Categories of wildly changing shares, over regions too."""
    rng = np.random.default_rng(seed)
    history, tree, totals = office(
        {**STEADY, "wild": list(np.round(900 * np.exp(rng.normal(size=30))))}, list(rng.random(30))
    )
    told = forecast_tree(history, tree, totals, whole=True).set_index("series_id")
    for parts, whole in ((["first", "second"], "top"), (["r|first", "r|second"], "r"), ([*STEADY, "wild"], "r")):
        for level in ("80", "95"):
            assert told.loc[parts, f"high{level}"].sum() >= told.loc[whole, f"high{level}"]
            assert told.loc[parts, f"low{level}"].sum() <= told.loc[whole, f"low{level}"]
            assert told.loc[parts, f"high{level}"].max() <= told.loc[whole, f"high{level}"]
