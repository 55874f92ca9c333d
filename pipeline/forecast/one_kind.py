"""Next month of the series of one kind: scaled, repaired, foretold by the structural models, and back again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.forecast.calendar_numbers import mid_autumn_share, spring_festival_share, working_days_share
from pipeline.forecast.episodes import in_last_years
from pipeline.forecast.evidence import Scaled
from pipeline.forecast.history import SEASON, Flags, Floats, Ints, Panel
from pipeline.forecast.intervals import Errors, Reach, reach_by_pool, widening
from pipeline.forecast.moving import moving_effect
from pipeline.forecast.repair import filled, pulled_in
from pipeline.forecast.scale import (
    Kind,
    backward,
    bent,
    expected,
    forward,
    scale_of,
    shown_mean,
    unbent,
)
from pipeline.forecast.season import Patterns, shared_patterns
from pipeline.forecast.spread import by_level, by_month, spread_of, unseen
from pipeline.forecast.steps import moved_to_last_level
from pipeline.forecast.structural import Foretold, foretell, padded
from pipeline.forecast.theta import mixed, second_opinions
from pipeline.forecast.wild import tamed
from pipeline.forecast.wild_months import wild_months

MEAN = "mean"
NUMBERS = ("forecast", "low80", "high80", "low95", "high95")
NORMAL80, NORMAL95 = 1.2816, 1.96  # quantiles of |z| at 80 and 95 % of a standard normal
LEARNED_FROM = 500  # series of a pool whose errors are looked at (times the origins); more change no quantile


@dataclass(frozen=True)
class Variant:
    """How the structural forecast is made; what `choose_variant` chooses between.

    Attributes:
        spring_festival: the moving festival: True, False, or None for "where it would have helped".
        working_days: likewise for the month's days from Monday to Friday.
        share_season: whether series may borrow the season of their group.
        mid_autumn: the Mid-Autumn Festival likewise, where four years are known.
    """

    spring_festival: bool | None = None
    working_days: bool | None = None
    share_season: bool = True
    mid_autumn: bool | None = None


def reaches(reach: Reach) -> list[tuple[str, Floats]]:
    """Each number of a forecast and how many deviations it lies above the mean."""
    nothing = np.zeros_like(reach.reach80)
    return list(zip(NUMBERS, (nothing, -reach.reach80, reach.reach80, -reach.down95, reach.up95), strict=True))


@dataclass(frozen=True)
class Answers:
    """What the structural models say of the series of one kind.

    Attributes:
        numbers: by name, those of forecast.csv and the mean.
        used: moving effects in use.
        shared: whether seasons were borrowed.
        off: mean absolute error of each series in the months tried, in its unit; NaN where not tried.
        freak: whether a month of the last two years was too far out to be believed.
        stepped: whether the series has a new level, and what was before it was moved there.
    """

    numbers: dict[str, Floats]
    used: tuple[str, ...]
    shared: bool
    off: Floats
    freak: Flags
    stepped: Flags


def structural_answers(
    panel: Panel, kind: Kind, group: Ints, pool: Ints, variant: Variant, origins: int
) -> Answers:
    """Forecasts of the series of one kind."""
    scale = scale_of(panel.values, kind)
    true = forward(panel.values, scale)
    onto = moved_to_last_level(true, panel.months) if kind == "log" else np.zeros_like(true)
    true = true + onto
    calendar, freaks, true, steady = _cleared(true, panel, kind, group, variant)
    width = steady.shape[1]
    centre = np.nanmean(steady, axis=1, keepdims=True)
    patterns = _patterns(steady, panel, group, variant, origins)
    series = Scaled(padded(steady - centre), panel.months, patterns.effects, patterns.row)
    sample = _sampled(pool)
    ahead, past, shared = foretell(series, sample, origins)
    came = _recent(true - calendar.added[:, :width] - centre, panel.months, origins)[sample]
    told = ahead.mean[:, 0]
    if kind != "plain":
        told, past = _with_second_opinion(told, past, steady - centre, panel.months, sample)
    spread = spread_of(ahead, past, came, panel.months, pool, sample)
    if kind == "log":
        spread = by_level(spread, told, past.mean)
    if kind != "plain":
        asked = (steady - centre)[sample], panel.months[sample], panel.last[sample]
        # What the months that are judged showed does not help to judge them.
        spread = by_month(spread, wild_months(*asked), wild_months(*asked, origins), panel.last, sample)
    errors = unseen(spread, past.borrowed, patterns, panel.months, sample)
    errors = errors + _recent(calendar.learned[:, :width], panel.months, origins)[sample] / spread.past
    reach = _reach(errors, spread.past, kind, pool, sample)
    next_month = np.arange(len(steady)), panel.months
    mean = told + centre[:, 0] + calendar.added[next_month]
    deviation = np.hypot(spread.deviation, calendar.doubt[next_month])
    answers = {name: backward(mean + unbent(sign * deviation, kind), scale) for name, sign in reaches(reach)}
    # The stated deviation as the errors of the past correct it.
    answers |= {MEAN: expected(mean, deviation * reach.reach80 / NORMAL80, scale)}
    if kind != "plain":
        shown = shown_mean(answers["forecast"], true, scale)
        answers[MEAN] = np.where(panel.months <= SEASON, np.minimum(answers[MEAN], shown), answers[MEAN])
    off = np.full(len(steady), np.nan)
    off[sample] = _mean_size(came - past.mean) * scale.unit[sample]
    freak = in_last_years(freaks, panel.months)
    return Answers(answers, calendar.used, shared, off, freak, (onto != 0).any(axis=1))


def _cleared(
    true: Floats, panel: Panel, kind: Kind, group: Ints, variant: Variant
) -> tuple[Calendar, Flags, Floats, Floats]:
    """What the calendar adds, which months were too far out, and the months without them (NaN) and with what the
    others let expect in their place, the calendar's part taken off."""
    whole = filled(true, panel.months, panel.last, group)
    if kind == "plain":
        calendar = _calendar(whole, panel, variant)
        return calendar, np.zeros(whole.shape, dtype=bool), true, whole - calendar.added[:, : whole.shape[1]]
    calm = tamed(whole, panel.months, panel.last, group)
    # One freak order in an autumn is not the festival's; a month of next to nothing may be.
    calendar = _calendar(np.fmin(whole, calm), panel, variant)
    steady = whole - calendar.added[:, : whole.shape[1]]
    repaired = pulled_in(steady, panel.months, panel.last, group, None if calendar.added.any() else calm)
    return calendar, repaired.wild & np.isfinite(true), np.where(repaired.wild, np.nan, true), repaired.values


