"""Forecasts as the mean over many structural models, weighted by how well each explains the past.

How often each model holds is learned from all series together (empirical Bayes, EM on the mixture), so a short
history leans on what its neighbours show. The season of a group of series is offered beside the series' own: the
likelihood (`evidence`) decides in which proportion it is borrowed.

Sources: Robbins (1956), empirical Bayes; Hoeting et al. (1999), "Bayesian Model Averaging", Statistical Science 14(4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.evidence import BORROWED, Evidence, Scaled, evidence
from pipeline.forecast.history import Floats, Ints
from pipeline.forecast.kernels import Model, factor, models

ORIGINS = 12  # earlier months that are forecast too, for the intervals: one of each calendar month
PRIOR_SERIES = 20.0  # the equal weights of the models count as much as this many series
EM_STEPS = 30
LEAST_LOSS = 0.005  # so much of the error must borrowing have cost before it is left alone
LEAST_SIZE, MOST_AWAY = 1e-3, 10.0  # a constant series, and a wild month, do not decide
BLOCK = 2048  # series at a time: keeps memory flat


@dataclass(frozen=True)
class Foretold:
    """Mean and standard deviation on the scale, series × origin; NaN where too little was known.

    `borrowed` is the share of the group's season in it, from 0 to 1.
    """

    mean: Floats
    deviation: Floats
    borrowed: Floats

    def origins(self, chosen: slice) -> Foretold:
        """Some of the origins."""
        return Foretold(self.mean[:, chosen], self.deviation[:, chosen], self.borrowed[:, chosen])

    def rows(self, chosen: Ints) -> Foretold:
        """Some of the series, in the order given."""
        return Foretold(self.mean[chosen], self.deviation[chosen], self.borrowed[chosen])


def model_weights(likelihood: Floats) -> Floats:
    """How often each model holds among all series (models,), by EM; equal weights where nothing speaks.

    Args:
        likelihood: models × series, logarithms.
    """
    count = len(likelihood)
    equal = np.full(count, 1 / count)
    told = likelihood[:, np.isfinite(likelihood).any(axis=0)]
    if not told.shape[1]:
        return equal
    relative = np.exp(told - told.max(axis=0))
    weights = equal
    for _ in range(EM_STEPS):
        responsible = weights[:, None] * relative
        responsible /= responsible.sum(axis=0)
        weights = (responsible.sum(axis=1) + PRIOR_SERIES * equal) / (told.shape[1] + PRIOR_SERIES)
    return weights


def averaged(told: Evidence, weights: Floats) -> Foretold:
    """Mean and deviation of the mixture of models, for each series and origin."""
    best = told.likelihood.max(axis=0)
    possible = np.isfinite(best)
    share = np.exp(told.likelihood - np.where(possible, best, 0.0)) * weights[:, None, None]
    total = share.sum(axis=0)
    share /= np.where(total > 0, total, 1.0)
    mean = (share * told.mean).sum(axis=0)
    spread = (share * (told.variance + (told.mean - mean) ** 2)).sum(axis=0)
    nothing = np.where(possible, 0.0, np.nan)
    return Foretold(mean + nothing, np.sqrt(spread) + nothing, np.tensordot(told.share, share, axes=1))


def foretell(series: Scaled, sample: Ints, origins: int = ORIGINS) -> tuple[Foretold, Foretold, bool]:
    """Next month of every series, and the last months of a sample as they would have been foretold.

    Args:
        series: all series of one scale.
        sample: rows from which the weights of the models and the intervals are learned.
        origins: how many earlier months are foretold; without any, nothing is learned for intervals.

    Returns:
        The month after each series' end (series × 1), the sample's earlier origins (sample × origins), and
        whether seasons were borrowed.
    """
    grid = models()
    learned = [evidence(series.rows(part), origins, grid) for part in _blocks(sample)]
    likelihood = np.concatenate([told.likelihood[:, :, 0] for told in learned], axis=1)
    weights = model_weights(likelihood)
    past = _joined([averaged(told, weights) for told in learned])
    borrowed = bool(series.season.any())
    if borrowed and origins:
        # Season is borrowed only where that won in the months tried.
        own = _own_only(likelihood)
        alone = _joined([averaged(told, own) for told in learned])
        came = _last_months(series.rows(sample), origins)
        size = np.maximum(past.deviation[:, :1], LEAST_SIZE)
        if _error(alone, came, size) < (1 - LEAST_LOSS) * _error(past, came, size):
            weights, past, borrowed = own, alone, False
    del learned
    later = past.origins(slice(1, None))
    if len(sample) == len(series.values):
        order = np.argsort(sample)
        return past.origins(slice(0, 1)).rows(order), later, borrowed
    rows = np.arange(len(series.values))
    ahead = _joined([averaged(evidence(series.rows(part), 0, grid), weights) for part in _blocks(rows)])
    return ahead, later, borrowed


def _own_only(likelihood: Floats) -> Floats:
    """Weights of the models (models,) if no season is borrowed: only the first of each model's shares is used."""
    own = np.zeros(len(likelihood))
    own[:: len(BORROWED)] = model_weights(likelihood[:: len(BORROWED)])
    return own


def _last_months(series: Scaled, origins: int) -> Floats:
    """The months that the origins foretell, newest first; NaN before a series' first."""
    place = series.months[:, None] - 1 - np.arange(origins)[None, :]
    return np.where(place >= 0, np.take_along_axis(series.values, np.maximum(place, 0), axis=1), np.nan)


def _error(told: Foretold, came: Floats, size: Floats) -> float:
    """Mean absolute error over the origins, that of each series over its size."""
    away = np.abs(came - told.mean[:, 1:]) / size
    return float(np.minimum(away[np.isfinite(away)], MOST_AWAY).mean()) if np.isfinite(away).any() else 0.0


def _blocks(rows: Ints) -> list[Ints]:
    return [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)]


def _joined(parts: list[Foretold]) -> Foretold:
    names = ("mean", "deviation", "borrowed")
    return Foretold(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def expected_from_others(values: Floats, months: int, model: Model) -> tuple[Floats, Floats]:
    """What each month should be, given all other months of its series, under one model.

    Args:
        values: series × at least `months` columns; all finite there.

    Returns:
        Value less expectation, and the same over its standard deviation; series × months. Source: the
        leave-one-out formula of Gaussian processes, Rasmussen & Williams (2006), eq. 5.12.
    """
    inverse = factor(model).inverse[:months, :months]
    precision = inverse.T @ inverse
    weighted = values[:, :months] @ precision
    diagonal = np.diag(precision)
    return weighted / diagonal, weighted / np.sqrt(diagonal)


def padded(values: Floats) -> Floats:
    """Values with one column more, for the month to come; zero where nothing is."""
    wide = np.zeros((len(values), values.shape[1] + 1))
    wide[:, :-1] = np.where(np.isfinite(values), values, 0.0)
    return wide
