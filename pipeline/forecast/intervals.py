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
    by_level = []
    for level, assumed in zip(LEVELS, STUDENT, strict=True):
        overall = drawn_quantile(size, level, assumed)
        of_pool = np.array([drawn_quantile(size[pool == number], level, overall) for number in range(pools)])
        by_level.append(of_pool[pool_of_series])
    return Reach(*by_level)


def drawn_quantile(size: Floats, level: float, assumed: float) -> float:
    """The level's conformal quantile (rank ⌈(n+1)·level⌉ of n), drawn to an assumed one where n is small."""
    if not len(size):
        return assumed
    rank = min(int(np.ceil((len(size) + 1) * level)), len(size)) - 1
    measured = float(np.partition(size, rank)[rank])
    return (len(size) * measured + PRIOR_ERRORS * assumed) / (len(size) + PRIOR_ERRORS)
