"""The benchmark of a city's month, at a hundredth of its size."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUARD_SECONDS = 1800  # against hanging for ever; how long it takes says how busy the machine is


@pytest.mark.slow
def test_benchmark_measures_the_month_the_floor_and_the_plain_script(tmp_path: Path) -> None:
    results = tmp_path / "results.md"
    options = ["--size", "0.01", "--customers", "6", "--months", "2", "--plain-files", "2"]
    where = ["--folder", str(tmp_path / "homes"), "--results", str(results)]
    subprocess.run(
        [sys.executable, "-m", "benchmarks", *options, *where], cwd=ROOT, check=True, timeout=GUARD_SECONDS
    )
    table = results.read_text(encoding="utf-8")
    measured = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("|")]
    for what in ("**yuebao monthly**, workers 2", "**yuebao monthly**, workers 1", "again, nothing new"):
        assert what in measured
    assert "floor: parse the files" in measured
    assert "floor: write the workbooks" in measured
    assert "plain script, 2 of 3 files" in measured
    assert str(tmp_path) not in table


@pytest.mark.slow
def test_benchmark_of_workbooks_compares_with_the_same_calls_on_plain_xlsxwriter() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.workbooks", "--repeat", "1"],
        cwd=ROOT, check=True, timeout=GUARD_SECONDS, capture_output=True, text=True,
    )  # fmt: skip
    lines = run.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["region", "manager", "headquarters", "all"]
    planned, written, both, plain, ratio = (float(one) for one in lines[-1].split("(")[0].split()[-5:])
    assert both == pytest.approx(planned + written, abs=0.002)
    assert ratio == pytest.approx(both / plain, rel=0.05)
