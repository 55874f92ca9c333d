"""How long one file takes from its bytes to stored rows: 10,000 sales rows (the goal is under 0.5 CPU s).

    python -m benchmarks.intake
    python -m benchmarks.intake HOME [FILES]

With HOME, one that `benchmarks.city` prepared, also some of its managers' files (the goal is 0.25 CPU s each): the
first, for which nothing is held of the master data, those after it, as one reading child takes them, what calamine
alone takes to parse them, and putting their rows into the regions' files.
"""

import hashlib
import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pandas as pd
from python_calamine import load_workbook

from benchmarks.corrections import sales_workbook
from pipeline.base.calendar import Month
from pipeline.base.garbage import collect_seldom
from pipeline.contract.master_data import MasterVersion
from pipeline.contract.settings import load_settings, settings_from
from pipeline.intake.kinds import LookTask, kinds_of
from pipeline.intake.take_in import take_in
from pipeline.intake.taken import FileTask, Taken
from pipeline.ledger.commit import Added, add_submissions
from pipeline.ledger.manifest import Manifest, Receipt, Submission, read_manifest, write_manifest
from pipeline.ledger.read import master_versions
from schemas.form import all_forms

ROWS = 10_000
MANAGER = "M001"
FILES = 10
Result = TypeVar("Result")


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


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """CPU seconds that some work took, and what came of it."""
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def form_modules() -> tuple[str, ...]:
    return tuple(sorted({form.model.__module__ for form in all_forms().values()}))


def measure_sample(folder: Path) -> None:
    """A made-up file, taken in five times."""
    path = folder / "M001.xlsx"
    path.write_bytes(sales_workbook(ROWS, MANAGER))
    versions = store_masters(folder)
    task = FileTask(
        str(path), path.name, "0" * 64, "monthly", settings_from({}), versions, str(folder), form_modules()
    )
    runs = [timed(lambda: take_in(task)) for _ in range(5)]
    [part] = runs[0][1].parts
    accepted = part.rows - part.left_out
    print(f"{accepted:,} of {part.rows:,} rows stored: {min(one for one, _ in runs):.3f} CPU s (best of 5)")


def city_files(home: Path, count: int, staging: Path) -> list[FileTask]:
    """The first files of the inbox that are managers'."""
    settings, versions = load_settings(home), master_versions(home, read_manifest(home))
    found = sorted((home / "inbox").glob("*.xlsx"))
    monthly = [path for path in found if kinds_of(LookTask(str(path), path.name, settings)) == ("monthly",)]
    return [
        FileTask(
            str(path), path.name, hashlib.sha256(path.read_bytes()).hexdigest(), "monthly", settings, versions,
            str(staging), form_modules(),
        )
        for path in monthly[:count]
    ]  # fmt: skip


def parse(path: str) -> int:
    """What calamine alone does with a file: every cell of every sheet."""
    book = load_workbook(io.BytesIO(Path(path).read_bytes()))
    return sum(len(book.get_sheet_by_index(index).to_python()) for index in range(len(book.sheet_names)))


def measure_city(home: Path, count: int, folder: Path) -> None:
    tasks = city_files(home, count, folder / "staging")
    collect_seldom()  # as in a reading child
    runs = [timed(lambda task=task: take_in(task)) for task in tasks]
    parsed = [timed(lambda task=task: parse(task.path))[0] for task in tasks]
    rows = sum(part.rows for _, taken in runs for part in taken.parts)
    print(f"{len(runs)} managers' files, {rows:,} rows, CPU s a file:")
    print(f"  the first, nothing held      {runs[0][0]:.3f}")
    print(f"  those after it, mean         {mean([one for one, _ in runs[1:]]):.3f}")
    print(f"  calamine alone, mean         {mean(parsed):.3f}")
    print(f"  greatest memory              {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    measure_merge(read_manifest(home), [taken for _, taken in runs], folder / "merged")


def measure_merge(manifest: Manifest, taken: Sequence[Taken], home: Path) -> None:
    """The first process's part: rows into the regions' files, and the manifest."""
    new_receipts = [Receipt(one.sha256, one.name, 0, "2024-07-01T09:00:00", manifest.run + 1) for one in taken]
    receipts = manifest.receipts_by_hash | {one.sha256: one for one in new_receipts}
    parts = [(one, part) for one in taken for part in one.parts]
    new = [
        Submission(
            str(part.month), part.manager_id, part.form, part.state, one.sha256, part.region_id,
            part.rows, part.left_out, part.amount_yuan, part.amount_left_out_yuan,
        )
        for one, part in parts
    ]  # fmt: skip
    staged = {
        (one.sha256, (str(part.month), part.form, part.manager_id)): part.path for one, part in parts if part.path
    }
    seconds, added = timed(lambda: add_submissions(home, manifest, receipts, new, staged, forms=all_forms()))
    assert isinstance(added, Added)
    merged = added.manifest
    print(f"  merge                        {seconds / len(taken):.3f}")
    seconds, _ = timed(lambda: write_manifest(home, replace(merged, run=manifest.run + 1)))
    print(f"manifest of {len(merged.submissions):,} submissions: {seconds:.3f} CPU s")


def mean(seconds: Sequence[float]) -> float:
    return sum(seconds) / max(1, len(seconds))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        measure_sample(Path(name))
        if len(sys.argv) > 1:
            measure_city(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else FILES, Path(name))


if __name__ == "__main__":
    main()
