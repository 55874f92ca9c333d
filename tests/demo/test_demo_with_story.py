"""The whole story of the demo: measures and what became of them, outlooks, enrolments, and a file that waits."""

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.base.csv_cells import read_csv
from pipeline.cli import main
from pipeline.demo.make import make_demo
from pipeline.demo.trade import Beside
from pipeline.trades.tobacco.story import beside
from schemas.form import all_forms

JUNE = Month(2024, 6)


def call(*args: str) -> Result:
    return CliRunner().invoke(main, args, catch_exceptions=False)


def told(months_ago: int, position: int = 0) -> Beside:
    sales = pd.DataFrame({"product_id": ["P1", "P1", "P2"], "sold_qty": [50, "约9", 100]})
    products = pd.DataFrame({"product_id": ["P1", "P2"], "category": ["class1", "class2"]})
    customers = pd.DataFrame(
        {
            "customer_id": ["C1", "C2", "C3"],
            "manager_id": ["M1", "M1", "M2"],
            "joined_on": pd.to_datetime(["2024-06-03", "2020-01-01", "2024-06-04"]),
            "left_on": pd.to_datetime([None, "2024-06-20", None]),
        }
    )
    masters = {"products": products, "customers": customers}
    return Beside(
        JUNE + -months_ago, months_ago, "M1", "李明", position, {"sales": sales}, masters, all_forms(), "zh"
    )


def test_a_manager_expects_so_much_more_or_less_than_the_month_brought() -> None:
    rows = beside(told(0))["outlook"]
    assert dict(zip(rows["category"], rows["volume"], strict=True)) == {"class1": 54, "class2": 108}  # 8 % more
    assert beside(told(0, position=1))["outlook"]["volume"].tolist() == [48, 97]  # 3 % less


def test_who_joined_and_left_in_the_month_is_told_of_the_managers_own_customers() -> None:
    rows = beside(told(0))["enrolments"]
    assert rows[["customer_id", "kind"]].to_numpy().tolist() == [["C1", "join"], ["C2", "leave"]]


def test_one_measure_is_done_in_time_another_drags_on() -> None:
    by_month = [beside(told(ago))["actions"] for ago in (2, 1, 0)]
    assert [rows["status"].tolist() for rows in by_month] == [
        ["in_progress", "not_started"],
        ["done"],
        ["in_progress", "not_started"],
    ]
    assert by_month[0]["problem"][1] == by_month[2]["problem"][0]


def test_earlier_months_have_their_forms_only() -> None:
    assert beside(told(3)) == {}


@pytest.mark.parametrize("form", ["actions", "outlook", "enrolments"])
def test_rows_have_the_columns_of_their_form(form: str) -> None:
    assert list(beside(told(0))[form].columns) == list(all_forms()[form].dtypes)


@pytest.mark.slow
def test_the_last_managers_file_waits_for_the_second_edition(tmp_path: Path) -> None:
    plain, whole = tmp_path / "plain", tmp_path / "whole"
    for home, story in ((plain, False), (whole, True)):
        make_demo(home, managers=2, customers=3, months=2, seed=1, story=story)
    (late,) = (whole / "later").iterdir()
    assert late.read_bytes() == (plain / "inbox" / late.name).read_bytes()
    sent = {file.name for file in (whole / "inbox").iterdir()}
    assert {file.name for file in (plain / "inbox").iterdir()} - sent == {late.name}
    assert sum("对策和预测" in name for name in sent) == 2 + 1  # not of the manager who has not sent June
    assert not (plain / "later").exists()
    assert len(read_csv(whole / "truth" / "sales.csv")) > 0


@pytest.mark.slow
def test_the_head_of_a_region_decides_one_case_that_waits(tmp_path: Path) -> None:
    make_demo(tmp_path, managers=6, customers=30, months=1, seed=1, story=True)
    with without_workbooks():
        assert call("monthly", "--home", str(tmp_path), "--workers", "1", "--quiet").exit_code == 0
    ran = call("trace", "--home", str(tmp_path), "--json", "decisions", "ALL", "2024-06")
    (decided,) = json.loads(ran.output)
    assert (decided["decision"], decided["decided_on"], decided["stands"]) == ("approved", "2024-07-09", True)
    cases = read_csv(tmp_path / "truth" / "complaints.csv")
    (case,) = cases[cases["complaint_no"] == decided["reference"]].to_dict("records")
    assert case["decided_on"] == "" and case["customer_signed_on"] != ""
