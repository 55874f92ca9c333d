"""What waits for the head of a region goes out in its workbook, comes back decided, and is told from then on."""

import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from decisions_home import (
    DOWNGRADE,
    LIST,
    REPORT,
    SENT,
    case,
    course,
    filled,
    june_waits,
    read,
    region_book,
    told,
    waiting,
)
from small_home import SmallHome, call, kept_bytes, save_at

from pipeline.base.calendar import Month
from pipeline.contract.form_layout import MONTH, REGION_ID
from pipeline.contract.trade import load_profile
from pipeline.templates.blank import write_blank_templates

pytestmark = pytest.mark.slow

JULY = Month(2024, 7)
THIRD = date(2024, 7, 3)
DECIDED = {
    "T1": ("同意", THIRD, "先换货"),
    DOWNGRADE: ("不同意", None, "先约谈"),
    REPORT: ("退回补充", THIRD, None),
    LIST: ("差不多", THIRD, None),
    "SY2024-06-M002": ("同意", THIRD, None),
}


@dataclass(frozen=True)
class Waiting:
    """The home in which matters wait, and what one run made of: some decisions of R01 of which two cannot be (one
    names a case of R02), and the workbook of R02 without an entry."""

    before: Path
    home: SmallHome
    output: str

    def copy(self, folder: Path) -> SmallHome:
        """A copy of the home after that run."""
        return SmallHome(Path(shutil.copytree(self.home.home, folder)))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Waiting:
    before = tmp_path_factory.mktemp("decisions") / "before"
    june_waits(before)
    home = SmallHome(Path(shutil.copytree(before, before.with_name("home"))))
    filled(home.home, "随便什么名字.xlsx", DECIDED, renamed={"SY2024-06-M002": "T2"})
    shutil.copy(region_book(home.home, "R02"), home.inbox / "没填.xlsx")
    output = home.run().output
    return Waiting(before, home, output)


def problems(home: SmallHome, file: str) -> list[tuple[str, str]]:
    """Cell and rule of each problem of a file."""
    frame = home.csv("problems")
    own = frame[frame["file"] == file]
    return sorted(zip(own["cell"], own["rule"], strict=True))


def outcomes(path: Path, reference: str) -> list[tuple[Any, ...]]:
    """The lines on a matter in the list of what was decided: outcome, day, remark (a dash for what is not told)."""
    return [row[4:7] for row in told(path, reference) if len(row) == 9 and str(row[-1]).endswith(".xlsx")]


def of_manager(home: SmallHome, manager: str, month: str = "2024-06") -> Path:
    (path,) = (home.home / "output" / month / "managers").glob(f"*{manager}*.xlsx")
    return path


def test_what_waits_stands_in_the_workbook_of_its_region(ran: Waiting) -> None:
    assert waiting(ran.before) == ["T1", DOWNGRADE, LIST, REPORT, "SY2024-06-M002"]
    assert waiting(ran.before, "R02")[0] == "T2"
    assert not set(waiting(ran.before, "R02")) & set(waiting(ran.before))


def test_there_are_cells_to_decide_in_with_a_list_and_a_day_and_nothing_else_can_be_typed(ran: Waiting) -> None:
    sheet = read(region_book(ran.before))["待审批"]
    rules = {str(one.sqref)[0]: (one.type, one.formula1) for one in sheet.data_validations.dataValidation}
    assert rules["G"] == ("list", '"同意,不同意,退回补充"')
    assert rules["H"][0] == "date"
    row = next(cell.row for cell in sheet["A"] if cell.value == "T1")
    locked = [sheet.cell(row, column).protection.locked for column in (1, 5, 7, 8, 9)]
    assert locked == [True, True, False, False, False]
    assert sheet.protection.sheet


def test_a_decision_is_told_with_its_case_and_what_then_waits_for_whom(ran: Waiting) -> None:
    headquarters = ran.home.home / "output/2024-06/headquarters.xlsx"
    for book in (region_book(ran.home.home), of_manager(ran.home, "M001"), headquarters):
        timeline, waits = course(book, "T1")
        assert timeline == "受理6.3→查看6.4→客户签字6.5→审批7.3（区域市场经理：同意，先换货）"
        assert waits == "物流中心办理"
        assert outcomes(book, "T1") == [("同意", pd.Timestamp(THIRD), "先换货")]
    assert ran.home.state("R01", "decisions") == "on time"  # it is decided when it is decided


