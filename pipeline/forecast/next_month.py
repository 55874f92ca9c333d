"""Next month of every series: `forecast_next`, from the long frame to the columns of forecast.csv."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.forecast.episodes import without_episodes
from pipeline.forecast.history import SEASON, Flags, Floats, Ints, Panel, month_start, read_history
from pipeline.forecast.intervals import reach_by_pool
from pipeline.forecast.limits import ceiling
from pipeline.forecast.lines import falls_on, lines
from pipeline.forecast.one_kind import MEAN, NORMAL80, NORMAL95, NUMBERS, Variant, reaches, structural_answers
from pipeline.forecast.rhythm import rhythm
from pipeline.forecast.scale import KINDS, backward, kind_of, scale_of
from pipeline.forecast.seldom import Smoothed, orders_seldom, smoothed
from pipeline.forecast.short import LAST_VALUE, RECENT_MEAN, THREE, short_forecasts
from pipeline.forecast.structural import FEWEST, ORIGINS

FORECAST_COLUMNS = (
    "series_id", "month", "forecast", "low80", "high80", "low95", "high95", "method", "months_of_history",
)  # fmt: skip
NO_HISTORY, NO_ORDERS, SILENT, STRUCTURAL = "no_history", "no_orders", "silent", "structural"
SHARED = "season_shared"
WAYS = (SHARED, "spring_festival", "mid_autumn", "working_days")
SELDOM, STRAIGHT, RHYTHM = "seldom", "straight", "rhythm"
# What of its own months a series' forecast does not go on with, as its method names it.
LEFT_OUT = ("pause_left_out", "freak_left_out", "returns_left_out", "new_level", "no_order_lately")
ORDERS_AGAIN = (1.0, 0.7, 0.4)  # chance of an order after so many months without, of who nearly always orders


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


def foresee(panel: Panel, group: Ints, pool: Ints, variant: Variant, origins: int = ORIGINS) -> Foreseen:
    """Forecasts of all series of a panel.

    Args:
        group, pool: number of each series' group (season) and pool (intervals).
        origins: earlier months tried for the intervals; 0 is quick, and the intervals are assumed.
    """
    episodes = without_episodes(panel, group)
    told = episodes.panel
    numbers = {name: np.full(len(panel.series_id), np.nan) for name in (*NUMBERS, MEAN)}
    method = np.full(len(panel.series_id), NO_HISTORY, dtype=object)
    zero = (panel.known > 0) & ~(np.nan_to_num(panel.values) > 0).any(axis=1)
    for values in numbers.values():
        values[zero | episodes.silent] = 0.0
    method[zero], method[episodes.silent] = NO_ORDERS, SILENT
    going = ~zero & ~episodes.silent
    for rule, fewest, most in ((LAST_VALUE, 1, THREE), (RECENT_MEAN, THREE, FEWEST)):
        rows = np.flatnonzero((told.known >= fewest) & (told.known < most) & going)
        _put(numbers, rows, _short(told, rows))
        method[rows] = rule
    long_enough = (told.known >= FEWEST) & going
    seldom = long_enough & orders_seldom(told.values)
    off = np.full(len(panel.series_id), np.nan)
    freak, stepped = (np.zeros(len(panel.series_id), dtype=bool) for _ in range(2))
    won: dict[str, int] = {}
    for kind, of_kind in zip(KINDS, kind_of(told.values), strict=True):
        rows = np.flatnonzero(long_enough & of_kind)
        if len(rows):
            part = structural_answers(told.rows(rows), kind, group[rows], pool[rows], variant, origins)
            _put(numbers, rows, part.numbers)
            off[rows] = part.off
            freak[rows], stepped[rows] = part.freak, part.stepped
            method[rows] = "+".join((STRUCTURAL, *part.used))
            for name in (*part.used, *([SHARED] if part.shared else [])):
                won[name] = won.get(name, 0) + len(rows)
    rows = np.flatnonzero(seldom)
    if len(rows):
        smooth = smoothed(told.values[rows], told.months[rows], origins)
        better = _smoothing_won(smooth, off[rows], told.months[rows])
        _put(numbers, rows[better], _reaching(smooth.rows(better), pool[rows[better]]))
        method[rows[better]] = SELDOM
        seldom[rows[~better]] = False
    rows = np.flatnonzero(long_enough & ~seldom)
    method[rows] = np.where(_straightened(numbers, told.rows(rows), rows), STRAIGHT, method[rows])
    _in_rhythm(numbers, method, told, going)
    _waited(numbers, episodes.waiting)
    _limited(numbers, told)
    left_out = (episodes.paused, freak, episodes.sent_back, stepped, episodes.waiting > 0)
    _name_left_out(method, long_enough, dict(zip(LEFT_OUT, left_out, strict=True)))
    ways = tuple(name for name in WAYS if won.get(name, 0) * 2 > long_enough.sum())
    return Foreseen({name: numbers[name] for name in NUMBERS}, numbers[MEAN], method, ways)


def _smoothing_won(smooth: Smoothed, off: Floats, months: Ints) -> Flags:
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


def _reaching(told: Smoothed, pool: Ints) -> dict[str, Floats]:
    errors = told.errors / np.where(told.deviation > 0, told.deviation, np.nan)[:, None]
    reach = reach_by_pool(errors.ravel(), np.repeat(pool, errors.shape[1]), pool)
    answers = {name: np.maximum(told.mean + sign * told.deviation, 0.0) for name, sign in reaches(reach)}
    return answers | {MEAN: answers["forecast"]}


def _straightened(numbers: dict[str, Floats], panel: Panel, rows: Ints) -> Flags:
    """Put the line's numbers where the months lie on one (answered); what falls on stays below its last."""
    line = lines(panel.values, panel.months)
    to = rows[line.straight]
    sides = {"low80": -NORMAL80, "high80": NORMAL80, "low95": -NORMAL95, "high95": NORMAL95}
    for name in (*NUMBERS, MEAN):
        bound = line.ahead + sides.get(name, 0.0) * line.deviation
        numbers[name][to] = np.maximum(bound[line.straight], 0.0)
    falling = falls_on(panel.values, panel.months) & ~line.straight
    for name in (*NUMBERS, MEAN):
        # No higher than the last month, its interval than the one or two before it.
        back = {"high80": 2, "high95": 3}.get(name, 1)
        before = np.take_along_axis(panel.values, np.maximum(panel.months - back, 0)[:, None], axis=1)[:, 0]
        numbers[name][rows[falling]] = np.minimum(numbers[name][rows[falling]], before[falling])
    return line.straight


