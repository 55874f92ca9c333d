"""Straight courses: series that go up or down in nearly equal steps go on so, and a fall is not expected to turn.

Averaged models draw a trend back to none, as most series' trends end; for a series whose every month lay on the
line through the months before, that is what nobody would say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.history import SEASON, Flags, Floats, Ints
from pipeline.forecast.limits import FREAK_TIMES

WINDOW = 12  # months that a line is laid through
FEWEST_ON_LINE = 4
TRIED = 5  # months that the line through those before must have foretold
FEWEST_TRIED = 2  # of which a younger series has
CLOSE_TO_LINE = 0.5  # of a step: how far those months may lie from the line
STEEP = 0.004  # step over the level from which a line is a trend
STEEP_RATE = 0.02  # in logarithms a month: two per cent, from which a course at equal rates is a trend
RUN = 5  # so many falling (rising) months, without a year seen, are not expected to turn
FEWEST_FALLING = 3  # of these, where the others stayed
# Of the month before the fall, and of the least month before, to which a series collapses; and of the month before
# in each month of the fall: a single low month at the end of a slight fall is none.
HALVED, BELOW_ALL, LESS_EACH_MONTH = 0.5, 0.7, 0.8
YOUNG = 8  # months up to which a rise is growth, not the way to a season's peak
GROWS = 2.0  # times the first of the rising months: with less it may be a season's rise
LEAST_AWAY = 0.01  # of the level: deviation of what lies exactly on a line


@dataclass(frozen=True)
class Lines:
    """The next month along the line of each series, its deviation, and which series follow theirs."""

    ahead: Floats
    deviation: Floats
    straight: Flags


def lines(values: Floats, months: Ints) -> Lines:
    """The next month along equal steps or, where those are none, equal rates; in the unit of the series."""
    steps = _lines(values, months, STEEP * np.abs(_recent(values, months, 1)[:, 0]), LEAST_AWAY)
    ordered = ~(_recent(values, months, WINDOW + TRIED) <= 0).any(
        axis=1, keepdims=True
    )  # a zero lies on no such line
    logs = np.log(np.where((values > 0) & ordered, values, np.nan))
    rates = _lines(logs, months, np.full(len(values), STEEP_RATE), 0.0)
    straight = steps.straight | rates.straight
    ahead = np.exp(np.where(rates.straight & ~steps.straight, rates.ahead, 0.0))
    away = ahead * np.maximum(rates.deviation, LEAST_AWAY)
    return Lines(
        np.maximum(np.where(steps.straight, steps.ahead, ahead), 0.0),
        np.where(steps.straight, steps.deviation, away),
        straight,
    )


def _lines(values: Floats, months: Ints, least: Floats, least_away: float) -> Lines:
    """Lines through the last year of each series that are at least so steep; NaN months are no part of them."""
    recent = _recent(values, months, WINDOW + TRIED)
    missed = []
    for back in range(1, TRIED + 1):
        told, _ = _ahead(recent[:, back : back + WINDOW][:, ::-1], 1)
        missed.append(recent[:, back - 1] - told)
    ahead, slope = _ahead(recent[:, :WINDOW][:, ::-1], 1)
    away = np.stack(missed, axis=1)
    level = np.abs(recent[:, 0])
    with np.errstate(invalid="ignore"):
        told = np.isfinite(away)
        deviation = np.sqrt((np.where(told, away, 0.0) ** 2).sum(axis=1) / np.maximum(told.sum(axis=1), 1))
        deviation = np.where(told.sum(axis=1) >= FEWEST_TRIED, deviation, np.nan)
        close = deviation <= CLOSE_TO_LINE * np.abs(slope)
        straight = close & (np.abs(slope) > least) & np.isfinite(ahead)
    return Lines(ahead, np.fmax(deviation, least_away * level), straight)


def _recent(values: Floats, months: Ints, count: int) -> Floats:
    """The last months of each series, newest first; NaN before its first."""
    place = months[:, None] - 1 - np.arange(count)[None, :]
    taken = np.take_along_axis(values, np.maximum(place, 0), axis=1)
    return np.where(place >= 0, taken, np.nan)


def _ahead(window: Floats, steps: int) -> tuple[Floats, Floats]:
    """Where the line through a window (oldest first) is some steps after it, and its slope."""
    known = np.isfinite(window)
    count = known.sum(axis=1)
    place = np.arange(window.shape[1], dtype=float) - window.shape[1] + 1
    enough = count >= FEWEST_ON_LINE
    safe = np.maximum(count, 1)
    value = np.where(known, window, 0.0)
    mean_place = (known * place).sum(axis=1) / safe
    mean = value.sum(axis=1) / safe
    off = np.where(known, place[None, :] - mean_place[:, None], 0.0)
    square = (off**2).sum(axis=1)
    slope = np.where(enough, (off * value).sum(axis=1) / np.where(square > 0, square, 1.0), np.nan)
    return np.where(enough, mean + slope * (steps - mean_place), np.nan), slope


def falls_on(values: Floats, months: Ints) -> Flags:
    """Series that fell in most of their last months, rose in none, and have not been seen for a year and a month.

    What is counted in pieces falls by one in some months and stays in others. Of any length: series that fall
    fast to less than was ever seen.
    """
    run = _run(values, months)
    with np.errstate(invalid="ignore"):
        steps = np.diff(run, axis=1)
        falling = (steps >= 0).all(axis=1) & ((steps > 0).sum(axis=1) >= FEWEST_FALLING)
    return np.asarray((falling & (months <= SEASON)) | _collapsing(values, months))


def _collapsing(values: Floats, months: Ints) -> Flags:
    """Series that fell much in each of the last months, to half and less, and below any month before: no season."""
    recent = _recent(values, months, FEWEST_FALLING + 1)
    before = np.arange(values.shape[1])[None, :] < (months - FEWEST_FALLING)[:, None]
    least = np.where(before & np.isfinite(values), values, np.inf).min(axis=1, initial=np.inf)
    with np.errstate(invalid="ignore"):
        falling = (recent[:, :-1] < LESS_EACH_MONTH * recent[:, 1:]).all(axis=1)
        falling &= recent[:, 0] <= HALVED * recent[:, -1]
        return np.asarray(falling & (recent[:, 0] <= BELOW_ALL * least))


def rises_on(values: Floats, months: Ints) -> Flags:
    """Series of a few months that rose in each of the last, to twice as much, and not by one freak order: they grow."""
    run = _run(values, months)
    with np.errstate(invalid="ignore"):
        rising = (np.diff(run, axis=1) < 0).all(axis=1) & (run[:, 0] >= GROWS * run[:, -1])
        rising &= run[:, 0] <= FREAK_TIMES * run[:, 1]
    return np.asarray(rising & (months <= YOUNG))


def _run(values: Floats, months: Ints) -> Floats:
    return _recent(values, months, RUN + 1)
