"""The power bureau's case of `../shared/cases/trades`, filled into the real templates and taken from the inbox: the
appraisal of the quarter, the list of the committee. Skipped where absent."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from case_home import make_home, tables_of
from read_outputs import book_at

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.commands.monthly import Asked, run_monthly
from pipeline.commands.period import run_period

CASES = Path(__file__).parents[3] / "shared" / "cases" / "trades" / "power"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here"),
]
SETTINGS = """
organisation = "惠东"
[profile]
name = "power"
least_count = 1
[profile.appraisals.engineer.parts]
on_time.least = 2
satisfied.least = 2
rating.least = 2
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("power") / "home"
    tables = tables_of(CASES)
    tables.pop("pilot_on_time_by_station_month")
    settings = make_home(folder, SETTINGS, tables, Month(2024, 5))
    run_monthly(folder, settings, Asked(workers=1))
    run_period(folder, settings, Period.parse("2024-Q2"), workers=1)
    return folder


def told(home: Path, name: str, period: str = "2024-Q2") -> pd.DataFrame:
    return pd.read_csv(home / "output" / period / "data" / f"{name}.csv", encoding="utf-8-sig")


def rows(home: Path, file: str, table: str) -> list[list[object]]:
    """The rows of a table of a workbook, without its header."""
    book = book_at(home / "output" / file)
    sheet = next(one for one in book if table in one.tables)
    return [[cell.value for cell in row] for row in sheet[sheet.tables[table].ref]][1:]


def test_a_managers_score_is_that_of_the_case(home: Path) -> None:
    """M1: 0.3 × 90 + 0.2 × 85 + 0.5 × 88; M2: 0.3 × 80 + 0.2 × 95 + 0.5 × 90 = 24 + 19 + 45; M3 lacks an order."""
    scores = told(home, "appraisals").drop_duplicates("appraised_id").set_index("appraised_id")["score"]
    assert scores.dropna().to_dict() == {"M1": 88.0, "M2": 88.0}
    assert scores.isna().to_dict() == {"M1": False, "M2": False, "M3": True}


def test_the_third_manager_is_told_that_four_of_five_orders_were_sampled(home: Path) -> None:
    reasons = {row[0]: row[-1] for row in rows(home, "2024-Q2/headquarters.xlsx", "appraisals_managers")}
    assert reasons["张三"] == "不评分：工单抽查得分样本4个，少于5个"
    assert reasons["王一"] in (None, "—")


def test_both_of_equal_score_are_the_best(home: Path) -> None:
    best = told(home, "best_appraised")
    assert best[["entity_id", "place"]].to_numpy().tolist() == [["M1", 1], ["M2", 1]]


def test_an_engineers_score_is_of_its_own_orders_with_the_departments_mark_beside(home: Path) -> None:
    """E1: due 3, on time 3; answered 2, both satisfied; ratings 5, 4, 5: 40 + 40 + 0.2 × 93.33 = 98.67. E2: one answer
    and one rating, of two each."""
    engineers = told(home, "engineer_appraisals")
    whole = (
        engineers[engineers["level"] == "organisation"].drop_duplicates("appraised_id").set_index("appraised_id")
    )
    assert whole.loc["E1", "score"] == pytest.approx(98.6667, abs=1e-4)
    assert (whole.loc["E1", "department_points"], whole.loc["E1", "marks"]) == (92, 1)
    assert pd.isna(whole.loc["E2", "score"])


def test_a_manager_sees_its_own_appraisal_and_nobody_elses(home: Path) -> None:
    file = next((home / "output" / "2024-Q2" / "managers").glob("*M1*.xlsx"))
    own = rows(home, f"2024-Q2/managers/{file.name}", "appraisals_own")
    assert [row[3] for row in own] == [27, 17, 44]
    cells = [str(cell) for sheet in openpyxl.load_workbook(file) for row in sheet.values for cell in row if cell]
    assert not [one for one in cells if "李二" in one or "张三" in one]


def test_the_committee_sees_what_is_late_or_came_again(home: Path) -> None:
    """W7 was due on the 27th, and K6 had one closed on the 17th; W5: K5 had one closed on the 7th. W2 is closed."""
    listed = {
        row[0]: (row[5], row[7], row[8], row[10])
        for row in rows(home, "2024-06/headquarters.xlsx", "detail_committee_agenda")
    }
    assert listed == {"W7": ("超期、重复", 1, 2, "钱工"), "W5": ("重复", "—", 2, "钱工")}
