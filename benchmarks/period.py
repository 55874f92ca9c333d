"""A year from what its months kept: `yuebao period YEAR` of a city, or of part of one.

    python -m benchmarks.period [--managers 20] [--customers 250] [--months 13] [--folder DIR] [--workers 2]

A demo is made and its months are reported once (that takes minutes, and is kept below the folder until the program
changes); then the year is told twice: the first time with what the months kept alone, the second time again. Wall and
CPU seconds; the bar is a year of a city (100 managers × 250 customers) in 30 s on two cores. What a city would take is
told in proportion to the managers, after START_SECONDS of every process that starts.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.city.measure import Run, measured
from pipeline.work.store import program_fingerprint

BAR_SECONDS, CITY_MANAGERS = 30, 100
START_SECONDS = 1.5  # CPU of a process that imports the program
YEAR = 2024


def command(*arguments: object) -> Run:
    """One run of the program."""
    return measured([sys.executable, "-m", "pipeline", *map(str, arguments)])


def prepared(folder: Path, managers: int, customers: int, months: int, workers: int) -> Path:
    """A home whose months are reported, made by this very program."""
    home, stamp = folder / f"{managers}x{customers}x{months}", folder / f"{managers}x{customers}x{months}.made"
    if stamp.exists() and stamp.read_text() == program_fingerprint():
        return home
    shutil.rmtree(home, ignore_errors=True)
    size = ("--managers", managers, "--customers", customers, "--months", months)
    command("demo", "--home", home, *size, "--end", f"{YEAR}-12", "--no-faults", "--seed", 7)
    command("monthly", "--home", home, "--quiet", "--workers", workers)
    stamp.write_text(program_fingerprint())
    return home


def lines(home: Path, managers: int, workers: int) -> Iterator[str]:
    """Both runs, and what a city would take at that rate."""
    regions = len(list((home / "output" / f"{YEAR}-12" / "regions").glob("*.xlsx")))
    for name in ("from what the months kept", "again"):
        run = command("period", YEAR, "--home", home, "--quiet", "--workers", workers)
        books = len(list((home / "output" / str(YEAR)).rglob("*.xlsx")))
        starting = START_SECONDS * (workers + 1)
        city = (starting + CITY_MANAGERS / managers * (run.cpu_seconds - starting)) / min(workers, 2)
        yield (
            f"{name}: {run.seconds:.1f} s wall, {run.cpu_seconds:.1f} CPU s, {run.cpu_seconds / regions:.1f} CPU s a "
            f"region ({regions}), {books} workbooks; a city on two idle cores: about {city:.0f} s (bar {BAR_SECONDS} s)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--managers", type=int, default=20)
    parser.add_argument("--customers", type=int, default=250)
    parser.add_argument("--months", type=int, default=13)
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "yuebao-benchmarks" / "period"
    )
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    home = prepared(asked.folder, asked.managers, asked.customers, asked.months, asked.workers)
    for line in lines(home, asked.managers, asked.workers):
        print(line, flush=True)


if __name__ == "__main__":
    main()
