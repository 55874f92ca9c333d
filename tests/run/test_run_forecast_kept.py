"""A forecast is kept as issued, and judged by what comes a month later."""

import shutil
from pathlib import Path

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


def run(home: Path) -> None:
    with without_workbooks():
        result = CliRunner().invoke(main, ["monthly", "--home", str(home), "--workers", "1", "--quiet"])
    assert result.exit_code == 0, result.output


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
