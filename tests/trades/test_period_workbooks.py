"""The workbooks and letters of a quarter and a half-year of the cable operator of `cable_small` (K2 silent in
February): what is said first, what stands on the sheets, which letters there are, to what figures are traced."""

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from read_outputs import book_at

from pipeline.cli import main

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*extension is not supported")]
OF_MONTHS = re.compile("本月|上月(?!末)|对比月份|上年同月")  # words of the monthly workbook; not of figures' names
WITHOUT = ("附：口径与数据",)  # definitions are of a month


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(scope="module")
def home(cable_plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("period") / "home"
    shutil.copytree(cable_plain, folder, copy_function=shutil.copy2)
    for period in ("2024-Q1", "2024-H1"):
        done = call("period", period, "--home", str(folder), "--workers", "1", "--quiet")
        assert done.exit_code == 0, done.output
    return folder


def books(home: Path, period: str) -> dict[str, openpyxl.Workbook]:
    folder = home / "output" / period
    return {path.relative_to(folder).as_posix(): book_at(path) for path in folder.rglob("*.xlsx")}


def texts(sheet: object) -> list[str]:
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]  # type: ignore[attr-defined]


def test_there_are_three_kinds_of_workbook_and_a_letter_for_each_region(home: Path) -> None:
    assert sorted(books(home, "2024-Q1")) == [
        "headquarters.xlsx", "managers/2024-Q1_K1_孙一.xlsx", "managers/2024-Q1_K2_李二.xlsx",
        "regions/2024-Q1_A_甲片.xlsx", "regions/2024-Q1_B_乙片.xlsx",
    ]  # fmt: skip
    listed = json.loads(call("send", "--period", "2024-Q1", "--home", str(home), "--json").output)
    assert (listed["month"], listed["edition"]) == ("2024-Q1", 1)
    told = {one["key"]: (one["subject"], one["state"]) for one in listed["letters"]}
    assert told["region/A"] == ("甲片市场汇总分析 2024年第一季度", "draft")
    assert set(told) == {"region/A", "region/B"}


def test_page_one_prints_on_one_page_and_no_sheet_is_empty(home: Path) -> None:
    for name, book in books(home, "2024-Q1").items():
        for sheet in book.worksheets:
            assert sheet.print_area and sheet.page_setup.paperSize in (9, "9"), (name, sheet.title)
            assert len(texts(sheet)) > 3, (name, sheet.title)
        first = book.worksheets[0]
        if not name.startswith("managers"):
            assert first.sheet_properties.pageSetUpPr.fitToPage, name
            assert first.page_setup.fitToHeight in (None, 1), name  # one page, as where nothing is said


def test_nothing_speaks_of_this_month(home: Path) -> None:
    said = {
        (name, sheet.title, text)
        for period in ("2024-Q1", "2024-H1")
        for name, book in books(home, period).items()
        for sheet in book.worksheets
        if sheet.title not in WITHOUT
        for text in texts(sheet)
        if OF_MONTHS.search(text)
    }
    assert said == set()


def test_months_that_are_missing_are_named_first(home: Path) -> None:
    page = books(home, "2024-H1")["regions/2024-H1_B_乙片.xlsx"].worksheets[0]
    said = [text for text in texts(page) if "缺" in text]
    assert said[0].startswith("缺：4月、5月、6月（整月没有数据，合计不含）。")
    assert any("李二缺2月" in text for text in said)
    whole = books(home, "2024-Q1")["regions/2024-Q1_A_甲片.xlsx"].worksheets[0]
    assert not any("整月没有数据" in text for text in texts(whole))


