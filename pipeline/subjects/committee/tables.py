"""Tables of the committee's list: what is to be looked at, one by one, and problems of which there are many."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.base.frames import records
from pipeline.subjects.committee.agenda import NEEDS, ORDERS
from pipeline.workbooks.blocks import Cell, Column, Table
from pipeline.workbooks.details import choice_words, day, unique_keys
from pipeline.workbooks.view import View, number, text
from schemas.complaints import NOT_ESCALATED
from schemas.in_use import has_column

AGENDA, TYPICAL = "committee_agenda", "typical_problems"
_WIDE = {
    "description": 22.0,
    "decision": 22.0,
    "reasons": 12.0,
    "departments": 12.0,
    "prevention": 40.0,
    "what": 24.0,
}
_STYLES = {"since": "day", **dict.fromkeys(("days_overdue", "times", "cases", "regions"), "number0")}
AGENDA_COLUMNS = (
    "number", "item", "customer_name", "category", "description", "reasons", "escalation", "days_overdue", "times",
    "departments", "owner", "since", "decision", "decided",
)  # fmt: skip
TYPICAL_COLUMNS = ("item", "category", "what", "cases", "regions", "prevention")
Row = Mapping[str, Any]


def agenda_table(view: View) -> Table:
    """What stands on the list, the longest first; words where nothing does."""
    rows = list(records(view.detail(AGENDA))) if len(view.detail(AGENDA)) else []
    return _table(view, AGENDA, AGENDA_COLUMNS, rows, "number")


def typical_table(view: View) -> Table | None:
    """Problems of which there are as many as make them typical; None where there are none."""
    frame = view.detail(TYPICAL)
    return None if frame.empty else _table(view, TYPICAL, TYPICAL_COLUMNS, list(records(frame)), "")


def _table(view: View, name: str, columns: tuple[str, ...], rows: Sequence[Row], key: str) -> Table:
    made = tuple(
        Column(
            one,
            view.word(f"detail.{name}.{one}"),
            _STYLES.get(one, "note" if one in _WIDE else "text"),
            wrap=one in _WIDE,
            units=_WIDE.get(one, 0),
        )
        for one in columns
    )
    cells = tuple(tuple(_cell(view, row, one) for one in columns) for row in rows)
    keys = unique_keys(row[key] for row in rows) if key else ()
    return Table(
        f"detail_{name}", view.word(f"detail_table.{name}"), made, cells, keys, empty=view.word("empty.committee")
    )


def _cell(view: View, row: Row, name: str) -> Cell:
    """A value as it is shown; who has no other owner is its manager's."""
    value = row[name]
    if name in _STYLES:
        return day(value) if name == "since" else number(value)
    told = text(value)
    if name == "owner":
        return told or view.name("manager", text(row["manager_id"])) or None
    if name == "reasons":
        return _joined(view, [view.word(f"code.agenda_reason.{one}") for one in told.split(",") if one])
    if name == "departments":
        return _joined(view, [_choice(view, ORDERS, "department", one) for one in told.split(",") if one])
    if name == "item":
        return view.word(f"code.agenda_item.{told}")
    if name == "category":
        form, column = (ORDERS, "category") if row["item"] == "order" else (NEEDS, "topic")
        return _choice(view, form, column, told) or None
    if name == "escalation":
        return None if told == NOT_ESCALATED else _choice(view, ORDERS, "escalation", told) or None
    return told or None


def _joined(view: View, words: list[str]) -> str | None:
    return view.words.pick("、", ", ").join(words) or None


def _choice(view: View, form: str, column: str, key: str) -> str:
    """A code in the words of its list."""
    known = choice_words(view, form, column) if has_column(f"{form}.{column}", view.forms) else {}
    return known.get(key, key)
