"""The course of cases in words: each step with its day, and what waits for whom."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.base.frames import records
from pipeline.subjects.complaints.course import COLUMNS, NOT_CONFIRMED, NOTHING, SENT_BACK, STEPS
from pipeline.workbooks.blocks import Cell, Shown
from pipeline.workbooks.details import choice_words, day
from pipeline.workbooks.view import View, text
from schemas.decisions import FORM as DECISIONS

FORM = "complaints"


def timelines(view: View, cases: pd.DataFrame) -> list[Cell]:
    """The steps that each case has made, in their order."""
    return [_timeline(view, one) or None for one in records(cases)]


def _timeline(view: View, case: Mapping[str, Any]) -> str:
    made = [said for step in STEPS if (said := _step(view, case, step))]
    return view.words.pick("→", " → ").join(made)


def _step(view: View, case: Mapping[str, Any], step: str) -> str:
    value = case.get(COLUMNS[step])
    by_region = step == "decided" and case.get("decided_by_region") is True
    if (value is None or pd.isna(value)) and not by_region:
        return ""
    if step == "confirmed":
        return view.word(f"case_step.confirmed_{bool(value)}")
    on = None if value is None or pd.isna(value) else day(value)
    return view.word(f"case_step.{step}", day=_short(view, on), more=_more(view, case, step))


def _more(view: View, case: Mapping[str, Any], step: str) -> str:
    """What stands behind a step: how much was brought back, how it was decided, how it was settled."""
    if step == "signed":
        brought = case.get("returned_qty")
        return (
            "" if brought is None or pd.isna(brought) else view.word("case_step.returned", quantity=int(brought))
        )
    column = {"decided": "decision", "resolved": "action"}.get(step, "")
    said = text(case.get(column)) if column else ""
    words = choice_words(view, FORM, column) if said else {}
    if step == "decided" and case.get("decided_by_region") is True:
        return view.word("case_step.more", said=_by_region(view, said, text(case.get("decision_remark"))))
    return view.word("case_step.more", said=words.get(said, said)) if said else ""


def _by_region(view: View, decision: str, remark: str) -> str:
    """Who decided, what, and with which words."""
    words = choice_words(view, DECISIONS, "decision")
    told = view.words.pick("，", ", ").join(one for one in (words.get(decision, decision), remark) if one)
    return view.word("case_step.by_region", leader=_leader(view), said=told)


def _leader(view: View) -> str:
    column = view.forms["regions"].column("regional_manager")
    return view.words.pick(column.zh, column.en)


def _short(view: View, on: dt.date | None) -> str:
    return "" if on is None else view.word("case_step.day", month=on.month, day=on.day)


def waiting(view: View, cases: pd.DataFrame) -> list[Cell]:
    """What each case waits for and of whom; what waits for the department says which."""
    return [_waiting(view, one) for one in records(cases)]


def _waiting(view: View, case: Mapping[str, Any]) -> Cell:
    step = text(case.get("waits_for"))
    if step in ("", NOTHING):
        return None
    department = text(case.get("department"))
    names = choice_words(view, FORM, "department") if department else {}
    who = names.get(department, department) or view.word("case_waits.department")
    said = view.word(f"case_waits.{step}", department=who, leader=_leader(view))
    return Shown(said, "", "red") if step in (NOT_CONFIRMED, SENT_BACK) else said
