"""The season that series of one group share, offered to those whose own history does not carry one.

The group's pattern is found in the mean month-to-month change of its series, by the same structural
models that forecast (the expected seasonal effects given all months). Whether and how far a series
borrows it is decided by likelihood in `structural`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.evidence import Scaled, evidence
from pipeline.forecast.history import SEASON, Floats, Ints
from pipeline.forecast.kernels import SEASON_KEPT, Model, factor, models, season_correlation
from pipeline.forecast.structural import Foretold, averaged, model_weights, padded

FEWEST_SERIES = 5  # a smaller group would lend a series its own noise
SEASONS = (0.0, 1.0, 6.0, 40.0, 250.0)


@dataclass(frozen=True)
class Patterns:
    """Seasonal effects by pattern × month (the next included), and the pattern of each series (−1: none).

    `errors` is group × origin (newest first): how far each group's mean was from what the group's months before let
    expect, at the sureness that is stated today; NaN where too little was known. `group` is the group of each series.
    """

    effects: Floats
    row: Ints
    group: Ints
    errors: Floats


def shared_patterns(values: Floats, months: Ints, group: Ints, origins: int = 0) -> Patterns:
    """Seasonal patterns of groups, laid under the months of the series that belong to them.

    Args:
        values: series × month on their scale, gaps filled, NaN after each series' end.
        months: months of each series.
        group: number of the group of each series, from 0; series of a group end in the same month.
        origins: how many of the last months the groups' errors are answered for.
    """
    mean, mean_months = _group_means(values, months, group)
    carried = mean_months > SEASON - 1
    errors = np.full((len(mean_months), origins), np.nan)
    if not carried.any():
        return Patterns(np.zeros((1, values.shape[1] + 1)), np.full(len(months), -1), group, errors)
    effects, errors[carried] = _expected_effects(mean[carried], mean_months[carried], origins)
    lent = np.full(len(mean_months), -1)
    lent[carried] = np.arange(carried.sum())
    borrowing = np.flatnonzero(lent[group] >= 0)
    key, row = np.unique(np.stack([lent[group], months])[:, borrowing], axis=1, return_inverse=True)
    rows = np.full(len(months), -1)
    rows[borrowing] = row
    return Patterns(_aligned(effects, mean_months[carried], key), rows, group, errors)


def _group_means(values: Floats, months: Ints, group: Ints) -> tuple[Floats, Ints]:
    """Cumulated mean change of each group, from the first month that enough of its series have."""
    groups = int(group.max(initial=-1)) + 1
    width = values.shape[1]
    change = np.diff(values, axis=1)
    back = months[:, None] - 2 - np.arange(width - 1)[None, :]
    there = back >= 0
    place = (group[:, None] * width + back)[there]
    total = np.bincount(place, weights=change[there], minlength=groups * width).reshape(groups, width)
    count = np.bincount(place, minlength=groups * width).reshape(groups, width)
    enough = np.minimum.accumulate(count >= FEWEST_SERIES, axis=1)
    length = enough.sum(axis=1) + 1
    step = np.where(enough, total / np.maximum(count, 1), 0.0)
    # Columns of `step` run backwards from the end; levels run forwards from the first month.
    level = np.concatenate([np.zeros((groups, 1)), -np.cumsum(step, axis=1)], axis=1)
    forward = np.maximum(length[:, None] - 1 - np.arange(width)[None, :], 0)
    inside = np.arange(width)[None, :] < length[:, None]
    mean = np.where(inside, np.take_along_axis(level, forward, axis=1), np.nan)
    return mean - np.nanmean(mean, axis=1, keepdims=True), length


def _expected_effects(mean: Floats, months: Ints, origins: int) -> tuple[Floats, Floats]:
    """Seasonal effect of each month of a group and of the next, averaged over models; group × months + 1.

    And the groups' errors of the last months (group × origin), as `Patterns` has them.
    """
    grid = models(SEASONS)
    values = padded(mean)
    series = Scaled(values, months, np.zeros((1, values.shape[1])), np.full(len(mean), -1))
    tried = evidence(series, origins, grid)
    told = tried.likelihood[:, :, 0]
    weights = model_weights(told)
    share = np.exp(told - told.max(axis=0)) * weights[:, None]
    share /= share.sum(axis=0)
    effects = np.zeros_like(values)
    for kept in SEASON_KEPT:
        used = [pair for pair in zip(grid, share, strict=True) if pair[0].season_kept == kept and pair[0].season]
        pull = np.sum([weight[:, None] * model.season * _pull(series, model) for model, weight in used], axis=0)
        effects += pull @ season_correlation(kept, values.shape[1])
    return effects, _errors_as_sure_as_today(values, months, averaged(tried, weights))


def _errors_as_sure_as_today(values: Floats, months: Ints, told: Foretold) -> Floats:
    """Errors of the origins, those that were stated less surely than today's forecast made smaller in proportion."""
    place = months[:, None] - np.arange(1, told.mean.shape[1])[None, :]
    came = np.where(place >= 0, np.take_along_axis(values, np.maximum(place, 0), axis=1), np.nan)
    surer = np.minimum(told.deviation[:, :1] / told.deviation[:, 1:], 1.0)
    return np.asarray((came - told.mean[:, 1:]) * surer)


def _pull(series: Scaled, model: Model) -> Floats:
    """Inverse covariance times the values; the covariance with the season times this is its expectation."""
    width = series.values.shape[1]
    inverse = factor(model).inverse[:width, :width]
    inside = np.arange(width)[None, :] < series.months[:, None]
    return np.asarray(np.where(inside, series.values @ inverse.T, 0.0) @ inverse)


def _aligned(effects: Floats, months: Ints, key: Ints) -> Floats:
    """Patterns (group, months of a series) laid so that the series' next month is the group's next month."""
    group, length = key
    every = np.arange(effects.shape[1])[None, :]
    column = every + (months[group] - length)[:, None]
    before = -(-np.maximum(-column, 0) // SEASON) * SEASON
    place = np.minimum(column + before, effects.shape[1] - 1)
    pattern = np.take_along_axis(effects[group], place, axis=1)
    return np.where(every <= length[:, None], pattern, 0.0)
