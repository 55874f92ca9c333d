"""Figures of service orders (trades.md section 3). Complaints are told apart from all other orders, and a community
counts with all its users."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.figures.there import there_at_end
from pipeline.subjects.complaints.cases import REPEAT_DAYS, cases_of, is_overdue, open_cases, working_days_to
from pipeline.subjects.orders.cases import (
    COMPLAINT,
    FORM,
    are_of,
    closed_orders,
    count,
    escalated_now,
    is_escalated,
    repeated_orders,
)
from schemas.columns import Choice
from schemas.in_use import has_column
from schemas.profile import Profile

BASE, USUAL_BASE = "complaint_users_base", 1000  # the profile's users for which complaints are told
_BASES = {100: "百户", 1000: "千户", 10_000: "万户"}


def users_at_end(facts: Facts) -> pd.Series:
    """The users of each customer that is there at the month's end, by manager and customer; one where none are
    given."""
    customers = there_at_end(facts.master("customers"), facts.month).drop_duplicates("customer_id")
    keys = customers.dropna(subset=MANAGER_CUSTOMER)
    users = keys["users"].astype("Int64").fillna(1).astype("int64").to_numpy()
    index = pd.MultiIndex.from_frame(keys[MANAGER_CUSTOMER].astype("str"))
    return pd.Series(users, index=index).sort_index()


@dataclass(frozen=True)
class ReceivedOf:
    """Orders of one kind received in the month, by manager."""

    kind: str

    def __call__(self, facts: Facts) -> pd.Series:
        orders = cases_of(facts, "received_on")
        return count(orders[are_of(orders, [self.kind])])


complaints_received = ReceivedOf(COMPLAINT)


def received(facts: Facts) -> pd.Series:
    """Orders received in the month, by manager."""
    return count(cases_of(facts, "received_on"))


def due(facts: Facts) -> pd.Series:
    """Orders whose limit ended in the month, by manager."""
    return count(cases_of(facts, "due_on"))


def closed_on_time(facts: Facts) -> pd.Series:
    """Of these, those closed by then, by manager."""
    orders = cases_of(facts, "due_on")
    return count(orders[orders["resolved_on"] <= orders["due_on"]])


def still_open(facts: Facts) -> pd.Series:
    """Orders not closed by the month's end, by manager."""
    return count(facts.once(open_cases))


def overdue(facts: Facts) -> pd.Series:
    """Of these, those whose limit had ended, by manager."""
    orders = facts.once(open_cases)
    return count(orders[is_overdue(orders, facts)])


def escalated(facts: Facts) -> pd.Series:
    """Orders escalated in the month, by manager."""
    return count(facts.once(escalated_now))


def escalated_open(facts: Facts) -> pd.Series:
    """Escalated orders not closed by the month's end, by manager."""
    orders = facts.once(open_cases)
    return count(orders[is_escalated(orders)])


def repeats(facts: Facts) -> pd.Series:
    """Orders received in the month that repeat another, by manager."""
    return count(facts.once(repeated_orders))


def closed(facts: Facts) -> pd.Series:
    """Orders closed in the month, by manager."""
    return count(facts.once(closed_orders))


def followed_up(facts: Facts) -> pd.Series:
    """Of these, those followed up by its end, by manager."""
    orders = facts.once(closed_orders)
    return count(orders[orders["follow_up_on"] <= pd.Timestamp(facts.month.last_day)])


def answered(facts: Facts) -> pd.Series:
    """Orders followed up in the month with an answer, by manager."""
    orders = cases_of(facts, "follow_up_on")
    return count(orders[orders["satisfied"].notna()])


def satisfied(facts: Facts) -> pd.Series:
    """Of these, those whose customer is satisfied, by manager."""
    orders = cases_of(facts, "follow_up_on")
    return count(orders[orders["satisfied"].fillna(False).astype(bool)])


def days_to_close(facts: Facts) -> pd.Series:
    """Working days from receipt to close of each order closed in the month, by manager."""
    orders = facts.once(closed_orders)
    days = working_days_to(orders["received_on"], orders["resolved_on"])
    return days.set_axis(orders["manager_id"].astype("str")).dropna()


def ratings(facts: Facts) -> pd.Series:
    """The departments' ratings of the orders closed in the month, added up, by manager."""
    return _rated(facts).groupby("manager_id")["department_rating"].sum()


def rated(facts: Facts) -> pd.Series:
    """The orders closed in the month that are rated, by manager."""
    return count(_rated(facts))


def _rated(facts: Facts) -> pd.DataFrame:
    orders = facts.once(closed_orders)
    return orders[orders["department_rating"].notna()].astype({"department_rating": "int64"})


