"""Calendar months that are wilder than others: those of a festival, of holidays, of a year's end.

How much wider a month's interval is, all series say together: how far they were off in that month of earlier years,
over how far they usually are. What one year's shock did must not pass for the month's nature, so it counts by how
much the same month differs from year to year (empirical Bayes).

Source: Robbins (1956); Efron & Morris (1973), "Stein's estimation rule and its competitors", JASA 68(341).
"""

from __future__ import annotations

import numpy as np

from pipeline.forecast.history import SEASON, Floats, Ints
from pipeline.forecast.moving import REGULAR
from pipeline.forecast.structural import expected_from_others

FEWEST_SERIES = 5  # that speak of a month: fewer tell of themselves
FEWEST_YEARS = 3  # how the same month differs must be seen
CAUTION = 2.0  # how much more chance is allowed for: a shock lasts months, and years are few
LEAST_UNLIKE = 0.08  # deviation of the months' logarithms with less than which they are taken as alike
MOST_TELLING = 4.0  # times a series' usual error: further counts no more


def wild_months(values: Floats, months: Ints, last: Ints, unseen: int = 0) -> Floats:
    """How far errors reach in each calendar month (January first), over the usual; geometric mean 1.

    Args:
        values: series × month on their scale, gaps filled, about 0.
        months, last: months of each series and the number of its last month.
        unseen: so many of the last months are not looked at.
    """
    size, number = _sizes(values, months, last, unseen)
    month, place = np.unique(number, return_inverse=True)
    count = np.bincount(place, minlength=len(month))
    told = count >= FEWEST_SERIES
    mean = np.bincount(place, weights=size, minlength=len(month))[told] / count[told]
    telling = mean > 0
    return _drawn(np.log(mean[telling]), month[told][telling] % SEASON)


def _sizes(values: Floats, months: Ints, last: Ints, unseen: int) -> tuple[Floats, Ints]:
    """How far each month is from what the others of its series let expect, over the usual, and the number of it."""
    place = np.arange(values.shape[1])[None, :]
    away = np.full(values.shape, np.nan)
    known = np.maximum(months - unseen, 0)
    for count in np.unique(known[known >= FEWEST_YEARS * SEASON]):
        rows = np.flatnonzero(known == count)
        away[rows, :count] = np.abs(expected_from_others(values[rows], int(count), REGULAR)[1])
    rows = np.flatnonzero(np.isfinite(away).any(axis=1))
    usual = np.full(len(values), np.nan)
    usual[rows] = np.nanmedian(away[rows], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.minimum(away / usual[:, None], MOST_TELLING)
    number = (last - months + 1)[:, None] + place
    told = np.isfinite(size) & (usual > 0)[:, None]
    return size[told], np.asarray(number[told], dtype=np.int64)


def _drawn(logs: Floats, calendar: Ints) -> Floats:
    """Mean logarithm of each calendar month, drawn to that of all by how much it differs between years."""
    count = np.bincount(calendar, minlength=SEASON)
    if not len(logs) or count.min() < FEWEST_YEARS:
        return np.ones(SEASON)
    mean = np.bincount(calendar, weights=logs, minlength=SEASON) / count
    within = float(((logs - mean[calendar]) ** 2).sum()) / (len(logs) - SEASON)
    away = mean - mean.mean()
    # One year of each is spent on the season itself.
    chance = CAUTION * within / (count - 1)
    between = max(float(away @ away) / (SEASON - 1) - float(chance.mean()), 0.0)
    share = between / np.maximum(between + chance, np.finfo(float).tiny)
    told = np.asarray(share * away)
    return np.exp(told) if told.std() >= LEAST_UNLIKE else np.ones(SEASON)
