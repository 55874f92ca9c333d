"""Orders behind the figures: open, due or handled in the month; escalated and repeated ones; by kind."""

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.facts import Facts
from pipeline.contract.listing import Listing, Sums
from pipeline.contract.problem import Problem
from pipeline.contract.shown_frames import ListFrame, Measure, SumFrame
from pipeline.figures.named import named
from pipeline.subjects.complaints.cases import (
    cases_of,
    days_overdue,
    is_overdue,
    known_cases,
    open_cases,
    untold_cases,
    working_days_to,
)
from pipeline.subjects.complaints.steps import order_notes, out_of_order
from pipeline.subjects.orders.cases import (
    ENGINEERS,
    FORM,
    departments_of,
    is_escalated,
    is_passed_on,
    orders_chained,
    repeated_orders,
)
from schemas.complaints import DESK_ORDER

NUMBER = "complaint_no"
PROVINCE = "province_orders"  # the profile's length of a chain of repeated orders that the province is told of
_SOURCE = ["source_file", "source_sheet", "source_row"]
_COLUMNS = [
    "region_id", "manager_id", "manager_before", "customer_id", "customer_name", "grade", "channel", "complaint_no",
    "category", "description", "engineer_id", "engineer_name", "given_to", "department", "passed_on", "escalation",
    "escalated_on", "first_handling", "supervision", "received_on", "dispatched_on", "due_on", "resolved_on",
    "follow_up_on", "satisfied", "order_state", "days_overdue", "days", "is_received", "is_due", "is_on_time",
    "is_closed", "is_answered", "department_rating", "chain",
]  # fmt: skip


def service_orders(facts: Facts) -> pd.DataFrame:
    """One row per order that is open at the month's end, or was received, due, closed or answered in the month:
    _COLUMNS, source columns. `order_state` is open, overdue, closed, or unknown where its manager has not reported;
    `given_to` the department it was given to, `department` the one that has it now, `passed_on` whether these differ;
    `days` the working days to its close."""
    orders = facts.once(orders_chained)
    still_open, untold = facts.once(open_cases).index, facts.once(untold_cases).index
    flags = {
        f"is_{name}": orders.index.isin(cases_of(facts, day).index)
        for name, day in (("received", "received_on"), ("due", "due_on"), ("closed", "resolved_on"))
    }
    told = orders.assign(**flags)
    asked = orders.index.isin(cases_of(facts, "follow_up_on").index)
    told = told.assign(is_answered=asked & told["satisfied"].notna())
    state = pd.Series("closed", index=told.index, dtype="str").mask(told.index.isin(still_open), "open")
    overdue = (state == "open") & is_overdue(told, facts)
    engineers = facts.master(ENGINEERS).drop_duplicates("engineer_id").set_index("engineer_id")["name"]
    told = told.assign(
        order_state=state.mask(overdue, "overdue").mask(told.index.isin(untold), "unknown"),
        days_overdue=days_overdue(told["due_on"], facts).where(overdue),
        days=working_days_to(told["received_on"], told["resolved_on"]),
        is_on_time=told["is_due"] & (told["resolved_on"] <= told["due_on"]),
        given_to=departments_of(told, facts),
        department=told["department"].astype("str").fillna(departments_of(told, facts)),
        passed_on=is_passed_on(told, facts),
        engineer_name=told["engineer_id"].map(engineers).astype("str").fillna(told["engineer_id"].astype("str")),
    )
    chosen = told[["is_received", "is_due", "is_closed", "is_answered"]].any(axis=1)
    chosen |= told["order_state"] != "closed"
    return named(told[chosen], facts).reindex(columns=[*_COLUMNS, *_SOURCE])


def orders_escalated(facts: Facts) -> pd.DataFrame:
    """The escalated orders that are open at the month's end, and those escalated in the month: `service_orders`, the
    highest first."""
    orders = facts.once(known_cases)
    now = orders.loc[cases_of(facts, "escalated_on").index, "complaint_no"]
    rows = facts.once(service_orders)
    return rows[is_escalated(rows) & ((rows["order_state"] != "closed") | rows["complaint_no"].isin(now))]


