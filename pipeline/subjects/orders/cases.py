"""Orders as they stand at the month's end: repeated ones with their chain, escalated ones, those of a department."""

from collections.abc import Iterable

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.subjects.complaints.cases import REPEAT_DAYS, cases_of, known_cases
from schemas.complaints import NOT_ESCALATED

FORM = "complaints"
COMPLAINT = "complaint"  # the kind of order that counts as a complaint; all others are other orders
ENGINEERS = "engineers"
_SAME = ["customer_id", "category"]


def orders_chained(facts: Facts) -> pd.DataFrame:
    """The known orders with `chain`, which of a chain of repeated ones each is: 1 where it repeats none. One repeats
    another of the same customer and kind that was closed not later than this was received, and not more than the
    profile's `repeat_days` before. Columns of `known_cases`."""
    orders = facts.once(known_cases).sort_values(["received_on", "complaint_no"])
    days = pd.Timedelta(days=facts.profile.thresholds.get("repeat_days", REPEAT_DAYS))
    chain = pd.Series(1, index=orders.index, dtype="int64")
    several = orders[orders.duplicated(_SAME, keep=False)]
    for _, group in several.groupby(_SAME):
        pairs = zip(group["received_on"], group["resolved_on"], strict=True)
        chain.update(pd.Series(_places(list(pairs), days), index=group.index))
    return orders.assign(chain=chain)


def _places(orders: list[tuple[pd.Timestamp, pd.Timestamp]], days: pd.Timedelta) -> list[int]:
    """Which of its chain each order is: of orders of one customer and kind, (received_on, resolved_on), in order."""
    places: list[int] = []
    for received, _ in orders:
        repeated = (
            place
            for place, (_, closed) in zip(places, orders, strict=False)
            if pd.notna(closed) and closed <= received <= closed + days
        )
        places.append(1 + max(repeated, default=0))
    return places


def repeated_orders(facts: Facts) -> pd.DataFrame:
    """The orders received in the month that repeat another: see `orders_chained`."""
    orders = facts.once(orders_chained)
    return orders[(orders["chain"] > 1) & orders["received_on"].between(*_days(facts))]


def escalated_now(facts: Facts) -> pd.DataFrame:
    """The orders escalated in the month, by the day of the escalation."""
    orders = cases_of(facts, "escalated_on")
    return orders[is_escalated(orders)]


def is_escalated(orders: pd.DataFrame) -> pd.Series:
    """Which orders are escalated, to whatever level."""
    return (orders["escalation"].notna() & (orders["escalation"] != NOT_ESCALATED)).fillna(False).astype(bool)


def closed_orders(facts: Facts) -> pd.DataFrame:
    """The orders closed in the month."""
    return cases_of(facts, "resolved_on")


def departments_of(orders: pd.DataFrame, facts: Facts) -> pd.Series:
    """The department that each order was given to: its engineer's, where one is known, else the one in charge."""
    engineers = facts.master(ENGINEERS)
    known = engineers.drop_duplicates("engineer_id").set_index("engineer_id")["department"]
    return orders["engineer_id"].map(known).astype("str").fillna(orders["department"].astype("str"))


def is_passed_on(orders: pd.DataFrame, facts: Facts) -> pd.Series:
    """Which orders the department that they were given to has passed on: another one is in charge."""
    given, charge = departments_of(orders, facts), orders["department"].astype("str")
    return (charge.notna() & given.notna() & (charge != given)).fillna(False).astype(bool)


def count(orders: pd.DataFrame) -> pd.Series:
    """How many orders each manager has."""
    return orders.groupby("manager_id").size()


def are_of(orders: pd.DataFrame, kinds: Iterable[str]) -> pd.Series:
    """Which orders are of some kinds."""
    return orders["category"].isin(list(kinds)).fillna(False).astype(bool)


def _days(facts: Facts) -> tuple[pd.Timestamp, pd.Timestamp]:
    return pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day)
