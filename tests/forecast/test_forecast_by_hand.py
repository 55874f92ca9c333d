"""What a person who sells would say of the next month: the benchmark's series, and variants of their kinds."""

from __future__ import annotations

import importlib.util
import sys
from itertools import product
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from pipeline.forecast import forecast_next, forecast_tree

ROOT = Path(__file__).parents[2]
CASES = ROOT.parent / "shared" / "cases" / "forecast"


def benchmark_module(name: str) -> ModuleType:
    """A module of the benchmark, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / "forecast" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    path = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = path
    return module


hand = benchmark_module("by_hand")
TABLE = hand.table()


def objections(
    name: str, values: object, low: float, high: float, top: float, least_top: float = 0.0
) -> list[str]:
    row = hand.Hand(name, "", tuple(np.asarray(values, dtype=float)), low, high, top, least_top)
    return list(hand.faults(row, hand.alone(row)))


def test_the_table_has_a_hundred_series_of_every_kind() -> None:
    assert len(TABLE) >= 100
    assert len({row.name for row in TABLE}) == len(TABLE)
    assert all(row.low <= row.high <= max(row.top, row.high) for row in TABLE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_nobody_laughs_at(row: object) -> None:
    assert hand.faults(row, hand.alone(row)) == []


def test_beside_each_other_they_do_not_spoil_one_another() -> None:
    """In one panel errors are pooled; no bound may then leave what each series has shown."""
    told = forecast_next(hand.history_of(TABLE)).set_index("series_id")
    for row in TABLE:
        greatest = max(float(np.nanmax(row.values)), 0.0)
        assert told.loc[row.name, "high95"] <= 2 * greatest + 1e-9, row.name
        assert told.loc[row.name, "forecast"] <= 1.5 * max(row.high, greatest if row.kind == "season" else 0), (
            row.name
        )


@pytest.mark.parametrize("seed", [1, *(pytest.param(one, marks=pytest.mark.slow) for one in range(2, 9))])
def test_nobody_laughs_at_series_of_the_kinds_drawn_at_random(seed: int) -> None:
    drawn = benchmark_module("by_hand_drawn")
    told = {row.kind: drawn.faults(row, drawn.alone(row)) for row in drawn.drawn(seed)}
    assert len(told) > 25
    assert {kind: wrong for kind, wrong in told.items() if wrong} == {}


@pytest.mark.parametrize(("level", "months", "length"), list(product((5, 50, 5000), (14, 18, 27), (1, 3))))
def test_a_pause_a_year_ago_is_no_season(level: float, months: int, length: int) -> None:
    assert (
        objections("pause", hand.paused(level, months, 0.1, 12, length), 0.7 * level, 1.3 * level, 2.8 * level)
        == []
    )


def test_a_gap_that_comes_every_year_is_a_season() -> None:
    # Closed each November and December for three years: the next November is closed, too.
    values = hand.around(100, 36)
    closed = hand.put(values, {-back: 0.0 for start in (12, 24, 36) for back in (start, start - 1)})
    told = hand.alone(hand.Hand("closed in winter", "", tuple(closed), 0, 0, 0))
    assert told["forecast"] < 30


def test_a_gap_that_all_siblings_have_is_a_season() -> None:
    names = [f"shop {number}" for number in range(12)]
    shops = [
        hand.Hand(name, "", tuple(hand.paused(100, 20, 0.1, 12, 2)), 0, 0, 0) for name in names
    ]  # fmt: skip
    told = forecast_next(hand.history_of(shops))
    assert told["forecast"].max() < 60


@pytest.mark.parametrize(("level", "times", "years"), list(product((5, 300), (2.5, 5, 50), (2, 3, 5))))
def test_a_peak_that_comes_every_year_is_expected_again(level: float, times: float, years: int) -> None:
    peak = level * times
    values = hand.peaks(level, peak, 12 * years)
    assert objections("peak", values, 0.65 * peak, 1.3 * peak, 2.2 * peak, peak) == []


def test_five_times_each_november_with_little_noise_is_inside_the_intervals() -> None:
    inside = []
    for seed in range(12):
        values = np.array(hand.around(20, 49, 0.03, seed))
        values[::12] *= 5
        row = hand.Hand("peak", "", tuple(values[:48]), 0, 0, 0)
        told = hand.alone(row)
        inside.append(told["low95"] <= values[48] <= told["high95"])
    assert np.mean(inside) >= 0.8


@pytest.mark.parametrize(
    ("level", "months", "place"),
    [one for one in product((5, 3000), (6, 13, 20, 36), (-1, -5, -12)) if -one[2] < one[1]],
)
def test_one_freak_order_is_no_level(level: float, months: int, place: int) -> None:
    values = hand.put(hand.around(level, months, 0.1), {place: 50.0 * level})
    assert objections("freak", values, 0.7 * level, 1.5 * level, 5 * level) == []


@pytest.mark.parametrize(("level", "months", "place"), list(product((5, 3000), (6, 13, 36), (-1, -3))))
def test_goods_sent_back_are_no_level(level: float, months: int, place: int) -> None:
    values = hand.put(hand.around(level, months, 0.1), {place: -2.0 * level})
    assert objections("returns", values, 0.7 * level, 1.35 * level, 2.8 * level) == []


def test_goods_sent_back_in_the_first_month_are_before_the_beginning() -> None:
    told = hand.alone(hand.Hand("returns first", "", (-1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0), 0, 0, 0))
    assert 0 < told["forecast"] <= 1.2


@pytest.mark.parametrize(("months", "silence"), list(product((5, 9, 24, 60), (3, 7))))
def test_who_is_silent_for_three_months_and_more_is_expected_to_buy_nothing(months: int, silence: int) -> None:
    told = hand.alone(hand.Hand("silent", "", (*hand.around(80, months), *[0.0] * silence), 0, 0, 0))
    assert told[["forecast", "low80", "high80", "low95", "high95"]].tolist() == [0, 0, 0, 0, 0]


def test_two_months_without_an_order_are_no_silence() -> None:
    assert hand.alone(hand.Hand("two", "", (*hand.around(80, 24), 0.0, 0.0), 0, 0, 0))["high80"] > 0


def test_who_orders_now_and_then_is_not_silent_after_three_months() -> None:
    values = [0, 0, 9, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 10, 0, 0, 0, 11, 0, 0, 0]
    told = hand.alone(hand.Hand("seldom", "", tuple(map(float, values)), 0, 0, 0))
    assert told["method"] == "seldom"
    assert 1 < told["forecast"] < 4  # 42 in 21 months


@pytest.mark.parametrize(
    ("months", "step"), [(5, -15), (8, -10), (20, -4), (60, -1.5), (5, 20), (10, 20), (36, 5)]
)
def test_a_straight_course_is_followed(months: int, step: float) -> None:
    values = [100 + step * month for month in range(months)]
    expected = 100 + step * months
    told = hand.alone(hand.Hand("straight", "", tuple(values), 0, 0, 0))
    assert told["forecast"] == pytest.approx(expected, abs=abs(step) / 2)
    assert told["forecast"] < values[-1] if step < 0 else told["forecast"] > values[-1]


@pytest.mark.parametrize(("months", "rate"), [(10, 2.0), (12, 1.1), (24, 0.9), (24, 1.05)])
def test_a_course_at_equal_rates_is_followed(months: int, rate: float) -> None:
    told = hand.alone(hand.Hand("rates", "", tuple(10 * rate**month for month in range(months)), 0, 0, 0))
    assert told["forecast"] == pytest.approx(10 * rate**months, rel=0.02)


@pytest.mark.parametrize("seed", range(5))
def test_one_noisy_series_knows_of_no_festival(seed: int) -> None:
    told = hand.alone(hand.Hand("noise", "", tuple(hand.around(100, 30, 0.2, seed)), 0, 0, 0))
    assert told["method"] == "structural"


@pytest.mark.parametrize(("months", "kept"), list(product((3, 4, 5, 8, 12), (0.9, 0.7, 0.5))))
def test_what_falls_is_not_expected_above_its_last(months: int, kept: float) -> None:
    told = hand.alone(hand.Hand("falling", "", tuple(1000 * kept**month for month in range(months)), 0, 0, 0))
    assert told["forecast"] <= 1000 * kept ** (months - 1)


@pytest.mark.parametrize(
    "values", [[27, 27, 26, 25, 24, 24], [29, 28, 27, 27, 26, 25, 24, 24], [12, 12, 11, 11, 10, 10, 9]]
)
def test_what_falls_by_one_and_stays_by_turns_is_not_expected_above_its_last(values: list[float]) -> None:
    assert objections("fall", values, 0.8 * values[-1], values[-1], 1.1 * values[0]) == []


@pytest.mark.parametrize("months", [9, 22, 40])
@pytest.mark.parametrize("kept", [0.35, 0.5])
def test_what_is_phased_out_in_halves_is_not_expected_back(months: int, kept: float) -> None:
    """500 a month, then 250, 125, 63, 31: 694 was told as the upper end."""
    ends = 500 * kept ** np.arange(1, 4)
    values = [*hand.around(500, months, 0.02, 31), *ends]
    assert objections("phased out", values, 0, ends[-1], 500) == []


def test_one_low_month_after_a_slight_fall_is_no_phasing_out() -> None:
    """About 4,000, lows of 1,500 before: 895 was told, and no more, after 4,100, 3,700, 2,800, 895; 2,900 came."""
    values = [*hand.around(4000, 40, 0.2, 31), 1500, *hand.around(4000, 8, 0.2, 32), 4100, 3700, 2800, 895]
    assert objections("low month", values, 1500, 4200, 8500) == []


def test_three_months_without_an_order_of_who_orders_now_and_then_are_no_phasing_out() -> None:
    values = [0, 3, 0, 0, 0, 2, 0, 0, 4, 0, 0, 0, 3, 0, 1, 0, 0, 0, 0, 2, 0, 3, 0, 0, 0, 4, 0, 0, 0]
    assert objections("now and then", values, 0.1, 2, 6, least_top=2) == []


def test_who_faded_in_the_first_year_is_not_expected_back_at_once() -> None:
    values = [89, 92, 96, 90, 95, 46, 23, 11, 6, 3, 1, 1, 0]
    assert objections("faded", values, 0, 1, 4) == []


@pytest.mark.parametrize("values", [[3059, 2082, 382], [33, 26, 4], [30, 28, 5]])
def test_one_month_of_next_to_nothing_is_not_gone_on_with_in_proportion(values: list[float]) -> None:
    """Of 3,059, 2,082, 382 the same fall again was told: 70."""
    assert objections("fall", values, values[-1] / 2, values[-1], values[0]) == []


def test_orders_now_and_then_lie_on_no_line() -> None:
    """Months without an order were unknown to a course at equal rates: 3.82 [3.65; 3.99] was told."""
    values = [0, 3, 0, 1, 0, 1, 1, 1, 0, 0, 0, 2, 0, 0, 1, 0, 0, 1, 0, 0, 3, 2, 2, 0, 3, 0]
    assert objections("now and then", values, 0, 2.2, 6, least_top=3) == []


@pytest.mark.parametrize(
    "values", [(2, 8, 20, 45), (10, 12, 15, 19, 24), (5, 9, 14, 22, 30, 41), (1, 2, 4, 6, 9, 11, 15)]
)
def test_what_grew_month_by_month_to_twice_as_much_is_not_expected_below_its_last(
    values: tuple[float, ...],
) -> None:
    told = hand.alone(hand.Hand("growing", "", values, 0, 0, 0))
    assert values[-1] <= told["forecast"] <= told["high80"] <= 2 * values[-1]


@pytest.mark.parametrize("level", [5, 100, 3000])
def test_equal_months_have_a_narrow_interval_and_unequal_ones_a_wide_one(level: float) -> None:
    calm = hand.alone(hand.Hand("calm", "", tuple(level * x for x in (1, 1.02, 0.98, 1.01, 0.99)), 0, 0, 0))
    wild = hand.alone(hand.Hand("wild", "", tuple(level * x for x in (0.1, 3.0)), 0, 0, 0))
    assert calm["high95"] - calm["low95"] < 0.3 * level
    assert wild["high95"] - wild["low95"] > 3 * level


@pytest.mark.parametrize("seed", range(4))
def test_no_bound_runs_away_from_short_and_uneven_series(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(40):
        months = int(rng.integers(1, 30))
        values = np.exp(rng.normal(3, rng.choice([0.1, 1, 2]), months))
        values[: int(rng.integers(0, months))] *= rng.choice([0.0, 1.0])
        values[rng.random(months) < rng.choice([0.0, 0.3, 0.7])] = 0
        rows.append(hand.Hand(f"s{number}", "", tuple(values), 0, 0, 0))
    told = forecast_next(hand.history_of(rows)).set_index("series_id")
    for row in rows:
        assert told.loc[row.name, "high95"] <= 2 * max(row.values) + 1e-9


def test_a_total_is_never_less_sure_than_all_its_parts_at_once() -> None:
    """Four customers had zeros before their first order: the organisation's upper end was 5.8 million."""
    rng = np.random.default_rng(7)
    rows = []
    for number in range(30):
        values = np.round(60 * np.exp(0.15 * rng.normal(size=24)))
        values[: 18 if number < 4 else 0] = 0
        rows.append(hand.Hand(f"c{number:02d}", "", tuple(values), 0, 0, 0))
    nodes = [("top", None, None), ("m", "top", "manager"), *((row.name, "m", "customer") for row in rows)]
    tree = pd.DataFrame(nodes, columns=["node_id", "parent_id", "split"])
    told = forecast_tree(hand.history_of(rows), tree, whole=True).set_index("series_id")
    parts = told.filter(like="c", axis=0)
    for bound, side in (("low80", -1), ("low95", -1), ("high80", 1), ("high95", 1)):
        assert side * told.loc["top", bound] <= side * parts[bound].sum() + 1e-6
    assert told.loc["top", "high95"] < 1.5 * told.loc["top", "forecast"]


