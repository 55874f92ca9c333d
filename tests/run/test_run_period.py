"""A quarter beside the months that it rests on: what verify says of it when they change, and what a rebuild leaves."""

import openpyxl
import pytest
from small_home import SmallHome, call

from pipeline.base.csv_cells import read_csv

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*extension is not supported")]


def volume(home: SmallHome) -> str:
    rows = read_csv(home.home / "output" / "2024-Q2" / "data" / "metrics.csv")
    return str(rows[(rows["figure"] == "volume") & (rows["entity_id"] == "ALL")]["value"].iloc[0])


def test_a_quarter_whose_months_have_changed_is_told_and_made_again(june_of_four_days: SmallHome) -> None:
    home = june_of_four_days
    at = ("--home", str(home.home))
    assert call("period", "2024-Q2", *at).exit_code == 0
    assert (volume(home), call("verify", *at).exit_code) == ("40.0", 0)
    home.sends("M001", *((day, "C001a", 9) for day in (3, 4, 5, 6)), name="二.xlsx", saved="2024-07-04T09:00")
    home.run()
    told = call("verify", *at)
    assert (told.exit_code, "再次运行 yuebao period 即重新编制：output/2024-Q2" in told.output) == (1, True)
    assert call("period", "2024-Q2", *at).exit_code == 0
    assert (volume(home), call("verify", *at).exit_code) == ("36.0", 0)
    assert call("rebuild", *at, "--workers", "1", "--quiet").exit_code == 0
    assert (volume(home), call("verify", *at).exit_code) == ("36.0", 0)


def test_a_second_edition_says_what_changed_and_a_rebuild_keeps_its_number(june_of_four_days: SmallHome) -> None:
    home = june_of_four_days
    at = ("--home", str(home.home))
    assert call("period", "2024-Q2", *at, "--workers", "1", "--quiet").exit_code == 0
    home.sends("M001", *((day, "C001a", 9) for day in (3, 4, 5, 6)), name="二.xlsx", saved="2024-07-04T09:00")
    told = home.run()
    assert "2024-Q2" in told.output and "yuebao period 2024-Q2" in told.output
    assert "2024-Q2" in call("status", "--month", "2024-06", *at).output
    assert call("send", "--period", "2024-Q2", *at).exit_code == 1  # the drafts are of months that have changed
    done = call("period", "2024-Q2", *at, "--workers", "1", "--quiet")
    assert "第2版" in done.output
    book = openpyxl.load_workbook(next((home.home / "output" / "2024-Q2" / "regions").glob("*R01*.xlsx")))
    rows = [[cell.value for cell in row] for row in book["更正说明"].iter_rows()]
    changed = next(row for row in rows if row[1] and str(row[1]).startswith("销量") and "R01" in str(row[0]))
    assert changed[2:4] == [40, 36] and "二.xlsx" in changed[4]
    assert call("rebuild", *at, "--workers", "1", "--quiet").exit_code == 0
    again = call("period", "2024-Q2", *at, "--workers", "1", "--quiet")
    assert "仍是第2版" in again.output
    assert call("verify", *at).exit_code == 0
