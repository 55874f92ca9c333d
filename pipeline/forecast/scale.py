"""On which scale a series is forecast, and the way back.

Values that are all above zero are taken in logarithms (errors are in proportion); values with some
zeros as square roots; series with many zeros, or with negative months (returns), as they are: there
the mean is wanted, not the median, since customers are added up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.forecast.history import Flags, Floats

Kind = Literal["log", "root", "plain"]
KINDS: tuple[Kind, ...] = ("log", "root", "plain")
MANY_ZEROS = 1 / 2
BEND = 0.25  # 0 is the logarithm, 1/2 the square root: between them intervals of public data were the sharpest
LEAST_BENT = 1e-9
FURTHEST = 7.0  # a forecast stays below e^7 times the largest value seen: exp() must not run away


@dataclass(frozen=True)
class Scale:
    """How series of one kind are scaled: `unit` and `top` (largest scaled value) by series."""

    kind: Kind
    unit: Floats
    top: Floats

    def rows(self, chosen: Flags) -> Scale:
        """The scales of some of the series."""
        return Scale(self.kind, self.unit[chosen], self.top[chosen])


def kind_of(values: Floats) -> list[Flags]:
    """For each of `KINDS`, which series (rows) are forecast on it; NaN is unknown and decides nothing."""
    known = np.isfinite(values)
    lowest = np.where(known, values, np.inf).min(axis=1, initial=np.inf)
    zeros = (values == 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    log = lowest > 0
    root = ~log & (lowest >= 0) & (zeros <= MANY_ZEROS)
    return [log, root, ~log & ~root]


def scale_of(values: Floats, kind: Kind) -> Scale:
    """The unit of each series: its mean absolute value (1 where all is zero), so that size does not matter."""
    known = np.isfinite(values)
    size = np.where(known, np.abs(values), 0.0)
    # The largest value is taken out first: the mean of squares and sums of 1e300 must not overflow.
    top = np.maximum(size.max(axis=1, initial=0.0), np.finfo(float).tiny)
    mean = (size / top[:, None]).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    unit = np.where(mean > 0, mean * top, 1.0)
    scale = Scale(kind, unit, np.zeros(len(values)))
    scaled = np.where(known, forward(values, scale), -np.inf)
    return Scale(kind, unit, scaled.max(axis=1, initial=-np.inf))


def forward(values: Floats, scale: Scale) -> Floats:
    """Values of the series (rows) on their scale."""
    relative = values / scale.unit[:, None]
    if scale.kind == "log":
        return np.asarray(np.log(np.where(relative > 0, relative, np.nan)))
    return np.asarray(np.sqrt(relative)) if scale.kind == "root" else np.asarray(relative)


def backward(scaled: Floats, scale: Scale) -> Floats:
    """Scaled forecasts, one per series, back in the series' own units; never below zero."""
    if scale.kind == "log":
        return np.asarray(np.exp(np.minimum(scaled, scale.top + FURTHEST)) * scale.unit)
    floored = np.maximum(scaled, 0.0)
    return np.asarray((floored**2 if scale.kind == "root" else floored) * scale.unit)


def bent(error: Floats, kind: Kind) -> Floats:
    """Errors on the scale as intervals are measured in: of logarithms, by a fourth root.

    Errors of great deviations are less lopsided than those of a log-normal month, more than those of a normal one.
    """
    return np.asarray(np.expm1(BEND * np.minimum(error, FURTHEST)) / BEND) if kind == "log" else error


def unbent(bent_error: Floats, kind: Kind) -> Floats:
    """The way back from `bent`: how far on the scale an interval reaches."""
    return (
        np.asarray(np.log(np.maximum(1 + BEND * bent_error, LEAST_BENT)) / BEND) if kind == "log" else bent_error
    )


def expected(scaled: Floats, deviation: Floats, scale: Scale) -> Floats:
    """Mean, in the series' own units, of what is normal with this mean and deviation on the scale.

    `backward` of the mean is the median; what is to be added up needs the mean. Source: moments of the
    log-normal and of the square of a normal; the deviation in logs is taken as at most 1.
    """
    if scale.kind == "log":
        return backward(scaled + np.minimum(deviation, 1.0) ** 2 / 2, scale)
    if scale.kind == "root":
        return np.asarray((np.maximum(scaled, 0.0) ** 2 + deviation**2) * scale.unit)
    return backward(scaled, scale)


def shown_mean(forecast: Floats, scaled: Floats, scale: Scale) -> Floats:
    """The mean of each series' next month if it varies as its own months do about their middle, in its own units.

    A mean that is further above the median than this rests on what is not known of a young series, not on what it has
    shown: of seven uneven months about 340, 617 was to be added up. Source: smearing, Duan (1983), JASA 78.

    Args:
        forecast: the median of each series, in its own units.
        scaled: series × month on their scale, NaN where unknown and after each series' end.
    """
    away = scaled - np.nanmean(scaled, axis=1)[:, None]
    if scale.kind == "log":
        return np.asarray(forecast * np.nanmean(np.exp(away), axis=1))
    return np.asarray(forecast + (np.nanmean(away**2, axis=1) * scale.unit if scale.kind == "root" else 0.0))
