"""`yuebao monthly` end to end, on small organisations made by hand."""

import datetime as dt
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from small_home import JUNE, SmallHome, call, kept_bytes

from pipeline.base.calendar import Month
from pipeline.contract.settings import load_settings
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import open_months

MAY, JULY = Month(2024, 5), Month(2024, 7)


@pytest.fixture
def home(tmp_path: Path) -> SmallHome:
    made = SmallHome(tmp_path)
    made.inbox.mkdir()
    return made


def test_an_empty_inbox_is_told_what_to_do_and_is_no_error(home: SmallHome) -> None:
    result = home.run()
    assert result.exit_code == 0
    assert "请这样开始" in result.output
    assert not (home.home / "output").exists()


def test_master_data_alone_are_kept_and_wait_for_the_managers(home: SmallHome) -> None:
    home.masters()
    result = home.run()
    assert result.exit_code == 0
    assert "主数据已收下" in result.output
    assert home.waiting() == []


@pytest.mark.slow
def test_a_first_month_is_reported_with_its_states_and_what_was_left_out(home: SmallHome) -> None:
    home.masters(left={"M003": dt.date(2024, 5, 31)})
    home.sends("M001", (3, "C001a", 10), (4, "C001b", 5), (5, "C999x", 2))
    home.sends("M002", (3, "C002a", 4), saved="2024-07-08T10:00")
    home.junk("报表.xlsx", b"this is no workbook")
    result = home.run()
    assert result.exit_code == 0
    assert "报表.xlsx" in result.output
    assert home.state("M001") == "on time"  # one bad row of three costs that row, not the form
    assert (home.state("M002"), home.state("M002", "visits")) == ("late", "nil")
    assert home.value("volume") == 19
    assert "M003" not in set(home.csv("submissions")["manager_id"])  # left before the month began
    problems = home.csv("problems")
    assert set(problems[problems["found"] == "C999x"]["cell"]) == {"C7"}
    assert home.waiting() == []


@pytest.mark.slow
def test_the_scorecard_is_written_for_other_tools_and_opens_in_excel(june: SmallHome) -> None:
    path = june.home / "output" / "2024-06" / "data" / "scorecard.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    card = pd.read_csv(path)
    volume = card[(card["entity_id"] == "M001") & (card["figure"] == "volume")].iloc[0]
    assert (volume["value"], volume["state"]) == (10, "no_target")


def test_a_scorecard_of_what_is_no_figure_is_refused_before_anything_is_taken_in(home: SmallHome) -> None:
    home.masters()
    home.sends("M001", (3, "C001a", 10))
    indicators = 'volume.weight = 0\nvolum = { group = "develop", weight = 0.2 }\n'
    (home.home / "yuebao.toml").write_text(f"[profile.scorecard.indicators]\n{indicators}", encoding="utf-8")
    result = home.run()
    assert result.exit_code == 1
    assert "scorecard.indicators.volum:" in result.output
    assert not (home.home / "ledger").exists()


@pytest.mark.slow
def test_a_second_file_replaces_the_first_in_full_and_makes_the_next_edition(home: SmallHome) -> None:
    home.masters()
    home.sends("M001", (3, "C001a", 10), (4, "C001b", 5))
    home.sends("M003", (5, "C003a", 7))
    assert home.run(books=False).exit_code == 0
    home.sends("M001", (3, "C001a", 8), name="李明更正.xlsx", saved="2024-07-04T09:00")
    result = home.run()
    assert "第2版" in result.output
    assert home.value("volume", "M001") == 8
    assert home.value("volume") == 15
    assert home.state("M001") == "corrected"
    changes = cells_of(home, "R01")
    assert any({"李明更正.xlsx", 15, 8} <= row for row in changes)
    assert not any("李明更正.xlsx" in row for row in cells_of(home, "R02"))


def cells_of(home: SmallHome, region: str) -> list[set[object]]:
    """The rows of all sheets of a region's workbook, each as the set of its values."""
    (path,) = (home.home / "output" / str(JUNE) / "regions").glob(f"*_{region}_*.xlsx")
    book = CalamineWorkbook.from_path(path)
    return [set(row) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]


