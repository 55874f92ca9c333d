"""Prospects as they stand at the month's end: those surveyed of late, and those still open."""

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.facts import Facts
from pipeline.figures.known import NOBODY, known_now
from pipeline.figures.known_cases import known_cases_of
from schemas.form import Case

FORM = "prospects"
MONTHS_TO_SIGN = 3  # conversion is told of those surveyed in this month and the two before


def prospects_known(facts: Facts) -> pd.DataFrame:
    """Each prospect that this month or the months looked back on know, once, as it stands at the month's end, of the
    managers who have told: what has become of the others' nobody knows. Columns of the form and source columns."""
    known = known_cases_of(facts, FORM)
    return known[~known["manager_id"].isin(facts.once(known_now).missing.get(FORM, NOBODY))]


def surveyed_of_late(facts: Facts) -> pd.DataFrame:
    """The prospects surveyed in this month and the two before."""
    return _surveyed_from(facts, facts.month + (1 - MONTHS_TO_SIGN))


def surveyed_now(facts: Facts) -> pd.DataFrame:
    """The prospects surveyed in the month."""
    return _surveyed_from(facts, facts.month)


def _surveyed_from(facts: Facts, first: Month) -> pd.DataFrame:
    known = facts.once(prospects_known)
    days = pd.Timestamp(first.first_day), pd.Timestamp(facts.month.last_day)
    return known[known["surveyed_on"].between(*days)]


def open_prospects(facts: Facts) -> pd.DataFrame:
    """The prospects that have neither signed nor been given up by the month's end."""
    known = facts.once(prospects_known)
    return known[~case_of(facts).is_closed(known)]


def case_of(facts: Facts) -> Case:
    """What makes prospects cases; raises KeyError where the trade has no such form."""
    case = facts.profile.forms[FORM].traits.case
    assert case is not None
    return case
