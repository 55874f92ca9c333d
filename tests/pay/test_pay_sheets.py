"""The pay file as it is planned and written, in both languages."""

import re
import stat
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from pay_builder import claw_back, frame, manager, month_pay, terms

from pipeline.base.calendar import Month
from pipeline.base.private import private_files
from pipeline.contract.settings import settings_from
from pipeline.month.papers import write_papers
from pipeline.subjects.pay.papers import up_to

JUNE = Month(2024, 6)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NAMES = pd.DataFrame({"level": ["region"], "entity_id": ["R1"], "name": ["Branch 1"]})


def written(
    folder: Path, language: str, scores: dict[str, float], by: str = "score"
) -> dict[str, list[list[object]]]:
    """The rows of each sheet of June's file: B2 credit, B3 without a score, B4 gone, B5 without terms."""
    people = [
        manager("B2"), manager("B3"), manager("B4", left="2024-05-31"), manager("B5", "lobby"),
    ]  # fmt: skip
    people = [{**one, "manager_name": f"Name {one['manager_id']}"} for one in people]
    own = [terms("B2"), terms("B3"), terms("B4", opening=(1200, 12))]
    claws = [{**claw_back("K1", "2024-06", "B2", 20), "reason": "bad loan"}]
    months = {}
    for month in (JUNE.before, JUNE):
        told = month_pay(month, people, own, scores, claws if month == JUNE else ())
        managers = frame("managers", people)[["manager_id", "manager_name", "region_id"]]
        months[month] = {
            "pay": told.pay, "openings": told.openings, "claw_backs": told.claw_backs, "people": managers,
        }  # fmt: skip
    settings = settings_from({"language": language, "profile": {"name": "bank", "pay": {"by": by}}})
    write_papers({"pay": up_to(JUNE, months)}, JUNE, 1, NAMES, settings, folder)
    book = openpyxl.load_workbook(folder / "pay" / "pay_2024-06.xlsx")
    return {
        one.title: [[cell for cell in row if cell is not None] for row in one.iter_rows(values_only=True)]
        for one in book.worksheets
    }


def test_who_is_open_is_said_before_any_sum_and_is_in_none(tmp_path: Path) -> None:
    rows = written(tmp_path, "zh", {"B2": 90.2})["薪酬"]
    told = next(number for number, row in enumerate(rows) if row and "2人有未知的项目" in str(row[0]))
    heads = next(number for number, row in enumerate(rows) if "姓名" in row)
    assert told < heads and "Name B3、Name B5" in str(rows[told][0])
    total = next(row for row in rows if row and row[0] == "合计")
    # known of B2 alone: 50 × 90.2, of it 40 %; released 1,804 ÷ 36 of May's and 1,200 ÷ 12 of what B4 had
    assert {4510, 1804, 150.11} <= {one for one in total if isinstance(one, (int, float))}


@pytest.mark.parametrize("by", ["score", "products"])
def test_the_english_file_is_english(tmp_path: Path, by: str) -> None:
    sheets = written(tmp_path, "en", {"B2": 90.2}, by)
    assert list(sheets)[:5] == ["Pay", "Deferred accounts", "Deferred lots", "Claw-backs", "Deferred by month"]
    wrong = [cell for rows in sheets.values() for row in rows for cell in row if CHINESE.search(str(cell))]
    assert wrong == []


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions there")
def test_it_is_closed_where_other_files_are_open(tmp_path: Path) -> None:
    with private_files(False):
        written(tmp_path, "zh", {})
    file = tmp_path / "pay" / "pay_2024-06.xlsx"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