@pytest.mark.slow
def test_the_same_bytes_twice_are_one_submission(home: SmallHome) -> None:
    home.masters()
    sent = home.sends("M001", (3, "C001a", 10))
    shutil.copy2(sent, sent.with_name("又一份.xlsx"))
    again = sent.read_bytes()
    assert home.run(books=False).exit_code == 0
    before = kept_bytes(home.home)
    home.junk("再来.xlsx", again)
    result = home.run()
    assert "再来.xlsx" in result.output
    assert home.state("M001") == "on time"
    assert kept_bytes(home.home) == before
    assert home.waiting() == []


@pytest.mark.slow
def test_of_two_files_in_one_run_the_later_saved_one_stands_and_it_is_said(home: SmallHome) -> None:
    home.masters()
    home.sends("M001", (3, "C001a", 10), name="晚.xlsx", saved="2024-07-03T10:00")
    home.sends("M001", (3, "C001a", 99), name="早.xlsx", saved="2024-07-03T09:00")
    home.run(books=False)
    assert home.value("volume", "M001") == 10
    said = home.csv("problems")
    assert set(said[said["expected"].str.contains("晚.xlsx")]["file"]) == {"早.xlsx"}


@pytest.mark.slow
def test_two_files_saved_at_the_same_time_are_both_refused_until_a_third_comes(home: SmallHome) -> None:
    home.masters()
    home.sends("M001", (3, "C001a", 10), name="甲.xlsx")
    home.sends("M001", (3, "C001a", 11), name="乙.xlsx")
    home.sends("M003", (5, "C003a", 7))
    home.run(books=False)
    assert home.state("M001") == "refused"
    assert home.value("volume") == 7
    assert rivals_told(home) == ["乙.xlsx", "甲.xlsx"]
    home.sends("M001", (3, "C001a", 12), name="丙.xlsx", saved="2024-07-02T09:00")
    home.masters("主数据二.xlsx", price=101.0)  # all files of the month are judged anew, and still rivals
    home.run(books=False)
    assert home.value("volume", "M001") == 12
    assert rivals_told(home) == []  # the third put it right


def rivals_told(home: SmallHome) -> list[str]:
    problems = home.csv("problems")
    return sorted(set(problems[problems["expected"].str.contains("保存时间相同")]["file"]))


def master_problems(home: SmallHome, rule_words: str) -> list[tuple[str, str]]:
    """File and form of each problem whose sentence holds these words."""
    problems = home.csv("problems")
    told = problems[problems["expected"].str.contains(rule_words)]
    return sorted(zip(told["file"], told["form"], strict=True))


@pytest.mark.slow
def test_of_two_master_files_in_one_run_the_later_saved_one_judges_and_it_is_said(home: SmallHome) -> None:
    home.masters("甲.xlsx", price=50.0, saved="2024-06-01T09:00")
    home.masters("乙.xlsx", price=100.0, saved="2024-06-01T08:00")
    home.sends("M001", (3, "C001a", 10))  # 1000 yuan: right at 100 a carton, not at 50
    home.run(books=False)
    assert len(master_problems(home, "批发价")) == 1
    forms = ["customers", "managers", "products", "regions"]
    assert master_problems(home, "较晚保存") == [("乙.xlsx", form) for form in forms]


@pytest.mark.slow
def test_master_files_saved_at_the_same_time_are_not_used_until_a_third_comes(home: SmallHome) -> None:
    home.masters("甲.xlsx", price=50.0)
    home.masters("乙.xlsx", price=100.0)
    home.sends("M001", (3, "C001a", 10))
    assert "保存时间相同" in home.run(books=False).output
    home.masters("丙.xlsx", price=100.5)
    home.run(books=False)
    assert home.value("amount", "M001") == 1000.0
    assert master_problems(home, "均未采用") == []  # the third put it right


