"""How far a forecast may be off: quantiles of the scaled errors that the same method made.

The errors of the last months, each divided by the deviation its model stated, are pooled over series
(by pool, e.g. level of the hierarchy) and their quantiles scale the stated deviations of today. A pool
with few errors is drawn to all errors, and all errors, when few, to a Student distribution. Newer errors
count for more: what is sold becomes calmer or wilder.

Source: split conformal prediction, Vovk et al. (2005); Lei et al. (2018), JASA 113(523); with weights that fade,
Barber et al. (2023), "Conformal prediction beyond exchangeability", Annals of Statistics 51(2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.history import Floats, Ints

LEVELS = (0.80, 0.95)
STUDENT = (1.476, 2.571)  # quantiles of |t| with 5 degrees of freedom at LEVELS
PRIOR_ERRORS = 30.0  # what a distribution assumed beforehand counts, in errors
PRIOR_OF_A_SIDE = 400.0  # likewise for one side alone, of which a fortieth of the errors tells
OPTIMISM = 1.01  # models were weighted by the months that they are judged by: measured on the public sets
FADING = 0.9  # what an error counts beside one of a month later
FEWEST_FADING = 20  # series of a pool; in fewer a single new error would decide
FEWEST_TOGETHER = 5  # series from which errors of one month can be said to go together
WILD_ERROR = 4.0  # scaled errors count for no more in what they share
MONTHS_SHARED = 0.5  # how much the shared part of the errors widens, over its share
LAST_MONTHS = 3
# Shares of the last months' errors from which, and at which, they are a shock.
LEAST_COMMON, FULLY_COMMON = 0.1, 0.4
SHOCK_CARRIED = 0.5  # so much of what the last months' errors were greater than before goes on
MOST_SHOCK = 2.0  # a shock makes intervals at most twice as wide


@dataclass(frozen=True)
class Reach:
    """How many stated deviations the intervals of each series reach: at 80 % to both sides, at 95 % down and up."""

    reach80: Floats
    down95: Floats
    up95: Floats

    def wider(self, times: float) -> Reach:
        """The same, so many times as far."""
        return Reach(self.reach80 * times, self.down95 * times, self.up95 * times)

    def with_narrow(self, other: Reach) -> Reach:
        """The same with another's 80 % interval, no wider than the one at 95 %."""
        return Reach(other.reach80, *(np.maximum(side, other.reach80) for side in (self.down95, self.up95)))


@dataclass(frozen=True)
class Errors:
    """Scaled errors (actual less forecast over the deviation stated), what each counts, and its pool."""

    scaled: Floats
    weight: Floats
    pool: Ints

    @classmethod
    def of_months(cls, errors: Floats, pool: Ints, fading: float = FADING) -> Errors:
        """From series × month (newest first; NaN is left out) and the pool of each series."""
        many = np.bincount(pool, minlength=1)[pool] >= FEWEST_FADING
        weight = np.where(many[:, None], fading ** np.arange(errors.shape[1]), 1.0)
        told = np.isfinite(errors)
        return cls(errors[told], weight[told], np.broadcast_to(pool[:, None], errors.shape)[told])

    @classmethod
    def alike(cls, errors: Floats) -> Errors:
        """Errors of one pool that count alike; NaN is left out."""
        told = errors[np.isfinite(errors)]
        return cls(told, np.ones(len(told)), np.zeros(len(told), dtype=np.int64))


