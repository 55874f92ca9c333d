"""The course of the feedback form: what each case waits for, step by step; the dates in their order."""

import pandas as pd
import pytest
from test_promotions import frame

from pipeline.contract.trade import load_profile
from pipeline.subjects.complaints.course import waits_for
from schemas.form import Context, all_forms

FORM = all_forms()["complaints"]
DAYS = {name for name, kind in FORM.dtypes.items() if "datetime" in str(kind)}
SIGNED = {"received_on": "2024-06-03", "inspected_on": "2024-06-04", "customer_signed_on": "2024-06-05"}
DECIDED = {**SIGNED, "decision": "approved", "decided_on": "2024-06-06"}
REPLIED = {**DECIDED, "resolved_on": "2024-06-10", "replied_on": "2024-06-11"}


def case(**given: object) -> pd.DataFrame:
    days = {name: pd.Timestamp(str(value)) for name, value in given.items() if name in DAYS}
    known = {"complaint_no": "T1", "customer_id": "A", "category": "product_quality", "description": "霉变"}
    return frame("complaints", [{**known, "product_id": "P1", **given, **days}])


@pytest.mark.parametrize(
    ("given", "waits"),
    [
        ({"received_on": "2024-06-03"}, "inspected"),
        ({"received_on": "2024-06-03", "inspected_on": "2024-06-04"}, "signed"),
        (SIGNED, "decided"),
        ({**SIGNED, "decision": "pending"}, "decided"),
        (DECIDED, "resolved"),
        ({**DECIDED, "decision": "refused"}, "replied"),  # refused: nothing to exchange
        ({**DECIDED, "resolved_on": "2024-06-10"}, "replied"),
        (REPLIED, "confirmed"),
        ({**REPLIED, "customer_confirmed": True}, "done"),
        ({**REPLIED, "customer_confirmed": False}, "refused_by_customer"),
        ({"received_on": "2024-06-03", "category": "request"}, "decided"),  # nothing to inspect
        ({"received_on": "2024-06-03", "category": "service_quality"}, "inspected"),
        ({"received_on": "2024-06-03", "decided_on": "2024-06-06"}, "resolved"),  # a step nobody told is past
    ],
)
def test_a_case_waits_for_the_step_after_the_last_that_was_made(given, waits) -> None:
    assert waits_for(case(**given)).tolist() == [waits]


def test_steps_that_a_trade_has_no_column_for_are_none_of_its_course() -> None:
    short = case(received_on="2024-06-03", inspected_on="2024-06-04").drop(columns=["customer_signed_on"])
    assert waits_for(short).tolist() == ["decided"]


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        (REPLIED, set()),
        ({**SIGNED, "customer_signed_on": "2024-06-03"}, {"order_inspected_on_customer_signed_on"}),
        ({**DECIDED, "customer_signed_on": "2024-06-07"}, {"order_customer_signed_on_decided_on"}),
        (
            {"received_on": "2024-06-03", "customer_signed_on": "2024-06-02"},
            {"order_received_on_customer_signed_on"},
        ),
    ],
)
def test_the_customer_signs_after_the_inspection_and_before_the_decision(given, rules) -> None:
    context = Context(pd.Timestamp(2024, 6, 1), pd.Timestamp(2024, 6, 30), {}, load_profile("tobacco"))
    assert {rule.key for rule, _ in FORM.broken_rules(case(**given), context)} == rules
