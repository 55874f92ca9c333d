"""Whether what is active again is told by the right kind: resumed (复通) after a short stop, come back (回流) after a
longer one; the profile says from how many months on it is longer.

Only what is certain is told: when the households were stopped, as movements of the year or last month's form say.
Nothing is asked of stops that lie before the data.
"""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.figures.grain import regions_by_manager
from pipeline.figures.stock import RowsAtEnd
from schemas.form import CUSTOMER
from schemas.movements import LEADS_TO

FORM, STOCK = "movements", "subscriptions"
RESUMED, RETURNED = "resume", "return"
DORMANT_MONTHS = "dormant_months"  # the profile's number of months
_STOPPED = ("penalty_stopped", "paused")
_COLUMNS = [
    "region_id",
    "manager_id",
    CUSTOMER,
    "kind",
    "since",
    "months",
    "source_file",
    "source_sheet",
    "source_row",
]


def wrong_kinds(facts: Facts) -> pd.DataFrame:
    """One row per movement told by the wrong kind: manager, region, customer, kind, since (the day of the stop),
    months (from which on a stop is a long one), where it stands."""
    months = int(facts.profile.thresholds.get(DORMANT_MONTHS, 0))
    rows = facts.frame(FORM)
    chosen = rows["kind"].isin((RESUMED, RETURNED)) & rows["from_state"].isin(_STOPPED)
    again = rows[chosen.fillna(False).to_numpy(dtype=bool) & (months > 0)]
    told = again.assign(
        since=[_stopped_on(row, facts) for _, row in again.iterrows()],
        months=months,
        region_id=again["manager_id"].astype("str").map(facts.once(regions_by_manager)),
    ).astype({"since": "datetime64[ns]"})
    is_long = told["happened_on"] > told["since"] + pd.DateOffset(months=months)
    all_young = pd.Series(
        [_none_before(row, facts, months) for _, row in told.iterrows()], index=told.index, dtype=bool
    )
    wrong = ((told["kind"] == RESUMED) & is_long) | ((told["kind"] == RETURNED) & ~is_long & all_young)
    known = told["since"].notna() & told["region_id"].notna()
    return told[(wrong & known).to_numpy(dtype=bool)][_COLUMNS].reset_index(drop=True)


def _stopped_on(row: pd.Series, facts: Facts) -> pd.Timestamp:
    """The last day on which households of the customer came into the state that these leave; unknown where neither
    movements nor, for arrears, last month's form tell it."""
    months = [facts, *(one for step in range(1, 13) if (one := facts.before(step)) is not None)]
    for one in months:
        moves = one.frame(FORM)
        into = moves["kind"].map(LEADS_TO) == row["from_state"]
        own = moves[(into & (moves[CUSTOMER] == row[CUSTOMER])).to_numpy(dtype=bool)]
        earlier = own.loc[own["happened_on"] <= row["happened_on"], "happened_on"]
        if len(earlier):
            return pd.Timestamp(earlier.max())
    before = facts.before()
    if before is None or row["from_state"] != _STOPPED[0]:
        return pd.NaT  # type: ignore[return-value]
    since = before.once(RowsAtEnd(STOCK)).set_index(CUSTOMER)["stopped_since"]
    return pd.Timestamp(since.get(row[CUSTOMER], pd.NaT))


def _none_before(row: pd.Series, facts: Facts, months: int) -> bool:
    """Whether the customer is known to have had nothing in that state before the last months, so that whatever is
    active again was stopped since."""
    then = facts.before(months)
    if then is None:
        return False
    states = then.once(RowsAtEnd(STOCK)).set_index(CUSTOMER)[str(row["from_state"])]
    return bool(states.get(row[CUSTOMER], 1) == 0)
