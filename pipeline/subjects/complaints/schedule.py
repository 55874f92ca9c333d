"""Complaints on the schedule of visits: the customer's cases that are open."""

import pandas as pd

from pipeline.contract.schedule import Look, OnPage, of_customers
from pipeline.words import Words
from schemas.form import Form

FORM = "complaints"
MOST_NUMBERS = 2


def open_cases(look: Look, visits: pd.DataFrame, words: Words) -> pd.Series:
    """The numbers of the customer's open cases, the oldest first, and how many more there are."""
    cases = look.cases(FORM)
    case = _form(look).traits.case
    if case is None or cases.empty:
        return pd.Series(None, index=visits.index, dtype="str")
    still = cases[~case.is_closed(cases) & (cases[case.opened_on] < look.start)].sort_values(
        [case.opened_on, case.number]
    )
    told = {
        str(customer): _told([str(one) for one in rows[case.number]], words)
        for customer, rows in still.groupby("customer_id")
    }
    return of_customers(pd.Series(told, dtype="str"), visits)


def _told(numbers: list[str], words: Words) -> str:
    shown = words.pick("、", ", ").join(numbers[:MOST_NUMBERS])
    more = len(numbers) - MOST_NUMBERS
    return shown + words("schedule.more_cases", more=more) if more > 0 else shown


def _form(look: Look) -> Form:
    return look.profile.forms[FORM]


ON_PAGE = (OnPage("open_cases", 30, open_cases, "text", 10, needs=(FORM,)),)
