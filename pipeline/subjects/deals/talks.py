"""Deals as they stand at the month's end."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.figures.known import NOBODY, known_now
from pipeline.figures.known_cases import known_cases_of
from schemas.deals import WON
from schemas.form import CUSTOMER, Case

FORM = "deals"
SMALL = "small"  # the grade of small accounts, in a trade's list of grades


def deals_known(facts: Facts) -> pd.DataFrame:
    """Each deal that this month or one looked back on knows, once, as it stood last, of the managers who have told:
    columns of the form and source columns, with `grade` of its customer (missing of a prospect)."""
    known = known_cases_of(facts, FORM)
    told = known[~known["manager_id"].isin(facts.once(known_now).missing.get(FORM, NOBODY))]
    grades = facts.master("customers").drop_duplicates(CUSTOMER).set_index(CUSTOMER)["grade"]
    return told.assign(grade=told[CUSTOMER].map(grades).astype("str"))


def open_deals(facts: Facts) -> pd.DataFrame:
    """The deals neither won nor lost by the month's end."""
    known = facts.once(deals_known)
    return known[~case_of(facts).is_closed(known)]


def closed_now(facts: Facts) -> pd.DataFrame:
    """The deals won or lost in the month."""
    known = facts.once(deals_known)
    days = pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day)
    return known[known["closed_on"].between(*days)]


def won_now(facts: Facts) -> pd.DataFrame:
    """Those of them that were won."""
    closed = facts.once(closed_now)
    return closed[closed["stage"] == WON]


def case_of(facts: Facts) -> Case:
    """What makes deals cases; raises KeyError where the trade has no such form."""
    case = facts.profile.forms[FORM].traits.case
    assert case is not None
    return case
