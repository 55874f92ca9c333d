"""How each department, and each engineer, stands with its orders, from their list."""

from collections.abc import Sequence

import pandas as pd

from pipeline.subjects.orders.cases import FORM
from pipeline.workbooks.blocks import Cell, Column, Shown, Table
from pipeline.workbooks.details import choice_words, detail_table
from pipeline.workbooks.view import View, settled, text

_COUNTS = ("received", "passed", "due", "on_time")
_LATE = ("open", "overdue")
_SUMS = (*_COUNTS, *_LATE, "answered", "satisfied")


def department_table(view: View) -> Table:
    """One row a department that orders were given to: received in the month, passed on of these, due, closed in time,
    the rate, median working days of those closed in it, open and overdue. The most overdue first."""
    frame = _standing(view, ["given_to"])
    columns = [Column("given_to", view.word("detail.given_to"))]
    columns += [Column(name, _word(view, name), "number0") for name in _COUNTS]
    columns += [Column("rate", _word(view, "rate"), "percent1"), Column("days", _word(view, "days"), "number1")]
    columns += [Column(name, _word(view, name), "number0") for name in _LATE]
    cells: list[Sequence[Cell]] = []
    if not frame.empty:
        cells = [_departments(view, frame), *_numbers(frame, _COUNTS), _rates(frame, "on_time", "due")]
        cells += [_floats(frame, "days"), *_late(frame)]
    return detail_table(view, "orders_by_department", columns, cells)


def engineer_table(view: View) -> Table:
    """One row an engineer: department, received in the month, due, closed in time, the rate, open and overdue, how many
    customers answered and are satisfied, the departments' mean rating. The most overdue first."""
    frame = _standing(view, ["engineer_id", "engineer_name", "given_to"])
    frame = frame[frame["engineer_id"] != ""] if "engineer_id" in frame else frame
    counts = ("received", "due", "on_time")
    columns = [Column("engineer_name", view.word("detail.engineer_name"))]
    columns += [Column("given_to", _word(view, "department"))]
    columns += [Column(name, _word(view, name), "number0") for name in counts]
    columns += [Column("rate", _word(view, "rate"), "percent1")]
    columns += [Column(name, _word(view, name), "number0") for name in _LATE]
    columns += [
        Column("satisfied", _word(view, "satisfied"), "percent1"),
        Column("rating", _word(view, "rating"), "number2"),
    ]
    cells: list[Sequence[Cell]] = []
    if not frame.empty:
        cells = [
            [text(one) for one in frame["engineer_name"]],
            _departments(view, frame),
            *_numbers(frame, counts),
        ]
        cells += [_rates(frame, "on_time", "due"), *_late(frame), _rates(frame, "satisfied", "answered")]
        cells += [_floats(frame, "rating")]
    return detail_table(view, "orders_by_engineer", columns, cells)


def _word(view: View, name: str) -> str:
    return view.word(f"detail.orders_by_department.{name}")


def _standing(view: View, keys: list[str]) -> pd.DataFrame:
    """The orders of those who have reported, counted by some columns ("" where one is not known), with `days`, the
    median of those closed in the month, and `rating`, the mean of theirs; the most overdue first."""
    orders = view.detail("service_orders")
    if orders.empty:
        return pd.DataFrame()
    known = orders[orders["order_state"] != "unknown"]
    named = known[keys].astype("str").fillna("")
    happy = known["satisfied"].fillna(False).astype(bool)
    counted = pd.DataFrame(
        {
            "received": known["is_received"],
            "passed": known["is_received"] & known["passed_on"].fillna(False).astype(bool),
            "due": known["is_due"],
            "on_time": known["is_on_time"],
            "open": known["order_state"].isin(["open", "overdue"]),
            "overdue": known["order_state"] == "overdue",
            "answered": known["is_answered"],
            "satisfied": known["is_answered"] & happy,
        }
    ).astype(dict.fromkeys(_SUMS, "int64"))
    closed = known["is_closed"].fillna(False).astype(bool)
    values = {"days": known["days"], "rating": known["department_rating"]}
    of_closed = pd.DataFrame({name: one.astype("float64").where(closed) for name, one in values.items()})
    by_key = pd.concat([named, counted, of_closed], axis=1).groupby(keys)
    told = by_key[list(_SUMS)].sum().assign(days=by_key["days"].median(), rating=by_key["rating"].mean())
    order = ["overdue", "received", *keys]
    return told.reset_index().sort_values(order, ascending=[False, False, *[True] * len(keys)], ignore_index=True)


def _departments(view: View, frame: pd.DataFrame) -> list[Cell]:
    words = choice_words(view, FORM, "department")
    return [words.get(one, one) or _word(view, "nobody") for one in map(text, frame["given_to"])]


def _numbers(frame: pd.DataFrame, names: Sequence[str]) -> list[Sequence[Cell]]:
    return [[int(one) for one in frame[name]] for name in names]


def _rates(frame: pd.DataFrame, above: str, below: str) -> list[Cell]:
    pairs = zip(frame[above].tolist(), frame[below].tolist(), strict=True)
    return [100 * done / of if of else None for done, of in pairs]


def _floats(frame: pd.DataFrame, name: str) -> list[Cell]:
    return [None if pd.isna(one) else settled(float(one)) for one in frame[name]]


def _late(frame: pd.DataFrame) -> list[Sequence[Cell]]:
    """What is open, and what of it is overdue, in red."""
    return [
        [Shown(float(one), "", "red" if name == "overdue" and one else "plain") for one in frame[name]]
        for name in _LATE
    ]