@pytest.mark.slow
def test_master_data_of_a_later_month_judge_that_months_earlier_files_anew(home: SmallHome) -> None:
    home.masters(month=MAY)
    home.sends("M001", (3, "C001a", 10), month=MAY, saved="2024-06-03T09:00", name="五月.xlsx")
    home.sends("M001", (3, "C001a", 20), name="六月.xlsx")
    home.sends("M004", (3, "C004a", 5), name="新人.xlsx")
    home.run(books=False)
    assert home.value("volume") == 20  # nobody knows M004 yet
    moved = {"M001": "R02", "M002": "R01", "M003": "R02", "M004": "R01"}
    home.masters("六月主数据.xlsx", regions=moved, saved="2024-07-05T08:00")
    home.run(books=False)
    assert home.value("volume") == 25
    assert home.value("volume", "R02") == 20  # M001 has moved with its customers
    assert home.value("volume", "R01") == 5
    assert home.value("volume", "R01", MAY) == 10  # what was valid in May stays
    assert home.value("volume", "R02", MAY) is None


@pytest.mark.slow
def test_a_damaged_and_a_hostile_file_cost_themselves_only(home: SmallHome) -> None:
    home.masters()
    good = home.sends("M001", (3, "C001a", 10))
    home.junk("断.xlsx", good.read_bytes()[:3000])
    home.junk("空.xlsx", b"")
    home.junk("页.xls", b"<html><table><tr><td>1</td></tr></table></html>")
    result = home.run(books=False)
    assert result.exit_code == 0
    assert home.value("volume") == 10
    assert all(name in result.output for name in ("断.xlsx", "空.xlsx", "页.xls"))


@pytest.mark.slow
def test_a_deleted_output_folder_is_made_again_the_same(june: SmallHome) -> None:
    june.sends("M001", (3, "C001a", 9), saved="2024-07-04T09:00")
    june.run()
    before = kept_bytes(june.home)
    shutil.rmtree(june.home / "output")
    assert june.run().exit_code == 0
    assert kept_bytes(june.home) == before


@pytest.mark.slow
def test_a_month_that_nobody_reported_on_is_said_after_the_rest_was_done(home: SmallHome) -> None:
    home.masters()
    home.sends("M001", (3, "C001a", 10))
    result = home.run("--month", "2031-01", books=False)
    assert result.exit_code == 1
    assert "2031-01" in result.output
    assert home.value("volume") == 10


@pytest.mark.slow
def test_the_board_works_on_any_day_and_says_when_a_year_is_not_announced(june: SmallHome) -> None:
    shown = call("status", "--home", str(june.home), "--month", "2024-06").output
    assert "M002" in shown and "尚未报齐" in shown
    assert "尚未公布" not in shown
    far = call("status", "--home", str(june.home), "--month", "2031-06")
    assert far.exit_code == 0
    assert "2031 年的节假日调休安排尚未公布" in far.output


@pytest.mark.slow
def test_master_data_in_files_of_one_run_may_refer_to_each_other(home: SmallHome) -> None:
    """Customers in one file, the managers they belong to in another."""
    whole = home.masters()
    for number, sheets in enumerate((("区域", "客户经理"), ("客户档案", "品规"))):
        book = openpyxl.load_workbook(whole)
        for name in [
            one for one in book.sheetnames if one in ("区域", "客户经理", "客户档案", "品规", "指标任务")
        ]:
            if name not in sheets:
                del book[name]
        book.save(home.inbox / f"{number}.xlsx")
    whole.unlink()
    home.sends("M001", (3, "C001a", 10))
    home.run(books=False)
    assert home.value("volume", "R01") == 10
    assert pd.to_numeric(home.csv("submissions")["left_out"]).fillna(0).sum() == 0


def derived_files(home: SmallHome) -> list[Path]:
    """What is kept of months; lists of problems in short are kept anew with the next commit."""
    kept = (path for path in (home.home / "ledger" / "derived").rglob("*") if path.is_file())
    return sorted(path for path in kept if path.name != "problems_in_short.kept")


