"""What a manager is paid in a month, worked out by hand."""

from decimal import Decimal

import pandas as pd
import pytest
from pay_builder import manager, month_pay, profile, terms

from pipeline.base.calendar import Month
from pipeline.subjects.pay.money import cents_of, exact, share_of
from pipeline.subjects.pay.of_month import cents_for_products

JUNE = Month(2024, 6)


def paid(month: Month = JUNE, scores: dict[str, float] | None = None, **given) -> pd.Series:
    """The row of one manager B2, credit unless told otherwise, with a score of 90.2."""
    who, own = given.pop("who", manager("B2")), given.pop("terms", [terms("B2")])
    return month_pay(month, [who], own, {"B2": 90.2} if scores is None else scores, **given).pay.iloc[0]


def test_performance_is_the_roles_unit_times_the_score_and_part_of_it_is_deferred() -> None:
    row = paid()
    assert (row["base"], row["allowance"]) == (300_000, 80_000)
    assert (row["performance"], row["deferred"], row["parts"]) == (451_000, 180_400, 36)  # 50 × 90.2; 40 %
    assert row["state"] == "counted"


def test_other_roles_defer_nothing() -> None:
    row = paid(who=manager("B2", "retail"))
    assert (row["performance"], row["deferred"]) == (360_800, 0)  # 40 × 90.2


def test_halves_of_a_cent_are_rounded_up() -> None:
    assert cents_of(exact(45.5) * exact(90.23)) == 410_547  # 4,105.465
    assert share_of(5, Decimal("0.1")) == 1
    assert paid(scores={"B2": 90.2347})["performance"] == 451_174  # 4,511.735


@pytest.mark.parametrize(
    ("started", "left", "days", "base", "allowance"),
    [
        ("2020-01-01", None, 30, 300_000, 80_000),
        ("2024-06-30", None, 1, 10_000, 2_667),  # 800 ÷ 30 = 26.666…
        ("2024-06-11", None, 20, 200_000, 53_333),  # 533.333…
        ("2020-01-01", "2024-06-01", 1, 10_000, 2_667),
        ("2024-06-05", "2024-06-11", 7, 70_000, 18_667),  # 186.666…
    ],
)
def test_base_and_allowance_go_by_calendar_days_in_office(started, left, days, base, allowance) -> None:
    row = paid(who=manager("B2", started=started, left=left))
    assert (row["days"], row["days_of_month"]) == (days, 30)
    assert (row["base"], row["allowance"]) == (base, allowance)
    assert row["performance"] == 451_000  # the score is of the days in office already


def test_who_has_left_before_the_month_or_comes_after_it_is_not_paid() -> None:
    for who in (manager("B2", left="2024-05-31"), manager("B2", started="2024-07-01")):
        assert month_pay(JUNE, [who], [terms("B2")], {"B2": 90}).pay.empty


def test_without_a_score_performance_is_open_and_never_nothing() -> None:
    row = paid(scores={})
    assert row["state"] == "no_score"
    assert pd.isna(row["performance"]) and pd.isna(row["deferred"])
    assert row["base"] == 300_000


def test_a_score_of_nothing_is_a_score() -> None:
    row = paid(scores={"B2": 0})
    assert (row["performance"], row["deferred"], row["state"]) == (0, 0, "counted")


def test_a_score_that_rests_on_too_little_pays_nobody_yet() -> None:
    row = paid(thin=["B2"])
    assert (row["score"], row["state"]) == (90.2, "few_known")
    assert pd.isna(row["performance"])


def test_without_terms_or_a_unit_it_is_said_which_is_missing() -> None:
    without = paid(terms=[])
    assert without["state"] == "no_terms"
    assert pd.isna(without["base"]) and pd.isna(without["allowance"])
    assert without["performance"] == 451_000
    assert paid(who=manager("B2", "lobby"))["state"] == "no_role"


def test_units_and_allowances_change_from_their_month_on() -> None:
    who, own = manager("B2", "wealth"), [terms("B2", grade="g5")]
    june, july = (paid(month, who=who, terms=own) for month in (JUNE, JUNE + 1))
    assert (june["performance"], july["performance"]) == (270_600, 410_410)  # 30 and 45.5 × 90.2
    january = paid(Month(2025, 1), who=who, terms=own)
    assert (june["allowance"], january["allowance"]) == (50_000, 55_555)
    assert (june["deferred"], june["parts"]) == (54_120, 12)


def test_by_products_units_are_paid_at_their_price_and_stand_beside_the_score() -> None:
    units = pd.DataFrame(
        {"manager_id": ["B2", "B2", "B2"], "product_id": ["L1", "F1", "D1"], "units": [7, -1, 50]}
    )
    products = pd.DataFrame({"product_id": ["L1", "F1", "D1"], "pay_per_unit": [30.0, 40.55, None]})
    cents = cents_for_products(units, products)
    assert cents == {"B2": 16_945}  # 210.00 − 40.55; nothing is told of D1
    by_score, by_products = paid(products=cents), paid(products=cents, of=profile("products"))
    assert (by_score["by_score"], by_score["by_products"], by_score["performance"]) == (451_000, 16_945, 451_000)
    assert (by_products["by_score"], by_products["performance"]) == (451_000, 16_945)
    assert by_products["deferred"] == 6_778  # 40 %
    assert paid(of=profile("products"))["state"] == "no_products"
