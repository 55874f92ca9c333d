"""Where a list or part begins and ends: exactly on the limit, just under and just over it, worked out by hand."""

import pandas as pd
import pytest
from entity_frames import frames_of, made_details
from month_builder import MonthBuilder, facts_of

from pipeline.base.calendar import Month
from pipeline.subjects.complaints.lists import complaint_cases
from pipeline.subjects.evaluation.figures import evaluation, promotion_list
from pipeline.subjects.sales.customers import movements, stock_health

JUNE, MAY = Month(2024, 6), Month(2024, 5)


def month(one: Month, sales: dict[str, int], joined: dict[str, str] | None = None) -> MonthBuilder:
    builder = MonthBuilder(one)
    for customer in "ABCD":
        on = (joined or {}).get(customer, "2020-01-01")
        builder.customer(customer, "M1", grade="2", channel="grocery", joined_on=on)
    for customer, volume in sales.items():
        builder.sale("M1", customer, "P1", volume, volume * 10.0)
    return builder


def movement(now: dict[str, int], before: dict[str, int]) -> dict[str, str]:
    moved = movements(facts_of(month(JUNE, now), month(MAY, before))).set_index("customer_id")
    return {str(customer): str(one) for customer, one in moved["movement"].items()}


@pytest.mark.parametrize(
    "now, before, expected",
    [
        # both together 20 ÷ 20 = 1: 8 ÷ 10 is 0.8 of it
        ({"A": 8, "B": 12}, {"A": 10, "B": 10}, "steady"),
        ({"A": 79, "B": 121}, {"A": 100, "B": 100}, "down"),
        # 40 ÷ 40 = 1: 25 ÷ 20 is 1.25 of it
        ({"A": 25, "B": 15}, {"A": 20, "B": 20}, "steady"),
        ({"A": 126, "B": 74}, {"A": 100, "B": 100}, "up"),
    ],
)
def test_a_customer_falls_under_four_fifths_and_rises_over_five_fourths(
    now: dict[str, int], before: dict[str, int], expected: str
) -> None:
    assert movement(now, before)["A"] == expected


def kinds(joined: str) -> dict[str, int]:
    now, base = month(JUNE, {"A": 5}, {"A": joined}), month(MAY, {}, {"A": joined})
    made = made_details(facts_of(now, base), facts_of(base))
    table = frames_of(made, "manager", "M1")["growth_by_customers"]
    return {
        str(kind): int(number) for kind, number in zip(table["kind"], table["customers"], strict=True) if number
    }


def test_who_joined_before_the_base_month_resumes_and_who_joined_in_it_starts() -> None:
    assert kinds("2024-04-30") == {"resumed": 1}
    assert kinds("2024-05-01") == {"started": 1}


def test_a_customer_that_only_sent_goods_back_is_neither_stopped_nor_started() -> None:
    now, base = month(JUNE, {"A": -1}), month(MAY, {"A": -3})
    made = made_details(facts_of(now, base), facts_of(base))
    table = frames_of(made, "manager", "M1")["growth_by_customers"].set_index("kind")
    assert table.loc["growing", ["customers", "change"]].tolist() == [1, 20]  # −10 after −30 yuan
    assert table["customers"].sum() == 1


def test_stock_of_three_and_a_half_months_is_fine_and_a_carton_more_is_high() -> None:
    one = month(JUNE, {})
    for customer, stock in (("A", 35), ("B", 36)):
        one.sale("M1", customer, "P1", 10, 1.0, closing_stock=stock, order_date="2024-06-20")
    one.sale("M1", "C", "P1", 0, 0.0, closing_stock=1, order_date="2024-06-20")
    got = stock_health(facts_of(one)).set_index("customer_id")
    assert got["state"].to_dict() == {"A": "fine", "B": "high", "C": "high"}
    assert pd.isna(got.loc["C", "stock_to_sales"])


@pytest.mark.parametrize(
    "stock, part",
    # 100 up to 3.5 times the sales, 0 from 7 times on: 4.2 is a fifth of the way
    [(0, 100), (35, 100), (42, 80), (69, 100 / 35), (70, 0), (105, 0)],
)
def test_the_stock_part_falls_from_the_limit_to_twice_the_limit(stock: int, part: float) -> None:
    one = month(JUNE, {}).sale("M1", "A", "P1", 10, 1.0, closing_stock=stock, order_date="2024-06-20")
    assert evaluation(facts_of(one)).set_index("customer_id").loc["A", "stock_health"] == pytest.approx(part)


def test_a_part_of_ninety_is_a_reason_and_one_just_below_is_not() -> None:
    one = month(JUNE, {"A": 2, "B": 1})
    for number in range(10):
        one.visit("M1", "A", number + 1, display_ok=number > 0)  # 9 of 10
        one.visit("M1", "B", number + 1, display_ok=number > 1)  # 8 of 10
    reasons = promotion_list(facts_of(one)).set_index("customer_id")["reasons"]
    assert "display" in reasons["A"].split(",")
    assert "display" not in reasons["B"].split(",")


def test_a_case_is_overdue_once_the_day_it_was_due_is_over() -> None:
    """May 2024 ends on a Friday. A request has five working days: received on 24 May it is due on the 31st."""
    one = MonthBuilder(MAY).case("T1", "M1", "A", "2024-05-24").case("T2", "M1", "B", "2024-05-23")
    got = complaint_cases(facts_of(one)).set_index("complaint_no")
    assert got["state"].to_dict() == {"T2": "overdue", "T1": "overdue"}
    assert got["days_overdue"].tolist() == [1, 1]