@pytest.mark.slow
def test_long_lists_are_kept_only_while_a_month_is_written(june: SmallHome) -> None:
    """A month whose figures are only looked at again, to see whether they changed, needs none."""
    kinds = {path.name.split("-")[0].split(".")[0] for path in derived_files(june)}
    assert {"counts", "sums"} <= kinds
    assert kinds.isdisjoint({"list", "metrics", "findings", "scope"})
    settings = load_settings(june.home)
    opened = open_months(Ledger(june.home, read_manifest(june.home), settings.profile.forms), settings)
    before = set(derived_files(june))
    assert len(opened.graph.of("ranked", JUNE))
    made = {path.name.split("-")[0].split(".")[0] for path in set(derived_files(june)) - before}
    assert made == {"metrics", "ranked"}


@pytest.mark.slow
def test_a_fresh_run_works_all_out_anew_and_ends_in_the_same_bytes(june: SmallHome) -> None:
    before = kept_bytes(june.home)
    kept = derived_files(june)
    for path in kept:  # nothing of this may be used: it would stop the run
        path.write_bytes(b"stale")
    volume_file = june.home / "output" / str(JUNE) / "data" / "metrics.csv"
    written = volume_file.stat().st_mtime_ns
    assert june.run("--fresh").exit_code == 0
    assert volume_file.stat().st_mtime_ns > written
    assert kept_bytes(june.home) == before
    assert derived_files(june) == kept
    assert all(path.read_bytes() != b"stale" for path in kept)


@pytest.mark.slow
def test_settings_that_changed_make_the_newest_month_anew_and_nothing_else_does(june: SmallHome) -> None:
    folder = june.home / "output" / str(JUNE)
    made = folder.stat().st_ino
    june.run()
    assert folder.stat().st_ino == made
    (june.home / "yuebao.toml").write_text('organisation = "新名烟草"\n', encoding="utf-8")
    assert "第1版" in june.run().output
    assert folder.stat().st_ino != made
    with zipfile.ZipFile(folder / "headquarters.xlsx") as book:
        assert "新名烟草" in book.read("xl/sharedStrings.xml").decode("utf-8")


def kinds_kept(home: SmallHome, month: Month) -> set[str]:
    folder = home.home / "ledger" / "derived" / str(month)
    return {path.name.split(".")[0].split("-")[0] for path in folder.iterdir()}


@pytest.mark.slow
def test_of_closed_months_only_that_is_kept_which_later_months_need(home: SmallHome) -> None:
    """Rows are looked back on for three months, sums for two years, which a year's report is compared over, counts and
    totals as long as there is a history."""
    long_ago, year_ago, spring = JUNE + -25, JUNE + -12, JUNE + -4
    home.masters(month=long_ago, saved="2022-05-01T08:00")
    for month in (long_ago, year_ago, spring, JUNE):
        home.sends("M001", (3, "C001a", 10), month=month, name=f"{month}.xlsx")
    assert home.run(books=False).exit_code == 0
    assert kinds_kept(home, long_ago) >= {"counts", "values", "totals"}
    assert kinds_kept(home, long_ago).isdisjoint({"small_rows", "seen", "cases", "sums", "list", "scope"})
    assert "sums" in kinds_kept(home, year_ago) and "small_rows" not in kinds_kept(home, year_ago)
    assert {"small_rows", "seen", "sums"} <= kinds_kept(home, JUNE)
    home.sends("M001", (3, "C001a", 12), month=long_ago, name="更正.xlsx", saved="2024-07-04T09:00")
    assert home.run(books=False).exit_code == 0
    assert home.value("volume", month=long_ago) == 12
    assert home.value("volume", month=JUNE) == 10
    assert kinds_kept(home, long_ago).isdisjoint({"small_rows", "seen", "cases", "sums", "list", "scope"})


@pytest.mark.slow
def test_an_office_to_which_managers_owe_sales_alone_gets_its_workbooks(home: SmallHome) -> None:
    home.home.mkdir(parents=True, exist_ok=True)
    (home.home / "yuebao.toml").write_text('[profile]\nmonthly_forms = ["sales"]\n', encoding="utf-8")
    home.masters()
    home.sends("M001", (3, "C001a", 10), nil=())
    done = home.run()
    assert done.exit_code == 0, done.output
    assert home.value("volume") == 10
    assert set(home.csv("submissions")["form"]) == {"sales"}
