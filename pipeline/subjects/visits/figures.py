"""Figures of visits (domain.md section 4)."""

from collections.abc import Iterable

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.figures.grain import MANAGER_CUSTOMER, active_customers
from pipeline.subjects.visits.plan import NEEDS, planned_visits
from pipeline.subjects.visits.special import special_visits_told
from schemas.profile import Profile

_OF_PLAN = NEEDS[1:]  # the columns among them


def visits(facts: Facts) -> pd.Series:
    """Visits by customer."""
    return facts.frame("visits").groupby(MANAGER_CUSTOMER).size()


def planned(facts: Facts) -> pd.Series:
    """Planned visits by customer."""
    return facts.once(planned_visits).groupby(MANAGER_CUSTOMER).size()


def planned_and_done(facts: Facts) -> pd.Series:
    """Planned visits that were made within their week, by customer."""
    plan = facts.once(planned_visits)
    return plan[plan["done"]].groupby(MANAGER_CUSTOMER).size()


def minutes(facts: Facts) -> pd.Series:
    """Minutes of each visit that gives both times, by manager."""
    rows = facts.frame("visits")
    spent = (rows["left_at"] - rows["arrived_at"]).set_axis(rows["manager_id"].astype("str"))
    return spent.dropna()


def graded(facts: Facts) -> pd.Series:
    """The visits a month that the profile asks for each active customer whose grade it knows."""
    customers = facts.once(active_customers)
    asked = customers["grade"].map(dict(facts.profile.visits_per_month)).astype("float64")
    index = pd.MultiIndex.from_frame(customers[MANAGER_CUSTOMER].astype("str"))
    return pd.Series(asked.to_numpy(), index=index).dropna().sort_index()


def with_frequency(facts: Facts) -> pd.Series:
    """1 for each active customer whose grade asks for visits."""
    return (facts.once(graded) >= 0).astype("int64")


def often_enough(facts: Facts) -> pd.Series:
    """1 for each active customer that its manager visited at least as often as the grade asks."""
    asked = facts.once(graded)
    made = facts.once(visits).reindex(asked.index, fill_value=0)
    return (made >= asked).astype("int64")


def special_told(facts: Facts) -> pd.Series:
    """Special visits that tell the day of the event, by manager."""
    return facts.once(special_visits_told).groupby("manager_id").size()


def special_on_time(facts: Facts) -> pd.Series:
    """Of these, those made within one working day of the event, by manager."""
    told = facts.once(special_visits_told)
    return told[told["on_time"]].groupby("manager_id").size()


@declares
def visit_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of visits (走访): made, planned, coverage, time in the shop."""
    yield Figure(
        "plan_completion", "计划完成率", "Plan completion", "%", "visits",
        "在计划当周（周一至周日，且在当月内）完成的计划访问÷计划访问；特殊访问另计，不算完成计划。"
        "计划按访问日和级别频次排定：4次及以上为每周，3次为第1–3个访问日，2次为第1、3个，1次为第1个；没有访问日的客户排在该客户经理走访最少的一天；"
        "逢法定节假日改到同一周最近的工作日（含调休，一样近的取前一天），整周都放假的不排。",
        "Planned visits made in their week (Monday to Sunday, inside the month) ÷ planned visits; a special visit does "
        "no planned one. Planned on the customer's weekday by the grade's frequency: 4 or more every week, 3 on the "
        "first three such days, 2 on the first and third, 1 on the first; a customer without a weekday on its "
        "manager's lightest one; a public holiday moves to the nearest working day of its week (make-up days among "
        "them; of two the earlier), and in a week without any nothing is due.",
        ("visits", "customers"), planned_and_done, planned, scale=100, decimals=1, columns=_OF_PLAN,
    )  # fmt: skip
    yield Figure(
        "frequency_rate", "频次达标率", "Frequency compliance", "%", "visits",
        "当月走访次数不低于其级别频次的在网户数÷在网户数（级别有频次规定的）。",
        "Active customers visited at least as often as their grade asks ÷ active customers whose grade asks.",
        ("visits", "customers"), often_enough, with_frequency, scale=100, decimals=1, columns=_OF_PLAN[:1],
    )  # fmt: skip
    yield Figure(
        "special_on_time_rate", "特访及时率", "Special visits in time", "%", "visits",
        "特殊情况发生后一个工作日内（节假日、调休照日历）到访的特殊访问÷填写了发生日的特殊访问。",
        "Special visits made within one working day of the event (holidays and make-up days by the calendar) ÷ special "
        "visits that tell the day of the event.",
        ("visits",), special_on_time, special_told, scale=100, decimals=1,
        columns=("visits.visit_kind", "visits.happened_on"),
    )  # fmt: skip
    yield Figure(
        "visit_minutes", "走访时长中位数", "Median minutes a visit", "分钟", "visits",
        "填写了到达和离开时间的走访，其分钟数的中位数。",
        "Median of the minutes of visits that give arrival and leaving.",
        ("visits",), minutes, better="neither", statistic="median", columns=("visits.arrived_at", "visits.left_at"),
    )  # fmt: skip