def test_parts_agree_to_the_cent() -> None:
    rng = np.random.default_rng(3)
    rows = [hand.Hand(f"c{n}", "", tuple(np.round(rng.gamma(2, 333.337, 20), 2)), 0, 0, 0) for n in range(9)]
    nodes = [("top", None, None), *((row.name, "top", "customer") for row in rows)]
    tree = pd.DataFrame(nodes, columns=["node_id", "parent_id", "split"])
    told = forecast_tree(hand.history_of(rows), tree, whole=True, unit=0.01).set_index("series_id")["forecast"]
    cents = (told * 100).round().astype(int)
    assert np.abs(told * 100 - cents).max() < 1e-6
    assert cents["top"] == cents.drop("top").sum()


def test_who_stopped_is_expected_to_buy_nothing_and_the_reason_is_told() -> None:
    rows = [hand.Hand(f"c{n}", "", tuple(hand.around(100, 20, 0.1, n)), 0, 0, 0) for n in range(4)]
    nodes = [("top", None, None), *((row.name, "top", "customer") for row in rows)]
    tree = pd.DataFrame(nodes, columns=["node_id", "parent_id", "split"])
    told = forecast_tree(hand.history_of(rows), tree, whole=True, stopped={"c2": "status:paused"})
    told = told.set_index("series_id")
    assert told.loc["c2", ["forecast", "low95", "high95"]].tolist() == [0, 0, 0]
    assert told.loc["c2", "method"] == "status:paused"
    assert told.loc["top", "forecast"] == told.filter(like="c", axis=0)["forecast"].sum()
    assert 250 < told.loc["top", "forecast"] < 350


