"""The cases of ../shared/cases that are about what a file replaces, where they are present."""

import shutil
from pathlib import Path

import pytest
from small_home import SmallHome, save_at

from pipeline.base.calendar import Month

CASES = Path(__file__).parents[3] / "shared" / "cases"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here")]


@pytest.fixture
def home(three_months: Path, tmp_path: Path) -> SmallHome:
    shutil.copytree(three_months, tmp_path / "home")
    return SmallHome(tmp_path / "home")


def drop(home: SmallHome, name: str, folder: Path = CASES) -> None:
    home.inbox.mkdir(exist_ok=True)
    shutil.copyfile(folder / name, home.inbox / name)
    save_at(home.inbox / name, "2024-07-08T09:00")


def test_two_corrections_saved_in_the_same_second(home: SmallHome) -> None:
    before = home.csv("metrics")
    for number in (1, 2):
        drop(home, f"two_corrections_saved_in_the_same_second_{number}.xlsx")
    home.run(books=False)
    after = home.csv("metrics")
    assert after[after["figure"] == "volume"].equals(before[before["figure"] == "volume"])
    assert "均退回" in "".join(home.csv("problems")["expected"])


def test_two_weeks_of_orders_saved_in_the_same_second(home: SmallHome) -> None:
    shutil.copyfile(CASES / "yuebao.toml", home.home / "yuebao.toml")
    for week in (1, 2):
        drop(home, f"orders_week{week}_of_june.csv")
    home.run(books=False)
    board = home.csv("submissions")
    files = board[(board["manager_id"] == "M001") & (board["form"] == "sales")]["file"].iloc[0]
    assert {"orders_week1_of_june.csv", "orders_week2_of_june.csv"} <= set(files.split("、"))
    assert home.value("volume", "M001")


def test_a_refused_form_of_an_office_leaves_january(tmp_path: Path) -> None:
    home = SmallHome(tmp_path)
    folder, january = CASES / "office", Month(2025, 1)
    drop(home, "_master_2025-01_libreoffice.xlsx", folder)
    drop(home, "_good_0101_2025-01_libreoffice.xlsx", folder)
    home.run(books=False)
    assert home.value("volume", "0101", january) == 3146
    drop(home, "wrong_month_refused_wipes_accepted_january.xlsx", folder)
    drop(home, "cover_code_of_other_manager_name_mismatch_accepted.xlsx", folder)
    home.run(books=False)
    assert home.value("volume", "0101", january) == 3146
