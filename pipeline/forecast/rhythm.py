"""Customers that order at equal distances: every other month, each quarter. It is their turn, or it is not.

What they buy in between may be little instead of nothing.

Taken only where all of the last distances were equal, and the last order is not overdue.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.history import Flags, Floats, Ints

SHORTEST, LONGEST_DISTANCE = 2, 6
FEWEST_DISTANCES = 3
LOOKED_AT = 8  # distances, newest first, that must all be equal
FEWEST_MONTHS = 9
LAST_ORDERS = 4  # whose mean is expected
LEAST_AWAY = 0.05  # of the mean: deviation of equal orders
LITTLE = 0.15  # of the usual order: a month with no more is one without


@dataclass(frozen=True)
class Rhythm:
    """Next month of each series that orders in a rhythm: what is expected, its deviation, and the usual order."""

    regular: Flags
    mean: Floats
    deviation: Floats
    order: Floats


def rhythm(values: Floats, months: Ints) -> Rhythm:
    """Which series order in a rhythm, and what they order next month.

    Args:
        values: series × month in their own unit, from the first order on.
        months: months of each series.
    """
    inside = np.arange(values.shape[1])[None, :] < months[:, None]
    known = (np.isfinite(values) & (values >= 0)) | ~inside
    little = _little(values)
    without = (values <= little[:, None]) & inside
    candidate = known.all(axis=1) & (months >= FEWEST_MONTHS) & (without.sum(axis=1) >= FEWEST_DISTANCES)
    regular = np.zeros(len(values), dtype=bool)
    mean, deviation, order = (np.zeros(len(values)) for _ in range(3))
    for row in np.flatnonzero(candidate):
        own = values[row, : months[row]]
        place = np.flatnonzero(own > little[row])
        distances = np.diff(place)[-LOOKED_AT:]
        if not _in_rhythm(distances, len(own) - 1 - int(place[-1]) if len(place) else 0):
            continue
        last = own[place[-LAST_ORDERS:]]
        due = len(own) - int(place[-1]) == int(distances[0])
        told = last if due else own[own <= little[row]][-LAST_ORDERS:]
        regular[row], order[row] = True, last.mean()
        mean[row] = told.mean()
        deviation[row] = max(float(told.std(ddof=1)), LEAST_AWAY * float(told.mean()))
    return Rhythm(regular, mean, deviation, order)


def _little(values: Floats) -> Floats:
    """Up to which value each series' month counts as one without an order."""
    known = np.isfinite(values)
    mean = np.where(known, values, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    order = np.sort(np.where(known & (values >= mean[:, None]) & (values > 0), values, np.inf), axis=1)
    middle = np.maximum(np.isfinite(order).sum(axis=1) - 1, 0) // 2
    usual = np.take_along_axis(order, middle[:, None], axis=1)[:, 0]
    return np.where(np.isfinite(usual), LITTLE * usual, 0.0)


def _in_rhythm(distances: Ints, waited: int) -> bool:
    """Whether distances between orders are equal, and the months without an order since are fewer."""
    if len(distances) < FEWEST_DISTANCES:
        return False
    first = int(distances[0])
    equal = bool((distances == first).all())
    return equal and SHORTEST <= first <= LONGEST_DISTANCE and waited < first