def test_proposals_and_reports_are_decided_too_and_told_to_whom_they_concern(ran: Waiting) -> None:
    book = region_book(ran.home.home)
    assert outcomes(book, DOWNGRADE) == [("不同意", "—", "先约谈")]
    assert outcomes(book, REPORT)[0][0] == "退回补充"
    assert outcomes(of_manager(ran.home, "M001"), REPORT) and not outcomes(of_manager(ran.home, "M002"), REPORT)
    assert not outcomes(region_book(ran.home.home, "R02"), REPORT)


def test_what_is_not_decided_or_cannot_be_waits_on(ran: Waiting) -> None:
    assert waiting(ran.home.home) == [LIST, "SY2024-06-M002"]
    assert waiting(ran.home.home, "R02") == waiting(ran.before, "R02")


def test_what_cannot_be_a_decision_goes_back_marked(ran: Waiting) -> None:
    found = problems(ran.home, "随便什么名字.xlsx")
    assert sorted(rule for _, rule in found) == ["choice", "own_region"]
    copy = read(ran.home.home / "output/2024-06/corrections/随便什么名字_待更正.xlsx")["待审批"]
    assert all(copy[cell].comment is not None for cell, _ in found)


def test_no_figure_changes_and_it_is_no_other_edition(ran: Waiting) -> None:
    assert "仍是第1版" in ran.output
    for name in ("metrics", "findings", "forecast"):
        assert ran.home.csv(name).equals(SmallHome(ran.before).csv(name))


def test_a_workbook_without_an_entry_says_so_and_nothing_goes_back(ran: Waiting) -> None:
    assert "R02 2024-06 的「待审批」表没有填写任何审批意见" in ran.output
    copies = [path.name for path in (ran.home.home / "output/2024-06/corrections").iterdir()]
    assert copies == ["随便什么名字_待更正.xlsx"]


def test_a_rebuild_makes_the_same_of_the_files_alone(ran: Waiting, tmp_path: Path) -> None:
    home = ran.copy(tmp_path / "home")
    before = kept_bytes(home.home)
    assert home.does("rebuild").exit_code == 0
    assert kept_bytes(home.home) == before
    assert call("verify", "--home", str(home.home)).exit_code == 0


def test_a_correction_copy_put_right_is_read_like_the_workbook(ran: Waiting, tmp_path: Path) -> None:
    home = ran.copy(tmp_path / "home")
    name = "随便什么名字_待更正.xlsx"
    book = read(home.home / "output/2024-06/corrections" / name)
    for cell, rule in problems(home, "随便什么名字.xlsx"):
        book["待审批"][cell] = {"choice": "同意", "own_region": "SY2024-06-M002"}[rule]
    book.save(home.inbox / name)
    save_at(home.inbox / name, "2024-07-06T10:00")
    home.run()
    assert problems(home, name) == [] == problems(home, "随便什么名字.xlsx")
    assert waiting(home.home) == []


def traced(home: SmallHome, entity: str, month: str = "2024-06") -> list[tuple[str, str, bool]]:
    said = call("trace", "--home", str(home.home), "--json", "decisions", entity, month)
    return [(one["reference"], one["decision"], one["stands"]) for one in json.loads(said.output)]


def test_a_later_decision_counts_and_the_earlier_is_kept_and_counts_again_when_it_is_withdrawn(
    ran: Waiting, tmp_path: Path
) -> None:
    home = ran.copy(tmp_path / "home")
    shutil.copy(region_book(ran.before), region_book(home.home))  # the workbook as it was first sent out
    eighth = {"T1": ("不同意", date(2024, 7, 8), "改判")}
    filled(home.home, "单张.xlsx", eighth, saved="2024-07-09T10:00", alone=True)
    home.run()
    assert traced(home, "T1") == [("T1", "approved", False), ("T1", "refused", True)]
    own = [(DOWNGRADE, "refused", True), (REPORT, "returned", True), *traced(home, "T1")]
    assert sorted(traced(home, "R01", "2024-Q2")) == sorted(own)
    timeline, waits = course(region_book(home.home), "T1")
    assert timeline.endswith("审批7.8（区域市场经理：不同意，改判）") and waits == "客户经理反馈客户"
    home.does("withdraw", "单张.xlsx")
    assert traced(home, "T1") == [("T1", "approved", True)]
    assert course(region_book(home.home), "T1")[0].endswith("审批7.3（区域市场经理：同意，先换货）")


