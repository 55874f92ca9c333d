"""The month, as a list of stages: take in what is in the inbox, figure the months concerned, write them."""

import importlib.metadata
import multiprocessing
import os
import platform
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import __version__
from pipeline.calendar import Month, is_announced
from pipeline.errors import YuebaoError
from pipeline.intake.sandbox import Sandbox
from pipeline.ledger.lock import ledger_lock
from pipeline.ledger.manifest import LEDGER, Manifest, read_manifest, write_manifest
from pipeline.ledger.read import Ledger
from pipeline.month_report import MonthResult, Reporter, region_reports
from pipeline.output import csv_bytes, month_folder, new_month_folder, safe_file_name, write_run_record
from pipeline.receive import Progress, Received, receive
from pipeline.report import Report
from pipeline.settings import Settings
from pipeline.words import Words, load_words
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.write import write_workbook
from schemas.form import all_forms

CHILD_MODULES = ("pipeline.intake.take_in", "pipeline.intake.kinds", "pandera.pandas", "pyarrow.parquet")
LIBRARIES = ("pandas", "pandera", "python-calamine", "xlsxwriter", "pyarrow", "openpyxl")


@dataclass(frozen=True)
class MonthOutcome:
    """One month's folder, and what to know about it."""

    month: Month
    edition: int
    folder: Path
    workbooks: int
    problems: int
    states: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class LeftOut:
    """Rows that files of this run brought and that were not accepted, and what amount they carry."""

    rows: int
    of_rows: int
    amount_yuan: float
    of_amount_yuan: float


@dataclass(frozen=True)
class Outcome:
    """What a run did, for whoever started it: `months` were written in this run, oldest first."""

    received: Received
    months: tuple[MonthOutcome, ...]
    newest: Month | None
    left_out: LeftOut


def run_monthly(
    home: Path, settings: Settings, month: Month | None, progress: Progress, workers: int = 0
) -> Outcome:
    """Takes in the inbox and writes the workbooks of every month concerned.

    Args:
        home: the organisation's folder.
        settings: its settings.
        month: a month to write whatever has changed; None for the newest that has submissions.
        progress: told after each step.
        workers: how many processes; 0 for the cores this process may use.

    Raises:
        YuebaoError: when the month asked for has no forms, or files cannot be written.
        LedgerBusy: when another run holds the ledger.
    """
    words = load_words(settings.language)
    count = workers or usable_cores()
    with ledger_lock(home, words):
        received = _receive(home, settings, count, progress)
        work = _Writing(home, settings, words, progress, received.manifest)
        months = work.months_to_write(month)
        with _executor(count) as executor:
            written = [
                work.write_month(one, executor, (number, len(months))) for number, one in enumerate(months, 1)
            ]
        done = tuple(one for one in written if one is not None)
        _settle_editions(home, received.manifest, done)
    known = received.manifest.months()
    return Outcome(received, done, known[-1] if known else None, _left_out(received))


