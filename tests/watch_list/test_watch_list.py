"""The watch list, worked out by hand: who is under the floor of the grade, and for how many months."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.trade import load_profile
from pipeline.subjects.watch_list.lists import watched

JUNE = Month(2024, 6)
PROFILE = load_profile("bank", {"grade_floors": {"1": 200_000, "2": 100_000}})
Held = Mapping[str, float]  # average AUM by customer


def frame(form: str, rows: Sequence[Mapping[str, Any]], **more: str) -> pd.DataFrame:
    types = PROFILE.forms[form].dtypes
    made = pd.DataFrame({name: [row.get(name) for row in rows] for name in types}).astype(types)
    return made.assign(
        **{name: pd.array([row.get(name, value) for row in rows], dtype="str") for name, value in more.items()}
    )


def rows_of(
    month: Month, held: Held, grades: Mapping[str, str], silent: bool = False, **customer: Any
) -> MonthRows:
    """One manager B1 with customers of these grades and what they hold on average of a deposit; B1 may be silent."""
    customers = [
        {"customer_id": key, "customer_name": key, "manager_id": "B1", "kind": "personal", "grade": grade,
         "status": "active", "joined_on": pd.Timestamp(2020, 1, 1), **customer.get(key, {})}
        for key, grade in grades.items()
    ]  # fmt: skip
    office = {"manager_id": "B1", "manager_name": "甲", "region_id": "R1", "role": "retail"}
    masters = {
        "managers": frame("managers", [office]),
        "regions": frame("regions", [{"region_id": "R1", "region_name": "甲"}]),
        "customers": frame("customers", customers),
        "products": frame("products", [
            {"product_id": "D1", "product_name": "活期", "category": "deposit", "aum": True, "wealth": False},
            {"product_id": "X1", "product_name": "贷款", "category": "loan", "aum": False, "wealth": False},
        ]),
    }  # fmt: skip
    own = [
        {"customer_id": key, "product_id": "D1", "balance": 1.0, "average": amount, "income": 0.0, "cost": 0.0}
        for key, amount in held.items()
    ]
    source = {"manager_id": "B1", "region_id": "R1", "source_file": "f", "source_sheet": "s"}
    holdings = frame("holdings", own, **source).assign(source_row=5)
    sent = frozenset({("B2", "holdings")}) if silent else frozenset({("B1", "holdings")})
    return MonthRows(month, {} if silent else {"holdings": holdings}, masters, sent)


def listed(*months: MonthRows) -> dict[str, tuple[float, int, str, str]]:
    """By customer: short by, months, since, how it is known; the months from the newest back."""
    facts = Facts(months[0], {one.month: one for one in months[1:]}, PROFILE)
    rows = watched(facts)
    return {
        str(one.customer_id): (one.short, one.months_under, one.under_since, one.how_known)
        for one in rows.itertuples()
    }


@pytest.mark.parametrize(
    ("grade", "average", "short"),
    [
        ("1", 199_999.99, 0.01), ("1", 200_000, None), ("1", 200_000.01, None),
        ("2", 99_999, 1), ("2", 100_000, None), ("3", 0, None),
    ],
)  # fmt: skip
def test_under_the_floor_of_the_grade_is_watched_and_at_it_is_not(grade, average, short) -> None:
    told = listed(rows_of(JUNE, {"K": average}, {"K": grade}))
    assert ({key: one[0] for key, one in told.items()} or None) == ({"K": pytest.approx(short)} if short else None)


def test_who_holds_nothing_is_short_by_the_whole_floor() -> None:
    assert listed(rows_of(JUNE, {}, {"K": "2"}))["K"][0] == 100_000


def test_the_months_in_a_row_are_counted_by_the_grade_of_each() -> None:
    june = rows_of(JUNE, {"K": 90_000, "L": 90_000}, {"K": "2", "L": "2"})
    may = rows_of(JUNE + -1, {"K": 95_000, "L": 150_000}, {"K": "2", "L": "2"})
    april = rows_of(JUNE + -2, {"K": 150_000, "L": 90_000}, {"K": "1", "L": "2"})  # under the floor of grade 1
    assert listed(june, may, april) == {
        "K": (10_000, 3, "2024-04", "may_be_longer"),  # March is not known
        "L": (10_000, 1, "2024-06", "exact"),
    }


def test_a_month_in_which_the_grade_has_no_floor_ends_the_row() -> None:
    june, may = rows_of(JUNE, {"K": 1}, {"K": "2"}), rows_of(JUNE + -1, {"K": 1}, {"K": "3"})
    assert listed(june, may)["K"][1:] == (1, "2024-06", "exact")


def test_who_had_not_joined_was_not_under() -> None:
    june, may = rows_of(JUNE, {"K": 1}, {"K": "2"}), rows_of(JUNE + -1, {}, {"L": "3"})
    assert listed(june, may)["K"][1:] == (1, "2024-06", "exact")


def test_a_month_that_the_manager_did_not_send_is_not_known() -> None:
    june, may = rows_of(JUNE, {"K": 1}, {"K": "2"}), rows_of(JUNE + -1, {}, {"K": "2"}, silent=True)
    assert listed(june, may)["K"][1:] == (1, "2024-06", "may_be_longer")
    assert listed(rows_of(JUNE, {}, {"K": "2"}, silent=True)) == {}


def test_firms_and_those_who_have_left_or_paused_are_not_watched() -> None:
    own = {
        "K": {"kind": "corporate"},
        "L": {"status": "left", "left_on": pd.Timestamp(2024, 6, 3)},
        "M": {"status": "paused"},
    }
    assert listed(rows_of(JUNE, {}, dict.fromkeys("KLM", "1"), **own)) == {}
