"""The workbook of pay: the month (or a longer period, with its months), the deferred accounts, their lots, what was
clawed back, and all months."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.base.frames import records
from pipeline.contract.report import Report
from pipeline.contract.titles import period_text
from pipeline.subjects.pay.money import CENTS
from pipeline.subjects.pay.of_month import COUNTED
from pipeline.workbooks.blocks import Cell, Column, Note, SheetPlan, Shown, Table, WorkbookPlan
from pipeline.workbooks.details import choice_words
from pipeline.workbooks.sheets import plan_sheet, plan_workbook
from pipeline.workbooks.view import View, number, text

WHO = ("region", "manager_id", "manager_name")
# The columns of each table with how they are shown; "cents" are shown in yuan and summed below the table.
PAY = {
    **dict.fromkeys(WHO, "text"), "role": "text", "pay_grade": "text", "days": "number0", "days_of_month": "number0",
    "base": "cents", "allowance": "cents", "unit": "number2", "score": "number_exact", "by_score": "cents",
    "by_products": "cents", "performance": "cents", "deferred": "cents", "released": "cents", "paid": "cents",
    "state": "text",
}  # fmt: skip
PERIOD_PAY = {
    **dict.fromkeys(WHO, "text"), "role": "text", "pay_grade": "text", "days": "number0", "days_of_months": "number0",
    **dict.fromkeys(
        ("base", "allowance", "by_score", "by_products", "performance", "deferred", "released", "paid"), "cents"
    ),
    "open_months": "text", "state": "text",
}  # fmt: skip
MONTHS = {"month": "text", **PAY}
_MOVES = dict.fromkeys(("opening", "added", "released", "clawed_back", "closing", "uncovered"), "cents")
ACCOUNTS = {**dict.fromkeys(WHO, "text"), **_MOVES, "open_months": "text"}
LEDGER = {"month": "text", **ACCOUNTS}
LOTS = {
    **dict.fromkeys(WHO, "text"), "earned": "text", "cents": "cents", "parts": "number0", "released": "cents",
    "clawed_back": "cents", "left": "cents", "ends": "text",
}  # fmt: skip
CLAW_BACKS = {
    "claw_back_no": "text", "month": "text", "counted_in": "text", **dict.fromkeys(WHO, "text"), "cents": "cents",
    "reason": "text",
}  # fmt: skip
_NOT_SUMMED = frozenset({"ledger", "months"})
_JOINED = ("role", "pay_grade")  # of a longer period those that somebody had, in order


def plan_pay(report: Report) -> WorkbookPlan:
    """The workbook of pay of a month or a longer period; see `papers.up_to` and `over_period.over` for its frames."""
    view = View(report)
    pay, longer = view.detail("pay"), report.span is not None
    notes = [*_missing(view), *_open(view, pay), Note(_method(view))]
    sheets = [
        _sheet(view, "pay", PERIOD_PAY if longer else PAY, notes),
        *([_sheet(view, "months", MONTHS, [])] if longer else []),
        _sheet(view, "accounts", ACCOUNTS, [Note(view.word("pay.note.accounts"))]),
        _sheet(view, "lots", LOTS, [Note(view.word("pay.note.lots"))]),
        _sheet(view, "claw_backs", CLAW_BACKS, [Note(view.word("pay.note.claw_backs"))]),
        _sheet(view, "ledger", LEDGER, []),
    ]
    title = view.word("pay.title", month=period_text(report.period, view.words))
    return plan_workbook(view, title, sheets, "pay")


def _sheet(view: View, name: str, columns: Mapping[str, str], notes: Iterable[Note]) -> SheetPlan:
    notes = list(notes)
    return plan_sheet(view, _key(name), [*notes[:-1], _table(view, name, columns), *notes[-1:]], freeze_columns=1)


def _key(name: str) -> str:
    return "pay" if name == "pay" else f"pay_{name}"


def _table(view: View, name: str, columns: Mapping[str, str]) -> Table:
    frame = _in_order(view.detail(name), name)
    made = [_column(view, key, style) for key, style in columns.items()]
    cells = [_cells(view, frame, key, style) for key, style in columns.items()]
    rows = tuple(zip(*cells, strict=True))
    total = () if name in _NOT_SUMMED or not rows else _total(view, frame, columns)
    title, empty = view.word(f"pay.table.{name}"), view.word("pay.empty")
    return Table(f"pay_{name}", title, tuple(made), rows, summary=total, empty=empty)


def _in_order(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """By region and manager; claw-backs as they come."""
    if name == "claw_backs" or frame.empty:
        return frame
    keys = ["region_id", "manager_id", *(one for one in ("month", "earned") if one in frame)]
    return frame.sort_values(keys, kind="stable", ignore_index=True, na_position="last")


def _column(view: View, key: str, style: str) -> Column:
    long = key == "reason"
    shown = "number2" if style == "cents" else "note" if long else style
    return Column(key, view.word(f"pay.column.{key}"), shown, wrap=long, units=26 if long else 0)


def _cells(view: View, frame: pd.DataFrame, key: str, style: str) -> list[Cell]:
    if key == "region":
        return [view.name("region", text(one)) or None for one in frame["region_id"].tolist()]
    values = frame[key].tolist() if key in frame else [None] * len(frame)
    if style == "cents":
        return [_yuan(one) for one in values]
    if style != "text":
        return [number(one) for one in values]
    return [_said(view, key, text(one)) for one in values]


def _said(view: View, key: str, value: str) -> Cell:
    """A text in the words of whoever reads it."""
    if not value:
        return None
    if key == "state":
        return Shown(view.word(f"pay.state.{value}"), "", "plain" if value == COUNTED else "red")
    if key == "earned" and value == "start":
        return view.word("pay.start")
    if key == "open_months":
        return value.replace(",", view.words.pick("、", ", "))
    if key in _JOINED:
        return " → ".join(_listed(view, key).get(one, one) for one in value.split(","))
    return value


def _listed(view: View, key: str) -> Mapping[str, str]:
    """The words of a list's entries, by key."""
    form = {"role": "managers", "pay_grade": "pay_terms"}[key]
    return choice_words(view, form, key)


def _yuan(cents: Any) -> float | None:
    """Yuan, exact to the cent; None where it is not known."""
    return None if cents is None or pd.isna(cents) else int(cents) / CENTS


def _total(view: View, frame: pd.DataFrame, columns: Mapping[str, str]) -> tuple[Cell, ...]:
    """Sums of what is known below the money; the note above says of whom it is not."""
    sums: list[Cell] = [
        _yuan(frame[key].astype("Int64").sum()) if style == "cents" else None for key, style in columns.items()
    ]
    return (view.word("total"), *sums[1:])


def _open(view: View, pay: pd.DataFrame) -> Sequence[Note]:
    """Of whom something is not known: it is in no sum."""
    names = [text(one["manager_name"]) for one in records(pay) if pd.isna(one["paid"])]
    if not names:
        return []
    joint = view.words.pick("、", ", ")
    return [Note(view.word("pay.note.open", count=len(names), names=joint.join(names)))]


def _missing(view: View) -> Sequence[Note]:
    """The months of a longer period of which nothing is in the ledger: they are in no sum."""
    months = [] if view.report.span is None else view.detail("missing")["month"].tolist()
    return [Note(view.word("pay.note.missing", months=view.words.pick("、", ", ").join(months)))] if months else []


def _method(view: View) -> str:
    by = view.report.settings.profile.pay.by
    return view.words.pick("", " ").join((view.word("pay.note.method"), view.word(f"pay.note.by_{by}")))


PLANS = {"pay": plan_pay}
