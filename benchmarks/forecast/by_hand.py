"""Fifty series made by hand, what a person who sells would say of the next month, and what the forecast says.

    python benchmarks/forecast/by_hand.py

One row per series: the range in which a person would accept the forecast, the most that the 95 % interval's
upper end may be, and, where an interval must not be too sure, the least that it may be. The month foretold is
November 2026. `tests/forecast/test_forecast_by_hand.py` holds the same table, and variants of its kinds.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

LAST = pd.Timestamp("2026-10-01")
NOVEMBER = 12  # months back from the one foretold to the same month a year before


@dataclass(frozen=True)
class Hand:
    """One series and what a person says of its next month, in the unit of the series.

    Attributes:
        values: months up to October 2026, oldest first; NaN is unknown.
        low, high: the forecast should lie between them.
        top: the upper end of the 95 % interval is at most this.
        least_top: and at least this.
    """

    name: str
    kind: str
    values: tuple[float, ...]
    low: float
    high: float
    top: float
    least_top: float = 0.0


def around(level: float, months: int, noise: float = 0.1, seed: int = 1) -> list[float]:
    """So many months about a level, their deviations in proportion to it."""
    away = np.random.default_rng(seed).normal(size=months)
    return [float(value) for value in np.round(level * np.exp(noise * away), 2)]


def put(values: Sequence[float], places: dict[int, float]) -> list[float]:
    """The same with other values at some places, counted from the end (−1 is the last month)."""
    answer = list(values)
    for place, value in places.items():
        answer[place] = value
    return answer


def peaks(level: float, peak: float, months: int, noise: float = 0.03) -> list[float]:
    """A level with a peak each November."""
    values = around(level, months, noise)
    return put(values, {-back: peak * values[-back] / level for back in range(NOVEMBER, months + 1, NOVEMBER)})


def paused(level: float, months: int, noise: float, start: int, length: int) -> list[float]:
    """A level with a pause of some months that began `start` months before the end."""
    return put(around(level, months, noise), {-start + place: 0.0 for place in range(length)})


def year(level: float, months: int, swing: float, noise: float = 0.05, festival: float = 0.0) -> list[float]:
    """A season of a sine, November at its middle going down; with a festival's lift each February."""
    back = np.arange(months, 0, -1)
    season = 1 - swing * np.sin(2 * np.pi * back / 12)
    lift = np.where((9 - back) % 12 == 0, 1 + festival, 1.0)
    return [float(value) for value in np.round(level * season * lift * np.array(around(1.0, months, noise)), 2)]


