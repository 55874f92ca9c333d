"""Customers that count once in every entity, whoever of its managers had them, and once in several months."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipeline.contract.figure import Level
from pipeline.contract.report import ORGANISATION_ID


@dataclass(frozen=True)
class CustomersOnce:
    """Customers counted in figures, over one month or several: one row per region_id, manager_id (or LEVEL_id), figure,
    customer_id, of several months as often as it is counted in one.

    Figures and customers are told apart once, by numbers, for all levels of entities: a city's year counts some 300,000
    customers and months.
    """

    rows: pd.DataFrame

    def counted(self, level: Level, entity: pd.Index, figure: pd.Index) -> Any:
        """How many customers each of these entities of a level has in the figure that stands beside it, as floats; 0
        where it has none. Over several months each counts once."""
        whose, entities = entity_codes(self.rows, level)
        figures, keys = self._figures
        wanted = np.isin(figures, keys.get_indexer(figure.unique()))
        cells = (whose * len(keys) + figures)[wanted]
        single = pd.DataFrame({"cell": cells, "customer": self._customers[wanted]}).drop_duplicates()["cell"]
        sizes = np.bincount(single, minlength=len(entities) * len(keys)).reshape(len(entities), len(keys))
        row, column = entities.get_indexer(entity), keys.get_indexer(figure)
        known = (row >= 0) & (column >= 0)
        found = np.zeros(len(known))
        found[known] = sizes[row[known], column[known]]
        return found

    @cached_property
    def _figures(self) -> tuple[Any, pd.Index]:
        return pd.factorize(self.rows["figure"])

    @cached_property
    def _customers(self) -> Any:
        return pd.factorize(self.rows["customer_id"])[0]


def entity_codes(rows: pd.DataFrame, level: Level) -> tuple[Any, pd.Index]:
    """The entity of each row at a level, as its position among those that there are, which stand in order."""
    if level == "organisation":
        return np.zeros(len(rows), dtype=np.intp), pd.Index([ORGANISATION_ID], dtype="str")
    return pd.factorize(rows[f"{level}_id"], sort=True)