def _in_rhythm(numbers: dict[str, Floats], method: npt.NDArray[np.object_], panel: Panel, going: Flags) -> None:
    """Put the numbers of series that order at equal distances: it is their turn, or it is not."""
    told = rhythm(panel.values, panel.months)
    rows = np.flatnonzero(told.regular & going)
    due, mean, away = told.mean[rows] > 0, told.mean[rows], told.deviation[rows]
    # An order may yet come a month early or late: of twenty times once.
    answers = {
        "forecast": mean,
        "low80": mean - NORMAL80 * away,
        "high80": mean + NORMAL80 * away,
        "low95": np.zeros(len(rows)),
        "high95": np.where(due, mean + NORMAL95 * away, told.order[rows]),
        MEAN: mean,
    }
    _put(numbers, rows, {name: np.maximum(answer, 0.0) for name, answer in answers.items()})
    method[rows] = RHYTHM


def _name_left_out(method: npt.NDArray[np.object_], rows: Flags, left_out: Mapping[str, Flags]) -> None:
    """Say in the method what a series' own months had that was not carried on: a pause, a freak order, an old level."""
    for name, flagged in left_out.items():
        to = rows & flagged
        method[to] = method[to] + f"+{name}"


def _waited(numbers: dict[str, Floats], waiting: Ints) -> None:
    """Less is expected of who has not ordered for a month or two, and it may be nothing."""
    chance = np.array(ORDERS_AGAIN)[np.minimum(waiting, len(ORDERS_AGAIN) - 1)]
    for name in ("forecast", MEAN):
        numbers[name][:] = numbers[name] * chance
    for name in ("low80", "low95"):
        numbers[name][:] = np.where(waiting > 0, np.minimum(numbers[name], 0.0), numbers[name])


def _limited(numbers: dict[str, Floats], panel: Panel) -> None:
    """No number above what its series has shown to be possible, bounds on their side of the forecast."""
    most = ceiling(panel.values)
    for name in (*NUMBERS, MEAN):
        numbers[name][:] = np.minimum(numbers[name], most)
    for name in NUMBERS[1:]:
        limit = np.minimum if name.startswith("low") else np.maximum
        numbers[name][:] = limit(numbers[name], numbers["forecast"])


def _put(numbers: dict[str, Floats], rows: Ints, answers: dict[str, Floats]) -> None:
    for name, answer in answers.items():
        numbers[name][rows] = answer


def _short(panel: Panel, rows: Ints) -> dict[str, Floats]:
    if not len(rows):
        return {}
    told = short_forecasts(panel, rows)
    nowhere = np.zeros(len(told.errors), dtype=np.int64)
    reach = reach_by_pool(told.errors, nowhere, np.zeros(len(rows), dtype=np.int64))
    plain = scale_of(np.ones((len(rows), 1)), "plain")
    answers = {name: backward(told.mean + sign * told.deviation, plain) for name, sign in reaches(reach)}
    return answers | {MEAN: answers["forecast"]}
