"""Series made by hand a third time: the kinds at seeds and places not tried before.

Their ranges were written down before any answer was seen. Of 62, four were answered so that a person would object:
two have been mended, two are told in the README and are not here.
"""

from __future__ import annotations

import numpy as np
from by_hand_series import Hand, around, hand_of, paused, peaks, put, year

nan = np.nan


def noisy(months: int, noise: float, seed: int) -> np.ndarray:
    """Factors about 1."""
    return np.array(around(1, months, noise, seed))


def again() -> list[Hand]:
    """The series."""
    return [hand_of(row) for row in (*_tried(), *_mended())]


def _mended() -> list[tuple[object, ...]]:
    """What those that were wrong led to."""
    return [
        ("little and much by turns, much", "zeros", [5, 480, 7, 510, 4, 530, 6, 490, 5, 500, 6], 250, 520, 1060),
        ("little and much by turns, little", "zeros", [5, 480, 7, 510, 4, 530, 6, 490, 5, 500], 0, 30, 1060),
        ("much each quarter, little between", "zeros", [300, 20, 10] * 6, 250, 340, 620),
        ("growing, 4 months", "rising", [10, 20, 35, 55], 50, 80, 110),
        ("growing, 5 months", "rising", [10, 12, 15, 19, 24], 23, 31, 48),
        ("growing, 6 months", "rising", [5, 9, 14, 22, 30, 41], 40, 60, 82),
        ("zeros, then a start of two months", "new", [0] * 9 + [10, 25, 40, 48, 52, 50, 51, 49], 45, 55, 104),
        ("zeros, then a start, 14", "new", [0] * 3 + [8, 30, 64, *around(100, 11, 0.05, 130)], 90, 110, 210),
    ]


