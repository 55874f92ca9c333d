"""The first trade's case of `../shared/cases/trades`, its rows filled into the real templates and taken from the inbox:
every figure that stands there with its arithmetic. Skipped where the cases are absent."""

from pathlib import Path

import pandas as pd
import pytest
from case_home import make_home, tables_of
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.commands.monthly import Asked, run_monthly

CASE = Path(__file__).parents[3] / "shared" / "cases" / "trades" / "tobacco"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CASE.is_dir(), reason="the cases are not here")]
SETTINGS = """
language = "zh"
[profile]
name = "tobacco"
least_count = 1
[profile.thresholds]
least_promoted = 3
least_controls = 3
training_credits = 24
"""
# By month, entity and figure: value (two decimals), numerator, denominator (None where there is none).
EXPECTED = {
    ("2024-06", "R01", "volume"): (147, 147, None),
    ("2024-06", "R01", "promotion_items"): (24, 24, None),
    ("2024-06", "R01", "promotion_customers_reached"): (4, 4, None),
    ("2024-06", "R01", "promotion_customers_confirmed"): (3, 3, None),  # C1, C2, C4
    ("2024-06", "R01", "promotion_reach_rate"): (66.67, 2, 3),  # C4 was given nothing
    ("2024-06", "R01", "promotion_signed_rate"): (80.00, 4, 5),
    ("2024-06", "R01", "promotion_effect"): (7.00, 21, 3),
    # 7 ± t(0.975, 2) × 2 ÷ √3 = 7 ± 4.302653 × 1.154701 = 7 ± 4.968275
    ("2024-06", "R01", "promotion_effect_low95"): (2.03, 21, 3),
    ("2024-06", "R01", "promotion_effect_high95"): (11.97, 21, 3),
    ("2024-06", "R01", "promotion_without_effect"): (1, 1, None),  # C7: nobody else of 四级
    ("2024-06", "R01", "leads"): (4, 4, None),
    ("2024-06", "R01", "leads_at_once_rate"): (66.67, 2, 3),  # XS001, XS002; XS003 late; XS004 is due on 1 July
    ("2024-06", "R01", "leads_passed_on"): (3, 3, None),
    ("2024-06", "R01", "leads_closed"): (2, 2, None),
    ("2024-06", "R01", "leads_open"): (2, 2, None),
    ("2024-06", "R01", "special_visits"): (3, 3, None),
    ("2024-06", "R01", "special_on_time_rate"): (66.67, 2, 3),  # C5: 13 June, seen on the 17th
    ("2024-06", "M001", "training_credits"): (4, 4, None),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("case") / "home"
    settings = make_home(folder, SETTINGS, tables_of(CASE), Month(2024, 3))
    with without_workbooks(but=["2024-06"]):
        run_monthly(folder, settings, Asked(workers=1))
    return folder


@pytest.fixture(scope="module")
def metrics(home: Path) -> pd.DataFrame:
    rows = pd.read_csv(home / "output" / "2024-06" / "data" / "metrics.csv", encoding="utf-8-sig")
    return rows.set_index(["month", "entity_id", "figure"]).sort_index()


@pytest.mark.parametrize("key", EXPECTED)
def test_a_figure_is_as_worked_out_by_hand(metrics: pd.DataFrame, key) -> None:
    row = metrics.loc[key]
    below = None if pd.isna(row["denominator"]) else row["denominator"]
    assert (round(row["value"], 2), row["numerator"], below) == EXPECTED[key]


def test_credits_of_the_year_leave_out_the_course_not_passed(metrics: pd.DataFrame) -> None:
    """6 + 4; by 30 June 24 × 182 ÷ 366 are asked of a manager in office all the time that was reported."""
    assert metrics.loc[("2024-06", "M001", "training_credits"), "ytd"] == 10


def problems(home: Path) -> pd.DataFrame:
    return pd.read_csv(home / "output" / "2024-06" / "data" / "problems.csv", encoding="utf-8-sig", dtype="str")


def test_the_price_above_the_lowest_guide_price_is_a_note(home: Path) -> None:
    found = problems(home)
    assert found.loc[found["column"] == "实际售价", "found"].tolist() == ["118"]


def test_the_customer_of_too_low_a_grade_is_a_note(home: Path) -> None:
    found = problems(home)
    found = found[found["form"].str.contains("签收单|promotions", na=False)]
    assert found["found"].tolist() == ["C7"]


def test_no_row_is_left_out(home: Path) -> None:
    assert set(problems(home)["effect"]) == {"note"}
