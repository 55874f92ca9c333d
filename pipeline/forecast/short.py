"""Histories too short for a model: the last value, or the mean of it and the last three, along a straight trend.

With fewer than three known months the last value is forecast and marked so; with three to five the mean
of the last value and of the last three. Months that rise or fall in equal steps go on so,
but a fall that would lose more than half at once goes on in proportion; what fell month by month
is not expected above its last, what rose month by month to twice as much not below. How wrong that is, is told by the
series' own months, drawn to what is assumed of all series, and measured on all series of the panel that go on for a
month more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.history import Flags, Floats, Ints, Panel
from pipeline.forecast.limits import FEWEST_FOR_FREAK, FREAK_TIMES
from pipeline.forecast.lines import GROWS

LAST_VALUE, RECENT_MEAN = "last_value", "recent_mean"
THREE = 3
MOST = 5
MONTHS_BACK = 6
RELATIVE_ERRORS = 0.3  # deviation of a short history's forecast over its size, where nothing can be measured
ASSUMED_COUNTS = 1.0  # months that the assumed deviation counts beside the series' own
LEAST_DEVIATION = 0.01  # over its size: equal months are not infinitely sure
LEAST_RATIO = 0.5  # of the month before: one month of next to nothing is not gone on with in proportion
ALIKE_TIMES = 2.0  # of two months, up to which they are alike
# Of the last step of a fall: where none before was as great, the last month fell, not the course.
LEAST_STEP = 0.05
ALIKE_STEPS = 0.3  # greatest difference of a step from the mean step, over that, up to which steps are equal


@dataclass(frozen=True)
class ShortForecast:
    """Forecast of each series, its stated deviation, and the errors of the rule over what it stated.

    `top` is what the wide interval reaches at least: a freak order of three months may be the new level; 0 without one.
    """

    mean: Floats
    deviation: Floats
    errors: Floats
    top: Floats


def short_forecasts(panel: Panel, short: Ints) -> ShortForecast:
    """Forecast the series `short` of a panel, all of which know as many months as the rule wants.

    Args:
        panel: all series; the errors of the rule come from those that have a month more.
        short: rows to forecast; all with under three known months, or all with three and more.
    """
    length = int(panel.known[short].max())
    recent = _last_known(panel.rows(short).values, length)
    mean, deviation = by_rule(recent)
    top = np.where(_freaks_of_three(recent), np.nanmax(recent, axis=1), 0.0)
    return ShortForecast(mean, deviation, _measured_errors(panel, length), top)


def _measured_errors(panel: Panel, length: int) -> Floats:
    """Scaled errors of the rule from `length` months, or from as many as leave a month to compare with."""
    errors = np.zeros(0)
    while length and not len(errors):
        errors = np.concatenate([_errors(panel, back, length) for back in range(1, MONTHS_BACK + 1)])
        length -= 1
    return errors


def by_rule(recent: Floats) -> tuple[Floats, Floats]:
    """Forecast and stated deviation from the last known values (newest first, NaN where there are fewer)."""
    last = recent[:, 0]
    if recent.shape[1] < THREE:
        return last, _deviation(recent, last)
    usual = _without_freak(recent)
    last = usual[:, 0]
    mean = (last + np.nanmean(usual[:, :THREE], axis=1)) / 2
    trend = _along_trend(usual, mean)
    deviation = _deviation(usual, trend)
    stocked = last != recent[:, 0]  # who has just bought so much may also buy nothing for a while
    return trend, np.where(stocked, np.maximum(deviation, RELATIVE_ERRORS * np.abs(trend)), deviation)


def _without_freak(recent: Floats) -> Floats:
    """One month of three and more that is far above all others becomes their median."""
    known = np.isfinite(recent)
    ordered = np.sort(np.where(known, recent, -np.inf), axis=1)
    second, greatest = ordered[:, -2], ordered[:, -1]
    freak = (known.sum(axis=1) >= FEWEST_FOR_FREAK) & (second > 0) & (greatest > FREAK_TIMES * second)
    freak |= _freaks_of_three(recent)
    others = np.where(recent == greatest[:, None], np.nan, recent)
    others[~freak] = 0.0
    return np.where(freak[:, None] & (recent == greatest[:, None]), np.nanmedian(others, axis=1)[:, None], recent)


def _freaks_of_three(recent: Floats) -> Flags:
    """Series of three known months of which the last or the one before is far above the others, which are alike.

    The first of three may be the stock to open with; two after it that are alike tell that already.
    """
    if recent.shape[1] < THREE:
        return np.zeros(len(recent), dtype=bool)
    told = np.isfinite(recent).sum(axis=1) == THREE
    three = np.sort(np.where(told[:, None], recent[:, :THREE], 0.0), axis=1)
    least, second, greatest = three.T
    alike = (least > 0) & (second <= ALIKE_TIMES * least)
    return np.asarray(told & alike & (greatest > FREAK_TIMES * second) & (recent[:, THREE - 1] != greatest))


def _along_trend(recent: Floats, mean: Floats) -> Floats:
    """The mean, or where all months rise or fall what that course lets expect."""
    last = recent[:, 0]
    step = recent[:, :-1] - recent[:, 1:]  # newest first; NaN where there are fewer
    told = np.isfinite(step)
    enough = told.sum(axis=1) >= THREE - 1
    average = np.where(told, step, 0.0).sum(axis=1) / np.maximum(told.sum(axis=1), 1)
    falling, rising = _falling(step), (np.where(told, step, 1.0) > 0).all(axis=1) & enough
    away = np.where(told, np.abs(step - average[:, None]), 0.0).max(axis=1)
    straight = (falling | rising) & (away <= ALIKE_STEPS * np.abs(average))
    ratio = last / np.where(recent[:, 1] > 0, recent[:, 1], np.inf)
    ratio = np.clip(ratio, LEAST_RATIO, 1.0)
    damped = last * np.sqrt(ratio)
    answer = np.where(falling, np.minimum(mean, damped), mean)
    first = np.where(np.isfinite(recent), recent, np.inf).min(axis=1)
    growing = rising & (told.sum(axis=1) >= THREE) & (last >= GROWS * first)
    answer = np.where(growing, np.maximum(mean, last), answer)
    line = last + average
    line = np.where(falling & (line < last / 2), np.maximum(line, last * ratio), line)
    return np.where(straight, line, answer)


def _falling(step: Floats) -> Flags:
    """Series whose steps (newest first) are a fall, the last of which does not stand by itself beside the others."""
    told = np.isfinite(step)
    down = np.where(told, -step, 1.0)
    last, before = (
        np.where(told, down, 0.0)[:, part].max(axis=1, initial=0.0) for part in (slice(1), slice(1, None))
    )
    enough = told.sum(axis=1) >= THREE - 1
    return np.asarray(enough & (down > 0).all(axis=1) & (before >= LEAST_STEP * last))


def _deviation(recent: Floats, forecast: Floats) -> Floats:
    """What the series' own months tell of the deviation, as the geometric mean with the assumed one."""
    three = np.abs(recent[:, :THREE])
    size = np.nanmean(three, axis=1)
    assumed = RELATIVE_ERRORS * size
    known = np.isfinite(recent).sum(axis=1)
    step = np.abs(recent[:, :-1] - recent[:, 1:])
    told = np.isfinite(step)
    drift = np.abs(forecast - recent[:, 0])
    own = np.sqrt(np.where(told, np.nan_to_num(step) ** 2, 0.0).sum(axis=1) / np.maximum(told.sum(axis=1), 1) / 2)
    own = np.where(
        _falling(recent[:, :-1] - recent[:, 1:]), np.minimum(own, np.abs(recent[:, 0])), own
    )  # less is left to err about
    own = np.maximum(np.maximum(own, drift / 2), LEAST_DEVIATION * size)
    weight = np.where(known > 1, (known - 1) / (known - 1 + ASSUMED_COUNTS), 0.0)
    safe = np.maximum(assumed, np.finfo(float).tiny)
    mixed = np.where(assumed > 0, np.maximum(own, np.finfo(float).tiny) ** weight * safe ** (1 - weight), 0.0)
    return np.asarray(np.where(own > assumed, own, mixed))


def _last_known(values: Floats, count: int) -> Floats:
    """The last `count` known values of each row, newest first; every row knows at least one."""
    known = np.isfinite(values)
    rank = np.cumsum(known[:, ::-1], axis=1)[:, ::-1] - 1
    recent = np.full((len(values), count), np.nan)
    row, column = np.nonzero(known & (rank < count))
    recent[row, rank[row, column]] = values[row, column]
    return recent


def _errors(panel: Panel, back: int, length: int) -> Floats:
    """Scaled errors of the rule for the month `back` − 1 before the end, from the months before it."""
    rows = panel.rows(panel.months > back)
    column = rows.months - back
    actual = np.take_along_axis(rows.values, column[:, None], axis=1)[:, 0]
    before = np.where(np.arange(rows.values.shape[1])[None, :] < column[:, None], rows.values, np.nan)
    recent = _last_known(before, length)
    enough = np.isfinite(actual) & np.isfinite(recent[:, min(length, THREE) - 1])
    mean, deviation = by_rule(recent[enough])
    return (actual[enough] - mean)[deviation > 0] / deviation[deviation > 0]