def orders_repeated(facts: Facts) -> pd.DataFrame:
    """The orders received in the month that repeat another; `reaches` province where the chain is so long."""
    least = facts.profile.thresholds.get(PROVINCE)
    rows = facts.once(service_orders)
    again = rows[rows["complaint_no"].isin(facts.once(repeated_orders)["complaint_no"])]
    long = pd.Series(False, index=again.index) if least is None else again["chain"] >= least
    return again.assign(reaches=pd.Series("bureau", index=again.index, dtype="str").mask(long, "province"))


def orders_out_of_order(facts: Facts) -> pd.DataFrame:
    """The orders whose days, filled in by several, do not follow each other: `service_orders`, with `earlier` and
    `later`, the names of the two days."""
    return out_of_order(facts.once(service_orders), (("received_on", "resolved_on"), *DESK_ORDER), NUMBER)


def order_of_steps(month: Month, rows: pd.DataFrame) -> list[Problem]:
    """A note for each row of `orders_out_of_order`."""
    return order_notes(FORM, NUMBER, month, records(rows))


def _by_kind(facts: Facts) -> pd.DataFrame:
    received = cases_of(facts, "received_on").assign(orders_received=1, orders_open=0)
    still_open = facts.once(open_cases).assign(orders_received=0, orders_open=1)
    both = pd.concat([received, still_open], ignore_index=True)
    return both.groupby(["manager_id", "category"])[["orders_received", "orders_open"]].sum().reset_index()


_STYLES = (
    *((one, "day") for one in ("received_on", "dispatched_on", "due_on", "resolved_on", "follow_up_on",
                               "escalated_on")),
    ("days_overdue", "number0"), ("days", "number0"), ("chain", "number0"),
)  # fmt: skip
_SHOWN = (
    "order_state", "days_overdue", "complaint_no", "category", "customer_name", "description", "manager_id",
    "engineer_name", "department", "received_on", "due_on", "resolved_on", "escalation",
)  # fmt: skip
LISTS = {
    "service_orders": Listing(
        service_orders, ("days_overdue", "received_on", "complaint_no"), frozenset({"days_overdue"}),
        ListFrame(
            _SHOWN, ("order_state", ("overdue", "open", "unknown", "closed")), needs=(FORM,), form=FORM,
            styles=_STYLES, long=("description",), row_key="complaint_no",
        ),
        rules=("order_overdue",),
    ),
    "orders_escalated": Listing(
        orders_escalated, ("escalation", "escalated_on", "complaint_no"), frozenset({"escalation"}),
        ListFrame(
            ("escalation", "complaint_no", "category", "customer_name", "description", "manager_id", "engineer_name",
             "department", "escalated_on", "first_handling", "supervision", "order_state"),
            needs=(f"{FORM}.escalated_on",), form=FORM, styles=_STYLES,
            long=("description", "first_handling", "supervision"), row_key="complaint_no",
        ),
        rules=("order_escalated",),
    ),
    "orders_repeated": Listing(
        orders_repeated, ("chain", "received_on", "complaint_no"), frozenset({"chain"}),
        ListFrame(
            ("reaches", "chain", "complaint_no", "category", "customer_name", "description", "manager_id",
             "engineer_name", "department", "received_on", "order_state"),
            needs=(FORM,), form=FORM, styles=_STYLES, long=("description",), row_key="complaint_no",
        ),
        rules=("order_repeated",),
    ),
    "orders_out_of_order": Listing(orders_out_of_order, (NUMBER,), problems=order_of_steps),
}  # fmt: skip
SUMS = {
    "orders_by_kind": Sums(
        "category", ("orders_received", "orders_open"), _by_kind, FORM,
        shown=SumFrame(
            FORM, ("category",),
            (Measure("orders_received", share=True, better="lower"), Measure("orders_open", changes=False)),
            needs=(FORM,),
        ),
    ),
}  # fmt: skip
