"""What stands on the list of the committee's meeting (trades.md section 3), and why.

An order is listed that is open and escalated, open and overdue, received in the month though one of the same customer
and kind was closed shortly before, or open with more than one department: it was passed on to another than its
engineer's, or what else is open of its customer lies with another. So is an open need of such a customer.
"""

import re
from collections.abc import Mapping

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.facts import LOOK_BACK_MONTHS, Facts
from pipeline.figures.grain import names_by_customer, regions_by_manager
from pipeline.subjects.complaints.cases import days_overdue, is_overdue, known_cases, open_cases
from pipeline.subjects.needs.cases import open_needs
from pipeline.subjects.orders.cases import departments_of, is_escalated, repeated_orders

ORDERS, NEEDS, ACTIONS, ENGINEERS = "complaints", "needs", "actions", "engineers"
REASONS = ("escalated", "overdue", "departments", "repeated")  # the gravest first
COLUMNS = (
    "region_id", "manager_id", "item", "number", "customer_id", "customer_name", "category", "description", "reasons",
    "gravity", "escalation", "days_overdue", "times", "departments", "owner", "since", "decision", "decided",
    "source_file", "source_sheet", "source_row",
)  # fmt: skip
_NUMBER = re.compile(r"[0-9A-Za-z]+(?:[-_/][0-9A-Za-z]+)*")


def agenda(facts: Facts) -> pd.DataFrame:
    """One row per order or need on the list: COLUMNS. `reasons` are those of REASONS that hold, joined by commas;
    `gravity` is the place among them of the gravest, by which the list is ordered; `since` the first day from which one
    of them does; `times` how often an order has come in a row; `owner` who is to
    see to it; `decision` the last that was decided, and `decided` when (a day, or the month of the report)."""
    rows = pd.concat([_orders(facts), _needs(facts)], ignore_index=True)
    regions = rows["manager_id"].map(facts.once(regions_by_manager)).astype("str")
    named = rows.assign(
        region_id=regions.fillna(rows["region_id"].astype("str")),
        customer_name=rows["customer_id"].map(facts.once(names_by_customer)),
    )
    gravest = named["reasons"].astype("str").str.split(",").str[0]
    named = named.assign(gravity=gravest.map({one: place for place, one in enumerate(REASONS)}).astype("Int64"))
    return _with_decisions(named, facts).reindex(columns=list(COLUMNS)).reset_index(drop=True)


def _orders(facts: Facts) -> pd.DataFrame:
    """The orders on the list, without names and decisions."""
    cases, still_open = facts.once(known_cases), facts.once(open_cases)
    times = facts.once(repeated_orders).set_index("complaint_no")["chain"]
    several = departments_by_customer(facts)
    is_open = cases.index.isin(still_open.index)
    late = cases.index.isin(still_open.index[is_overdue(still_open, facts)])
    departments = cases["customer_id"].map(several).where(is_open)
    told = cases.assign(
        item="order",
        number=cases["complaint_no"],
        escalated=is_open & is_escalated(cases),
        overdue=late,
        repeated=cases["complaint_no"].isin(times.index),
        several=departments.notna(),
        departments=departments,
        times=cases["complaint_no"].map(times).astype("Int64"),
        days_overdue=days_overdue(cases["due_on"], facts).where(late),
        owner=_owner(cases, facts),
    )
    starts = {
        "escalated": told["escalated_on"] if "escalated_on" in told else told["received_on"],
        "overdue": told["due_on"],
        "repeated": told["received_on"],
        "several": told["received_on"],
    }
    since = pd.concat([day.where(told[name].astype(bool)) for name, day in starts.items()], axis=1).min(axis=1)
    listed = told.assign(since=since, reasons=_reasons(told))
    return listed[listed["reasons"] != ""]


def _reasons(told: pd.DataFrame) -> pd.Series:
    columns = {"departments": "several"}  # there is a column of that name already
    named = [told[columns.get(name, name)].map({True: name, False: ""}) for name in REASONS]
    texts = [",".join(one for one in row if one) for row in zip(*named, strict=True)]
    return pd.Series(texts, index=told.index, dtype="str")


