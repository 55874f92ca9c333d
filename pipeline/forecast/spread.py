"""Deviations that structural forecasts state, and the errors of the past on their scale, made fit for intervals.

What a series' few months say of its noise is drawn to its pool; the noise of low months is learned to be another than
that of high ones; and the errors of months whose shared season had seen them are made as great as they would
have been without.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.history import SEASON, Floats, Ints
from pipeline.forecast.intervals import WILD_ERROR
from pipeline.forecast.season import Patterns
from pipeline.forecast.structural import Foretold

LEAST_STATED = 1e-3  # of the level: deviations stated surer than this tell nothing of errors
MONTHS_OF_POOL = 3.0  # what the usual deviation of a pool counts beside a series' own months
FEWEST_ERRORS = 60  # from which it can be told how the noise goes with the level
MOST_POWER = 0.5  # of counts that are independent of each other (Poisson)
PRIOR_OF_POWER = 12.0  # squares of logarithms that speak for no such power
LEAST_TELLING, MOST_TELLING = 0.05, 8.0  # scaled errors, when asked for that power
FURTHEST_LEVEL = 1.5  # in logarithms, from the usual level
FEWEST_SIBLINGS = 20  # whose mean error is that of the season they share, not of themselves
KNOWN_BEFORE = 2 * SEASON  # months from which a group's own season is known
SEEN_BY_OTHERS = 0.5  # of three years: one is the season's, one the judged year's
SEEN_BEFORE = 2 / 3  # of what the shared season owes to having seen a month: measured on the public sets


@dataclass(frozen=True)
class Spread:
    """Today's deviation of each series, and the sample's past ones and scaled errors (series × origin)."""

    deviation: Floats
    past: Floats
    errors: Floats


def spread_of(ahead: Foretold, past: Foretold, came: Floats, months: Ints, pool: Ints, sample: Ints) -> Spread:
    """Deviations drawn to what is usual in their pool, and the errors on their scale.

    Args:
        ahead: the next month of all series (one origin).
        past, came: what was foretold of the sample's last months, and what came.
        months, pool: of each series.
        sample: the rows that `past` speaks of.
    """
    deviation = ahead.deviation[:, 0]
    usual = _usual(deviation, pool)
    known = months[sample][:, None] - 1 - np.arange(past.mean.shape[1])[None, :]
    earlier = _drawn(past.deviation, known - 1, usual[sample][:, None])
    stated = past.deviation > LEAST_STATED
    errors = np.where(stated, (came - past.mean) / np.where(stated, earlier, 1.0), np.nan)
    return Spread(_drawn(deviation, months - 1, usual), np.where(stated, earlier, np.nan), errors)


def _usual(deviation: Floats, pool: Ints) -> Floats:
    """Median deviation of the pool of each series; its own where its pool has none that tells."""
    usual = deviation.copy()
    for number in np.unique(pool):
        rows = pool == number
        telling = deviation[rows & (deviation > LEAST_STATED)]
        usual[rows] = np.median(telling) if len(telling) else deviation[rows]
    return usual


def _drawn(deviation: Floats, freedom: Ints, usual: Floats) -> Floats:
    """Geometric means of own deviations, by the months behind them, and the usual one; constant series stay sure."""
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.maximum(freedom, 1) / (np.maximum(freedom, 1) + MONTHS_OF_POOL)
        mixed = np.exp(own * np.log(deviation) + (1 - own) * np.log(usual))
    return np.where(deviation > LEAST_STATED, mixed, deviation)


def by_level(spread: Spread, ahead: Floats, past: Floats) -> Spread:
    """The same where low months are noisier in proportion than high ones, as far as the errors tell.

    Source: power of the mean as variance function, Davidian & Carroll (1987), JASA 82(400).

    Args:
        ahead, past: levels in logarithms, of all series and of the sample's origins, each about its series' usual.
    """
    power = _power(spread.errors, past)
    if not power:
        return spread
    now, then = (np.exp(-power * np.clip(level, -FURTHEST_LEVEL, FURTHEST_LEVEL)) for level in (ahead, past))
    return Spread(spread.deviation * now, spread.past * then, spread.errors / then)


def _power(errors: Floats, level: Floats) -> float:
    """How steeply errors fall with the level (least squares of logarithms, drawn to 0), from 0 to `MOST_POWER`."""
    told = np.isfinite(errors) & np.isfinite(level)
    if told.sum() < FEWEST_ERRORS:
        return 0.0
    size = np.log(np.clip(np.abs(errors[told]), LEAST_TELLING, MOST_TELLING))
    place = level[told] - level[told].mean()
    place = np.clip(place, -FURTHEST_LEVEL, FURTHEST_LEVEL)
    place = place - place.mean()
    return float(np.clip(-(place @ size) / (place @ place + PRIOR_OF_POWER), 0.0, MOST_POWER))


def by_month(spread: Spread, wild: Floats, before: Floats, last: Ints, sample: Ints) -> Spread:
    """The same where some calendar months are wilder than others.

    An error of the month that is foretold, made a year ago, is not made greater for that month's wildness, which it
    has. And where three years are known only with the past errors' own, a wild month's error is half discounted: else
    it would count twice, as the month's wildness and as an error of all months.

    Args:
        wild: how far errors reach in each calendar month, over the usual (`wild_months`).
        before: the same as it was known before the past errors.
        last: number of the last month of each series.
        sample: the rows that the past errors are of.
    """
    ahead = (last + 1) % SEASON
    now = wild[ahead]
    month = (last[sample][:, None] - np.arange(spread.past.shape[1])[None, :]) % SEASON
    known = before if before.std() else wild**SEEN_BY_OTHERS
    then = np.where(month == ahead[sample][:, None], now[sample][:, None], known[month])
    return Spread(spread.deviation * now, spread.past * then, spread.errors / then)


def unseen(spread: Spread, borrowed: Floats, patterns: Patterns, months: Ints, sample: Ints) -> Floats:
    """Errors as if the months had not been seen when the shared season was found.

    What a season's month owes to the year that is judged by it cannot help the month to come. The group's own mean,
    foretold only from the months before, errs honestly: the part of the errors that a group shares becomes more like
    that, as far as its series borrow from it.

    Args:
        borrowed: how much of the group's season is in each of the sample's past forecasts.
        months: months of each series.
        sample: the rows that the errors and `borrowed` are of.
    """
    if not borrowed.any():
        return spread.errors
    group = patterns.group[sample]
    told = np.isfinite(spread.errors)
    clipped = np.where(told, np.clip(spread.errors, -WILD_ERROR, WILD_ERROR), 0.0)
    groups = len(patterns.errors)
    count = np.zeros((groups, clipped.shape[1]))
    total = np.zeros_like(count)
    np.add.at(count, group, told.astype(float))
    np.add.at(total, group, clipped)
    common = (total / np.maximum(count, 1))[group]
    honest = patterns.errors[group] / spread.past
    known = months[sample][:, None] - 1 - np.arange(clipped.shape[1])[None, :]
    asked = (known >= KNOWN_BEFORE) & (np.bincount(group, minlength=groups) >= FEWEST_SIBLINGS)[group][:, None]
    moved = spread.errors + SEEN_BEFORE * borrowed * (honest - common)
    return np.where(asked & np.isfinite(moved), moved, spread.errors)
