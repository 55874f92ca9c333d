"""Lists of cases, column by column as people read them."""

from collections.abc import Iterable

import pandas as pd

from pipeline.subjects.complaints.timeline import timelines, waiting
from pipeline.workbooks.blocks import Cell, Column, Shown, Table, Tone
from pipeline.workbooks.details import day, detail_table, form_of, header, labels, numbers, unique_keys
from pipeline.workbooks.view import View, text

CASE_COLUMNS = (
    "state",
    "days_overdue",
    "complaint_no",
    "manager_id",
    "customer_id",
    "customer_name",
    "category",
    "product_id",
    "description",
    "handler",
    "timeline",
    "waits_for",
    "due_on",
)
# The timeline has the days of the others.
REPEATED_COLUMNS = (
    *(name for name in CASE_COLUMNS if name not in ("state", "days_overdue", "timeline", "waits_for", "due_on")),
    "received_on",
    "due_on",
    "resolved_on",
)
_LONG = {"description": 20, "timeline": 24, "waits_for": 13}
_WORKED_OUT = (
    "state",
    "days_overdue",
    "manager_id",
    "customer_name",
    "due_on",
    "timeline",
    "waits_for",
)  # what a case has beside the columns of its form


def case_table(view: View) -> Table:
    """The cases open at the month's end or received in it, the overdue ones first."""
    return view.once("complaint_cases", lambda: _listed_cases(view, "complaint_cases", CASE_COLUMNS))


def repeated_table(view: View) -> Table:
    """The month's repeated complaints: the same customer and category as not long before."""
    return view.once("repeated_cases", lambda: _listed_cases(view, "repeated_cases", REPEATED_COLUMNS))


def _listed_cases(view: View, name: str, columns: Iterable[str]) -> Table:
    """A list of cases, with those of its columns that the trade has; some are no column of the form, but worked
    out."""
    frame, form = view.detail(name), form_of(view, "complaints")
    names = [one for one in columns if one in _WORKED_OUT or one in form.dtypes]
    cells = [] if frame.empty else [_case_cells(view, one, frame) for one in names]
    keys = unique_keys(frame["complaint_no"]) if cells else ()
    return detail_table(view, name, [_case_column(view, one) for one in names], cells, keys)


def _case_column(view: View, name: str) -> Column:
    if name in _LONG:
        return Column(name, header(view, "complaints", name), "note", wrap=True, units=_LONG[name])
    style = "day" if name.endswith("_on") else "number0" if name == "days_overdue" else "text"
    return Column(name, header(view, "complaints", name), style)


def _case_cells(view: View, name: str, frame: pd.DataFrame) -> list[Cell]:
    """The cells of a column of a list of cases, as people read them."""
    if name.endswith("_on"):
        return [day(one) for one in frame[name].tolist()]
    if name == "days_overdue":
        return list(numbers(frame, name))
    if name == "timeline":
        return timelines(view, frame)
    if name == "waits_for":
        return waiting(view, frame)
    if name == "customer_name":
        return [text(one) or None for one in frame[name].tolist()] if name in frame else [None] * len(frame)
    if name == "manager_id":
        return _managers_of_cases(view, frame)
    if name == "state":
        tones: dict[str, Tone] = {"overdue": "red", "closed": "muted"}
        states = map(text, frame[name].tolist())
        return [Shown(view.word(f"case_state.{one}"), "", tones.get(one, "plain")) for one in states]
    return labels(view, "complaints", name, frame)


def _managers_of_cases(view: View, frame: pd.DataFrame) -> list[Cell]:
    """Who has each case, and whose it was before its customer moved."""
    now = [text(one) for one in frame["manager_id"].tolist()]
    before = (
        [text(one) for one in frame["manager_before"].tolist()] if "manager_before" in frame else [""] * len(now)
    )
    return [
        view.word(
            "detail.manager_and_before", manager=view.name("manager", one), before=view.name("manager", other)
        )
        if other
        else view.name("manager", one) or None
        for one, other in zip(now, before, strict=True)
    ]
