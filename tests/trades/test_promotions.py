"""Promotions: who was settled and reached, and the effect as a difference in differences, worked out by hand."""

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.settings import settings_from
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import count_month
from pipeline.figures.entities import values_of_month, values_together
from pipeline.subjects.promotions.course import promotion_course
from pipeline.subjects.promotions.effect import promotion_effects
from pipeline.subjects.promotions.lists import (
    campaigns,
    effect_by_product,
    effects_told,
    not_reached,
    unconfirmed,
    unsigned,
)
from schemas.form import Context, all_forms
from schemas.in_use import no_rows
from schemas.profile import Profile

JUNE = Month(2024, 6)
# By customer: its grade, and what it bought in March, April, May and June.
BOUGHT = {
    "A": ("2", (10, 12, 14, 20)),  # rises by 8
    "B": ("2", (20, 20, 20, 26)),  # rises by 6
    "P": ("2", (10, 10, 10, 12)),  # the peers rise by 2, 0 and 1: 1 in the mean
    "Q": ("2", (8, 8, 8, 8)),
    "R": ("2", (15, 12, 9, 13)),
    "L": ("4", (5, 5, 5, 9)),  # alone of its grade
}


def profile(**thresholds: float) -> Profile:
    return settings_from({"profile": {"thresholds": thresholds}}).profile


