"""Unknown months filled and single freak months pulled in, so that they do not carry into the forecast.

What is forecast from is the repaired history; what the intervals are measured against is the true one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.history import SEASON, Flags, Floats, Ints
from pipeline.forecast.kernels import NO_TREND, Model
from pipeline.forecast.structural import expected_from_others

TYPICAL = Model(level=0.3, trend=NO_TREND, season=6.0, season_kept=0.99)
FILL_STEPS = 25
FREAK = 4.5  # how many robust deviations a month may be away from what the other months say
TWO_YEARS = 24  # before a calendar month was seen twice, a peak may be the season
FEWEST = 6  # months from which one of them can be told from the others
STANDS_OUT = 3.0  # robust deviations beside the median from which a month stands out
WILD = 6.0  # robust deviations beside the median from which a month is wild, if it is also
WILD_UP = float(np.log(4.0))  # so far above its neighbours on the scale: four times them
WILD_DOWN = float(np.log(10.0))  # so far below: next to nothing; a quarter may be a month of holidays,
WILD_DOWN_ONCE = float(np.log(5.0))  # but not where another year's same month, and the next one, were as usual
LEAST_SPREAD = 1e-3
PERHAPS_WILD = 0.8  # of that, from the mean, which the month itself has moved
WILD_ROUNDS = 3
FEWEST_SIBLINGS = 5
SHARED = 1.0  # mean deviations of siblings from which a month that stands out is everybody's


def filled(values: Floats, months: Ints, last: Ints, group: Ints) -> Floats:
    """Each unknown month inside a series becomes what the known months let expect under a typical model.

    A freak month beside a gap is no neighbour to fill it from.

    Args:
        values: series × month on their scale, NaN where unknown.
        months, last: months of each series and the number of its last month; columns after them stay NaN.
        group: number of the siblings of each series.
    """
    inside = np.arange(values.shape[1])[None, :] < months[:, None]
    unknown = inside & ~np.isfinite(values)
    gapped = unknown.any(axis=1)
    if not gapped.any():
        return values
    usual, doubtful = values.copy(), unknown.copy()
    doubtful[gapped] |= _wild_beside_gaps(
        values[gapped], unknown[gapped], months[gapped], last[gapped], group[gapped]
    )
    usual[gapped] = _interpolated(np.where(doubtful[gapped], np.nan, values[gapped]))
    for length in np.unique(months[gapped]):
        rows = np.flatnonzero(gapped & (months == length))
        usual[rows, :length] = _refined(usual[rows, :length], doubtful[rows, :length])
    return np.where(unknown, usual, values)


def _wild_beside_gaps(values: Floats, unknown: Flags, months: Ints, last: Ints, group: Ints) -> Flags:
    """Known months beside gaps that are wild, the unknown ones taken as usual."""
    wild = np.zeros(values.shape, dtype=bool)
    rows = np.flatnonzero(_far_beside_gaps(values, unknown, months))
    guess = values[rows]
    for length in np.unique(months[rows]):
        own = np.flatnonzero(months[rows] == length)
        part = guess[own, :length]
        near = _neighbours(part)
        near = np.where(np.isfinite(near), near, np.nanmedian(part, axis=1, keepdims=True))
        guess[own, :length] = np.where(np.isfinite(part), part, near)
    if len(rows):
        tamed = _tamed(guess, months[rows], last[rows], group[rows])
        wild[rows] = (np.nan_to_num(tamed) != np.nan_to_num(guess)) & ~unknown[rows]
    return wild


def _far_beside_gaps(values: Floats, unknown: Flags, months: Ints) -> Flags:
    """Which series have, beside a gap, a month so far from their mean that it might be wild."""
    inside = np.arange(values.shape[1])[None, :] < months[:, None]
    known = inside & ~unknown
    mean = np.where(known, values, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    beside = np.zeros_like(unknown)
    beside[:, 1:] |= unknown[:, :-1]
    beside[:, :-1] |= unknown[:, 1:]
    far = np.abs(np.where(known, values, mean[:, None]) - mean[:, None]) > PERHAPS_WILD * WILD_UP
    return np.asarray((far & beside).any(axis=1))


def _refined(values: Floats, unknown: Flags) -> Floats:
    """Jacobi steps towards the conditional mean of the unknown months; half steps, so that they converge."""
    length = values.shape[1]
    centre = values.mean(axis=1, keepdims=True)
    now = values - centre
    for _ in range(FILL_STEPS):
        away, _ = expected_from_others(now, length, TYPICAL)
        now = now - np.where(unknown, 0.5 * away, 0.0)
    return np.asarray(now + centre)


def _interpolated(values: Floats) -> Floats:
    """Straight lines between the known months of each row; before the first and after the last its value."""
    known = np.isfinite(values)
    column = np.broadcast_to(np.arange(values.shape[1]), values.shape)
    before = np.maximum.accumulate(np.where(known, column, 0), axis=1)
    last = values.shape[1] - 1
    after = np.minimum.accumulate(np.where(known, column, last)[:, ::-1], axis=1)[:, ::-1]
    start, end = (np.take_along_axis(values, place, axis=1) for place in (before, after))
    end = np.where(np.isfinite(end), end, start)
    start = np.where(np.isfinite(start), start, end)
    along = (column - before) / np.maximum(after - before, 1)
    return np.asarray(start + (end - start) * along)


@dataclass(frozen=True)
class Repaired:
    """Series without freak months, and which months were `wild`: so far out that no error is measured there."""

    values: Floats
    wild: Flags


def pulled_in(values: Floats, months: Ints, last: Ints, group: Ints) -> Repaired:
    """Freak months moved to the edge of what the others allow; wild ones to what the others let expect.

    What comes every year is no freak, however far it stands out, and neither is what siblings share. The last
    month, which may be a new level, is touched only where it is wild.

    Args:
        values: series × month on their scale, gaps filled.
        months, last: months of each series and the number of its last month.
        group: number of the siblings of each series.
    """
    tamed = _tamed(values, months, last, group)
    answer = tamed.copy()
    for length in np.unique(months[months >= TWO_YEARS]):
        rows = np.flatnonzero(months == length)
        part = tamed[rows, :length]
        away, relative = expected_from_others(part - part.mean(axis=1, keepdims=True), length, TYPICAL)
        usual = _usual(relative)
        size = np.abs(relative)
        beyond = np.where(size > FREAK * usual, 1 - FREAK * usual / np.where(size > 0, size, 1.0), 0.0)
        beyond[:, -1] = 0.0
        beyond[_every_year(relative / np.maximum(usual, np.finfo(float).tiny))] = 0.0
        answer[rows, :length] = part - beyond * away
    return Repaired(answer, np.nan_to_num(tamed) != np.nan_to_num(values))


def _usual(relative: Floats) -> Floats:
    """Robust deviation of each series' months from what the others let expect."""
    return np.asarray(1.4826 * np.median(np.abs(relative), axis=1, keepdims=True))


def _every_year(far: Floats) -> Flags:
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


def _tamed(values: Floats, months: Ints, last: Ints, group: Ints) -> Floats:
    """Wild months replaced, one of a series at a time, as each hides the others."""
    answer = values.copy()
    for _ in range(WILD_ROUNDS):
        wild = _wild(answer, months, last, group)
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
        some = (np.abs(far) > WILD).any(axis=1)
        neighbour[some] = _neighbours(part[some])
        away = part - neighbour
        low = (away < -WILD_DOWN) | ((away < -WILD_DOWN_ONCE) & _only_once(far))
        candidate = (np.abs(far) > WILD) & ((away > WILD_UP) | low) & ~_every_year(far)
        candidate[:, -1] &= far[:, -1] > 0  # a last month near nothing may be the end
        size = np.where(candidate, np.abs(far), 0.0)
        month[rows] = size.argmax(axis=1)
        found[rows] = size.max(axis=1) > 0
        expected[rows] = np.take_along_axis(neighbour, month[rows][:, None], axis=1)[:, 0]
    found &= ~_shared(out, month, months, last, group)
    return Wild(month, np.where(found, expected, np.nan))


def _neighbours(part: Floats) -> Floats:
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
