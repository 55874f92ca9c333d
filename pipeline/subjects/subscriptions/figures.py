"""Figures of the state of households that look at more than one sum (trades.md section 2)."""

from collections.abc import Iterable

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.figures.grain import MANAGER_CUSTOMER, ones
from pipeline.figures.stock import AtEnd, AtStart, RowsAtEnd, by_manager_and_customer
from pipeline.subjects.subscriptions.expiring import expiring_now, fallen_due
from schemas.form import CUSTOMER
from schemas.profile import Profile

FORM = "subscriptions"


def group_customers(facts: Facts) -> pd.Series:
    """1 for each group customer with a household at the month's end."""
    rows = facts.once(RowsAtEnd(FORM))
    return ones(rows[rows["households"] > 0])


def fees_due(facts: Facts) -> pd.Series:
    """The month's fees by customer, yuan."""
    return facts.once(RowsAtEnd(FORM)).groupby(MANAGER_CUSTOMER)["fee_due"].sum()


def fees_paid(facts: Facts) -> pd.Series:
    """What came in from each customer in the month, yuan."""
    return facts.once(RowsAtEnd(FORM)).groupby(MANAGER_CUSTOMER)["fee_paid"].sum()


def mean_active(facts: Facts) -> pd.Series:
    """Active households of each customer, the mean of the month's start and end; where the start is not known, those at
    the end. Only customers of which the end is known."""
    end, start = facts.once(AtEnd(FORM)), facts.once(AtStart(FORM))
    before = start["active"].reindex(end.index).astype("float64")
    mean = (end["active"] + before.fillna(end["active"])) / 2
    return by_manager_and_customer(mean, end["manager_id"])


def due_in_month(facts: Facts) -> pd.Series:
    """1 for each customer whose date, by last month's form, fell in this month."""
    return ones(facts.once(fallen_due))


def renewed(facts: Facts) -> pd.Series:
    """1 for each of these whose date is later now."""
    rows = facts.once(fallen_due)
    return ones(rows[rows["expires_now"] > rows["expires_on"]])


def expiring(facts: Facts) -> pd.Series:
    """1 for each customer whose date, by last month's form, is near from this month's first day."""
    return ones(facts.once(expiring_now))


def expiring_and_visited(facts: Facts) -> pd.Series:
    """1 for each of these that was visited in the month."""
    rows = facts.once(expiring_now)
    visited = facts.frame("visits")[CUSTOMER].dropna().unique()
    return ones(rows[rows[CUSTOMER].isin(visited)])


@declares
def subscription_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of households: how many customers, what they pay, whose time runs out."""
    zh, en = profile.customer_word_zh, profile.customer_word_en
    days = int(profile.thresholds.get("expiring_days", 0))
    yield Figure(
        "group_customers", f"{zh}数", f"{en.capitalize()}s", profile.customer_unit, "subscriptions",
        f"月末有在册用户的{zh}数。", f"{en.capitalize()}s with a household at the month's end.",
        (FORM,), group_customers, over_time="last",
    )  # fmt: skip
    yield Figure(
        "collection_rate", "收缴率", "Collection rate", "%", "subscriptions",
        "实收÷应收；按年初至今累计考核，单月可超过100%。",
        "Fees paid ÷ fees due; judged by the year to date, as a month's may pass 100 %.",
        (FORM,), fees_paid, fees_due, scale=100, decimals=1, judged="to_date",
    )  # fmt: skip
    yield Figure(
        "arpu", "每户月均收入", "ARPU", "元/户", "subscriptions",
        "当月应收÷月初、月末正常户数的平均（月初不明的，按月末）。",
        "Fees due ÷ the mean of active households at the month's start and end (where the start is not known, at the "
        "end).",
        (FORM,), fees_due, mean_active, decimals=2,
    )  # fmt: skip
    yield Figure(
        "expiring_customers", "到期客户数", "Customers to expire", profile.customer_unit, "subscriptions",
        f"按上月报表，到费日期在本月第一天起{days}天之内的{zh}数。",
        f"{en.capitalize()}s whose date, by last month's form, is within {days} days from the month's first.",
        (FORM,), expiring, better="neither", over_time="last", looks_back=1,
    )  # fmt: skip
    yield Figure(
        "renewal_rate", "续费率", "Renewal rate", "%", "subscriptions",
        "按上月报表到费日期落在本月的客户中，现在到费日期更晚的÷全部。",
        "Of the customers whose date, by last month's form, fell in this month: those whose date is later now ÷ all.",
        (FORM,), renewed, due_in_month, scale=100, decimals=1,
    )  # fmt: skip
    yield Figure(
        "expiring_visited", "到期用户拜访率", "Expiring customers visited", "%", "subscriptions",
        f"按上月报表，到费日期在本月第一天起{days}天之内的客户中，本月走访过的÷全部。",
        f"Of the customers whose date, by last month's form, is within {days} days from the month's first: those "
        "visited this month ÷ all.",
        ("visits", FORM), expiring_and_visited, expiring, scale=100, decimals=1,
    )  # fmt: skip
