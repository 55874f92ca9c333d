"""Staffing rule by rule: outlets just below, at and above what each asks by."""

import pandas as pd
import pytest
from staffing_builder import JUNE, PROFILE, asked, listed, manager, masters, outlet

from pipeline.base.calendar import Month
from pipeline.subjects.staffing.told import staffing


def told(row: dict[str, object]) -> tuple[object, object, object, object]:
    return row["asked"], row["full_time"], row["there"], row["gap"]


@pytest.mark.parametrize(
    ("kind", "near_market", "count", "full_time"),
    [
        ("sub_branch", True, 1, True),
        ("sub_branch", False, 1, False),  # part-time will do
        ("agency", True, 1, True),
        ("agency", False, 0, False),
        ("business", True, 0, False),
        ("county", True, 0, False),
    ],
)
def test_retail_is_full_time_near_a_market_and_part_time_will_do_at_other_sub_branches(
    kind, near_market, count, full_time
) -> None:
    row = asked("retail", masters([outlet(kind, near_market=near_market)]))
    assert (row["asked"], row["full_time"]) == (count, full_time)


@pytest.mark.parametrize("kind", ["sub_branch", "agency", "business", "county"])
@pytest.mark.parametrize(("business", "count"), [(True, 1), (False, 0)])
def test_corporate_is_asked_wherever_there_is_corporate_business(kind, business, count) -> None:
    row = asked("corporate", masters([outlet(kind, corporate_business=business)]))
    assert (row["asked"], row["full_time"]) == (count, False)


@pytest.mark.parametrize(
    ("kind", "credit", "count"),
    [
        ("business", True, 3), ("business", False, 0), ("county", True, 1), ("county", False, 0),
        ("sub_branch", True, 1), ("sub_branch", False, 0), ("agency", True, 0),
    ],
)  # fmt: skip
def test_credit_is_three_for_a_business_department_and_one_elsewhere_with_credit(kind, credit, count) -> None:
    assert asked("credit", masters([outlet(kind, credit=credit)]))["asked"] == count


@pytest.mark.parametrize(("there", "gap"), [(2, 1), (3, 0), (4, 0)])
def test_a_business_department_with_two_three_and_four_credit_managers(there, gap) -> None:
    keys = [f"B{number}" for number in range(there)]
    own = masters(
        [outlet("business", credit=True)],
        [manager(one, "credit") for one in keys],
        [(one, "O1", "credit", True) for one in keys],
    )
    assert told(asked("credit", own)) == (3, False, there, gap)


@pytest.mark.parametrize(
    ("area", "prime", "busy", "full_time", "unmet"),
    [
        (199.9, True, True, False, "area_m2"),
        (200.0, True, True, True, ""),
        (200.1, True, True, True, ""),
        (250.0, True, False, False, "busy"),
        (250.0, False, True, False, "prime_site"),
        (199.9, False, False, False, "area_m2,busy,prime_site"),
    ],
)
def test_lobby_is_full_time_only_where_all_three_ask_for_it(area, prime, busy, full_time, unmet) -> None:
    row = asked("lobby", masters([outlet(area_m2=area, prime_site=prime, busy=busy)]))
    assert (row["asked"], row["full_time"], row["unmet"]) == (1, full_time, unmet)


@pytest.mark.parametrize(
    ("customers", "count"), [(0, 0), (299, 0), (300, 1), (301, 1), (599, 1), (600, 2), (650, 2), (900, 3)]
)
def test_one_wealth_manager_for_three_hundred_converted_large_customers_rounded_down(customers, count) -> None:
    row = asked("wealth", masters([outlet(large_customers=customers)]))
    assert (row["asked"], row["full_time"], row["basis"]) == (count, False, customers)


@pytest.mark.parametrize(("managers", "count"), [(0, 0), (2, 0), (3, 1), (4, 1), (5, 1), (6, 2)])
def test_one_product_manager_for_three_customer_managers_of_a_branch_rounded_down(managers, count) -> None:
    own = [manager(f"B{number}", "retail") for number in range(managers)]
    row = asked("product", masters(managers=own))
    assert (row["asked"], row["there"], row["gap"], row["basis"]) == (count, 0, count, managers)


def test_who_has_no_customers_of_their_own_is_no_customer_manager() -> None:
    roles = ("retail", "corporate", "product", "risk", "lending")
    row = asked("product", masters(managers=[manager(f"B{one}", one) for one in roles]))
    assert (row["basis"], row["asked"], row["there"]) == (2, 0, 1)


def test_managers_of_another_branch_are_not_counted() -> None:
    own = [manager("B1"), manager("B2"), manager("B3", region="R2")]
    rows = staffing(JUNE, masters(managers=own, regions=("R1", "R2")), PROFILE)
    assert rows["basis"].tolist() == [2, 1] and rows["asked"].tolist() == [0, 0]


def test_where_full_time_is_asked_part_time_does_not_do() -> None:
    own = masters([outlet(near_market=True)], [manager("B1")], [("B1", "O1", "retail", False)])
    row = asked("retail", own)
    assert told(row) == (1, True, 0, 1)
    assert row["there_part"] == 1


