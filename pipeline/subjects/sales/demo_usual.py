"""What could be expected of a month's sales: from it orders are drawn, and targets are set."""

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.people import Organisation, trading_in
from pipeline.demo.season import demand, open_days, working_days


def usual_demand(organisation: Organisation, month: Month) -> pd.DataFrame:
    """What could be expected of a month: one row per manager, `volume` and `amount_yuan`.

    Without stock-outs, failing groups of products and chance; targets are set from it.
    """
    customers = trading_in(organisation, month)
    tastes = organisation.tastes[customers.index]
    prices = organisation.products["price_yuan"].to_numpy()
    price = tastes @ prices / tastes.sum(axis=1)
    volume = usual_units(organisation, month, customers)
    expected = customers.assign(volume=volume, amount_yuan=volume * price)
    return expected.groupby("manager_id")[["volume", "amount_yuan"]].sum()


def usual_units(organisation: Organisation, month: Month, customers: pd.DataFrame) -> np.ndarray:
    """Units that each customer could be expected to ask for this month, for the part of it that it trades."""
    part = open_days(customers, month).sum(axis=1) / max(1, working_days(month).sum())
    weekly = customers["weekly_units"].to_numpy() * _growth(organisation, month, customers)
    units: np.ndarray = weekly * demand(month) * part * month.last_day.day / 7
    return units


def _growth(organisation: Organisation, month: Month, customers: pd.DataFrame) -> np.ndarray:
    return np.exp(customers["growth"].to_numpy() * organisation.number(month))  # type: ignore[no-any-return]
