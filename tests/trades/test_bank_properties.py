"""What must not matter does not: the order of rows and files, and what managers, branches and customers are called. And
parts add up: what is counted of branches and managers is the whole's, shares of team customers included."""

import re
from pathlib import Path

import pandas as pd
import pytest
from bank_small import SETTINGS, small_tables
from properties import assert_adds_up, assert_same_but_for_codes, metrics_of, otherwise, reported, until

from pipeline.base.calendar import Month

pytestmark = pytest.mark.slow  # another run of four months
MONTHS = ("2024-01", "2024-03", "2024-04")
CODE = re.compile(r"(?<![A-Za-z0-9])([CQAB])(\d?)(?![A-Za-z0-9])")
SUMS = ("customers", "aum", "income", "profit", "loans", "deposits", "units_sold")
CODES = ("manager_id", "region_id", "customer_id")
FIRST = Month(2023, 12)


@pytest.fixture(scope="module")
def plain(bank_plain: Path) -> pd.DataFrame:
    return metrics_of(bank_plain, MONTHS)


def test_the_order_of_rows_and_the_codes_change_no_figure(plain: pd.DataFrame, tmp_path: Path) -> None:
    early = MONTHS[:2]
    tables = otherwise(until(early[-1], small_tables()), CODES, CODE)
    reported(tmp_path / "home", SETTINGS, tables, FIRST)
    assert_same_but_for_codes(metrics_of(tmp_path / "home", early), plain, CODE)


@pytest.mark.parametrize("figure", SUMS)
def test_managers_add_up_to_branches_and_branches_to_the_whole(plain: pd.DataFrame, figure: str) -> None:
    assert_adds_up(plain, figure, MONTHS[1:] if figure != "units_sold" else MONTHS)
