"""Tables of cases beside their list: those that came again, and how each department stands."""

from collections.abc import Sequence

import pandas as pd

from pipeline.subjects.complaints.case_table import CASE_COLUMNS, case_cells, case_column, case_columns
from pipeline.workbooks.blocks import Cell, Column, Shown, Table
from pipeline.workbooks.details import detail_table, labels, unique_keys
from pipeline.workbooks.view import View, number

REPEATED_COLUMNS = tuple(name for name in CASE_COLUMNS if name not in ("state", "days_overdue"))
_COUNTS = ("received", "open", "overdue", "longest_overdue")


def repeated_table(view: View) -> Table:
    """The month's repeated complaints: the same customer and category as not long before."""
    return view.once("repeated_cases", lambda: _repeated_table(view))


def _repeated_table(view: View) -> Table:
    frame = view.detail("repeated_cases")
    names = case_columns(view, REPEATED_COLUMNS)
    columns = [case_column(view, name) for name in names]
    cells = [] if frame.empty else [case_cells(view, name, frame) for name in names]
    keys = unique_keys(frame["complaint_no"]) if cells else ()
    return detail_table(view, "repeated_cases", columns, cells, keys)


def department_table(view: View) -> Table:
    """One row a department, from the list of cases: received in the month, open at its end, overdue (cases), and
    the longest overdue (working days). The most overdue first."""
    frame = _by_department(view)
    columns = [Column("department", view.word("detail.complaints.department"))]
    columns += [Column(name, view.word(f"detail.{name}"), "number0", bar=name == "received") for name in _COUNTS]
    cells: list[Sequence[Cell]] = []
    if not frame.empty:
        cells.append(
            [one or view.word("detail.no_department") for one in labels(view, "complaints", "department", frame)]
        )
        cells += [[_count(name, number(one)) for one in frame[name].tolist()] for name in _COUNTS]
    return detail_table(view, "complaints_by_department", columns, cells)


def _by_department(view: View) -> pd.DataFrame:
    cases = view.detail("complaint_cases")
    if cases.empty:
        return pd.DataFrame()
    month = view.report.month
    counted = pd.DataFrame(
        {
            "department": cases["department"].astype("str").where(cases["department"].notna(), ""),
            "received": cases["received_on"].between(pd.Timestamp(month.first_day), pd.Timestamp(month.last_day)),
            "open": cases["state"].isin(["open", "overdue"]),
            "overdue": cases["state"] == "overdue",
            "longest_overdue": cases["days_overdue"].astype("float64"),
        }
    )
    grouped = counted.groupby("department", as_index=False).agg(
        {"received": "sum", "open": "sum", "overdue": "sum", "longest_overdue": "max"}
    )
    order = ["overdue", "open", "received", "department"]
    return grouped.sort_values(order, ascending=[False, False, False, True], ignore_index=True)


def _count(name: str, value: float | None) -> Shown:
    return Shown(value, "", "red" if name == "overdue" and value else "plain")
