"""Sums of several months together: what a quarter sold by customer, product and group of products."""

from collections.abc import Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.contract.behind import all_sums
from pipeline.figures.parts import MonthSums
from schemas.profile import FORECAST_AS


def sums_over(months: Sequence[MonthSums], first: Month) -> MonthSums:
    """The sums of some months as one, told as of their first month."""
    details = {
        name: _added_up([one.details[name] for one in months], all_sums()[name].measures)
        for name in months[0].details
    }
    return MonthSums(
        first,
        details,
        _added_up([one.by_customer for one in months], FORECAST_AS),
        _added_up([one.by_group for one in months], FORECAST_AS),
    )


def _added_up(frames: Sequence[pd.DataFrame], measures: Sequence[str]) -> pd.DataFrame:
    """One row for all months' rows of the same keys."""
    if len(frames) == 1:
        return frames[0]
    rows = stacked(list(frames))
    keys = [str(name) for name in rows.columns if name not in measures]
    there = [name for name in measures if name in rows]
    sums: pd.DataFrame = rows.groupby(keys, as_index=False, dropna=False, sort=True)[there].sum()
    return sums[list(rows.columns)]
