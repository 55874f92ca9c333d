"""Series made by hand, and what a person who sells would say of the month after: November 2026."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

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


Row = tuple[str, str, Sequence[float], float, float, float] | tuple[object, ...]


def table() -> list[Hand]:
    """All series."""
    return [hand_of(row) for row in (*_kinds(), *_cousins())]


def hand_of(row: Row) -> Hand:
    """A row as a series: name, kind, values, and the numbers in their order."""
    return Hand(str(row[0]), str(row[1]), tuple(map(float, row[2])), *map(float, row[3:]))  # type: ignore[arg-type]


def _kinds() -> list[Row]:
    """Each kind in its plainest forms."""
    return [
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


def _cousins() -> list[Row]:
    """What is told of the same kinds in other ways."""
    rng = np.random.default_rng(11)
    nan = np.nan
    winter = [100.0 + month % 7 if month % 12 < 5 else 0.0 for month in range(36)]
    summer = [0.0 if month % 12 < 5 else 100.0 + month % 7 for month in range(36)]
    falling = (220 - 6.5 * np.arange(24)) * np.array(around(1, 24, 0.08))
    return [
        (
            "two freaks in a row a year ago",
            "freak",
            put(around(100, 30, 0.15), {-12: 4000, -13: 5000}),
            75,
            140,
            400,
        ),
        (
            "two freaks in a row half a year ago",
            "freak",
            put(around(100, 20, 0.15), {-6: 900, -7: 1200}),
            75,
            140,
            400,
        ),
        (
            "two freaks in a row just now",
            "freak",
            put(around(100, 36, 0.1), {-1: 4000, -2: 5000}),
            75,
            5000,
            10000,
        ),
        ("freak two months ago", "freak", put(around(100, 24, 0.1), {-2: 3000}), 75, 140, 400),
        ("order and its return", "freak", put(around(100, 24, 0.1), {-2: 2000, -1: -1900}), 75, 140, 400),
        ("order and its return, 8 months", "freak", put(around(100, 8, 0.1), {-2: 2000, -1: -1900}), 75, 180, 450),
        ("big order, then nothing for two months", "freak", [*around(100, 24, 0.1), 900, 0, 0], 0, 130, 500),
        ("first month stocked up, 4 months", "freak", [800, 100, 95, 105], 80, 180, 800),
        ("first month stocked up, 7 months", "freak", [800, 100, 95, 105, 98, 102, 101], 85, 125, 400),
        ("first month stocked up, 13 months", "freak", [900, *around(100, 12, 0.1)], 80, 130, 300),
        ("freak among four months", "freak", [50, 48, 900, 52], 45, 220, 900),
        ("freak last of five months", "freak", [50, 48, 52, 51, 900], 48, 500, 1800),
        ("freak third of three", "freak", [100, 105, 800], 100, 800, 1600),
        ("return in last year's month, 13", "returns", put(around(100, 13, 0.1), {-12: -60}), 80, 122, 220),
        ("return in last year's month, 40", "returns", put(around(100, 40, 0.1), {-12: -160}), 80, 122, 220),
        ("return last of four", "returns", [50, 48, 52, -20], 35, 60, 110),
        ("all sent back", "returns", [50, 60, -110], 0, 62, 120),
        ("only returns", "returns", [-5, -3, -4, -2, -6, -3, -2], 0, 0.01, 0.01),
        ("pause that ended last month", "pause", paused(90, 20, 0.1, 4, 3), 65, 110, 190),
        ("pause that ended last month, 8 months", "pause", paused(90, 8, 0.1, 4, 3), 60, 110, 190),
        (
            "back after a year away",
            "pause",
            [*around(100, 12, 0.1), *[0] * 10, *around(100, 3, 0.1, 2)],
            75,
            125,
            230,
        ),
        (
            "back smaller after a year away",
            "pause",
            [*around(200, 12, 0.1), *[0] * 12, *around(50, 3, 0.1, 2)],
            35,
            110,
            420,
        ),
        (
            "pause and then double",
            "pause",
            [*around(100, 12, 0.1), 0, 0, 0, *around(200, 6, 0.1, 2)],
            150,
            235,
            430,
        ),
        ("pause begins now", "pause", [*around(100, 24, 0.1), 0], 0, 120, 220),
        ("pause begins now, two months", "pause", [*around(100, 24, 0.1), 0, 0], 0, 120, 220),
        ("stock-out last month", "pause", [*around(200, 24, 0.1), 1], 80, 225, 420),
        ("stock-out in last year's month", "pause", put(around(200, 30, 0.1), {-12: 2}), 160, 235, 430),
        (
            "two pauses in two years, other months",
            "pause",
            put(around(100, 36, 0.1), {-12: 0, -13: 0, -28: 0, -29: 0}),
            78,
            125,
            230,
        ),
        ("constant with a zero a year ago", "pause", put([50] * 20, {-12: 0}), 45, 55, 110),
        ("constant with a freak a year ago", "freak", put([50] * 20, {-12: 500}), 47, 60, 160),
        ("two months, the second without an order", "short", [30, 0], 0, 30, 60),
        ("first order last month", "short", [0, 30], 15, 36, 60),
        ("three months, none in the middle", "short", [30, 0, 28], 10, 32, 62),
        ("four months, one none", "short", [30, 0, 28, 31], 15, 36, 64),
        ("five months, two before the first", "short", [0, 0, 30, 28, 33], 25, 36, 66),
        ("five months, now and then", "short", [12, 0, 0, 15, 0], 0, 15, 30),
        ("three months, two none", "short", [50, 0, 0], 0, 30, 100),
        ("first order after four none", "short", [0, 0, 0, 0, 50], 30, 60, 100),
        ("trial before the first orders", "bounds", [0] * 10 + [1] + around(100, 10, 0.1), 80, 120, 240),
        ("trials and noise before", "bounds", [0, 0, 2, 0, 0, 1, *around(60, 12, 0.1)], 48, 72, 140),
        ("zeros and ones before", "bounds", [0, 1, 0, 0, 1, 0, 0, 1, *around(200, 16, 0.1)], 160, 240, 440),
        (
            "step up that stays four months",
            "step",
            [*around(100, 24, 0.1), *around(300, 4, 0.1, 2)],
            230,
            345,
            640,
        ),
        ("step up two months ago", "step", [*around(100, 24, 0.1), *around(300, 2, 0.1, 2)], 150, 345, 640),
        (
            "step down that stays four months",
            "step",
            [*around(300, 24, 0.1), *around(100, 4, 0.1, 2)],
            80,
            140,
            330,
        ),
        ("step down a year ago", "step", [*around(300, 24, 0.1), *around(100, 12, 0.1, 2)], 85, 125, 300),
        ("step up a year ago", "step", [*around(100, 24, 0.1), *around(300, 12, 0.1, 2)], 255, 345, 620),
        (
            "long, ten times less for a year",
            "step",
            [*around(1000, 60, 0.1), *around(100, 12, 0.1, 2)],
            80,
            130,
            400,
        ),
        (
            "long, ten times more for a year",
            "step",
            [*around(100, 60, 0.1), *around(1000, 12, 0.1, 2)],
            800,
            1200,
            2300,
        ),
        (
            "long, halved half a year ago",
            "step",
            [*around(1000, 72, 0.1), *around(500, 6, 0.1, 2)],
            420,
            620,
            1100,
        ),
        ("step up, 10 months", "step", [*around(50, 6, 0.1), *around(150, 4, 0.1, 2)], 120, 180, 320),
        ("every other month, it is its turn", "zeros", [40, 0] * 12, 26, 46, 90),
        ("every other month, not its turn", "zeros", [0, 40] * 12, 0, 16, 60),
        ("every other month, 10 months", "zeros", [40, 0] * 5, 12, 46, 90),
        ("each quarter, its turn", "zeros", [90, 0, 0] * 8, 50, 105, 190),
        ("each quarter, not its turn", "zeros", [0, 0, 90] * 8, 0, 35, 110),
        ("each November, one missing", "yearly", put([0] * 60, {-12: 500, -36: 520, -48: 480}), 150, 560, 1100),
        ("each November, 30 months", "yearly", put([0] * 30, {-12: 500, -24: 520}), 250, 560, 1100),
        ("each December, seen in November", "yearly", put([0] * 48, {-11: 500, -23: 520, -35: 480}), 0, 60, 550),
        ("open from November to March, 36 months", "yearly", winter, 60, 130, 220),
        ("open from April to October, 36 months", "yearly", summer, 0, 25, 110),
        ("slowly down to nothing", "falling", [100, 90, 80, 70, 60, 50, 40, 30, 20, 10, 0], 0, 8, 40),
        (
            "slowly down, nothing for two months",
            "falling",
            [100, 88, 80, 71, 60, 52, 41, 30, 20, 10, 0, 0],
            0,
            10,
            60,
        ),
        ("halving to one", "falling", [64, 45, 32, 22, 16, 11, 8, 6, 4, 3, 2, 1], 0, 2, 5),
        ("falling with noise", "falling", list(falling.round(1)), 45, 82, 160),
        ("fell to a floor", "falling", [*(200 * 0.7 ** np.arange(8)).round(1), *around(12, 10, 0.1)], 9, 15, 40),
        ("tiny counts", "tiny", [float(v) for v in rng.poisson(0.8, 24)], 0.3, 1.6, 5),
        ("tiny counts, 8 months", "tiny", [1, 0, 2, 1, 0, 1, 0, 1], 0.3, 1.3, 4),
        ("always one", "tiny", [1] * 12, 0.99, 1.01, 1.2),
        ("ones and now and then none", "tiny", [1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1], 0.5, 1.1, 2),
        ("threes", "tiny", [float(v) for v in rng.poisson(3, 24)], 2, 4.2, 10),
        ("a thousand million", "steady", [1000000000] * 24, 999000000, 1001000000, 1100000000),
        ("six months equal", "steady", [123456.78] * 6, 123000, 124000, 140000),
        (
            "unknown for half a year a year ago",
            "unknown",
            put(around(100, 30, 0.1), {-k: nan for k in range(10, 16)}),
            82,
            120,
            220,
        ),
        (
            "known in six of eighteen months",
            "unknown",
            put([nan] * 18, {-1: 50, -4: 52, -7: 48, -10: 55, -13: 49, -16: 51}),
            44,
            58,
            105,
        ),
        (
            "unknown before the last",
            "unknown",
            put(around(100, 24, 0.1), {-2: nan, -3: nan, -4: nan}),
            82,
            120,
            220,
        ),
        ("peak in month 1 and 13 of 13", "peak", put(around(100, 13, 0.1), {-1: 500, -13: 500}), 80, 200, 1000),
        (
            "peak last October and this",
            "peak",
            put(around(100, 30, 0.1), {-1: 500, -13: 500, -25: 500}),
            80,
            135,
            500,
        ),
        ("three times last November, 20 months", "peak", put(around(100, 20, 0.1), {-12: 300}), 85, 300, 620),
        (
            "peak each November, growing",
            "peak",
            put(around(50, 40, 0.1), {-36: 500, -24: 700, -12: 900}),
            650,
            1250,
            1850,
            900,
        ),
        (
            "each December, not November",
            "peak",
            put(around(100, 36, 0.1), {-11: 400, -23: 400, -35: 400}),
            80,
            135,
            420,
        ),
        ("low each November", "trough", put(around(300, 36, 0.1), {-12: 30, -24: 32, -36: 29}), 20, 60, 330),
        (
            "closed each February",
            "trough",
            [0.0 if m % 12 == 3 else v for m, v in enumerate(around(100, 36, 0.1))],
            80,
            125,
            230,
        ),
        ("doubling", "rising", [1, 2, 4, 8, 16, 32], 33, 66, 66),
        (
            "growing season",
            "season",
            [float(v) for v in np.array(year(200, 48, 0.4)) * 1.1 ** (np.arange(48) / 12)],
            210,
            275,
            560,
        ),
        ("one year of season", "season", year(200, 12, 0.5), 90, 320, 640),
        ("rare great orders", "zeros", put([0] * 36, {-5: 300, -13: 250, -20: 310, -31: 280}), 0, 90, 640),
        (
            "back after five months, a fifth",
            "step",
            [*around(500, 20), *[0] * 5, *around(100, 4, 0.1, 2)],
            80,
            330,
            1000,
        ),
        (
            "three times a year's season",
            "season",
            [v * (1 if m < 24 else 3) for m, v in enumerate(year(100, 36, 0.4))],
            230,
            380,
            900,
        ),
        (
            "seldom, then each month",
            "step",
            [0, 0, 10, 0, 0, 0, 12, 0, 0, 0, 11, 0, *around(50, 6, 0.1)],
            38,
            60,
            110,
        ),
        (
            "eight years low, high, low",
            "step",
            [*around(100, 40), *around(400, 30, 0.1, 2), *around(100, 20, 0.1, 3)],
            80,
            125,
            420,
        ),
        (
            "freak in last year's month and in the last",
            "freak",
            put(around(100, 30, 0.15), {-12: 3000, -1: 2500}),
            75,
            140,
            400,
        ),
        ("restocked after a pause", "pause", put(around(100, 30), {-5: 0, -4: 0, -3: 400}), 75, 130, 400),
        ("rose and fell", "trend", [*(100 + 10 * np.arange(12)), *(210 - 10 * np.arange(12))], 75, 112, 250),
        ("rising straight, stopped", "trend", [*(50 + 10 * np.arange(20)), 245, 242, 244, 243], 225, 262, 500),
        ("twice a year, its turn", "zeros", [100, 0, 0, 0, 0, 0] * 5, 60, 110, 205),
    ]
