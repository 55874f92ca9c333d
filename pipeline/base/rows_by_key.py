"""Rows sorted once by whose they are, and handed out to one after the other."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class RowsByKey:
    """A frame, and where the rows of each key stand in it."""

    frame: pd.DataFrame
    places: Mapping[Hashable, Places]

    def of(self, keys: Iterable[Hashable]) -> pd.DataFrame:
        """The rows of these keys, in the frame's order."""
        found = [self.places[key] for key in keys if key in self.places]
        places = np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.intp)
        return self.frame.take(places).set_axis(pd.RangeIndex(len(places)))


def rows_by_key(frame: pd.DataFrame, columns: Sequence[str | pd.Series]) -> RowsByKey:
    """Rows by the values of one column or, as tuples, of several; rows without a value are nobody's."""
    if not len(frame):
        return RowsByKey(frame, {})
    by = columns[0] if len(columns) == 1 else list(columns)
    return RowsByKey(frame, frame.groupby(by, sort=False, observed=True).indices)  # type: ignore[arg-type]
