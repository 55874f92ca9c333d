"""Frames cut up by entity: found once for everybody, handed out one entity at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.figures.declare import Level
from pipeline.figures.entities import with_entity

Positions = Mapping[str, npt.NDArray[np.intp]]


@dataclass(frozen=True)
class Slices:
    """A frame a level, and where the rows of each entity stand in it."""

    frames: Mapping[Level, pd.DataFrame]
    positions: Mapping[Level, Positions]

    def of(self, level: Level, entity_id: str) -> pd.DataFrame:
        """The rows of one entity; none where it has none."""
        places = self.positions[level].get(entity_id, np.empty(0, dtype="intp"))
        return self.frames[level].iloc[places].set_axis(pd.RangeIndex(len(places)))


def slices_of_rows(frame: pd.DataFrame, levels: Sequence[Level]) -> Slices:
    """Rows with region_id and manager_id; an entity's are those under it, in the order of the frame."""
    return Slices(dict.fromkeys(levels, frame), {level: _positions(with_entity(frame, level)) for level in levels})


def slices_of_tables(tables: Mapping[Level, pd.DataFrame]) -> Slices:
    """Tables made for each level, with the column entity_id, which is not handed out."""
    frames = {level: table.drop(columns="entity_id") for level, table in tables.items()}
    return Slices(frames, {level: _positions(table) for level, table in tables.items()})


def slices_by_level(frame: pd.DataFrame, levels: Sequence[Level]) -> Slices:
    """One frame with level and entity_id for everybody; both stay in what is handed out."""
    parts = {level: frame[frame["level"] == level] for level in levels}
    return Slices(parts, {level: _positions(part) for level, part in parts.items()})


def _positions(frame: pd.DataFrame) -> Positions:
    return {str(entity): np.asarray(places) for entity, places in frame.groupby("entity_id").indices.items()}
