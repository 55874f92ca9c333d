"""Questions, withdrawals and what changes nothing, as the one who runs the month sees them."""

import json

import pandas as pd
import pytest
from small_home import SmallHome, call, kept_bytes

from pipeline.ledger.manifest import read_manifest

pytestmark = pytest.mark.slow


@pytest.fixture
def home(june_of_four_days: SmallHome) -> SmallHome:
    return june_of_four_days


def files_told(home: SmallHome, text: str) -> list[str]:
    problems = home.csv("problems")
    return problems[problems["expected"].str.contains(text)]["file"].tolist()


def test_what_takes_away_more_than_half_is_asked_first_listed_and_counts_once_accepted(home: SmallHome) -> None:
    home.sends("M001", (3, "C001a", 10), name="少.xlsx", saved="2024-07-04T09:00")
    asked = home.run().output.splitlines()
    assert asked[0] == "有 1 项需要先确认，暂未采用："
    assert "少.xlsx" in asked[1] and "400" not in asked[1] and "4,000.00 元" in asked[1]
    assert (home.value("volume"), home.state("M001"), files_told(home, "等待确认")) == (40, "held", ["少.xlsx"])
    at = ("--home", str(home.home), "--month", "2024-06")
    assert [one["file"] for one in json.loads(call("status", *at, "--json").output)["questions"]] == ["少.xlsx"]
    assert "等待确认（暂未采用）：少.xlsx" in call("status", *at).output
    nobody = home.run("--accept", "没有.xlsx")
    assert (nobody.exit_code, "少.xlsx" in nobody.output) == (1, True)
    assert "确认" not in home.run("--accept", "少.xlsx").output
    assert (home.value("volume"), home.state("M001"), files_told(home, "等待确认")) == (10, "corrected", [])
    before = kept_bytes(home.home)
    assert call("rebuild", "--home", str(home.home), "--workers", "1", "--quiet").exit_code == 0
    assert kept_bytes(home.home) == before
    assert call("verify", "--home", str(home.home)).exit_code == 0


def test_a_withdrawn_file_is_out_of_the_figures_and_the_new_edition_says_so(home: SmallHome) -> None:
    at = ("--home", str(home.home), "--workers", "1", "--quiet")
    home.sends("M001", *((day, "C001a", 9) for day in (3, 4, 5, 6)), name="二.xlsx", saved="2024-07-04T09:00")
    home.run()
    assert home.value("volume") == 36
    withdrawn = call("withdraw", *at, "二.xlsx")
    assert (withdrawn.exit_code, "第3版" in withdrawn.output) == (0, True)
    assert (home.value("volume"), home.state("M001")) == (40, "on time")
    changes = pd.read_parquet(home.home / "ledger" / read_manifest(home.home).editions["2024-06"].changes)
    assert set(changes["file"]) == {"二.xlsx（已撤回）"}
    again = call("withdraw", *at, "二.xlsx")
    assert (again.exit_code, again.output.count("\n")) == (1, 1)
    assert call("withdraw", *at, "主数据.xlsx").exit_code == 1
    assert "没有新文件" in home.run().output
    before = kept_bytes(home.home)
    assert call("rebuild", *at).exit_code == 0
    assert kept_bytes(home.home) == before
    assert call("verify", "--home", str(home.home)).exit_code == 0


def test_a_file_that_changes_nothing_makes_no_edition(home: SmallHome) -> None:
    home.sends("M001", *((day, "C001a", 10) for day in (3, 4, 5, 6)), name="再存.xlsx", saved="2024-07-04T09:00")
    home.run(books=False)
    assert (read_manifest(home.home).editions["2024-06"].number, home.value("volume")) == (1, 40)


def test_an_altered_original_stops_a_rebuild_before_anything_is_touched(home: SmallHome) -> None:
    receipt = next(one for one in read_manifest(home.home).receipts if one.name == "一.xlsx")
    original = next((home.home / "archive").rglob(f"{receipt.sha256}.xlsx"))
    original.write_bytes(original.read_bytes() + b"!")
    before = kept_bytes(home.home)
    result = call("rebuild", "--home", str(home.home), "--workers", "1", "--quiet")
    assert (result.exit_code, "一.xlsx" in result.output, result.output.count("\n")) == (1, True, 1)
    assert kept_bytes(home.home) == before
