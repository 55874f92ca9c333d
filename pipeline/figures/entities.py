"""Values of figures for the organisation, each region and each manager: counts added up, never averaged."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.calendar import Month
from pipeline.figures.count import MonthCounts
from pipeline.figures.declare import LEVELS, Figure, Level
from pipeline.figures.exact import TEN_THOUSANDTHS
from pipeline.figures.statistics import STATISTICS
from pipeline.report import ORGANISATION_ID

KEYS = ["level", "entity_id", "figure"]
_MEASURES = ["numerator", "denominator", "value"]
_COLUMN_TYPES = dict.fromkeys(KEYS, "str") | dict.fromkeys(_MEASURES, "float64")


def values_of_month(counts: MonthCounts, figures: Iterable[Figure]) -> pd.DataFrame:
    """One row per level, entity_id and figure: numerator, denominator, value, in the figure's units.

    The denominator is missing where a figure has none; the value is missing where it has and that is not
    above 0. Rows stand in the order of levels, entities and figures.
    """
    return _values((counts,), tuple(figures), together=False)


def values_together(months: Sequence[MonthCounts], figures: Iterable[Figure]) -> pd.DataFrame:
    """`values_of_month` for several months put together, each figure as its `over_time` says.

    The months must be in order; "last" figures take the last one.
    """
    return _values(tuple(months), tuple(figures), together=True)


def history(counts: Mapping[Month, MonthCounts], figures: Iterable[Figure]) -> pd.DataFrame:
    """`values_of_month` of every month, with the column month (YYYY-MM) in front, oldest first."""
    declared = tuple(figures)
    dated = {
        kind: [getattr(counts[month], kind).assign(month=str(month)) for month in sorted(counts)]
        for kind in ("by_manager", "values")
    }
    if not counts:
        return pd.DataFrame(columns=["month", *KEYS, *_MEASURES])
    by_manager = _declared(pd.concat(dated["by_manager"], ignore_index=True), declared)
    single = _declared(pd.concat(dated["values"], ignore_index=True), declared)
    frames = [_level_sums(by_manager, level, declared, ["month"]) for level in LEVELS]
    frames += [_level_statistics(single, level, declared, ["month"]) for level in LEVELS]
    columns = ["month", *KEYS, *_MEASURES]
    together = pd.concat([one[columns] for one in frames if len(one)] or [frames[0][columns]], ignore_index=True)
    together = together.astype({"month": "str", **_COLUMN_TYPES})
    return sorted_metrics(together, declared).sort_values("month", kind="stable", ignore_index=True)


def _declared(frame: pd.DataFrame, figures: tuple[Figure, ...]) -> pd.DataFrame:
    return frame[frame["figure"].isin([figure.key for figure in figures])]


def _values(months: tuple[MonthCounts, ...], figures: tuple[Figure, ...], *, together: bool) -> pd.DataFrame:
    by_manager = _by_manager(months, figures, together=together)
    single = _single_values(months, figures)
    frames = [_level_sums(by_manager, level, figures) for level in LEVELS]
    frames += [_level_statistics(single, level, figures) for level in LEVELS]
    if together:
        customers = pd.concat([counts.customers for counts in months], ignore_index=True)
        frames += [_level_customers(customers, level) for level in LEVELS]
    return _in_order([frame for frame in frames if len(frame)], figures)


def _by_manager(months: tuple[MonthCounts, ...], figures: tuple[Figure, ...], *, together: bool) -> pd.DataFrame:
    """The sums that may be added up over these months."""
    added = {figure.key for figure in figures if not together or figure.over_time == "sum"}
    last = {figure.key for figure in figures if together and figure.over_time == "last"}
    frames = [counts.by_manager[counts.by_manager["figure"].isin(added)] for counts in months]
    newest = months[-1].by_manager
    return pd.concat([*frames, newest[newest["figure"].isin(last)]], ignore_index=True)


def _single_values(months: tuple[MonthCounts, ...], figures: tuple[Figure, ...]) -> pd.DataFrame:
    declared = {figure.key for figure in figures}
    values = pd.concat([counts.values for counts in months], ignore_index=True)
    return values[values["figure"].isin(declared)]


def _level_sums(
    by_manager: pd.DataFrame, level: Level, figures: tuple[Figure, ...], more_keys: Sequence[str] = ()
) -> pd.DataFrame:
    keyed = with_entity(by_manager, level)
    sums = keyed.groupby([*more_keys, "entity_id", "figure"]).agg(
        numerator=("numerator", "sum"), denominator=("denominator", "sum"), rate=("has_denominator", "any")
    )
    frame = sums.reset_index().assign(level=level)
    scale = frame["figure"].map({figure.key: figure.scale for figure in figures}).astype("float64")
    numerator = frame["numerator"].astype("float64")
    denominator = frame["denominator"].astype("float64")
    ratio = scale * numerator / denominator.where(denominator > 0)
    return frame.assign(
        value=ratio.where(frame["rate"], numerator / TEN_THOUSANDTHS),
        numerator=numerator / TEN_THOUSANDTHS,
        denominator=(denominator / TEN_THOUSANDTHS).where(frame["rate"]),
    ).drop(columns="rate")


def _level_customers(customers: pd.DataFrame, level: Level) -> pd.DataFrame:
    """Each customer counted once, whoever had it in which month."""
    counted = with_entity(customers, level).groupby(["entity_id", "figure"])["customer_id"].nunique()
    frame = counted.astype("float64").rename("numerator").reset_index()
    return frame.assign(level=level, denominator=np.nan, value=frame["numerator"])


def _level_statistics(
    single: pd.DataFrame, level: Level, figures: tuple[Figure, ...], more_keys: Sequence[str] = ()
) -> pd.DataFrame:
    statistic = {figure.key: STATISTICS[figure.statistic] for figure in figures if figure.of_values}
    scale = {figure.key: figure.scale for figure in figures}
    keys = [*more_keys, "entity_id", "figure"]
    keyed = with_entity(single, level)[[*keys, "value", "count"]]
    keyed = keyed.sort_values([*keys, "value"], ignore_index=True)
    all_values = keyed["value"].to_numpy(dtype="float64")
    all_times = keyed["count"].to_numpy(dtype="int64")
    groups: Mapping[Any, Any] = keyed.groupby(keys).indices
    rows = []
    for key, places in groups.items():
        figure, values, times = key[-1], all_values[places], all_times[places]
        value = scale[figure] * statistic[figure](values, times) / TEN_THOUSANDTHS
        rows.append((*key, level, np.dot(values, times) / TEN_THOUSANDTHS, times.sum(), value))
    return pd.DataFrame(rows, columns=[*keys, "level", *_MEASURES])


def with_entity(frame: pd.DataFrame, level: Level) -> pd.DataFrame:
    """A frame with region_id and manager_id, with the entity_id of one level."""
    if level == "organisation":
        return frame.assign(entity_id=ORGANISATION_ID)
    return frame.assign(entity_id=frame[f"{level}_id"])


def _in_order(frames: list[pd.DataFrame], figures: tuple[Figure, ...]) -> pd.DataFrame:
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in _COLUMN_TYPES.items()})
    frame = pd.concat([one[[*KEYS, *_MEASURES]] for one in frames], ignore_index=True)
    return sorted_metrics(frame.astype(_COLUMN_TYPES), figures)


def sorted_metrics(frame: pd.DataFrame, figures: Iterable[Figure]) -> pd.DataFrame:
    """Rows in the order of levels, entities, figures."""
    levels = {level: number for number, level in enumerate(LEVELS)}
    positions = {figure.key: number for number, figure in enumerate(figures)}
    order = frame.assign(_level=frame["level"].map(levels), _figure=frame["figure"].map(positions))
    order = order.sort_values(["_level", "entity_id", "_figure"], ignore_index=True)
    return order.drop(columns=["_level", "_figure"])
