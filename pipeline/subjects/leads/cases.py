"""Leads as they stand at the month's end."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.figures.known import NOBODY, known_now, told_by
from pipeline.figures.known_cases import known_cases_of
from pipeline.subjects.visits.special import last_days_in_time

FORM = "leads"
STATES = ("seen", "reported", "passed", "closed", "told")  # how far a lead has come


def leads_known(facts: Facts) -> pd.DataFrame:
    """Each lead that this month or the months looked back on know, once, as it stands at the month's end; not
    those of earlier months whose manager has not reported: what has become of them nobody knows.

    Columns of the form and source columns; `due_on`, the last day on which it is reported at once; `lead_state`, one of
    STATES. Days after the month's end are not known yet.
    """
    known = known_cases_of(facts, FORM)
    silent = known["manager_id"].isin(facts.once(known_now).missing.get(told_by(FORM, facts.profile), NOBODY))
    known = known[~silent | known["lead_no"].isin(facts.frame(FORM)["lead_no"])]
    end = pd.Timestamp(facts.month.last_day)
    days = {
        name: known[name].where(known[name] <= end)
        for name in ("reported_on", "passed_on", "closed_on", "told_on")
    }
    state = pd.Series(STATES[0], index=known.index, dtype="str")
    for name, day in zip(STATES[1:], days, strict=True):
        state = state.mask(days[day].notna(), name)
    return known.assign(**days, due_on=last_days_in_time(known["seen_on"]), lead_state=state)


def leads_with(facts: Facts, day: str) -> pd.DataFrame:
    """The leads whose day of that name lies in the month."""
    known = facts.once(leads_known)
    return known[known[day].between(pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day))]


def open_leads(facts: Facts) -> pd.DataFrame:
    """The leads that law enforcement has not closed by the month's end."""
    known = facts.once(leads_known)
    return known[known["closed_on"].isna()]
