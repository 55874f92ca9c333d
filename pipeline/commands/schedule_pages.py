"""The pages of a manager's week: a page a day, with its heading, what is to be done by then, and whom to visit."""

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from pipeline.ledger.issued_plans import IssuedPlan
from pipeline.templates.plan import Manager
from pipeline.templates.visit_book import BookPage, BookVisit
from pipeline.words import Words

MOST_ACTIONS = 3  # at the head of a page; the others are counted


def pages_of(
    plan: IssuedPlan, manager: Manager, visits: pd.DataFrame, actions: Sequence[str], words: Words
) -> list[BookPage]:
    """A page a working day, and one each for other days on which somebody is due.

    Args:
        visits: of the plan, in the order to go: due_on, customer_id, customer_name, told.
        actions: what the manager has to do by the end of the week.
    """
    due = {day.date(): visits[visits["due_on"] == day] for day in visits["due_on"].drop_duplicates()}
    days = sorted({*plan.week.working_days, *due})
    notes = _notes(actions, words)
    return [
        BookPage(day, _heading(day, plan, manager, len(due.get(day, ())), words), notes, _lines(due.get(day)))
        for day in days
    ]


def _heading(day: dt.date, plan: IssuedPlan, manager: Manager, visits: int, words: Words) -> str:
    weekday = words(f"schedule.weekday.{day.isoweekday()}")
    return words(
        "schedule.book.day", day=day, weekday=weekday, manager_id=manager.id, manager_name=manager.name,
        visits=visits, week=plan.week.number, year=plan.week.year, edition=plan.standing.number,
    )  # fmt: skip


def _lines(rows: pd.DataFrame | None) -> tuple[BookVisit, ...]:
    if rows is None:
        return ()
    columns = zip(rows["customer_id"], rows["customer_name"], rows["told"], strict=True)
    return tuple(BookVisit(str(one), str(name), str(told)) for one, name, told in columns)


def _notes(actions: Sequence[str], words: Words) -> tuple[str, ...]:
    shown = tuple(actions[:MOST_ACTIONS])
    more = len(actions) - len(shown)
    return (*shown, words("schedule.more_actions", more=more)) if more else shown