@pytest.mark.parametrize(
    ("before", "after", "months"), list(product((100, 3000), (0.2, 0.5, 3.0, 10.0), (5, 12, 20)))
)
def test_a_step_is_neither_a_season_nor_a_trend(before: float, after: float, months: int) -> None:
    values = [*hand.around(before, 26), *hand.around(before * after, months, seed=2)]
    level = before * after
    assert objections("step", values, 0.8 * level, 1.25 * level, 2 * max(values)) == []


def test_a_season_of_high_and_low_halves_is_no_step() -> None:
    # November to April 300, May to October 100, for three years: November is 300 again.
    values = [300.0 if month % 12 < 6 else 100.0 for month in range(36)]
    assert objections("halves", np.array(values) * hand.around(1, 36, 0.05), 230, 345, 700) == []


@pytest.mark.parametrize(("distance", "due"), list(product((2, 3, 4, 5), (True, False))))
def test_who_orders_at_equal_distances_orders_when_it_is_their_turn(distance: int, due: bool) -> None:
    values = [60.0 if month % distance == 0 else 0.0 for month in range(6 * distance + (0 if due else 1))]
    told = hand.alone(hand.Hand("rhythm", "", tuple(values), 0, 0, 0))
    assert told["method"] == "rhythm"
    assert told["forecast"] == pytest.approx(60 if due else 0)
    assert told["high95"] >= 60


