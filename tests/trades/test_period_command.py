"""`yuebao period`: a quarter and a half-year of the cable operator of `cable_small` (December to March, K2 silent in
February)."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.contract.settings import load_settings
from pipeline.figures.catalogue import all_figures

pytestmark = pytest.mark.slow
MONTHS = ("2024-01", "2024-02", "2024-03")
KEYS = ["level", "entity_id", "figure"]


@pytest.fixture(scope="module")
def home(cable_plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("period") / "home"
    return Path(shutil.copytree(cable_plain, folder, copy_function=shutil.copy2))


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def metrics(home: Path, period: str) -> pd.DataFrame:
    path = home / "output" / period / "data" / "metrics.csv"
    return pd.read_csv(path, encoding="utf-8-sig").set_index(KEYS)


def of_all(rows: pd.DataFrame) -> pd.DataFrame:
    """The organisation's rows, by figure."""
    told = rows.reset_index()
    return told[told["level"] == "organisation"].set_index("figure")


@pytest.fixture(scope="module")
def quarter(home: Path) -> pd.DataFrame:
    done = call("period", "2024-Q1", "--home", str(home))
    assert done.exit_code == 0, done.output
    return metrics(home, "2024-Q1")


def test_flows_of_a_quarter_are_those_of_its_months(home, quarter) -> None:
    flows = [one.key for one in all_figures(load_settings(home).profile) if one.joins == "flow"]
    each = pd.concat([metrics(home, month)[["numerator", "denominator"]] for month in MONTHS])
    sums = each.groupby(level=KEYS).sum(min_count=1)
    own = quarter[quarter.index.get_level_values("figure").isin(flows)]
    assert len(own) > 100
    for name in ("numerator", "denominator"):
        wanted = sums.reindex(own.index)[name].fillna(0)
        assert (own[name].fillna(0) - wanted).abs().max() < 1e-6


def test_a_quarter_by_hand(quarter) -> None:
    """Lost: H1 2, then 6 and 2; H2 10 in March. At the end H1 34, H5 5, H3 20, H4 29; in December 40, 10, 20, 30."""
    whole = of_all(quarter)
    assert whole.loc["lost_households", ["value", "months"]].tolist() == [20, 3]
    assert whole.loc["households", ["value", "previous", "change"]].tolist() == [88, 100, -12]
    assert whole.loc["household_retention", ["numerator", "denominator"]].tolist() == [30, 40]
    assert whole.loc["bridge.households.start", "value"] == 100
    assert pd.isna(whole.loc["lost_households", "previous"])  # October and November are not known


def test_who_was_silent_in_one_of_its_months_is_missing_in_the_quarter(quarter) -> None:
    told = quarter.xs("lost_households", level="figure")["missing"]
    assert told.to_dict() == {
        ("organisation", "ALL"): 1, ("region", "A"): 0, ("region", "B"): 1, ("manager", "K1"): 0, ("manager", "K2"): 1,
    }  # fmt: skip


def test_the_year_to_date_is_that_of_its_last_month(home, quarter) -> None:
    march = metrics(home, "2024-03")["ytd"].reindex(quarter.index)
    pd.testing.assert_series_equal(quarter["ytd"], march, check_names=False)


def test_a_half_year_names_the_months_that_are_missing_and_tells_no_older_state(home, quarter) -> None:
    done = call("period", "2024年上半年", "--home", str(home), "--json")
    assert json.loads(done.output)["missing"] == ["2024-04", "2024-05", "2024-06"]
    half = of_all(metrics(home, "2024-H1"))
    assert half.loc["lost_households", "value"] == 20
    assert not {"households", "household_retention", "customers_end"} & set(half.index)
    said = call("period", "2024-H1", "--home", str(home))
    assert "2024-04、2024-05、2024-06" in said.output


def test_the_same_period_gives_the_same_bytes_keeps_no_copies_and_passes_verify(home, quarter) -> None:
    path = home / "output" / "2024-Q1" / "data" / "metrics.csv"
    before = path.read_bytes()
    assert call("period", "2024-Q1", "--home", str(home)).exit_code == 0
    assert path.read_bytes() == before
    assert not (home / "output" / "edited").exists()
    assert call("verify", "--home", str(home)).exit_code == 0
    assert call("monthly", "--home", str(home), "--quiet").exit_code == 0
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("asked", "told"), [("2024-05", "yuebao monthly --month 2024-05"), ("2024-Q7", "2024-Q2")]
)
def test_what_is_no_longer_period_is_refused(home, asked, told) -> None:
    done = call("period", asked, "--home", str(home))
    assert (done.exit_code, told in done.output) == (2, True)


def test_a_period_without_any_form_cannot_be_told(home) -> None:
    done = call("period", "2021", "--home", str(home))
    assert (done.exit_code, "2021年" in done.output) == (1, True)
