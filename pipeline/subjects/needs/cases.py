"""Needs as they stand at the month's end: open ones, closed ones, and how long each step took."""

import itertools

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.figures.known import NOBODY, known_now
from pipeline.figures.known_cases import known_cases_of
from schemas.form import Case
from schemas.needs import STEPS

FORM = "needs"
NEXT_STEP = dict(itertools.pairwise(STEPS))  # by step, the one after it


def needs_known(facts: Facts) -> pd.DataFrame:
    """Each need that this month or one looked back on knows, as it stands at the month's end, of the managers who have
    told: what has become of the others' nobody knows. Columns of the form and source columns, and `closed_on`, the day
    on which it was done or refused."""
    known = known_cases_of(facts, FORM)
    told = known[~known["manager_id"].isin(facts.once(known_now).missing.get(FORM, NOBODY))]
    return told.assign(closed_on=case_of(facts).days_closed(told))


def needs_on(facts: Facts, day: str) -> pd.DataFrame:
    """The needs of which one of their days lies in the month."""
    known = facts.once(needs_known)
    first, last = pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day)
    return known[known[day].between(first, last)]


def open_needs(facts: Facts) -> pd.DataFrame:
    """The needs neither done nor refused by the month's end."""
    known = facts.once(needs_known)
    return known[known["closed_on"].isna() | (known["closed_on"] > pd.Timestamp(facts.month.last_day))]


def last_step(needs: pd.DataFrame) -> pd.Series:
    """The last step that was made of each need, by the name of its day."""
    step = pd.Series(STEPS[0], index=needs.index, dtype="str")
    for one in STEPS[1:]:
        step = step.mask(needs[one].notna(), one)
    return step


def case_of(facts: Facts) -> Case:
    """What makes needs cases; raises KeyError where the trade has no such form."""
    case = facts.profile.forms[FORM].traits.case
    assert case is not None
    return case
