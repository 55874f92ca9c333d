"""The agency's cases of `../shared/cases/trades`, their rows filled into the real templates and taken from the inbox:
every figure that stands there with its arithmetic, and those that follow from the same rows. Skipped where absent."""

from pathlib import Path

import pandas as pd
import pytest
from agency_small import SETTINGS
from case_home import make_home, tables_of
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.commands.monthly import Asked, run_monthly

CASES = Path(__file__).parents[3] / "shared" / "cases" / "trades" / "agency"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")]
TEAM = pd.DataFrame({"region_id": ["G"], "region_name": ["一部"]})
# By figure of the whole in June: value (two decimals), numerator, denominator (None where there is none).
JUNE = {
    "drafts_written": (5, 5, None),
    "drafts_shown_customers": (3, 3, None),
    "first_acceptance": (50.00, 1, 2),
    "small_in_talks": (2, 2, None),
    "prospects_in_talks": (1, 1, None),
    "win_rate": (66.67, 2, 3),
    "deals_won": (2, 2, None),
    "pipeline": (130_000, 130_000, None),
    "weighted_pipeline": (82_000, 82_000, None),  # 0.7 × 100,000 + 0.4 × 30,000
    "contract_amount": (225_000, 225_000, None),
    "receipts": (45_000, 45_000, None),
    "drafts_at.accepted": (2, 2, None),
    "drafts_at.with_superior": (1, 1, None),
    "drafts_at.drafting": (1, 1, None),
    "drafts_at.given_up": (1, 1, None),
    "drafts_at.revise": (0, 0, None),
    "rounds_to_acceptance": (1.50, 3, 2),  # D1 in its second round, D2 in its first
    "days_to_acceptance": (10.00, 20, 2),  # 20 May to 5 June, 3 to 7 June
    "outstanding": (240_000, 240_000, None),  # 325,000 − 85,000
    "past_due": (40_000, 40_000, None),  # HT01, due on 15 June
    "receipt_rate": (26.15, 85_000, 325_000),
}


@pytest.fixture(scope="module")
def june(tmp_path_factory) -> pd.DataFrame:
    home = tmp_path_factory.mktemp("case") / "home"
    tables = {"regions": TEAM, **tables_of(CASES)}
    settings = make_home(home, SETTINGS.format(language="zh"), tables, Month(2024, 5))
    with without_workbooks(but=["2024-06"]):
        run_monthly(home, settings, Asked(workers=1))
    rows = pd.read_csv(home / "output" / "2024-06" / "data" / "metrics.csv", encoding="utf-8-sig")
    return rows.set_index(["entity_id", "figure"])


@pytest.mark.parametrize("figure", JUNE)
def test_a_figure_of_the_agency_is_as_worked_out_by_hand(june: pd.DataFrame, figure: str) -> None:
    row = june.loc[("ALL", figure)]
    below = None if pd.isna(row["denominator"]) else row["denominator"]
    assert (round(row["value"], 2), row["numerator"], below) == JUNE[figure]


def test_a_manager_who_sent_nothing_in_may_owes_nothing_that_is_known(june: pd.DataFrame) -> None:
    known = june["value"].dropna().index
    assert ("G1", "outstanding") in known and ("G2", "outstanding") not in known
