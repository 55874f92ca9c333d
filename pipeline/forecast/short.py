"""Histories too short for a model: the last value, or the mean of it and the last three.

With fewer than three known months the last value is forecast and marked so; with three to five the mean
of the last value and of the last three. How wrong that is, is measured on all series of the panel that
go on for a month more, cut to the same length.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.history import Floats, Ints, Panel

LAST_VALUE, RECENT_MEAN = "last_value", "recent_mean"
THREE = 3
MONTHS_BACK = 6


@dataclass(frozen=True)
class ShortForecast:
    """Forecast of each series, its size (mean absolute recent value) and the relative errors of the rule."""

    mean: Floats
    size: Floats
    errors: Floats


def short_forecasts(panel: Panel, short: Ints) -> ShortForecast:
    """Forecast the series `short` of a panel, all of which know as many months as the rule wants.

    Args:
        panel: all series; the errors of the rule come from those that have a month more.
        short: rows to forecast; all with under three known months, or all with three and more.
    """
    length = int(panel.known[short].max())
    mean, size = _by_rule(_last_known(panel.rows(short).values, length))
    return ShortForecast(mean, size, _measured_errors(panel, length))


def _measured_errors(panel: Panel, length: int) -> Floats:
    """Relative errors of the rule from `length` months, or from as many as leave a month to compare with."""
    errors = np.zeros(0)
    while length and not len(errors):
        errors = np.concatenate([_errors(panel, back, length) for back in range(1, MONTHS_BACK + 1)])
        length -= 1
    return errors


def _by_rule(recent: Floats) -> tuple[Floats, Floats]:
    """Forecast and size from the last known values (newest first, NaN where there are fewer)."""
    last = recent[:, 0]
    three = recent[:, :THREE]
    size = np.nanmean(np.abs(three), axis=1)
    if recent.shape[1] < THREE:
        return last, size
    return (last + np.nanmean(three, axis=1)) / 2, size


def _last_known(values: Floats, count: int) -> Floats:
    """The last `count` known values of each row, newest first; every row knows at least one."""
    known = np.isfinite(values)
    rank = np.cumsum(known[:, ::-1], axis=1)[:, ::-1] - 1
    recent = np.full((len(values), count), np.nan)
    row, column = np.nonzero(known & (rank < count))
    recent[row, rank[row, column]] = values[row, column]
    return recent


def _errors(panel: Panel, back: int, length: int) -> Floats:
    """Relative errors of the rule for the month `back` − 1 before the end, from the months before it."""
    rows = panel.rows(panel.months > back)
    column = rows.months - back
    actual = np.take_along_axis(rows.values, column[:, None], axis=1)[:, 0]
    before = np.where(np.arange(rows.values.shape[1])[None, :] < column[:, None], rows.values, np.nan)
    recent = _last_known(before, length)
    enough = np.isfinite(actual) & np.isfinite(recent[:, min(length, THREE) - 1])
    mean, size = _by_rule(recent[enough])
    return (actual[enough] - mean)[size > 0] / size[size > 0]
