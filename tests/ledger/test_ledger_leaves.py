"""A later master that tells a leave of an earlier month has that month looked at again."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from ledger_home import JUNE, MAY, LedgerHome, sale

from pipeline.base.calendar import Month
from pipeline.contract.master_data import MasterVersion
from pipeline.ledger.leaves import (
    LEAVING,
    leaves_told_later,
    months_with_other_leaves,
    needed_columns,
    with_leaves,
)
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
    assert needed_columns("regions", ["left_on"]) == ["left_on"]


def version(folder: Path, month: Month, form: str = "customers", **left: str | None) -> MasterVersion:
    """A version of master data from a month on: codes, and the days on which they left."""
    path = folder / f"{form}-{month}.parquet"
    days = pd.to_datetime(pd.Series(list(left.values()), dtype="object"))
    pd.DataFrame({LEAVING[form]: list(left), "left_on": days}).to_parquet(path)
    return MasterVersion(form, month, str(path))


def days(leaves: pd.Series) -> dict[str, str]:
    return {str(code): f"{day:%m-%d}" for code, day in leaves.items()}


def test_leaves_up_to_a_months_end_are_told_by_the_first_version_after_it_that_tells_them(tmp_path: Path) -> None:
    """Asked for May: its own version tells of C1 itself; June's tells of C2 and C3, and July's too late of C2 again."""
    versions = [
        version(tmp_path, JUNE + 1, C2="2024-05-02", C4="2024-05-31", C5="2024-06-01"),
        version(tmp_path, JUNE, C1="2024-05-09", C2="2024-05-20", C3="2024-06-01"),
        version(tmp_path, APRIL, C1="2024-04-09", C9="2024-04-01"),
    ]
    assert days(leaves_told_later(versions, "customers", MAY)) == {"C2": "05-20", "C4": "05-31"}
    assert days(leaves_told_later(versions, "customers", JUNE)) == {"C4": "05-31", "C5": "06-01"}
    assert days(leaves_told_later(versions, "customers", JUNE + 1)) == {}


def test_in_a_month_before_the_first_version_that_one_is_its_own(tmp_path: Path) -> None:
    versions = [version(tmp_path, MAY, C1="2024-03-09"), version(tmp_path, JUNE, C2="2024-03-31", C3="2024-04-01")]
    assert days(leaves_told_later(versions, "customers", Month(2024, 3))) == {"C2": "03-31"}


def test_of_other_forms_and_where_nobody_sent_any_no_leave_is_told(tmp_path: Path) -> None:
    versions = [version(tmp_path, APRIL, C1=None), version(tmp_path, JUNE, C1="2024-04-09")]
    assert days(leaves_told_later(versions, "customers", APRIL)) == {"C1": "04-09"}
    for form in ("products", "managers"):
        assert (leaves_told_later(versions, form, APRIL).empty, leaves_told_later([], form, APRIL).empty) == (
            True,
            True,
        )


def test_who_has_another_row_there_that_has_not_left_has_not_left(tmp_path: Path) -> None:
    path = tmp_path / "twice.parquet"
    left = pd.to_datetime(pd.Series(["2024-04-09", None, "2024-04-02", "2024-04-03"], dtype="object"))
    pd.DataFrame({"manager_id": ["M1", "M1", "M2", "M2"], "left_on": left}).to_parquet(path)
    versions = [version(tmp_path, APRIL, "managers"), MasterVersion("managers", MAY, str(path))]
    assert days(leaves_told_later(versions, "managers", APRIL)) == {"M2": "04-03"}


def test_months_are_looked_at_again_of_which_other_leaves_are_told(tmp_path: Path) -> None:
    before = [version(tmp_path, APRIL, C1=None)]
    after = [*before, version(tmp_path, JUNE, C1="2024-05-09")]
    months = [APRIL, MAY, JUNE]
    assert months_with_other_leaves(before, after, months) == {MAY}
    assert months_with_other_leaves(after, before, months) == {MAY}
    assert months_with_other_leaves(after, after, months) == set()


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
