"""What must not matter to an agency's figures does not: the order of rows, and what anybody is called. And parts add
up: what is counted of managers and teams is the whole's, and stages and states are the whole's too."""

import re
from pathlib import Path

import pandas as pd
import pytest
from agency_small import SETTINGS, small_tables
from properties import assert_adds_up, assert_same_but_for_codes, metrics_of, otherwise, reported, until

from pipeline.base.calendar import Month

pytestmark = pytest.mark.slow
MONTHS = ("2024-02", "2024-03", "2024-05")
CODE = re.compile(r"^([A-Z])(\d?)$")
SUMS = (
    "drafts_written",
    "drafts_open",
    "deals_open",
    "pipeline",
    "contract_amount",
    "receipts",
    "outstanding",
    "past_due",
)
CODES = ("manager_id", "region_id", "customer_id", "draft_no", "deal_no", "contract_no")
FIRST = Month(2024, 1)


@pytest.fixture(scope="module")
def plain(agency_plain: Path) -> pd.DataFrame:
    return metrics_of(agency_plain, MONTHS)


def test_the_order_of_rows_and_all_codes_change_no_figure(plain: pd.DataFrame, tmp_path: Path) -> None:
    early = MONTHS[:2]
    tables = otherwise(until(early[-1], small_tables()), CODES, CODE)
    reported(tmp_path / "home", SETTINGS, tables, FIRST)
    assert_same_but_for_codes(metrics_of(tmp_path / "home", early), plain, CODE)


@pytest.mark.parametrize("figure", SUMS)
def test_managers_add_up_to_teams_and_teams_to_the_whole(plain: pd.DataFrame, figure: str) -> None:
    assert_adds_up(plain, figure, MONTHS)


@pytest.mark.parametrize(("whole", "parts"), [("pipeline", "pipeline_at.")])
def test_stages_add_up_to_the_pipeline(plain: pd.DataFrame, whole: str, parts: str) -> None:
    values = plain["value"].reset_index()
    of_parts = (
        values[values["figure"].str.startswith(parts)].groupby(["month", "level", "entity_id"])["value"].sum()
    )
    wholes = values[values["figure"] == whole].set_index(["month", "level", "entity_id"])["value"]
    pd.testing.assert_series_equal(of_parts.sort_index(), wholes.sort_index(), check_names=False)
