"""Figures of visits (domain.md section 4)."""

from collections.abc import Iterable

import pandas as pd

from pipeline.figures.catalogue import declares
from pipeline.figures.declare import Figure
from pipeline.figures.facts import Facts
from pipeline.figures.grain import MANAGER_CUSTOMER, active_by_customer, ones
from pipeline.figures.plan import planned_visits
from schemas.profile import Profile


def visits(facts: Facts) -> pd.Series:
    """Visits by customer."""
    return facts.frame("visits").groupby(MANAGER_CUSTOMER).size()


def visited(facts: Facts) -> pd.Series:
    """1 for each active customer that its manager visited."""
    seen = ones(facts.frame("visits"))
    active = facts.once(active_by_customer)
    return seen[seen.index.isin(active.index)]


def active(facts: Facts) -> pd.Series:
    """1 for each active customer."""
    return facts.once(active_by_customer)


def planned(facts: Facts) -> pd.Series:
    """Planned visits by customer."""
    return facts.once(planned_visits).groupby(MANAGER_CUSTOMER).size()


def planned_and_done(facts: Facts) -> pd.Series:
    """Planned visits that were made within their week, by customer."""
    plan = facts.once(planned_visits)
    return plan[plan["done"]].groupby(MANAGER_CUSTOMER).size()


@declares
def visit_figures(profile: Profile) -> Iterable[Figure]:
    yield Figure(
        "visits", "访问次数", "Visits", "次", "visits",
        "当月走访次数。",
        "Visits made in the month.",
        ("visits",), visits,
    )  # fmt: skip
    yield Figure(
        "coverage", "访问覆盖率", "Coverage", "%", "visits",
        "当月被走访过的在网户数÷在网户数。",
        "Active customers visited in the month ÷ active customers.",
        ("visits", "customers"), visited, active, scale=100, decimals=1,
    )  # fmt: skip
    yield Figure(
        "plan_completion", "计划完成率", "Plan completion", "%", "visits",
        "在计划当周(周一至周日,且在当月内)完成的计划访问÷计划访问。"
        "计划按访问日和级别频次排定:4次及以上为每周,3次为第1–3个访问日,2次为第1、3个,1次为第1个。",
        "Planned visits made in their week (Monday to Sunday, inside the month) ÷ planned visits. Planned on the "
        "customer's weekday by the grade's frequency: 4 or more every week, 3 on the first three such days, "
        "2 on the first and third, 1 on the first.",
        ("visits", "customers"), planned_and_done, planned, scale=100, decimals=1,
    )  # fmt: skip
