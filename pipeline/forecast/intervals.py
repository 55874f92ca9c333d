"""How far a forecast may be off: quantiles of the scaled errors that the same method made.

The errors of the last months, each divided by the deviation its model stated, are pooled over series
(by pool, e.g. level of the hierarchy) and their quantiles scale the stated deviations of today. A pool
with few errors is drawn to all errors, and all errors, when few, to a Student distribution.

Source: split conformal prediction, Vovk et al. (2005); Lei et al. (2018), JASA 113(523).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.history import Floats, Ints

LEVELS = (0.80, 0.95)
STUDENT = (1.476, 2.571)  # quantiles of |t| with 5 degrees of freedom at LEVELS
PRIOR_ERRORS = 30.0  # what a distribution assumed beforehand counts, in errors
OPTIMISM = 1.02  # models were weighted by the months that they are judged by: measured on the public sets
FEWEST_TOGETHER = 5  # series from which errors of one month can be said to go together
WILD_ERROR = 4.0  # scaled errors count for no more in what they share
MONTHS_SHARED = 1.0  # how much the shared part of the errors widens, over its share
LAST_MONTHS = 3
LEAST_COMMON, FULLY_COMMON = (
    0.1,
    0.4,
)  # shares of the last months' errors from which, and at which, they are a shock
MOST_SHOCK = 2.0  # a shock makes intervals at most three times as wide


@dataclass(frozen=True)
class Reach:
    """How many stated deviations the 80 % and the 95 % interval reach to each side, by series."""

    reach80: Floats
    reach95: Floats


def reach_by_pool(errors: Floats, pool_of_error: Ints, pool_of_series: Ints) -> Reach:
    """Reach of each series' intervals from the pooled scaled errors.

    Args:
        errors: actual less forecast over stated deviation; NaN is left out.
        pool_of_error, pool_of_series: pool number of each error and of each series.
    """
    size = np.abs(errors)
    told = np.isfinite(size)
    size, pool = size[told], pool_of_error[told]
    pools = int(max(pool_of_series.max(initial=0), pool.max(initial=0))) + 1
    overall80 = drawn_quantile(size, LEVELS[0], STUDENT[0])
    # Where too few errors tell of the wide interval, it is to the narrow one as with the assumed errors.
    overall95 = drawn_quantile(size, LEVELS[1], overall80 * STUDENT[1] / STUDENT[0])
    of_pool = [size[pool == number] for number in range(pools)]
    reach80 = np.array([drawn_quantile(part, LEVELS[0], overall80) for part in of_pool])
    reach95 = np.array([drawn_quantile(part, LEVELS[1], overall95) for part in of_pool])
    return Reach(reach80[pool_of_series], np.maximum(reach80, reach95)[pool_of_series])


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
    return (
        OPTIMISM * float(np.sqrt(1 + MONTHS_SHARED * shared)) * _shock(errors, float(common[:LAST_MONTHS].max()))
    )


def _shock(errors: Floats, common: float) -> float:
    """How much greater the last months' errors were, as far as they moved together (share `common`)."""
    recent, before = np.abs(errors[:, :LAST_MONTHS]), np.abs(errors[:, LAST_MONTHS:])
    if not np.isfinite(recent).any() or not np.isfinite(before).any():
        return 1.0
    ratio = float(np.nanquantile(recent, LEVELS[0]) / max(np.nanquantile(before, LEVELS[0]), 1e-9))
    together = min(max((common - LEAST_COMMON) / (FULLY_COMMON - LEAST_COMMON), 0.0), 1.0)
    return 1.0 + together * min(max(ratio - 1.0, 0.0), MOST_SHOCK)


def drawn_quantile(size: Floats, level: float, assumed: float) -> float:
    """The level's conformal quantile (rank ⌈(n+1)·level⌉ of n), drawn to an assumed one where n is small.

    Fewer than 1 ÷ (1 − level) errors say nothing of the level: then it is the assumed quantile.
    """
    rank = int(np.ceil((len(size) + 1) * level))
    if rank > len(size):
        return assumed
    measured = float(np.partition(size, rank - 1)[rank - 1])
    return (len(size) * measured + PRIOR_ERRORS * assumed) / (len(size) + PRIOR_ERRORS)
