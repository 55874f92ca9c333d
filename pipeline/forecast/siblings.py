"""What the months without orders of a series' siblings tell of its own: a month that nobody ordered in is no pause."""

from __future__ import annotations

import numpy as np

from pipeline.forecast.history import SEASON, Flags, Ints, Panel

FEWEST_SIBLINGS = 5
SHARED = 0.4  # share of siblings without orders from which a month without orders is everybody's


def taking_part(panel: Panel, zero: Flags, silent: Flags) -> Flags:
    """Known months from a series' first order on, of silent ones up to the last: those before and after, and those of
    series that never order, tell nothing of the months of siblings."""
    known = np.isfinite(panel.values)
    ordered = known & ~zero
    begun = np.maximum.accumulate(ordered, axis=1)
    goes_on = np.maximum.accumulate(ordered[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(known & begun & (goes_on | ~silent[:, None]))


def of_everybody(panel: Panel, zero: Flags, going: Flags, group: Ints, yearly: Flags) -> Flags:
    """Months in which many of a series' siblings, of those that took part in them, had no orders either.

    Siblings that have none in that month every year (irrigation in winter) tell nothing to a series that had some in
    it a year before or after.
    """
    others = _of_many(panel, zero & ~yearly, going & ~yearly, group)
    return _of_many(panel, zero, going, group) & (others | ~_ordered_another_year(panel, zero))


def _ordered_another_year(panel: Panel, zero: Flags) -> Flags:
    """Months whose like a year before or after had orders."""
    ordered = np.isfinite(panel.values) & ~zero
    another = np.zeros_like(ordered)
    another[:, SEASON:] |= ordered[:, :-SEASON]
    another[:, :-SEASON] |= ordered[:, SEASON:]
    return another


def _of_many(panel: Panel, zero: Flags, going: Flags, group: Ints) -> Flags:
    group = np.unique(group, return_inverse=True)[1]  # of a sample few numbers are left, far apart
    start = panel.last - panel.months + 1
    width = zero.shape[1]
    span = width + int(start.max(initial=0) - start.min(initial=0))
    place = group[:, None] * span + (start - start.min(initial=0))[:, None] + np.arange(width)[None, :]
    size = int(group.max(initial=0) + 1) * span
    without = np.bincount(place[going], weights=zero[going].astype(float), minlength=size)
    count = np.bincount(place[going], minlength=size)
    shared = (count >= FEWEST_SIBLINGS) & (without > SHARED * count)
    return np.asarray(shared[place])
