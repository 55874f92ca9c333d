"""Figures over the months of a quarter, a half-year or a year, each joined as it says (`Figure.joins`).

Flows add up numerators and denominators; a stock is the last month's, a start the first month's, and unknown where that
month is: never an older state. What is kept was counted from the period's first day to its last. Medians are over all
values, and a customer counts once in the period. Months that nobody knows are left out and named, and two periods are
compared over those of their months that both have.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.period import Period, month_and
from pipeline.contract.few import behind, is_guarded
from pipeline.contract.figure import LEVELS, Figure, Joins, Level
from pipeline.figures.comparable import Sides
from pipeline.figures.count import MonthCounts
from pipeline.figures.entities import KEYS, no_values, sorted_metrics, values_of_month, values_together
from pipeline.figures.metrics import change, figures_in

FESTIVAL_MONTHS = (1, 2)


@dataclass(frozen=True)
class OverPeriod:
    """Figures of a period: one row per level, entity_id and figure, with numerator, denominator, value and `months`, in
    how many of its months the figure is known. `missing` are the months of which nothing is."""

    period: Period
    values: pd.DataFrame
    missing: tuple[Month, ...]


@dataclass(frozen=True)
class BesidePeriod:
    """Two periods compared: one row per level, entity_id and figure, with now, base, change and base_n (how many stand
    behind the base, see `few`), over the months of the period that both have; `left_out` are its other months."""

    rows: pd.DataFrame
    left_out: tuple[Month, ...]


@dataclass(frozen=True)
class _Known:
    """What is known of a period: the counts of its months, and of what is kept over all of it."""

    period: Period
    counts: Mapping[Month, MonthCounts]
    kept: MonthCounts | None

    @property
    def months(self) -> list[Month]:
        return [one for one in self.period if one in self.counts]

    def values(self, figures: Sequence[Figure], levels: Sequence[Level]) -> pd.DataFrame:
        """KEYS, numerator, denominator, value, in the order of levels, entities and figures."""
        frames = [self._joined(joins, figures, levels) for joins in ("flow", "values", "stock", "start", "kept")]
        filled = [frame for frame in frames if len(frame)]
        if not filled:
            return no_values()
        return sorted_metrics(pd.concat(filled, ignore_index=True), figures, levels)

    def _joined(self, joins: Joins, figures: Sequence[Figure], levels: Sequence[Level]) -> pd.DataFrame:
        own = [figure for figure in figures if figure.joins == joins]
        if joins in ("flow", "values"):
            months = [self.counts[one] for one in self.months]
            return values_together(months, own, levels) if months else pd.DataFrame()
        at = {"stock": self.counts.get(self.period.last), "start": self.counts.get(self.period.first)}
        counts = at.get(joins, self.kept)
        return pd.DataFrame() if counts is None else values_of_month(counts, own, levels)


def values_over(
    period: Period,
    counts: Mapping[Month, MonthCounts],
    figures: Sequence[Figure],
    levels: Sequence[Level] = LEVELS,
    kept: MonthCounts | None = None,
) -> OverPeriod:
    """The figures of a period.

    Args:
        counts: of the months that are known; others than the period's are not looked at.
        kept: what was counted of figures that are kept, from the period's first day to its last (see `count_since`);
            None where its last month is not known.
    """
    known = _Known(period, counts, kept)
    values = known.values(figures, levels)
    return OverPeriod(
        period,
        values.assign(months=values["figure"].map(_months_told(known, figures)).astype("int64")),
        tuple(one for one in period if one not in counts),
    )


def _months_told(known: _Known, figures: Sequence[Figure]) -> dict[str, int]:
    """In how many months each figure is known: fewer than are known where it looks back further; 1 of a state, and of
    what is kept."""
    told = [_told_in(known.counts[month]) for month in known.months]
    added = {figure.key for figure in figures if figure.joins in ("flow", "values")}
    return {one.key: sum(one.key in some for some in told) if one.key in added else 1 for one in figures}


def _told_in(counts: MonthCounts) -> frozenset[str]:
    return figures_in(counts) | frozenset(counts.values["figure"].unique())


def months_beside(period: Period, base: Period, known: Collection[Month]) -> dict[Month, Month]:
    """The months of a period that can be compared, each with the one of the other period that stands in its place.

    Spring Festival falls in January or in February: with last year they are compared together or not at all.
    """
    pairs = {one: month_and(base, period, one) for one in period}
    both = {one: other for one, other in pairs.items() if one in known and other in known}
    festival = [one for one in both if one.month in FESTIVAL_MONTHS]
    if base == period.year_ago and len(festival) < len(FESTIVAL_MONTHS):
        return {one: other for one, other in both.items() if one not in festival}
    return both


def compared_over(
    period: Period,
    base: Period,
    sides: Mapping[Month, Sides],
    figures: Sequence[Figure],
    levels: Sequence[Level] = LEVELS,
    kept: Sides | None = None,
) -> BesidePeriod:
    """A period beside another, like with like.

    Args:
        base: the period before, or that of the year before.
        sides: by month of the period that both have (see `months_beside`), both months told alike.
        kept: the same of what is kept over both periods; None where one of them does not end in a known month.
    """
    alike = _told_alike(sides, figures)
    now = _Known(period, {one: both.now for one, both in sides.items()}, kept.now if kept else None)
    then = _Known(
        base, {month_and(base, period, one): both.base for one, both in sides.items()}, kept.base if kept else None
    )
    rows = now.values(alike, levels)[[*KEYS, "value"]].rename(columns={"value": "now"})
    before = then.values(alike, levels)
    before = before.assign(base_n=behind(before, alike)).rename(columns={"value": "base"})
    rows = rows.merge(before[[*KEYS, "base", "base_n"]], on=KEYS, how="left")
    difference = rows["figure"].isin([one.key for one in alike if one.change_unit != "%"])
    moved = change(rows["now"].astype("float64"), rows["base"].astype("float64"), difference)
    return BesidePeriod(rows.assign(change=moved), tuple(one for one in period if one not in sides))


def _told_alike(sides: Mapping[Month, Sides], figures: Sequence[Figure]) -> list[Figure]:
    """Without figures that could look back far enough in a month of one period only."""
    unlike = frozenset[str]().union(*(_told_in(one.now) ^ _told_in(one.base) for one in sides.values()))
    return [figure for figure in figures if not (figure.looks_back and figure.key in unlike)]


def targets_over(
    period: Period,
    targets: Mapping[Month, pd.DataFrame],
    figures: Sequence[Figure],
    known: Collection[Month],
    months_known: pd.Series | None = None,
) -> pd.DataFrame:
    """One row per level, entity_id and figure: target, of the months of a period that are known.

    Targets of sums add up, where each of these months has one; of stocks it is the last month's; of rates their mean.

    Args:
        targets: by month: level, entity_id, figure, target (see `targets_by_entity`).
        months_known: by level, entity_id and figure in how many of these months its value is known, where that is not
            the same for all: of a sum at least so many targets must be there (a manager was in office for part).
    """
    months = [one for one in period if one in known and one in targets]
    frames = [targets[one].assign(place=one.month) for one in months]
    if not frames:
        return pd.DataFrame({**dict.fromkeys(KEYS, pd.Series(dtype="str")), "target": pd.Series(dtype="float64")})
    every = pd.concat(frames, ignore_index=True)
    by_key = every.groupby(KEYS)["target"].agg(["sum", "count", "mean"]).reset_index()
    figure = by_key["figure"]
    wanted = pd.Series(len(months), index=by_key.index)
    if months_known is not None:
        keys = pd.MultiIndex.from_frame(by_key[KEYS])
        wanted = pd.Series(months_known.reindex(keys).to_numpy(), index=by_key.index)
    target = by_key["sum"].where(by_key["count"] >= wanted)
    target = by_key["mean"].where(figure.isin([one.key for one in figures if is_guarded(one)]), target)
    for joins, month in (("stock", period.last), ("start", period.first)):
        own = by_key[KEYS].merge(every[every["place"] == month.month], on=KEYS, how="left")["target"]
        target = own.where(figure.isin([one.key for one in figures if one.joins == joins]), target)
    return by_key[KEYS].assign(target=target).dropna(subset=["target"]).reset_index(drop=True)
