"""Frames cut up by entity: found once for everybody, handed out one entity at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.base.rows_by_key import RowsByKey, rows_by_key
from pipeline.contract.figure import Level
from pipeline.figures.entities import with_entity


@dataclass(frozen=True)
class Slices:
    """A frame a level, sorted by entity."""

    by_level: Mapping[Level, RowsByKey]

    def of(self, level: Level, entity_id: str) -> pd.DataFrame:
        """The rows of one entity; none where it has none."""
        return self.by_level[level].of([entity_id])


def slices_of_rows(frame: pd.DataFrame, levels: Sequence[Level]) -> Slices:
    """Rows with region_id and manager_id; an entity's are those under it, in the order of the frame."""
    return Slices({level: rows_by_key(frame, [with_entity(frame, level)["entity_id"]]) for level in levels})


def slices_of_tables(tables: Mapping[Level, pd.DataFrame]) -> Slices:
    """Tables made for each level, with the column entity_id, which is not handed out."""
    return Slices(
        {
            level: rows_by_key(table.drop(columns="entity_id"), [table["entity_id"]])
            for level, table in tables.items()
        }
    )


def slices_by_level(frame: pd.DataFrame, levels: Sequence[Level]) -> Slices:
    """One frame with level and entity_id for everybody; both stay in what is handed out."""
    return Slices({level: rows_by_key(frame[frame["level"] == level], ["entity_id"]) for level in levels})
