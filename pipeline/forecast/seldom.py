"""Series that order in fewer than half of their months: exponential smoothing of what they bought, without season.

With so few orders neither season nor trend can be told from chance; on public data (parts sold) plain smoothing
with a weight of .2 was better than the structural models at every length, 3 to 9 % up to two years; where siblings
lend a season it may lose, so from two years on it must have won in the set's own last months. What orders in the
same months every year is no such series.

Source: Syntetos & Boylan (2005), "The accuracy of intermittent demand estimates", IJF 21.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.episodes import SILENT_MONTHS, usual_silence
from pipeline.forecast.history import SEASON, Flags, Floats, Ints, Panel
from pipeline.forecast.intervals import LEVELS, Errors, Reach, reach_by_pool

SMOOTHING = 0.2
FIRST_MONTHS = 6  # whose mean the smoothing starts from: it foretells none of them
SAME_MONTHS = 0.75  # share of orders with another a year before or after from which they come every year
MANY_ZEROS = 1 / 2
LEAST_LEVEL = 0.75  # of the months that were tried
FADING = 0.6  # what errors count beside those of the next month: how often is ordered changes within a few months


@dataclass(frozen=True)
class Smoothed:
    """Next month and the stated deviation of each series, and its last errors, newest first.

    Attributes:
        errors: in the series' unit; NaN before its first month.
        scaled: over the deviation that was known before each; NaN also where the series was not yet old enough,
            or ordered too often, to be smoothed.
    """

    mean: Floats
    deviation: Floats
    errors: Floats
    scaled: Floats

    def rows(self, chosen: Flags) -> Smoothed:
        """Some of the series."""
        return Smoothed(self.mean[chosen], self.deviation[chosen], self.errors[chosen], self.scaled[chosen])


def orders_seldom(values: Floats) -> Flags:
    """Series without an order in more than half of their months, which do not come back every year."""
    known = np.isfinite(values)
    zero = (values == 0).sum(axis=1)
    below = (np.where(known, values, 0.0) < 0).any(axis=1)
    many = (zero > MANY_ZEROS * known.sum(axis=1)) & ~below
    ordered = known & (values > 0)
    again = np.zeros_like(ordered)
    if values.shape[1] > SEASON:
        both = ordered[:, SEASON:] & ordered[:, :-SEASON]
        again[:, SEASON:] |= both
        again[:, :-SEASON] |= both
    regular = again.sum(axis=1) >= SAME_MONTHS * np.maximum(ordered.sum(axis=1), 1)
    return np.asarray(many & ~regular)


def level_of_the_going(going: int, panel: Panel, out: Flags, silent: Flags) -> float:
    """Share of the months tried that the narrow interval of those that order seldom and go on must hold.

    80 % is said of all that order seldom. Who has fallen silent is told [0; 0], which holds more often; so the
    intervals of the others need to hold a little less for all together to hold 80 %.

    Args:
        going: how many series order seldom and go on.
        panel: all series.
        out: which of them have fallen silent or never ordered.
        silent: which were so before each of the last months (`silent_then`).
    """
    seldom = orders_seldom(panel.values)
    held = silence_held(panel.rows(seldom), silent[seldom])
    return needed_level(going, int((seldom & out).sum()), held)


def needed_level(going: int, silent: int, held: float) -> float:
    """What so many must hold for 80 % of all to be held, if of the silent ones the share `held` is."""
    share = silent / max(going + silent, 1)
    needed = (LEVELS[0] - share * held) / (1 - share) if share < 1 else LEAST_LEVEL
    return float(np.clip(needed, LEAST_LEVEL, LEVELS[0]))


def reach_of_the_going(scaled: Floats, pool: Ints, pool_of_series: Ints, level: float) -> Reach:
    """How many deviations the intervals of those that go on reach.

    The narrow interval follows the newest months; for the wide one, which few errors tell of, they would be too few.

    Args:
        scaled: errors in the months in which series that order seldom were smoothed, newest first; else NaN.
        pool: pool of each of these series.
        pool_of_series: pool of each series whose reach is answered.
        level: share of the months tried that the narrow interval is to hold.
    """
    newest = reach_by_pool(Errors.of_months(scaled, pool, FADING), pool_of_series, narrow=level)
    return reach_by_pool(Errors.of_months(scaled, pool), pool_of_series).with_narrow(newest)


def silent_then(panel: Panel, origins: int) -> Flags:
    """Whether series that order seldom were silent, or had not yet ordered, before each of the last months.

    Without this, intervals would be learned from months in which nobody forecast an order, and only from those
    series that came through. Series × origin, newest first; False before a series' first month.
    """
    values, rows = panel.values, np.arange(len(panel.values))
    state = np.zeros((len(values), values.shape[1]), dtype=bool)
    run, longest = np.zeros(len(values), dtype=np.int64), np.zeros(len(values), dtype=np.int64)
    begun = np.zeros(len(values), dtype=bool)
    for month in range(values.shape[1]):
        state[:, month] = ~begun | ((run >= SILENT_MONTHS) & (run > usual_silence(longest)))
        ordered, nothing = np.nan_to_num(values[:, month]) > 0, values[:, month] == 0
        longest = np.where(ordered & begun, np.maximum(longest, run), longest)
        run = np.where(ordered, 0, run + nothing)
        begun |= ordered
    place = panel.months[:, None] - 1 - np.arange(origins)[None, :]
    return np.asarray((place >= 0) & state[rows[:, None], np.maximum(place, 0)])


def silence_held(panel: Panel, silent: Flags) -> float:
    """In how many of the last months nothing came from those that were silent then; 1 if there was none.

    Args:
        panel: series that order seldom.
        silent: of `silent_then`.
    """
    place = panel.months[:, None] - 1 - np.arange(silent.shape[1])[None, :]
    came = np.take_along_axis(panel.values, np.maximum(place, 0), axis=1)
    asked = silent & np.isfinite(came) & (place >= FIRST_MONTHS)
    return float((came[asked] == 0).mean()) if asked.any() else 1.0


def smoothed(values: Floats, months: Ints, origins: int) -> Smoothed:
    """Smooth series (rows; NaN months are passed over) and keep the last one-step errors.

    Args:
        values: series × month in their own unit.
        months: months of each series.
        origins: how many of the last errors are answered.
    """
    inside = np.isfinite(values) & (np.arange(values.shape[1])[None, :] < months[:, None])
    start = np.where(inside, values, np.nan)[:, :FIRST_MONTHS]
    count = np.isfinite(start).sum(axis=1)
    level = np.where(count > 0, np.nan_to_num(start).sum(axis=1) / np.maximum(count, 1), 0.0)
    error = np.full(values.shape, np.nan)
    for month in range(values.shape[1]):
        away = np.where(inside[:, month], np.nan_to_num(values[:, month]) - level, 0.0)
        error[:, month] = np.where(inside[:, month], away, np.nan)
        level = level + SMOOTHING * away
    known = inside.cumsum(axis=1)
    deviation = np.sqrt(np.nancumsum(error**2, axis=1) / np.maximum(known, 1))
    seldom = (inside & (values == 0)).cumsum(axis=1) > MANY_ZEROS * known
    scaled = np.full(values.shape, np.nan)
    tried = (known >= FIRST_MONTHS) & seldom & (deviation > 0)
    np.divide(error[:, 1:], deviation[:, :-1], out=scaled[:, 1:], where=tried[:, :-1])
    place = months[:, None] - 1 - np.arange(origins)[None, :]
    last, of_last = (
        np.where(place >= 0, np.take_along_axis(one, np.maximum(place, 0), axis=1), np.nan)
        for one in (error, scaled)
    )
    return Smoothed(level, deviation[:, -1], last, of_last)


def smoothing_won(smooth: Smoothed, off: Floats, months: Ints) -> Flags:
    """Where smoothing is taken: in series too young for a season, and in all if it won in the months tried.

    Args:
        off: mean absolute error of the structural models in the same months; NaN where they were not tried.
    """
    tried = np.isfinite(off) & np.isfinite(smooth.errors).any(axis=1)
    own = np.where(np.isfinite(smooth.errors), np.abs(smooth.errors), 0.0).sum(axis=1)
    own = own / np.maximum(np.isfinite(smooth.errors).sum(axis=1), 1)
    size = np.where(smooth.deviation > 0, smooth.deviation, 1.0)
    won = (own[tried] / size[tried]).sum() <= (off[tried] / size[tried]).sum()
    return np.asarray((months < 2 * SEASON) | bool(won))
