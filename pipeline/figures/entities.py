"""Values of figures for the organisation, each region and each manager: counts added up, never averaged."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import TEN_THOUSANDTHS, sums_by_code
from pipeline.contract.figure import LEVELS, Figure, Level
from pipeline.contract.report import ORGANISATION_ID
from pipeline.figures.count import MonthCounts
from pipeline.figures.count_levels import at_level
from pipeline.figures.customers_once import CustomersOnce, entity_codes
from pipeline.figures.statistics import STATISTICS

KEYS = ["level", "entity_id", "figure"]
_MEASURES = ["numerator", "denominator", "value"]
_COLUMN_TYPES = dict.fromkeys(KEYS, "str") | dict.fromkeys(_MEASURES, "float64")


def values_of_month(
    counts: MonthCounts, figures: Iterable[Figure], levels: Sequence[Level] = LEVELS
) -> pd.DataFrame:
    """One row per level, entity_id and figure: numerator, denominator, value, in the figure's units.

    The denominator is missing where a figure has none; the value is missing where it has and that is not
    above 0. Rows stand in the order of levels, entities and figures. Of one of the trade's own levels there are those
    figures that are told of it (`Figure.levels`).
    """
    return _values((counts,), tuple(figures), levels, together=False)


def values_together(
    months: Sequence[MonthCounts], figures: Iterable[Figure], levels: Sequence[Level] = LEVELS
) -> pd.DataFrame:
    """`values_of_month` for several months put together, each figure as its `over_time` says.

    The months must be in order; "last" figures take the last one.
    """
    return _values(tuple(months), tuple(figures), levels, together=True)


def history(
    counts: Mapping[Month, MonthCounts], figures: Iterable[Figure], levels: Sequence[Level] = LEVELS
) -> pd.DataFrame:
    """`values_of_month` of every month, with the column month (YYYY-MM) in front, oldest first."""
    declared = tuple(figures)
    frames = [
        values_of_month(counts[month], declared, levels).assign(month=str(month)) for month in sorted(counts)
    ]
    columns = ["month", *KEYS, *_MEASURES]
    if not frames:
        return pd.DataFrame(columns=columns)
    return pd.concat(frames, ignore_index=True)[columns].astype({"month": "str"})


def _values(
    months: tuple[MonthCounts, ...], figures: tuple[Figure, ...], levels: Sequence[Level], *, together: bool
) -> pd.DataFrame:
    frames = _frames(months, figures, [one for one in levels if one in LEVELS], together=together)
    for level in (one for one in levels if one not in LEVELS):
        told = tuple(figure for figure in figures if level in figure.levels)
        own = tuple(at_level(counts, level) for counts in months)
        frames += _frames(own, told, [level], together=together)
    shown = [_told(frame, figures) for frame in frames if len(frame)]
    return _in_order([frame for frame in shown if len(frame)], figures, levels)


def _told(frame: pd.DataFrame, figures: tuple[Figure, ...]) -> pd.DataFrame:
    """Without the figures that are not told of a level."""
    level = str(frame["level"].iloc[0])
    untold = [figure.key for figure in figures if not figure.told_at(level)]
    return frame[~frame["figure"].isin(untold)] if untold else frame


def _frames(
    months: tuple[MonthCounts, ...], figures: tuple[Figure, ...], levels: Sequence[Level], *, together: bool
) -> list[pd.DataFrame]:
    by_manager = _by_manager(months, figures, together=together)
    single = _single_values(months, figures)
    customers = CustomersOnce(_customers(months, figures))
    frames = _sums_by_level(by_manager, customers, figures, levels, together=together)
    if single.empty:
        return frames
    return frames + [_level_statistics(single, level, figures) for level in levels]


def _by_manager(months: tuple[MonthCounts, ...], figures: tuple[Figure, ...], *, together: bool) -> pd.DataFrame:
    """The sums that may be added up over these months."""
    newest = months[-1].by_manager
    if not together:
        return newest[newest["figure"].isin({figure.key for figure in figures})].reset_index(drop=True)
    added = {figure.key for figure in figures if figure.over_time in ("sum", "distinct")}
    last = {figure.key for figure in figures if figure.over_time == "last"}
    year = {figure.year_key: figure.key for figure in figures if figure.over_time == "year"}
    frames = [counts.by_manager[counts.by_manager["figure"].isin(added)] for counts in months]
    of_year = newest[newest["figure"].isin(year)]
    frames += [
        newest[newest["figure"].isin(last)],
        of_year.assign(figure=of_year["figure"].map(year).astype("str")),
    ]
    return pd.concat([one for one in frames if len(one)] or frames[:1], ignore_index=True)


def _customers(months: tuple[MonthCounts, ...], figures: tuple[Figure, ...]) -> pd.DataFrame:
    """The customers of those figures that count each once."""
    once = {figure.key for figure in figures if figure.over_time == "distinct"}
    once |= {figure.once_denominator for figure in figures}
    frames = [counts.customers[counts.customers["figure"].isin(once)] for counts in months]
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]


def _single_values(months: tuple[MonthCounts, ...], figures: tuple[Figure, ...]) -> pd.DataFrame:
    declared = {figure.key for figure in figures}
    values = pd.concat([counts.values for counts in months], ignore_index=True)
    return values[values["figure"].isin(declared)]


def _sums_by_level(
    by_manager: pd.DataFrame,
    customers: CustomersOnce,
    figures: tuple[Figure, ...],
    levels: Sequence[Level],
    *,
    together: bool,
) -> list[pd.DataFrame]:
    """Counts added up to the entities of each level, with their values."""
    codes, keys = pd.factorize(by_manager["figure"], sort=True)
    numerator, denominator = (by_manager[name].to_numpy(dtype="int64") for name in ("numerator", "denominator"))
    is_rate = by_manager["has_denominator"].to_numpy(dtype="int64")
    scale = keys.map({figure.key: figure.scale for figure in figures}).to_numpy(dtype="float64")
    frames = []
    for level in levels:
        entity, entities = entity_codes(by_manager, level)
        cells, places = np.unique(entity * max(len(keys), 1) + codes, return_inverse=True)
        figure = cells % max(len(keys), 1)
        above, below = (
            sums_by_code(places, one, len(cells)).astype("float64") for one in (numerator, denominator)
        )
        named = entities.take(cells // max(len(keys), 1)), keys.take(figure)
        above, below = _counted_once(above, below, named, customers, figures, level, together=together)
        rate = np.bincount(places, weights=is_rate, minlength=len(cells)) > 0
        ratio = scale[figure] * above / np.where(below > 0, below, np.nan)
        columns = {
            "entity_id": named[0],
            "figure": named[1],
            "numerator": above / TEN_THOUSANDTHS,
            "denominator": np.where(rate, below / TEN_THOUSANDTHS, np.nan),
            "value": np.where(rate, ratio, above / TEN_THOUSANDTHS),
        }
        frames.append(pd.DataFrame(columns).assign(level=level))
    return frames


def _counted_once(
    above: Any,
    below: Any,
    named: tuple[pd.Index, pd.Index],
    customers: CustomersOnce,
    figures: tuple[Figure, ...],
    level: Level,
    *,
    together: bool,
) -> tuple[Any, Any]:
    """Numerators and denominators with each customer counted once in its entity and in all months together, whoever of
    its managers had it."""
    entity, figure = named
    once = {one.key for one in figures if one.over_time == "distinct"}
    beneath = {one.key: one.once_denominator for one in figures if one.once_denominator}
    if (level == "manager" and not together) or not (once or beneath):
        return above, below
    above = np.where(figure.isin(once), TEN_THOUSANDTHS * customers.counted(level, entity, figure), above)
    if beneath:
        counts = figure.map(lambda one: beneath.get(one, ""))
        of_denominator = TEN_THOUSANDTHS * customers.counted(level, entity, counts)
        below = np.where(figure.isin(list(beneath)), of_denominator, below)
    return above, below


def _level_statistics(single: pd.DataFrame, level: Level, figures: tuple[Figure, ...]) -> pd.DataFrame:
    statistic = {figure.key: STATISTICS[figure.statistic] for figure in figures if figure.of_values}
    scale = {figure.key: figure.scale for figure in figures}
    least = {figure.key: figure.least for figure in figures}
    entity, entities = entity_codes(single, level)
    codes, keys = pd.factorize(single["figure"], sort=True)
    cells = entity * max(len(keys), 1) + codes
    all_values = single["value"].to_numpy(dtype="float64")
    order = np.lexsort((all_values, cells))
    all_values, all_times = all_values[order], single["count"].to_numpy(dtype="int64")[order]
    found = np.unique(cells[order], return_index=True, return_counts=True)
    rows = []
    for cell, start, size in zip(*(one.tolist() for one in found), strict=True):
        figure, own = keys[cell % len(keys)], slice(start, start + size)
        values, times = all_values[own], all_times[own]
        enough = times.sum() >= least[figure]
        value = scale[figure] * statistic[figure](values, times) / TEN_THOUSANDTHS if enough else np.nan
        total = np.dot(values, times) / TEN_THOUSANDTHS
        rows.append((entities[cell // len(keys)], figure, level, total, times.sum(), value))
    return pd.DataFrame(rows, columns=["entity_id", "figure", "level", *_MEASURES])


def with_entity(frame: pd.DataFrame, level: Level) -> pd.DataFrame:
    """A frame with region_id and manager_id, with the entity_id of one level."""
    if level == "organisation":
        return frame.assign(entity_id=ORGANISATION_ID)
    return frame.assign(entity_id=frame[f"{level}_id"])


def no_values() -> pd.DataFrame:
    """No rows of `values_of_month`."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in _COLUMN_TYPES.items()})


def _in_order(frames: list[pd.DataFrame], figures: tuple[Figure, ...], levels: Sequence[Level]) -> pd.DataFrame:
    if not frames:
        return no_values()
    frame = pd.concat([one[[*KEYS, *_MEASURES]] for one in frames], ignore_index=True)
    return sorted_metrics(frame.astype(_COLUMN_TYPES), figures, levels)


def sorted_metrics(frame: pd.DataFrame, figures: Iterable[Figure], levels: Sequence[Level]) -> pd.DataFrame:
    """Rows in the order of levels, entities, figures."""
    places = {level: number for number, level in enumerate(levels)}
    positions = {figure.key: number for number, figure in enumerate(figures)}
    order = frame.assign(_level=frame["level"].map(places), _figure=frame["figure"].map(positions))
    order = order.sort_values(["_level", "entity_id", "_figure"], ignore_index=True)
    return order.drop(columns=["_level", "_figure"])
