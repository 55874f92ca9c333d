"""What each structural model says of each series: its forecasts, how sure it is, and how well it explains the past.

For every series and model the one-step errors of all months are one product with the model's inverse Cholesky
factor; the noise variance is integrated out, which gives the likelihood of the model. The season of a group of
series is offered beside the series' own at 0, ½ and 1 times: the errors of a series less those of the season, so that
their squares follow from three sums of products.

Source: Harvey (1989), prediction error decomposition, ch. 3.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from pipeline.forecast.history import Flags, Floats, Ints
from pipeline.forecast.kernels import Model, factor

FEWEST = 6  # months of history from which structural models are used
BORROWED = (0.0, 0.5, 1.0)
LEAST_NOISE = 1e-10  # variance on the scale of the series: a constant series is not infinitely sure


@dataclass(frozen=True)
class Scaled:
    """Series on their scale, gaps filled, ready for the models.

    Attributes:
        values: series × (months + 1); 0 after each series' end; centred on its mean.
        months: months of each series.
        season: borrowed seasonal patterns × (months + 1), in the columns of the series that use them.
        season_row: which pattern each series may borrow (−1: none); series of one pattern have the same months.
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
    known then. `likelihood` is a logarithm, −inf where too little was known. `share` is how much of the group's
    season each of the models borrows.
    """

    mean: Floats
    variance: Floats
    likelihood: Floats
    share: Floats


@dataclass(frozen=True)
class _Asked:
    """What is asked of all models alike.

    Attributes:
        series, width: the series, and the columns that any of them uses.
        row, target: series and month of each origin, to pick from series × month.
        freedom: months that each origin's noise is known by, the first apart.
        possible: whether enough was known at the origin.
        inside: 1 in the months of each series; None where all have the same.
        season, pattern: patterns that are borrowed, the last one of no season, and which is each series'.
        pattern_inside: 1 in the months of each pattern's series.
    """

    series: Scaled
    width: int
    row: Ints
    target: Ints
    freedom: Ints
    possible: Flags
    inside: Floats | None
    season: Floats
    pattern: Ints
    pattern_inside: Floats

    @classmethod
    def of(cls, series: Scaled, origins: int) -> Self:
        """What is asked of some series for so many origins and the next month."""
        months, width = series.months, int(series.months.max(initial=1)) + 1
        target = np.maximum(months[:, None] - np.arange(origins + 1)[None, :], 0)
        column = np.arange(width)[None, :]
        inside = None if (months == width - 1).all() else (column < months[:, None]).astype(float)
        used, place = np.unique(series.season_row, return_inverse=True)
        of_pattern = np.zeros(len(used), dtype=np.int64)
        of_pattern[place] = months
        season = np.where((used >= 0)[:, None], series.season[used][:, :width], 0.0)
        pattern_inside = (column < of_pattern[:, None]).astype(float)
        row, freedom = np.arange(len(months))[:, None], np.maximum(target - 1, 1)
        possible = target >= FEWEST
        return cls(series, width, row, target, freedom, possible, inside, season, place, pattern_inside)


def evidence(series: Scaled, origins: int, grid: tuple[Model, ...]) -> Evidence:
    """Forecasts and likelihoods of every model for the last `origins` months and the next."""
    shares = BORROWED if series.season.any() else BORROWED[:1]
    asked = _Asked.of(series, origins)
    shape = (len(grid) * len(shares), len(series.values), origins + 1)
    answer = Evidence(np.empty(shape), np.empty(shape), np.empty(shape), np.tile(shares, len(grid)))
    for number, model in enumerate(grid):
        _ask(answer, number * len(shares), model, asked, shares)
    unoffered = (series.season_row < 0)[None, :] & (answer.share > 0)[:, None]
    answer.likelihood[unoffered] = -np.inf
    answer.likelihood[:, ~asked.possible] = -np.inf
    return answer


def _ask(answer: Evidence, first: int, model: Model, asked: _Asked, shares: tuple[float, ...]) -> None:
    """One model's answers, by share of the season, put into their places from `first` on."""
    whole, row, target = factor(model), asked.row, asked.target
    inverse, diagonal = whole.inverse[: asked.width, : asked.width], whole.diagonal[: asked.width]
    error = asked.series.values[:, : asked.width] @ inverse.T
    at_target = error[row, target]
    squares = _Squares.of(error, asked.season @ inverse.T, asked)
    value = asked.series.values[row, target]
    away, size = diagonal[target], np.concatenate([[0.0, 0.0], np.cumsum(np.log(diagonal[1:]))])[target]
    for place, share in enumerate(shares, first):
        left = at_target - share * squares.at_target if share else at_target
        noise = (_before(squares.less(share), left) + LEAST_NOISE) / asked.freedom
        answer.mean[place] = value - left * away
        answer.variance[place] = noise * away**2
        answer.likelihood[place] = -0.5 * asked.freedom * np.log(noise) - size


@dataclass(frozen=True)
class _Squares:
    """Sums over the months of each series, but the first, which sets the level: of squared errors, of their products
    with the season's errors, and of the season's squared; and the season's errors at the origins."""

    own: Floats
    both: Floats
    season: Floats
    at_target: Floats

    @classmethod
    def of(cls, error: Floats, season_error: Floats, asked: _Asked) -> Self:
        """From the errors of the series and of the patterns."""
        if asked.inside is not None:
            error = error * asked.inside
        own = np.einsum("ij,ij->i", error[:, 1 : asked.width - 1], error[:, 1 : asked.width - 1])
        if not asked.season.any():
            return cls(own, np.zeros_like(own), np.zeros_like(own), np.zeros(asked.target.shape))
        inside = season_error * asked.pattern_inside
        both = np.einsum("ij,ij->i", error[:, 1:], inside[asked.pattern][:, 1:])
        of_season = np.einsum("ij,ij->i", inside[:, 1:], inside[:, 1:])[asked.pattern]
        return cls(own, both, of_season, season_error[asked.pattern[:, None], asked.target])

    def less(self, share: float) -> Floats:
        """Sums of squares of the errors less a share of the season's."""
        return self.own - 2 * share * self.both + share**2 * self.season if share else self.own


def _before(total: Floats, at_target: Floats) -> Floats:
    """Sum of squared one-step errors before each origin's month."""
    if at_target.shape[1] == 1:
        return np.maximum(total[:, None], 0.0)
    later = np.cumsum(at_target[:, 1:] ** 2, axis=1)
    return np.asarray(np.maximum(total[:, None] - np.pad(later, ((0, 0), (1, 0))), 0.0))
