"""Pilots beside the others (trades.md section 3): difference in differences over stations, each number by hand."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.figures.student import t_quantile
from pipeline.subjects.pilots.compare import Effect, Window, effect_of, window_of
from schemas.appraisals import Pilots

RULES = Pilots(figures=("on_time_rate",))
APRIL = Month(2024, 4)
CASES = Path(__file__).parents[3] / "shared" / "cases" / "trades" / "power"
# Three months before and after: on time ÷ due. Changes in points: A +10, B +8; C +2.5, D 0, E +0.5.
BEFORE = {"A": (24, 30), "B": (20, 25), "C": (30, 40), "D": (16, 20), "E": (180, 200)}
AFTER = {"A": (27, 30), "B": (22, 25), "C": (31, 40), "D": (16, 20), "E": (181, 200)}
SINCE: dict[str, Month | None] = {"A": APRIL, "B": APRIL, "C": None, "D": None, "E": None}


def sums(before=BEFORE, after=AFTER) -> pd.DataFrame:
    """The sums split over the three months of a side unevenly, as months are: all but two, one, one."""
    rows = []
    for months, side in (((1, 2, 3), before), ((4, 5, 6), after)):
        for code, (above, below) in side.items():
            for month, (num, den) in zip(months, ((above - 2, below - 2), (1, 1), (1, 1)), strict=True):
                rows.append((Month(2024, month), code, float(num), float(den)))
    return pd.DataFrame(rows, columns=["month", "entity_id", "numerator", "denominator"])


def window(length: int = 3) -> Window:
    return Window(APRIL, length)


def effect(since=SINCE, rows=None, rules=RULES) -> Effect:
    return effect_of(sums() if rows is None else rows, since, window(), rules, scale=100)


def test_the_effect_is_the_pilots_mean_change_less_that_of_the_others():
    found = effect()
    assert found.effect == pytest.approx(9 - 1)
    assert dict(zip(found.changes["entity_id"], found.changes["change"], strict=True)) == pytest.approx(
        {"A": 10, "B": 8, "C": 2.5, "D": 0, "E": 0.5}
    )


def test_the_interval_is_over_stations_with_pooled_variance_and_t():
    # Squares round the means: (1 + 1) + (1.5² + 1² + 0.5²) = 5.5; ÷ 3 = 1.8333; × (1/2 + 1/3) = 1.52778; √ = 1.23603.
    # t of 3 degrees of freedom at 97.5 % is 3.182446 (printed tables): 8 ± 3.9336.
    found = effect()
    assert (found.low, found.high) == pytest.approx((8 - 3.93360, 8 + 3.93360), abs=1e-4)
    assert (found.pilots, found.others) == (2, 3)


def test_sums_over_the_months_count_not_the_mean_of_their_rates():
    rows = pd.DataFrame(
        [
            (Month(2024, month), code, num, den)
            for code in ("A", "C")
            for month, num, den in (
                (1, 1.0, 1.0),
                (2, 0.0, 9.0),
                (3, 0.0, 0.0),
                (4, 5.0, 10.0),
                (5, 0, 0),
                (6, 0, 0),
            )
        ],
        columns=["month", "entity_id", "numerator", "denominator"],
    )
    changes = effect({"A": APRIL, "C": None}, rows).changes
    assert changes["before"].tolist() == pytest.approx([10, 10])  # 1 of 10, not the mean of 100 % and 0 %


@pytest.mark.parametrize("lacking", [("B",), ("E",)])
def test_with_one_pilot_or_two_others_there_is_an_effect_and_no_interval(lacking):
    since = {code: month for code, month in SINCE.items() if code not in lacking}
    found = effect(since)
    assert not math.isnan(found.effect)
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_without_any_other_station_there_is_no_effect():
    assert math.isnan(effect({"A": APRIL, "B": APRIL}).effect)


def test_a_station_that_becomes_a_pilot_within_the_window_is_in_neither_group():
    found = effect({**SINCE, "E": Month(2024, 6)})
    assert "E" not in set(found.changes["entity_id"])
    assert found.effect == pytest.approx(9 - 1.25)


def test_a_station_that_becomes_a_pilot_after_the_window_is_among_the_others():
    assert effect({**SINCE, "E": Month(2024, 7)}).effect == pytest.approx(8)


def test_an_earlier_pilot_is_in_neither_group():
    assert "D" not in set(effect({**SINCE, "D": Month(2023, 1)}).changes["entity_id"])


def test_a_station_without_anything_on_a_side_is_left_out_and_named():
    rows = sums()
    rows = rows[~((rows["entity_id"] == "E") & (rows["month"] < APRIL))]
    found = effect(rows=rows)
    assert found.left_out == ("E",)
    assert found.effect == pytest.approx(9 - 1.25)
    assert math.isnan(found.low)  # two others are left


@pytest.mark.parametrize(
    ("last", "length"), [((2024, 5), None), ((2024, 6), 3), ((2024, 8), 5), ((2024, 9), 6), ((2025, 3), 6)]
)
def test_as_many_months_before_as_after_from_three_to_six(last, length):
    known = {Month(2023, 1) + step for step in range(30)}
    found = window_of(APRIL, known, Month(*last), RULES)
    assert (found and found.length) == length


def test_a_month_that_nobody_knows_ends_the_window():
    known = {Month(2023, 1) + step for step in range(30)} - {Month(2023, 12)}
    found = window_of(APRIL, known, Month(2024, 12), RULES)
    assert found is not None
    assert (found.before, found.last) == ((Month(2024, 1), Month(2024, 2), Month(2024, 3)), Month(2024, 6))


def test_the_order_of_rows_and_the_codes_of_stations_do_not_matter():
    found, codes = effect(), {"A": "Z", "B": "Y", "C": "X", "D": "W", "E": "V"}
    shuffled = sums().sample(frac=1, random_state=7)
    renamed = shuffled.assign(entity_id=shuffled["entity_id"].map(codes))
    other = effect({codes[code]: month for code, month in SINCE.items()}, renamed)
    assert (other.effect, other.low, other.high) == pytest.approx((found.effect, found.low, found.high))


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")
def test_the_case_of_the_on_time_rate_gives_eight_points():
    given = pd.read_csv(
        CASES / "pilot_on_time_by_station_month.csv", encoding="utf-8-sig", dtype={"pilot_from": "str"}
    )
    rows = pd.DataFrame(
        {
            "month": [Month.parse(one) for one in given["month"]],
            "entity_id": given["station_id"],
            "numerator": given["on_time"].astype("float64"),
            "denominator": given["due"].astype("float64"),
        }
    )
    since = {
        str(code): Month.parse(month) if pd.notna(month) else None
        for code, month in given.drop_duplicates("station_id")[["station_id", "pilot_from"]].itertuples(
            index=False
        )
    }
    assert effect(since, rows).effect == pytest.approx(8.00)


# ---- the interval, on made data: a planted effect, and months of a station alike

SEEDS, PLANTED, RHO = 100, 4.0, 0.8
STATIONS, PILOTS_MADE = 14, 6


def covers(seed: int) -> bool:
    """Whether the interval holds the planted effect: rates of stations with a level of their own, noise that is like
    the month before's (AR(1), ρ = 0.8), and a shift of all in the second half."""
    chance = np.random.default_rng(seed)
    noise = np.zeros((STATIONS, 12))
    noise[:, 0] = chance.normal(0, 3 / math.sqrt(1 - RHO**2), STATIONS)
    for month in range(1, 12):
        noise[:, month] = RHO * noise[:, month - 1] + chance.normal(0, 3, STATIONS)
    rate = 75 + chance.normal(0, 8, (STATIONS, 1)) + noise
    rate[:, 6:] += 2
    rate[:PILOTS_MADE, 6:] += PLANTED
    due = 100.0
    rows = pd.DataFrame(
        [
            (Month(2023, 10) + month, f"S{station:02d}", rate[station, month] * due / 100, due)
            for station in range(STATIONS)
            for month in range(12)
        ],
        columns=["month", "entity_id", "numerator", "denominator"],
    )
    since = {f"S{one:02d}": APRIL if one < PILOTS_MADE else None for one in range(STATIONS)}
    found = effect_of(rows, since, window(6), RULES, scale=100)
    return found.low <= PLANTED <= found.high


