"""Figures of a bank worked out by hand on a small one: stocks from start to end, who is lost until back, shares to the
cent, what is not told and what is a dash."""

from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.slow  # one run of six months
MONTHS = ("2023-12", "2024-01", "2024-02", "2024-03", "2024-04", "2024-05")


@pytest.fixture(scope="module")
def home(bank_plain: Path) -> Path:
    return bank_plain


@pytest.fixture(scope="module")
def told(home: Path) -> pd.DataFrame:
    frames = [
        pd.read_csv(home / "output" / one / "data" / "metrics.csv", encoding="utf-8-sig").assign(month=one)
        for one in MONTHS
    ]
    rows = pd.concat(frames, ignore_index=True)
    return rows[rows["level"] != "outlet"].set_index(["month", "entity_id", "figure"]).sort_index()


def ratio(told: pd.DataFrame, month: str, entity: str, figure: str) -> tuple[float, float | None] | None:
    """What stands above and below the line; None for a dash."""
    key = (month, entity, figure)
    if key not in told.index or pd.isna(told.loc[key, "value"]):
        return None
    row = told.loc[key]
    return round(row["numerator"], 2), None if pd.isna(row["denominator"]) else round(row["denominator"], 2)


JANUARY = {
    "customers": (5, None),
    "key_customers": (3, None),  # C1, C3, C4
    "valuable_customers": (4, None),
    "aum": (650_000, None),  # C1 400, C2 60 + 40, C4 150 thousand; C3 is a company
    "deposits": (1_510_000, None),
    "loans": (190_000, None),
    "income": (1755.01, None),
    "profit": (1204.01, None),
    "aum_growth": (50_000, 600_000),
    "loan_yield": (11_700, 195_000),  # 12 × 975
    "aum_per_card": (650_000, 4),
    "cross_sell_rate": (
        2,
        5,
    ),  # C2 with two; C5 with a loan, and a settlement that has no balance but brings income
    "product_coverage": (7, 5),
    "wealth_penetration": (1, 5),
    "key_share": (3, 5),
    "key_income_share": (650.01, 1755.01),
    "key_loss_rate": (0, 3),
    "key_growth.personal": (0, None),
    "upgraded_rate": (0, 2),
    "downgraded_rate": (0, 4),
    "market_share.deposit": (1_510_000, 15_000_000),
    "contacts": (2, None),
    "key_contacts": (1, None),
    "surveys": (1, None),
    "valid_complaints": (1, None),
    "undecided_complaints": (1, None),
    "units_sold": (3, None),
    "customers_sold_to": (2, None),  # C1 gave back what it bought
    "key_age.from_1": (1, None),  # C4, two days short of three years
    "key_age.from_5": (2, None),
}


@pytest.mark.parametrize("figure", JANUARY)
def test_a_figure_of_january_is_as_worked_out_by_hand(told: pd.DataFrame, figure: str) -> None:
    assert ratio(told, "2024-01", "ALL", figure) == JANUARY[figure]


@pytest.mark.parametrize(
    "figure", ["aum_growth", "key_loss_rate", "upgraded_rate", "found_rate", "aum_bridge.start"]
)
def test_in_the_first_month_there_is_no_start(told: pd.DataFrame, figure: str) -> None:
    assert ratio(told, "2023-12", "ALL", figure) is None


def test_a_customer_that_changed_its_manager_is_neither_new_nor_lost_but_moved(told: pd.DataFrame) -> None:
    """C4's 150,000 go from Q1 to Q2."""
    lines = ("previous", "moved_in", "moved_out", "start", "grown", "end")
    of = {who: [ratio(told, "2024-01", who, f"aum_bridge.{one}") for one in lines] for who in ("Q1", "Q2", "ALL")}
    assert [one[0] for one in of["Q1"] if one] == [600_000, 0, -150_000, 450_000, 50_000, 500_000]
    assert [one[0] for one in of["Q2"] if one] == [0, 150_000, 0, 150_000, 0, 150_000]
    assert [one[0] for one in of["ALL"] if one] == [600_000, 150_000, -150_000, 600_000, 50_000, 650_000]
    assert ratio(told, "2024-01", "Q1", "aum_growth") == (50_000, 450_000)