@pytest.mark.parametrize(("distance", "due"), list(product((2, 3, 5), (True, False))))
def test_who_buys_little_between_great_orders_at_equal_distances_does_so_again(distance: int, due: bool) -> None:
    """5, 480, 7, 510 and so on: 24 was told for the month of 500."""
    values = [480.0 if month % distance == 0 else 20.0 for month in range(6 * distance + (0 if due else 1))]
    told = hand.alone(hand.Hand("by turns", "", tuple(values), 0, 0, 0))
    assert told["forecast"] == pytest.approx(480 if due else 20)
    assert told["high95"] >= 480  # an order may come early


def test_an_order_that_is_overdue_breaks_the_rhythm() -> None:
    values = [60.0 if month % 3 == 0 else 0.0 for month in range(24)]
    told = hand.alone(hand.Hand("overdue", "", (*values, 0.0), 0, 0, 0))
    assert told["method"] != "rhythm"


@pytest.mark.parametrize(("level", "last"), list(product((5, 3000), ((0.0,), (0.0, 0.0), (0.02,)))))
def test_one_or_two_months_without_an_order_may_be_the_end_or_not(level: float, last: tuple[float, ...]) -> None:
    values = (*hand.around(level, 24), *(level * share for share in last))
    told = hand.alone(hand.Hand("waiting", "", values, 0, 0, 0))
    assert 0.25 * level <= told["forecast"] <= 0.9 * level
    assert told["low80"] == 0
    assert told["high80"] >= 0.95 * level


