"""Unknown months filled and single freak months pulled in, so that they do not carry into the forecast.

What is forecast from is the repaired history; what the intervals are measured against is the true one.
"""

from __future__ import annotations

import numpy as np

from pipeline.forecast.history import Flags, Floats, Ints
from pipeline.forecast.kernels import NO_TREND, Model
from pipeline.forecast.structural import expected_from_others

TYPICAL = Model(level=0.3, trend=NO_TREND, season=6.0, season_kept=0.99)
FILL_STEPS = 25
FREAK = 4.5  # how many robust deviations a month may be away from what the other months say
TWO_YEARS = 24  # before a calendar month was seen twice, a peak may be the season


def filled(values: Floats, months: Ints) -> Floats:
    """Each unknown month inside a series becomes what the known months let expect under a typical model.

    Args:
        values: series × month on their scale, NaN where unknown.
        months: months of each series; columns after them stay NaN.
    """
    inside = np.arange(values.shape[1])[None, :] < months[:, None]
    unknown = inside & ~np.isfinite(values)
    gapped = unknown.any(axis=1)
    if not gapped.any():
        return values
    answer = values.copy()
    answer[gapped] = np.where(unknown[gapped], _interpolated(values[gapped]), values[gapped])
    for length in np.unique(months[gapped]):
        rows = np.flatnonzero(gapped & (months == length))
        answer[rows, :length] = _refined(answer[rows, :length], unknown[rows, :length])
    return answer


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
    """Straight lines between the known months of each row; after the last known month its value."""
    known = np.isfinite(values)
    column = np.broadcast_to(np.arange(values.shape[1]), values.shape)
    before = np.maximum.accumulate(np.where(known, column, 0), axis=1)
    last = values.shape[1] - 1
    after = np.minimum.accumulate(np.where(known, column, last)[:, ::-1], axis=1)[:, ::-1]
    start, end = (np.take_along_axis(values, place, axis=1) for place in (before, after))
    end = np.where(np.isfinite(end), end, start)
    along = (column - before) / np.maximum(after - before, 1)
    return np.asarray(start + (end - start) * along)


def pulled_in(values: Floats, months: Ints) -> Floats:
    """Freak months moved to the edge of what the others allow; the last month stays (it may be a new level).

    Args:
        values: series × month on their scale, gaps filled.
        months: months of each series; only series of two years and more are touched.
    """
    answer = values.copy()
    for length in np.unique(months[months >= TWO_YEARS]):
        rows = np.flatnonzero(months == length)
        part = values[rows, :length]
        away, relative = expected_from_others(part - part.mean(axis=1, keepdims=True), length, TYPICAL)
        usual = 1.4826 * np.median(np.abs(relative), axis=1, keepdims=True)
        size = np.abs(relative)
        beyond = np.where(size > FREAK * usual, 1 - FREAK * usual / np.where(size > 0, size, 1.0), 0.0)
        beyond[:, -1] = 0.0
        answer[rows, :length] = part - beyond * away
    return answer