def reach_by_pool(errors: Errors, pool_of_series: Ints, by_side: bool = False, narrow: float = LEVELS[0]) -> Reach:
    """Reach of each series' intervals from the pooled scaled errors.

    Args:
        pool_of_series: pool number of each series.
        by_side: the 95 % interval may reach further to one side than to the other.
        narrow: share of these errors that the 80 % interval is to hold.
    """
    pools = int(max(pool_of_series.max(initial=0), errors.pool.max(initial=0))) + 1
    size = np.abs(errors.scaled)
    overall80 = drawn_quantile(size, errors.weight, narrow, STUDENT[0])
    # Where too few errors tell of the wide interval, it is to the narrow one as with the assumed errors; likewise in
    # a pool as in all.
    overall95 = drawn_quantile(size, errors.weight, LEVELS[1], overall80 * STUDENT[1] / STUDENT[0])
    reach = np.empty((3, pools))
    for number in range(pools):
        here = errors.pool == number
        own, weight = errors.scaled[here], errors.weight[here]
        reach[0, number] = drawn_quantile(np.abs(own), weight, narrow, overall80)
        wide = overall95 * (reach[0, number] / overall80 if overall80 > 0 else 1.0)
        both = drawn_quantile(np.abs(own), weight, LEVELS[1], wide)
        level = (1 + LEVELS[1]) / 2
        sides = [drawn_quantile(s * own, weight, level, both, PRIOR_OF_A_SIDE) for s in (-1.0, 1.0)]
        reach[1:, number] = np.maximum(sides if by_side else both, reach[0, number])
    return Reach(*reach[:, pool_of_series])


def widening(errors: Floats) -> float:
    """How much wider than the pool says: for what errors of one month share, and for a shock of the last months.

    Errors of a pool say what one series may do; that all of them go wrong at once they say only of as many months
    as were tried. And where the last months' errors moved together and were greater than before, as in an epidemic,
    it is they that tell of the next.

    Args:
        errors: series × months tried, newest first, scaled; NaN is left out.
    """
    told = np.isfinite(errors)
    count = told.sum(axis=0)
    if errors.shape[0] < FEWEST_TOGETHER or not (count >= FEWEST_TOGETHER).any():
        return OPTIMISM
    clipped = np.where(told, np.clip(errors, -WILD_ERROR, WILD_ERROR), 0.0)
    safe = np.maximum(count, 1)
    square = np.maximum((clipped**2).sum(axis=0) / safe, np.finfo(float).tiny)
    common = np.maximum((clipped.sum(axis=0) / safe) ** 2 - square / safe, 0.0) / square
    shared = float(common[count >= FEWEST_TOGETHER].mean())
    shock = _shock(errors, float(common[:LAST_MONTHS].max()))
    return OPTIMISM * shock * float(np.sqrt(1 + MONTHS_SHARED * shared))


def _shock(errors: Floats, common: float) -> float:
    """How much greater the last months' errors were, as far as they moved together (share `common`)."""
    recent, before = np.abs(errors[:, :LAST_MONTHS]), np.abs(errors[:, LAST_MONTHS:])
    if not np.isfinite(recent).any() or not np.isfinite(before).any():
        return 1.0
    ratio = float(np.nanquantile(recent, LEVELS[0]) / max(np.nanquantile(before, LEVELS[0]), 1e-9))
    together = min(max((common - LEAST_COMMON) / (FULLY_COMMON - LEAST_COMMON), 0.0), 1.0)
    return 1.0 + SHOCK_CARRIED * together * min(max(ratio - 1.0, 0.0), MOST_SHOCK)


def drawn_quantile(
    size: Floats, weight: Floats, level: float, assumed: float, prior: float = PRIOR_ERRORS
) -> float:
    """The level's conformal quantile, drawn to an assumed one where there are few errors.

    An error more, that of the month to come, counts as much as the weightiest and may be of any size: rank
    ⌈(n+1)·level⌉ of n where all count alike. Fewer than 1 ÷ (1 − level) errors say nothing of the level: then it
    is the assumed quantile.
    """
    if not len(size):
        return assumed
    order = np.argsort(size)
    below = np.cumsum(weight[order])
    place = int(np.searchsorted(below, level * (below[-1] + weight.max()) * (1 - 1e-12)))
    if place >= len(size):
        return assumed
    count = below[-1] ** 2 / float((weight**2).sum())
    return float((count * size[order][place] + prior * assumed) / (count + prior))
