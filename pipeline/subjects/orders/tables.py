"""How each department stands with its orders, from their list; and each engineer, from the figures."""

from collections.abc import Sequence

import pandas as pd

from pipeline.subjects.orders.cases import FORM
from pipeline.workbooks.blocks import Cell, Column, Shown, Table
from pipeline.workbooks.details import choice_words, detail_table
from pipeline.workbooks.figure_tables import entity_table
from pipeline.workbooks.view import View, settled, text

_COUNTS = ("received", "passed", "due", "on_time")
_LATE = ("open", "overdue")
ENGINEER = "engineer"


def department_table(view: View) -> Table:
    """One row a department that orders were given to: received in the month, passed on of these, due, closed in time,
    the rate, median working days of those closed in it, open and overdue. The most overdue first."""
    frame = _by_department(view)
    columns = [Column("given_to", view.word("detail.given_to"))]
    columns += [Column(name, view.word(f"detail.orders_by_department.{name}"), "number0") for name in _COUNTS]
    columns += [
        Column("rate", view.word("detail.orders_by_department.rate"), "percent1"),
        Column("days", view.word("detail.orders_by_department.days"), "number1"),
    ]
    columns += [Column(name, view.word(f"detail.orders_by_department.{name}"), "number0") for name in _LATE]
    return detail_table(view, "orders_by_department", columns, _cells(view, frame))


def _by_department(view: View) -> pd.DataFrame:
    orders = view.detail("service_orders")
    if orders.empty:
        return pd.DataFrame()
    known = orders[orders["order_state"] != "unknown"]
    given = known["given_to"].astype("str")
    counted = pd.DataFrame(
        {
            "given_to": given.where(given.notna(), ""),
            "received": known["is_received"],
            "passed": known["is_received"] & known["passed_on"].fillna(False).astype(bool),
            "due": known["is_due"],
            "on_time": known["is_on_time"],
            "open": known["order_state"].isin(["open", "overdue"]),
            "overdue": known["order_state"] == "overdue",
        }
    ).astype(dict.fromkeys((*_COUNTS, *_LATE), "int64"))
    grouped = counted.groupby("given_to").sum()
    closed = known[known["is_closed"].fillna(False).astype(bool)]
    whose = counted.loc[closed.index, "given_to"]
    days = closed["days"].astype("float64").groupby(whose).median()
    told = grouped.assign(days=days).reset_index()
    order = ["overdue", "received", "given_to"]
    return told.sort_values(order, ascending=[False, False, True], ignore_index=True)


def _cells(view: View, frame: pd.DataFrame) -> list[Sequence[Cell]]:
    if frame.empty:
        return []
    words = choice_words(view, FORM, "department")
    names = [
        words.get(one, one) or view.word("detail.orders_by_department.nobody")
        for one in map(text, frame["given_to"])
    ]
    counts: list[Sequence[Cell]] = [[int(one) for one in frame[name]] for name in _COUNTS]
    pairs = zip(frame["on_time"].tolist(), frame["due"].tolist(), strict=True)
    rates: list[Cell] = [100 * done / due if due else None for done, due in pairs]
    days: list[Cell] = [None if pd.isna(one) else settled(float(one)) for one in frame["days"]]
    late: list[Sequence[Cell]] = [
        [Shown(float(one), "", "red" if name == "overdue" and one else "plain") for one in frame[name]]
        for name in _LATE
    ]
    return [names, *counts, rates, days, *late]


def engineer_table(view: View) -> Table | None:
    """One row an engineer, a column a figure told of engineers; None where the trade has no such level, or nobody of
    it is told of here."""
    profile = view.report.settings.profile
    if ENGINEER not in profile.entities or not view.entities(ENGINEER):
        return None
    figures = view.those_of(profile.entities[ENGINEER].figures)
    return entity_table(view, "orders_engineers", view.word("table.orders_engineers"), figures, ENGINEER)
