"""Who left in May, and is first said to have left in June's master data, has left in May. Worked out by hand."""

from pathlib import Path

import pandas as pd
import pytest
from month_builder import MonthBuilder
from small_ledger import opened

from pipeline.base.calendar import Month
from pipeline.ledger.leaves import months_with_other_leaves
from pipeline.month.opening import Months

APRIL, MAY, JUNE = Month(2024, 4), Month(2024, 5), Month(2024, 6)
FIGURES = ("customers_start", "customers_left", "customers_end")


def month_of(month: Month, **left: str) -> MonthBuilder:
    """A month of M1's customers A, B and C; of those named the day on which its master data say that they left."""
    one = MonthBuilder(month, {"M1": "R1"}, sent=frozenset({("M1", "sales")}))
    for customer in "ABC":
        values = {"left_on": left[customer], "status": "left"} if customer in left else {}
        one.customer(customer, "M1", joined_on="2020-01-01", **values)
        one.sale("M1", customer, "P1", 10, 100.0)
    return one.add("products", product_id="P1", product_name="烟", brand="烟", category="class1")


def base(of: Months, month: Month) -> list[float]:
    """Customers at the month's start, those who left in it, and those at its end."""
    metrics = of.graph.of("metrics", month, ("R1",))
    told = metrics[metrics["entity_id"] == "M1"].set_index("figure")["value"]
    return [told[name] for name in FIGURES]


@pytest.mark.slow
def test_a_leave_on_the_last_day_that_the_next_master_tells_counts_in_its_month(tmp_path: Path) -> None:
    of = opened(tmp_path, [month_of(MAY), month_of(JUNE, A="2024-05-31")])
    assert base(of, MAY) == [3, 1, 2]
    assert base(of, JUNE) == [2, 0, 2]


@pytest.mark.slow
def test_a_leave_told_two_months_later_is_none_of_the_months_between(tmp_path: Path) -> None:
    of = opened(tmp_path, [month_of(APRIL), month_of(MAY), month_of(JUNE, A="2024-04-10")])
    assert [base(of, one) for one in (APRIL, MAY, JUNE)] == [[3, 1, 2], [2, 0, 2], [2, 0, 2]]


@pytest.mark.slow
def test_what_the_months_own_master_tells_stands(tmp_path: Path) -> None:
    of = opened(tmp_path, [month_of(MAY, A="2024-05-08"), month_of(JUNE, A="2024-04-30", B="2024-06-05")])
    assert base(of, MAY) == [3, 1, 2]
    assert base(of, JUNE) == [2, 1, 1]


def test_retention_of_the_month_is_without_whom_the_next_master_tells_to_have_left(tmp_path: Path) -> None:
    of = opened(tmp_path, [month_of(MAY), month_of(JUNE, A="2024-05-31")])
    rates = of.graph.of("metrics", MAY, ("R1",)).set_index(["entity_id", "figure"])["value"]
    assert round(rates["M1", "retention_rate"], 1) == 66.7  # B and C of A, B and C


def test_a_manager_who_left_before_the_month_as_a_later_master_tells_is_not_missing_in_it(tmp_path: Path) -> None:
    def month(one: Month, left: str | None) -> MonthBuilder:
        made = month_of(one)
        for manager, day in (("M1", None), ("M2", left)):
            made.add("managers", manager_id=manager, manager_name=manager, region_id="R1", left_on=day)
        return made

    of = opened(tmp_path, [month(APRIL, None), month(MAY, None), month(JUNE, "2024-04-30")])
    assert [of.shape.known(one).missing.get("sales", frozenset()) for one in (APRIL, MAY)] == [{"M2"}, frozenset()]


def test_only_months_whose_leaves_differ_are_looked_at_again(tmp_path: Path) -> None:
    of = opened(tmp_path, [month_of(APRIL), month_of(MAY), month_of(JUNE, A="2024-05-31")])
    versions = of.ledger.versions
    before = [one for one in versions if one.valid_from < JUNE]
    assert months_with_other_leaves(before, versions, [APRIL, MAY, JUNE]) == {MAY}


def test_a_customer_with_another_row_that_stays_has_not_left(tmp_path: Path) -> None:
    june = month_of(JUNE, A="2024-05-31").customer("A", "M1", joined_on="2024-06-01")
    of = opened(tmp_path, [month_of(MAY), june])
    assert of.ledger.leaves_told_later("customers", MAY).empty
    assert pd.isna(of.ledger.master("customers", MAY)["left_on"]).all()