def test_a_month_without_an_order_that_comes_every_year_is_no_waiting() -> None:
    values = hand.put(hand.around(100, 36), {-1: 0.0, -13: 0.0, -25: 0.0})
    told = hand.alone(hand.Hand("closed each October", "", tuple(values), 0, 0, 0))
    assert told["forecast"] > 75


def test_a_small_last_order_is_followed_by_nothing() -> None:
    told = hand.alone(hand.Hand("ends", "", (*hand.around(100, 20), 60.0, 25.0, 8.0, 0.0), 0, 0, 0))
    assert told["forecast"] < 25


@pytest.mark.parametrize(("level", "times"), list(product((5, 3000), (8, 60))))
def test_a_great_order_that_went_back_is_no_order(level: float, times: float) -> None:
    values = hand.put(hand.around(level, 24), {-2: times * level, -1: -(times - 1) * level})
    assert objections("went back", values, 0.7 * level, 1.4 * level, 3 * level) == []


@pytest.mark.parametrize(
    ("values", "left"),
    [
        ((102, 5000, -4900), 100),
        ((102, 101, 5000, -4900), 100),
        ((5000, -4900), 100),
        ((100, -30), 70),
        ((100, -100), 0),
    ],
)
def test_of_few_months_a_great_or_only_order_counts_less_what_went_back(
    values: tuple[int, ...], left: int
) -> None:
    assert objections("went back at the start", values, 0.9 * left, 1.1 * left, 2 * max(values)) == []


