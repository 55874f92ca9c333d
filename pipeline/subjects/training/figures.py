"""Figures of training (trades.md section 1): courses taken, credits, and how far they are of what the year asks.

A year's credits are asked by calendar days: of a manager in office for the whole of a month, target × its days ÷ days
of the year. So the sums over the year to date are the credits in the year against target × days gone ÷ days. Days
before the first month that an office reports are gone, too; those of a month in which a manager reported nothing are
not asked.
"""

import calendar
from collections.abc import Iterable

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.contract.master_data import managers_in_office
from pipeline.figures.catalogue import declares
from pipeline.figures.known import told_by
from schemas.profile import Profile

FORM = "training"
TARGET = "training_credits"  # threshold: credits of a manager in a year


def sessions(facts: Facts) -> pd.Series:
    """Courses taken, by manager."""
    return facts.frame(FORM).groupby("manager_id").size()


def credits(facts: Facts) -> pd.Series:
    """Credits of the courses that were not failed, by manager."""
    rows = facts.frame(FORM)
    failed = ~rows["passed"].fillna(True).astype(bool)
    return rows["credits"].mask(failed, 0.0).groupby(rows["manager_id"]).sum()


def credits_asked(facts: Facts) -> pd.Series:
    """The month's part of the credits that the year asks, of each manager in office, by the days of it."""
    return _asked(facts, facts.month)


def asked_from_new_year(facts: Facts) -> pd.Series:
    """The same from 1 January to the month's end, of each manager in office in the month."""
    return _asked(facts, Month(facts.month.year, 1))


def _asked(facts: Facts, since: Month) -> pd.Series:
    first, last = pd.Timestamp(since.first_day), pd.Timestamp(facts.month.last_day)
    office = managers_in_office(facts.master("managers"), facts.month)
    start = office["started_on"].where(office["started_on"] > first, first)
    end = office["left_on"].where(office["left_on"] < last, last)
    days = (end - start).dt.days + 1
    asked = facts.profile.thresholds[TARGET] * days / (366 if calendar.isleap(facts.month.year) else 365)
    return pd.Series(asked.to_numpy(dtype="float64"), index=office["manager_id"].astype("str"))


@declares
def training_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of training (培训). Where nobody owes the form, who sends what is owed and not this one took no
    course; of who sends nothing at all nothing is known."""
    known_by = told_by(FORM, profile)
    yield Figure(
        "training_sessions", "培训次数", "Courses taken", "次", "training",
        "当月参加的培训次数。", "Courses taken in the month.", (FORM,), sessions, known_by=known_by,
    )  # fmt: skip
    yield Figure(
        "training_credits", "培训学分", "Credits", "分", "training",
        "当月取得的学分；考核未通过的不计。", "Credits earned in the month; none for a course that was not passed.",
        (FORM,), credits, decimals=1, known_by=known_by,
    )  # fmt: skip
    target = profile.thresholds.get(TARGET)
    if target is not None:
        yield Figure(
            "training_progress", "学分进度", "Credits so far", "%", "training",
            f"学分÷应得学分；应得学分为每年{target:g}分按在岗日历天数折算，累计为本年学分÷（{target:g}×已过天数÷全年天数）。",
            f"Credits ÷ credits asked: {target:g} a year, by calendar days in office; over the year, credits in the "
            f"year ÷ ({target:g} × days gone ÷ days of the year).",
            (FORM,), credits, credits_asked, scale=100, decimals=1, known_by=known_by,
            from_new_year=asked_from_new_year,
        )  # fmt: skip
