"""Unknown months filled and single freak months pulled in, so that they do not carry into the forecast.

What is forecast from is the repaired history; what the intervals are measured against is the true one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.history import Flags, Floats, Ints
from pipeline.forecast.kernels import NO_TREND, Model
from pipeline.forecast.structural import expected_from_others
from pipeline.forecast.wild import WILD_UP, every_year, neighbours, tamed

TYPICAL = Model(level=0.3, trend=NO_TREND, season=6.0, season_kept=0.99)
FILL_STEPS = 25
FREAK = 4.5  # how many robust deviations a month may be away from what the other months say
TWO_YEARS = 24  # before a calendar month was seen twice, a peak may be the season
PERHAPS_WILD = 0.8  # of that, from the mean, which the month itself has moved


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
        near = neighbours(part)
        near = np.where(np.isfinite(near), near, np.nanmedian(part, axis=1, keepdims=True))
        guess[own, :length] = np.where(np.isfinite(part), part, near)
    if len(rows):
        calm = tamed(guess, months[rows], last[rows], group[rows])
        wild[rows] = (np.nan_to_num(calm) != np.nan_to_num(guess)) & ~unknown[rows]
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


def pulled_in(values: Floats, months: Ints, last: Ints, group: Ints, calm: Floats | None = None) -> Repaired:
    """Freak months moved to the edge of what the others allow; wild ones to what the others let expect.

    What comes every year is no freak, however far it stands out, and neither is what siblings share. The last
    month, which may be a new level, is touched only where it is wild.

    Args:
        values: series × month on their scale, gaps filled.
        months, last: months of each series and the number of its last month.
        group: number of the siblings of each series.
        calm: the values `tamed`, where that is known already.
    """
    calm = tamed(values, months, last, group) if calm is None else calm
    answer = calm.copy()
    for length in np.unique(months[months >= TWO_YEARS]):
        rows = np.flatnonzero(months == length)
        part = calm[rows, :length]
        away, relative = expected_from_others(part - part.mean(axis=1, keepdims=True), length, TYPICAL)
        usual = _usual(relative)
        size = np.abs(relative)
        beyond = np.where(size > FREAK * usual, 1 - FREAK * usual / np.where(size > 0, size, 1.0), 0.0)
        beyond[:, -1] = 0.0
        beyond[every_year(relative / np.maximum(usual, np.finfo(float).tiny))] = 0.0
        answer[rows, :length] = part - beyond * away
    return Repaired(answer, np.nan_to_num(calm) != np.nan_to_num(values))


def _usual(relative: Floats) -> Floats:
    """Robust deviation of each series' months from what the others let expect."""
    return np.asarray(1.4826 * np.median(np.abs(relative), axis=1, keepdims=True))
