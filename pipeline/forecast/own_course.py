"""What a series' own course says above the models: it lies on a line, orders in a rhythm, has not ordered lately.

All of these change the arrays of numbers and methods that they are given, which belong to `next_month.foresee`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from pipeline.forecast.episodes import SELDOM
from pipeline.forecast.history import SEASON, Flags, Floats, Ints, Panel
from pipeline.forecast.limits import ceiling
from pipeline.forecast.lines import falls_on, lines, rises_on
from pipeline.forecast.one_kind import MEAN, NORMAL80, NORMAL95, NUMBERS
from pipeline.forecast.rhythm import rhythm

RHYTHM = "rhythm"
# What of its own months a series' forecast does not go on with, as its method names it.
NO_ORDER_LATELY = "no_order_lately"
LEFT_OUT = ("pause_left_out", "freak_left_out", "returns_left_out", "new_level", NO_ORDER_LATELY)
FEWEST_BEFORE_FADING = 6  # months
FADED_MONTHS, FADED = 3, 0.15  # so many months with so little of the usual one
USUAL_A_YEAR_AGO = 0.5  # of the usual month: the same months a year before were no low season
ORDERS_AGAIN = (1.0, 0.7, 0.4)  # chance of an order after so many months without, of who nearly always orders


def straightened(numbers: dict[str, Floats], panel: Panel, rows: Ints) -> Flags:
    """Put the line's numbers where the months lie on one (answered).

    What falls on stays below its last month, what grows above it.
    """
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
        most = np.maximum(before[falling], 0.0)  # the last may be goods sent back
        numbers[name][rows[falling]] = np.minimum(numbers[name][rows[falling]], most)
    rising = rises_on(panel.values, panel.months) & ~line.straight
    last = np.take_along_axis(panel.values, np.maximum(panel.months - 1, 0)[:, None], axis=1)[:, 0]
    lacking = np.maximum(last - numbers["forecast"][rows], 0.0)[rising]
    for name in ("forecast", MEAN, "high80", "high95"):
        numbers[name][rows[rising]] += lacking
    return line.straight


def in_rhythm(numbers: dict[str, Floats], method: npt.NDArray[np.object_], panel: Panel, going: Flags) -> None:
    """Put the numbers of series that order at equal distances: it is their turn, or it is not."""
    told = rhythm(panel.values, panel.months)
    rows = np.flatnonzero(told.regular & going)
    due, mean, away = told.mean[rows] >= told.order[rows], told.mean[rows], told.deviation[rows]
    # An order may yet come a month early or late: of twenty times once.
    answers = {
        "forecast": mean,
        "low80": mean - NORMAL80 * away,
        "high80": mean + NORMAL80 * away,
        "low95": np.zeros(len(rows)),
        "high95": np.where(due, mean + NORMAL95 * away, told.order[rows]),
        MEAN: mean,
    }
    put(numbers, rows, {name: np.maximum(answer, 0.0) for name, answer in answers.items()})
    method[rows] = RHYTHM


def name_left_out(method: npt.NDArray[np.object_], rows: Flags, left_out: Mapping[str, Flags]) -> None:
    """Say in the method what a series' own months had that was not carried on: a pause, a freak order, an old level."""
    for name, flagged in left_out.items():
        to = rows & flagged
        method[to] = method[to] + f"+{name}"


def waited(numbers: dict[str, Floats], waiting: Ints) -> None:
    """Less is expected of who has not ordered for a month or two, and it may be nothing."""
    chance = np.array(ORDERS_AGAIN)[np.minimum(waiting, len(ORDERS_AGAIN) - 1)]
    for name in ("forecast", MEAN):
        numbers[name][:] = numbers[name] * chance
    for name in ("low80", "low95"):
        numbers[name][:] = np.where(waiting > 0, np.minimum(numbers[name], 0.0), numbers[name])


def limited(numbers: dict[str, Floats], panel: Panel) -> None:
    """No number above what its series has shown to be possible, bounds on their side of the forecast."""
    most = ceiling(panel.values)
    for name in (*NUMBERS, MEAN):
        numbers[name][:] = np.minimum(numbers[name], most)
    for name in NUMBERS[1:]:
        limit = np.minimum if name.startswith("low") else np.maximum
        numbers[name][:] = limit(numbers[name], numbers["forecast"])


def no_more_than_left(numbers: dict[str, Floats], panel: Panel) -> None:
    """Who has bought next to nothing for three months, other than a year ago, is not expected to be back at once.

    Nor is who has not been seen for a year.
    """
    months, values = panel.months, panel.values
    ordered = np.where(np.nan_to_num(values) > 0, values, np.nan)
    rows = np.flatnonzero((months >= FEWEST_BEFORE_FADING + FADED_MONTHS) & np.isfinite(ordered).any(axis=1))
    usual = np.nanmedian(ordered[rows], axis=1)
    place = months[rows][:, None] - 1 - np.arange(FADED_MONTHS + 1)[None, :]
    own = values[rows]
    last = np.take_along_axis(own, place, axis=1)
    year_ago = place[:, :FADED_MONTHS] - SEASON
    before = np.where(year_ago < 0, np.inf, np.take_along_axis(own, np.maximum(year_ago, 0), axis=1))
    faded = (last[:, :FADED_MONTHS] <= FADED * usual[:, None]).all(axis=1)
    faded &= (before >= USUAL_A_YEAR_AGO * usual[:, None]).all(axis=1)
    # Who orders now and then has often had three months without an order.
    faded &= (own == 0).sum(axis=1) - (last[:, :FADED_MONTHS] == 0).sum(axis=1) <= SELDOM * months[rows]
    for name in (*NUMBERS, MEAN):
        # What is expected is no more than the three months, what may be no more than the month before them, too.
        seen = last[faded, : FADED_MONTHS + (name not in ("forecast", MEAN))]
        most = np.nanmax(seen, axis=1, initial=0.0)
        numbers[name][rows[faded]] = np.minimum(numbers[name][rows[faded]], most)


def put(numbers: dict[str, Floats], rows: Ints, answers: dict[str, Floats]) -> None:
    """Puts the answers of some rows among the numbers of all."""
    for name, answer in answers.items():
        numbers[name][rows] = answer
