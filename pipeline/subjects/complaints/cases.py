"""Complaint cases as they stand at the month's end, with their due dates in working days."""

import datetime as dt

import pandas as pd

from pipeline.base.calendar import working_days_after, working_days_between
from pipeline.contract.facts import Facts
from pipeline.figures.known import NOBODY, known_now
from pipeline.figures.known_cases import known_cases_of

REPEAT_DAYS = 90


def known_cases(facts: Facts) -> pd.DataFrame:
    """Each case that this month or the months looked back on know, once, as it stood last; sorted by number.

    A case closed in an earlier month may be due, or be repeated, in this one: the month's own rows lack it.
    A case of an earlier month whose customer has moved stands with its new manager.
    Columns of the form and sender and source columns, manager_before (whose it was, where it moved), and due_on (day;
    missing where the profile sets no limit for the category).
    """
    cases = known_cases_of(facts, "complaints")
    return cases.assign(due_on=due_days(cases, facts))


def due_days(cases: pd.DataFrame, facts: Facts) -> pd.Series:
    """The last day on which each case would be closed in time: the category's limit in working days after it
    was received, as the profile had it then."""
    trade = facts.profile
    pairs = cases[["received_on", "category"]].drop_duplicates().dropna()
    due = {
        (day, category): pd.Timestamp(working_days_after(day.date(), limits[category]))
        for day, category in pairs.itertuples(index=False)
        if category in (limits := trade.as_of(f"{day:%Y-%m}").complaint_working_days)
    }
    keys = zip(cases["received_on"], cases["category"], strict=True)
    return pd.Series([due.get(key, pd.NaT) for key in keys], index=cases.index, dtype="datetime64[ns]")


def cases_of(facts: Facts, dates: str) -> pd.DataFrame:
    """The known cases whose `dates` column lies in the month."""
    cases = facts.once(known_cases)
    return cases[_inside(facts, cases[dates])]


def _inside(facts: Facts, days: pd.Series) -> pd.Series:
    return days.between(pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day))


def open_cases(facts: Facts) -> pd.DataFrame:
    """The cases not closed by the month's end, as far as that is known: see `untold_cases`."""
    cases = facts.once(_not_closed)
    return cases[~cases.index.isin(facts.once(untold_cases).index)]


def untold_cases(facts: Facts) -> pd.DataFrame:
    """The cases of which nobody knows whether they are closed: open before, and their manager has not reported."""
    cases = facts.once(_not_closed)
    return cases[cases["manager_id"].isin(facts.once(known_now).missing.get("complaints", NOBODY))]


def _not_closed(facts: Facts) -> pd.DataFrame:
    """The cases that are not closed by the month's end for all that was reported."""
    cases = facts.once(known_cases)
    end = pd.Timestamp(facts.month.last_day)
    return cases[cases["resolved_on"].isna() | (cases["resolved_on"] > end)]


def is_overdue(open_rows: pd.DataFrame, facts: Facts) -> pd.Series:
    """Which of the open cases are overdue at the month's end: their last day in time is over, the month's last too."""
    return open_rows["due_on"] <= pd.Timestamp(facts.month.last_day)


def days_overdue(due_on: pd.Series, facts: Facts) -> pd.Series:
    """How many working days overdue cases are late at the month's end: 1 at least, as the day in time is over."""
    end = pd.Series(pd.Timestamp(facts.month.last_day), index=due_on.index)
    return working_days_to(due_on, end).clip(lower=1)


def working_days_to(starts: pd.Series, ends: pd.Series) -> pd.Series:
    """Working days after each start up to and with its end (Int64; missing where either is)."""
    pairs = pd.DataFrame({"start": starts, "end": ends})
    known = {pair: _span(*pair) for pair in pairs.dropna().drop_duplicates().itertuples(index=False, name=None)}
    days = [known.get(pair) for pair in pairs.itertuples(index=False, name=None)]
    return pd.Series(days, index=starts.index, dtype="Int64")


def _span(start: pd.Timestamp, end: pd.Timestamp) -> int:
    days: tuple[dt.date, dt.date] = (start.date(), end.date())
    return working_days_between(*days)


def repeated_cases(facts: Facts) -> pd.DataFrame:
    """The cases received in the month whose customer had another of the same category within the profile's
    `repeat_days` before; of two on one day the one with the greater number is the repeat."""
    cases = facts.once(known_cases).sort_values(["received_on", "complaint_no"])
    before = cases.groupby(["customer_id", "category"])["received_on"].shift()
    days = facts.profile.thresholds.get("repeat_days", REPEAT_DAYS)
    again = cases[(cases["received_on"] - before) <= pd.Timedelta(days=days)]
    return again[_inside(facts, again["received_on"])]
