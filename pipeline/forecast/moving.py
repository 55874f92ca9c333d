"""Effects of the calendar that do not fall into the same month every year: festivals, working days.

Every such effect comes through one door: a function that gives each month a number (`Moving`). Its
strength is the regression of the one-step errors under a structural model on the errors of
that number (generalised least squares), learned from all series and shrunk from there to each series
by how much the series differ (empirical Bayes). Unless forced it is used only where, month by month,
what was known before would have foretold the errors better with it than without.

Source: Harvey (1989), ch. 7 (explanatory variables); Bell & Hillmer (1983), "Modeling Time Series with
Calendar Variation", JASA 78.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pipeline.forecast.calendar_doubt import KnownBefore, Observed
from pipeline.forecast.history import SEASON, Flags, Floats, Ints
from pipeline.forecast.kernels import NO_TREND, Model, factor
from pipeline.forecast.structural import padded

Moving = Callable[[int], float]
# A strong season: what returns in the same month each year must not be taken for the festival.
REGULAR = Model(level=0.3, trend=NO_TREND, season=40.0, season_kept=0.99)
LEAST_GAIN = 0.03  # of the errors in the months that the effect touches
LEAST_GAIN_OF_DAYS = 0.001  # what touches every month, each a little
YEARS_ASKED = 5
FEWEST_MONTHS = 240  # of all series together, from which such an effect can be told from chance
BY_CHANCE = 0.5  # more is asked of few months: over the root of their number
FEWEST_TOUCHED = 12  # months of series that the effect touches: one series must have known five festivals
MOST_YEARS = 0.5  # share of the years in which it must have helped
FURTHEST = 6.0  # noises: errors count for no more
LEAST_WEIGHT = 1e-9  # of a series' errors of the number: it is touched
LEAST_NOISE = 1e-12  # variance on the scale from which a series is not constant


@dataclass(frozen=True)
class Strength:
    """What a moving effect adds to each month of each series (series × months + 1: the next month included).

    Attributes:
        added: what it adds.
        used: whether it is used.
        learned: how much of that was not known before the month itself; 0 in months to come.
        doubt: standard error of what was known before, 0 of what touches every month.
    """

    added: Floats
    used: bool
    learned: Floats
    doubt: Floats

    @classmethod
    def nothing(cls, shape: tuple[int, ...]) -> Strength:
        """An effect that nothing tells of."""
        return cls(np.zeros(shape), False, np.zeros(shape), np.zeros(shape))


def moving_effect(
    values: Floats,
    months: Ints,
    last: Ints,
    moving: Moving,
    forced: bool,
    fewest: int = 2 * SEASON,
    every_month: bool = False,
) -> Strength:
    """The effect of one moving number on each series.

    Args:
        values: series × month on their scale, gaps filled, NaN after each series' end.
        months, last: months of each series and the number of its last month.
        moving: the number of a month.
        forced: use it without asking whether it would have helped.
        fewest: months that a series must have, unless forced, to speak of the effect.
        every_month: it touches all months a little, not a few much: asked by whole years, of each series.
    """
    number = _laid_under(months, last, moving, values.shape[1] + 1)
    start = last - months + 1
    observed, uneven = _observed(values, number, months, start)
    weight = np.einsum("ij,ij->i", observed.of_number, observed.of_number)
    rows = np.flatnonzero((weight > LEAST_WEIGHT) & uneven & (months > (SEASON if forced else fewest - 1)))
    if not len(rows):
        return Strength.nothing(number.shape)
    telling = observed.rows(rows)
    helped = forced or (_years_won(telling, months[rows]) if every_month else _would_have_helped(telling))
    known = KnownBefore.of(telling) if helped else KnownBefore.of(telling).unused()
    then, error = known.before(start, number.shape[1])
    surprise = np.where(uneven[:, None], _surprise(number, months), 0.0)
    doubt = np.zeros_like(number) if every_month else error * np.abs(surprise)
    if not helped:
        return Strength(np.zeros_like(number), False, np.zeros_like(number), doubt)
    told, weights = np.zeros(len(number)), np.zeros(len(number))
    told[rows], weights[rows] = np.einsum("ij,ij->i", telling.error, telling.of_number), weight[rows]
    slope = _shrunk(told, weights, observed.noise)
    slope = np.where(
        ~uneven & (weight > LEAST_WEIGHT), 0.0, slope
    )  # it stayed as it was through what moved the others
    learned = np.zeros_like(number) if every_month else (telling.slope - then) * surprise
    return Strength(slope[:, None] * number, True, learned, doubt)


def _observed(values: Floats, number: Floats, months: Ints, start: Ints) -> tuple[Observed, Flags]:
    """Errors of the series and of the number, and which series are not constant.

    A constant series tells nothing of an effect; by its noise it would be surer than all others together.
    """
    error, of_number = one_step_errors(values, months), one_step_errors(number[:, :-1], months)
    noise = np.einsum("ij,ij->i", error, error) / np.maximum(months - 1, 1)
    uneven = noise > LEAST_NOISE
    plain = Observed(error, of_number, np.where(uneven, noise, 1.0), start)
    # What an epidemic did to a month is not the festival's doing: no error is further than `FURTHEST` from the effect.
    effect = plain.rows(np.flatnonzero(uneven)).slope * of_number
    furthest = FURTHEST * np.sqrt(_noise(error, months))[:, None]
    error = effect + np.clip(error - effect, -furthest, furthest)
    return Observed(error, of_number, plain.noise, start), uneven


def _surprise(number: Floats, months: Ints) -> Floats:
    """How far each month's number is from what the months before it let expect; 0 after the next month."""
    width, whole = number.shape[1], factor(REGULAR)
    away = (number @ whole.inverse[:width, :width].T) * whole.diagonal[:width]
    return np.where(np.arange(width)[None, :] <= months[:, None], away, 0.0)


