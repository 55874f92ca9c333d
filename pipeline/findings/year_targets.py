"""The target of the whole year, where each of its months has one: what the year to date is a part of."""

from collections.abc import Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.few import is_guarded
from pipeline.contract.figure import Figure
from pipeline.figures.metrics import targets_by_entity

YEAR_COLUMNS = ("level", "entity_id", "figure", "target")
_KEYS = list(YEAR_COLUMNS[:-1])
_MONTHS = 12


def year_targets(targets: pd.DataFrame, month: Month, figures: Sequence[Figure]) -> pd.DataFrame:
    """One row per level, entity_id and figure: the targets of the year's twelve months added up.

    A year of which a month has no target is not there: what it asks for is not known. Nor are rates and counts of
    customers, whose months do not add up.

    Args:
        targets: master data: month, level, entity_id, metric (a figure's key or name), target.
        month: any month of the year.
        figures: those declared.
    """
    sums = [figure for figure in figures if figure.over_time == "sum" and not is_guarded(figure)]
    months = [targets_by_entity(targets, Month(month.year, number), sums) for number in range(1, _MONTHS + 1)]
    every = pd.concat(months, ignore_index=True).dropna(subset=["target"])
    year: pd.DataFrame = every.groupby(_KEYS)["target"].agg(target="sum", months="size").reset_index()
    whole = year[year["months"] == _MONTHS]
    return whole[list(YEAR_COLUMNS)].reset_index(drop=True)
