"""The rules that forms share, asked of a whole column, say what their words say of each row."""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.contract.master_data import context_of
from pipeline.contract.settings import settings_from
from schemas.form import all_forms
from schemas.lookup import Lookup
from schemas.rules import active_customer, in_month, in_order, known

DAYS = [None, *(pd.Timestamp(2024, month, day) for month, day in ((5, 31), (6, 1), (6, 15), (6, 30), (7, 1)))]
CUSTOMERS = pd.DataFrame(
    [
        {"customer_id": f"{number:02d}", "joined_on": joined, "left_on": left, "status": status}
        for number, (joined, left, status) in enumerate(product(DAYS, DAYS, ["active", "paused", None]))
    ]
).astype({"customer_id": "str", "joined_on": "datetime64[ns]", "left_on": "datetime64[ns]", "status": "str"})
CONTEXT = context_of(Month(2024, 6), {"customers": CUSTOMERS}, settings_from({}).profile)


def held(rule: Any, rows: pd.DataFrame) -> list[bool]:
    """Whether a rule holds, row by row."""
    return rule.ok(rows, CONTEXT).to_numpy(dtype=bool, na_value=True).tolist()


@pytest.mark.parametrize("strictly", [False, True])
@pytest.mark.parametrize(
    ("dtype", "values"),
    [("datetime64[ns]", DAYS), ("Int64", [None, 0, 5, 9]), ("float64", [None, 0.5, 1.0, np.nan])],
)
def test_of_two_values_the_later_is_not_less_and_a_missing_one_is_in_order(dtype, values, strictly):
    pairs = list(product(values, values))
    rows = pd.DataFrame(
        {
            name: pd.Series(list(side), dtype=dtype)
            for name, side in zip("ab", zip(*pairs, strict=True), strict=True)
        }
    )
    expected = [pd.isna(a) or pd.isna(b) or a < b or (a == b and not strictly) for a, b in pairs]
    assert held(in_order("a", "b", "", "", strictly=strictly), rows) == expected


def test_a_day_lies_in_the_month_from_its_first_to_its_last():
    rows = pd.DataFrame({"day": pd.Series(DAYS, dtype="datetime64[ns]")})
    assert held(in_month("day"), rows) == [True, False, True, True, True, False]


def test_a_customer_is_active_who_has_joined_has_not_left_and_is_not_paused():
    cases = list(product([*CUSTOMERS.itertuples(), None], DAYS))
    rows = pd.DataFrame(
        {
            "customer_id": pd.Series([one.customer_id if one else "unknown" for one, _ in cases], dtype="str"),
            "day": pd.Series([day for _, day in cases], dtype="datetime64[ns]"),
        }
    )
    expected = [
        not (one and (one.status == "paused" or (day is not None and (day < one.joined_on or day > one.left_on))))
        for one, day in cases
    ]
    assert held(active_customer("day"), rows) == expected


def test_rules_may_ask_after_other_codes_in_between():
    found = Lookup(CUSTOMERS)
    ours, others = pd.Series(["00", "01", None], dtype="str"), pd.Series(["x", "02"], dtype="str")
    for _ in range(2):
        assert found.places(ours).tolist() == [0, 1, -1]
        assert found.places(others).tolist() == [-1, 2]


def test_broken_rules_are_told_with_the_rows_that_break_them():
    sales = all_forms()["sales"]
    rows = sales.empty().reindex([5, 6])
    rows["customer_id"] = pd.Series(["00", "unknown"], index=[5, 6], dtype="str")
    rows["order_date"] = pd.Timestamp(2024, 7, 1)
    found = {rule.key: list(index) for rule, index in sales.broken_rules(rows, CONTEXT)}
    assert found == {known("customer_id", "").key: [6], in_month("order_date").key: [5, 6]}
