"""Forecasts as the mean over many structural models, weighted by how well each explains the past.

For every series and model the one-step errors of all months are one product with the model's inverse
Cholesky factor; the noise variance is integrated out, which gives the likelihood of the model. How
often each model holds is learned from all series together (empirical Bayes, EM on the mixture), so a
short history leans on what its neighbours show. The season of a group of series is offered beside
the series' own at 0, ½ and 1 times: the likelihood decides in which proportion it is borrowed.

Sources: Harvey (1989), prediction error decomposition, ch. 3.4; Robbins (1956), empirical Bayes;
Hoeting et al. (1999), "Bayesian Model Averaging", Statistical Science 14(4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.history import Floats, Ints
from pipeline.forecast.kernels import Model, factor, models

ORIGINS = 12  # earlier months that are forecast too, for the intervals: one of each calendar month
FEWEST = 6  # months of history from which structural models are used
BORROWED = (0.0, 0.5, 1.0)
LEAST_NOISE = 1e-10  # variance on the scale of the series: a constant series is not infinitely sure
PRIOR_SERIES = 20.0  # the equal weights of the models count as much as this many series
EM_STEPS = 30
LEAST_LOSS = 0.005  # so much of the error must borrowing have cost before it is left alone
LEAST_SIZE, MOST_AWAY = 1e-3, 10.0  # a constant series, and a wild month, do not decide
BLOCK = 2048  # series at a time: keeps memory flat


@dataclass(frozen=True)
class Scaled:
    """Series on their scale, gaps filled, ready for the models.

    Attributes:
        values: series × (months + 1); 0 after each series' end; centred on its mean.
        months: months of each series.
        season: borrowed seasonal patterns × (months + 1), in the columns of the series that use them.
        season_row: which pattern each series may borrow (−1: none).
    """

    values: Floats
    months: Ints
    season: Floats
    season_row: Ints

    def rows(self, chosen: slice | Ints) -> Scaled:
        """Some of the series."""
        return Scaled(self.values[chosen], self.months[chosen], self.season, self.season_row[chosen])


@dataclass(frozen=True)
class Evidence:
    """What each model says of each series; axes: model (with share borrowed) × series × origin.

    Origin 0 is the month after the series' end, origin k the month k earlier, foretold from what was
    known then. `likelihood` is a logarithm, −inf where too little was known.
    """

    mean: Floats
    variance: Floats
    likelihood: Floats


@dataclass(frozen=True)
class Foretold:
    """Mean and standard deviation on the scale, series × origin; NaN where too little was known."""

    mean: Floats
    deviation: Floats


def evidence(series: Scaled, origins: int, grid: tuple[Model, ...]) -> Evidence:
    """Forecasts and likelihoods of every model for the last `origins` months and the next."""
    parts = [_evidence_of_model(series, origins, model) for model in grid]
    mean, variance, likelihood = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Evidence(mean, variance, likelihood)


def _evidence_of_model(series: Scaled, origins: int, model: Model) -> tuple[Floats, Floats, Floats]:
    width = int(series.months.max(initial=1)) + 1
    inverse, diagonal = factor(model).inverse[:width, :width], factor(model).diagonal[:width]
    error = series.values[:, :width] @ inverse.T
    borrowed = series.season_row >= 0
    pattern_error = (series.season[:, :width] @ inverse.T)[series.season_row] * borrowed[:, None]
    target = np.maximum(series.months[:, None] - np.arange(origins + 1)[None, :], 0)
    value = np.take_along_axis(series.values, target, axis=1)
    log_size = np.concatenate([[0.0, 0.0], np.cumsum(np.log(diagonal[1:]))])[target]
    freedom = np.maximum(target - 1, 1)
    answers = []
    for share in BORROWED if series.season.any() else BORROWED[:1]:
        left = error - share * pattern_error if share else error
        at_target = np.take_along_axis(left, target, axis=1)
        noise = (_squares_before(left, at_target, series.months) + LEAST_NOISE) / freedom
        likelihood = -0.5 * freedom * np.log(noise) - log_size
        if share:
            likelihood = np.where(borrowed[:, None], likelihood, -np.inf)
        likelihood = np.where(target >= FEWEST, likelihood, -np.inf)
        answers.append((value - at_target * diagonal[target], noise * diagonal[target] ** 2, likelihood))
    mean, variance, likelihood = (np.stack(part) for part in zip(*answers, strict=True))
    return mean, variance, likelihood


def _squares_before(error: Floats, at_target: Floats, months: Ints) -> Floats:
    """Sum of squared one-step errors before each origin's month (the first month has none: it sets the level)."""
    inside = np.arange(1, error.shape[1])[None, :] < months[:, None]
    total = np.einsum("ij,ij,ij->i", error[:, 1:], error[:, 1:], inside)
    later = np.concatenate([np.zeros((len(error), 1)), np.cumsum(at_target[:, 1:] ** 2, axis=1)], axis=1)
    return np.asarray(np.maximum(total[:, None] - later, 0.0))


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
    return Foretold(mean + nothing, np.sqrt(spread) + nothing)


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
    later = Foretold(past.mean[:, 1:], past.deviation[:, 1:])
    if len(sample) == len(series.values):
        order = np.argsort(sample)
        return Foretold(past.mean[order, :1], past.deviation[order, :1]), later, borrowed
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
    return Foretold(
        np.concatenate([part.mean for part in parts]), np.concatenate([part.deviation for part in parts])
    )


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
