"""A later master that tells a leave of an earlier month has that month looked at again."""

from dataclasses import replace
from pathlib import Path

import pytest
from ledger_home import JUNE, MAY, LedgerHome, sale

from pipeline.base.calendar import Month
from pipeline.ledger.manifest import write_manifest

APRIL = Month(2024, 4)


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