def in_july(home: SmallHome) -> None:
    """July is reported: the case of June is still open, and its manager says nothing of a decision."""
    path = home.sends(
        "M001", (3, "C001a", 9), month=JULY, name="七月.xlsx", saved="2024-08-02T09:00",
        nil=("visits", "satisfaction"), rows={"complaints": [case("T1", "C001a")]},
    )  # fmt: skip
    assert path.exists() and home.run().exit_code == 0


def test_the_next_month_knows_what_was_decided_though_its_forms_do_not(ran: Waiting, tmp_path: Path) -> None:
    home = ran.copy(tmp_path / "home")
    in_july(home)
    july = region_book(home.home, month=JULY)
    assert course(july, "T1")[1] == "物流中心办理"
    assert outcomes(july, REPORT)[0][0] == "退回补充"
    assert "T1" not in waiting(home.home, month=JULY) and "SY2024-07-M001" in waiting(home.home, month=JULY)
    call("templates", "--home", str(home.home), "--month", "2024-08", "--manager", "M001", "--to", str(tmp_path))
    (path,) = tmp_path.glob("*M001*.xlsx")
    (row,) = told(path, "T1")
    assert "同意" in row and pd.Timestamp(THIRD) in row


def test_late_decisions_and_matters_sent_back_in_the_months_since(ran: Waiting, tmp_path: Path) -> None:
    home = SmallHome(Path(shutil.copytree(ran.before, tmp_path / "home")))
    in_july(home)
    assert "T1" in waiting(home.home, month=JULY)
    filled(home.home, "a.xlsx", {"T1": ("退回补充", THIRD, "缺照片")})
    home.run()
    assert course(region_book(home.home), "T1")[1] == "客户经理补充后重报（区域市场经理退回）"
    assert "T1" not in waiting(home.home)
    assert "T1" in waiting(home.home, month=JULY)  # a month later it is the region's turn again
    filled(home.home, "b.xlsx", {"T1": ("同意", THIRD, None)}, month=JULY, saved="2024-08-05T10:00")
    home.run()
    assert "T1" not in waiting(home.home, month=JULY)


def test_the_blank_template_is_read_and_two_files_of_one_second_that_differ_decide_nothing(
    ran: Waiting, tmp_path: Path
) -> None:
    home = SmallHome(Path(shutil.copytree(ran.before, tmp_path / "home")))
    blank = next(one for one in write_blank_templates(tmp_path, load_profile("tobacco")) if "区域" in one.name)
    book = read(blank)
    labels = {cell.value: cell for row in book["封面"].iter_rows() for cell in row}
    labels[REGION_ID.zh].offset(0, 1).value = "r01"
    labels[MONTH.zh].offset(0, 1).value = "2024-06"
    for row, reference in enumerate(("T1", REPORT), start=5):
        for column, value in enumerate((reference, "同意", THIRD, "按规定"), start=2):
            book["审批意见"].cell(row, column).value = value
    book.save(home.inbox / "模板.xlsx")
    save_at(home.inbox / "模板.xlsx", SENT)
    filled(home.home, "另一份.xlsx", {"T1": ("不同意", THIRD, None)}, saved=SENT)
    home.run()
    assert "T1" in waiting(home.home) and REPORT not in waiting(home.home)
    assert ("", "rival_rows_refused") in problems(home, "模板.xlsx")


def test_the_english_workbook_comes_back_as_well(tmp_path: Path) -> None:
    home = SmallHome(tmp_path)
    june_waits(tmp_path, "en")
    filled(home.home, "signed.xlsx", {"T1": ("Approved", THIRD, "Exchange it")})
    shutil.copy(region_book(home.home, "R02"), home.inbox / "empty.xlsx")
    assert "the sheet of what is to be decided of R02 2024-06 has no entry" in home.run().output
    timeline, _ = course(region_book(home.home), "T1")
    assert timeline.endswith("decided 7/3 (Regional manager: Approved, Exchange it)")
    assert "T1" not in waiting(home.home)


def test_a_file_that_is_checked_is_told_what_is_wrong_before_it_is_sent(ran: Waiting, tmp_path: Path) -> None:
    home = SmallHome(Path(shutil.copytree(ran.before, tmp_path / "home")))
    path = filled(home.home, "a.xlsx", {"T1": ("差不多", THIRD, None)})
    said = call("check", "--home", str(home.home), str(path))
    assert said.exit_code == 1 and "应从列表中选择：同意、不同意、退回补充" in said.output


def test_a_trade_without_the_sheet_has_neither_form_nor_template(tmp_path: Path) -> None:
    cable = load_profile("cable")
    assert "decisions" not in cable.forms
    assert len(write_blank_templates(tmp_path, cable)) == 4
