"""A year from what its months kept: `yuebao period YEAR` of a city, or of parts of one.

    python -m benchmarks.period [--size 10x100 --size 20x250 …] [--months 24] [--demo] [--folder DIR] [--workers 2]

A size is managers x customers of each. The year's months, and those before it, are put straight into a ledger (the four
forms that every manager owes, see `city.prepare`); with `--demo` a demo with all its forms is made and its months are
reported. Then the year is told twice: the first time what its months had not kept is worked out, the second time it is
told from what they kept, which is the bar: a year of a city (100 managers × 250 customers) in 30 s on two cores.

Told are wall and CPU seconds, the first process's and the busiest other's by themselves: on idle cores the wall clock
is about both together, as one waits for the other. Of two sizes or more with as many customers of each manager the cost
of a run is parted into what is paid once and what each manager costs.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.city.measure import Run, measured
from benchmarks.city.prepare import City, prepare_ledger
from pipeline.base.calendar import Month
from pipeline.work.store import program_fingerprint

BAR_SECONDS, CITY_MANAGERS = 30, 100
YEAR = 2024
DEFAULT_SIZES = ((10, 100), (20, 100))


@dataclass(frozen=True)
class Told:
    """A year told again: of how many managers, and what it took."""

    managers: int
    run: Run


def command(*arguments: object) -> Run:
    """One run of the program."""
    return measured([sys.executable, "-m", "pipeline", *map(str, arguments)])


def home_of_demo(folder: Path, managers: int, customers: int, months: int, workers: int) -> Path:
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


def home_of_ledger(folder: Path, managers: int, customers: int, months: int, workers: int) -> Path:
    """A home whose months are in the ledger and nowhere else."""
    return prepare_ledger(folder, City(managers, customers, months + 1, end=Month(YEAR + 1, 1)), workers)


def told_line(name: str, run: Run, books: int) -> str:
    """What a run took."""
    return (
        f"{name}: {run.seconds:.1f} s wall, {run.cpu_seconds:.1f} CPU s, of them {run.cpu_of_first:.1f} in the first "
        f"process and {max(run.cpu_of_others, default=0):.1f} in the busiest other (on idle cores about "
        f"{run.on_idle_cores:.0f} s); {books} workbooks"
    )


def growth_line(told: Sequence[Told]) -> str:
    """What is paid once, what each manager costs, and so a city; a line through all sizes."""
    managers = [one.managers for one in told]
    costs = {
        "CPU s": [one.run.cpu_seconds for one in told],
        "s on idle cores": [one.run.on_idle_cores for one in told],
    }
    parts = []
    for unit, seconds in costs.items():
        each, once = np.polyfit(managers, seconds, 1)
        parts.append(
            f"{once:.1f} {unit} once and {each:.2f} a manager: a city {once + CITY_MANAGERS * each:.0f} {unit}"
        )
    return f"growth: {'; '.join(parts)} (bar {BAR_SECONDS} s)"


def lines(asked: argparse.Namespace) -> Iterator[str]:
    """Both runs of each size, and how they grow."""
    prepared = home_of_demo if asked.demo else home_of_ledger
    told = []
    for managers, customers in asked.size or DEFAULT_SIZES:
        home = prepared(asked.folder, managers, customers, asked.months, asked.workers)
        yield f"{managers} managers × {customers} customers, {asked.months} months"
        for name in ("the first time", "again, from what the months kept"):
            run = command("period", YEAR, "--home", home, "--quiet", "--workers", asked.workers)
            yield told_line(name, run, len(list((home / "output" / str(YEAR)).rglob("*.xlsx"))))
        told.append(Told(managers, run))
    if len({one.managers for one in told}) > 1:
        yield growth_line(told)


def size(text: str) -> tuple[int, int]:
    """Managers and customers of each, from "20x250"."""
    managers, _, customers = text.partition("x")
    return int(managers), int(customers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=size, action="append", help="managers x customers of each, again and again")
    parser.add_argument("--months", type=int, default=24, help="that are known, the last one of the year included")
    parser.add_argument("--demo", action="store_true", help="a demo with all its forms, reported month by month")
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "yuebao-benchmarks" / "period"
    )
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    for line in lines(asked):
        print(line, flush=True)


if __name__ == "__main__":
    main()
