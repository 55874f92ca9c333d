"""Pilots beside the others: difference in differences over stations (trades.md section 3).

Of each station its figure over the months from the pilots' first on, less the same over as many months before: sums of
numerators and denominators. Effect = mean change of the pilots − mean change, in the same months, of the stations that
are no pilot by the window's end. The 95 % interval is over stations, as months of one station are alike: pooled
variance of the changes, t with n₁ + n₂ − 2.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.figures.student import t_quantile
from schemas.appraisals import Pilots

CONFIDENCE = 0.975
_PLACES = 9


@dataclass(frozen=True)
class Window:
    """The months that are compared: as many before the pilots' first month as from it on."""

    first: Month
    length: int

    @property
    def before(self) -> tuple[Month, ...]:
        """The months before."""
        return tuple(self.first + step for step in range(-self.length, 0))

    @property
    def after(self) -> tuple[Month, ...]:
        """The months from the first on."""
        return tuple(self.first + step for step in range(self.length))

    @property
    def last(self) -> Month:
        """The last month."""
        return self.first + (self.length - 1)


@dataclass(frozen=True)
class Effect:
    """What came of a figure at the pilots of one start month.

    `changes` has one row a station: entity_id, is_pilot, before, after, change (missing where nothing stands behind a
    side: it is then in neither mean). `effect` is missing where one of the groups has no change, the interval where
    they are fewer than asked for.
    """

    window: Window
    changes: pd.DataFrame
    effect: float = math.nan
    low: float = math.nan
    high: float = math.nan
    pilots: int = 0
    others: int = 0
    left_out: tuple[str, ...] = field(default=())


def window_of(first: Month, known: Collection[Month], last: Month, rules: Pilots) -> Window | None:
    """The months compared of pilots that start in a month: as many as are known without a gap on both sides, up to
    the most asked for; None where they are fewer than the least."""
    after = _run(first, 1, known, last, rules.months)
    before = _run(first + -1, -1, known, last, rules.months)
    length = min(after, before)
    return Window(first, length) if length >= rules.least_months else None


def _run(start: Month, step: int, known: Collection[Month], last: Month, most: int) -> int:
    months = [start + step * number for number in range(most)]
    for number, one in enumerate(months):
        if one not in known or one > last:
            return number
    return most


def change_of_stations(sums: pd.DataFrame, window: Window, scale: float) -> pd.DataFrame:
    """One row per station: entity_id, before, after, change, in the figure's unit.

    Args:
        sums: month (`Month`), entity_id, numerator, denominator of one figure.
    """
    sides = {name: _values(sums, months, scale) for name, months in _sides(window).items()}
    table = pd.DataFrame(sides).sort_index()
    table = table.assign(change=(table["after"] - table["before"]).round(_PLACES))
    return table.rename_axis("entity_id").reset_index()


def _sides(window: Window) -> Mapping[str, tuple[Month, ...]]:
    return {"before": window.before, "after": window.after}


def _values(sums: pd.DataFrame, months: tuple[Month, ...], scale: float) -> pd.Series:
    own = sums[sums["month"].isin(list(months))]
    added = own.groupby(own["entity_id"].astype("str"))[["numerator", "denominator"]].sum()
    below = added["denominator"].astype("float64")
    return scale * added["numerator"].astype("float64") / below.where(below > 0)


def effect_of(
    sums: pd.DataFrame, since: Mapping[str, Month | None], window: Window, rules: Pilots, scale: float = 1.0
) -> Effect:
    """The effect at the pilots that start in the window's first month.

    Args:
        sums: as in `change_of_stations`; of stations that `since` does not name nothing is told.
        since: the month from which on each station is a pilot; None where it is none. Those that start at another month
            up to the window's end are in neither group.
    """
    start = window.first
    pilots = {one for one, month in since.items() if month == start}
    others = {one for one, month in since.items() if month is None or month > window.last}
    table = change_of_stations(sums, window, scale)
    table = table[table["entity_id"].isin(pilots | others)].reset_index(drop=True)
    table = table.assign(is_pilot=table["entity_id"].isin(pilots))
    known = table.dropna(subset=["change"])
    treated, rest = (known.loc[known["is_pilot"] == one, "change"].astype("float64") for one in (True, False))
    left_out = tuple(sorted((pilots | others) - set(known["entity_id"])))
    if not len(treated) or not len(rest):
        return Effect(window, table, pilots=len(treated), others=len(rest), left_out=left_out)
    effect = float(treated.mean() - rest.mean())
    half = _half_width(treated, rest, rules)
    return Effect(
        window, table, round(effect, _PLACES), effect - half, effect + half, len(treated), len(rest), left_out
    )


def _half_width(treated: pd.Series, rest: pd.Series, rules: Pilots) -> float:
    """Half of the 95 % interval; missing where the groups are smaller than asked for."""
    if len(treated) < rules.least_pilots or len(rest) < rules.least_others:
        return math.nan
    degrees = len(treated) + len(rest) - 2
    squares = float(((treated - treated.mean()) ** 2).sum() + ((rest - rest.mean()) ** 2).sum())
    error = math.sqrt(squares / degrees * (1 / len(treated) + 1 / len(rest)))
    return t_quantile(CONFIDENCE, degrees) * error
