"""Worked examples of the trade's standard YC/T 455.3-2013, with expected values worked out on paper."""

import math

import pandas as pd
import pytest
from entity_frames import frames_of, made_details
from month_builder import MonthBuilder, facts_of, tobacco

from pipeline.base.calendar import Month
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import count_month
from pipeline.figures.entities import values_of_month
from pipeline.figures.reduce import reduced

JUNE = Month(2024, 6)


def month(back: int) -> MonthBuilder:
    one = MonthBuilder(JUNE + -back, {"M1": "R1"})
    one.add("products", product_id="A1", brand="A").add("products", product_id="A2", brand="A")
    one.add("products", product_id="B1", brand="B")
    for customer in ("C1", "C2", "C3", "C4"):
        one.customer(customer, "M1")
    return one


def quarter() -> list[MonthBuilder]:
    """March: C1 buys A; April: C1, C2 buy A; May: C3 buys B, C1 buys A."""
    march = month(3).sale("M1", "C1", "A1", 1, 1.0)
    april = month(2).sale("M1", "C1", "A1", 1, 1.0).sale("M1", "C2", "A2", 1, 1.0)
    may = (
        month(1)
        .sale("M1", "C3", "B1", 1, 1.0)
        .sale("M1", "C1", "A1", 5, 5.0, closing_stock=4, order_date="2024-05-20")
    )
    return [may, april, march]


def values(*months: MonthBuilder) -> pd.Series:
    figures = tuple(figure for figure in all_figures(tobacco()) if figure.subject == "sales")
    table = values_of_month(count_month(facts_of(*months), figures), figures)
    return table[table["entity_id"] == "M1"].set_index("figure")["value"]


def test_brand_activity_is_this_months_buyers_by_those_of_three_months() -> None:
    june = month(0).sale("M1", "C1", "A1", 3, 3.0).sale("M1", "C1", "B1", 1, 1.0)
    got = values(june, *quarter())
    assert got["brand_activity"] == 200 / 3  # A: C1 of C1, C2; B: C1 of C3: together 2 of 3


def by_brand(level: str, entity: str, *months: MonthBuilder) -> dict[str, tuple[float, float, float]]:
    table = frames_of(made_details(facts_of(*months)), level, entity)["brand_activity"]
    columns = (table[name].tolist() for name in ("customers", "customers_before", "activity"))
    return dict(zip(table["brand"].tolist(), zip(*columns, strict=True), strict=True))


def test_each_brand_has_its_own_activity() -> None:
    june = month(0).sale("M1", "C1", "A1", 3, 3.0).sale("M1", "C1", "B1", 1, 1.0)
    # A: C1 of C1, C2; B: C1 beside C3 who bought it in May
    assert by_brand("manager", "M1", june, *quarter()) == {"A": (1, 2, 50), "B": (1, 1, 100)}


def test_counts_of_brands_add_up_to_the_region_and_rates_do_not() -> None:
    def two(back: int) -> MonthBuilder:
        one = MonthBuilder(JUNE + -back, {"M1": "R1", "M2": "R1"}).add("products", product_id="A1", brand="A")
        for number in range(5):
            one.customer(f"C{number}", "M1" if number < 2 else "M2")
        return one

    may = two(1)
    for customer, manager in (("C0", "M1"), ("C1", "M1"), ("C2", "M2"), ("C3", "M2"), ("C4", "M2")):
        may.sale(manager, customer, "A1", 1, 1.0)
    june = two(0).sale("M1", "C0", "A1", 1, 1.0).sale("M1", "C1", "A1", 1, 1.0).sale("M2", "C2", "A1", 2, 1.0)
    june.sale("M2", "C3", "A1", 1, 1.0).sale("M2", "C3", "A1", -1, -1.0)  # sent back: not ordered
    built = (june, may, two(2), two(3))
    assert by_brand("manager", "M1", *built) == {"A": (2, 2, 100)}
    assert by_brand("manager", "M2", *built)["A"] == (1, 3, pytest.approx(100 / 3))
    assert by_brand("region", "R1", *built) == {"A": (3, 5, 60)}


def test_a_new_brand_has_no_activity_yet_and_none_has_without_three_months() -> None:
    june = month(0).add("products", product_id="N1", brand="N").sale("M1", "C1", "N1", 3, 3.0)
    customers, before, activity = by_brand("manager", "M1", june, *quarter())["N"]
    assert (customers, before) == (1, 0)
    assert math.isnan(activity)
    assert by_brand("manager", "M1", june, *quarter()[:2]) == {}


def test_demand_rate_counts_an_order_even_when_nothing_was_supplied() -> None:
    june = month(0).sale("M1", "C1", "A1", 3, 3.0).sale("M1", "C4", "A1", 0, 0.0, ordered_qty=10)
    assert values(june, *quarter())["demand_rate"] == 200 / 3  # C1, C4 of C1, C2, C3


def test_sell_through_is_what_left_the_shelf_of_what_was_there() -> None:
    june = month(0).sale("M1", "C1", "A1", 6, 6.0, closing_stock=3, order_date="2024-06-20")
    june.sale("M1", "C2", "A1", 9, 9.0, closing_stock=1, order_date="2024-06-20")  # no stock in May: left out
    assert values(june, *quarter())["sell_through"] == 70  # (4 + 6 − 3) ÷ (4 + 6)


def test_company_stock_out_is_order_rows_with_nothing_supplied() -> None:
    june = month(0).sale("M1", "C1", "A1", 0, 0.0, ordered_qty=5).sale("M1", "C1", "A2", 2, 2.0, ordered_qty=5)
    june.sale("M1", "C2", "A1", 2, 2.0, ordered_qty=2).sale("M1", "C3", "A1", -1, -1.0)  # a return is no order
    assert values(june, *quarter())["stock_out_rate"] == 100 / 3


def test_new_and_lost_customers_are_told_only_where_three_months_are_known() -> None:
    june = month(0).sale("M1", "C4", "A1", 3, 3.0)
    full = values(june, *quarter())
    assert full["new_customers"] == 1
    assert full["lost_customers"] == 3
    assert "new_customers" not in values(june, *quarter()[:2])


def test_a_reduced_month_says_the_same_to_later_months() -> None:
    june = month(0).sale("M1", "C1", "A1", 6, 6.0, closing_stock=3, order_date="2024-06-20")
    june.sale("M1", "C4", "A1", 0, 0.0, ordered_qty=10)
    whole = facts_of(june, *quarter())
    small = {one: reduced(rows) for one, rows in whole.earlier.items()}
    figures = tuple(figure for figure in all_figures(whole.profile) if figure.subject == "sales")
    counts = [count_month(facts, figures) for facts in (whole, type(whole)(whole.rows, small, whole.profile))]
    pd.testing.assert_frame_equal(counts[0].by_manager, counts[1].by_manager)
