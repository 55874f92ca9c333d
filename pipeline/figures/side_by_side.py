"""Sums of several months beside each other: by two keys at once, without an index for each month."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.figures.exact import sums_by_code, whole_numbers


def summed_side_by_side(months: Mapping[str, pd.DataFrame], key: str, measures: Sequence[str]) -> pd.DataFrame:
    """One row per entity_id and key that any month has, sorted by them: the sums of each measure in each month.

    Args:
        months: by what is put to the measures' names (`volume` and "_previous" give `volume_previous`): rows with
            entity_id, the key and whole measures.
        key: the name of the key column; rows without one are left out.

    Returns:
        entity_id, the key, and the measures of each month (int64); 0 where a month has none.
    """
    frames = [rows[rows[key].notna() & rows["entity_id"].notna()] for rows in months.values()]
    entity, entities = pd.factorize(
        pd.concat([rows["entity_id"] for rows in frames], ignore_index=True), sort=True
    )
    part, parts = pd.factorize(pd.concat([rows[key] for rows in frames], ignore_index=True), sort=True)
    cells, places = np.unique(entity * max(len(parts), 1) + part, return_inverse=True)
    found = pd.DataFrame(
        {
            "entity_id": entities.take(cells // max(len(parts), 1)),
            key: parts.take(cells % max(len(parts), 1)),
        }
    )
    ends = np.cumsum([len(rows) for rows in frames])
    for name, rows, own in zip(months, frames, np.split(places, ends[:-1]), strict=True):
        for measure in measures:
            found[f"{measure}{name}"] = sums_by_code(own, whole_numbers(rows[measure]), len(cells))
    return found
