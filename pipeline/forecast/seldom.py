"""Series that order in fewer than half of their months: exponential smoothing of what they bought, without season.

With so few orders neither season nor trend can be told from chance; on public data (parts sold) plain smoothing
with a weight of .2 was better than the structural models at every length, 3 to 9 % up to two years; where siblings
lend a season it may lose, so from two years on it must have won in the set's own last months. What orders in the
same months every year is no such series.

Source: Syntetos & Boylan (2005), "The accuracy of intermittent demand estimates", IJF 21.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.history import SEASON, Flags, Floats, Ints
from pipeline.forecast.intervals import LEVELS

SMOOTHING = 0.2
FIRST_MONTHS = 6  # whose mean the smoothing starts from
SAME_MONTHS = 0.75  # share of orders with another a year before or after from which they come every year
MANY_ZEROS = 1 / 2
LEAST_LEVEL = (
    0.75  # of the months that were tried; of those to come it is some 80 %, as what is ordered seldom fades away
)


@dataclass(frozen=True)
class Smoothed:
    """Next month and the stated deviation of each series, and its last errors, newest first (NaN: none)."""

    mean: Floats
    deviation: Floats
    errors: Floats

    def rows(self, chosen: Flags) -> Smoothed:
        """Some of the series."""
        return Smoothed(self.mean[chosen], self.deviation[chosen], self.errors[chosen])


def orders_seldom(values: Floats) -> Flags:
    """Series without an order in more than half of their months, which do not come back every year."""
    known = np.isfinite(values)
    zero = (values == 0).sum(axis=1)
    below = (np.where(known, values, 0.0) < 0).any(axis=1)
    many = (zero > MANY_ZEROS * known.sum(axis=1)) & ~below
    ordered = known & (values > 0)
    again = np.zeros_like(ordered)
    if values.shape[1] > SEASON:
        both = ordered[:, SEASON:] & ordered[:, :-SEASON]
        again[:, SEASON:] |= both
        again[:, :-SEASON] |= both
    regular = again.sum(axis=1) >= SAME_MONTHS * np.maximum(ordered.sum(axis=1), 1)
    return np.asarray(many & ~regular)


def level_of_the_going(going: int, silent: int) -> float:
    """Share of the months tried that the narrow interval of those that still order must hold.

    80 % is said of all that order seldom. Who has fallen silent is told [0; 0], which holds nearly always; so the
    intervals of the others need to hold a little less for all together to hold 80 %.

    Args:
        going, silent: how many series that order seldom go on, and have fallen silent or never ordered.
    """
    held = silent / max(going + silent, 1)
    return max((LEVELS[0] - held) / (1 - held), LEAST_LEVEL) if held < LEVELS[0] else LEAST_LEVEL


def smoothed(values: Floats, months: Ints, origins: int) -> Smoothed:
    """Smooth series (rows; NaN months are passed over) and keep the last one-step errors.

    Args:
        values: series × month in their own unit.
        months: months of each series.
        origins: how many of the last errors are answered.
    """
    inside = np.isfinite(values) & (np.arange(values.shape[1])[None, :] < months[:, None])
    start = np.where(inside, values, np.nan)[:, :FIRST_MONTHS]
    count = np.isfinite(start).sum(axis=1)
    level = np.where(count > 0, np.nan_to_num(start).sum(axis=1) / np.maximum(count, 1), 0.0)
    error = np.full(values.shape, np.nan)
    for month in range(values.shape[1]):
        away = np.where(inside[:, month], np.nan_to_num(values[:, month]) - level, 0.0)
        error[:, month] = np.where(inside[:, month], away, np.nan)
        level = level + SMOOTHING * away
    squares = np.nansum(error**2, axis=1) / np.maximum(inside.sum(axis=1), 1)
    place = months[:, None] - 1 - np.arange(origins)[None, :]
    last = np.where(place >= 0, np.take_along_axis(error, np.maximum(place, 0), axis=1), np.nan)
    return Smoothed(level, np.sqrt(squares), last)