def test_team_customers_count_by_share_to_the_cent_in_whichever_branch_and_totals_are_the_same(told) -> None:
    """C3's 100.01: a quarter each, 25.00, for Q3 and for Q1 of the other branch; the odd cent stays with Q2."""
    of = {who: ratio(told, "2024-01", who, "profit") for who in ("Q1", "Q2", "Q3", "A", "B")}
    assert of == {
        "Q1": (409.0, None),
        "Q2": (770.01, None),
        "Q3": (25.0, None),
        "A": (409.0, None),
        "B": (795.01, None),
    }
    assert ratio(told, "2024-01", "Q3", "customers") == (0, None)


def test_shares_that_do_not_sum_to_1_are_a_problem_and_replace_nothing(home, told) -> None:
    """A list of nothing else is refused: the shares of before stand. All: 100.01 + 45 + 485, and Q1's 190 + 48 + 27."""
    problems = pd.read_csv(home / "output" / "2024-05" / "data" / "problems.csv", encoding="utf-8-sig")
    assert "shares_sum_to_one" in set(problems["rule"])
    assert ratio(told, "2024-05", "Q3", "profit") == (25.0, None)
    assert ratio(told, "2024-05", "ALL", "profit") == (895.01, None)


def test_who_has_not_reported_is_unknown_and_so_is_the_start_of_the_month_after(told: pd.DataFrame) -> None:
    assert ratio(told, "2024-02", "Q2", "aum") is None
    assert ratio(told, "2024-02", "ALL", "customers") == (3, None)
    assert ratio(told, "2024-03", "Q2", "aum_growth") is None
    assert ratio(told, "2024-03", "ALL", "aum_growth") == (10_000, 270_000)  # Q1's alone


def test_a_key_customer_is_lost_once_and_out_of_the_start_until_it_is_back(told: pd.DataFrame) -> None:
    """C1: 150,000 in February are under half of 400,000; 180,000 in March too; 250,000 in April are not. C4: 70,000 in
    April are under half of (150,000 + 160,000) ÷ 2."""
    rates = [ratio(told, month, "ALL", "key_loss_rate") for month in MONTHS[1:]]
    assert rates == [(0, 3), (1, 1), None, (1, 3), (0, 3)]


def test_over_the_year_the_lost_are_counted_from_its_first_day_and_never_summed(told: pd.DataFrame) -> None:
    """Of C1, C3, C4 at the start of the year C4 is lost in May; C1 is back."""
    assert told.loc[("2024-05", "ALL", "key_loss_rate"), "ytd"] == pytest.approx(100 / 3)


def test_customers_with_potential_are_found_once_they_are_key(told: pd.DataFrame) -> None:
    assert ratio(told, "2024-03", "Q1", "found_rate") == (1, 1)
    assert ratio(told, "2024-03", "Q1", "upgraded_rate") == (1, 2)  # of C2 and C6
    assert ratio(told, "2024-05", "ALL", "downgraded_rate") == (1, 4)


def test_a_deposit_without_a_balance_is_not_held_though_it_brings_income(told: pd.DataFrame) -> None:
    """March: C1 1, C2 2, C6 0."""
    assert ratio(told, "2024-03", "Q1", "product_coverage") == (3, 3)


def test_losses_stand_by_how_many_categories_were_held_at_the_start(told: pd.DataFrame) -> None:
    """February, Q1: C1 held one and is lost, C2 held two."""
    assert ratio(told, "2024-02", "Q1", "loss_by_categories.1") == (1, 1)
    assert ratio(told, "2024-02", "Q1", "loss_by_categories.2") == (0, 1)


def test_market_shares_are_of_branches_and_of_months_whose_market_is_known(told: pd.DataFrame) -> None:
    assert ratio(told, "2024-01", "A", "market_share.deposit") == (460_000, 5_000_000)
    assert ratio(told, "2024-01", "Q1", "market_share.deposit") is None
    assert ratio(told, "2024-01", "A", "market_share.loan") is None
    assert ratio(told, "2024-01", "ALL", "market_share.loan") == (190_000, 2_000_000)
    assert ratio(told, "2024-02", "ALL", "market_share.deposit") is None


def test_aum_loans_and_income_are_forecast(home: Path) -> None:
    rows = pd.read_csv(home / "output" / "2024-05" / "data" / "forecast.csv", encoding="utf-8-sig")
    assert set(rows["measure"]) == {"aum", "loans", "income"}
    for measure in ("aum", "loans", "income"):
        own = rows[rows["measure"] == measure]
        whole = own[own["level"] == "organisation"]["forecast"].iloc[0]
        assert own[own["level"] == "region"]["forecast"].sum() == pytest.approx(whole) and whole > 0
