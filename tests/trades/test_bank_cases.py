"""The bank's cases of `../shared/cases/trades`, their rows filled into the real templates and taken from the inbox:
every figure that stands there with its arithmetic, and those that follow from the same rows. Skipped where absent."""

from pathlib import Path

import pandas as pd
import pytest
from bank_small import SETTINGS
from case_home import make_home, tables_of
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.commands.monthly import Asked, run_monthly

CASES = Path(__file__).parents[3] / "shared" / "cases" / "trades" / "bank"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")]
# By figure of the branch in June: value (two decimals), numerator, denominator (None where there is none).
JUNE = {
    "customers": (7, 7, None),
    "aum": (820_000, 820_000, None),
    "aum_growth": (-26.13, -290_000, 1_110_000),
    "profit": (2985, 2985, None),
    "loan_yield": (6.60, 32_340, 490_000),
    "new_target_customers": (1, 1, None),
    "key_share": (42.86, 3, 7),
    "market_share.deposit": (3.90, 390_000, 10_000_000),
    "market_share.loan": (12.00, 480_000, 4_000_000),
    "found_rate": (50.00, 1, 2),
    "cross_sell_rate": (42.86, 3, 7),
    "aum_average": (837_000, 837_000, None),
    "key_growth.personal": (-1, -1, None),
    "product_coverage": (1.43, 10, 7),
    "wealth_penetration": (42.86, 3, 7),
    "valuable_customers": (5, 5, None),  # K1, K2, K3, K5, K8
    "key_customers": (3, 3, None),
    "income": (4245, 4245, None),
    "aum_per_card": (136_666.67, 820_000, 6),
    "key_loss_rate": (50.00, 2, 4),  # K7 left; K2's 120,000 are 40 % of 300,000
    "upgraded_rate": (33.33, 1, 3),  # K3 of K3, K5, K6
    "downgraded_rate": (20.00, 1, 5),  # K8 of K1, K2, K5, K7, K8
    "key_age.under_1": (0, 0, None),
    "key_age.from_1": (2, 2, None),  # K2 to the day, K3
    "key_age.from_5": (1, 1, None),  # K1
    "loss_by_categories.1": (33.33, 2, 6),
    "loss_by_categories.2": (0, 0, 1),
    "key_income_share": (29.45, 1250, 4245),
}
# K5's 1,735 by share: 0.3 for B1, 0.7 for B2.
PROFITS = {"B1": 1225 + 520.50, "B2": 25 + 1214.50}


@pytest.fixture(scope="module")
def june(tmp_path_factory) -> pd.DataFrame:
    home = tmp_path_factory.mktemp("case") / "home"
    tables = {key: rows for key, rows in tables_of(CASES).items() if not key.startswith(("pay_", "scorecard_"))}
    settings = make_home(home, SETTINGS.format(language="zh"), tables, Month(2024, 4))
    with without_workbooks(but=["2024-06"]):
        run_monthly(home, settings, Asked(workers=1))
    rows = pd.read_csv(home / "output" / "2024-06" / "data" / "metrics.csv", encoding="utf-8-sig")
    return rows.set_index(["entity_id", "figure"])


@pytest.mark.parametrize("figure", JUNE)
def test_a_figure_of_the_branch_is_as_worked_out_by_hand(june: pd.DataFrame, figure: str) -> None:
    row = june.loc[("R1", figure)]
    below = None if pd.isna(row["denominator"]) else row["denominator"]
    assert (round(row["value"], 2), row["numerator"], below) == JUNE[figure]


@pytest.mark.parametrize("manager", PROFITS)
def test_profit_of_a_team_customer_counts_by_share(june: pd.DataFrame, manager: str) -> None:
    assert june.loc[(manager, "profit"), "value"] == PROFITS[manager]
