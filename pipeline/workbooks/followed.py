"""What was planned before, and what became of it: part two of the manager's report."""

from collections.abc import Mapping
from typing import Any

from pipeline.base.frames import records
from pipeline.workbooks.blocks import Cell, Shown, Table, Tone
from pipeline.workbooks.details import choice_words, day, told_columns
from pipeline.workbooks.view import View, text
from schemas.form import Form, carried_forms

MOST_FOLLOWED = 6  # the part prints on one page
_LONG = {"problem": 24, "cause": 18, "countermeasure": 26}
# No heading may be one of the form's: the table for typing below is known by them when the report comes back.
_COLUMNS = ("problem", "cause", "countermeasure", "owner", "due_on", "outcome")


def followed_table(view: View) -> Table | None:
    """The measures that were open when the month began, with the causes given and how far they have come; None where
    there were none."""
    frame, forms = view.detail("followed_actions"), carried_forms(view.forms)
    if frame.empty or not forms:
        return None
    rows = tuple(_row(view, forms[0], one) for one in records(frame.head(MOST_FOLLOWED)))
    columns = told_columns(view, "followed", _COLUMNS, _LONG)
    left = len(frame) - len(rows)
    note = view.word("note.rows_left", shown=len(rows), left=left) if left else ""
    return Table("followed_actions", view.word("table.followed"), columns, rows, note=note)


def _row(view: View, form: Form, one: Mapping[Any, Any]) -> tuple[Cell, ...]:
    said = (text(one[name]) or None for name in ("problem", "cause", "countermeasure", "owner"))
    return (*said, day(one["due_on"]), _outcome(view, form, one))


def _outcome(view: View, form: Form, one: Mapping[Any, Any]) -> Shown:
    """Its state, with the day it was done; told where the manager has not said anything of it this month."""
    carried = form.traits.carried
    state = text(one["status"])
    word = choice_words(view, form.key, "status").get(state, state) or view.word("followed.no_state")
    if carried and state == carried.done:
        done = day(one["done_on"])
        return Shown(
            view.word("followed.done_on", state=word, day=done.isoformat()) if done else word, "", "green"
        )
    due = day(one["due_on"])
    tone: Tone = "red" if due is not None and due <= view.report.month.last_day else "plain"
    is_new = text(one["reported"]) == str(view.report.month)
    return Shown(word if is_new else view.word("followed.not_told", state=word), "", tone)
