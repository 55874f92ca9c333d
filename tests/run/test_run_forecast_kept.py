"""A forecast is kept as issued, and judged by what comes a month later."""

import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.base.home import LEDGER
from pipeline.cli import main
from pipeline.demo.make import make_demo
from pipeline.ledger.manifest import read_manifest

pytestmark = pytest.mark.slow  # two whole runs


def run(home: Path, *, with_workbooks_of: tuple[str, ...] = ()) -> None:
    with without_workbooks(but=with_workbooks_of):
        result = CliRunner().invoke(main, ["monthly", "--home", str(home), "--workers", "1", "--quiet"])
    assert result.exit_code == 0, result.output


def text_of(path: Path) -> str:
    book = openpyxl.load_workbook(path)
    return "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell
    )


def of_entity(frame: pd.DataFrame, level: str, entity: str) -> pd.DataFrame:
    own = (frame["level"] == level) & (frame["entity_id"] == entity)
    return frame[own & (frame["measure"] == "volume")]


def test_last_months_forecast_stands_as_issued_beside_what_came(tmp_path):
    make_demo(tmp_path, managers=2, customers=4, months=3, end=Month(2024, 6), faults=False)
    later = tmp_path / "later"
    later.mkdir()
    for file in (tmp_path / "inbox").glob("*2024-06*"):
        shutil.move(file, later / file.name)
    run(tmp_path)
    issued_path = read_manifest(tmp_path).editions["2024-05"].issued
    assert len(issued_path) == 1
    issued = pd.read_parquet(tmp_path / LEDGER / issued_path[0])
    assert not issued["backfilled"].any()
    assert set(issued["edition"]) == {1}

    for file in later.iterdir():
        shutil.move(file, tmp_path / "inbox" / file.name)
    run(tmp_path)

    assert read_manifest(tmp_path).editions["2024-05"].issued == issued_path
    track = pd.read_csv(tmp_path / "output" / "2024-06" / "data" / "track_record.csv")
    metrics = pd.read_csv(tmp_path / "output" / "2024-06" / "data" / "metrics.csv")
    for level, entity in (("organisation", "ALL"), ("region", "R01"), ("manager", "M001")):
        row = of_entity(track, level, entity)
        told = of_entity(issued, level, entity)
        came = of_entity(metrics.rename(columns={"figure": "measure"}), level, entity)
        assert row.loc[row["source"] == "model", "last_forecast"].tolist() == told["forecast"].tolist()
        assert row.loc[row["source"] == "model", "last_actual"].tolist() == came["value"].tolist()


def kept_back(home: Path, pattern: str) -> list[Path]:
    """Moves files of the inbox away, to be sent later."""
    later = home / "later"
    later.mkdir(exist_ok=True)
    return [Path(shutil.move(file, later / file.name)) for file in sorted((home / "inbox").glob(pattern))]


def sent(home: Path, files: list[Path]) -> None:
    for file in files:
        shutil.move(file, home / "inbox" / file.name)


def data(home: Path, month: str, name: str) -> pd.DataFrame:
    return pd.read_csv(home / "output" / month / "data" / f"{name}.csv")


def of_model(home: Path, month: str, entity: tuple[str, str]) -> pd.Series:
    rows = of_entity(data(home, month, "track_record"), *entity)
    return rows[rows["source"] == "model"].iloc[0]


REGION, LATE = ("region", "R01"), ("manager", "M002")


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # openpyxl and sparklines
def test_what_the_first_edition_said_is_judged_whatever_later_ones_say(tmp_path):
    make_demo(tmp_path, managers=2, customers=4, months=4, end=Month(2024, 6), faults=False)
    june, late = kept_back(tmp_path, "*2024-06*"), kept_back(tmp_path, "*2024-05_M002*")
    assert june and late
    run(tmp_path)
    first = data(tmp_path, "2024-05", "forecast")
    assert first["first_issued"].isna().all()
    told = of_entity(first, *REGION)["forecast"].item()

    sent(tmp_path, late)  # M002's May comes after the first edition, and before June
    run(tmp_path, with_workbooks_of=("2024-05",))
    second = of_entity(data(tmp_path, "2024-05", "forecast"), *REGION).iloc[0]
    assert second["forecast"] != told
    assert second["first_issued"] == told
    (book,) = (tmp_path / "output" / "2024-05" / "regions").glob("*.xlsx")
    assert f"本次更正前最初发出的预测：销量{told:,.0f}条" in text_of(book)

    sent(tmp_path, june)
    run(tmp_path)
    judged = of_model(tmp_path, "2024-06", REGION)
    assert judged["last_forecast"] == told
    came = of_entity(data(tmp_path, "2024-06", "metrics").rename(columns={"figure": "measure"}), *REGION)
    assert judged["last_actual"] == came["value"].item()


def test_a_correction_after_the_month_is_over_changes_what_came_and_not_what_was_said(tmp_path):
    make_demo(tmp_path, managers=2, customers=4, months=4, end=Month(2024, 6), faults=False)
    june, late = kept_back(tmp_path, "*2024-06*"), kept_back(tmp_path, "*2024-05_M002*")
    assert june and late
    run(tmp_path)
    told = of_entity(data(tmp_path, "2024-05", "forecast"), *REGION)["forecast"].item()
    sent(tmp_path, june)
    run(tmp_path)
    assert of_model(tmp_path, "2024-06", REGION)["last_forecast"] == told
    known = len(read_manifest(tmp_path).editions["2024-05"].issued)

    sent(tmp_path, late)  # M002's May comes when June is reported already
    run(tmp_path)
    assert len(read_manifest(tmp_path).editions["2024-05"].issued) == known + 1
    assert of_model(tmp_path, "2024-06", REGION)["last_forecast"] == told
    may = of_model(tmp_path, "2024-05", LATE)  # what was told of May in April is judged now that it is known
    assert not pd.isna(may["last_actual"])


def test_running_again_changes_nothing_of_what_was_said(tmp_path):
    make_demo(tmp_path, managers=2, customers=4, months=3, end=Month(2024, 6), faults=False)
    run(tmp_path)
    issued = {month: edition.issued for month, edition in read_manifest(tmp_path).editions.items()}
    before = {name: data(tmp_path, "2024-06", name) for name in ("forecast", "track_record")}
    with without_workbooks():
        again = CliRunner().invoke(
            main,
            ["monthly", "--home", str(tmp_path), "--workers", "1", "--quiet", "--fresh", "--month", "2024-06"],
        )
    assert again.exit_code == 0, again.output
    assert {month: edition.issued for month, edition in read_manifest(tmp_path).editions.items()} == issued
    for name, frame in before.items():
        pd.testing.assert_frame_equal(data(tmp_path, "2024-06", name), frame)
