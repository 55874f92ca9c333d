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

import calendar as days_of
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import holidays
import numpy as np

from pipeline.forecast.history import SEASON, Floats, Ints
from pipeline.forecast.kernels import NO_TREND, Model, factor
from pipeline.forecast.structural import padded

Moving = Callable[[int], float]
FESTIVAL_DAYS = 7
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
GIFT_DAYS = 14  # up to the Mid-Autumn Festival
SATURDAY, USUAL_WEEKDAYS = 5, 21
LEAST_NOISE = 1e-12  # variance on the scale from which a series is not constant
FIRST_MID_AUTUMN = 2008  # the first year in which the festival is a holiday
FIRST_FESTIVAL, LAST_FESTIVAL = 1950, 2100  # years the calendar of the library covers


@lru_cache(maxsize=4096)
def spring_festival_share(month: int) -> float:
    """Share of the seven days from Chinese New Year on that fall into a month (year × 12 + month − 1)."""
    year, index = divmod(month, SEASON)
    if not FIRST_FESTIVAL <= year <= LAST_FESTIVAL:
        return 0.0
    first = _new_year(year)
    festival = (first + dt.timedelta(days=day) for day in range(FESTIVAL_DAYS))
    return sum(day.month == index + 1 for day in festival) / FESTIVAL_DAYS


@lru_cache(maxsize=256)
def _new_year(year: int) -> dt.date:
    named = holidays.country_holidays("CN", years=year, language="en_US")
    return min(
        day for day, name in named.items() if name == "Chinese New Year (Spring Festival)" and day.year == year
    )


@lru_cache(maxsize=4096)
def mid_autumn_share(month: int) -> float:
    """Share of the two weeks up to the Mid-Autumn Festival that fall into a month (year × 12 + month − 1)."""
    year, index = divmod(month, SEASON)
    if not FIRST_MID_AUTUMN <= year <= LAST_FESTIVAL or not 7 <= index <= 9:
        return 0.0
    festival = _mid_autumn(year)
    before = (festival - dt.timedelta(days=day) for day in range(GIFT_DAYS))
    return sum(day.month == index + 1 for day in before) / GIFT_DAYS


@lru_cache(maxsize=256)
def _mid_autumn(year: int) -> dt.date:
    named = holidays.country_holidays("CN", years=year, language="en_US")
    return min(day for day, name in named.items() if "Mid-Autumn" in name and day.year == year)


@lru_cache(maxsize=4096)
def working_days_share(month: int) -> float:
    """How many more days from Monday to Friday a month has than 21, over 21.

    Holidays are left to the festivals' own doors: counted here too, January to March lost on public data what other
    months gained.
    """
    year, index = divmod(month, SEASON)
    count = days_of.monthrange(year, index + 1)[1]
    weekdays = sum(dt.date(year, index + 1, day + 1).weekday() < SATURDAY for day in range(count))
    return weekdays / USUAL_WEEKDAYS - 1


@dataclass(frozen=True)
class Strength:
    """What a moving effect adds to each month of each series (series × months + 1: the next month included)."""

    added: Floats
    used: bool


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
    error, error_of_number = one_step_errors(values, months), one_step_errors(number[:, :-1], months)
    weight = np.einsum("ij,ij->i", error_of_number, error_of_number)
    noise = np.einsum("ij,ij->i", error, error) / np.maximum(months - 1, 1)
    # A constant series tells nothing of an effect; by its noise it would be surer than all others together.
    uneven = noise > LEAST_NOISE
    noise = np.where(uneven, noise, 1.0)
    usual = np.sqrt(_noise(error, months))[:, None]
    # What an epidemic did to a month is not the festival's doing: no error is further than `FURTHEST` from the effect.
    common = _pooled(error[uneven], error_of_number[uneven], noise[uneven])
    effect = common * error_of_number
    error = effect + np.clip(error - effect, -FURTHEST * usual, FURTHEST * usual)
    told = np.einsum("ij,ij->i", error, error_of_number)
    speaking = (weight > 1e-9) & uneven & (months > (SEASON if forced else fewest - 1))
    nothing = Strength(np.zeros_like(number), False)
    if not speaking.any():
        return nothing
    start = (last - months + 1)[speaking]
    told_by = error[speaking], error_of_number[speaking], noise[speaking]
    if not forced:
        helped = _years_won(*told_by, months[speaking]) if every_month else _would_have_helped(*told_by, start)
        if not helped:
            return nothing
    slope = _shrunk(np.where(speaking, told, 0.0), np.where(speaking, weight, 0.0), noise)
    slope = np.where(~uneven & (weight > 1e-9), 0.0, slope)  # it stayed as it was through what moved the others
    return Strength(slope[:, None] * number, True)


def _pooled(error: Floats, error_of_number: Floats, noise: Floats) -> float:
    """The slope of all series together, each by its noise; 0 where none is touched."""
    told = (error * error_of_number).sum(axis=1) / noise
    weight = (error_of_number**2).sum(axis=1) / noise
    return float(told.sum() / weight.sum()) if weight.sum() > 0 else 0.0


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


def _would_have_helped(error: Floats, error_of_number: Floats, noise: Floats, start: Ints) -> bool:
    """Whether the pooled slope, learned up to each month, foretold that month's errors of all series.

    It must have won over all months that the effect touches, and in most of the years.
    """
    month = (start - start.min())[:, None] + np.arange(error.shape[1])[None, :]
    scaled, number = error / np.sqrt(noise)[:, None], error_of_number / np.sqrt(noise)[:, None]
    told = np.bincount(month.ravel(), weights=(scaled * number).ravel())
    weight = np.bincount(month.ravel(), weights=(number**2).ravel())
    before = np.cumsum(weight) - weight
    slope = (np.cumsum(told) - told) / np.where(before > 0, before, np.inf)
    left = np.abs(scaled - slope[month] * number)
    gain = np.bincount(month.ravel(), weights=(np.abs(scaled) - left).ravel())
    touched = (np.abs(error_of_number) > 0.1 * np.abs(error_of_number).max()) & (slope[month] != 0)
    at_stake = np.bincount(month.ravel(), weights=(np.abs(scaled) * touched).ravel())
    year = (np.arange(len(gain)) + int(start.min())) // SEASON
    by_year = np.bincount(year - year[0], weights=gain)[np.bincount(year - year[0], weights=at_stake) > 0]
    least = LEAST_GAIN + BY_CHANCE / np.sqrt(max(float(touched.sum()), 1.0))
    return bool(
        touched.sum() >= FEWEST_TOUCHED
        and gain.sum() > least * at_stake.sum()
        and (by_year > 0).mean() >= MOST_YEARS
    )


def _years_won(error: Floats, error_of_number: Floats, noise: Floats, months: Ints) -> bool:
    """Whether each series' slope, learned up to each of its last years, foretold that year's errors better."""
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
