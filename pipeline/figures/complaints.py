"""Figures of complaints (domain.md section 4)."""

from collections.abc import Iterable
from functools import partial

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.cases import REPEAT_DAYS, cases_of, is_overdue, open_cases, repeated_cases, working_days_to
from pipeline.figures.catalogue import declares
from pipeline.figures.grain import active_by_customer
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


def active(facts: Facts) -> pd.Series:
    """1 for each active customer."""
    return facts.once(active_by_customer)


def received_of(facts: Facts, category: str) -> pd.Series:
    """Cases of one category received in the month, by manager."""
    cases = cases_of(facts, "received_on")
    return _count(cases[cases["category"] == category])


def still_open(facts: Facts) -> pd.Series:
    """Cases open at the month's end, by manager."""
    return _count(facts.once(open_cases))


def overdue(facts: Facts) -> pd.Series:
    """Cases open at the month's end whose limit had ended by then, by manager."""
    cases = facts.once(open_cases)
    return _count(cases[is_overdue(cases, facts)])


def escalated(facts: Facts) -> pd.Series:
    """Cases received in the month and escalated to the region or headquarters, by manager."""
    cases = cases_of(facts, "received_on")
    return _count(cases[cases["escalation"].isin(["1", "2"])])


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


def confirmed(facts: Facts) -> pd.Series:
    """Of the cases closed in the month, those that the customer confirmed, by manager."""
    cases = cases_of(facts, "resolved_on")
    return _count(cases[cases["customer_confirmed"].fillna(False).astype(bool)])


def days_to_close(facts: Facts) -> pd.Series:
    """Working days from receipt to close of each case closed in the month, by manager."""
    cases = cases_of(facts, "resolved_on")
    days = working_days_to(cases["received_on"], cases["resolved_on"])
    return days.set_axis(cases["manager_id"].astype("str")).dropna()


def rating_points(facts: Facts) -> pd.Series:
    """The sum of the ratings (1–5) of cases closed in the month, by manager."""
    return cases_of(facts, "resolved_on").groupby("manager_id")["rating"].sum()


def ratings(facts: Facts) -> pd.Series:
    """How many cases closed in the month are rated, by manager."""
    cases = cases_of(facts, "resolved_on")
    return _count(cases[cases["rating"].notna()])


def _count(cases: pd.DataFrame) -> pd.Series:
    return cases.groupby("manager_id").size()


@declares
def complaint_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of complaints (投诉): received, answered, in time, overdue, repeated."""
    limits = _limits(profile)
    yield Figure(
        "complaints", "投诉件数", "Complaints", "件", "complaints",
        "当月受理的投诉、诉求和建议件数。",
        "Cases received in the month.",
        ("complaints",), received, better="lower",
    )  # fmt: skip
    yield Figure(
        "complaints_per_100", "百户投诉", "Complaints per 100 customers", "件/百户", "complaints",
        "当月受理件数÷在网户数×100。",
        "Cases received ÷ active customers × 100.",
        ("complaints", "customers"), received, active, scale=100, better="lower", decimals=2,
    )  # fmt: skip
    for category in CATEGORIES:
        yield Figure(
            f"complaints.{category.key}", f"{category.zh}件数", f"Cases: {category.en.lower()}", "件",
            "complaints",
            f"当月受理的{category.zh}类件数。",
            f"Cases of the category {category.en.lower()} received in the month.",
            ("complaints",), partial(received_of, category=category.key), better="lower",
        )  # fmt: skip
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
        "confirmed_rate", "客户确认率", "Customer-confirmed rate", "%", "complaints",
        "当月办结的件中，客户确认的件数÷当月办结件数。",
        "Of the cases closed in the month, those confirmed by the customer ÷ cases closed.",
        ("complaints",), confirmed, closed, scale=100, decimals=1,
    )  # fmt: skip
    yield Figure(
        "repeat_rate", "重复投诉率", "Repeat rate", "%", "complaints",
        f"当月受理的件中，同一客户、同一类别在此前{_repeat_days(profile)}天内已有投诉的件数÷当月受理件数。",
        "Of the cases received, those whose customer had one of the same category within the "
        f"{_repeat_days(profile)} days before ÷ cases received.",
        ("complaints",), repeats, received, scale=100, better="lower", decimals=1,
    )  # fmt: skip
    yield Figure(
        "escalated", "提级件数", "Escalated", "件", "complaints",
        "当月受理并提级到区域或总部的件数。",
        "Cases received in the month and escalated to the region or headquarters.",
        ("complaints",), escalated, better="lower",
    )  # fmt: skip
    yield Figure(
        "handling_rating", "处理评价", "Handler's rating", "分", "complaints",
        "当月办结并有评价的件，评价（1–5分）的平均。",
        "Mean rating (1–5) of the cases closed in the month that are rated.",
        ("complaints",), rating_points, ratings, decimals=2,
    )  # fmt: skip


def _repeat_days(profile: Profile) -> int:
    return int(profile.thresholds.get("repeat_days", REPEAT_DAYS))


def _limits(profile: Profile) -> tuple[str, str]:
    """The limits in both languages, as the glossary gives them."""
    limits = [(one, profile.complaint_working_days.get(one.key)) for one in CATEGORIES]
    known = [(one, days) for one, days in limits if days is not None]
    zh = "、".join(f"{one.zh}{days}日" for one, days in known)
    return zh, ", ".join(f"{one.en.lower()} {days}" for one, days in known)