@declares
def order_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of service orders (服务工单)."""
    yield Figure(
        "orders", "工单件数", "Orders", "件", "orders",
        "当月受理的工单件数，各类别合计（其中只有“投诉”计入投诉）。",
        "Orders received in the month, of all kinds; only complaints count as such.",
        (FORM,), received, better="lower",
    )  # fmt: skip
    yield from _of_complaints(profile)
    yield from _in_time(profile)
    yield from _courses(profile)
    yield from _answers(profile)


def _kinds(profile: Profile) -> tuple[Choice, ...]:
    form = profile.forms.get(FORM)
    if form is None:
        return ()
    column = form.column("category")
    return column.choices or profile.choices(column.list_name)


def _of_complaints(profile: Profile) -> Iterable[Figure]:
    base = int(profile.thresholds.get(BASE, USUAL_BASE))
    unit = _BASES.get(base, f"{base}户")
    yield Figure(
        "complaints", "投诉件数", "Complaints", "件", "orders",
        "当月受理的投诉类工单件数；举报、意见、建议、咨询、报修、服务申请不在内。",
        "Orders received in the month that are complaints; those of all other kinds are not among them.",
        (FORM,), complaints_received, better="lower",
    )  # fmt: skip
    yield Figure(
        "complaint_rate", f"{unit}投诉率", f"Complaints per {base:,} users", f"件/{unit}", "orders",
        f"当月受理的投诉类工单÷月末用电户数×{base}；社区等按其用电户数计，未填户数的客户按1户计。",
        f"Complaints received in the month ÷ users at its end × {base:,}; a community counts with all its users, a "
        "customer without a number of users as one.",
        (FORM, "customers"), complaints_received, users_at_end, scale=base, better="lower", decimals=2,
        columns=("customers.users",),
    )  # fmt: skip
    for one in _kinds(profile):
        if one.key != COMPLAINT:
            yield Figure(
                f"orders.{one.key}", f"{one.zh}件数", f"Orders: {one.en.lower()}", "件", "orders",
                f"当月受理的{one.zh}类工单件数，不计入投诉。",
                f"Orders received in the month of the kind {one.en.lower()}; they are no complaints.",
                (FORM,), ReceivedOf(one.key), better="neither",
            )  # fmt: skip


def _in_time(profile: Profile) -> Iterable[Figure]:
    zh, en = _limits(profile)
    yield Figure(
        "on_time_rate", "工单及时率", "Orders closed in time", "%", "orders",
        f"当月到期的工单中，在时限内办结的÷当月到期的。时限（受理次日起的工作日）：{zh}。",
        f"Of the orders whose limit ended in the month, those closed within it ÷ orders due. Limits in working days "
        f"after receipt: {en}.",
        (FORM,), closed_on_time, due, scale=100, decimals=1,
    )  # fmt: skip
    yield Figure(
        "orders_open", "月末在办工单", "Orders open at month end", "件", "orders",
        "月末仍未办结的工单。",
        "Orders not closed by the month's end.",
        (FORM,), still_open, better="lower", over_time="last",
    )  # fmt: skip
    yield Figure(
        "overdue_orders", "超期未办结工单", "Orders overdue at month end", "件", "orders",
        "月末未办结且时限已到的工单；月末当天到期而未办结的也算超期。",
        "Orders open at the month's end whose limit had ended by then; one due on the last day and not closed is "
        "overdue.",
        (FORM,), overdue, better="lower", over_time="last",
    )  # fmt: skip
    yield Figure(
        "days_to_close", "办结天数中位数", "Median days to close", "天", "orders",
        "当月办结的工单，从受理到办结的工作日数的中位数。",
        "Median working days from receipt to close of the orders closed in the month.",
        (FORM,), days_to_close, better="lower", decimals=1, statistic="median",
    )  # fmt: skip


def _courses(profile: Profile) -> Iterable[Figure]:
    """Escalated and repeated."""
    days = int(profile.thresholds.get("repeat_days", REPEAT_DAYS))
    yield Figure(
        "escalated", "升级工单", "Escalated orders", "件", "orders",
        "当月升级的工单（按升级日期，不论何时受理、升到哪一级）。",
        "Orders escalated in the month, by the day of the escalation, whenever received and to whatever level.",
        (FORM,), escalated, better="lower",
    )  # fmt: skip
    yield Figure(
        "escalated_open", "月末在办升级工单", "Escalated and open", "件", "orders",
        "月末仍未办结的已升级工单。",
        "Escalated orders not closed by the month's end.",
        (FORM,), escalated_open, better="lower", over_time="last",
    )  # fmt: skip
    yield Figure(
        "repeat_orders", "重复工单", "Repeated orders", "件", "orders",
        f"当月受理的工单中，同一客户同一类别的工单办结后{days}天内再次受理的。",
        f"Orders received in the month within {days} days of the close of another of the same customer and kind.",
        (FORM,), repeats, better="lower",
    )  # fmt: skip
    yield Figure(
        "repeat_rate", "重复工单率", "Repeat rate", "%", "orders",
        "重复工单÷当月受理的工单。",
        "Repeated orders ÷ orders received in the month.",
        (FORM,), repeats, received, scale=100, better="lower", decimals=1,
    )  # fmt: skip


def _answers(profile: Profile) -> Iterable[Figure]:
    """Followed up, satisfied, rated."""
    yield Figure(
        "follow_up_rate", "工单回访率", "Followed up", "%", "orders",
        "当月办结的工单中，月末前已回访的÷当月办结的。",
        "Of the orders closed in the month, those followed up by its end ÷ orders closed.",
        (FORM,), followed_up, closed, scale=100, decimals=1,
    )  # fmt: skip
    yield Figure(
        "satisfied_rate", "工单满意率", "Satisfied", "%", "orders",
        "当月回访并作答的工单中，客户满意的÷作答的。",
        "Of the orders followed up in the month with an answer, those whose customer is satisfied ÷ answers.",
        (FORM,), satisfied, answered, scale=100, decimals=1,
    )  # fmt: skip
    if has_column(f"{FORM}.department_rating", profile.forms):
        yield Figure(
            "department_rating", "部门评价", "Department's rating", "分", "orders",
            "当月办结并有评价的工单，部门对工程师的评价（1–5分）的平均。",
            "Mean rating (1–5) of the engineer by the manager's department, of the orders closed in the month that "
            "are rated.",
            (FORM,), ratings, rated, decimals=2,
        )  # fmt: skip


def _limits(profile: Profile) -> tuple[str, str]:
    """The limits in both languages, as the glossary gives them."""
    limits = [(one, profile.complaint_working_days.get(one.key)) for one in _kinds(profile)]
    known = [(one, days) for one, days in limits if days is not None]
    zh = "、".join(f"{one.zh}{days}日" for one, days in known)
    return zh, ", ".join(f"{one.en.lower()} {days}" for one, days in known)
