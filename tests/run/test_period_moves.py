"""A half-year over which managers and regions changed, a month that nobody sent, a month that one manager did not send,
measures set and done: from the forms to the period's tidy data and workbooks.

M001 sells 10 cartons a month in R01, from June on in R02; M002 sells 5 in R01; M003 alone in R03, 7 a month, leaves
with its region at the end of April. May is sent by nobody; M002 sends no June.
"""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from small_home import NAMES, SmallHome, call

from pipeline.base.calendar import Month
from pipeline.base.csv_cells import read_csv

pytestmark = pytest.mark.slow
MARCH, APRIL, JUNE = Month(2024, 3), Month(2024, 4), Month(2024, 6)
FIRST = {"M001": "R01", "M002": "R01", "M003": "R03"}


def action(problem: str, status: str, due: str, done: str | None = None) -> dict[str, object]:
    return {
        "topic": "供货", "problem": problem, "countermeasure": "调货", "status": status, "due_on": pd.Timestamp(due),
        "done_on": pd.Timestamp(done) if done else None,
    }  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> SmallHome:
    made = SmallHome(tmp_path_factory.mktemp("moves") / "home")
    made.masters("一.xlsx", month=MARCH, regions=FIRST, saved="2024-03-01T08:00")
    left = {"M003": dt.date(2024, 4, 30)}
    second = {"M001": "R02", "M002": "R01", "M003": "R03"}
    made.masters("二.xlsx", month=JUNE, regions=second, left=left, saved="2024-06-01T08:00")
    for month in (MARCH, APRIL):
        for manager, cartons in (("M001", 10), ("M002", 5), ("M003", 7)):
            rows = {}
            if manager == "M001":
                before = month == MARCH
                state = ("in_progress", None) if before else ("done", "2024-04-20")
                rows = {
                    "actions": [
                        action("缺货", state[0], "2024-04-10", state[1]),
                        action("价格", "not_started", "2024-05-31"),
                    ]
                }
            day = (3, f"C{manager[1:]}a", cartons)
            made.sends(
                manager, day, month=month, name=f"{month}_{manager}.xlsx", saved=f"{month}-28T09:00", rows=rows
            )
    made.sends("M001", (3, "C001a", 10), month=JUNE, name="六.xlsx")
    assert made.run(books=False).exit_code == 0
    done = call("period", "2024-H1", "--home", str(made.home), "--workers", "1", "--quiet")
    assert done.exit_code == 0, done.output
    return made


def data(home: SmallHome, name: str) -> pd.DataFrame:
    return read_csv(home.home / "output" / "2024-H1" / "data" / f"{name}.csv")


def told(home: SmallHome, figure: str, column: str = "value") -> dict[str, str]:
    rows = data(home, "metrics")
    own = rows[rows["figure"] == figure]
    return dict(zip(own["entity_id"], own[column], strict=True))


def test_what_was_sold_in_each_region_stays_there_and_adds_up(home: SmallHome) -> None:
    assert told(home, "volume") == {
        "ALL": "54.0", "R01": "30.0", "R02": "10.0", "R03": "14.0", "M001": "30.0", "M002": "10.0", "M003": "14.0",
    }  # fmt: skip


def test_customers_count_once_over_the_half_year(home: SmallHome) -> None:
    found = told(home, "ordering_customers")
    assert (found["ALL"], found["M001"], found["M003"]) == ("3.0", "1.0", "1.0")


def test_each_region_that_there_was_has_its_workbook_and_each_manager_a_summary(home: SmallHome) -> None:
    folder = home.home / "output" / "2024-H1"
    names = sorted(path.name for path in (folder / "managers").iterdir())
    assert names == [f"2024-H1_{one}_{NAMES[one]}.xlsx" for one in ("M001", "M002", "M003")]
    regions = sorted(Path(path.name).stem.split("_")[1] for path in (folder / "regions").iterdir())
    assert {"R01", "R02", "R03"} >= set(regions) >= {"R01", "R02"}


def test_both_regions_are_told_whose_months_keep_the_rows_from_adding_up(home: SmallHome) -> None:
    """M001 sold 30 cartons, 20 of them in R01: R02 has 10 of them, and R01 has 30, of which its one row says 10."""
    notes = {}
    for region in ("R01", "R02"):
        (book,) = (home.home / "output" / "2024-H1" / "regions").glob(f"*{region}*.xlsx")
        cells = pd.read_excel(book, sheet_name="客户经理对比", header=None, engine="calamine")[0].dropna()
        notes[region] = [str(one) for one in cells if "不等于合计" in str(one)]
    name = NAMES["M001"]
    assert [len(one) for one in notes.values()] == [1, 1]
    assert notes["R01"][0].startswith(f"区域合计含{name}2024年3月、2024年4月的数")
    assert notes["R02"][0].startswith(f"{name}2024年3月、2024年4月属")


def test_who_is_missing_in_a_month_is_known_by_month(home: SmallHome) -> None:
    board = data(home, "submissions")
    missing = board[(board["state"] == "missing") & (board["form"] == "sales")]
    assert missing[["month", "manager_id"]].to_numpy().tolist() == [["2024-06", "M002"]]
    assert told(home, "volume", "missing")["ALL"] == "1"


def test_measures_are_done_done_late_or_overdue(home: SmallHome) -> None:
    rows = data(home, "actions").set_index("problem")
    assert rows["outcome"].to_dict() == {"缺货": "done_late", "价格": "overdue"}
    assert rows["is_new"].tolist() == ["True", "True"]


def test_the_best_were_there_all_the_time_with_all_reports(home: SmallHome) -> None:
    """M002 lacks June, M003 left: nobody but M001 can be among the best."""
    board = data(home, "scorecard")
    judged = board[(board["level"] == "manager") & board["grade"].astype("bool")]["entity_id"].unique()
    assert "M001" in judged or len(judged) == 0
    text = call("verify", "--home", str(home.home))
    assert text.exit_code == 0, text.output
