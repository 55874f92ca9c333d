"""What must not matter does not: the order of rows and files, and what managers, areas and customers are called. And
parts add up: what is counted of areas and managers is the whole's."""

import re
from pathlib import Path

import pandas as pd
import pytest
from cable_small import SETTINGS, small_tables
from properties import assert_adds_up, assert_same_but_for_codes, metrics_of, otherwise, reported, until

from pipeline.base.calendar import Month

pytestmark = pytest.mark.slow  # another run of three months
MONTHS = ("2024-01", "2024-02", "2024-03")
CODE = re.compile(r"(?<![A-Za-z0-9])([HKAB])(\d?)(?![A-Za-z0-9])")
SUMS = ("households", "active", "fee_due", "new_households", "lost_households", "net_change", "group_customers")
CODES = ("manager_id", "region_id", "customer_id")
FIRST = Month(2023, 12)


@pytest.fixture(scope="module")
def plain(cable_plain: Path) -> pd.DataFrame:
    return metrics_of(cable_plain, MONTHS)


def test_the_order_of_rows_and_the_codes_change_no_figure(plain: pd.DataFrame, tmp_path: Path) -> None:
    early = MONTHS[:2]
    tables = otherwise(until(early[-1], small_tables()), CODES, CODE)
    reported(tmp_path / "home", SETTINGS, tables, FIRST)
    assert_same_but_for_codes(metrics_of(tmp_path / "home", early), plain, CODE)


@pytest.mark.parametrize("figure", SUMS)
def test_managers_add_up_to_areas_and_areas_to_the_whole(plain: pd.DataFrame, figure: str) -> None:
    assert_adds_up(plain, figure, MONTHS)
