"""Values of figures for the organisation, each region and each manager: counts added up, never averaged."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.calendar import Month
from pipeline.figures.count import MonthCounts
from pipeline.figures.declare import LEVELS, Figure, Level
from pipeline.figures.exact import TEN_THOUSANDTHS, sums_by_code
from pipeline.figures.statistics import STATISTICS
from pipeline.report import ORGANISATION_ID

KEYS = ["level", "entity_id", "figure"]
_MEASURES = ["numerator", "denominator", "value"]
_COLUMN_TYPES = dict.fromkeys(KEYS, "str") | dict.fromkeys(_MEASURES, "float64")


def values_of_month(
    counts: MonthCounts, figures: Iterable[Figure], levels: Sequence[Level] = LEVELS
) -> pd.DataFrame:
    """One row per level, entity_id and figure: numerator, denominator, value, in the figure's units.

    The denominator is missing where a figure has none; the value is missing where it has and that is not
    above 0. Rows stand in the order of levels, entities and figures.
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
    by_manager = _by_manager(months, figures, together=together)
    single = _single_values(months, figures)
    frames = _sums_by_level(by_manager, figures, levels)
    frames += [_level_statistics(single, level, figures) for level in levels]
    if together:
        customers = pd.concat([counts.customers for counts in months], ignore_index=True)
        frames += [_level_customers(customers, level) for level in levels]
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


def _sums_by_level(
    by_manager: pd.DataFrame, figures: tuple[Figure, ...], levels: Sequence[Level]
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
        rate = np.bincount(places, weights=is_rate, minlength=len(cells)) > 0
        ratio = scale[figure] * above / np.where(below > 0, below, np.nan)
        columns = {
            "entity_id": entities.take(cells // max(len(keys), 1)),
            "figure": keys.take(figure),
            "numerator": above / TEN_THOUSANDTHS,
            "denominator": np.where(rate, below / TEN_THOUSANDTHS, np.nan),
            "value": np.where(rate, ratio, above / TEN_THOUSANDTHS),
        }
        frames.append(pd.DataFrame(columns).assign(level=level))
    return frames


def _level_customers(customers: pd.DataFrame, level: Level) -> pd.DataFrame:
    """Each customer counted once, whoever had it in which month."""
    counted = with_entity(customers, level).groupby(["entity_id", "figure"])["customer_id"].nunique()
    frame = counted.astype("float64").rename("numerator").reset_index()
    return frame.assign(level=level, denominator=np.nan, value=frame["numerator"])


def _level_statistics(single: pd.DataFrame, level: Level, figures: tuple[Figure, ...]) -> pd.DataFrame:
    statistic = {figure.key: STATISTICS[figure.statistic] for figure in figures if figure.of_values}
    scale = {figure.key: figure.scale for figure in figures}
    keys = ["entity_id", "figure"]
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


def entity_codes(rows: pd.DataFrame, level: Level) -> tuple[Any, pd.Index]:
    """The entity of each row at a level, as its position among those that there are, which stand in order."""
    if level == "organisation":
        return np.zeros(len(rows), dtype=np.intp), pd.Index([ORGANISATION_ID], dtype="str")
    return pd.factorize(rows[f"{level}_id"], sort=True)


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