def test_the_interval_covers_a_planted_effect_in_about_95_of_100_seeds_though_months_are_alike():
    # Of 100 draws at 95 %, 88 or fewer have a chance of 0.4 %, all 100 of 0.6 % (binomial): a two-sided test at 1 %.
    covered = sum(covers(seed) for seed in range(SEEDS))
    assert 89 <= covered <= 99


def test_with_every_month_taken_for_itself_the_interval_would_be_far_too_narrow():
    # What the interval over stations guards against: the same data, each month a value of its own.
    hits = 0
    for seed in range(SEEDS):
        chance = np.random.default_rng(seed)
        noise = np.zeros((STATIONS, 12))
        noise[:, 0] = chance.normal(0, 3 / math.sqrt(1 - RHO**2), STATIONS)
        for month in range(1, 12):
            noise[:, month] = RHO * noise[:, month - 1] + chance.normal(0, 3, STATIONS)
        change = noise[:, 6:] - noise[:, :6]
        treated, rest = change[:PILOTS_MADE].ravel(), change[PILOTS_MADE:].ravel()
        degrees = len(treated) + len(rest) - 2
        pooled = (treated.var() * len(treated) + rest.var() * len(rest)) / degrees
        half = t_quantile(0.975, degrees) * math.sqrt(pooled * (1 / len(treated) + 1 / len(rest)))
        hits += abs(treated.mean() - rest.mean()) <= half
    assert hits < 89
