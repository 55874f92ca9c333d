"""Steps of orders and needs that several filled in: out of order, or with one missing between two."""

from typing import cast

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.contract.facts import Facts
from pipeline.subjects.needs.lists import needs_out_of_order, needs_with_gaps, with_gaps
from pipeline.subjects.orders.lists import order_of_steps, orders_out_of_order
from schemas.needs import REFUSED, STEPS

JUNE = Month(2024, 6)
ORDER_DAYS = ("received_on", "dispatched_on", "escalated_on", "resolved_on", "follow_up_on")
SOURCE = {"source_file": "a.xlsx", "source_sheet": "s", "source_row": 7, "manager_id": "M1"}


class AsPutTogether:
    """Facts in which the rows of a list are these."""

    def __init__(self, number: str, columns: tuple[str, ...], days: dict[str, str]) -> None:
        row = {number: "N1", **SOURCE, **{one: pd.Timestamp(days.get(one)) for one in columns}}
        self.rows = pd.DataFrame([row]).astype(dict.fromkeys(columns, "datetime64[ns]"))

    def once(self, make: object) -> pd.DataFrame:
        return self.rows


def need(**days: str) -> Facts:
    return cast(Facts, AsPutTogether("need_no", (*STEPS, REFUSED), {"raised_on": "2024-06-03", **days}))


def order(**days: str) -> Facts:
    return cast(Facts, AsPutTogether("complaint_no", ORDER_DAYS, {"received_on": "2024-06-03", **days}))


@pytest.mark.parametrize(
    ("days", "missing"),
    [
        ({"reviewed_on": "2024-06-04", "reported_on": "2024-06-05"}, []),
        ({"reported_on": "2024-06-05"}, ["reviewed_on"]),
        ({"reviewed_on": "2024-06-04", "done_on": "2024-06-11"}, ["reported_on"]),  # the first that is missing
        ({"refused_on": "2024-06-05"}, []),  # a need may be refused at any step
    ],
)
def test_a_filled_step_before_before_one_that_was_made_is_told(days: dict[str, str], missing: list[str]) -> None:
    assert needs_with_gaps(need(**days))["earlier"].tolist() == missing


def test_the_note_stands_at_the_missing_step_with_the_day_of_the_one_made() -> None:
    (told,) = with_gaps(JUNE, needs_with_gaps(need(reported_on="2024-06-05")))
    assert (told.rule, told.effect, told.column, told.cell) == ("filled_step_before", "note", "reviewed_on", "A7")
    assert told.details == (("later", "2024-06-05"),)


def test_needs_done_and_refused_are_each_closed_in_their_own_way() -> None:
    assert needs_out_of_order(need(reviewed_on="2024-06-05", reported_on="2024-06-04"))["later"].tolist() == [
        "reported_on"
    ]
    assert needs_out_of_order(need(reviewed_on="2024-06-05", refused_on="2024-06-06")).empty


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        ({"dispatched_on": "2024-06-04", "resolved_on": "2024-06-05", "follow_up_on": "2024-06-06"}, []),
        ({"resolved_on": "2024-06-01"}, ["resolved_on"]),  # the desk's day, before the manager's
        ({"dispatched_on": "2024-06-05", "resolved_on": "2024-06-04"}, ["resolved_on"]),
        ({"resolved_on": "2024-06-05", "follow_up_on": "2024-06-04"}, ["follow_up_on"]),
    ],
)
def test_days_of_an_order_that_do_not_follow_each_other_are_told(days: dict[str, str], wrong: list[str]) -> None:
    told = order_of_steps(JUNE, orders_out_of_order(order(**days)))
    assert [(one.rule, one.column, one.form) for one in told] == [
        ("order_of_steps", one, "complaints") for one in wrong
    ]
