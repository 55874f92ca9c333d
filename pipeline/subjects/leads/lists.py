"""Leads behind the figures: those for law enforcement, one by one, and the open ones by age."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.listing import AddedUp, Listing
from pipeline.contract.shown_frames import ListFrame
from pipeline.figures.grain import regions_by_manager
from pipeline.subjects.leads.cases import FORM, STATES, leads_known, leads_with, open_leads

# Up to how many days an open lead is old in each band of age, the youngest first.
BANDS = (("week", 7), ("month", 31), ("quarter", 92), ("longer", 100_000))
_COLUMNS = [
    "region_id", "manager_id", "lead_no", "lead_state", "address", "description", "seen_on", "days_open", "reported_on",
    "at_once", "passed_on", "handling", "closed_on", "told_on", "place", "source_file", "source_sheet", "source_row",
]  # fmt: skip


def leads_of_month(facts: Facts) -> pd.DataFrame:
    """One row per lead that is open at the month's end, or was seen, closed or told of in it: _COLUMNS.

    `days_open` is counted from the day it was seen to the month's last, missing of closed ones; `at_once` is yes, no,
    or open where its last day to be reported at once has not come; `place` is where its state stands in STATES.
    """
    known = facts.once(leads_known)
    chosen = known.index.isin(facts.once(open_leads).index)
    for day in ("seen_on", "closed_on", "told_on"):
        chosen |= known.index.isin(leads_with(facts, day).index)
    leads, end = known[chosen], pd.Timestamp(facts.month.last_day)
    at_once = (leads["reported_on"] <= leads["due_on"]).map({True: "yes", False: "no"})
    waits = leads["reported_on"].isna() & (leads["due_on"] > end)
    listed = leads.assign(
        region_id=leads["manager_id"].map(facts.once(regions_by_manager)).fillna(leads["region_id"]),
        days_open=(end - leads["seen_on"]).dt.days.astype("Int64").where(leads["closed_on"].isna()),
        at_once=at_once.mask(waits, "open").astype("str"),
        place=leads["lead_state"].map({name: place for place, name in enumerate(STATES)}).astype("Int64"),
    )
    return listed.reindex(columns=_COLUMNS).reset_index(drop=True)


def open_by_age(leads: pd.DataFrame) -> pd.DataFrame:
    """One row per band of age that has open leads: lead_age, leads, share (% of all open ones); the youngest first.

    Args:
        leads: rows of `leads_of_month` of one entity.
    """
    days = leads["days_open"].dropna()
    ages = pd.Series([next(name for name, most in BANDS if one <= most) for one in days], dtype="str")
    counts = ages.value_counts().reindex([name for name, _ in BANDS]).dropna()
    frame = pd.DataFrame({"lead_age": counts.index.astype("str"), "leads": counts.to_numpy(dtype="float64")})
    return frame.assign(share=100 * frame["leads"] / (frame["leads"].sum() or 1))


LISTS = {
    "leads_of_month": Listing(
        leads_of_month, ("place", "seen_on", "lead_no"),
        shown=ListFrame(
            (
                "lead_state", "lead_no", "manager_id", "address", "description", "seen_on", "days_open", "reported_on",
                "at_once", "passed_on", "handling", "closed_on", "told_on",
            ),
            needs=(FORM,), form=FORM, row_key="lead_no",
            styles=(
                ("days_open", "number0"),
                *((name, "day") for name in ("seen_on", "reported_on", "passed_on", "closed_on", "told_on")),
            ),
        ),
        rules=("lead_stuck",),
    )
}  # fmt: skip
ADDED_UP = {
    "leads_by_age": AddedUp(
        "leads_of_month", open_by_age,
        ListFrame(("lead_age", "leads", "share"), needs=(FORM,), styles=(("leads", "number0"),)),
    )
}  # fmt: skip