def usable_cores() -> int:
    """The cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _receive(home: Path, settings: Settings, workers: int, progress: Progress) -> Received:
    intake = settings.intake
    log = home / LEDGER / "reader.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with Sandbox(
        workers=workers,
        memory_bytes=intake.memory_mb << 20,
        seconds=intake.seconds,
        modules=CHILD_MODULES,
        log=log,
    ) as sandbox:
        return receive(home, read_manifest(home), settings, sandbox, progress)


@contextmanager
def _executor(workers: int) -> Iterator[Executor | None]:
    """Processes that write workbooks; None where one process does all."""
    if workers == 1:
        yield None
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as executor:
        yield executor


@dataclass
class _Writing:
    home: Path
    settings: Settings
    words: Words
    progress: Progress
    manifest: Manifest

    def __post_init__(self) -> None:
        self.reporter = Reporter(Ledger(self.home, self.manifest, all_forms()), self.settings, self.words)

    def months_to_write(self, asked: Month | None) -> list[Month]:
        """Months that changed, reported months that a change may concern, and the one asked for (or the newest)."""
        known = self.manifest.months()
        if asked is not None and asked not in known:
            raise YuebaoError(self.words("run.unknown_month", month=asked))
        changed = {Month.parse(one) for one in self.manifest.pending} & set(known)
        reported = {Month.parse(one) for one in self.manifest.editions} & set(known)
        later = {one for one in reported if changed and one > min(changed)}
        lost = {one for one in reported if not month_folder(self.home, one).exists()}
        wanted = {asked} if asked else set(known[-1:]) - reported
        return sorted(changed | later | lost | wanted)

    def write_month(self, month: Month, executor: Executor | None, place: tuple[int, int]) -> MonthOutcome | None:
        """One month's folder; None where a change elsewhere turned out not to concern it."""
        started = time.monotonic()
        edition = self.manifest.editions.get(str(month), 0)
        changed = str(month) in self.manifest.pending
        result = self.reporter.result(month, edition + changed if edition else 1)
        folder = month_folder(self.home, month)
        if edition and not changed and folder.exists() and self._is_unchanged(result, folder):
            return None
        if edition and not changed and folder.exists():
            result = replace(result, edition=edition + 1)
        reports = list(region_reports(result, self.settings, self.reporter.figures))
        with new_month_folder(self.home, month, self.words) as aside:
            workbooks = _write_workbooks(reports, aside, executor)
            _write_data(result, aside)
            write_run_record(aside, self._record(result, workbooks, time.monotonic() - started))
        self.progress("write", *place)
        states = {str(state): int(n) for state, n in result.submissions["state"].value_counts().items()}
        return MonthOutcome(month, result.edition, folder, workbooks, len(result.problems), states)

    def _is_unchanged(self, result: MonthResult, folder: Path) -> bool:
        written = folder / "data" / "metrics.csv"
        return written.exists() and written.read_bytes() == csv_bytes(result.metrics)

    def _record(self, result: MonthResult, workbooks: int, seconds: float) -> dict[str, object]:
        month = str(result.month)
        files = {one.sha256 for one in self.manifest.submissions if one.month == month}
        inputs = {one.sha256: one.name for one in self.manifest.receipts if one.sha256 in files}
        return {
            "month": month,
            "edition": result.edition,
            "working_days_announced": is_announced((result.month + 1).year),
            "inputs": inputs,
            "counts": {
                "workbooks": workbooks,
                "problems": len(result.problems),
                "rows": int(result.submissions["rows"].sum()),
                "left_out": int(result.submissions["left_out"].sum()),
            },
            "versions": {
                "yuebao": __version__,
                "python": platform.python_version(),
                **{name: importlib.metadata.version(name) for name in LIBRARIES},
            },
            "seconds": round(seconds, 3),
        }


def _write_workbooks(reports: Sequence[Report], folder: Path, executor: Executor | None) -> int:
    regions = folder / "regions"
    regions.mkdir()
    paths = [regions / _workbook_name(report) for report in reports]
    plans = [plan_region(report) for report in reports]
    if executor is None:
        for plan, path in zip(plans, paths, strict=True):
            write_workbook(plan, path)
    else:
        list(executor.map(write_workbook, plans, paths))
    return len(paths)


def _workbook_name(report: Report) -> str:
    own = report.names[(report.names["level"] == report.level) & (report.names["entity_id"] == report.entity_id)]
    name = str(own["name"].iloc[0]) if len(own) else ""
    return safe_file_name(f"{report.month}_{report.entity_id}_{name}") + ".xlsx"


def _write_data(result: MonthResult, folder: Path) -> None:
    """The tidy files; forms and columns under their own names, texts in the language of the run."""
    data = folder / "data"
    data.mkdir()
    for name, frame in (
        ("metrics", result.metrics),
        ("problems", result.problems),
        ("submissions", result.submissions),
    ):
        (data / f"{name}.csv").write_bytes(csv_bytes(frame))


def _settle_editions(home: Path, manifest: Manifest, written: Sequence[MonthOutcome]) -> None:
    editions = {**manifest.editions, **{str(one.month): one.edition for one in written}}
    if manifest.pending or editions != manifest.editions:
        write_manifest(home, replace(manifest, editions=editions, pending=()))


def _left_out(received: Received) -> LeftOut:
    parts = [part for taken in received.taken for part in taken.parts if part.manager_id]
    return LeftOut(
        sum(part.left_out for part in parts),
        sum(part.rows for part in parts),
        sum(part.amount_left_out_yuan for part in parts),
        sum(part.amount_yuan for part in parts),
    )
