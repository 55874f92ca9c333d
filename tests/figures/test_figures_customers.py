import pandas as pd
import pytest
from month_builder import MonthBuilder, facts_of, tobacco

from pipeline.base.calendar import Month
from pipeline.contract.facts import Facts
from pipeline.subjects.evaluation.figures import downgrade_proposals, evaluation, promotion_list
from pipeline.subjects.sales.customers import movements, pareto, stock_health
from pipeline.subjects.trade_standard.figures import new_customers, returning_customers

JUNE = Month(2024, 6)


def month(back: int, *sales: tuple[str, int], joined: dict[str, str] | None = None) -> MonthBuilder:
    """June 2024 or `back` months before it, with six customers of one grade and channel."""
    one = MonthBuilder(JUNE + -back)
    for customer in "ABCDEF":
        on = (joined or {}).get(customer, "2020-01-01")
        one.customer(customer, "M1", grade="2", channel="grocery", joined_on=on)
    for customer, volume in sales:
        one.sale("M1", customer, "P1", volume, volume * 100.0)
    return one


def moved(*months: MonthBuilder) -> pd.DataFrame:
    return movements(facts_of(*months)).set_index("customer_id")


def test_customers_are_held_against_the_average_of_their_grade_and_channel() -> None:
    got = moved(month(0, ("A", 30), ("B", 9), ("C", 12)), month(1, ("A", 20), ("B", 10), ("C", 10), ("D", 11)))
    # D bought before too: 51 now ÷ 51 before = 1.0
    assert got.loc["B", "peer_ratio"] == 1
    assert got["movement"].to_dict() == {
        "A": "up",  # 1.5 > 1.25
        "B": "steady",  # 0.9
        "C": "steady",  # 1.2
        "D": "lost",
        "E": "silent",
        "F": "silent",
    }


def test_slow_growth_among_fast_growing_peers_is_down() -> None:
    got = moved(month(0, ("A", 10), ("B", 40)), month(1, ("A", 10), ("B", 20)))
    assert got.loc["A", "relative"] == pytest.approx(1 / (50 / 30))
    assert got.loc["A", "movement"] == "down"


def test_customers_of_other_regions_are_no_peers() -> None:
    def two_regions(back: int, volume: int) -> MonthBuilder:
        one = month(back, ("A", 10)).customer("Z", "M3", grade="2", channel="grocery", joined_on="2020-01-01")
        return one.sale("M3", "Z", "P1", volume, 100.0)

    facts = facts_of(two_regions(0, 90), two_regions(1, 10))
    # M1 and M2 are of R1, M3 of R2: Z bought nine times as much, which is no measure for A
    got = movements(facts).set_index("customer_id")
    assert got.loc[["A", "Z"], "peer_ratio"].tolist() == [1, 9]
    assert got.loc[["A", "Z"], "movement"].tolist() == ["steady", "steady"]
    ranks = evaluation(facts).set_index("customer_id")["volume_rank"]
    assert ranks[["A", "Z"]].tolist() == [100, 100]


def test_silence_is_counted_in_months_and_not_from_before_joining() -> None:
    joined = {"C": "2024-06-03", "D": "2024-05-20"}
    history = [month(0, joined=joined), month(1, ("A", 1)), month(2, ("B", 1)), month(3, ("E", 2))]
    got = moved(*history)["silent_months"]
    assert got.to_dict() == {"A": 1, "B": 2, "C": 1, "D": 2, "E": 3, "F": 4}


def test_buyers_after_three_months_are_returning_and_first_buyers_new() -> None:
    """C bought in April: a pause of one month makes nobody new."""
    joined = {"B": "2024-03-01"}  # March is the first of the three months before
    june = month(0, ("A", 1), ("B", 1), ("C", 1), joined=joined)
    facts = facts_of(june, month(1), month(2, ("C", 1)), month(3))
    got = movements(facts).set_index("customer_id")["movement"]
    assert got[["A", "B", "C"]].tolist() == ["returning", "new", "idle"]
    assert new_customers(facts).index.get_level_values("customer_id").tolist() == ["A", "B"]
    assert returning_customers(facts).index.get_level_values("customer_id").tolist() == ["A"]


def test_nobody_is_new_where_three_months_are_not_known() -> None:
    assert moved(month(0, ("A", 1)), month(1), month(2)).loc["A", "movement"] == "idle"


def test_tenths_hold_the_greatest_first() -> None:
    frame = pd.DataFrame({"amount_yuan": [*range(1, 21), 0.0]})
    got = pareto(frame)
    assert got["customers"].tolist() == [2] * 10
    assert got.loc[0, "amount_yuan"] == 39
    assert got.loc[0, "cumulative_share"] == pytest.approx(39 / 210 * 100, abs=1e-6)
    assert got.loc[9, "cumulative_share"] == 100


