"""The power bureau's case of `../shared/cases/trades`, its rows filled into the real templates and taken from the
inbox: every figure of these forms that stands there with its arithmetic, and others that follow from the same rows.
Skipped where absent."""

from pathlib import Path

import pandas as pd
import pytest
from case_home import make_home, tables_of
from power_small import SETTINGS
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.commands.monthly import Asked, run_monthly
from pipeline.contract.trade import load_profile

CASES = Path(__file__).parents[3] / "shared" / "cases" / "trades" / "power"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")]
# By figure of the bureau in June: value (two decimals), numerator, denominator (None where there is none).
JUNE = {
    "energy": (350_000, 350_000, None),
    "price_per_kwh": (0.66, 231_500, 350_000),
    "energy.large_industry": (120_000, 120_000, None),
    "energy_of_class.3": (150_000, 150_000, None),
    "on_time_rate": (60.00, 3, 5),
    "complaints": (4, 4, None),
    "complaint_rate": (1.33, 4, 3001),  # 1 + 1 + 1 + 800 + 1,200 + 998 users
    "orders": (7, 7, None),
    "repeat_orders": (2, 2, None),  # W5 after W1, W7 after W2
    "escalated": (1, 1, None),
    "overdue_orders": (1, 1, None),  # W7
    "follow_up_rate": (60.00, 3, 5),
    "satisfied_rate": (66.67, 2, 3),
    "department_rating": (4.00, 16, 4),
    "needs_raised": (3, 3, None),
    "needs_closed": (2, 2, None),
    "need_days.reviewed": (2.00, 7, 3),
    "needs_open": (2, 2, None),
}


@pytest.fixture(scope="module")
def june(tmp_path_factory) -> pd.DataFrame:
    home = tmp_path_factory.mktemp("case") / "home"
    forms = load_profile("power").forms
    tables = {key: rows for key, rows in tables_of(CASES).items() if key in forms}
    settings = make_home(home, SETTINGS.format(language="zh"), tables, Month(2024, 5))
    with without_workbooks(but=["2024-06"]):
        run_monthly(home, settings, Asked(workers=1))
    rows = pd.read_csv(home / "output" / "2024-06" / "data" / "metrics.csv", encoding="utf-8-sig")
    return rows.set_index(["level", "entity_id", "figure"])


@pytest.mark.parametrize("figure", JUNE)
def test_a_figure_of_the_bureau_is_as_worked_out_by_hand(june: pd.DataFrame, figure: str) -> None:
    row = june.loc[("region", "B1", figure)]
    below = None if pd.isna(row["denominator"]) else row["denominator"]
    assert (round(row["value"], 2), row["numerator"], below) == JUNE[figure]


def test_energy_is_held_against_the_month_before(june: pd.DataFrame) -> None:
    assert round(june.loc[("region", "B1", "energy"), "change"], 2) == 16.67


def test_the_satisfaction_of_each_manager_is_over_all_its_answers(june: pd.DataFrame) -> None:
    assert june.loc[("manager", "M1", "satisfaction"), "value"] == 88
    assert june.loc[("manager", "M1", "satisfaction"), "denominator"] == 10


def test_an_engineer_is_told_of_its_own_orders(june: pd.DataFrame) -> None:
    """E1 had W1, W3, W4 and W6, of which three were due in June and in time."""
    assert june.loc[("engineer", "E1", "orders"), "value"] == 4
    assert june.loc[("engineer", "E1", "on_time_rate"), "numerator"] == 3
