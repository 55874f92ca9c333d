import pickle

import pandas as pd
import pytest
from month_builder import MonthBuilder, facts_of, tobacco

from pipeline.base.calendar import Month
from pipeline.contract.figure import Figure
from pipeline.contract.report import METRIC_COLUMNS
from pipeline.figures.catalogue import all_figures, declares, forget
from pipeline.figures.count import MonthCounts, count_month
from pipeline.figures.metrics import metrics_of_month

JUNE = Month(2024, 6)
# Counting all figures of a month takes a while; these are the ones that the tests below look at.
ASKED_FOR = {
    "volume", "amount", "ordering_rate", "ordering_customers", "amount_per_case", "key_brand_share", "complaints",
    "category_share.class1", "category_share.class5", "on_time_rate", "satisfaction", "plan_completion", "big",
}  # fmt: skip


def metrics(*builders: MonthBuilder, targets: pd.DataFrame | None = None, **changes: object) -> pd.DataFrame:
    """The metrics of the last builder's month; the others are counted too."""
    profile = tobacco(**changes)
    figures = tuple(figure for figure in all_figures(profile) if figure.key in ASKED_FOR)
    counts: dict[Month, MonthCounts] = {}
    months = {one.month: one for one in builders}
    for month in sorted(months):
        earlier = [months[month + -back] for back in (1, 2, 3) if month + -back in months]
        counts[month] = count_month(facts_of(months[month], *earlier, profile=profile), figures)
    last = builders[-1]
    masters = last.build().masters
    return metrics_of_month(last.month, counts, masters["targets"], figures, profile)


def row(frame: pd.DataFrame, figure: str, entity: str = "ALL") -> pd.Series:
    found = frame[(frame["figure"] == figure) & (frame["entity_id"] == entity)]
    assert len(found) == 1, f"{figure} of {entity}: {len(found)} rows"
    return found.iloc[0]


def june() -> MonthBuilder:
    one = MonthBuilder(JUNE)
    one.add("products", product_id="P1", category="class1", brand="A", is_key=True, wholesale_price=100.0)
    one.add("products", product_id="P2", category="class2", brand="B", is_key=False, wholesale_price=50.0)
    for number in (1, 2, 3, 4):
        one.customer(f"C{number}", "M1")
    one.customer("C5", "M2").customer("C6", "M3")
    return one


def test_columns_are_those_of_the_contract() -> None:
    frame = metrics(june().sale("M1", "C1", "P1", 10, 1000.0))
    assert tuple(frame.columns) == METRIC_COLUMNS


def test_returned_goods_lower_volume_and_amount() -> None:
    frame = metrics(june().sale("M1", "C1", "P1", 10, 1000.0).sale("M1", "C1", "P1", -4, -400.0))
    assert row(frame, "volume")["value"] == 6
    assert row(frame, "amount")["value"] == 600


def test_ordering_rate_is_ordering_customers_by_active_customers_of_those_who_reported() -> None:
    one = june().sale("M1", "C1", "P1", 10, 1000.0).sale("M1", "C2", "P1", 5, 500.0)
    one.sale("M1", "C3", "P1", 3, 300.0).sale("M1", "C3", "P1", -3, -300.0).sale("M2", "C5", "P2", 1, 50.0)
    frame = metrics(one)
    assert row(frame, "ordering_rate", "M1")["value"] == 50  # C1, C2 of four; C3 sent all back
    assert row(frame, "ordering_rate", "R1")["value"] == 60  # 3 of 5, not the mean of 50 and 100
    assert row(frame, "ordering_rate")["denominator"] == 5  # M3 sent nothing: unknown, not zero


def test_shares_are_of_the_whole_volume() -> None:
    frame = metrics(june().sale("M1", "C1", "P1", 30, 3000.0).sale("M2", "C5", "P2", 10, 500.0))
    assert row(frame, "category_share.class1")["value"] == 75
    assert row(frame, "category_share.class5")["value"] == 0
    assert row(frame, "key_brand_share", "M2")["value"] == 0
    assert row(frame, "amount_per_case")["value"] == 3500 / 40 * 250


@pytest.mark.parametrize(
    "master, counts",
    [
        ({"joined_on": "2024-06-30"}, True),
        ({"joined_on": "2024-07-01"}, False),
        ({"left_on": "2024-06-01", "status": "left"}, True),
        ({"left_on": "2024-05-31", "status": "left"}, False),
        ({"status": "left"}, False),
        ({"status": "paused"}, False),
    ],
)
def test_a_customer_is_active_that_could_order_on_one_day(master: dict[str, str], counts: bool) -> None:
    one = MonthBuilder(JUNE).customer("C1", "M1").customer("C2", "M1", **master).sale("M1", "C1", "P1", 1, 9.0)
    assert row(metrics(one), "ordering_rate")["denominator"] == 1 + counts


def test_a_nil_return_is_zero_and_nothing_sent_is_a_dash() -> None:
    one = june()
    one.sent = frozenset({("M1", "complaints"), ("M2", "complaints"), ("M3", "sales")})
    frame = metrics(one)
    assert row(frame, "complaints", "M1")["value"] == 0
    assert not ((frame["figure"] == "complaints") & (frame["entity_id"] == "M3")).any()


def test_on_time_counts_the_cases_due_in_the_month_even_when_closed_before_it() -> None:
    may = MonthBuilder(Month(2024, 5)).case("T1", "M1", "C1", "2024-05-30", resolved_on="2024-05-31")
    one = MonthBuilder(JUNE).case("T2", "M1", "C1", "2024-06-03", resolved_on="2024-06-11")  # due 11 June
    one.case("T3", "M1", "C1", "2024-06-04")  # due 12 June (10 June is a holiday), open
    one.case("T4", "M1", "C1", "2024-06-27")  # due in July
    got = row(metrics(may, one), "on_time_rate")
    assert (got["numerator"], got["denominator"]) == (2, 3)