def test_a_freak_order_before_a_month_that_is_not_known_does_not_fill_it() -> None:
    rows = [hand.Hand(f"c{n}", "", tuple(hand.around(100, 24, 0.1, n)), 0, 0, 0) for n in range(3)]
    freak = hand.Hand("c3", "", (*hand.put(hand.around(100, 22, 0.1, 9), {-1: 5000.0}), np.nan, np.nan), 0, 0, 0)
    nodes = [("top", None, None), *((row.name, "top", "customer") for row in (*rows, freak))]
    tree = pd.DataFrame(nodes, columns=["node_id", "parent_id", "split"])
    told = forecast_tree(hand.history_of([*rows, freak]), tree).set_index("series_id")
    assert told.loc["c3", "forecast"] < 180


def test_a_freak_first_month_beside_goods_sent_back_does_not_make_the_forecast_unknown() -> None:
    values = hand.put(hand.around(100, 24, 0.1), {-24: 90000.0, -23: -5.0})
    assert objections("first", values, 75, 130, 400) == []


@pytest.mark.parametrize("trial", [(1.0,), (0.0, 2.0, 0.0, 0.0, 1.0), (1.0, 0.0, 0.0, 2.0, 0.0)])
def test_trials_before_the_first_orders_are_no_course(trial: tuple[float, ...]) -> None:
    assert objections("trials", (*trial, *hand.around(80, 12)), 66, 95, 170) == []


@pytest.mark.parametrize("place", range(5))
def test_a_freak_among_five_months_is_left_out(place: int) -> None:
    values = [50.0, 48.0, 53.0, 51.0, 49.0]
    values[place] = 900.0
    assert objections("freak of five", values, 45, 56, 110) == []


EXPECTED_OF_CASES = {
    "annual_peak_cut_24m": (700, 1150, 2000),
    "annual_peak_cut_48m": (850, 1150, 2000),
    "falling_5m_forecast_above_last": (0, 20, 120),
    "jump_10_to_300_interval_too_narrow": (100, 400, 600),
    "one_freak_order_in_10m_upper_bound": (80, 130, 300),
    "one_freak_order_last_month_36m": (75, 130, 300),
    "one_freak_order_same_month_last_year_13m": (75, 140, 300),
    "straight_fall_36m_forecast_above_last": (60, 79, 100),
}


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not here")
@pytest.mark.parametrize("name", EXPECTED_OF_CASES)
def test_the_cases_that_went_wrong(name: str) -> None:
    low, high, top = EXPECTED_OF_CASES[name]
    told = forecast_next(pd.read_csv(CASES / f"{name}.csv")).iloc[0]
    assert low <= told["forecast"] <= high
    assert told["high95"] <= top


