"""The structural models that are averaged: what a month has to do with another month.

A monthly series (in logs, roots or as it is) is level + trend + season + noise. Under each model its
months are jointly normal, and their covariance follows from five numbers (`Model`). The covariance is
anchored at the first month of a series, so that its Cholesky factor serves series of every length:
the first n rows are the factor of the first n months. One factor per model, and all forecasts,
one-step errors and likelihoods of all series are one matrix product.

Sources: structural time series, Harvey (1989), "Forecasting, Structural Time Series Models and the
Kalman Filter", ch. 2 and 4; the periodic kernel, MacKay (1998), "Introduction to Gaussian Processes".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from pipeline.forecast.history import LONGEST, SEASON, Floats

DIFFUSE = 1e4  # prior variance of the first level, in noise variances: as good as unknown
SMOOTH_SHARE = 0.5  # part of the season's variance that neighbouring months share
SMOOTH_WIDTH = 0.8  # width of that sharing, in radians of the year over two
LEVELS = (0.003, 0.05, 0.3, 2.0)
SEASONS = (0.0, 1.0, 6.0, 40.0)
SEASON_KEPT = (0.99, 0.88)


@dataclass(frozen=True)
class Trend:
    """Slope of a model: variance of its monthly change and of its start, and what is kept from month to month."""

    change: float
    start: float
    kept: float


NO_TREND = Trend(0.0, 0.0, 1.0)
TRENDS = (NO_TREND, Trend(2e-4, 1e-3, 1.0), Trend(0.05, 0.05, 0.9))


@dataclass(frozen=True)
class Model:
    """One structural model; variances are multiples of the noise variance.

    Attributes:
        level: variance of the monthly change of the level (random walk).
        trend: local linear or damped slope.
        season: variance of a month's seasonal effect.
        season_kept: correlation of the seasonal effects of one month in two successive years.
    """

    level: float
    trend: Trend
    season: float
    season_kept: float


@dataclass(frozen=True)
class Factor:
    """Inverse Cholesky factor of a model over `LONGEST` + 1 months, and the factor's diagonal."""

    inverse: Floats
    diagonal: Floats


def models(seasons: tuple[float, ...] = SEASONS) -> tuple[Model, ...]:
    """The models that are averaged; without season there is one entry whatever is kept of it."""
    grid = product(LEVELS, TRENDS, seasons, SEASON_KEPT)
    return tuple(Model(*parts) for parts in grid if parts[2] or parts[3] == SEASON_KEPT[0])


@lru_cache(maxsize=8)
def season_correlation(season_kept: float, months: int = LONGEST + 1) -> Floats:
    """Covariance of the seasonal effects of `months` months, in variances of a month's seasonal effect.

    Over the months of a year the effects sum to zero. Half of their variance is a month's own, half is
    shared with its neighbours.
    """
    month, year = np.arange(float(months)), np.arange(float(SEASON))
    lag = np.abs(month[:, None] - month[None, :])
    own = (lag % SEASON == 0) - 1 / SEASON
    shared = (_periodic(lag) - _periodic(year).mean()) * (1 - 1 / SEASON) / (1 - _periodic(year).mean())
    mixed = (1 - SMOOTH_SHARE) * own + SMOOTH_SHARE * shared
    return np.asarray(mixed * season_kept ** (lag / SEASON))


def _periodic(lag: Floats) -> Floats:
    return np.asarray(np.exp(-2 * np.sin(np.pi * lag / SEASON) ** 2 / SMOOTH_WIDTH**2))


def covariance(months: int, model: Model) -> Floats:
    """Covariance matrix of the first `months` months under a model, in noise variances."""
    month = np.arange(float(months))
    total = np.eye(months) + DIFFUSE + model.level * np.minimum.outer(month, month)
    total += _slope_covariance(months, model.trend)
    total += model.season * season_correlation(model.season_kept, months)
    return np.asarray(total)


def _slope_covariance(months: int, trend: Trend) -> Floats:
    """Covariance that a start slope and its monthly changes bring into the level."""
    if trend == NO_TREND:
        return np.zeros((months, months))
    reach = np.concatenate([[0.0], np.cumsum(trend.kept ** np.arange(months - 1.0))])
    lag = np.arange(months)[:, None] - np.arange(months)[None, :]
    response = np.where(lag > 0, reach[np.maximum(lag, 0)], 0.0)
    weights = np.full(months, trend.change)
    weights[0] = trend.start
    return np.asarray((response * weights) @ response.T)


@lru_cache(maxsize=256)
def factor(model: Model, months: int = LONGEST + 1) -> Factor:
    """The Cholesky factor of a model, inverted; made once per process."""
    lower = np.linalg.cholesky(covariance(months, model))
    return Factor(np.linalg.inv(lower), np.diag(lower).copy())
