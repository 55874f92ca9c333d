"""Figures of complaints (domain.md section 4)."""

from collections.abc import Iterable

import pandas as pd

from pipeline.figures.cases import cases_of
from pipeline.figures.catalogue import declares
from pipeline.figures.declare import Figure
from pipeline.figures.facts import Facts
from schemas.profile import Profile


def received(facts: Facts) -> pd.Series:
    """Cases received in the month, by manager."""
    return _count(cases_of(facts, "received_on"))


def due(facts: Facts) -> pd.Series:
    """Cases whose limit ended in the month, by manager."""
    return _count(cases_of(facts, "due_on"))


def closed_on_time(facts: Facts) -> pd.Series:
    """Of the cases due in the month, those closed by their due date, by manager."""
    cases = cases_of(facts, "due_on")
    return _count(cases[cases["resolved_on"] <= cases["due_on"]])


def _count(cases: pd.DataFrame) -> pd.Series:
    return cases.groupby("manager_id").size()


@declares
def complaint_figures(profile: Profile) -> Iterable[Figure]:
    limits = _limits(profile)
    yield Figure(
        "complaints", "投诉件数", "Complaints", "件", "complaints",
        "当月受理的投诉、诉求和建议件数。",
        "Cases received in the month.",
        ("complaints",), received, better="lower",
    )  # fmt: skip
    yield Figure(
        "on_time_rate", "办结及时率", "Resolved on time", "%", "complaints",
        f"当月到期的件中,在时限内办结的件数÷当月到期件数。时限(受理次日起的工作日):{limits[0]}。",
        "Of the cases whose limit ended in the month, those closed within it ÷ cases due. "
        f"Limits in working days after receipt: {limits[1]}.",
        ("complaints",), closed_on_time, due, scale=100, decimals=1,
    )  # fmt: skip


def _limits(profile: Profile) -> tuple[str, str]:
    """The limits in both languages, as the glossary gives them."""
    from schemas.complaints import CATEGORIES

    limits = [(one, profile.complaint_working_days.get(one.key)) for one in CATEGORIES]
    known = [(one, days) for one, days in limits if days is not None]
    zh = "、".join(f"{one.zh}{days}日" for one, days in known)
    return zh, ", ".join(f"{one.en.lower()} {days}" for one, days in known)