def frame(form: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    columns = {name: [row.get(name) for row in rows] for name in no_rows(form)}
    made = pd.DataFrame(columns).astype(all_forms()[form].dtypes)
    if all_forms()[form].kind == "master":
        return made
    whose = [str(row.get("manager_id", "M1")) for row in rows]
    source = {"source_file": "f.xlsx", "source_sheet": "s", "source_row": range(5, 5 + len(rows))}
    return made.assign(manager_id=whose, region_id="R1", **source)


def month(
    back: int, receipts: list[dict[str, object]], settled: list[dict[str, object]], **changes: dict[str, object]
) -> MonthRows:
    """March (3 back) to June (0); `changes` are of single customers in that month's master data."""
    sales = [
        {"customer_id": one, "product_id": "P1", "order_date": (JUNE + -back).last_day, "sold_qty": bought[3 - back],
         "amount": 1.0}
        for one, (_, bought) in BOUGHT.items()
    ]  # fmt: skip
    customers = [
        {"customer_id": one, "customer_name": one, "manager_id": "M1", "grade": grade, "channel": "grocery",
         "status": "active", **changes.get(one, {})}
        for one, (grade, _) in BOUGHT.items()
    ]  # fmt: skip
    masters = {
        "managers": frame("managers", [{"manager_id": "M1", "region_id": "R1", "manager_name": "M1"}]),
        "customers": frame("customers", customers),
        "products": frame("products", [{"product_id": "P1", "product_name": "金叶"}]),
        "promotion_customers": frame("promotion_customers", settled),
    }
    rows = {"sales": frame("sales", sales), "promotions": frame("promotions", receipts)}
    sent = frozenset(("M1", form) for form in ("sales", "visits", "complaints", "satisfaction"))
    return MonthRows(JUNE + -back, rows, masters, sent)


def receipt(customer: str, day: int = 5, quantity: int = 2, signed: bool = True, campaign: str | None = "X"):
    return {"customer_id": customer, "product_id": "P1", "issued_on": pd.Timestamp(2024, 6, day), "item": "伞",
            "campaign_no": campaign, "quantity": quantity, "customer_signed": signed}  # fmt: skip


def settled(customer: str, day: str = "2024-06-03", campaign: str = "X") -> dict[str, object]:
    return {
        "campaign_no": campaign,
        "product_id": "P1",
        "customer_id": customer,
        "confirmed_on": pd.Timestamp(day),
    }


def facts(
    receipts: list[dict[str, object]],
    of: list[dict[str, object]],
    *,
    months: int = 3,
    given: Profile | None = None,
    then: dict[str, dict[str, object]] | None = None,
) -> Facts:
    """June with so many months before; `then` changes customers in March."""
    earlier = {
        JUNE + -back: month(back, [], of, **(then or {} if back == 3 else {})) for back in range(1, months + 1)
    }
    return Facts(month(0, receipts, of), earlier, given or profile(least_promoted=2))


def values(one: Facts) -> dict[str, float]:
    figures = [figure for figure in all_figures(one.profile) if figure.subject == "promotions"]
    found = values_of_month(count_month(one, figures), figures)
    return found[found["entity_id"] == "R1"].set_index("figure")["value"].to_dict()  # type: ignore[no-any-return]


ALL = [receipt("A"), receipt("A", 20, 3, signed=False), receipt("B", 6, 10), receipt("L", 11)]
SETTLED = [settled("A"), settled("B"), settled("P")]


def test_things_issued_customers_reached_of_those_confirmed_and_signed_receipts() -> None:
    """2 + 3 + 10 + 2 things; A, B, L once each; of A, B, P confirmed A and B; of four receipts three signed."""
    found = values(facts(ALL, SETTLED))
    assert (found["promotion_items"], found["promotion_customers_reached"]) == (17, 3)
    assert (found["promotion_customers_confirmed"], round(found["promotion_reach_rate"], 1)) == (3, 66.7)
    assert found["promotion_signed_rate"] == 75


def test_the_effect_is_the_mean_rise_less_that_of_the_peers() -> None:
    """A 8 − 1 = 7, B 6 − 1 = 5: mean 6; half an interval 12.7062 × √2 ÷ √2; L has no peers and is left out."""
    found = values(facts(ALL, SETTLED))
    assert found["promotion_effect"] == pytest.approx(6)
    assert found["promotion_effect_low95"] == pytest.approx(6 - 12.7062, abs=1e-3)
    assert found["promotion_effect_high95"] == pytest.approx(6 + 12.7062, abs=1e-3)
    assert found["promotion_without_effect"] == 1


def test_of_too_few_customers_no_effect_is_told_but_how_many_there_are() -> None:
    one = facts(ALL, SETTLED, given=profile(least_promoted=3))
    figures = [figure for figure in all_figures(one.profile) if figure.key == "promotion_effect"]
    row = values_of_month(count_month(one, figures), figures).iloc[0]
    assert pd.isna(row["value"]) and row["denominator"] == 2


def test_of_three_months_together_the_effects_of_each_count() -> None:
    one = facts(ALL, SETTLED, given=profile(least_promoted=3))
    figures = [figure for figure in all_figures(one.profile) if figure.key == "promotion_effect"]
    counts = count_month(one, figures)
    assert values_together([counts, counts], figures)["value"].tolist() == pytest.approx([6.0] * 3)


def test_a_customer_not_active_in_all_four_months_is_neither_promoted_nor_peer() -> None:
    """Without R two peers are left: no effect at all."""
    paused = facts(ALL, SETTLED, then={"R": {"status": "paused"}})
    assert promotion_effects(paused)["effect"].isna().all()
    joined = facts(ALL, SETTLED, then={"A": {"joined_on": pd.Timestamp(2024, 4, 1)}})
    told = promotion_effects(joined).set_index("customer_id")["effect"]
    assert pd.isna(told["A"]) and told["B"] == pytest.approx(5)


def test_where_a_month_before_is_not_known_no_effect_is_told() -> None:
    found = values(facts(ALL, SETTLED, months=2))
    assert not [key for key in found if "effect" in key]


def test_a_product_has_its_own_effect_and_says_how_many_were_left_out() -> None:
    told = effect_by_product(effects_told(facts(ALL, SETTLED))).iloc[0]
    assert told[["product_id", "promoted", "left_out", "effect"]].tolist() == ["P1", 3, 1, pytest.approx(6)]


def test_the_lists_name_who_was_not_confirmed_of_too_low_a_grade_unsigned_not_reached() -> None:
    course = promotion_course(facts([*ALL, receipt("Q")], SETTLED))
    assert unconfirmed(course)[["customer_id", "amiss"]].values.tolist() == [["L", "both"], ["Q", "not_confirmed"]]
    assert unsigned(course)["customer_id"].tolist() == ["A"]
    assert not_reached(course)["customer_id"].tolist() == ["P"]
    told = campaigns(course).iloc[0]
    counted = ["confirmed", "of_reached", "given", "not_confirmed", "receipts", "unsigned"]
    assert told[counted].tolist() == [3, 2, 4, 2, 5, 1]


def test_a_receipt_without_a_campaign_is_of_any_that_promotes_its_product() -> None:
    course = promotion_course(facts([receipt("A", campaign=None)], [settled("A")]))
    assert unconfirmed(course).empty and not_reached(course).empty


def test_where_the_office_sends_no_settled_customers_nobody_is_unconfirmed() -> None:
    one = facts(ALL, [])
    assert unconfirmed(promotion_course(one))["amiss"].tolist() == ["low_grade"]
    assert pd.isna(values(one).get("promotion_reach_rate", float("nan")))


def test_a_campaign_that_has_not_begun_is_not_owed_yet() -> None:
    """Settled in May, nothing issued in June: not at work in June."""
    course = promotion_course(facts([], [settled("P", "2024-05-28", "Y")]))
    assert course.empty


def test_who_was_reached_in_the_months_before_is_reached() -> None:
    before = month(1, [{**receipt("A"), "issued_on": pd.Timestamp(2024, 5, 30)}], [settled("A", "2024-05-28")])
    june = month(0, [receipt("B")], [settled("A", "2024-05-28"), settled("B")])
    assert not_reached(promotion_course(Facts(june, {JUNE + -1: before}, profile()))).empty


def test_a_customer_of_too_low_a_grade_is_noted_in_the_form_and_its_row_kept() -> None:
    form, customers = all_forms()["promotions"], month(0, [], []).masters["customers"]
    context = Context(pd.Timestamp(2024, 6, 1), pd.Timestamp(2024, 6, 30), {"customers": customers}, profile())
    broken = [
        (rule.key, rule.effect, at.tolist()) for rule, at in form.broken_rules(frame("promotions", ALL), context)
    ]
    assert broken == [("promotion_grade", "note", [3])]