def _owner(cases: pd.DataFrame, facts: Facts) -> pd.Series:
    """The engineer's name, else who handles it; missing where nobody is told: it is then its manager's."""
    names = facts.master(ENGINEERS)
    none = pd.Series(pd.NA, index=cases.index, dtype="str")
    handler = cases["handler"].astype("str") if "handler" in cases else none
    if names.empty or "engineer_id" not in cases:
        return handler
    by_code = names.drop_duplicates("engineer_id").set_index("engineer_id")["name"]
    named = cases["engineer_id"].map(by_code).astype("str")
    return named.where(named.notna(), handler)


def departments_by_customer(facts: Facts) -> Mapping[str, str]:
    """By customer of whose open orders and needs more than one department is concerned: their keys, joined by commas.
    An order concerns the department it was given to, and the one in charge where it was passed on."""
    orders, needs = facts.once(open_cases), facts.once(open_needs)
    pairs = [rows[["customer_id", "department"]] for rows in (orders, needs)]
    pairs.append(orders[["customer_id"]].assign(department=departments_of(orders, facts)))
    told = pd.concat(pairs, ignore_index=True).astype("str").dropna().drop_duplicates()
    joined = told.sort_values("department").groupby("customer_id")["department"].agg(list)
    return {str(code): ",".join(several) for code, several in joined.items() if len(several) > 1}


def _needs(facts: Facts) -> pd.DataFrame:
    """The open needs of customers with whom more than one department is concerned."""
    rows = facts.once(open_needs)
    several = rows["customer_id"].map(departments_by_customer(facts))
    return rows.assign(
        item="need",
        number=rows["need_no"],
        category=rows["topic"],
        reasons="departments",
        departments=several,
        since=rows["raised_on"],
        times=pd.Series(pd.NA, index=rows.index, dtype="Int64"),
        days_overdue=pd.Series(pd.NA, index=rows.index, dtype="Int64"),
    )[several.notna()]


def _with_decisions(rows: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """With what was decided last: the newest action whose words name the number; else the supervision of the order."""
    decided = decisions(facts)
    found = [decided.get(str(one)) for one in rows["number"]]
    none = pd.Series(pd.NA, index=rows.index, dtype="str")
    pressed = rows["supervision"].astype("str") if "supervision" in rows else none
    day = rows["escalated_on"].dt.strftime("%Y-%m-%d") if "escalated_on" in rows else none
    action, when, owner = (
        pd.Series([None if one is None else one[place] for one in found], index=rows.index, dtype="str")
        for place in range(3)
    )
    named = owner.where(owner.notna(), rows["owner"].astype("str") if "owner" in rows else none)
    return rows.assign(
        decision=action.where(action.notna(), pressed),
        decided=when.where(action.notna(), day.where(pressed.notna())),
        owner=named,
    )


def decisions(facts: Facts) -> Mapping[str, tuple[str, str, str | None]]:
    """By each number that the words of an action name: what is to be done, the month of the newest report that says so,
    and who is to do it (None where nobody is named)."""
    found: dict[str, tuple[str, str, str | None]] = {}
    for month, rows in _actions(facts):
        for row in rows.sort_values(["manager_id", "topic", "problem"]).to_dict("records"):
            words = " ".join(str(row[one]) for one in ("topic", "problem", "countermeasure") if pd.notna(row[one]))
            owner = str(row["owner"]) if pd.notna(row["owner"]) else None
            for number in _NUMBER.findall(words):
                found.setdefault(number, (str(row["countermeasure"]), str(month), owner))
    return found


def _actions(facts: Facts) -> list[tuple[Month, pd.DataFrame]]:
    """The actions of the month and of those looked back on, newest first."""
    back = [facts.before(step) for step in range(1, LOOK_BACK_MONTHS + 1)]
    return [(one.month, one.frame(ACTIONS)) for one in (facts, *back) if one is not None]
