"""Figures of leads (trades.md section 1)."""

from collections.abc import Iterable

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.figures.known import told_by
from pipeline.subjects.leads.cases import FORM, leads_with, open_leads
from schemas.profile import Profile


def seen(facts: Facts) -> pd.Series:
    """Leads seen in the month, by manager."""
    return _count(leads_with(facts, "seen_on"))


def due(facts: Facts) -> pd.Series:
    """Leads whose last day to be reported at once fell in the month, by manager."""
    return _count(leads_with(facts, "due_on"))


def at_once(facts: Facts) -> pd.Series:
    """Of these, those reported by that day, by manager."""
    rows = leads_with(facts, "due_on")
    return _count(rows[rows["reported_on"] <= rows["due_on"]])


def passed(facts: Facts) -> pd.Series:
    """Leads passed on to law enforcement in the month, by manager."""
    return _count(leads_with(facts, "passed_on"))


def closed(facts: Facts) -> pd.Series:
    """Leads closed in the month, by manager."""
    return _count(leads_with(facts, "closed_on"))


def still_open(facts: Facts) -> pd.Series:
    """Leads not closed by the month's end, by manager."""
    return _count(facts.once(open_leads))


def _count(leads: pd.DataFrame) -> pd.Series:
    return leads.groupby("manager_id").size()


@declares
def lead_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of leads (无证经营线索)."""
    told = told_by(FORM, profile)
    yield Figure(
        "leads", "无证经营线索", "Leads", "个", FORM,
        "当月发现的无证经营线索数（按发现日期）。", "Leads to trading without a licence seen in the month.",
        (FORM,), seen, better="neither", known_by=told,
    )  # fmt: skip
    yield Figure(
        "leads_at_once_rate", "线索立即上报率", "Leads reported at once", "%", FORM,
        "上报时限（发现后一个工作日，节假日、调休照日历）在当月的线索中，时限内上报区域市场经理的÷全部。",
        "Of the leads whose last day to be reported at once (one working day after they were seen, holidays and "
        "make-up days by the calendar) fell in the month, those reported by then ÷ all of them.",
        (FORM,), at_once, due, scale=100, decimals=1, known_by=told,
    )  # fmt: skip
    yield Figure(
        "leads_passed_on", "移送专卖线索", "Leads passed on", "个", FORM,
        "当月移送专卖部门的线索数（按移送日期）。", "Leads passed on to law enforcement in the month.",
        (FORM,), passed, known_by=told,
    )  # fmt: skip
    yield Figure(
        "leads_closed", "办结线索", "Leads closed", "个", FORM,
        "当月办结的线索数（按办结日期，不论何时发现）。", "Leads closed in the month, whenever they were seen.",
        (FORM,), closed, known_by=told,
    )  # fmt: skip
    yield Figure(
        "leads_open", "月末未办结线索", "Leads open", "个", FORM,
        "月末仍未办结的线索数。", "Leads not closed by the month's end.",
        (FORM,), still_open, better="lower", over_time="last", known_by=told,
    )  # fmt: skip
