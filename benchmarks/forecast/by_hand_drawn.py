"""Series of the kinds made by hand, drawn at random: level, noise, length and place; the truth says the range.

    python benchmarks/forecast/by_hand_drawn.py [SEED [HOW MANY]]

A person who knows what a series is made of accepts what lies near it. The month foretold is November 2026.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from by_hand import alone, faults  # noqa: E402
from by_hand_series import NOVEMBER, Hand  # noqa: E402

Floats = npt.NDArray[np.float64]


class Drawn:
    """One draw: what all kinds of it share.

    Attributes:
        level: what is usual, 8 to 3,000.
        noise: deviation of a month, in proportion, .02 to .2.
        freak: how many times the usual a freak order is, 8 to 60.
    """

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.level = float(np.exp(self.random.uniform(np.log(8), np.log(3000))))
        self.noise = float(self.random.choice([0.02, 0.05, 0.1, 0.15, 0.2]))
        self.freak = float(self.random.uniform(8, 60))
        self.hands: list[Hand] = []

    def months(self, fewest: int, most: int) -> int:
        """A length."""
        return int(self.random.integers(fewest, most))

    def around(self, middle: float | Floats, months: int) -> Floats:
        """Months about what is usual."""
        return np.asarray(middle * np.exp(self.noise * self.random.normal(size=months)))

    def add(self, kind: str, values: Floats, low: float, high: float, top: float) -> None:
        """A series; the range is widened by its noise."""
        tolerance = 1 + max(0.08, 1.6 * self.noise)
        told = tuple(float(value) for value in np.round(values, 2))
        self.hands.append(Hand(kind, kind, told, low / tolerance, high * tolerance, top * tolerance))


def drawn(seed: int) -> list[Hand]:
    """One series of each kind."""
    draw = Drawn(seed)
    for kinds in (_steady, _seasonal, _peaks, _pauses, _short, _courses):
        kinds(draw)
    return draw.hands


def _steady(draw: Drawn) -> None:
    level, freak = draw.level, draw.freak
    draw.add("steady", draw.around(level, draw.months(7, 60)), 0.9 * level, 1.1 * level, 2.3 * level)
    for place in (-1, -2, -NOVEMBER, -NOVEMBER - 1):
        values = draw.around(level, draw.months(14, 60))
        values[place] *= freak
        draw.add(f"a freak order at {place}", values, 0.75 * level, 1.5 * level, 1.1 * values[place])
    values = draw.around(level, draw.months(7, 13))
    values[-1] *= freak
    draw.add("a freak order last, few months", values, 0.7 * level, 1.5 * level, max(1.1 * values[-1], 4 * level))
    values = draw.around(level, draw.months(7, 60))
    values[-1] = -level * draw.random.uniform(0.5, 4)
    draw.add("goods sent back last", values, 0.5 * level, 1.1 * level, 4 * level)
    values = draw.around(level, draw.months(15, 60))
    values[-1], values[-2] = values[-1] * freak, np.nan
    draw.add("a freak order behind an unknown month", values, 0.6 * level, 1.6 * level, 1.1 * values[-1])
    same = np.full(draw.months(13, 60), level)
    same[-NOVEMBER] *= freak
    draw.add("always the same but for a freak order", same, 0.9 * level, 1.3 * level, freak * level)


def _seasonal(draw: Drawn) -> None:
    months, swing, phase = draw.months(26, 60), draw.random.uniform(0.2, 0.6), draw.months(0, 12)
    back = np.arange(months, -1, -1)
    season = draw.level * (1 + swing * np.sin(2 * np.pi * (back + phase) / 12))
    past, coming = season[:-1], float(season[-1])
    values = draw.around(past, months)
    draw.add("season", values, 0.8 * coming, 1.25 * coming, 2 * values.max())
    for place in (-1, -2, -4, -NOVEMBER, -NOVEMBER - 1, -2 * NOVEMBER):
        values = draw.around(past, months)
        values[place] *= draw.freak
        top = max(1.1 * values[place], 4 * coming)
        draw.add(f"season, a freak order at {place}", values, 0.6 * coming, 1.7 * coming, top)
    values = draw.around(past, months)
    values[-1], values[-5] = values[-1] * draw.freak, values[-5] * 0.7 * draw.freak
    draw.add("season, two freak orders", values, 0.6 * coming, 1.8 * coming, 2 * values.max())
    values = draw.around(past, months)
    values[-1] = -draw.level
    draw.add("season, goods sent back last", values, 0.5 * coming, 1.2 * coming, 2 * values.max())
    young = past[-draw.months(15, 23) :]
    values = draw.around(young, len(young))
    values[-1] *= draw.freak
    draw.add(
        "young season, a freak order last", values, 0.35 * values.min(), 1.9 * np.sort(values)[-2], values[-1]
    )


def _peaks(draw: Drawn) -> None:
    level, times = draw.level, float(draw.random.uniform(5, 60))
    months = int(draw.random.choice([24, 25, 30, 36, 40, 48, 59]))
    novembers = [months - back for back in range(NOVEMBER, months + 1, NOVEMBER)]
    values = draw.around(level, months)
    values[novembers] *= times
    draw.add("a peak each November", values, 0.8 * times * level, 1.25 * times * level, 3 * times * level)
    values = draw.around(level, months)
    shift = draw.months(2, 11)
    values[[place - shift for place in (*novembers, months) if place >= shift]] *= times
    draw.add("a peak each year in another month", values, 0.75 * level, 1.35 * level, 1.5 * times * level)
    values = draw.around(level, months)
    values[[place - 1 for place in (*novembers, months) if place]] *= times
    draw.add("a peak each October", values, 0.6 * level, 1.6 * level, 2 * times * level)


def _pauses(draw: Drawn) -> None:
    level = draw.level
    length = draw.months(2, 5)
    values = draw.around(level, draw.months(17, 60))
    start = len(values) - NOVEMBER - draw.months(0, length)
    values[start : start + length] = 0
    draw.add("a pause last November", values, 0.72 * level, 1.15 * level, 3 * level)
    values = draw.around(level, draw.months(21, 60))
    end = draw.months(2, 9)
    values[-end - length : -end] = 0
    draw.add("a pause lately", values, 0.75 * level, 1.25 * level, 3 * level)
    values = draw.around(level, draw.months(14, 60))
    values[-draw.months(3, 8) :] = 0
    draw.add("silent", values, 0, 0.02 * level, 2 * level)
    values = draw.around(level, draw.months(26, 60))
    month = (9 - np.arange(len(values))[::-1]) % 12  # October is 9
    values[(month >= 6) & (month <= 8)] = 0
    draw.add("closed each summer", values, 0.75 * level, 1.3 * level, 3 * level)
    values = np.concatenate([np.zeros(draw.months(3, 20)), draw.around(level, draw.months(4, 9))])
    draw.add("zeros, then a start", values, 0.75 * level, 1.25 * level, 2.6 * values.max())


def _short(draw: Drawn) -> None:
    first, share = draw.level, float(draw.random.uniform(0.5, 0.85))
    values = first * share ** np.arange(draw.months(3, 6))
    last = float(values[-1])
    tolerance = 1 + max(0.08, 1.6 * draw.noise)  # without noise the range is exact
    draw.add("few months, falling", values, 0.6 * share * last, last / tolerance, 1.5 * first)
    steady = draw.around(first, 2)
    draw.add("two months", steady, 0.8 * steady.min(), 1.2 * steady.max(), 3 * first)
    uneven = first * np.exp(draw.random.uniform(0.9, 1.5) * draw.random.normal(size=draw.months(7, 14)))
    draw.add("few months, uneven", uneven, 0.9 * uneven.min(), uneven.max(), 2 * uneven.max())


def _courses(draw: Drawn) -> None:
    level, months = draw.level, draw.months(14, 40)
    for name, growth in (
        ("growing", draw.random.uniform(1.01, 1.03)),
        ("falling", draw.random.uniform(0.95, 0.985)),
    ):
        course = level * growth ** np.arange(months + 1)
        values = course[:-1] * np.exp(0.03 * draw.random.normal(size=months))
        coming = float(course[-1])
        draw.add(name, values, 0.87 * coming, 1.13 * coming, 2 * values.max())
        values = values.copy()
        values[-1] *= draw.freak
        draw.add(f"{name}, a freak order last", values, 0.75 * coming, 1.3 * coming, 1.1 * values[-1])
    values = draw.around(level, draw.months(13, 60))
    times = float(draw.random.choice([0.4, 0.5, 2, 2.5]))
    values[-draw.months(3, 7) :] *= times
    draw.add("a new level", values, 0.7 * times * level, 1.35 * times * level, 2.2 * values.max())


def objections(seeds: Iterator[int] | range) -> Iterator[tuple[int, Hand, list[str]]]:
    """Each drawn series, its seed, and what a person would object to."""
    for seed in seeds:
        for hand in drawn(seed):
            yield seed, hand, faults(hand, alone(hand))


def main() -> None:
    """Print the objections, and how many of how many there were of each kind."""
    first, count = (int(text) for text in (*sys.argv[1:], *("1", "100")[len(sys.argv) - 1 :]))
    seen, wrong = Counter[str](), Counter[str]()
    for seed, hand, found in objections(range(first, first + count)):
        seen[hand.kind] += 1
        wrong[hand.kind] += bool(found)
        if found:
            print(seed, hand.kind, [round(value, 1) for value in hand.values[-26:]], *found)
    for kind, number in seen.items():
        print(f"{wrong[kind]:4} of {number:4}  {kind}")


if __name__ == "__main__":
    main()
