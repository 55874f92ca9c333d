"""Made-up energy of a month: one row per customer and tariff class, dated the month's last day."""

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import stream
from pipeline.demo.people import Organisation, as_form, trading_in
from pipeline.demo.sample import Sample
from pipeline.subjects.energy.demo_customers import Supply, clients

FORM = "sales"
NOISE, STOPPED = 0.05, 0.08


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form of energy: every customer that is there."""
    organisation = sample.organisation
    supply: Supply = organisation.trade.material["energy"]
    chance = stream(organisation.seed, "energy", month)
    known = sample.once(clients)
    here = trading_in(organisation, month)
    told = here[["customer_id", "manager_id", "left_on"]].join(
        known[["grade", "region", *supply.price_yuan]], on="customer_id"
    )
    factor = _factor(organisation, supply, month, told)
    rows = [
        told.assign(
            product_id=tariff,
            sold_qty=told[tariff] * factor * supply.season.get(tariff, {}).get(month.month, 1.0)
            * chance.lognormal(0, NOISE, len(told)),
        )
        for tariff in supply.price_yuan
    ]  # fmt: skip
    used = pd.concat(rows, ignore_index=True)
    used = used[used["sold_qty"] >= 1].assign(sold_qty=lambda one: one["sold_qty"].round().astype("Int64"))
    price = used["product_id"].map(dict(supply.price_yuan))
    amount = (used["sold_qty"].astype(float) * price).round(2)
    read_on = used["left_on"].fillna(pd.Timestamp(month.last_day))  # who leaves is read for the last time
    view = used.assign(order_date=read_on, amount=amount)
    view = view.sort_values(["manager_id", "customer_id", "product_id"], ignore_index=True)
    return as_form(FORM, view).assign(manager_id=view["manager_id"].to_numpy())


def _factor(organisation: Organisation, supply: Supply, month: Month, told: pd.DataFrame) -> pd.Series:
    """How much more or less than usual each customer uses: the industrial area grows, one works of it stands still."""
    number, last = organisation.number(month), len(organisation.months)
    grows = (told["region"] == supply.growing) & (told["grade"] == "1")
    factor = pd.Series(np.where(grows, (1 + supply.growth) ** number, 1.0), index=told.index)
    industrial = told.loc[grows, "customer_id"]
    if len(industrial) and number >= last - supply.stopped:
        factor = factor.mask(told["customer_id"] == industrial.iloc[0], STOPPED)
    return factor
