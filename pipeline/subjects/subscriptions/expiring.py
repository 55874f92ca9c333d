"""Customers whose time runs out (到期), by the dates of last month's form: this month's are already the answer."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.figures.stock import AtEnd, RowsAtEnd, assigned
from schemas.form import CUSTOMER

FORM = "subscriptions"
EXPIRING_DAYS = "expiring_days"  # the profile's number of days


def dates_before(facts: Facts) -> pd.DataFrame:
    """One row per customer of this month whose date last month's form gives: customer_id, manager_id (who has it this
    month), households (then), expires_on."""
    before = facts.before()
    rows = (facts if before is None else before).once(RowsAtEnd(FORM))
    dated = rows[rows["expires_on"].notna()] if before is not None else rows.iloc[:0]
    owner = dated[CUSTOMER].map(facts.once(assigned))
    columns = [CUSTOMER, "manager_id", "households", "expires_on"]
    return dated.assign(manager_id=owner)[owner.notna()][columns].reset_index(drop=True)


def fallen_due(facts: Facts) -> pd.DataFrame:
    """Those of `dates_before` whose date fell in this month and of which it is known how they stand at its end, with
    expires_now (missing for those that have left, or give none)."""
    rows = dates_before(facts)
    first, last = pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day)
    known = facts.once(AtEnd(FORM)).index
    chosen = rows[rows["expires_on"].between(first, last) & rows[CUSTOMER].isin(known)]
    now = facts.once(RowsAtEnd(FORM)).set_index(CUSTOMER)["expires_on"]
    return chosen.assign(expires_now=now.reindex(chosen[CUSTOMER]).to_numpy())


def expiring_now(facts: Facts) -> pd.DataFrame:
    """Those of `dates_before` whose date is within the profile's days from this month's first."""
    rows = dates_before(facts)
    first = pd.Timestamp(facts.month.first_day)
    days = pd.Timedelta(days=facts.profile.thresholds.get(EXPIRING_DAYS, 0))
    return rows[rows["expires_on"].between(first, first + days)]
