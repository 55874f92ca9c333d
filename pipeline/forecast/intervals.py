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


def drawn_quantile(size: Floats, level: float, assumed: float) -> float:
    """The level's conformal quantile (rank ⌈(n+1)·level⌉ of n), drawn to an assumed one where n is small.

    Fewer than 1 ÷ (1 − level) errors say nothing of the level: then it is the assumed quantile.
    """
    rank = int(np.ceil((len(size) + 1) * level))
    if rank > len(size):
        return assumed
    measured = float(np.partition(size, rank - 1)[rank - 1])
    return (len(size) * measured + PRIOR_ERRORS * assumed) / (len(size) + PRIOR_ERRORS)