def test_index_weighs_the_dimensions_given() -> None:
    one = MonthBuilder(JUNE).answer("M1", supply=10, manager_service=8, delivery=6)
    # weights .20 .20 .15: (2 + 1.6 + 0.9) ÷ 0.55 × 10 = 81.8182
    assert row(metrics(one), "satisfaction")["value"] == pytest.approx(81.8182, abs=1e-9)


def test_plan_is_done_in_its_week_and_in_the_month() -> None:
    one = MonthBuilder(JUNE).customer("C1", "M1", grade="3", visit_weekday="2")  # due 4 and 18 June
    one.customer("C2", "M1", grade="1", visit_weekday="6")  # due 1, 8, 15, 22, 29 June
    one.visit("M1", "C1", 7).visit("M1", "C1", 24).visit("M1", "C2", 2).visit("M1", "C2", 30)
    got = row(metrics(one), "plan_completion")
    assert (got["numerator"], got["denominator"]) == (3, 7)  # C1: week of 4 June; C2: 1 and 29 June


def test_amounts_grow_in_percent_and_shares_in_points() -> None:
    may = MonthBuilder(Month(2024, 5)).sale("M1", "C1", "P1", 10, 200.0).customer("C1", "M1").customer("C2", "M1")
    one = june().sale("M1", "C1", "P1", 12, 250.0)
    frame = metrics(may, one)
    assert row(frame, "amount")["change"] == 25
    assert row(frame, "ordering_rate")["change"] == -25  # from 50 % (1 of 2) to 25 % (1 of 4)


def test_a_zero_base_gives_no_growth() -> None:
    may = MonthBuilder(Month(2024, 5)).sale("M1", "C1", "P1", 0, 0.0)
    frame = metrics(may, june().sale("M1", "C1", "P1", 12, 250.0))
    assert row(frame, "amount")["previous"] == 0
    assert pd.isna(row(frame, "amount")["change"])


def test_year_to_date_adds_months_and_counts_each_customer_once() -> None:
    may = MonthBuilder(Month(2024, 5)).sale("M1", "C1", "P1", 1, 10.0).sale("M1", "C2", "P1", 1, 10.0)
    one = june().sale("M1", "C1", "P1", 2, 20.5).sale("M2", "C2", "P1", 1, 10.0)
    frame = metrics(may, one)
    assert row(frame, "amount")["ytd"] == 50.5
    assert row(frame, "ordering_customers", "R1")["ytd"] == 2
    assert row(frame, "ordering_customers", "M1")["ytd"] == 2


@pytest.mark.slow
def test_year_to_date_compares_only_with_the_same_months() -> None:
    def year(number: int, *months: int) -> list[MonthBuilder]:
        return [MonthBuilder(Month(number, m)).sale("M1", "C1", "P1", 1, 10.0 * m + number - 2023) for m in months]

    full = metrics(*year(2023, 1, 2), *year(2024, 1, 2))
    assert row(full, "amount")["ytd_yoy"] == pytest.approx((32 - 30) / 30 * 100, abs=1e-6)
    gap = metrics(*year(2023, 2), *year(2024, 1, 2))
    assert pd.isna(row(gap, "amount")["ytd_yoy"])
    assert row(gap, "amount")["yoy"] == 5


def test_targets_are_found_by_name_or_key_and_the_organisation_has_no_code() -> None:
    one = june().sale("M1", "C1", "P1", 12, 250.0)
    one.add("targets", month="2024-06", level="organisation", metric="销售额", target=200.0)
    one.add("targets", month="2024-06", level="manager", entity_id="M1", metric="volume", target=16.0)
    one.add("targets", month="2024-07", level="manager", entity_id="M1", metric="Amount", target=1.0)
    frame = metrics(one)
    assert row(frame, "amount")["completion"] == 125
    assert row(frame, "volume", "M1")["completion"] == 75
    assert pd.isna(row(frame, "amount", "M1")["target"])


def test_ranks_are_within_the_region_and_small_counts_are_not_ranked() -> None:
    one = june().sale("M1", "C1", "P1", 12, 250.0).sale("M2", "C5", "P1", 20, 100.0).sale("M3", "C6", "P1", 1, 1.0)
    frame = metrics(one)
    assert [row(frame, "volume", who)["rank"] for who in ("M1", "M2", "M3", "R1", "R2")] == [2, 1, 1, 1, 2]
    assert pd.isna(row(frame, "ordering_rate", "M1")["rank"])
    assert row(metrics(one, least_count=1), "ordering_rate", "M2")["rank"] == 1


def test_one_declaration_makes_a_figure() -> None:
    def big_orders(facts: object) -> pd.Series:
        return pd.Series({"M1": 3, "M3": 4})

    def maker(profile: object) -> list[Figure]:
        return [Figure("big", "大单", "Big orders", "件", "sales", "大单数", "Big orders", ("sales",), big_orders)]

    declares(maker)
    try:
        frame = metrics(june())
    finally:
        forget(maker)
    assert row(frame, "big")["value"] == 7
    assert "big" not in {figure.key for figure in all_figures(tobacco())}


def test_figures_travel_to_other_processes() -> None:
    figures = all_figures(tobacco())
    assert [figure.key for figure in pickle.loads(pickle.dumps(figures))] == [figure.key for figure in figures]


def test_figures_are_named_once_in_each_language() -> None:
    figures = all_figures(tobacco())
    assert len({figure.zh for figure in figures}) == len({figure.en for figure in figures}) == len(figures)
