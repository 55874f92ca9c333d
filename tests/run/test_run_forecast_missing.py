"""A manager who has not reported is missing, not low: the forecast carries that part, and the sheets say so."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.cli import main
from pipeline.demo.make import make_demo

pytestmark = pytest.mark.slow  # a whole run
LAST = "output/2024-06"


@pytest.fixture(scope="module")
def home(made_once) -> Path:
    """Three months of two managers of one region; M002 has not sent the forms of the last, June 2024."""
    return made_once("last_forms_missing", _reported_without_m002)


def _reported_without_m002(home: Path) -> None:
    make_demo(home, managers=2, customers=6, months=3, end=Month(2024, 6), faults=False)
    gone = [file for file in (home / "inbox").glob("*2024-06*") if "M002" in file.name]
    assert gone
    for file in gone:
        file.unlink()
    with without_workbooks(but=["2024-06"]):
        result = CliRunner().invoke(main, ["monthly", "--home", str(home), "--workers", "1", "--quiet"])
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="module")
def volumes(home) -> pd.DataFrame:
    """What is forecast of volumes, by level and entity_id."""
    frame = pd.read_csv(home / LAST / "data" / "forecast.csv")
    return frame[frame["measure"] == "volume"].set_index(["level", "entity_id"])


def text_of(path: Path) -> str:
    book = openpyxl.load_workbook(path)
    return "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell
    )


def test_the_region_is_forecast_with_the_missing_managers_part(volumes):
    parts = [volumes.loc[("manager", one), "forecast"] for one in ("M001", "M002")]
    assert volumes.loc[("region", "R01"), "forecast"] == sum(parts)
    assert volumes.loc[("organisation", "ALL"), "forecast"] == sum(parts)


def test_the_missing_managers_part_is_what_the_months_before_let_expect(home, volumes):
    metrics = pd.read_csv(home / "output" / "2024-05" / "data" / "metrics.csv")
    own = metrics[(metrics["level"] == "manager") & (metrics["entity_id"] == "M002")]
    may = float(own.loc[own["figure"] == "volume", "value"].iloc[0])
    assert 0.5 * may < volumes.loc[("manager", "M002"), "forecast"] < 1.5 * may
    assert volumes.loc[("manager", "M002"), "months_of_history"] == 2
    assert volumes.loc[("manager", "M001"), "months_of_history"] == 3


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # openpyxl and sparklines
def test_the_workbooks_say_who_is_missing_and_compare_like_with_like(home):
    for path in (home / LAST / "headquarters.xlsx", *(home / LAST / "regions").glob("*.xlsx")):
        text = text_of(path)
        assert "有1名客户经理本月未报送销售" in text
        assert "环比只比较已报送的客户经理" in text
