"""A week's visit schedules of a city: `yuebao schedule`.

    python -m benchmarks.schedule [--managers 100] [--customers 250] [--folder DIR]

The ledger holds the four months before; a workbook a manager is written, with what is known of each customer. Twice:
the plans are issued, then written again as issued. The bar is 100 managers' week in 10 CPU seconds.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.city.measure import measured
from benchmarks.city.prepare import City, prepare_ledger
from pipeline.base.week import Week
from pipeline.demo.make import DEFAULT_END

BAR_SECONDS, CITY_MANAGERS = 10, 100
MONTHS = 5  # the last of which is the one whose week is planned


def lines(home: Path, managers: int) -> Iterator[str]:
    """Both runs, and what 100 managers would take at that rate."""
    week = Week.after(DEFAULT_END.first_day)
    for folder in (home / "plans", home / "output"):
        shutil.rmtree(folder, ignore_errors=True)
    for name in ("issued", "again"):
        run = measured([sys.executable, "-m", "pipeline", "schedule", "--home", str(home), "--week", str(week)])
        books = list((home / "output" / "schedule" / str(week)).glob("*.xlsx"))
        yield (
            f"{name}: {run.seconds:.1f} s wall, {run.cpu_seconds:.1f} CPU s, {run.main_mb:.0f} MB, {len(books)} "
            f"workbooks; {CITY_MANAGERS} managers at that rate: {run.cpu_seconds / managers * CITY_MANAGERS:.1f} CPU s"
            f" (bar {BAR_SECONDS})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--managers", type=int, default=CITY_MANAGERS)
    parser.add_argument("--customers", type=int, default=250)
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "yuebao-benchmarks" / "schedule"
    )
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    home = prepare_ledger(asked.folder, City(asked.managers, asked.customers, MONTHS))
    for line in lines(home, asked.managers):
        print(line, flush=True)


if __name__ == "__main__":
    main()
