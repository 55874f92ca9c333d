"""The benchmark of a city's month, at a hundredth of its size."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_benchmark_measures_the_month_the_floor_and_the_plain_script(tmp_path: Path) -> None:
    results = tmp_path / "results.md"
    options = ["--size", "0.01", "--customers", "20", "--months", "3", "--plain-files", "2"]
    where = ["--folder", str(tmp_path / "homes"), "--results", str(results)]
    subprocess.run([sys.executable, "-m", "benchmarks", *options, *where], cwd=ROOT, check=True, timeout=300)
    table = results.read_text(encoding="utf-8")
    measured = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("|")]
    for what in ("**yuebao monthly**, workers 2", "**yuebao monthly**, workers 1", "again, nothing new"):
        assert what in measured
    assert "floor: parse the files" in measured
    assert "floor: write the workbooks" in measured
    assert "plain script, 2 of 3 files" in measured
    assert str(tmp_path) not in table