def test_each_figure_has_a_column_a_month(home: Path) -> None:
    sheet = books(home, "2024-Q1")["regions/2024-Q1_A_甲片.xlsx"]["逐月指标"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(row for row in rows if row[0] == "类别")
    assert head[3:7] == ["2024-01", "2024-02", "2024-03", "本期"]
    lost = next(row for row in rows if row[1] == "流失户数")
    assert lost[3:6] == [2, 8, 0] and lost[6] == 10  # K1's H1: 2, then 6 and 2


def test_headquarters_see_each_regions_months_which_make_its_quarter(home: Path) -> None:
    """K2, who alone has 乙片, is silent in February."""
    book = books(home, "2024-Q1")["headquarters.xlsx"]
    rows = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]
    title = next(place for place, row in enumerate(rows) if "逐月新发展" in str(row[0]))
    told = {row[0]: row[2:6] for row in rows[title + 2 : title + 4]}
    assert set(told) == {"甲片", "乙片"}
    for name, (*months, quarter) in told.items():
        assert sum(one for one in months if one != "—") == quarter
        assert [one != "—" for one in months] == [True, name == "甲片", True]


def test_headquarters_see_who_reported_in_which_month(home: Path) -> None:
    book = books(home, "2024-Q1")["headquarters.xlsx"]
    rows = [[cell.value for cell in row] for row in book["报送情况"].iter_rows()]
    own = next(row for row in rows if row[0] == "李二")
    assert own[1] == "齐" and own[2].startswith("缺：") and own[3] == "齐"


def test_a_managers_summary_has_room_to_write_and_to_sign(home: Path) -> None:
    book = books(home, "2024-Q1")["managers/2024-Q1_K1_孙一.xlsx"]
    said = texts(book["工作总结"])
    for wanted in ("一、完成情况", "二、存在的问题和措施", "三、下期打算", "签字"):
        assert wanted in said
    assert any(one.endswith("审阅意见") for one in said)
    names = {name for sheet in book.worksheets for name in texts(sheet)}
    assert "李二" not in names  # each sees its own


def test_tidy_data_stand_beside_the_workbooks(home: Path) -> None:
    data = home / "output" / "2024-Q1" / "data"
    found = {path.stem: pd.read_csv(path, encoding="utf-8-sig") for path in data.glob("*.csv")}
    assert set(found) == {"metrics", "scorecard", "submissions", "forecasts", "findings", "actions"}
    assert set(found["findings"]["month"]) <= {"2024-01", "2024-02", "2024-03"}
    assert set(found["scorecard"]["month"]) == {"2024-Q1"}


def test_the_same_again_is_the_same_edition_and_verify_finds_nothing(home: Path) -> None:
    folder = home / "output" / "2024-Q1"
    before = {path: path.read_bytes() for path in folder.rglob("*.xlsx")}
    done = call("period", "2024-Q1", "--home", str(home), "--workers", "1", "--quiet", "--json")
    told = json.loads(done.output)
    assert (told["edition"], told["is_new"], told["missing"]) == (1, False, [])
    assert before == {path: path.read_bytes() for path in folder.rglob("*.xlsx")}
    assert call("verify", "--home", str(home)).exit_code == 0


@pytest.mark.parametrize(
    ("figure", "entity", "sums"),
    [
        ("lost_households", "ALL", {"numerator": 20}),  # of all three months
        ("households", "ALL", {"numerator": 88}),  # the last month's
        ("household_retention", "ALL", {"numerator": 30, "denominator": 40}),  # from the first day to the last
        ("customers_start", "ALL", {"numerator": 4}),  # the first month's
    ],
)
def test_a_figure_of_a_quarter_is_traced_to_what_adds_up_to_it(home: Path, figure: str, entity: str, sums) -> None:
    traced = json.loads(call("trace", figure, entity, "2024-Q1", "--home", str(home), "--json").output)
    found: dict[str, float] = {}
    for item in traced["items"]:
        found[item["part"]] = found.get(item["part"], 0) + item["contribution"]
    assert found == sums
    assert traced["month"] == "2024-Q1" and traced["numerator"] == sums["numerator"]


def test_a_month_and_a_period_cannot_both_be_sent(home: Path) -> None:
    assert call("send", "--month", "2024-03", "--period", "2024-Q1", "--home", str(home)).exit_code == 2
