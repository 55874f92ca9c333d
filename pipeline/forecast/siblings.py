"""What the months without orders of a series' siblings tell of its own: a month that nobody ordered in is no pause."""

from __future__ import annotations

import numpy as np

from pipeline.forecast.history import Flags, Ints, Panel

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


def of_everybody(panel: Panel, zero: Flags, going: Flags, group: Ints) -> Flags:
    """Months in which many of a series' siblings, of those that took part in them, had no orders either."""
    start = panel.last - panel.months + 1
    width = zero.shape[1]
    span = width + int(start.max(initial=0) - start.min(initial=0))
    place = group[:, None] * span + (start - start.min(initial=0))[:, None] + np.arange(width)[None, :]
    size = int(group.max(initial=0) + 1) * span
    without = np.bincount(place[going], weights=zero[going].astype(float), minlength=size)
    count = np.bincount(place[going], minlength=size)
    shared = (count >= FEWEST_SIBLINGS) & (without > SHARED * count)
    return np.asarray(shared[place])


def shared_last(nothing: Flags, going: Flags, last: Ints, group: Ints) -> Flags:
    """Whether many of a series' siblings that end in the same month, and took part in it, had nothing in it either."""
    family = np.unique(np.stack([group, last]), axis=1, return_inverse=True)[1].ravel()
    count = np.bincount(family, weights=going.astype(float))
    without = np.bincount(family, weights=(nothing & going).astype(float))
    return np.asarray(((count >= FEWEST_SIBLINGS) & (without > SHARED * count))[family])
