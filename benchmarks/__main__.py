"""`make bench`: a city's month beside its floor and the plain script.

    python -m benchmarks [--size 1 --size 0.1] [--folder DIR] [--plain-files 10] [--results FILE]
    python -m benchmarks --growth --size 1 --size 3 --size 10 --months 5 [--results FILE]

With `--growth` only the month itself is run, of each size, for time and memory beside the number of rows.

Homes are kept below the folder and used again. Single parts are measured by benchmarks of their own:

    python -m benchmarks.figures            figures, findings and sentences of a city's month
    python -m benchmarks.intake             one file, and a city's
    python -m benchmarks.workbooks          writing, beside the same calls made on plain xlsxwriter
    python -m benchmarks.period             a year from what its months kept, of several sizes
    python benchmarks/corrections.py        correction copies
    benchmarks/forecast/README.md           accuracy and speed of the forecast, in an environment of its own
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.city.measure import Run, fresh_copy, measured, run_monthly, warmed
from benchmarks.city.prepare import CUSTOMERS_EACH, City, Prepared, city_of_size, prepare
from benchmarks.city.table import (
    growth_heads,
    growth_row,
    heads,
    machine_lines,
    run_row,
    scaled_row,
    size_lines,
    stage_rows,
)

RESULTS = Path(__file__).parent / "RESULTS.md"
WORKERS = 2


def step(module: str, *arguments: object) -> Run:
    return measured([sys.executable, "-m", f"benchmarks.city.{module}", *map(str, arguments)])


def city_lines(prepared: Prepared, folder: Path, plain_files: int) -> Iterator[str]:
    """All measures of one city."""
    home, cold = warmed(prepared, WORKERS)
    yield from size_lines(prepared)
    yield ""
    yield from heads()
    if cold:
        yield run_row("the months before, worked out for the first time", cold)
    run_home = fresh_copy(home, folder / "run")
    run = run_monthly(run_home, WORKERS)
    yield run_row(f"**yuebao monthly**, workers {WORKERS}", run, prepared.all_rows)
    yield from stage_rows(run)
    yield run_row("again, nothing new", run_monthly(run_home, WORKERS))
    clustered = run_on_cluster(fresh_copy(home, folder / "clustered"))
    yield run_row(f"on a Dask cluster of {WORKERS} processes (their CPU and memory not counted)", clustered)
    yield from _beside(prepared, run_home, folder, plain_files)
    alone = run_monthly(fresh_copy(home, run_home), 1)
    yield run_row("**yuebao monthly**, workers 1", alone, prepared.all_rows)
    yield from stage_rows(alone)


def growth_line(prepared: Prepared, size: float, folder: Path) -> str:
    """One run of the month: what it takes beside its rows."""
    home, _ = warmed(prepared, WORKERS)
    return growth_row(f"× {size:g}", prepared, run_monthly(fresh_copy(home, folder / "run"), WORKERS))


def run_on_cluster(home: Path) -> Run:
    from distributed import LocalCluster

    with LocalCluster(n_workers=WORKERS, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        return run_monthly(home, WORKERS, cluster.scheduler_address)


def _beside(prepared: Prepared, run_home: Path, folder: Path, plain_files: int) -> Iterator[str]:
    """The floor and the plain script, over the same files."""
    inbox = prepared.home / "inbox"
    newest = max((run_home / "output").glob("????-??"))
    shutil.rmtree(folder / "ready", ignore_errors=True)
    step("floor", "ready", newest, folder / "ready")
    yield run_row("floor: parse the files", step("floor", "read", inbox), prepared.all_rows)
    yield run_row("floor: write the workbooks", step("floor", "write", folder / "ready", folder / "written"))
    files = min(plain_files, prepared.files)
    plain = step("plain", inbox, folder / "plain", "--files", files)
    times = prepared.files / files
    yield run_row(f"plain script, {files} of {prepared.files} files", plain)
    yield scaled_row("plain script, all files", plain, times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=float, action="append", help="1 is a city of 100 managers (default 1)")
    parser.add_argument("--customers", type=int, default=CUSTOMERS_EACH, help="of each manager")
    parser.add_argument("--months", type=int, default=25, help="with those before the one in the inbox")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "yuebao-benchmarks")
    parser.add_argument("--plain-files", type=int, default=10)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--growth", action="store_true", help="only the month itself, of each size")
    asked = parser.parse_args()
    with asked.results.open("w", encoding="utf-8") as results:
        for line in _table(asked):
            print(line, file=results, flush=True)
            print(line, flush=True)


def _table(asked: argparse.Namespace) -> Iterator[str]:
    yield from ("# A city's month", "", *machine_lines())
    if asked.growth:
        yield from ("", *growth_heads())
    for size in asked.size or [1.0]:
        city = City(city_of_size(size).managers, asked.customers, asked.months)
        if asked.growth:
            yield growth_line(prepare(asked.folder, city, WORKERS), size, asked.folder / "work")
            continue
        yield from ("", f"## × {size:g}", "")
        yield from city_lines(prepare(asked.folder, city, WORKERS), asked.folder / "work", asked.plain_files)


if __name__ == "__main__":
    main()
