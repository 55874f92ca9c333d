"""Rules that forms share. Each takes rows and context and tells, row by row, whether it holds.

A comparison with a missing value is false or missing itself: so rules ask what is wrong, not what is right.
"""

from collections.abc import Callable

import pandas as pd

from schemas.form import Context, Form, Rule


def implied_rules(form: Form) -> tuple[Rule, ...]:
    """The rules that follow from a form's columns.

    A value that refers to master data must be in it, or is noted where the row is about something else. A row's date
    lies in the reporting month. A customer is the sender's own (else noted: the row counts for the sender) and was
    active on that day, unless the form tells of customers that come and go.
    """
    rules = [known(one.name, one.refers_to, only_noted=one.only_noted) for one in form.columns if one.refers_to]
    day = form.month_column
    if day is not None and form.traits.case is None:
        rules.append(in_month(day))
    if form.kind == "monthly" and any(column.refers_to == "customers" for column in form.columns):
        rules.append(own_customer())
        if day is not None and not form.traits.of_anyone:
            rules.append(active_customer(day))
    return tuple(rules)


def known(column: str, master: str, *, only_noted: bool = False) -> Rule:
    """The value stands in the master data of the month; where it does not, the row is left out, or it is noted."""
    kept_zh, kept_en = ("；本行已采用", "; the row is kept") if only_noted else ("", "")

    def ok(rows: pd.DataFrame, context: Context) -> pd.Series:
        if master not in context.masters:
            return pd.Series(True, index=rows.index)
        return rows[column].isna() | context.lookup(master).knows(rows[column])

    return Rule(
        f"known_{column}",
        column,
        f"须是主数据中已有的编码，请核对编码或请<office>先建档{kept_zh}",
        f"a code that is in the master data; check it, or ask the office to add it first{kept_en}",
        ok,
        effect="note" if only_noted else "row left out",
        refers_to=master,
    )


def in_month(column: str) -> Rule:
    """The date lies inside the reporting month."""

    def ok(rows: pd.DataFrame, context: Context) -> pd.Series:
        days = rows[column]
        return ~((days < context.month_start) | (days > context.month_end))

    return Rule(
        f"month_{column}",
        column,
        "日期须在报告月份之内；请改正日期，或填入那个月的报表",
        "a date inside the reporting month; correct it, or put the row into that month's form",
        ok,
    )


def by_month_end(day: str) -> Rule:
    """A day that is given is not after the reporting month: what has not happened is not reported."""

    def ok(rows: pd.DataFrame, context: Context) -> pd.Series:
        return rows[day].isna() | (rows[day] <= context.month_end)

    return Rule(
        f"by_month_end_{day}",
        day,
        "日期不得晚于报告月份；还没有发生的请留空",
        "a day not after the reporting month; leave empty what has not happened yet",
        ok,
    )


def own_customer() -> Rule:
    """The customer is assigned to the sender; where it is not, the row counts for the sender and is noted."""

    def ok(rows: pd.DataFrame, context: Context) -> pd.Series:
        if "customers" not in context.masters or "manager_id" not in rows:
            return pd.Series(True, index=rows.index)
        assigned = context.lookup("customers").values(rows["customer_id"], "manager_id")
        return assigned.isna() | (assigned == rows["manager_id"])

    return Rule(
        "own_customer",
        "customer_id",
        "客户档案中该户本月由其他客户经理负责；本行仍计入填报人，请与<office>核对归属",
        "the master data give this customer to another manager this month; the row counts for its sender, "
        "please settle whose customer it is",
        ok,
        effect="note",
    )


def active_customer(day: str) -> Rule:
    """The customer had joined, had not left and was not paused on that day."""

    def ok(rows: pd.DataFrame, context: Context) -> pd.Series:
        if "customers" not in context.masters:
            return pd.Series(True, index=rows.index)
        customers = context.lookup("customers")
        places = customers.places(rows["customer_id"])
        joined = customers.values_at(places, rows.index, "joined_on")
        left = customers.values_at(places, rows.index, "left_on")
        paused = customers.are_at(places, "status", "paused")
        return ~((rows[day] < joined) | (rows[day] > left) | paused)

    return Rule(
        f"active_{day}",
        "customer_id",
        "该客户当日须为在网正常经营（已<join>、未<leave>、未停业）；请核对客户编码和日期",
        "a customer that was active on that day (joined, not left, not paused); check code and date",
        ok,
    )


def filled_if(column: str, other: str, applies: Callable[[pd.Series], pd.Series], zh: str, en: str) -> Rule:
    """`column` is filled wherever `applies` to `other`."""

    def ok(rows: pd.DataFrame, context: Context) -> pd.Series:
        return rows[column].notna() | ~applies(rows[other]).fillna(False).astype(bool)

    return Rule(f"filled_{column}", column, zh, en, ok, reads=(other,))


def in_order(earlier: str, later: str, zh: str, en: str, *, strictly: bool = False) -> Rule:
    """`earlier` does not come after `later` where both are given (nor at the same time, if `strictly`)."""

    def ok(rows: pd.DataFrame, context: Context) -> pd.Series:
        wrong = rows[earlier] >= rows[later] if strictly else rows[earlier] > rows[later]
        return ~wrong.fillna(False).astype(bool)

    return Rule(f"order_{earlier}_{later}", later, zh, en, ok, reads=(earlier,))
