"""Speed of the workbooks: planning and writing, against plain xlsxwriter that writes the same cells and charts.

    python -m benchmarks.workbooks [--folder DIR] [--repeat N]

The reports are those of the tests, with as many managers, customers, products and cases as a city has. Prints
seconds a workbook (the least of N runs, one core) and the ratio to plain xlsxwriter: a recording
of the very calls that our writer makes, played back without plan and layout.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "workbooks"))

from pipeline.report import Report
from pipeline.workbooks import write
from pipeline.workbooks.blocks import WorkbookPlan
from pipeline.workbooks.headquarters import plan_headquarters
from pipeline.workbooks.manager import plan_manager
from pipeline.workbooks.region import plan_region

Call = tuple[int, str, tuple[Any, ...], dict[str, Any], int | None]


class Recorder:
    """Stands for an xlsxwriter object: passes every call on, and notes it down for playing back."""

    def __init__(self, tape: list[Call], real: Any, number: int) -> None:
        self._tape, self._real, self._number = tape, real, number

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._real, name)

        def call(*args: Any, **options: Any) -> Any:
            given = method(*map(_real, args), **{key: _real(value) for key, value in options.items()})
            made = type(given).__module__.startswith("xlsxwriter") and given is not None
            number = len(self._tape) + 1 if made else None
            plain = tuple(map(_numbered, args)), {key: _numbered(value) for key, value in options.items()}
            self._tape.append((self._number, name, *plain, number))
            return Recorder(self._tape, given, number) if number is not None else given

        return call


class Number(int):
    """The number of a recorded object, where it was an argument."""


def _real(value: Any) -> Any:
    if isinstance(value, Recorder):
        return value._real
    if isinstance(value, dict):
        return {key: _real(one) for key, one in value.items()}
    return [_real(one) for one in value] if isinstance(value, list) else value


def _numbered(value: Any) -> Any:
    if isinstance(value, Recorder):
        return Number(value._number)
    if isinstance(value, dict):
        return {key: _numbered(one) for key, one in value.items()}
    return [_numbered(one) for one in value] if isinstance(value, list) else value


def record(plan: WorkbookPlan, path: Path) -> list[Call]:
    """The calls with which our writer writes a plan."""
    tape: list[Call] = []
    real = xlsxwriter.Workbook
    write.xlsxwriter.Workbook = lambda *args: Recorder(tape, real(*args), 0)
    try:
        write.write_workbook(plan, path)
    finally:
        write.xlsxwriter.Workbook = real
    return tape


def play(tape: list[Call], path: Path) -> None:
    """The same calls on plain xlsxwriter."""
    objects: dict[int, Any] = {0: xlsxwriter.Workbook(str(path), write.writer_options())}

    def resolved(value: Any) -> Any:
        if isinstance(value, Number):
            return objects[int(value)]
        if isinstance(value, dict):
            return {key: resolved(one) for key, one in value.items()}
        return [resolved(one) for one in value] if isinstance(value, list) else value

    for number, name, args, options, made in tape:
        given = getattr(objects[number], name)(
            *map(resolved, args), **{k: resolved(v) for k, v in options.items()}
        )
        if made is not None:
            objects[made] = given


def least_seconds(run: Callable[[], object], repeat: int) -> float:
    def once() -> float:
        start = time.perf_counter()
        run()
        return time.perf_counter() - start

    return min(once() for _ in range(repeat))


def measure(name: str, report: Report, plan: Callable[[Report], WorkbookPlan], folder: Path, repeat: int) -> str:
    """One line of the table: planning, writing, plain writing, ratio."""
    ours, plain = folder / f"{name}.xlsx", folder / f"{name}_plain.xlsx"
    made = plan(report)
    tape = record(made, ours)
    play(tape, plain)
    if plain.read_bytes() != ours.read_bytes():
        raise SystemExit(f"{name}: playing back wrote another file")
    planning = least_seconds(lambda: plan(report), repeat)
    writing = least_seconds(lambda: write.write_workbook(made, ours), repeat)
    plainly = least_seconds(lambda: play(tape, plain), repeat)
    whole = planning + writing
    return f"{name:<14}{planning:9.3f}{writing:9.3f}{whole:9.3f}{plainly:9.3f}{whole / plainly:8.2f}"


def of_a_city(report: Report, customers: int, cases: int) -> Report:
    """The report with as many customers moving, products sold and cases as a city's has."""
    details = dict(report.details)
    details["complaint_cases"] = repeated(details["complaint_cases"], cases, "complaint_no")
    details["sales_by_product"] = repeated(details["sales_by_product"], 100, "product_id")
    moving = {
        "movement": "down",
        "customer_id": "330102100001",
        "customer_name": "城东便利店",
        "manager_id": "M003",
        "grade": "1",
        "channel": "convenience",
        "volume": 120.0,
        "volume_previous": 180.0,
        "ratio": 0.67,
        "relative": 0.71,
        "silent_months": 0.0,
    }
    details["customers_by_movement"] = repeated(pd.DataFrame([moving]), customers, "customer_id")
    return replace(report, details=details)


def repeated(frame: pd.DataFrame, count: int, key: str) -> pd.DataFrame:
    """A frame of `count` rows, each with a key of its own."""
    rows = pd.concat([frame] * (count // len(frame) + 1), ignore_index=True).head(count)
    return rows.assign(**{key: [f"{one}-{place}" for place, one in enumerate(rows[key])]})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path("/tmp"))
    given = parser.parse_args()
    from report_builder import headquarters_report, manager_report, region_report

    print(f"{'workbook':<14}{'plan':>9}{'write':>9}{'both':>9}{'plain':>9}{'ratio':>8}   (seconds)")
    for name, report, plan in (
        ("region", of_a_city(region_report(), 300, 120), plan_region),
        ("manager", of_a_city(manager_report(), 100, 20), plan_manager),
        ("headquarters", of_a_city(headquarters_report(managers=100), 300, 300), plan_headquarters),
    ):
        print(measure(name, report, plan, given.folder, given.repeat))


if __name__ == "__main__":
    main()
