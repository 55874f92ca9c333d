"""A new customer's first months, each above the one before until it buys its usual: no trend, no season, no noise.

What is left out is only a rise from the very first month that has since come to rest.
"""

from __future__ import annotations

import numpy as np

from pipeline.forecast.history import SEASON, Floats, Ints

FEWEST_AT_REST = 6  # months at the usual level
FEWEST_RISING = 2
FIRST_BELOW = 0.5  # of the usual month: the first month
AT_REST = 0.8  # of the usual month, from which the rise is over
LEAST_AT_REST, MOST_AT_REST = 0.7, 1.4  # of the usual month: all months since
STILL_RISING = 0.15  # second half of the months at rest over the first: with more it is a trend


def started_up(values: Floats, months: Ints) -> Ints:
    """How many of each series' first months were its start; 0 where it did not start so, or has not come to rest.

    Args:
        values: series × month in their own unit, NaN where unknown and after each series' end.
        months: months of each series.
    """
    lead = np.zeros(len(values), dtype=np.int64)
    if values.shape[1] < FEWEST_RISING + FEWEST_AT_REST:
        return lead
    with np.errstate(invalid="ignore"):
        rising = (np.diff(values[:, : FEWEST_RISING + 1], axis=1) > 0).all(axis=1) & (values[:, 0] >= 0)
    for row in np.flatnonzero(rising & (months >= FEWEST_RISING + FEWEST_AT_REST)):
        lead[row] = _start_of(values[row, : months[row]])
    return lead


def _start_of(own: Floats) -> int:
    """Months of the start of one series that rose in its first ones."""
    usual = float(np.nanmedian(own[-SEASON:]))
    reached = np.flatnonzero(own >= AT_REST * usual)
    if not len(reached) or not usual > 0 or own[0] >= FIRST_BELOW * usual:
        return 0
    end = int(reached[0])
    rest = own[end:]
    known = rest[np.isfinite(rest)]
    steps = np.diff(own[: end + 1])
    if end < FEWEST_RISING or len(known) < FEWEST_AT_REST or not (steps > 0).all():
        return 0
    level = bool((known >= LEAST_AT_REST * usual).all() and (known <= MOST_AT_REST * usual).all())
    half = len(known) // 2
    still = float(np.median(known[half:])) > (1 + STILL_RISING) * float(np.median(known[:half]))
    return end if level and not still else 0
