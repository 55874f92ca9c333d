"""Codes of many rows looked up in master data at once: each distinct code once, whatever the number of rows."""

from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray


class Lookup:
    """A master form's rows by their code, which stands in the first column.

    Indexed when first asked, and then kept; `rows` are not to be changed. Several rules ask after the same codes, one
    after the other: the places of the last ones are kept too.
    """

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        self._last: tuple[pd.Series, NDArray[np.intp]] | None = None
        self._marked: dict[tuple[str, str], NDArray[np.bool_]] = {}

    def places(self, codes: pd.Series) -> NDArray[np.intp]:
        """Where in the master data each code stands, counted from 0; -1 where it is missing or not in them."""
        if self._last is None or self._last[0] is not codes:
            self._last = (codes, self._places_of(codes))
        return self._last[1]

    def _places_of(self, codes: pd.Series) -> NDArray[np.intp]:
        numbers, distinct = pd.factorize(codes)
        found = [self._places.get(code, -1) for code in distinct]
        return np.array([*found, -1], dtype=np.intp)[numbers]

    @cached_property
    def name_column(self) -> str | None:
        """The column that says what each code is called: `name`, or one that ends so; None where there is none."""
        return next((str(one) for one in self.rows.columns if f"_{one}".endswith("_name")), None)

    def knows(self, codes: pd.Series) -> pd.Series:
        """Whether each code is in the master data, by the codes' index."""
        return pd.Series(self.places(codes) >= 0, index=codes.index)

    def has(self, code: object) -> bool:
        """Whether one code is in the master data."""
        return code in self._places

    def values(self, codes: pd.Series, column: str) -> pd.Series:
        """What a column of the master data says of each code, by the codes' index; missing where it is not known."""
        return self.values_at(self.places(codes), codes.index, column)

    def values_at(self, places: NDArray[np.intp], index: pd.Index, column: str) -> pd.Series:
        """As `values`, for `places` that were found before."""
        held = self.rows[column].array
        return pd.Series(pd.api.extensions.take(held, places, allow_fill=True), index=index, name=column)

    def are_at(self, places: NDArray[np.intp], column: str, text: str) -> NDArray[np.bool_]:
        """Whether a column of the master data has a text at `places` that were found before."""
        if (column, text) not in self._marked:
            marked = (self.rows[column] == text).to_numpy(dtype=bool, na_value=False)
            self._marked[column, text] = np.append(marked, False)  # the last is what -1 means
        found: NDArray[np.bool_] = self._marked[column, text][places]
        return found

    @cached_property
    def _places(self) -> dict[object, int]:
        return {code: place for place, code in enumerate(self.rows.iloc[:, 0])}
