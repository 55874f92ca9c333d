"""How little is known of an effect of the calendar that few years have shown: what was known before each month.

All series learn such an effect from the same few months, each with a shock of its own that all share. However many
series there are, a festival seen twice is known as two months tell it: that is added to how far a forecast may be off.
And the months that are tried for the intervals have themselves taught the effect that is taken off them: their errors
are those that the effect as known before would have left.

Source: errors that go together within a month, Moulton (1986), "Random group effects and the precision of regression
estimates", Journal of Econometrics 32(3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.history import Floats, Ints

REFUSED_ACTS = 1 / 3  # how likely an effect acts all the same that did not win in what is known


@dataclass(frozen=True)
class Observed:
    """What tells of an effect: series × month, 0 outside a series.

    Attributes:
        error: errors of one step of the series.
        of_number: those of the number that the calendar gives each month.
        noise: variance of each series' errors.
        start: number of the first month of each series.
    """

    error: Floats
    of_number: Floats
    noise: Floats
    start: Ints

    def rows(self, chosen: Ints) -> Observed:
        """Some of the series."""
        return Observed(self.error[chosen], self.of_number[chosen], self.noise[chosen], self.start[chosen])

    @property
    def slope(self) -> float:
        """Of all series together, each by its noise; 0 where none is touched."""
        told, weight = self.told()
        return float(told.sum() / weight.sum()) if weight.sum() > 0 else 0.0

    def told(self) -> tuple[Floats, Floats]:
        """Products with the number, and its squares, by the noise."""
        noise = self.noise[:, None]
        return self.error * self.of_number / noise, self.of_number**2 / noise

    def by_month(self, values: Floats) -> Floats:
        """Sums over the series, a number for each month from the first on."""
        place = (self.start - self.start.min())[:, None] + np.arange(values.shape[1])[None, :]
        return np.asarray(np.bincount(place.ravel(), weights=values.ravel()), dtype=float)

    def common(self) -> float:
        """Variance of what the errors of a month share, in variances of the noise, the effect apart."""
        left = (self.error - self.slope * self.of_number) / np.sqrt(self.noise)[:, None]
        count = self.by_month((self.error != 0).astype(float))
        told = count > 0
        mean = self.by_month(left)[told] / count[told]
        return max(float((mean**2 - 1 / count[told]).mean()), 0.0) if told.any() else 0.0


@dataclass(frozen=True)
class KnownBefore:
    """Slope of an effect as known before each month from `first` on, and its standard error; 0 while unknown."""

    first: int
    slope: Floats
    error: Floats

    @classmethod
    def of(cls, observed: Observed) -> KnownBefore:
        """From what all series have shown; the last month is the one after their end."""
        told, weight = (observed.by_month(part) for part in observed.told())
        touched = observed.by_month(observed.of_number / np.sqrt(observed.noise)[:, None]) ** 2
        told, weight, touched = (np.concatenate([[0.0], np.cumsum(part)]) for part in (told, weight, touched))
        safe = np.where(weight > 0, weight, 1.0)
        error = np.sqrt(observed.common() * touched + weight) / safe
        return cls(int(observed.start.min()), told / safe, np.where(weight > 0, error, 0.0))

    def before(self, start: Ints, width: int) -> tuple[Floats, Floats]:
        """Slope and standard error before each of `width` months of each series from its start on."""
        place = (start - self.first)[:, None] + np.arange(width)[None, :]
        known = np.clip(place, 0, len(self.slope) - 1)
        return np.where(place < 0, 0.0, self.slope[known]), np.where(place < 0, 0.0, self.error[known])

    def unused(self) -> KnownBefore:
        """The same of an effect that is refused: it may act all the same, as known, and its slope counts as doubt."""
        error = np.sqrt(REFUSED_ACTS * ((1 - REFUSED_ACTS) * self.slope**2 + self.error**2))
        return KnownBefore(self.first, np.zeros_like(self.slope), error)