def table() -> list[Hand]:
    """The fifty series."""
    rows: list[tuple[str, str, Sequence[float], float, float, float] | tuple[object, ...]] = [
        ("steady 100 for 12 months", "steady", around(100, 12), 88, 112, 170),
        ("steady 5 for 30 months", "steady", around(5, 30, 0.15), 4.2, 5.8, 10),
        ("steady 5,000 for 48 months", "steady", around(5000, 48, 0.05), 4700, 5300, 6500),
        ("always 7", "steady", [7.0] * 30, 6.9, 7.1, 8),
        ("three months unknown", "steady", put(around(80, 24), {-5: np.nan, -9: np.nan, -15: np.nan}), 68, 92, 150),
        ("zeros before the first order", "bounds", [0.0] * 12 + around(60, 8), 50, 70, 150),
        ("zeros before three orders", "bounds", [0.0] * 20 + [22, 18, 21], 15, 24, 45),
        ("short and uneven", "bounds", [3, 250, 8, 40, 1, 90, 15], 1, 130, 500),
        ("uneven for 13 months", "bounds", around(50, 13, 1.2), 5, 150, 700),
        ("one order of 1 among hundreds", "bounds", put(around(200, 13), {-6: 1.0}), 160, 230, 420),
        ("first month a trial of 1", "bounds", [1.0, *around(150, 7)], 120, 175, 320),
        ("pause of three months a year ago", "pause", paused(240, 18, 0.2, 12, 3), 170, 330, 600),
        ("pause of two months a year ago", "pause", paused(40, 16, 0.15, 12, 2), 30, 52, 95),
        ("one month closed a year ago", "pause", paused(500, 30, 0.1, 12, 1), 420, 580, 1000),
        ("a pause in the middle of three years", "pause", paused(120, 36, 0.1, 24, 4), 100, 140, 240),
        ("pause that ended two months ago", "pause", paused(90, 20, 0.1, 5, 3), 70, 105, 190),
        ("pause, 26 months", "pause", paused(300, 26, 0.2, 13, 3), 200, 380, 800),
        ("shop sold next to nothing in last year's month", "pause", put(around(200, 20), {-12: 3.0}), 160, 235, 420),
        ("peak each November, two years", "peak", peaks(20, 1000, 24), 700, 1150, 2100, 1000),
        ("peak each November, three years", "peak", peaks(20, 1000, 36), 800, 1150, 2100, 1000),
        ("peak each November, four years", "peak", peaks(20, 1000, 48), 850, 1150, 2100, 1000),
        ("five times each November, four years", "peak", peaks(20, 100, 48), 85, 112, 200),
        ("three times each November, two years", "peak", peaks(300, 900, 24, 0.05), 650, 1000, 1900),
        ("freak order last month", "freak", put(around(100, 36, 0.15), {-1: 5000.0}), 75, 160, 400),
        ("freak order last month, 12 months", "freak", put(around(100, 12, 0.15), {-1: 5000.0}), 75, 180, 450),
        ("freak order last month, 6 months", "freak", put(around(100, 6, 0.1), {-1: 2000.0}), 70, 200, 500),
        ("freak in last year's month, 13 months", "freak", put(around(100, 13, 0.15), {-12: 5000.0}), 75, 140, 400),
        ("freak in last year's month, 20 months", "freak", put(around(100, 20, 0.15), {-12: 5000.0}), 75, 140, 400),
        ("freak in last year's month, 36 months", "freak", put(around(100, 36, 0.15), {-12: 5000.0}), 75, 140, 400),
        ("freak order in ten months", "freak", put(around(100, 10, 0.15), {-6: 5000.0}), 75, 140, 400),
        ("goods sent back last month", "freak", put(around(100, 24, 0.15), {-1: -80.0}), 70, 125, 220),
        ("goods sent back last month, 9 months", "freak", put(around(40, 9, 0.1), {-1: -15.0}), 28, 48, 90),
        ("goods sent back half a year ago", "freak", put(around(100, 24, 0.15), {-6: -30.0}), 75, 125, 220),
        ("silent for three months", "silent", [*around(60, 20), 0.0, 0.0, 0.0], 0, 0, 0),
        ("silent for sixteen months", "silent", [50.0] * 20 + [0.0] * 16, 0, 0, 0),
        ("silent for four months, young", "silent", [30, 28, 0, 0, 0, 0], 0, 0, 0),
        ("discontinued after five months", "short", [40, 30, 0, 0, 0], 0, 0, 0),
        ("one month", "short", [100], 80, 120, 200, 110),
        ("from 10 to 300", "short", [10, 300], 100, 400, 600, 400),
        ("five months alike", "short", [100, 102, 98, 101, 99], 97, 103, 115),
        ("five months falling", "short", [500, 200, 100, 50, 20], 0, 20, 100),
        ("five months falling straight", "short", [100, 90, 80, 70, 60], 45, 56, 90),
        ("four months rising straight", "short", [20, 30, 40, 50], 53, 65, 100),
        ("three months uneven", "short", [100, 10, 190], 50, 190, 380, 200),
        ("falling straight for 36 months", "trend", [500 - 12 * month for month in range(36)], 55, 80, 120),
        ("rising straight for 36 months", "trend", [100 + 12 * month for month in range(36)], 520, 545, 700),
        ("rising straight for 10 months", "trend", [50 + 5.0 * month for month in range(10)], 96, 105, 150),
        ("falling by a tenth a month", "trend", [1000 * 0.9**month for month in range(24)], 70, 88, 110),
        ("orders one month in four", "zeros", [0, 0, 12, 0, 0, 0, 9, 0, 0, 0, 0, 14, 0, 0, 0, 10, 0, 0], 0, 8, 28),
        ("a season, three years", "season", year(200, 36, 0.5), 175, 225, 340),
        ("a season and a festival, four years", "season", year(200, 48, 0.4, festival=0.5), 175, 225, 340),
    ]  # fmt: skip
    return [Hand(str(row[0]), str(row[1]), tuple(map(float, row[2])), *map(float, row[3:])) for row in rows]  # type: ignore[arg-type]


def history_of(hands: Sequence[Hand]) -> pd.DataFrame:
    """The long history of some rows."""
    parts = [
        pd.DataFrame(
            {
                "series_id": hand.name,
                "month": pd.date_range(end=LAST, periods=len(hand.values), freq="MS"),
                "value": hand.values,
            }
        )
        for hand in hands
    ]
    return pd.concat(parts, ignore_index=True)


def faults(hand: Hand, told: pd.Series) -> list[str]:
    """What a person would object to in the forecast of a row, in words; empty where nothing."""
    forecast, top = float(told["forecast"]), float(told["high95"])
    found = []
    if not hand.low <= forecast <= hand.high:
        found.append(f"forecast {forecast:.4g}, a person says {hand.low:.4g}–{hand.high:.4g}")
    if top > hand.top:
        found.append(f"upper end {top:.4g}, at most {hand.top:.4g}")
    if top < hand.least_top:
        found.append(f"upper end {top:.4g}, at least {hand.least_top:.4g}")
    return found


def alone(hand: Hand) -> pd.Series:
    """The forecast of a row by itself, without anything to lean on."""
    from pipeline.forecast import forecast_next

    return forecast_next(history_of([hand])).iloc[0]


def by_hand_table() -> tuple[pd.DataFrame, int]:
    """The rows beside what the forecast says, each series alone; and how many a person would object to."""
    rows, objections = [], 0
    for hand in table():
        told = alone(hand)
        wrong = faults(hand, told)
        objections += bool(wrong)
        said = f"{told['forecast']:.4g} [{told['low95']:.4g}; {told['high95']:.4g}]"
        person = f"{hand.low:.4g}–{hand.high:.4g}, at most {hand.top:.4g}"
        rows.append((hand.kind, hand.name, person, said, "; ".join(wrong) or "✓"))
    return pd.DataFrame(
        rows, columns=["kind", "series", "a person says", "forecast [95 %]", "objection"]
    ), objections


def main() -> None:
    """Print the table in Markdown."""
    from tables import markdown

    frame, objections = by_hand_table()
    print(markdown(frame, digits=1))
    print(f"{len(frame)} series, {objections} of which a person would object to.")


if __name__ == "__main__":
    main()
