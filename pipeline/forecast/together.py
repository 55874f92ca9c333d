"""A last month in which nearly all fell, or rose, at once: an exception until a second month says otherwise.

When every customer buys two fifths of its usual month at once, goods, roads or the accounts were the cause, not the
customers. Whether it lasts nobody knows after one month: what is expected is the level before, what may be is this
month's level, too. What came in the same month a year ago is the season, and no exception.

On the public sets (1,600 months of seven sets, all series of each together) no month was one; it is a rule of reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.forecast.history import SEASON, Flags, Floats, Ints, Panel

MUCH = float(np.log(1.5))  # times as much, or as little: common moves smaller than this are in what errors say
OWN_MOVE = MUCH / 2  # of who went along
FEWEST = 5  # series that can be said to go together
NEARLY_ALL = 0.75  # share of them that went along
MONTHS_BEFORE = 6  # whose median the last month is held against
FEWEST_BEFORE = 3
NOTHING = 0.05  # of the usual month: what a month without an order counts as
TIMES_USUAL = 2.0  # of the common steps before, but for the greatest fifth
USUAL = 0.8
FALL, RISE = "common_fall", "common_rise"  # as methods name it


@dataclass(frozen=True)
class Together:
    """How the series of a panel went together in the last month.

    Attributes:
        side: −1 where a series belongs to those that fell, 1 where to those that rose, 0 elsewhere.
        moved: whether its own last month is known and went along; else the others' tells.
        last: its last month.
        times: the common level of the last month over that before.
    """

    side: Floats
    moved: Flags
    last: Floats
    times: Floats

    def rows(self, chosen: Ints) -> Together:
        """Of some of the series."""
        return Together(self.side[chosen], self.moved[chosen], self.last[chosen], self.times[chosen])

    def months(self, panel: Panel) -> Flags:
        """The last month of those that moved (series × month)."""
        last = np.arange(panel.values.shape[1])[None, :] == (panel.months - 1)[:, None]
        return np.asarray(last & self.moved[:, None])

    @property
    def named(self) -> Mapping[str, Flags]:
        """Which series belong to a common fall and a common rise, by what their method is to say."""
        return {FALL: self.side < 0, RISE: self.side > 0}


def went_together(panel: Panel, group: Ints, parent: Ints | None = None) -> Together:
    """Whether all series of a panel, or else those of a group, went together in the last month.

    Args:
        group: number of the siblings of each series.
        parent: row of the series that each series is part of, −1 for none: with its parts goes their sum.
    """
    moves = _moves(panel)
    side, times = np.zeros(len(group)), np.ones(len(group))
    for number, common in _common(moves, np.zeros_like(group)).items() or _common(moves, group).items():
        rows = np.ones(len(group), dtype=bool) if number is None else group == number
        if number is not None and parent is not None:
            rows[parent[rows][parent[rows] >= 0]] = True
        side[rows], times[rows] = np.sign(common), np.exp(common)
    own = side * moves.away
    moved = (side != 0) & (own > OWN_MOVE)
    unknown = ~np.isfinite(moves.last) & (panel.last == panel.last.max(initial=0))
    side = np.where(moved | unknown, side, 0.0)
    return Together(side, moved, moves.last, times)


def reaching_last(numbers: dict[str, Floats], together: Together) -> None:
    """Let the intervals, given by name, of those who went together reach the level of the last month on its side."""
    ahead = numbers["forecast"]
    level = np.where(together.moved, together.last, ahead * together.times)
    for low, side in (("low", -1.0), ("high", 1.0)):
        rows = (together.side == side) & (ahead > 0) & (side * (level - ahead) > 0)
        for name in (f"{low}80", f"{low}95"):
            # Were it to stay, months would vary about it as about the level before.
            about = numbers[name] / np.where(ahead > 0, ahead, 1.0) if name.endswith("95") else 1.0
            reach = np.maximum if side > 0 else np.minimum
            numbers[name][:] = np.where(rows, reach(numbers[name], level * about), numbers[name])


@dataclass(frozen=True)
class _Moves:
    """Logarithms of each series' last month over the usual month before (`away`), over the last one (`steps`, newest
    first, with the steps before it), and over what last year's step let expect (`new`); NaN where not known."""

    last: Floats
    away: Floats
    steps: Floats
    new: Floats


def _moves(panel: Panel) -> _Moves:
    place = panel.months[:, None] - 1 - np.arange(SEASON + 2)[None, :]
    there = (place >= 0) & (panel.last == panel.last.max(initial=0))[:, None]
    values = np.take_along_axis(panel.values, np.maximum(place, 0), axis=1)
    last = np.where(there[:, 0], values[:, 0], np.nan)
    ordered = there & (np.nan_to_num(values) > 0)
    enough = ordered[:, 1 : MONTHS_BEFORE + 1].sum(axis=1) >= FEWEST_BEFORE
    usual = np.ones(len(values))
    usual[enough] = np.nanmedian(np.where(ordered[enough], values[enough], np.nan), axis=1)
    logs = np.log(np.maximum(np.where(there, values, np.nan), NOTHING * usual[:, None]))
    steps = logs[:, :-1] - logs[:, 1:]
    before = logs[:, 1 : MONTHS_BEFORE + 1]
    away = np.full(len(logs), np.nan)
    away[enough] = logs[enough, 0] - np.nanmedian(before[enough], axis=1)
    of_year = logs[:, 0] - logs[:, SEASON]
    new = steps[:, 0] - steps[:, SEASON]
    return _Moves(last, away, steps, np.where(np.isfinite(new), new, of_year))


def _common(moves: _Moves, group: Ints) -> dict[int | None, float]:
    """The common move (logarithm) of each group in which nearly all went together as never before.

    The group of all, where there is but one, is called None.
    """
    asked = np.flatnonzero(np.isfinite(moves.away) & np.isfinite(moves.steps[:, 0]))
    rows = pd.DataFrame({"away": moves.away, "step": moves.steps[:, 0], "new": moves.new}).iloc[asked]
    one = not group.any()
    found: dict[int | None, float] = {}
    if len(asked) < FEWEST:
        return found
    by_group = rows.groupby(group[asked])
    middle, size = by_group.median(), by_group.size()
    side = np.sign(middle["away"])
    large = (size >= FEWEST) & (side * middle["away"] > MUCH) & (side * middle["step"] > MUCH)
    large &= ~(side * middle["new"] <= MUCH)  # unknown in the first year
    for number in middle.index[large]:
        own = asked[group[asked] == number]
        along = np.minimum(side[number] * moves.away[own], side[number] * moves.steps[own, 0])
        before = np.abs(_medians(moves.steps[own, 1:]))
        usual = float(np.quantile(before, USUAL)) if len(before) else 0.0
        nearly_all = (along > OWN_MOVE).mean() >= NEARLY_ALL
        if nearly_all and abs(middle["step"][number]) > TIMES_USUAL * usual:
            found[None if one else int(number)] = float(middle["away"][number])
    return found


def _medians(steps: Floats) -> Floats:
    """Medians of the columns in which anything is known."""
    known = np.isfinite(steps).any(axis=0)
    return np.asarray(np.nanmedian(steps[:, known], axis=0)) if known.any() else np.zeros(0)
