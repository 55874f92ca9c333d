"""Customers behind the figures of households: whose time runs out and who is at risk, who is stopped for arrears and
since when, who was not reported."""

import numpy as np
import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.listing import AddedUp, Listing
from pipeline.contract.shown_frames import ListFrame
from pipeline.figures.grain import regions_by_manager
from pipeline.figures.stock import NotReported, RowsAtEnd
from pipeline.subjects.subscriptions.risk import FORM, reasons_of

# Up to how many months a stop lasts in each band of age, the youngest first.
BANDS = (("under_3", 3), ("under_6", 6), ("under_12", 12), ("under_24", 24), ("longer", 100_000))
UNKNOWN_AGE = "unknown"
_DAYS_A_MONTH = 365.25 / 12
_SOURCE = ["source_file", "source_sheet", "source_row"]


def _named(rows: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Rows with the region, the name and the kind of their customers."""
    known = facts.master("customers").drop_duplicates("customer_id").set_index("customer_id")
    regions = rows["manager_id"].astype("str").map(facts.once(regions_by_manager))
    return rows.assign(
        region_id=regions,
        customer_name=rows["customer_id"].map(known["customer_name"]),
        channel=rows["customer_id"].map(known["channel"]),
    )[regions.notna()]


def customers_at_risk(facts: Facts) -> pd.DataFrame:
    """One row per customer whose date is past, or near from the next month's first day, or that may be lost: manager,
    region, customer, households, expires_on, reasons (joined by commas); the most households first."""
    rows = _named(facts.once(RowsAtEnd(FORM)), facts)
    reasons = reasons_of(rows, facts)
    columns = ["region_id", "manager_id", "customer_id", "customer_name", "channel", "households", "expires_on"]
    listed = rows.assign(reasons=reasons.reindex(rows.index).fillna(""))
    chosen = listed[(listed["reasons"] != "") & (listed["households"] > 0)]
    return chosen[[*columns, "reasons", *_SOURCE]].reset_index(drop=True)


def customers_stopped(facts: Facts) -> pd.DataFrame:
    """One row per customer with households stopped for arrears: how many, since when, in which band of age (months
    from the first day of the stop to the month's last)."""
    rows = facts.once(RowsAtEnd(FORM))
    rows = _named(rows[(rows["penalty_stopped"] > 0).fillna(False).to_numpy(dtype=bool)], facts)
    days = (pd.Timestamp(facts.month.last_day) - rows["stopped_since"]).dt.days
    columns = ["region_id", "manager_id", "customer_id", "customer_name", "penalty_stopped", "households"]
    return rows.assign(age=[_band(one) for one in days])[[*columns, "stopped_since", "age", *_SOURCE]].reset_index(
        drop=True
    )


def _band(days: float) -> str:
    if np.isnan(days):
        return UNKNOWN_AGE
    return next(name for name, months in BANDS if days <= months * _DAYS_A_MONTH)


def stopped_by_age(stopped: pd.DataFrame) -> pd.DataFrame:
    """One row per band of age: age, penalty_stopped, share (% of all stopped), customers; the youngest first.

    Args:
        stopped: rows of `customers_stopped` of one entity.
    """
    order = {name: place for place, name in enumerate([*(name for name, _ in BANDS), UNKNOWN_AGE])}
    sums = stopped.groupby("age")["penalty_stopped"].agg(penalty_stopped="sum", customers="count").reset_index()
    share = 100 * sums["penalty_stopped"].astype("float64") / float(sums["penalty_stopped"].sum() or 1)
    return sums.assign(share=share).sort_values("age", key=lambda ages: ages.map(order), ignore_index=True)


def customers_not_reported(facts: Facts) -> pd.DataFrame:
    """One row per customer without a row this month, whose manager has sent the form: households as they were reported
    last month, missing where nobody did."""
    before = facts.before()
    then = pd.Series(dtype="Int64")
    if before is not None:
        then = before.once(RowsAtEnd(FORM)).set_index("customer_id")["households"]
    rows = _named(facts.once(NotReported(FORM)), facts)
    columns = ["region_id", "manager_id", "customer_id", "customer_name", "channel", "households_before"]
    return rows.assign(households_before=rows["customer_id"].map(then))[columns].reset_index(drop=True)


_NUMBERS = tuple((name, "number0") for name in ("households", "penalty_stopped", "households_before"))
LISTS = {
    "customers_at_risk": Listing(
        customers_at_risk, ("households", "customer_id"), frozenset({"households"}),
        ListFrame(
            ("customer_id", "customer_name", "channel", "manager_id", "households", "expires_on", "reasons"),
            needs=(FORM,), styles=(*_NUMBERS, ("expires_on", "day")),
        ),
    ),
    "customers_stopped": Listing(
        customers_stopped, ("penalty_stopped", "customer_id"), frozenset({"penalty_stopped"}),
        ListFrame(
            ("customer_id", "customer_name", "manager_id", "penalty_stopped", "households", "stopped_since", "age"),
            needs=(FORM,), styles=(*_NUMBERS, ("stopped_since", "day")),
        ),
        rules=("large_stop",),
    ),
    "customers_not_reported": Listing(
        customers_not_reported, ("households_before", "customer_id"), frozenset({"households_before"}),
        ListFrame(
            ("customer_id", "customer_name", "channel", "manager_id", "households_before"), needs=(FORM,),
            styles=_NUMBERS,
        ),
        rules=("customer_not_reported",),
    ),
}  # fmt: skip
ADDED_UP = {
    "stopped_by_age": AddedUp(
        "customers_stopped", stopped_by_age,
        ListFrame(("age", "penalty_stopped", "share", "customers"), needs=(FORM,), styles=_NUMBERS),
    )
}  # fmt: skip