@pytest.mark.parametrize(
    ("values", "named"),
    [
        (hand.paused(100, 20, 0.1, 12, 2), "pause_left_out"),
        (hand.put(hand.around(100, 24), {-9: 5000.0}), "freak_left_out"),
        (hand.put(hand.around(100, 24), {-5: -40.0}), "returns_left_out"),
        ([*hand.around(300, 24), *hand.around(100, 8)], "new_level"),
        ([*hand.around(100, 24), 0.0], "no_order_lately"),
    ],
)
def test_what_is_not_carried_on_is_named(values: list[float], named: str) -> None:
    assert hand.alone(hand.Hand("named", "", tuple(values), 0, 0, 0))["method"] == f"structural+{named}"


@pytest.mark.parametrize(("level", "rest"), list(product((0.5, 80, 4e6), (6, 9, 14))))
def test_a_new_customers_first_months_are_no_trend_and_no_noise(level: float, rest: int) -> None:
    # 5, 30, 65 % of its usual, and then its usual: the next is its usual, and no month like the first is feared.
    values = [level * part for part in (0.05, 0.3, 0.65, *hand.around(1, rest, 0.04))]
    told = hand.alone(hand.Hand("start", "", tuple(values), 0, 0, 0))
    assert told["forecast"] == pytest.approx(level, rel=0.08)
    assert told["low95"] > 0.6 * level and told["high95"] < 1.6 * level


@pytest.mark.parametrize("zeros", [1, 4, 15])
def test_months_before_the_first_order_do_not_hide_the_start(zeros: int) -> None:
    started = (*(100 * part for part in (0.1, 0.3, 0.65)), *hand.around(100, 8, 0.04))
    with_zeros, without = (
        hand.alone(hand.Hand("start", "", values, 0, 0, 0)) for values in ((*[0.0] * zeros, *started), started)
    )
    for name in ("forecast", "low95", "high95"):
        assert with_zeros[name] == pytest.approx(without[name])


def test_a_rise_that_goes_on_is_no_start() -> None:
    values = [10.0 + 10 * month for month in range(20)]
    assert hand.alone(hand.Hand("rise", "", tuple(values), 0, 0, 0))["forecast"] == pytest.approx(210, rel=0.03)


@pytest.mark.parametrize(("level", "months"), list(product((6, 900), (26, 40))))
def test_one_low_month_a_year_ago_that_no_other_year_had_is_no_season(level: float, months: int) -> None:
    values = hand.put(hand.around(level, months, 0.08), {-12: 0.12 * level})
    assert objections("low", values, 0.8 * level, 1.2 * level, 2.4 * level) == []


def test_a_low_month_that_comes_every_year_is_a_season() -> None:
    values = hand.put(hand.around(100, 40, 0.08), {-12: 12.0, -24: 13.0, -36: 11.0})
    assert hand.alone(hand.Hand("low", "", tuple(values), 0, 0, 0))["forecast"] < 40


@pytest.mark.parametrize("level", [8, 3000])
def test_who_has_faded_to_next_to_nothing_is_not_expected_back_at_once(level: float) -> None:
    values = [*hand.around(level, 20, 0.1), 0.4 * level, 0.1 * level, 0.04 * level, 0.02 * level]
    told = hand.alone(hand.Hand("fading", "", tuple(values), 0, 0, 0))
    assert told["forecast"] <= 0.2 * level and told["high95"] <= 0.4 * level


def test_a_low_season_that_was_as_low_a_year_ago_ends_as_it_did() -> None:
    # Sold from April to October only; the next month is April.
    course = [100, 110, 120, 120, 110, 100, 90, 2, 1, 1, 2, 3]
    values = [float(value) for value in course * 3]
    assert hand.alone(hand.Hand("summer", "", tuple(values), 0, 0, 0))["high95"] > 60


def test_a_last_month_of_a_tenth_is_as_one_without_an_order() -> None:
    values = hand.put(hand.around(100, 30, 0.1), {-1: 10.0})
    told = hand.alone(hand.Hand("low last", "", tuple(values), 0, 0, 0))
    assert 55 <= told["forecast"] <= 100
    assert told["low95"] == 0
