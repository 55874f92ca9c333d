"""Sums of several months beside each other, for every entity of each level: by codes, without an index a month."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.base.exact import sums_by_code, whole_numbers
from pipeline.contract.figure import Level
from pipeline.figures.customers_once import entity_codes

NOW = "now"


def ending(when: str) -> str:
    """What is put to a measure's name for a month: nothing for the month reported."""
    return "" if when == NOW else f"_{when}"


def summed_by_level(
    months: Mapping[str, pd.DataFrame | None], key: str, measures: Sequence[str], levels: Sequence[Level]
) -> dict[Level, pd.DataFrame]:
    """For each level one row per entity_id and key that any month has, sorted by them.

    Args:
        months: by "now" and what it is compared with: rows with region_id, manager_id, the key and whole measures;
            None for an unknown month. Rows without a key are left out.
        key: the name of the key column.
        measures: what is summed.

    Returns:
        entity_id, the key, and for each known month its measures (int64; `volume`, `volume_previous`) and how many
        rows it has (`rows`, `rows_previous`); 0 where it has none.
    """
    given = {when: rows for when, rows in months.items() if rows is not None}
    known = {id(rows): rows[rows[key].notna()] for rows in given.values()}  # one frame may be compared with twice
    whole = pd.concat(list(known.values()), ignore_index=True)
    part, parts = pd.factorize(whole[key], sort=True)
    ends = np.cumsum([len(rows) for rows in known.values()])[:-1]
    found: dict[Level, pd.DataFrame] = {}
    for level in levels:
        entity, entities = entity_codes(whole, level)
        cells, places = np.unique(entity * max(len(parts), 1) + part, return_inverse=True)
        columns: dict[str, Any] = {
            "entity_id": entities.take(cells // max(len(parts), 1)),
            key: parts.take(cells % max(len(parts), 1)),
        }
        where = dict(zip(known, np.split(places, ends), strict=True))
        sums = {one: _summed(known[one], own, measures, len(cells)) for one, own in where.items()}
        for when, rows in given.items():
            columns |= {f"{name}{ending(when)}": each for name, each in sums[id(rows)].items()}
        found[level] = pd.DataFrame(columns)
    return found


def _summed(rows: pd.DataFrame, places: Any, measures: Sequence[str], cells: int) -> dict[str, Any]:
    """Measures added up to the cells in which the rows are, and how many rows each has."""
    sums = {measure: sums_by_code(places, whole_numbers(rows[measure]), cells) for measure in measures}
    return {**sums, "rows": np.bincount(places, minlength=cells)}