def _noise(error: Floats, months: Ints) -> Floats:
    """Variance of each series' errors, by their median: a few wild months do not make a noisy series."""
    inside = (np.arange(error.shape[1])[None, :] < months[:, None]) & (np.arange(error.shape[1]) > 0)
    middle = np.nanmedian(np.where(inside, np.abs(error), np.nan), axis=1)
    plain = np.einsum("ij,ij->i", error, error) / np.maximum(months - 1, 1)
    return np.asarray(np.where(middle > 0, np.minimum((1.4826 * middle) ** 2, plain), plain))


def _laid_under(months: Ints, last: Ints, moving: Moving, width: int) -> Floats:
    """The number of each month of each series, and of the next month, in `width` columns."""
    first = int((last - months + 1).min())
    every = np.array([moving(number) for number in range(first, int(last.max()) + 2)])
    place = (last - months + 1 - first)[:, None] + np.arange(width)[None, :]
    inside = np.arange(width)[None, :] <= months[:, None]
    return np.where(inside, every[np.minimum(place, len(every) - 1)], 0.0)


def one_step_errors(values: Floats, months: Ints) -> Floats:
    """One-step errors under the regular model, zero in the first month and after the end."""
    width = values.shape[1] + 1
    inside = np.arange(width)[None, :] < months[:, None]
    error = padded(np.where(inside[:, :-1], values, 0.0)) @ factor(REGULAR).inverse[:width, :width].T
    inside[:, 0] = False
    return np.where(inside, error, 0.0)


def _would_have_helped(observed: Observed) -> bool:
    """Whether the pooled slope, learned up to each month, foretold that month's errors of all series.

    It must have won over all months that the effect touches, and in most of the years.
    """
    size = np.sqrt(observed.noise)[:, None]
    scaled, number = observed.error / size, observed.of_number / size
    slope = KnownBefore.of(observed).before(observed.start, scaled.shape[1])[0]
    gain = observed.by_month(np.abs(scaled) - np.abs(scaled - slope * number))
    touched = (np.abs(observed.of_number) > 0.1 * np.abs(observed.of_number).max()) & (slope != 0)
    at_stake = observed.by_month(np.abs(scaled) * touched)
    year = (np.arange(len(gain)) + int(observed.start.min())) // SEASON
    by_year = np.bincount(year - year[0], weights=gain)[np.bincount(year - year[0], weights=at_stake) > 0]
    least = LEAST_GAIN + BY_CHANCE / np.sqrt(max(float(touched.sum()), 1.0))
    return bool(
        touched.sum() >= FEWEST_TOUCHED
        and gain.sum() > least * at_stake.sum()
        and (by_year > 0).mean() >= MOST_YEARS
    )


def _years_won(observed: Observed, months: Ints) -> bool:
    """Whether each series' slope, learned up to each of its last years, foretold that year's errors better."""
    error, error_of_number, noise = observed.error, observed.of_number, observed.noise
    size = 1 / np.sqrt(noise)[:, None]
    back = months[:, None] - 1 - np.arange(error.shape[1])[None, :]
    gain, at_stake = [], []
    for year in range(YEARS_ASKED):
        before, inside = back >= SEASON * (year + 1), (back >= SEASON * year) & (back < SEASON * (year + 1))
        rows = before.sum(axis=1) >= 2 * SEASON - 1
        if not rows.any():
            break
        part = [np.where(before[rows], one[rows], 0.0) for one in (error, error_of_number)]
        told, weight = np.einsum("ij,ij->i", part[0], part[1]), np.einsum("ij,ij->i", part[1], part[1])
        slope = _shrunk(told, weight, noise[rows])[:, None]
        away = np.abs(error[rows]) - np.abs(error[rows] - slope * error_of_number[rows])
        gain.append(float(np.where(inside[rows], away * size[rows], 0.0).sum()))
        at_stake.append(float(np.where(inside[rows], np.abs(error[rows]) * size[rows], 0.0).sum()))
    if not gain or int(months.sum()) < FEWEST_MONTHS:
        return False
    return sum(gain) > LEAST_GAIN_OF_DAYS * sum(at_stake)


def _shrunk(told: Floats, weight: Floats, noise: Floats) -> Floats:
    """Slopes of the series, pulled to the pooled slope by the variance between series."""
    precision = weight / noise
    pooled = (told / noise).sum() / precision.sum()
    away = np.where(weight > 0, told / np.where(weight > 0, weight, 1.0) - pooled, 0.0)
    between = max(float((precision * away**2 - (weight > 0)).sum() / precision.sum()), 0.0)
    trust = between * precision / (between * precision + 1)
    return np.asarray(pooled + trust * away)
