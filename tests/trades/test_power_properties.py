"""What must not matter to a power bureau's figures does not: the order of rows, and what anybody is called. And parts
add up: what is counted of managers and bureaus is the whole's, and kinds and tariff classes are the whole's too."""

import re
from pathlib import Path

import pandas as pd
import pytest
from power_small import SETTINGS, small_tables
from properties import assert_adds_up, assert_same_but_for_codes, metrics_of, otherwise, reported, until

from pipeline.base.calendar import Month

pytestmark = pytest.mark.slow
MONTHS = ("2024-02", "2024-03", "2024-05")
CODE = re.compile(r"^([A-Z])(\d?)$")
SUMS = ("energy", "revenue", "orders", "complaints", "needs_raised", "needs_open", "escalated", "orders_open")
CODES = (
    "manager_id",
    "region_id",
    "station_id",
    "leader_id",
    "customer_id",
    "engineer_id",
    "complaint_no",
    "need_no",
)
FIRST = Month(2024, 1)


@pytest.fixture(scope="module")
def plain(power_plain: Path) -> pd.DataFrame:
    return metrics_of(power_plain, MONTHS)


def test_the_order_of_rows_and_all_codes_change_no_figure(plain: pd.DataFrame, tmp_path: Path) -> None:
    early = MONTHS[:2]
    tables = otherwise(until(early[-1], small_tables()), CODES, CODE)
    reported(tmp_path / "home", SETTINGS, tables, FIRST)
    assert_same_but_for_codes(metrics_of(tmp_path / "home", early), plain, CODE)


@pytest.mark.parametrize("figure", SUMS)
def test_managers_add_up_to_bureaus_and_bureaus_to_the_whole(plain: pd.DataFrame, figure: str) -> None:
    assert_adds_up(plain, figure, MONTHS)


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("energy", r"energy\."),
        ("energy", r"energy_of_class\."),
        ("energy", r"energy_of_kind\."),
        ("orders", r"orders\.|complaints$"),
    ],
)
def test_parts_add_up_to_the_whole(plain: pd.DataFrame, whole: str, parts: str) -> None:
    values = plain["value"].reset_index()
    values = values[values["level"] != "engineer"]
    keys = ["month", "level", "entity_id"]
    of_parts = values[values["figure"].str.match(parts)].groupby(keys)["value"].sum(min_count=1)
    wholes = values[values["figure"] == whole].set_index(keys)["value"]
    pd.testing.assert_series_equal(of_parts.sort_index(), wholes.sort_index(), check_names=False)
