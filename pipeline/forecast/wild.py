"""Months so far out that nothing is to be learned from them: one freak order, one month of next to nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.history import SEASON, Flags, Floats, Ints

FEWEST = 6  # months from which one of them can be told from the others
STANDS_OUT = 3.0  # robust deviations beside the median from which a month stands out
WILD = 6.0  # robust deviations beside the median from which a month is wild, if it is also
WILD_UP = float(np.log(4.0))  # so far above its neighbours on the scale: four times them
WILD_DOWN = float(np.log(10.0))  # so far below: next to nothing; a quarter may be a month of holidays,
WILD_DOWN_ONCE = float(np.log(5.0))  # but not where another year's same month, and the next one, were as usual
FEWEST_NEW, MOST_NEW = 2, 3  # last months that are alike: a new level perhaps, and no freaks one after another
ALIKE = float(np.log(1.5))  # how far from the last month
LEAST_SPREAD = 1e-3
WILD_ROUNDS = 3
BEYOND_ALL = float(np.log(1.5))  # so far above all others but two, where a season hides what is wild
FEWEST_SIBLINGS = 5
SHARED = 1.0  # mean deviations of siblings from which a month that stands out is everybody's


def tamed(values: Floats, months: Ints, last: Ints, group: Ints) -> Floats:
    """Wild months replaced, one of a series at a time, as each hides the others."""
    answer = values.copy()
    for wildest in (_wild, _wild_for_the_season):
        for _ in range(WILD_ROUNDS):
            wild = wildest(answer, months, last, group)
            row = np.flatnonzero(np.isfinite(wild.expected))
            if not len(row):
                break
            answer[row, wild.month[row]] = wild.expected[row]
    return answer


@dataclass(frozen=True)
class Wild:
    """The wildest month of each series, and what the others let expect of it (NaN: none is wild)."""

    month: Ints
    expected: Floats


def _wild(values: Floats, months: Ints, last: Ints, group: Ints) -> Wild:
    """Which month of each series, if any, lies beyond all that the others allow."""
    out = np.full(values.shape, np.nan)  # how far beside the median, in robust deviations
    month = np.zeros(len(values), dtype=np.int64)
    expected = np.full(len(values), np.nan)
    found = np.zeros(len(values), dtype=bool)
    for length in np.unique(months[months >= FEWEST]):
        rows = np.flatnonzero(months == length)
        part = values[rows, :length]
        middle = np.median(part, axis=1, keepdims=True)
        step = np.median(np.abs(np.diff(part, axis=1)), axis=1, keepdims=True)
        spread = np.maximum(1.4826 * np.median(np.abs(part - middle), axis=1, keepdims=True), step)
        far = (part - middle) / np.maximum(spread, LEAST_SPREAD)
        out[rows, :length] = far
        neighbour = part.copy()
        lonely = part - np.sort(part, axis=1)[:, -2:-1] > WILD_UP  # however wide the others are spread
        some = ((np.abs(far) > WILD) | lonely).any(axis=1)
        neighbour[some] = neighbours(part[some])
        away = part - neighbour
        low = (away < -WILD_DOWN) | ((away < -WILD_DOWN_ONCE) & _only_once(far))
        candidate = ((np.abs(far) > WILD) & ((away > WILD_UP) | low)) | (lonely & (away > WILD_UP))
        candidate &= ~every_year(far) & ~_perhaps_new_level(part, far)
        candidate[:, -1] &= far[:, -1] > 0  # a last month near nothing may be the end
        size = np.where(candidate, np.abs(far), 0.0)
        month[rows] = size.argmax(axis=1)
        found[rows] = size.max(axis=1) > 0
        expected[rows] = np.take_along_axis(neighbour, month[rows][:, None], axis=1)[:, 0]
    found &= ~_shared(out, month, months, last, group)
    return Wild(month, np.where(found, expected, np.nan))


def _wild_for_the_season(values: Floats, months: Ints, last: Ints, group: Ints) -> Wild:
    """Which month of each series, if any, lies far above what the years beside it let expect: a strong season hides it
    from the median of all months."""
    out = np.full(values.shape, np.nan)
    month = np.zeros(len(values), dtype=np.int64)
    expected = np.full(len(values), np.nan)
    found = np.zeros(len(values), dtype=bool)
    for length in np.unique(months[months >= SEASON + FEWEST]):
        rows = np.flatnonzero(months == length)
        part = values[rows, :length]
        change = part[:, SEASON:] - part[:, :-SEASON]
        middle = np.median(change, axis=1, keepdims=True)
        spread = 1.4826 * np.median(np.abs(change - middle), axis=1, keepdims=True)
        far = (change - middle) / np.maximum(spread, LEAST_SPREAD)
        out[rows, SEASON:length] = far
        leaps = np.where((np.abs(far) > WILD) & (np.abs(change - middle) > WILD_UP), np.sign(far), 0.0)
        candidate = _above_its_years(leaps) & (part - np.sort(part, axis=1)[:, -3:-2] > BEYOND_ALL)
        candidate &= ~_perhaps_new_level(part, np.pad(far, ((0, 0), (SEASON, 0))))
        month[rows] = np.where(candidate, part, -np.inf).argmax(axis=1)
        found[rows] = candidate.any(axis=1)
        expected[rows] = _as_its_years(part, month[rows], middle[:, 0])
    found &= ~_shared(out, month, months, last, group)
    return Wild(month, np.where(found, expected, np.nan))


def _perhaps_new_level(part: Floats, far: Floats) -> Flags:
    """The last months of each series, from `FEWEST_NEW` to `MOST_NEW`, that stand out to the same side and are alike.

    Two freak orders in a row of the same size are seldom; more months than these are a step (`steps`).

    Args:
        part: series × month, logarithms or roots.
        far: the same in robust deviations beside what is usual.
    """
    side = np.where(np.abs(far) > STANDS_OUT, np.sign(far), 0.0)
    alike = (side == side[:, -1:]) & (side != 0) & (np.abs(part - part[:, -1:]) <= ALIKE)
    run = np.cumprod(alike[:, ::-1], axis=1)[:, ::-1].astype(bool)
    count = run.sum(axis=1, keepdims=True)
    return np.asarray(run & (count >= FEWEST_NEW) & (count <= MOST_NEW))


def _above_its_years(leaps: Floats) -> Flags:
    """Months that leap up from the year before and down to the year after, as far as these are known, alone.

    Args:
        leaps: series × changes on the year before, 1 or −1 where they are beyond what is usual.
    """
    none = np.full((len(leaps), SEASON), np.nan)
    before, after = np.concatenate([none, leaps], axis=1), np.concatenate([-leaps, none], axis=1)
    above = np.fmin(before, after) > 0
    beside = np.zeros_like(above)
    beside[:, 1:] |= above[:, :-1]
    beside[:, :-1] |= above[:, 1:]
    return np.asarray(above & ~beside)


def _as_its_years(part: Floats, month: Ints, change: Floats) -> Floats:
    """What the same months of the years beside one month let expect, given the usual change from year to year."""
    row = np.arange(len(part))
    known = [month >= SEASON, month < part.shape[1] - SEASON]
    place = [np.maximum(month - SEASON, 0), np.minimum(month + SEASON, part.shape[1] - 1)]
    told = [part[row, place[0]] + change, part[row, place[1]] - change]
    return np.asarray(np.nanmean(np.where(known, told, np.nan), axis=0))


def neighbours(part: Floats) -> Floats:
    """The median of the months within half a year of each month, without itself."""
    length = part.shape[1]
    place = np.arange(length)[:, None] + np.concatenate([np.arange(-6, 0), np.arange(1, 7)])[None, :]
    inside = (place >= 0) & (place < length)
    taken = np.where(inside[None, :, :], part[:, np.clip(place, 0, length - 1)], np.nan)
    nothing = ~np.isfinite(taken).any(axis=2)
    taken[nothing] = 0.0
    return np.where(nothing, np.nan, np.nanmedian(taken, axis=2))


def _shared(out: Floats, month: Ints, months: Ints, last: Ints, group: Ints) -> Flags:
    """Whether the siblings' same month stands out to the same side on average."""
    group = np.unique(group, return_inverse=True)[1]  # of a sample few numbers are left, far apart
    start = last - months + 1
    first = int(start.min(initial=0)) if len(start) else 0
    span = int((last - first).max(initial=0)) + 2
    column = np.arange(out.shape[1])[None, :]
    place = group[:, None] * span + (start - first)[:, None] + column
    told = np.isfinite(out)
    clipped = np.clip(out, -STANDS_OUT, STANDS_OUT)
    size = int((group.max(initial=0) + 1) * span)
    total = np.bincount(place[told], weights=clipped[told], minlength=size)
    count = np.bincount(place[told], minlength=size)
    rows = np.arange(len(out))
    own = np.nan_to_num(clipped[rows, month])
    here = place[rows, month]
    others = (total[here] - own) / np.maximum(count[here] - 1, 1)
    return np.asarray((count[here] > FEWEST_SIBLINGS) & (np.sign(own) * others > SHARED))


def every_year(far: Floats) -> Flags:
    """Months that stand out to the same side as the same month a year before or after.

    Args:
        far: series × month, in robust deviations from what is usual.
    """
    side = np.where(np.abs(far) > STANDS_OUT, np.sign(far), 0.0)
    again = np.zeros(far.shape, dtype=bool)
    if far.shape[1] > SEASON:
        both = (side[:, SEASON:] == side[:, :-SEASON]) & (side[:, SEASON:] != 0)
        again[:, SEASON:] |= both
        again[:, :-SEASON] |= both
    return again


def _only_once(far: Floats) -> Flags:
    """Months whose same month a year before or after did not stand out, and neither did the month after."""
    once = np.zeros(far.shape, dtype=bool)
    if far.shape[1] > SEASON:
        calm = np.abs(far) < STANDS_OUT
        once[:, SEASON:] |= calm[:, :-SEASON]
        once[:, :-SEASON] |= calm[:, SEASON:]
        once[:, :-1] &= calm[:, 1:]
    return once
