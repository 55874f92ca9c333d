"""Themes of page one on orders: not closed in time, and with which department; too many complaints, and whose."""

from pipeline.contract.page_one import Fact, PageFinding
from pipeline.findings.causes import Cause, part_of, parts_below
from pipeline.findings.page import Page
from pipeline.findings.themes import Single

ON_TIME, RATE, COMPLAINTS = "on_time_rate", "complaint_rate", "complaints"
_ORDERS = "件"


def orders(page: Page) -> PageFinding | None:
    """Orders not closed in time, on no few; the department that has more of the overdue ones than of all."""
    below = page.below_limit(ON_TIME)
    if below is None:
        return None
    limit = below[1]
    shown = page.shown(ON_TIME)
    bound = page.percent(page.say("fact.orders_limit"), limit)
    undone = (page.story.number(ON_TIME, "denominator") or 0.0) - (page.story.number(ON_TIME, "numerator") or 0.0)
    late = page.count(page.say("fact.orders_late"), undone, _ORDERS)
    cause, facts, owner = _department(page)
    return PageFinding(
        "orders",
        page.say("orders.late", value=shown.text, limit=bound.text, late=late.text),
        page.since_below(ON_TIME, limit),
        cause,
        page.say("orders.todo"),
        owner,
        page.due("soon"),
        min(100.0, limit - below[2] + undone),
        "order_list",
        (shown, bound, late, *facts),
    )


def _department(page: Page) -> tuple[str, tuple[Fact, ...], str]:
    """The department whose part of the orders due and missed is above its part of all that were due."""
    frame = page.frame("service_orders")
    if frame.empty:
        return "", (), page.own_owner
    due = frame[frame["is_due"] & frame["given_to"].notna()]
    every = due.groupby("given_to").size()
    missed = due[~due["is_on_time"]].groupby("given_to").size()
    if missed.empty:
        return "", (), page.own_owner
    most = sorted(missed.index[missed == missed.max()])[0]
    share, base = 100 * missed[most] / missed.sum(), 100 * every[most] / every.sum()
    name = page.department(str(most))
    if len(every) < 2 or share <= base:
        return "", (), name
    own = page.count(page.say("fact.orders_missed_of", name=name), float(missed[most]), _ORDERS)
    part = page.percent(page.say("fact.orders_missed_share", name=name), float(share))
    of_all = page.percent(page.say("fact.orders_due_share", name=name), float(base))
    text = page.say("orders.department", name=name, count=own.text, share=part.text, base=of_all.text)
    return text, (own, part, of_all), name


def complaints(page: Page) -> PageFinding | None:
    """More complaints for so many users than the profile allows, and where they are most."""
    rate, limit = page.story.number(RATE), page.story.profile.thresholds.get("complaint_rate_high")
    count, least = page.story.number(COMPLAINTS), page.story.profile.least_count
    if rate is None or limit is None or rate <= limit or (count or 0) < least:
        return None
    shown, number = page.shown(RATE), page.shown(COMPLAINTS)
    bound = page.fact(page.say("fact.complaints_limit"), limit, RATE)
    cause = _whose(page)
    return PageFinding(
        "complaints",
        page.say("complaint_rate.high", value=shown.text, limit=bound.text, count=number.text),
        cause=cause.text,
        todo=page.say("complaint_rate.todo"),
        owner=cause.owner(page),
        due=page.due("soon"),
        weight=min(100.0, 20 * rate / limit) if limit else 20.0,
        sheet="orders",
        facts=(shown, bound, number, *cause.facts),
    )


def _whose(page: Page) -> Cause:
    """Whose part of the complaints is above its part of the users."""
    parts = parts_below(page, (RATE, "numerator"), (RATE, "denominator"))
    own = {
        code: page.fact(page.say("fact.complaints_of", name=page.unit_name(code)), part[0], COMPLAINTS)
        for code, part in parts.items()
    }
    return part_of(page, parts, own, "complaints")


def _overdue(page: Page) -> int:
    frame = page.frame("service_orders")
    return 0 if frame.empty else int((frame["order_state"] == "overdue").sum())


def _escalated(page: Page) -> int:
    frame = page.frame("orders_escalated")
    return 0 if frame.empty else int(frame["order_state"].isin(("open", "overdue")).sum())


def _repeated(page: Page) -> int:
    frame = page.frame("orders_repeated")
    return 0 if frame.empty else int((frame["reaches"] == "province").sum())


THEMES = {"orders": orders, "complaint_rate": complaints}
SINGLES = (
    Single("order_overdue", "order_list", _ORDERS, _overdue, unless="orders"),
    Single("order_escalated", "order_list", _ORDERS, _escalated),
    Single("order_repeated", "order_list", _ORDERS, _repeated),
)