def _tried() -> list[tuple[object, ...]]:
    """What was tried."""
    return [
        ("again: zeros 18 then 5 uneven", "bounds", [0] * 18 + [4, 90, 30, 15, 60], 10, 70, 185),
        ("again: lognormal 7 months s91", "bounds", around(40, 7, 1.3, 91), 5, 140, 600),
        (
            "again: one order of 2 among 500, 30",
            "bounds",
            put(around(500, 30, 0.12, 93), {-17: 2.0}),
            430,
            580,
            1100,
        ),
        ("again: two small first months", "bounds", [1, 3, *around(220, 9, 0.1, 94)], 185, 260, 450),
        ("again: pause Aug-Oct last year 15 m s95", "pause", paused(260, 15, 0.15, 14, 3), 200, 320, 560),
        ("again: pause of one month last Nov", "pause", put(around(150, 22, 0.12, 96), {-12: 0}), 125, 180, 330),
        ("again: pause 4 months incl last Nov at 28", "pause", paused(75, 28, 0.15, 13, 4), 60, 92, 170),
        ("again: pause Nov both years", "pause", put(around(150, 27, 0.1, 97), {-12: 0, -24: 0}), 0, 150, 330),
        (
            "again: paused, back at half for 2 months",
            "pause",
            [*around(300, 20, 0.1, 98), 0, 0, 0, *around(150, 2, 0.1, 99)],
            110,
            300,
            650,
        ),
        (
            "again: pause ended half a year ago, 12 m",
            "pause",
            put(around(90, 12, 0.12, 100), {-8: 0, -7: 0, -6: 0}),
            72,
            112,
            200,
        ),
        ("again: peak each Nov 26 m s101", "peak", peaks(30, 600, 26), 380, 660, 1250),
        ("again: peak each Nov 60 m noise 12%", "peak", peaks(80, 900, 60, 0.12), 700, 1150, 2000),
        (
            "again: peak each Oct+Nov+Dec",
            "peak",
            put(
                around(100, 36, 0.06, 102),
                {-1: 220, -13: 230, -25: 210, -12: 420, -24: 400, -36: 410, -11: 230, -23: 220, -35: 225},
            ),
            330,
            470,
            860,
        ),
        (
            "again: peak Nov smaller each year",
            "peak",
            put(around(100, 40, 0.06, 103), {-36: 900, -24: 700, -12: 500}),
            300,
            620,
            1300,
        ),
        ("again: peak Nov only first of three", "peak", put(around(100, 37, 0.08, 104), {-36: 900}), 85, 135, 600),
        ("again: freak 20x last month, 15 m", "freak", put(around(60, 15, 0.15, 105), {-1: 1200}), 45, 110, 300),
        ("again: freak 6x three months ago 9 m", "freak", put(around(60, 9, 0.1, 106), {-3: 360}), 50, 80, 240),
        (
            "again: freak in last year's Nov and Dec",
            "freak",
            put(around(60, 28, 0.12, 107), {-12: 900, -11: 700}),
            48,
            110,
            300,
        ),
        ("again: freak last, 13 m with season", "freak", put(year(100, 25, 0.4, 0.05), {-1: 2000}), 80, 190, 500),
        (
            "again: freak 3x twice, quiet",
            "freak",
            put(around(200, 34, 0.04, 108), {-9: 620, -20: 590}),
            185,
            215,
            420,
        ),
        (
            "again: return bigger than all, last 8 m",
            "returns",
            put(around(70, 8, 0.1, 109), {-1: -700}),
            52,
            85,
            160,
        ),
        ("again: return half a year ago 5x", "returns", put(around(70, 20, 0.1, 110), {-6: -400}), 58, 84, 150),
        (
            "again: returns two of last three",
            "returns",
            put(around(70, 24, 0.1, 111), {-3: -10, -1: -15}),
            35,
            82,
            160,
        ),
        ("again: net zero month then usual", "returns", put(around(70, 24, 0.1, 112), {-4: 0}), 60, 82, 150),
        ("again: silent 3 after seldom", "silent", [0, 20, 0, 0, 25, 0, 0, 22, 0, 0, 0, 24, 0, 0, 0], 0, 14, 50),
        ("again: one order in last 8", "silent", [*around(90, 14, 0.1, 113), 0, 0, 0, 0, 15, 0, 0, 0], 0, 16, 100),
        ("again: two zero then small", "silent", [*around(90, 16, 0.1, 114), 0, 0, 8], 8, 90, 190),
        ("again: 5 falling then up", "short", [90, 70, 55, 48, 60], 42, 66, 130),
        ("again: 3 same then double", "short", [30, 30, 60], 35, 66, 130),
        ("again: 2 far apart", "short", [500, 20], 15, 280, 1100),
        ("again: 5 with peak in the middle", "short", [40, 42, 200, 41, 39], 36, 70, 150),
        ("again: 3 zeros one", "short", [0, 0, 12], 5, 14, 25),
        ("again: 1 huge", "short", [98000], 78000, 115000, 200000),
        (
            "again: halves each quarter 18 m s115",
            "falling",
            list(400 * 0.5 ** (np.arange(18) / 3) * noisy(18, 0.06, 115)),
            5,
            10,
            30,
        ),
        (
            "again: straight fall 14 s116",
            "falling",
            list((400 - 20 * np.arange(14)) * noisy(14, 0.04, 116)),
            95,
            150,
            290,
        ),
        (
            "again: fall stopped 5 m ago",
            "falling",
            [400 - 20 * m for m in range(14)] + [138, 142, 140, 139, 141],
            130,
            146,
            290,
        ),
        ("again: 5 falling small", "falling", [20, 17, 13, 10, 8], 4, 8, 16),
        (
            "again: season on falling line",
            "falling",
            list(np.array(year(300, 36, 0.3, 0.04)) * (1 - np.arange(36) / 45)),
            45,
            85,
            180,
        ),
        (
            "again: line rising 20 s117 noise 2%",
            "trend",
            list((60 + 9 * np.arange(20)) * noisy(20, 0.02, 117)),
            225,
            255,
            470,
        ),
        ("again: rising with plateau 2 m", "trend", [60 + 9 * m for m in range(18)] + [214, 213], 205, 240, 440),
        ("again: zig zag rising", "trend", [50 + 6 * m + (8 if m % 2 else -8) for m in range(22)], 165, 200, 370),
        ("again: slow exponential 40", "trend", [30 * 1.03**m for m in range(40)], 94, 101, 200),
        (
            "again: item ended, 2 zeros after fall",
            "discontinued",
            [*around(80, 15, 0.1, 118), 50, 25, 10, 0, 0],
            0,
            8,
            80,
        ),
        ("again: item 6 zeros", "discontinued", [*around(80, 30, 0.1, 119), *[0] * 6], 0, 0, 1),
        ("again: remnants 2,0,1", "discontinued", [*around(80, 20, 0.1, 120), 2, 0, 1], 0, 8, 90),
        ("again: leading zeros 24 then 2", "new", [0] * 24 + [35, 40], 28, 46, 85),
        ("again: leading zeros 6 then 13 s121", "new", [0] * 6 + around(45, 13, 0.15, 121), 36, 56, 100),
        ("again: leading zeros with one trial", "new", [0] * 8 + [2, 0] + around(45, 4, 0.1, 122), 34, 52, 100),
        ("again: leading unknown 5 zeros 3", "new", [nan] * 5 + [0] * 3 + around(45, 7, 0.1, 123), 38, 54, 100),
        ("again: zero leading 20 order 100 once", "new", [0] * 20 + [100], 20, 110, 210),
        ("again: thirds: every third month", "zeros", [0, 60, 0] * 8, 0, 66, 130),
        (
            "again: every third month, due s124",
            "zeros",
            list(np.array([60, 0, 0] * 7) * noisy(21, 0.2, 124)),
            42,
            78,
            150,
        ),
        ("again: mostly zero last year's Nov", "zeros", put([0.0] * 26, {-12: 40, -20: 30, -5: 35}), 0, 30, 85),
        (
            "again: unknown Nov last year",
            "unknown",
            put(around(90, 25, 0.1, 126), {-12: nan, -13: nan}),
            78,
            104,
            190,
        ),
        ("again: last month unknown", "unknown", put(around(90, 25, 0.1, 127), {-1: nan}), 78, 104, 190),
        ("again: 4 of the 5 unknown", "unknown", [nan, nan, 50, nan, nan, 60, nan], 42, 66, 130),
    ]
