"""Why a group customer may be lost: its time runs out, a case of it is open, somebody had to talk it round, one of its
kind nearby was lost."""

import pandas as pd

from pipeline.contract.facts import LOOK_BACK_MONTHS, Facts
from pipeline.figures.grain import regions_by_manager
from pipeline.figures.known_cases import known_cases_of
from pipeline.subjects.subscriptions.expiring import EXPIRING_DAYS
from schemas.form import CUSTOMER

FORM = "subscriptions"
EXPIRED, EXPIRING, OPEN_CASE, RETAINED, LOST_NEARBY = "expired", "expiring", "open_case", "retained", "lost_nearby"
_RETAIN = "retain"  # the purpose of a visit that is to keep a customer


def reasons_of(rows: pd.DataFrame, facts: Facts) -> pd.Series:
    """The reasons of each row of customers (customer_id, region_id, channel, expires_on), joined by commas; empty
    where there is none."""
    after = pd.Timestamp((facts.month + 1).first_day)
    days = pd.Timedelta(days=facts.profile.thresholds.get(EXPIRING_DAYS, 0))
    told = {
        EXPIRED: rows["expires_on"] < after,
        EXPIRING: rows["expires_on"].between(after, after + days),
        OPEN_CASE: rows[CUSTOMER].isin(_with_open_case(facts)),
        RETAINED: rows[CUSTOMER].isin(_talked_round(facts)),
        LOST_NEARBY: _lost_nearby(rows, facts),
    }
    flags = pd.DataFrame({name: one.fillna(False).astype(bool) for name, one in told.items()}, index=rows.index)
    return flags.apply(lambda row: ",".join(name for name in flags.columns if row[name]), axis=1).astype("str")


def _with_open_case(facts: Facts) -> frozenset[str]:
    if "complaints" not in facts.profile.forms:
        return frozenset()
    cases = known_cases_of(facts, "complaints")
    end = pd.Timestamp(facts.month.last_day)
    still_open = cases[cases["resolved_on"].isna() | (cases["resolved_on"] > end)]
    return frozenset(still_open[CUSTOMER].dropna().astype("str"))


def _talked_round(facts: Facts) -> frozenset[str]:
    visits = facts.frame("visits")
    if "purpose" not in visits:
        return frozenset()
    return frozenset(visits.loc[(visits["purpose"] == _RETAIN).fillna(False), CUSTOMER].dropna().astype("str"))


def _lost_nearby(rows: pd.DataFrame, facts: Facts) -> pd.Series:
    """Whether in this month or the months looked back on another customer of the same kind and region lost
    households."""
    months = [facts, *(facts.before(step) for step in range(1, LOOK_BACK_MONTHS))]
    lost = [_lost(one) for one in months if one is not None and "movements" in facts.profile.forms]
    found = pd.concat(lost, ignore_index=True).drop_duplicates() if lost else pd.DataFrame(columns=[CUSTOMER])
    if found.empty:
        return pd.Series(False, index=rows.index)
    near = rows.reset_index().merge(found, on=["region_id", "channel"], suffixes=("", "_lost"))
    hit = near.loc[near[CUSTOMER] != near[f"{CUSTOMER}_lost"], "index"]
    return pd.Series(rows.index.isin(hit), index=rows.index)


def _lost(facts: Facts) -> pd.DataFrame:
    """Customers that lost households in the month: customer_id, region_id, channel."""
    rows = facts.frame("movements")
    gone = rows[(rows["kind"] == "loss").fillna(False).to_numpy(dtype=bool)]
    kinds = facts.master("customers").drop_duplicates(CUSTOMER).set_index(CUSTOMER)["channel"]
    regions = gone["manager_id"].astype("str").map(facts.once(regions_by_manager)).fillna(gone["region_id"])
    told = pd.DataFrame({CUSTOMER: gone[CUSTOMER], "region_id": regions, "channel": gone[CUSTOMER].map(kinds)})
    return told.dropna().astype("str").drop_duplicates()
