"""Who is expected to buy nothing next month, and why: the master data say so, or three months without an order.

A customer that is silent in the same months each year and then orders again (a school's shop) is not silent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import numpy as np
import pandas as pd

from pipeline.forecast.episodes import SILENT_MONTHS
from pipeline.forecast.history import SEASON

LEFT, PAUSED, SILENT = "left", "paused", "silent"


def stopped_customers(known_sales: pd.DataFrame, customers: pd.DataFrame, last_day: dt.date) -> dict[str, str]:
    """The customers of whom nothing is expected, with the reason: "left", "paused" or "silent".

    Args:
        known_sales: customer × month, oldest first; 0 without an order, NaN where that is not known.
        customers: by customer_id, with `status` ("active", "paused", "left") and `left_on`; either may be missing.
        last_day: of the newest month.
    """
    reason = pd.Series("", index=known_sales.index, dtype=object)
    reason[is_silent(known_sales)] = SILENT
    told = customers.reindex(known_sales.index)
    status = told["status"] if "status" in told else pd.Series("", index=told.index)
    reason[(status == PAUSED).fillna(False)] = PAUSED
    gone = (status == LEFT).fillna(False)
    if "left_on" in told:
        gone |= (pd.to_datetime(told["left_on"]) <= pd.Timestamp(last_day)).fillna(False)
    reason[gone] = LEFT
    return {str(customer): str(why) for customer, why in reason[reason != ""].items()}


def without_sudden(known_sales: pd.DataFrame, stopped: Collection[str]) -> pd.DataFrame:
    """The sales with 0 for those who stopped though they bought till now.

    What they bought is still in the last months of all that they belong to, whose forecasts would go on with it. Who
    has long been without an order is not in those months any more, and stays in the history: without everybody who
    ever left, and with everybody who came, a steady office would seem to grow.
    """
    gone = known_sales.index.isin(list(stopped))
    sudden = gone & ~is_silent(known_sales).to_numpy()
    return known_sales.mask(known_sales.notna() & sudden[:, None], 0.0) if sudden.any() else known_sales


def is_silent(known_sales: pd.DataFrame) -> pd.Series:
    """Customers without an order in their last three known months, or more, where last year's course was another."""
    values = known_sales.to_numpy(dtype=float)
    known = np.isfinite(values)
    silent = np.zeros(len(values), dtype=np.int64)
    going = np.ones(len(values), dtype=bool)
    for month in range(values.shape[1] - 1, -1, -1):
        going &= ~(known[:, month] & (values[:, month] != 0))
        silent += going & known[:, month]
    ordered = (known & (values != 0)).any(axis=1)
    answer = ordered & (silent >= SILENT_MONTHS)
    width = values.shape[1]
    if width >= SEASON + SILENT_MONTHS:
        back = width - SEASON
        before = values[:, back - SILENT_MONTHS : back]
        answer &= ~((before == 0).all(axis=1) & (np.nan_to_num(values[:, back]) > 0))
    return pd.Series(answer, index=known_sales.index)