def test_stock_is_high_above_the_limit_and_empty_at_zero() -> None:
    one = month(0)
    for customer, stock in (("A", 36), ("B", 35), ("C", 0)):
        one.sale("M1", customer, "P1", 10, 1.0, closing_stock=stock, order_date="2024-06-20")
    one.sale("M1", "D", "P1", 1, 1.0)
    got = stock_health(facts_of(one)).set_index("customer_id")
    assert got["state"].to_dict() == {"A": "high", "B": "fine", "C": "empty"}


def test_the_latest_stock_counts() -> None:
    one = month(0).sale("M1", "A", "P1", 4, 1.0, closing_stock=9, order_date="2024-06-20")
    one.sale("M1", "A", "P1", 4, 1.0, closing_stock=50, order_date="2024-06-10")
    assert stock_health(facts_of(one)).loc[0, "stock"] == 9


def evaluated(one: MonthBuilder, *earlier: MonthBuilder) -> Facts:
    return facts_of(one, *earlier)


def test_a_score_weighs_the_parts_that_are_known() -> None:
    one = month(0, ("A", 30), ("B", 20), ("C", 10)).visit("M1", "A", 4).visit("M1", "A", 5, price_ok=False)
    got = evaluation(evaluated(one, month(1, ("B", 1)))).set_index("customer_id")
    # A: volume first of six = 100; bought in 1 of 2 months = 50; price 50; display 100; lawful 100
    assert got.loc["A", ["volume_rank", "order_regularity", "price_compliance", "display"]].tolist() == [
        100,
        50,
        50,
        100,
    ]
    expected = (0.25 * 100 + 0.15 * 50 + 0.20 * 50 + 0.10 * 100 + 0.15 * 100) / 0.85
    assert got.loc["A", "score"] == pytest.approx(expected, abs=1e-4)
    assert got.loc["B", "volume_rank"] == 80
    assert got.loc["B", "score"] == pytest.approx((0.25 * 80 + 0.15 * 100) / 0.40, abs=1e-4)


def test_the_weight_of_payment_which_no_form_gives_is_spread_over_the_rest() -> None:
    one = month(0, ("A", 30), ("B", 20)).visit("M1", "A", 4, display_ok=False)
    one.sale("M1", "A", "P2", 10, 1.0, closing_stock=168, order_date="2024-06-20")
    got = evaluation(facts_of(one)).set_index("customer_id")
    # rank 100, regularity 100, price 100, display 0, lawful 100; stock 168 ÷ 40 = 4.2: 100 × (2 − 4.2 ÷ 3.5) = 80
    expected = (0.25 * 100 + 0.15 * 100 + 0.20 * 100 + 0.10 * 0 + 0.15 * 100 + 0.10 * 80) / 0.95
    assert got["payment"].isna().all()
    assert got.loc["A", "score"] == pytest.approx(expected, abs=1e-4)
    without = evaluation(facts_of(one, profile=tobacco(evaluation_weights={"payment": 0.0})))
    pd.testing.assert_frame_equal(without.set_index("customer_id"), got)


def test_only_clean_customers_of_admitted_grades_are_recommended() -> None:
    one = month(0, ("A", 30), ("B", 20), ("C", 10)).visit("M1", "A", 4, price_ok=False, observed_price=9.0)
    one.customer("G", "M1", grade="4", channel="grocery").sale("M1", "G", "P1", 99, 1.0)
    got = promotion_list(facts_of(one, profile=tobacco(thresholds={"promotion_list": 2})))
    assert got["customer_id"].tolist() == ["B", "C"]
    assert got.loc[0, "reasons"] == "order_regularity"
    assert got["place"].tolist() == [1, 2]


def test_a_price_that_is_no_offence_keeps_nobody_from_being_recommended() -> None:
    one = month(0, ("A", 30), ("B", 20)).visit("M1", "A", 4, price_ok=False, observed_price=118.0)
    one.visit("M1", "B", 5, lawful=False).visit("M1", "C", 6, price_ok=False, observed_price=110.0)
    one.add("products", product_id="P9", retail_price=115.0)
    got = promotion_list(facts_of(one, profile=tobacco(thresholds={"promotion_list": 9})))
    assert set(got["customer_id"]) == {"A", "D", "E", "F"}


def test_a_downgrade_comes_with_the_visit_that_shows_the_offence() -> None:
    one = month(0).visit("M1", "A", 4).visit("M2", "B", 5, price_ok=False, observed_price=55.5, source_row=17)
    got = downgrade_proposals(facts_of(one))
    assert len(got) == 1
    assert got.loc[0, ["customer_id", "grade", "proposed_grade", "observed_price"]].tolist() == [
        "B",
        "2",
        "3",
        55.5,
    ]
    assert got.loc[0, ["source_file", "source_sheet", "source_row"]].tolist() == ["M2.xlsx", "visits", 17]
