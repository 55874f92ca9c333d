"""The list of cases, column by column as people read it."""

from collections.abc import Iterable

import pandas as pd

from pipeline.workbooks.blocks import Cell, Column, Shown, Table, Tone
from pipeline.workbooks.details import day, detail_table, header, labels, numbers, unique_keys
from pipeline.workbooks.view import View, text

CASE_COLUMNS = (
    "state",
    "days_overdue",
    "complaint_no",
    "manager_id",
    "customer_id",
    "category",
    "product_id",
    "description",
    "department",
    "handler",
    "received_on",
    "due_on",
    "resolved_on",
)
_WORKED_OUT = ("state", "days_overdue", "manager_id", "due_on")  # what a case has beside the columns of its form


def case_table(view: View) -> Table:
    """The cases open at the month's end or received in it, the overdue ones first."""
    return view.once("complaint_cases", lambda: _case_table(view))


def _case_table(view: View) -> Table:
    frame = view.detail("complaint_cases")
    names = case_columns(view, CASE_COLUMNS)
    columns = [case_column(view, name) for name in names]
    cells = [] if frame.empty else [case_cells(view, name, frame) for name in names]
    keys = unique_keys(frame["complaint_no"]) if cells else ()
    return detail_table(view, "complaint_cases", columns, cells, keys)


def case_columns(view: View, names: Iterable[str]) -> list[str]:
    """Of the columns of a list of cases those that the trade has; some are no column of the form, but worked out."""
    form = view.forms["complaints"]
    return [name for name in names if name in _WORKED_OUT or name in form.dtypes]


def case_column(view: View, name: str) -> Column:
    """A column of a list of cases."""
    if name == "description":
        return Column(name, header(view, "complaints", name), "note", wrap=True, units=26)
    style = "day" if name.endswith("_on") else "number0" if name == "days_overdue" else "text"
    return Column(name, header(view, "complaints", name), style)


def case_cells(view: View, name: str, frame: pd.DataFrame) -> list[Cell]:
    """The cells of a column of a list of cases, as people read them."""
    if name.endswith("_on"):
        return [day(one) for one in frame[name].tolist()]
    if name == "days_overdue":
        return list(numbers(frame, name))
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
