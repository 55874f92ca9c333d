"""How each department stands, from the list of cases."""

from collections.abc import Sequence

import pandas as pd

from pipeline.workbooks.blocks import Cell, Column, Shown, Table
from pipeline.workbooks.details import detail_table, labels
from pipeline.workbooks.view import View, number

_COUNTS = ("received", "open", "overdue", "longest_overdue")


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
