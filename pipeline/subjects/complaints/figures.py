"""Figures of complaints (domain.md section 4)."""

from collections.abc import Iterable

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.subjects.complaints.cases import (
    REPEAT_DAYS,
    cases_of,
    is_overdue,
    open_cases,
    repeated_cases,
    working_days_to,
)
from schemas.complaints import CATEGORIES
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


def still_open(facts: Facts) -> pd.Series:
    """Cases open at the month's end, by manager."""
    return _count(facts.once(open_cases))


def overdue(facts: Facts) -> pd.Series:
    """Cases open at the month's end whose limit had ended by then, by manager."""
    cases = facts.once(open_cases)
    return _count(cases[is_overdue(cases, facts)])


def repeats(facts: Facts) -> pd.Series:
    """Cases received in the month whose customer had one of the same category in the days before, by manager."""
    return _count(repeated_cases(facts))


def closed(facts: Facts) -> pd.Series:
    """Cases closed in the month, by manager."""
    return _count(cases_of(facts, "resolved_on"))


def replied(facts: Facts) -> pd.Series:
    """Of the cases closed in the month, those with a reply to the customer by its end, by manager."""
    cases = cases_of(facts, "resolved_on")
    return _count(cases[cases["replied_on"] <= pd.Timestamp(facts.month.last_day)])


def days_to_close(facts: Facts) -> pd.Series:
    """Working days from receipt to close of each case closed in the month, by manager."""
    cases = cases_of(facts, "resolved_on")
    days = working_days_to(cases["received_on"], cases["resolved_on"])
    return days.set_axis(cases["manager_id"].astype("str")).dropna()


def _count(cases: pd.DataFrame) -> pd.Series:
    return cases.groupby("manager_id").size()


@declares
def complaint_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of complaints (投诉): received, answered, in time, overdue, repeated."""
    limits = _limits(profile)
    yield Figure(
        "open_cases", "月末未办结", "Open at month end", "件", "complaints",
        "月末仍未办结的件数。",
        "Cases not closed by the month's end.",
        ("complaints",), still_open, better="lower", over_time="last",
    )  # fmt: skip
    yield Figure(
        "overdue_cases", "超期未办结", "Overdue at month end", "件", "complaints",
        "月末未办结且时限已到的件数；月末当天到期而未办结的也算超期，与办结及时率一致。",
        "Cases open at the month's end whose limit had ended by then; one due on the last day and not closed is "
        "overdue, as it is missed in the rate of those closed on time.",
        ("complaints",), overdue, better="lower", over_time="last",
    )  # fmt: skip
    yield Figure(
        "on_time_rate", "办结及时率", "Resolved on time", "%", "complaints",
        f"当月到期的件中，在时限内办结的件数÷当月到期件数。时限（受理次日起的工作日）：{limits[0]}。",
        "Of the cases whose limit ended in the month, those closed within it ÷ cases due. "
        f"Limits in working days after receipt: {limits[1]}.",
        ("complaints",), closed_on_time, due, scale=100, decimals=1,
    )  # fmt: skip
    yield from _courses(profile)


def _courses(profile: Profile) -> Iterable[Figure]:
    """How long cases took, and how they went."""
    yield Figure(
        "days_to_close", "办结天数中位数", "Median days to close", "天", "complaints",
        "当月办结的件，从受理到办结的工作日数的中位数。",
        "Median working days from receipt to close of the cases closed in the month.",
        ("complaints",), days_to_close, better="lower", decimals=1, statistic="median",
    )  # fmt: skip
    yield Figure(
        "days_to_close_p90", "办结天数90分位", "Days to close, 90th percentile", "天", "complaints",
        "当月办结的件，从受理到办结的工作日数的90%分位数。",
        "90th percentile of the working days from receipt to close of the cases closed in the month.",
        ("complaints",), days_to_close, better="lower", decimals=1, statistic="p90",
    )  # fmt: skip
    yield Figure(
        "replied_rate", "回访反馈率", "Replied rate", "%", "complaints",
        "当月办结的件中，月末前已反馈客户的件数÷当月办结件数。",
        "Of the cases closed in the month, those with a reply to the customer by its end ÷ cases closed.",
        ("complaints",), replied, closed, scale=100, decimals=1,
    )  # fmt: skip
    yield Figure(
        "repeat_rate", "重复投诉率", "Repeat rate", "%", "complaints",
        f"当月受理的件中，同一客户、同一类别在此前{_repeat_days(profile)}天内已有投诉的件数÷当月受理件数。",
        "Of the cases received, those whose customer had one of the same category within the "
        f"{_repeat_days(profile)} days before ÷ cases received.",
        ("complaints",), repeats, received, scale=100, better="lower", decimals=1,
    )  # fmt: skip


def _repeat_days(profile: Profile) -> int:
    return int(profile.thresholds.get("repeat_days", REPEAT_DAYS))


def _limits(profile: Profile) -> tuple[str, str]:
    """The limits in both languages, as the glossary gives them."""
    limits = [(one, profile.complaint_working_days.get(one.key)) for one in CATEGORIES]
    known = [(one, days) for one, days in limits if days is not None]
    zh = "、".join(f"{one.zh}{days}日" for one, days in known)
    return zh, ", ".join(f"{one.en.lower()} {days}" for one, days in known)
