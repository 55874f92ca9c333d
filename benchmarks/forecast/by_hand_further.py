"""More series made by hand: the kinds at other lengths, units and shapes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from by_hand_series import Hand, around, hand_of, paused, peaks, put, year

nan = np.nan


def nearing(most: float, months: int, count: int) -> list[float]:
    """A course that nears its greatest value ever more slowly, the rest falls to 1 ÷ e in so many months."""
    return [float(most * (1 - np.exp(-(month + 1) / months))) for month in range(count)]


def times(values: Sequence[float], unit: float) -> list[float]:
    """The same in another unit."""
    return [value * unit for value in values]


def further() -> list[Hand]:
    """The series."""
    return [hand_of(row) for row in (*_courses(), *_months_apart(), *_few_months(), *_seldom(), *_levels())]


def _courses() -> list[tuple[object, ...]]:
    """Trends that bend, fall, end; pauses."""
    return [
        ("saturating tau5 24", "trend", nearing(300, 5, 24), 292, 301, 600),
        ("saturating tau3 14", "trend", nearing(300, 3, 14), 290, 303, 600),
        ("saturating tau8 36", "trend", nearing(50, 8, 36), 48, 50.6, 100),
        ("decaying to a floor 24", "falling", [100 + 200 * np.exp(-m / 4) for m in range(24)], 98, 104, 220),
        (
            "decaying to floor noisy 30",
            "falling",
            [(100 + 200 * np.exp(-m / 4)) * x for m, x in enumerate(around(1, 30, 0.05))],
            90,
            110,
            220,
        ),
        (
            "straight slow rise noisy 48",
            "trend",
            [(100 + 2 * m) * x for m, x in enumerate(around(1, 48, 0.03))],
            180,
            206,
            300,
        ),
        (
            "straight fall noisy 24",
            "trend",
            [(300 - 8 * m) * x for m, x in enumerate(around(1, 24, 0.02, 3))],
            98,
            122,
            250,
        ),
        ("straight fall to near zero", "trend", [max(240 - 10 * m, 0) for m in range(23)], 5, 14, 60),
        ("fall to zero then none", "discontinued", [240 - 20 * m for m in range(12)] + [0, 0], 0, 10, 50),
        ("straight rise 7", "trend", [10, 20, 30, 40, 50, 60, 70], 74, 84, 140),
        ("straight rise 13", "trend", [100 + 7 * m for m in range(13)], 186, 196, 385),
        ("quadratic rise 20", "trend", [10 + 0.5 * m * m for m in range(20)], 185, 225, 420),
        ("rise then flat a year", "trend", [50 + 5 * m for m in range(24)] + [170] * 12, 165, 176, 350),
        ("flat then rise five months", "trend", [100] * 24 + [110, 120, 130, 140, 150], 138, 166, 310),
        ("flat then fall five months", "trend", [100] * 24 + [90, 80, 70, 60, 50], 36, 62, 150),
        ("pause 3 months, back 1 month", "pause", put(around(100, 25, 0.08), {-4: 0, -3: 0, -2: 0}), 75, 125, 240),
        ("pause of five, back four", "pause", paused(60, 24, 0.1, 9, 5), 48, 72, 140),
        (
            "pause twice in different months",
            "pause",
            put(around(80, 36, 0.1), {-30: 0, -29: 0, -12: 0, -11: 0}),
            66,
            94,
            180,
        ),
        ("pause with unknown inside", "pause", put(around(80, 30, 0.1), {-12: 0, -11: nan, -10: 0}), 66, 94, 180),
        (
            "pause of 6 at 13 months",
            "pause",
            put(around(200, 13, 0.1), {-9: 0, -8: 0, -7: 0, -6: 0, -5: 0, -4: 0}),
            150,
            250,
            480,
        ),
        ("partial pause, 2 then 100", "pause", put(around(100, 25, 0.08), {-13: 2, -12: 2, -11: 3}), 82, 118, 230),
        ("0.01 units pause", "pause", times(paused(100, 20, 0.1, 12, 2), 1e-4), 0.0075, 0.0125, 0.025),
        ("1e7 units pause", "pause", times(paused(100, 20, 0.1, 12, 2), 1e5), 7.5e6, 1.25e7, 2.5e7),
    ]


def _months_apart() -> list[tuple[object, ...]]:
    """Peaks, freak orders, goods sent back."""
    return [
        ("peak Nov noise 20%", "peak", peaks(50, 500, 36, 0.2), 270, 700, 1300, 500),
        ("peak Nov 13 months", "peak", put(around(100, 13, 0.05), {-12: 800, -11: 110}), 80, 820, 1700),
        ("peak Nov 25 months", "peak", put(around(100, 25, 0.05), {-12: 800, -24: 760}), 560, 900, 1700, 780),
        (
            "double peak Oct+Nov 36",
            "peak",
            put(around(100, 36, 0.05), {-1: 300, -13: 310, -25: 290, -12: 500, -24: 520}),
            400,
            560,
            1100,
        ),
        (
            "peak each Oct, after it",
            "peak",
            put(around(100, 36, 0.05), {-1: 900, -13: 880, -25: 910}),
            85,
            140,
            700,
        ),
        ("peak Nov of 1e6 level", "peak", times(peaks(20, 1000, 36), 1e4), 7e6, 1.15e7, 2.1e7),
        ("peak Nov of .01", "peak", times(peaks(20, 1000, 36), 1e-3), 0.7, 1.15, 2.1),
        ("peak only last two Nov", "peak", put(around(100, 48, 0.05), {-12: 600, -24: 580}), 200, 640, 1300),
        ("peak shifted Nov, Dec", "peak", put(around(100, 36, 0.05), {-12: 600, -23: 600}), 90, 450, 1250),
        ("freak a month ago 13", "freak", put(around(100, 13, 0.1), {-2: 4000}), 80, 130, 400),
        ("freak twice in row", "freak", put(around(100, 24, 0.1), {-7: 3000, -6: 3000}), 80, 130, 500),
        ("freak two months ago & last", "freak", put(around(100, 24, 0.1), {-3: 3000, -1: 3000}), 80, 300, 6000),
        ("freak ten times 25", "freak", put(around(100, 25, 0.1), {-1: 1000}), 80, 200, 600),
        ("freak last, 4 months", "freak", [100, 98, 103, 2500], 80, 400, 1000),
        ("freak last of 3", "freak", [100, 98, 1500], 90, 1200, 3000),
        ("freak of 1e7 units", "freak", times(put(around(100, 30, 0.1), {-1: 5000}), 1e5), 7.5e6, 1.6e7, 4e7),
        ("small freak low last", "freak", put(around(100, 30, 0.1), {-1: 10}), 55, 112, 240),
        ("low freak last year", "freak", put(around(100, 30, 0.1), {-12: 10}), 80, 115, 240),
        ("returns last 25", "returns", put(around(100, 25, 0.1), {-1: -150}), 75, 120, 250),
        ("order and back", "returns", put(around(100, 25, 0.1), {-3: 600, -2: -500}), 75, 125, 400),
        ("returns in two months", "returns", put(around(100, 25, 0.1), {-1: -20, -9: -30}), 70, 120, 250),
        ("returns at 5 months", "returns", [100, 95, -40, 105, 98], 70, 110, 230),
        ("returns at 3 months", "returns", [100, -50, 90], 25, 100, 220),
        ("all returns", "returns", [-5, -3, -6, -2, -4, -5], 0, 0, 1),
    ]


def _few_months() -> list[tuple[object, ...]]:
    """Short histories, and those of about one or two years."""
    return [
        ("1 month", "short", [120], 100, 140, 240),
        ("1 month zero", "short", [0], 0, 0, 5),
        ("2 months alike", "short", [120, 118], 110, 126, 240),
        ("2 months falling", "short", [120, 60], 40, 90, 240),
        ("2 months rising", "short", [60, 120], 80, 140, 240),
        ("3 months falling fast", "short", [300, 100, 30], 5, 30, 200),
        ("4 months with zero start", "short", [0, 0, 40, 42], 35, 44, 90),
        ("5 months one zero", "short", [40, 0, 44, 41, 39], 30, 45, 90),
        ("5 months rising steps", "short", [10, 12, 14, 16, 18], 18, 21, 36),
        ("5 months unknown between", "short", [40, nan, 44, nan, 42], 38, 46, 90),
        ("4 months 0.01", "short", [0.01, 0.02, 0.01, 0.02], 0.009, 0.021, 0.05),
        ("5 months 1e7", "short", [1e7, 1.1e7, 9e6, 1e7, 1.05e7], 9e6, 1.1e7, 2e7),
        ("7 steady one low", "short", [100, 102, 40, 99, 101, 98, 100], 88, 106, 210),
        ("7 months rising noisy", "short", [50, 58, 63, 77, 80, 95, 99], 95, 120, 200),
        ("7 months falling noisy", "falling", [99, 95, 80, 77, 63, 58, 50], 34, 52, 130),
        ("13 months season strong", "season", year(100, 13, 0.5, 0.03), 70, 130, 300),
        ("25 months season strong", "season", year(100, 25, 0.5, 0.03), 80, 120, 300),
        (
            "25 trend+season",
            "season",
            [v * (1 + 0.02 * m) for m, v in enumerate(year(100, 25, 0.3, 0.03))],
            125,
            180,
            400,
        ),
        (
            "13 months one year growth",
            "trend",
            [v * (1 + 0.01 * m) for m, v in enumerate(around(100, 13, 0.05))],
            100,
            126,
            240,
        ),
    ]


def _seldom() -> list[tuple[object, ...]]:
    """Discontinued, seldom, in a rhythm."""
    return [
        ("discontinued 4 zeros", "discontinued", [*around(100, 20, 0.1), 0, 0, 0, 0], 0, 0, 1),
        ("discontinued fading", "discontinued", [*around(100, 20, 0.1), 60, 30, 10, 2, 0], 0, 15, 120),
        ("fading 1s", "discontinued", [*around(50, 18, 0.1), 20, 5, 1, 1], 0, 6, 60),
        (
            "rare ones",
            "zeros",
            [0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0],
            0.1,
            0.6,
            2,
        ),
        ("few zeros at start", "zeros", [0, 0, 0, *around(30, 12, 0.1)], 25, 35, 70),
        ("few zeros at start 25", "zeros", [0, 0, *around(30, 23, 0.1)], 25, 35, 70),
        ("zero start then small then level", "zeros", [0, 0, 1, 2, 0, 1, *around(60, 10, 0.1)], 48, 70, 140),
        ("quarterly 24", "zeros", [0, 0, 90] * 8, 0, 10, 100),
        ("quarterly due", "zeros", [90, 0, 0] * 8, 75, 100, 190),
        (
            "quarterly due noisy",
            "zeros",
            [v * x for v, x in zip([90, 0, 0] * 8, around(1, 24, 0.15), strict=False)],
            60,
            110,
            210,
        ),
        ("now and then big", "zeros", put([0.0] * 30, {-3: 500, -9: 450, -16: 520, -22: 480}), 20, 150, 1050),
        ("every month small, each quarter big", "rhythm", [100, 20, 20] * 8, 85, 110, 210),
        ("biennial zero", "zeros", [30, 0] * 10, 24, 36, 65),
    ]


def _levels() -> list[tuple[object, ...]]:
    """Steps, starts, tiny and great units, unknown months."""
    return [
        ("step up x3 3 months ago", "step", around(100, 24, 0.05) + around(300, 3, 0.05), 200, 330, 700),
        ("step down to third 3 months ago", "step", around(300, 24, 0.05) + around(100, 3, 0.05), 85, 190, 620),
        ("step down x10 6 months ago", "step", around(1000, 24, 0.05) + around(100, 6, 0.05), 85, 125, 500),
        ("new shop ramp", "rising", [5, 20, 45, 70, 88, 97, 101, 100, 99, 102, 101, 100], 94, 106, 210),
        ("ramp 6 months", "rising", [5, 20, 45, 70, 88, 97], 88, 125, 200),
        ("level alternate high low", "zeros", [150, 50] * 12, 110, 165, 310),
        ("tiny .01", "steady", [0.01] * 18, 0.0099, 0.0101, 0.02),
        ("tiny noisy .01", "steady", times(around(1, 25, 0.2), 0.01), 0.008, 0.012, 0.025),
        ("1e7 noisy", "steady", times(around(1, 25, 0.1), 1e7), 9e6, 1.12e7, 2.2e7),
        ("wild lognormal 36", "bounds", around(50, 36, 1.0, 4), 15, 110, 800),
        (
            "mixed unknown half",
            "unknown",
            put(around(70, 26, 0.1), {-k: nan for k in range(2, 26, 2)}),
            60,
            80,
            150,
        ),
        ("unknown last two", "unknown", [*around(70, 26, 0.1), nan, nan], 60, 80, 150),
    ]
