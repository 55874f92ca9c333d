"""A later master that tells a leave of an earlier month has that month looked at again."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from ledger_home import JUNE, MAY, LedgerHome, sale

from pipeline.base.calendar import Month
from pipeline.ledger.leaves import needed_columns, with_leaves
from pipeline.ledger.manifest import write_manifest
from pipeline.ledger.read import Ledger
from schemas.form import all_forms

APRIL = Month(2024, 4)


def test_rows_get_the_leaving_days_that_only_later_masters_tell() -> None:
    rows = pd.DataFrame({"customer_id": ["C1", "C2", "C3"], "left_on": pd.to_datetime([None, "2024-02-01", None])})
    leaves = pd.Series({"C1": pd.Timestamp(2024, 4, 9), "C2": pd.Timestamp(2024, 4, 9)})
    told = with_leaves("customers", rows, leaves)["left_on"].tolist()
    assert told[:2] == [pd.Timestamp(2024, 4, 9), pd.Timestamp(2024, 2, 1)]
    assert pd.isna(told[2])
    assert with_leaves("customers", rows, leaves[:0]) is rows
    names = rows[["customer_id"]]
    assert with_leaves("customers", names, leaves) is names


def test_to_tell_leaves_the_codes_are_read_too() -> None:
    assert needed_columns("customers", None) is None
    assert needed_columns("customers", ["grade"]) == ["grade"]
    assert needed_columns("customers", ["grade", "left_on"]) == ["grade", "left_on", "customer_id"]


def test_leaves_of_a_month_are_looked_up_once(tmp_path: Path) -> None:
    home = LedgerHome(tmp_path / "home")
    home.masters(APRIL)
    home.run()
    ledger = Ledger(home.home, home.manifest, all_forms())
    first = ledger.leaves_told_later("customers", APRIL)
    assert first.empty
    assert ledger.leaves_told_later("customers", APRIL) is first


@pytest.mark.parametrize(("left_on", "again"), [("2024-04-30", True), ("2024-05-31", False)])
def test_a_leave_of_april_that_junes_master_tells_reopens_april(tmp_path: Path, left_on: str, again: bool) -> None:
    home = LedgerHome(tmp_path / "home")
    home.masters(APRIL)
    for month in (APRIL, MAY):
        home.sends("M001", sale("C001a", 8, month=month), name=f"{month}.xlsx", month=month)
    home.run()
    write_manifest(home.home, replace(home.manifest, pending=()))  # as if reported
    home.masters(JUNE, "主数据六月.xlsx", left={"C001b": left_on})
    home.run()
    assert ("2024-04" in home.manifest.pending) == again
