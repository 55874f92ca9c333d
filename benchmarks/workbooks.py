"""CPU time of the workbooks: planning and writing, against plain xlsxwriter that writes the same cells and charts.

    python -m benchmarks.workbooks [--repeat N]                    one of each kind, the reports of the tests
    python -m benchmarks.workbooks --city                          all 111 of a city, the reports of the tests
    python -m benchmarks.workbooks --home DIR --month 2024-05      all of a month that a home has in its ledger

The reports of the tests are made as large as a city's. Plain xlsxwriter is a recording of the very calls that our
writer makes, played back without plan and layout; it must write the same bytes. Times are CPU seconds of one core
(the least of N runs), so that a busy machine does not matter much. The bars: a ratio of 1.5 over all workbooks,
0.5 s a region workbook, 0.25 s a manager workbook.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "workbooks"))

from pipeline.base.calendar import Month
from pipeline.base.garbage import collect_seldom
from pipeline.contract.report import Report
from pipeline.contract.settings import load_settings
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import open_months
from pipeline.month.report import month_figures, result_of
from pipeline.month.writing import PLANS, BookKind, books_tasks, reports_of
from pipeline.words import load_words
from pipeline.workbooks import write
from pipeline.workbooks.blocks import WorkbookPlan
from pipeline.workbooks.quick import GrowingWorkbook

KINDS: tuple[BookKind, ...] = ("region", "manager", "headquarters")
BARS = {"region": 0.5, "manager": 0.25}
MOST_RATIO = 1.5
Call = tuple[int, str, tuple[Any, ...], dict[str, Any], int | None]


class Recorder:
    """Stands for an xlsxwriter object: passes every call on, and notes it down for playing back."""

    def __init__(self, tape: list[Call], real: Any, number: int) -> None:
        self._tape, self._real, self._number = tape, real, number

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._real, name)

        def call(*args: Any, **options: Any) -> Any:
            given = method(*map(_real, args), **{key: _real(value) for key, value in options.items()})
            made = any(kind.__module__.startswith("xlsxwriter") for kind in type(given).__mro__)
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
    real = write.QuickWorkbook
    write.QuickWorkbook = lambda *args: Recorder(tape, real(*args), 0)  # type: ignore[assignment, misc]
    try:
        write.write_workbook(plan, path)
    finally:
        write.QuickWorkbook = real  # type: ignore[misc]
    return tape


def play(tape: list[Call], path: Path) -> None:
    """The same calls on plain xlsxwriter."""
    objects: dict[int, Any] = {0: GrowingWorkbook(str(path), write.writer_options())}

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
    """CPU seconds, the least of some runs."""

    def once() -> float:
        start = time.process_time()
        run()
        return time.process_time() - start

    return min(once() for _ in range(repeat))


@dataclass(frozen=True)
class Measured:
    """CPU seconds of one workbook (or the sum of several): planning, writing, and plain xlsxwriter."""

    kind: str
    plan: float
    write: float
    plain: float

    @property
    def whole(self) -> float:
        return self.plan + self.write

    def line(self, name: str, count: int = 1) -> str:
        """A line of the table: seconds a workbook, ratio."""
        each = (one / count for one in (self.plan, self.write, self.whole, self.plain))
        return f"{name:<24}" + "".join(f"{one:9.3f}" for one in each) + f"{self.whole / self.plain:8.2f}"


def measure(kind: BookKind, report: Report, folder: Path, repeat: int) -> Measured:
    """Plans, writes and plays back one workbook."""
    ours, plain = folder / "ours.xlsx", folder / "plain.xlsx"
    made = PLANS[kind](report)
    tape = record(made, ours)
    play(tape, plain)
    if plain.read_bytes() != ours.read_bytes():
        raise SystemExit(f"{kind}: playing back wrote another file")
    return Measured(
        kind,
        least_seconds(lambda: PLANS[kind](report), repeat),
        least_seconds(lambda: write.write_workbook(made, ours), repeat),
        least_seconds(lambda: play(tape, plain), repeat),
    )


def together(kind: str, measured: Iterable[Measured]) -> Measured:
    listed = list(measured)
    return Measured(kind, *(sum(getattr(one, name) for one in listed) for name in ("plan", "write", "plain")))


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


def test_reports(regions: int, managers: int) -> Iterator[tuple[BookKind, Report]]:
    """The reports of the tests, as large as a city's."""
    from report_builder import headquarters_report, manager_report, region_report

    for _ in range(regions):
        yield "region", of_a_city(region_report(), 300, 120)
    for _ in range(managers):
        yield "manager", of_a_city(manager_report(), 100, 20)
    yield "headquarters", of_a_city(headquarters_report(managers=100), 300, 300)


def home_reports(home: Path, month: Month) -> Iterator[tuple[BookKind, Report]]:
    """Every report of a month that is in a home's ledger."""
    settings = load_settings(home)
    words = load_words(settings.language)
    months = open_months(Ledger(home, read_manifest(home), settings.profile.forms), settings)
    result = result_of(months, month_figures(months, month, words), 1, None)
    for task in books_tasks(months.place, result, settings, months.ledger.masters(month), home):
        yield from reports_of(task)


def lines(reports: Iterable[tuple[BookKind, Report]], repeat: int) -> Iterator[str]:
    """The table: each kind on average, all workbooks together, and the bars."""
    with tempfile.TemporaryDirectory() as folder:
        measured = [measure(kind, report, Path(folder), repeat) for kind, report in reports]
    yield f"{'CPU seconds a workbook':<24}{'plan':>9}{'write':>9}{'both':>9}{'plain':>9}{'ratio':>8}"
    for kind in KINDS:
        own = [one for one in measured if one.kind == kind]
        if own:
            bar = f"   (bar {BARS[kind]:g} s)" if kind in BARS else ""
            yield together(kind, own).line(f"{kind} × {len(own)}", len(own)) + bar
    yield together("all", measured).line(f"all {len(measured)}, in sum") + f"   (bar {MOST_RATIO:g})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--city", action="store_true", help="10 regions and 100 managers instead of one of each")
    parser.add_argument(
        "--home", type=Path, help="a home with the month in its ledger, instead of made-up reports"
    )
    parser.add_argument("--month", type=Month.parse, help="the month of the home")
    given = parser.parse_args()
    collect_seldom()
    made_up = test_reports(10, 100) if given.city else test_reports(1, 1)
    for line in lines(home_reports(given.home, given.month) if given.home else made_up, given.repeat):
        print(line, flush=True)


if __name__ == "__main__":
    main()
