"""Which files go back to their senders in a month, and under which names."""

import hashlib
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from take_in_builder import SETTINGS, filled, sales_rows

from pipeline.base.calendar import Month
from pipeline.contract.problem import Problem
from pipeline.ledger.archive import archived_path
from pipeline.ledger.commit import problems_path, store_problems
from pipeline.ledger.manifest import Manifest, Receipt, Submission
from pipeline.taking.correction_copies import write_corrections
from pipeline.work.sandbox import Sandbox
from schemas.form import Effect

BAD = Problem("whole", "row left out", month="2024-06", form="sales", sheet="销售", cell="F6", column="sold_qty",
              found="abc")  # fmt: skip


def sent(home: Path, data: bytes, name: str, *problems: Problem, run: int = 1, saved_at: str = "") -> Receipt:
    """A file in the archive, and what was found in it."""
    digest = hashlib.sha256(data).hexdigest()
    receipt = Receipt(digest, name, len(data), saved_at or "2024-07-03T09:00:00", run, ("monthly",))
    path = archived_path(home, digest, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    store_problems(home, digest, [replace(problem, file=name) for problem in problems])
    return receipt


def submission(receipt: Receipt, manager: str = "M001") -> Submission:
    return Submission("2024-06", manager, "sales", "accepted", receipt.sha256, "R01", 3, 1, 18_000.0, 6_000.0)


def copies(home: Path, manifest: Manifest, month: Month) -> list[str]:
    lists = {one.sha256: problems_path(home, one.sha256) for one in manifest.receipts}
    digests = {sha256: hashlib.sha256(path.read_bytes()).hexdigest() for sha256, path in lists.items()}
    manifest = replace(manifest, problems=digests)
    folder = home / "out" / str(month)
    folder.mkdir(parents=True)
    with Sandbox(modules=("pipeline.corrections.make",)) as sandbox:
        written = write_corrections(home, month, manifest, SETTINGS, sandbox, folder)
    names = sorted(path.name for path in folder.rglob("*.xlsx"))
    assert sorted(one.file for one in written) == [f"corrections/{name}" for name in names]
    return names


def test_each_file_with_problems_goes_back_in_the_month_of_its_problems(tmp_path):
    bad = sent(tmp_path, filled(sales_rows(3)), "李明.xlsx", BAD)
    good = sent(tmp_path, filled(sales_rows(4)), "王芳.xlsx")
    manifest = Manifest(receipts=(bad, good), submissions=(submission(bad), submission(good, "M002")))
    assert copies(tmp_path, manifest, Month(2024, 6)) == ["李明_待更正.xlsx"]
    assert copies(tmp_path, manifest, Month(2024, 5)) == []
    book = openpyxl.load_workbook(tmp_path / "out" / "2024-06" / "corrections" / "李明_待更正.xlsx")
    assert book["销售"]["F6"].comment.text.startswith("填的是：abc")


def test_a_file_that_a_later_one_replaced_in_full_does_not_go_back(tmp_path):
    first = sent(tmp_path, filled(sales_rows(3)), "李明.xlsx", BAD)
    second = sent(tmp_path, filled(sales_rows(5)), "李明 改.xlsx", BAD, run=2)
    manifest = Manifest(receipts=(first, second), submissions=(submission(first), submission(second)))
    assert copies(tmp_path, manifest, Month(2024, 6)) == ["李明 改_待更正.xlsx"]


def test_two_files_of_one_name_get_two_copies_and_unreadable_ones_a_list(tmp_path):
    unreadable = replace(
        BAD, rule="unreadable_damaged", effect="form left out", month="", sheet="", cell="", column=""
    )
    first = sent(tmp_path, filled(sales_rows(3)), "月报.xlsx", BAD)
    second = sent(tmp_path, b"PK broken", "月报.xlsx", unreadable)
    manifest = Manifest(receipts=(first, replace(second, refused="damaged")), submissions=(submission(first),))
    names = copies(tmp_path, manifest, Month(2024, 6))
    assert names == ["月报_待更正.xlsx", f"月报_待更正_{second.sha256[:8]}.xlsx"]
    book = openpyxl.load_workbook(tmp_path / "out" / "2024-06" / "corrections" / names[1])
    assert book.sheetnames == ["错误清单"]


@pytest.mark.parametrize(
    ("came_on", "effect", "until"),
    [
        ("2024-07-01", "row left out", "2024-07-05"),  # June is due on Friday, the 5th of July
        ("2024-07-05", "row left out", "2024-07-09"),  # on a Friday: two working days later is Tuesday
        ("2024-07-20", "form left out", "2024-07-23"),
        ("2024-07-01", "note", ""),
        ("", "row left out", ""),
    ],
)
def test_the_copy_is_expected_back_by_the_deadline_or_two_working_days_after_it_came(
    tmp_path: Path, came_on: str, effect: Effect, until: str
) -> None:
    receipt = replace(
        sent(tmp_path, filled(sales_rows(3)), "李明.xlsx", replace(BAD, effect=effect)), run_on=came_on
    )
    copies(tmp_path, Manifest(receipts=(receipt,), submissions=(submission(receipt),)), Month(2024, 6))
    book = openpyxl.load_workbook(tmp_path / "out" / "2024-06" / "corrections" / "李明_待更正.xlsx")
    said = str(book["错误清单"]["A5"].value or "")
    assert said == (f"请在 {until} 前（含当日）改好放回收件箱。" if until else "")
