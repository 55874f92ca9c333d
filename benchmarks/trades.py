"""A month of another trade beside tobacco's, in one run: CPU seconds a row.

    python -m benchmarks.trades [--profile bank] [--managers 6] [--customers 250] [--workers 1]

Demos of two months are made; the first is taken in and reported, then the second alone is measured: its files read,
its figures worked out, its workbooks written. The bar for a bank is 1.5 times tobacco's time a row, at a city of 100
managers, 25,000 customers and 150,000 holdings.
"""

import argparse
import csv
import sys
import tempfile
from pathlib import Path

from benchmarks.city.measure import Run, measured

MONTH = "2024-06"  # the last of every demo


def command(*arguments: object) -> Run:
    """One run of the program."""
    return measured([sys.executable, "-m", "pipeline", *map(str, arguments)])


def prepared(folder: Path, profile: str, managers: int, customers: int) -> Path:
    """A home whose first month was reported, the second month's files in its inbox."""
    home = folder / profile
    command("demo", "--profile", profile, "--home", home, "--managers", managers, "--customers", customers,
            "--months", 2, "--seed", 7)  # fmt: skip
    later = folder / f"{profile}_later"
    later.mkdir()
    for path in sorted((home / "inbox").glob(f"*{MONTH}*")):
        path.rename(later / path.name)
    command("monthly", "--home", home, "--quiet")
    for path in later.iterdir():
        path.rename(home / "inbox" / path.name)
    return home


def month(home: Path, workers: int) -> tuple[int, float]:
    """Rows and CPU seconds of the month in the inbox."""
    run = command("monthly", "--home", home, "--workers", workers)
    with (home / "output" / MONTH / "data" / "submissions.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = sum(int(line["rows"] or 0) for line in csv.DictReader(file))
    return rows, run.cpu_seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", default="bank")
    parser.add_argument("--managers", type=int, default=6)
    parser.add_argument("--customers", type=int, default=250)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    a_row = {}
    with tempfile.TemporaryDirectory() as folder:
        for profile in ("tobacco", asked.profile):
            home = prepared(Path(folder), profile, asked.managers, asked.customers)
            rows, seconds = month(home, asked.workers)
            a_row[profile] = seconds / rows
            print(
                f"{profile}: {rows:,} rows, {seconds:.1f} CPU s, {1000 * seconds / rows:.3f} ms a row", flush=True
            )
    print(f"{asked.profile} over tobacco, a row: {a_row[asked.profile] / a_row['tobacco']:.2f}")


if __name__ == "__main__":
    main()
