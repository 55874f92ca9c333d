"""The bank's cases of `../shared/cases/trades`, their rows filled into the real templates and taken from the inbox:
every figure that stands there with its arithmetic, and those that follow from the same rows. Skipped where absent."""

from pathlib import Path

import pandas as pd
import pytest
from bank_small import SETTINGS
from case_home import make_home, tables_of
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.commands.monthly import Asked, run_monthly
from pipeline.commands.period import run_period

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
    "loss_by_categories.all": (28.57, 2, 7),  # K7 and K2 of seven
    "loss_by_categories.1": (33.33, 2, 6),
    "loss_by_categories.2": (0, 0, 1),
    "key_income_share": (29.45, 1250, 4245),
}
# The same of May, beside April.
MAY = {
    "customers": (7, 7, None),
    "aum": (1_110_000, 1_110_000, None),
    "aum_growth": (0.91, 10_000, 1_100_000),
    "income": (4210, 4210, None),
    "profit": (2785, 2785, None),  # 4,210 − 1,425
    "loan_yield": (6.00, 30_000, 500_000),
    "key_share": (57.14, 4, 7),  # K1, K2, K7, K8
    "key_loss_rate": (0, 0, 4),
    "found_rate": (0, 0, 2),
    "upgraded_rate": (0, 0, 3),
    "downgraded_rate": (0, 0, 5),
    "cross_sell_rate": (14.29, 1, 7),  # K1
    "product_coverage": (1.14, 8, 7),
    "wealth_penetration": (28.57, 2, 7),  # K1, K8
    "key_income_share": (37.77, 1590, 4210),  # 480 + 500 + 390 + 220
    "aum_per_card": (185_000, 1_110_000, 6),
}
# Of the second quarter: flows added up, states of June; what is kept and lost would be since March, which is not known.
QUARTER = {
    "customers": (7, 7, None),
    "aum": (820_000, 820_000, None),
    "income": (12_675, 12_675, None),  # 4,220 + 4,210 + 4,245
    "profit": (8573, 8573, None),  # less 1,417, 1,425 and 1,260
    "loan_yield": (6.20, 92_340, 1_490_000),  # 12 × (2,500 + 2,500 + 2,695)
    "new_target_customers": (1, 1, None),
    "key_share": (42.86, 3, 7),
    "key_income_share": (35.19, 4460, 12_675),  # 1,620 + 1,590 + 1,250
    "upgraded_rate": (16.67, 1, 6),
    "downgraded_rate": (10.00, 1, 10),
    "key_growth.personal": (-1, -1, None),
    "cross_sell_rate": (42.86, 3, 7),
    "product_coverage": (1.43, 10, 7),
    "market_share.deposit": (3.90, 390_000, 10_000_000),
    "key_loss_rate": None,
    "found_rate": None,
    "aum_growth": None,
}
# K5's 1,735 by share: 0.3 for B1, 0.7 for B2.
PROFITS = {"B1": 1225 + 520.50, "B2": 25 + 1214.50}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("case") / "home"
    tables = {key: rows for key, rows in tables_of(CASES).items() if not key.startswith(("pay_", "scorecard_"))}
    settings = make_home(home, SETTINGS.format(language="zh"), tables, Month(2024, 4))
    with without_workbooks(but=["2024-06"]):
        run_monthly(home, settings, Asked(workers=1))
    run_period(home, settings, Period.parse("2024-Q2"), workers=1)
    return home


def figures(home: Path, period: str) -> pd.DataFrame:
    rows = pd.read_csv(home / "output" / period / "data" / "metrics.csv", encoding="utf-8-sig")
    return rows.set_index(["entity_id", "figure"])


@pytest.mark.parametrize(
    ("period", "figure"),
    [(name, one) for name, told in (("2024-05", MAY), ("2024-06", JUNE), ("2024-Q2", QUARTER)) for one in told],
)
def test_a_figure_of_the_branch_is_as_worked_out_by_hand(home: Path, period: str, figure: str) -> None:
    rows = figures(home, period)
    expected = {"2024-05": MAY, "2024-06": JUNE, "2024-Q2": QUARTER}[period][figure]
    if expected is None:
        assert ("R1", figure) not in rows.index
        return
    row = rows.loc[("R1", figure)]
    below = None if pd.isna(row["denominator"]) else row["denominator"]
    assert (round(row["value"], 2), row["numerator"], below) == expected


@pytest.mark.parametrize("manager", PROFITS)
def test_profit_of_a_team_customer_counts_by_share(home: Path, manager: str) -> None:
    assert figures(home, "2024-06").loc[(manager, "profit"), "value"] == PROFITS[manager]
