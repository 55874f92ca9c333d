"""How long one file takes from its bytes to stored rows: 10,000 sales rows (the goal is under 0.5 CPU s).

Run with `python -m benchmarks.intake`.
"""

import tempfile
import time
from pathlib import Path

import pandas as pd

from benchmarks.corrections import sales_workbook
from pipeline.calendar import Month
from pipeline.intake.take_in import FileTask, Taken, take_in
from pipeline.masters import MasterVersion
from pipeline.settings import settings_from
from schemas.form import all_forms

ROWS = 10_000
MANAGER = "M001"


def store_masters(folder: Path) -> tuple[MasterVersion, ...]:
    """The master data that the sample workbook refers to."""
    customers = [f"3301021{number:05d}" for number in range(200)]
    given = {
        "regions": pd.DataFrame({"region_id": ["R01"], "region_name": ["城东区"]}),
        "managers": pd.DataFrame({"manager_id": [MANAGER], "manager_name": ["李明"], "region_id": ["R01"]}),
        "customers": pd.DataFrame(
            {"customer_id": customers, "customer_name": customers, "manager_id": MANAGER, "status": "active"}
        ),
        "products": pd.DataFrame({"product_id": [f"P{number:03d}" for number in range(50)]}),
    }
    versions = []
    for form, rows in given.items():
        path = folder / f"{form}.parquet"
        rows.reindex(columns=list(all_forms()[form].dtypes)).astype(all_forms()[form].dtypes).to_parquet(path)
        versions.append(MasterVersion(form, Month(2024, 1), str(path)))
    return tuple(versions)


def timed(task: FileTask) -> tuple[float, Taken]:
    started = time.process_time()
    taken = take_in(task)
    return time.process_time() - started, taken


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "M001.xlsx"
        path.write_bytes(sales_workbook(ROWS, MANAGER))
        modules = tuple(sorted({form.model.__module__ for form in all_forms().values()}))
        versions = store_masters(folder)
        task = FileTask(str(path), path.name, "0" * 64, "monthly", settings_from({}), versions, name, modules)
        runs = [timed(task) for _ in range(5)]
    [part] = runs[0][1].parts
    accepted = part.rows - part.left_out
    print(f"{accepted:,} of {part.rows:,} rows stored: {min(one for one, _ in runs):.3f} CPU s (best of 5)")


if __name__ == "__main__":
    main()
