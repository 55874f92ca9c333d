"""What is forecast where it is a stock (households on the books, balances): how it stood in months that nobody reported
it in, and of whom nothing is expected any more.

A stock stands until somebody changes it. So a customer that was not reported between two months that were, or not for
a month or two, is taken to stand as it stood last: without it the sums of all that it belongs to would not be known in
that month. Who left has nothing from then on, and so has who was not reported for as long as a buyer is silent.
What fell to 0 stays there: it does not come back as an order does that was left out for a month.
"""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from pipeline.contract.report import ORGANISATION_ID
from pipeline.forecast.episodes import SILENT_MONTHS
from pipeline.forecast.stopped import LEFT
from pipeline.month.sales_totals import Organisation, SalesTotals

NOT_REPORTED = "not_reported"
LEAST_UNKNOWN = 0.01  # less than this share of last month's stock unreported leaves a month to be compared with


def as_it_stood(known: pd.DataFrame, is_sent: pd.DataFrame, has_left: pd.Series) -> pd.DataFrame:
    """A stock with its unreported months filled: as the customer stood last, or 0.

    Months after the last report in which the manager sent nothing stay unknown, but for who left.

    Args:
        known: customer × month, oldest first; NaN where the customer was not reported.
        is_sent: the same, whether the customer's manager reported at all.
        has_left: by customer, whether it has left by the newest month.
    """
    is_known, stood = known.notna(), known.ffill(axis=1)
    is_after = ~is_known.iloc[:, ::-1].cummax(axis=1).iloc[:, ::-1]  # after the last report
    unreported = (is_after & is_sent).sum(axis=1)
    is_gone = has_left.reindex(known.index, fill_value=False) | (unreported >= SILENT_MONTHS)
    after = stood.mul(~is_gone, axis=0)
    is_told = is_sent.where(~has_left.reindex(known.index, fill_value=False), True)
    return stood.where(~is_after, after.where(is_told))


def has_left(customers: pd.DataFrame, index: pd.Index, last_day: pd.Timestamp) -> pd.Series:
    """Whether the master data say that a customer has left by a day; `customers` by customer_id, any columns."""
    told = customers.reindex(index)
    gone = pd.Series(False, index=index)
    if "status" in told:
        gone |= (told["status"] == LEFT).fillna(False)
    if "left_on" in told:
        gone |= (pd.to_datetime(told["left_on"]) <= last_day).fillna(False)
    return gone


def with_unreported(forecast: pd.DataFrame, organisation: Organisation, senders: Collection[str]) -> pd.DataFrame:
    """A forecast of one measure with `unreported`: how much of it is of customers that their managers, who sent the
    form, did not report; of managers, regions and the organisation, missing where it is nothing. The method of those
    customers says so, too.
    """
    manager = forecast["entity_id"].map(organisation.manager_of).where(forecast["level"] == "customer")
    unknown = manager.isin(list(senders)) & forecast["this_month"].isna() & (forecast["forecast"] > 0)
    method = forecast["method"].where(~unknown, forecast["method"] + f"+{NOT_REPORTED}")
    found = forecast.loc[unknown, "forecast"].groupby(manager[unknown]).sum()
    by_region = found.groupby(organisation.region_of.reindex(found.index).to_numpy()).sum()
    level = forecast["level"]
    part = forecast["entity_id"].map(found).where(level == "manager")
    part = part.where(level != "region", forecast["entity_id"].map(by_region))
    whole = found.sum() if len(found) else np.nan
    return forecast.assign(method=method, unreported=part.where(level != "organisation", whole).astype("float64"))


def last_rows(totals: Sequence[SalesTotals]) -> pd.DataFrame:
    """How customers stood in the month before, and whether how they stand now is unknown: they were not reported though
    their manager sent the form.

    Args:
        totals: the month before, where it is known, and the month.

    Returns:
        manager_id, customer_id, volume, is_unknown; no rows where what is forecast is no stock.
    """
    if len(totals) < 2 or not totals[-1].only_rows:
        return pd.DataFrame({"manager_id": [], "customer_id": [], "volume": [], "is_unknown": []})
    before, now = totals[-2].by_customer, totals[-1]
    is_unknown = ~before["customer_id"].isin(now.by_customer["customer_id"])
    is_unknown &= before["manager_id"].isin(list(now.senders))
    return before[["manager_id", "customer_id", "volume"]].assign(is_unknown=is_unknown)


def entities_with_unreported(rows: pd.DataFrame) -> pd.DataFrame:
    """Level and entity_id of whom a stock fell because customers were not reported: how they stand is not known, and
    the month is not to be compared with.

    Args:
        rows: as `last_rows` answers, with `manager_now` and `region_now`, who has the customers.
    """
    keys = {
        "manager": rows["manager_now"],
        "region": rows["region_now"],
        "organisation": pd.Series(ORGANISATION_ID, index=rows.index),
    }
    found = []
    for level, entity in keys.items():
        whole = rows["volume"].groupby(entity).sum()
        lacking = rows["volume"].where(rows["is_unknown"], 0.0).groupby(entity).sum()
        found += [(level, str(one)) for one in whole.index[lacking > LEAST_UNKNOWN * whole]]
    return pd.DataFrame(found, columns=["level", "entity_id"], dtype="str")
