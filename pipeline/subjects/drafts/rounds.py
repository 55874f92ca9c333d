"""Drafts as the month has them: where each stands at its end, and how those accepted in it got there."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.figures.known import NOBODY, known_now
from pipeline.figures.known_cases import known_cases_of
from schemas.drafts import ACCEPTED
from schemas.form import Case

FORM = "drafts"


def rounds_known(facts: Facts) -> pd.DataFrame:
    """Each round that this month or one looked back on knows, as it stood last, of the managers who have told: what has
    become of the others' drafts nobody knows. Columns of the form and source columns."""
    known = known_cases_of(facts, FORM)
    return known[~known["manager_id"].isin(facts.once(known_now).missing.get(FORM, NOBODY))]


def drafts_of_month(facts: Facts) -> pd.DataFrame:
    """One row per draft that is open at the month's end, or was written, decided or given up in the month: its newest
    round, with `first_made_on`, the day of its first round (missing where nobody has told of that one)."""
    known, case = facts.once(rounds_known), case_of(facts)
    here = known[known[case.number].isin(facts.frame(FORM)[case.number])]
    newest: pd.DataFrame = here[case.is_newest(here)]
    return newest.assign(first_made_on=first_days(known).reindex(newest[case.number]).to_numpy())


def accepted_in_month(facts: Facts) -> pd.DataFrame:
    """One row per draft accepted in the month: `drafts_of_month`, with `days` from its first round to acceptance."""
    drafts = facts.once(drafts_of_month)
    days = pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day)
    accepted = drafts[(drafts["state"] == ACCEPTED) & drafts["decided_on"].between(*days)]
    return accepted.assign(days=(accepted["decided_on"] - accepted["first_made_on"]).dt.days.astype("float64"))


def first_days(rounds: pd.DataFrame) -> pd.Series:
    """The day of each draft's first round, by draft_no."""
    first = rounds[rounds["round"] == 1]
    return first.set_index("draft_no")["made_on"]


def in_hand(facts: Facts) -> pd.DataFrame:
    """The drafts that are open at the month's end: neither accepted nor given up."""
    drafts = facts.once(drafts_of_month)
    return drafts[~case_of(facts).is_closed(drafts)]


def case_of(facts: Facts) -> Case:
    """What makes drafts cases; raises KeyError where the trade has no such form."""
    case = facts.profile.forms[FORM].traits.case
    assert case is not None
    return case
