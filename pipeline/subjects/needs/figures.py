"""Figures of needs that look at more than one day of theirs (trades.md section 3)."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.subjects.complaints.cases import working_days_to
from pipeline.subjects.needs.cases import FORM, NEXT_STEP, needs_on, open_needs
from pipeline.subjects.orders.figures import users_at_end
from schemas.profile import Profile

_STEPS = {
    "raised_on": ("审核天数", "提出到组长审核", "Days to review", "from being raised to the leader's review"),
    "reviewed_on": ("上报天数", "审核到上报", "Days to report", "from review to being reported upwards"),
    "reported_on": ("发布天数", "上报到发布", "Days to publish", "from being reported to being published"),
    "published_on": ("接收天数", "发布到部门接收", "Days to receipt", "from publication to the department's receipt"),
    "received_on": ("办理天数", "部门接收到完成", "Days to do", "from the department's receipt to being done"),
}  # fmt: skip


def raised(facts: Facts) -> pd.Series:
    """Needs raised in the month, by manager."""
    return needs_on(facts, "raised_on").groupby("manager_id").size()


def closed(facts: Facts) -> pd.Series:
    """Needs done or refused in the month, by manager."""
    return needs_on(facts, "closed_on").groupby("manager_id").size()


def still_open(facts: Facts) -> pd.Series:
    """Needs neither done nor refused at the month's end, by manager."""
    return facts.once(open_needs).groupby("manager_id").size()


@dataclass(frozen=True)
class StepDays:
    """The working days that a step took, of each need for which it was made in the month, by manager; none where the
    day of the step before is not known."""

    start: str
    end: str

    def __call__(self, facts: Facts) -> pd.Series:
        needs = needs_on(facts, self.end)
        days = working_days_to(needs[self.start], needs[self.end])
        return days.set_axis(needs["manager_id"].astype("str")).dropna().astype("float64")


@declares
def need_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of needs (客户需求): closed, open, and the working days of each step."""
    yield Figure(
        "needs_per_1000_users", "千户需求", "Needs per 1,000 users", "个/千户", "needs",
        "当月提出的需求÷月末用电户数×1000；社区等按其用电户数计。",
        "Needs raised in the month ÷ users at its end × 1,000; a community counts with all its users.",
        (FORM, "customers"), raised, users_at_end, scale=1000, decimals=2, better="neither",
        columns=("customers.users",),
    )  # fmt: skip
    yield Figure(
        "needs_closed", "关闭需求", "Needs closed", "个", "needs",
        "当月完成或退回的需求（按完成、退回日期，不论何时提出）。",
        "Needs done or refused in the month, whenever raised.",
        (FORM,), closed,
    )  # fmt: skip
    yield Figure(
        "needs_open", "在办需求", "Needs open at month end", "个", "needs",
        "月末既未完成也未退回的需求。",
        "Needs neither done nor refused at the month's end.",
        (FORM,), still_open, better="neither", over_time="last",
    )  # fmt: skip
    for start, end in NEXT_STEP.items():
        zh, of_zh, en, of_en = _STEPS[start]
        yield Figure(
            f"need_days.{end.removesuffix('_on')}", zh, en, "天", "needs",
            f"当月走完这一步的需求，{of_zh}的工作日数的中位数。",
            f"Median working days {of_en}, of the needs for which this step was made in the month.",
            (FORM,), StepDays(start, end), better="lower", decimals=1, statistic="median",
        )  # fmt: skip
    yield Figure(
        "need_days.closed", "关闭天数", "Days to close", "天", "needs",
        "当月关闭（完成或退回）的需求，从提出到关闭的工作日数的中位数。",
        "Median working days from being raised to being done or refused, of the needs closed in the month.",
        (FORM,), StepDays("raised_on", "closed_on"), better="lower", decimals=1, statistic="median",
    )  # fmt: skip
