"""Statistics of single values that are held as how often each value occurs."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.figure import Statistic
from pipeline.figures.student import t_quantile

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
CONFIDENCE = 0.95


def quantile(values: Floats, counts: Counts, share: float) -> float:
    """The quantile that Excel's PERCENTILE.INC gives, of ascending values that each occur `counts` times."""
    ends = np.cumsum(counts)
    position = share * (int(ends[-1]) - 1)
    below = math.floor(position)
    low = values[np.searchsorted(ends, below, side="right")]
    high = values[np.searchsorted(ends, math.ceil(position), side="right")]
    return float(low + (high - low) * (position - below))


def mean(values: Floats, counts: Counts) -> float:
    """The mean of values that occur so many times each."""
    return float(np.dot(values, counts) / counts.sum())


def squared_error(values: Floats, counts: Counts) -> float:
    """The estimated variance of the mean; NaN for fewer than two values."""
    number = int(counts.sum())
    if number < 2:
        return math.nan
    spread = float(np.dot((values - mean(values, counts)) ** 2, counts))
    return spread / (number - 1) / number


def half_width(values: Floats, counts: Counts) -> float:
    """Half of the 95 % interval of the mean (Student's t, over values); NaN for fewer than two values."""
    number = int(counts.sum())
    if number < 2:
        return math.nan
    return t_quantile((1 + CONFIDENCE) / 2, number - 1) * math.sqrt(squared_error(values, counts))


def difference_half_width(first: tuple[Floats, Counts], second: tuple[Floats, Counts]) -> float:
    """Half of the 95 % interval of the difference of two means (Welch); NaN for fewer than two values a side."""
    errors = squared_error(*first), squared_error(*second)
    total = sum(errors)
    if math.isnan(total) or total == 0:
        return total
    numbers = int(first[1].sum()), int(second[1].sum())
    degrees = total**2 / sum(error**2 / (number - 1) for error, number in zip(errors, numbers, strict=True))
    return t_quantile((1 + CONFIDENCE) / 2, round(degrees, 2)) * math.sqrt(total)


LEAST_POINTS, MOST_POINTS = 0.0, 100.0


def within_scale(points: float) -> float:
    """An end of an interval of an index, which is between 0 and 100 itself; NaN stays."""
    return points if math.isnan(points) else min(max(points, LEAST_POINTS), MOST_POINTS)


def _scaled(end: float) -> float:
    """The same of an end in ten-thousandths of a point, as values of figures are held."""
    return within_scale(end / TEN_THOUSANDTHS) * TEN_THOUSANDTHS


def slope(places: Floats, values: Floats, weights: Floats) -> tuple[float, float]:
    """The slope of a line through values (weighted least squares), and half of its 95 % interval (Student's t).

    NaN for fewer than three values: then there is no telling how far they lie from a line.
    """
    if len(places) < 3 or weights.sum() <= 0:
        return math.nan, math.nan
    middle, level = np.average(places, weights=weights), np.average(values, weights=weights)
    spread = float(np.dot(weights, (places - middle) ** 2))
    rise = float(np.dot(weights, (places - middle) * (values - level)) / spread)
    off = values - level - rise * (places - middle)
    error = math.sqrt(float(np.dot(weights, off**2)) / (len(places) - 2) / spread)
    return rise, t_quantile((1 + CONFIDENCE) / 2, len(places) - 2) * error


STATISTICS: dict[Statistic, Callable[[Floats, Counts], float]] = {
    "median": lambda values, counts: quantile(values, counts, 0.5),
    "p90": lambda values, counts: quantile(values, counts, 0.9),
    "mean": mean,
    "low95": lambda values, counts: _scaled(mean(values, counts) - half_width(values, counts)),
    "high95": lambda values, counts: _scaled(mean(values, counts) + half_width(values, counts)),
    "low95_open": lambda values, counts: mean(values, counts) - half_width(values, counts),
    "high95_open": lambda values, counts: mean(values, counts) + half_width(values, counts),
}