def _with_second_opinion(
    ahead: Floats, past: Foretold, values: Floats, months: Ints, sample: Ints
) -> tuple[Floats, Foretold]:
    """Forecasts, and the earlier ones of a sample, mixed with Theta's."""
    earlier = second_opinions(values[sample], months[sample], past.mean.shape[1])[:, 1:]
    next_ones = second_opinions(values, months, 0)[:, 0]
    return mixed(ahead, next_ones), Foretold(mixed(past.mean, earlier), past.deviation, past.borrowed)


def _mean_size(errors: Floats) -> Floats:
    """Mean absolute error of each row; NaN where there is none."""
    told = np.isfinite(errors)
    total = np.where(told, np.abs(errors), 0.0).sum(axis=1)
    return np.where(told.any(axis=1), total / np.maximum(told.sum(axis=1), 1), np.nan)


def _reach(errors: Floats, stated: Floats, kind: Kind, pool: Ints, sample: Ints) -> Reach:
    """Reach of each series' intervals, in deviations, from the sample's scaled errors."""
    measured = Errors.of_months(bent(errors * stated, kind) / stated, pool[sample])
    return reach_by_pool(measured, pool, by_side=kind != "plain").wider(widening(errors))


@dataclass(frozen=True)
class Calendar:
    """What the calendar adds to each month (series × months + 1), and the names of the effects in use.

    `learned` and `doubt` as in `Strength`.
    """

    added: Floats
    used: tuple[str, ...]
    learned: Floats
    doubt: Floats


def _calendar(whole: Floats, panel: Panel, variant: Variant) -> Calendar:
    """Moving festivals and working days, each taken off before the next is looked for."""
    total = np.zeros((len(whole), whole.shape[1] + 1))
    learned, doubt = np.zeros_like(total), np.zeros_like(total)
    used = []
    doors = (
        ("spring_festival", spring_festival_share, variant.spring_festival, 2 * SEASON, False),
        ("mid_autumn", mid_autumn_share, variant.mid_autumn, 4 * SEASON, False),
        ("working_days", working_days_share, variant.working_days, 2 * SEASON, True),
    )
    for name, moving, wanted, fewest, often in doors:
        if wanted is not False:
            left = whole - total[:, : whole.shape[1]]
            strength = moving_effect(left, panel.months, panel.last, moving, bool(wanted), fewest, often)
            total, learned = total + strength.added, learned + strength.learned
            doubt = np.hypot(doubt, strength.doubt)
            used += [name] if strength.used else []
    return Calendar(total, tuple(used), learned, doubt)


def _patterns(steady: Floats, panel: Panel, group: Ints, variant: Variant, origins: int) -> Patterns:
    """Seasons that may be borrowed, from series of the same group that end in the same month."""
    key = np.stack([group, panel.last]) if variant.share_season else np.arange(len(group))[None, :]
    same = np.unique(key, axis=1, return_inverse=True)[1].ravel()
    return shared_patterns(steady, panel.months, same, origins)


def _recent(values: Floats, months: Ints, count: int) -> Floats:
    """The last `count` months of each series, newest first."""
    place = np.maximum(months[:, None] - 1 - np.arange(count)[None, :], 0)
    return np.take_along_axis(values, place, axis=1)


def _sampled(pool: Ints) -> Ints:
    """Rows to learn from: evenly spaced over each pool, at most `LEARNED_FROM` of it."""
    chosen = []
    for number in np.unique(pool):
        rows = np.flatnonzero(pool == number)
        step = np.linspace(0, len(rows) - 1, min(len(rows), LEARNED_FROM))
        chosen.append(rows[np.unique(step.astype(np.int64))])
    return np.concatenate(chosen)
