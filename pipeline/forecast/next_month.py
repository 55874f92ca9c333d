"""Next month of every series: `forecast_next`, from the long frame to the columns of forecast.csv."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.forecast.episodes import without_episodes, without_months
from pipeline.forecast.evidence import FEWEST
from pipeline.forecast.history import Flags, Floats, Ints, Panel, month_start, read_history
from pipeline.forecast.intervals import Errors, Reach, reach_by_pool
from pipeline.forecast.one_kind import MEAN, NUMBERS, Variant, reaches, structural_answers
from pipeline.forecast.own_course import (
    LEFT_OUT,
    in_rhythm,
    limited,
    name_left_out,
    no_more_than_left,
    put,
    straightened,
    waited,
)
from pipeline.forecast.scale import KINDS, backward, kind_of, scale_of
from pipeline.forecast.seldom import (
    Smoothed,
    level_of_the_going,
    orders_seldom,
    reach_of_the_going,
    silent_then,
    smoothed,
    smoothing_won,
)
from pipeline.forecast.short import LAST_VALUE, RECENT_MEAN, THREE, short_forecasts
from pipeline.forecast.structural import ORIGINS
from pipeline.forecast.together import Together, reaching_last, went_together

FORECAST_COLUMNS = (
    "series_id", "month", "forecast", "low80", "high80", "low95", "high95", "method", "months_of_history",
)  # fmt: skip
NO_HISTORY, NO_ORDERS, SILENT, STRUCTURAL = "no_history", "no_orders", "silent", "structural"
SHARED = "season_shared"
WAYS = (SHARED, "spring_festival", "mid_autumn", "working_days")
SELDOM, STRAIGHT = "seldom", "straight"


@dataclass(frozen=True)
class Foreseen:
    """Numbers of forecast.csv for each series of a panel, as arrays in the panel's order.

    The forecast is the median; `mean` is what can be added up; `used` are the ways that won in these series'
    own history: "season_shared", "spring_festival", "mid_autumn", "working_days".
    """

    numbers: dict[str, Floats]
    mean: Floats
    method: npt.NDArray[np.object_] = field(repr=False)
    used: tuple[str, ...] = ()


def forecast_next(
    history: pd.DataFrame,
    parents: Mapping[str, str] | pd.Series | None = None,
    *,
    spring_festival: bool | None = None,
    working_days: bool | None = None,
    share_season: bool = True,
    pools: Mapping[str, str] | pd.Series | None = None,
) -> pd.DataFrame:
    """Forecast the month after each series' last known month.

    Series above zero are forecast in logs, others in roots or as they are (`scale`); a month that is
    missing or NaN is unknown, never zero; negative values are taken as returns; a forecast is never
    below zero. Histories of up to five known months get the rules of `short`, longer ones the mean of
    structural models (`structural`), their intervals are conformal (`intervals`).

    Args:
        history: one row per series and month: series_id, month (its first day), value in any unit.
            Series may end in different months; the order of rows does not matter.
        parents: series_id → group whose season a series may borrow (its manager, category or region).
            Series that are not named share one group; without parents all series do.
        spring_festival: take the moving festival out and put it back: True, False, or None to do so
            where, among these series, it would have helped.
        working_days: likewise for the month's days from Monday to Friday.
        share_season: False: no season is borrowed.
        pools: series_id → pool of series whose past errors make the intervals (e.g. the level of the
            hierarchy); series not named share one.

    Returns:
        One row per series, sorted by series_id: series_id, month (first day of the month forecast),
        forecast, low80, high80, low95, high95 (unit of the values), method, months_of_history (known
        months). A series of which no month is known has NaN and the method "no_history".

    Raises:
        HistoryError: a column is missing, a series has no name, a month is given twice, a value is
            infinite or no number.
    """
    panel = read_history(history)
    variant = Variant(spring_festival, working_days, share_season)
    told = foresee(panel, codes_of(panel, parents), codes_of(panel, pools), variant)
    return as_frame(panel, told)


def as_frame(panel: Panel, told: Foreseen) -> pd.DataFrame:
    """The forecasts of a panel as the frame that `forecast_next` describes."""
    frame = pd.DataFrame(
        {"series_id": panel.series_id, "month": month_start(panel.last + 1)}
        | told.numbers
        | {"method": told.method, "months_of_history": panel.known}
    )
    return frame[list(FORECAST_COLUMNS)]


def codes_of(panel: Panel, labels: Mapping[str, str] | pd.Series | None) -> Ints:
    """Number of the label of each series of a panel; 0 for those without."""
    if labels is None:
        return np.zeros(len(panel.series_id), dtype=np.int64)
    named = pd.Series(panel.series_id, dtype=object).map(pd.Series(labels, dtype=object))
    return np.asarray(pd.factorize(named, sort=True)[0] + 1, dtype=np.int64)


def foresee(
    panel: Panel,
    group: Ints,
    pool: Ints,
    variant: Variant,
    origins: int = ORIGINS,
    together: Together | None = None,
) -> Foreseen:
    """Forecasts of all series of a panel.

    Args:
        group, pool: number of each series' group (season) and pool (intervals).
        origins: earlier months tried for the intervals; 0 is quick, and the intervals are assumed.
        together: how the series went together in the last month, where that is known already.
    """
    together = went_together(panel, group) if together is None else together
    episodes = without_episodes(without_months(panel, together.months(panel)), group)
    told = episodes.panel
    sheet = _Sheet.of(panel, episodes.silent)
    _short_ones(sheet, told, pool)
    long_enough = (told.known >= FEWEST) & sheet.going
    tried = _structural_ones(sheet, told, long_enough, group, pool, variant, origins)
    seldom = _seldom_ones(sheet, told, panel, long_enough, tried.off, pool, origins)
    rows = np.flatnonzero(long_enough & ~seldom)
    sheet.method[rows] = np.where(straightened(sheet.numbers, told.rows(rows), rows), STRAIGHT, sheet.method[rows])
    in_rhythm(sheet.numbers, sheet.method, told, sheet.going)
    waited(sheet.numbers, episodes.waiting)
    no_more_than_left(sheet.numbers, told)
    limited(sheet.numbers, told)
    reaching_last(sheet.numbers, together)
    left_out = (episodes.paused, tried.freak, episodes.sent_back, tried.stepped, episodes.waiting > 0)
    name_left_out(sheet.method, long_enough, dict(zip(LEFT_OUT, left_out, strict=True)))
    name_left_out(sheet.method, sheet.going & (told.known > 0), together.named)
    ways = tuple(name for name in WAYS if tried.won.get(name, 0) * 2 > long_enough.sum())
    return Foreseen({name: sheet.numbers[name] for name in NUMBERS}, sheet.numbers[MEAN], sheet.method, ways)


@dataclass(frozen=True)
class _Sheet:
    """What is told of all series, filled in step by step; `going` are those that are neither silent nor without any
    order."""

    numbers: dict[str, Floats]
    method: npt.NDArray[np.object_]
    going: Flags

    @classmethod
    def of(cls, panel: Panel, silent: Flags) -> _Sheet:
        """With 0 for those that will not order."""
        numbers = {name: np.full(len(panel.series_id), np.nan) for name in (*NUMBERS, MEAN)}
        method = np.full(len(panel.series_id), NO_HISTORY, dtype=object)
        zero = (panel.known > 0) & ~(np.nan_to_num(panel.values) > 0).any(axis=1)
        for values in numbers.values():
            values[zero | silent] = 0.0
        method[zero], method[silent] = NO_ORDERS, SILENT
        return cls(numbers, method, ~zero & ~silent)


@dataclass(frozen=True)
class _Tried:
    """What came of the structural forecast: how far off each series was in the months tried, which had freaks or
    steps, and for how many series each way of it won."""

    off: Floats
    freak: Flags
    stepped: Flags
    won: dict[str, int]


def _short_ones(sheet: _Sheet, told: Panel, pool: Ints) -> None:
    """Series of few months: the last value, or the mean of the recent ones.

    How far they reach each pool learns by itself: a sum that leapt with a large new customer says nothing of customers.
    """
    for rule, fewest, most in ((LAST_VALUE, 1, THREE), (RECENT_MEAN, THREE, FEWEST)):
        is_short = (told.known >= fewest) & (told.known < most) & sheet.going
        for number in np.unique(pool[is_short]):
            of_pool = np.flatnonzero(pool == number)
            own = np.flatnonzero(is_short[of_pool])
            put(sheet.numbers, of_pool[own], _short(told.rows(of_pool), own))
        sheet.method[is_short] = rule


def _structural_ones(
    sheet: _Sheet, told: Panel, long_enough: Flags, group: Ints, pool: Ints, variant: Variant, origins: int
) -> _Tried:
    """Level, trend and season of the longer series, kind by kind."""
    count = len(told.series_id)
    tried = _Tried(np.full(count, np.nan), np.zeros(count, dtype=bool), np.zeros(count, dtype=bool), {})
    for kind, of_kind in zip(KINDS, kind_of(told.values), strict=True):
        rows = np.flatnonzero(long_enough & of_kind)
        if not len(rows):
            continue
        part = structural_answers(told.rows(rows), kind, group[rows], pool[rows], variant, origins)
        put(sheet.numbers, rows, part.numbers)
        tried.off[rows] = part.off
        tried.freak[rows], tried.stepped[rows] = part.freak, part.stepped
        sheet.method[rows] = "+".join((STRUCTURAL, *part.used))
        for name in (*part.used, *([SHARED] if part.shared else [])):
            tried.won[name] = tried.won.get(name, 0) + len(rows)
    return tried


def _seldom_ones(
    sheet: _Sheet, told: Panel, panel: Panel, long_enough: Flags, off: Floats, pool: Ints, origins: int
) -> Flags:
    """Series that order seldom are smoothed where that won; which they are.

    Args:
        told, panel: the series without the months that say nothing, and with them.
    """
    seldom = orders_seldom(told.values)
    asked = np.flatnonzero(seldom & (long_enough | (sheet.method == SILENT)))
    going = long_enough[asked]
    rows = asked[going]
    seldom &= long_enough
    if len(rows):
        smooth = smoothed(told.values[asked], told.months[asked], origins)
        better = smoothing_won(smooth.rows(going), off[rows], told.months[rows])
        silent = silent_then(panel, origins)
        level = level_of_the_going(len(rows), panel, ~sheet.going, silent)
        scaled = np.where(silent[asked], np.nan, smooth.scaled)
        reach = reach_of_the_going(scaled, pool[asked], pool[rows[better]], level)
        put(sheet.numbers, rows[better], _reaching(smooth.rows(going).rows(better), reach))
        sheet.method[rows[better]] = SELDOM
        seldom[rows[~better]] = False
    return seldom


def _reaching(told: Smoothed, reach: Reach) -> dict[str, Floats]:
    answers = {name: np.maximum(told.mean + sign * told.deviation, 0.0) for name, sign in reaches(reach)}
    return answers | {MEAN: answers["forecast"]}


def _short(panel: Panel, rows: Ints) -> dict[str, Floats]:
    told = short_forecasts(panel, rows)
    reach = reach_by_pool(Errors.alike(told.errors), np.zeros(len(rows), dtype=np.int64))
    plain = scale_of(np.ones((len(rows), 1)), "plain")
    answers = {name: backward(told.mean + sign * told.deviation, plain) for name, sign in reaches(reach)}
    answers["high95"] = np.maximum(answers["high95"], told.top)
    return answers | {MEAN: answers["forecast"]}