def test_where_part_time_will_do_either_does() -> None:
    for full_time in (True, False):
        own = masters([outlet()], [manager("B1")], [("B1", "O1", "retail", full_time)])
        assert told(asked("retail", own)) == (1, False, 1, 0)


def test_a_post_of_another_outlet_or_role_fills_no_gap() -> None:
    posts = [("B1", "O2", "retail", True), ("B1", "O1", "lobby", True)]
    own = masters([outlet(), outlet(key="O2")], [manager("B1")], posts)
    rows = staffing(JUNE, own, PROFILE).set_index(["outlet_id", "role"])
    assert rows.loc[("O1", "retail"), "gap"] == 1
    assert rows.loc[("O2", "retail"), "gap"] == 0
    assert rows.loc[("O1", "lobby"), "gap"] == 0


@pytest.mark.parametrize(
    ("left", "started", "gap"),
    [
        (None, "2020-01-01", 0),
        ("2024-06-29", "2020-01-01", 1),
        ("2024-06-30", "2020-01-01", 0),  # there on the last day
        (None, "2024-06-30", 0),
        (None, "2024-07-01", 1),
    ],
)
def test_who_is_there_on_the_last_day_counts(left, started, gap) -> None:
    own = masters([outlet()], [manager("B1", started=started, left=left)], [("B1", "O1", "retail", True)])
    assert asked("retail", own)["gap"] == gap


@pytest.mark.parametrize(
    ("role", "kind", "fact"),
    [
        ("retail", "agency", "near_market"),
        ("corporate", "county", "corporate_business"),
        ("credit", "business", "credit"),
        ("wealth", "county", "large_customers"),
    ],
)
def test_an_outlet_of_which_a_fact_is_not_filled_in_is_asked_for_nobody_knows_what(role, kind, fact) -> None:
    row = asked(role, masters([outlet(kind, **{fact: None})]))
    assert pd.isna(row["asked"]) and pd.isna(row["gap"]) and row["why"] == "unknown"


def test_what_is_not_filled_in_does_not_matter_where_another_fact_decides() -> None:
    facts = {"area_m2": None, "prime_site": True}
    assert asked("lobby", masters([outlet(busy=False, **facts)]))["full_time"] == False  # noqa: E712 - may be missing
    assert pd.isna(asked("lobby", masters([outlet(busy=True, **facts)]))["asked"])
    assert asked("credit", masters([outlet("agency", credit=None)]))["asked"] == 0


def test_the_outlet_of_the_case() -> None:
    """O1: a sub-branch near a market, corporate business and credit, 250 m², prime, not busy, 650 large customers."""
    facts = {
        "near_market": True, "corporate_business": True, "credit": True, "area_m2": 250.0, "prime_site": True,
        "busy": False, "large_customers": 650,
    }  # fmt: skip
    people = [manager("B1", "retail"), manager("B2", "credit"), manager("B3", "product", "2023-03-01")]
    posts = [("B1", "O1", "retail", False), ("B2", "O1", "credit", True), ("B3", "O1", "product", True)]
    own = masters([outlet(**facts)], people, posts)
    rows = staffing(JUNE, own, PROFILE).set_index("role")
    found = {role: told(dict(rows.loc[role])) for role in rows.index}
    assert found == {
        "retail": (1, True, 0, 1), "corporate": (1, False, 0, 1), "credit": (1, False, 1, 0),
        "lobby": (1, False, 0, 1), "wealth": (2, False, 0, 2), "product": (0, False, 1, 0),
    }  # fmt: skip
    assert rows.loc["lobby", "unmet"] == "busy"
    assert listed(own) == [("B3", "due")]


# ---- the list for the competition


@pytest.mark.parametrize(
    ("started", "month", "standing"),
    [
        ("2023-06-30", JUNE, [("B9", "due")]),  # a year on the last day
        ("2023-07-01", JUNE, []),
        ("2023-07-01", JUNE + 1, [("B9", "due")]),
        ("2024-02-29", Month(2025, 1), []),
        ("2024-02-29", Month(2025, 2), [("B9", "due")]),
        (None, JUNE, [("B9", "no_day")]),
    ],
)
def test_a_product_manager_with_a_year_in_post_is_on_the_list(started, month, standing) -> None:
    assert listed(masters(managers=[manager("B9", "product", started)]), month) == standing


def test_where_a_branch_lacks_one_its_customer_managers_with_a_year_are_candidates() -> None:
    own = [manager("B1"), manager("B2", started="2024-01-01"), manager("B3", "credit", "2019-01-01")]
    assert listed(masters(managers=own)) == [("B3", "candidate"), ("B1", "candidate")]  # the longest in post first
    assert listed(masters(managers=own[:2])) == []  # two: nobody is asked for
    assert listed(masters(managers=[*own, manager("B9", "product", "2024-05-01")])) == []  # and nobody is lacking
