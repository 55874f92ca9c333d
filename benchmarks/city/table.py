"""What was measured, as Markdown."""

import importlib.metadata
import os
import platform
from collections.abc import Iterator

import psutil

from benchmarks.city.measure import Run
from benchmarks.city.prepare import Prepared

LIBRARIES = ("pandas", "pyarrow", "pandera", "numpy", "python-calamine", "xlsxwriter", "openpyxl")
GROWTH_HEADS = (
    "size", "rows", "wall s", "CPU s", "wall µs a row", "CPU µs a row", "first process MB", "largest child MB",
)  # fmt: skip
HEADS = ("what", "wall s", "CPU s", "rows/s", "first process MB", "largest child MB")


def machine_lines() -> Iterator[str]:
    """The machine and the versions; no names of hosts or folders."""
    memory = psutil.virtual_memory().total / 2**30
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    load = f"; load {os.getloadavg()[0]:.1f} when it began" if hasattr(os, "getloadavg") else ""
    yield f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}{load}."
    yield f"Python {platform.python_version()}, {versions}."


def size_lines(prepared: Prepared) -> Iterator[str]:
    rows = ", ".join(f"{count:,} {form}" for form, count in prepared.rows.items())
    yield f"{prepared.files} workbooks: {rows}."


def run_row(what: str, run: Run, rows: int = 0) -> str:
    """One line of the table; `rows` that the run took in, where it took in any."""
    speed = f"{rows / run.seconds:,.0f}" if rows else ""
    memory = [f"{one:,.0f}" for one in (run.main_mb, run.child_mb)]
    return _row([what, f"{run.seconds:.1f}", f"{run.cpu_seconds:.1f}", speed, *memory])


def stage_rows(run: Run) -> Iterator[str]:
    """How long each stage took, as cut by the lines that were printed."""
    before = 0.0
    for text, until in run.stages:
        yield _row([f'· until "{text}"', f"{until - before:.1f}", "", "", "", ""])
        before = until


def heads() -> Iterator[str]:
    yield _row(HEADS)
    yield _row(["---", *["---:"] * (len(HEADS) - 1)])


def scaled_row(what: str, run: Run, times: float) -> str:
    """A run of a part of the work, with its time scaled up to the whole."""
    return _row(
        [f"{what} (× {times:.1f})", f"{run.seconds * times:.0f}", f"{run.cpu_seconds * times:.0f}", "", "", ""]
    )


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def growth_heads() -> Iterator[str]:
    yield _row(GROWTH_HEADS)
    yield _row(["---", *["---:"] * (len(GROWTH_HEADS) - 1)])


def growth_row(what: str, prepared: Prepared, run: Run) -> str:
    """One size: what the month takes by itself and for each of its rows."""
    each = 1e6 / prepared.all_rows
    times = (run.seconds, run.cpu_seconds, run.seconds * each, run.cpu_seconds * each)
    memory = [f"{one:,.0f}" for one in (run.main_mb, run.child_mb)]
    return _row([what, f"{prepared.all_rows:,}", *(f"{one:.1f}" for one in times), *memory])
