"""The month, as a list of stages: take in what is in the inbox, figure the months concerned, write them."""

import gc
import hashlib
import importlib.metadata
import multiprocessing
import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import pandas as pd

from pipeline import __version__
from pipeline.calendar import Month, is_announced
from pipeline.correction_copies import write_corrections
from pipeline.editions import KEYS, changed_figures, digest_of, files_since, is_new_edition
from pipeline.errors import YuebaoError
from pipeline.figures.catalogue import all_figures
from pipeline.figures.scorecard import check_indicators
from pipeline.intake.inbox import INBOX
from pipeline.intake.sandbox import Sandbox
from pipeline.ledger.aside import restore_ledger
from pipeline.ledger.commit import store_frame, sweep
from pipeline.ledger.lock import ledger_lock
from pipeline.ledger.manifest import LEDGER, MANIFEST, Edition, Manifest, read_manifest, write_manifest
from pipeline.ledger.read import Ledger
from pipeline.month_report import MonthResult, Reporter
from pipeline.month_rows import SOURCE_COLUMNS
from pipeline.month_writing import workbook_tasks, write_data, write_workbooks
from pipeline.output import finish_folders, month_folder, new_month_folder, write_run_record, written_edition
from pipeline.posting import drafts_are_current, write_letters
from pipeline.receive import Progress, Received, receive
from pipeline.settings import Settings
from pipeline.words import Words, load_words
from schemas.form import all_forms

CHILD_MODULES = ("pipeline.intake.take_in", "pipeline.intake.kinds", "pandera.pandas", "pyarrow.parquet")
Result = TypeVar("Result")
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
    """What a run did, for whoever started it: `months` were written in this run, oldest first.

    `unknown` is the month that was asked for, where nothing of it is in the ledger.
    """

    received: Received
    months: tuple[MonthOutcome, ...]
    newest: Month | None
    left_out: LeftOut
    unknown: Month | None = None


def run_monthly(
    home: Path, settings: Settings, month: Month | None, progress: Progress, workers: int = 0
) -> Outcome:
    """Takes in the inbox and writes the workbooks of every month concerned.

    What an earlier run took in and could not report is reported first, so that editions do not depend on
    whether a run came to its end.

    Args:
        home: the organisation's folder.
        settings: its settings.
        month: a month to write whatever has changed; None for the newest that has submissions.
        progress: told after each step.
        workers: how many processes; 0 for the cores this process may use.

    Raises:
        YuebaoError: when a folder is missing, or files cannot be written.
        LedgerBusy: when another run holds the ledger.
        SettingsError: when the scorecard judges what is no figure.
    """
    words = load_words(settings.language)
    check_indicators(settings.profile, all_figures(settings.profile))
    look_at_home(home, words)
    if not (home / INBOX).is_dir() and (home / LEDGER).is_dir():
        raise YuebaoError(words("run.no_inbox", inbox=home / INBOX))
    count = workers or usable_cores()
    with ledger_lock(home, words):
        restore_ledger(home)
        finish_folders(home)
        manifest = read_manifest(home)
        sweep(home, manifest)  # what a run that died between its commit and its end left behind
        with writing_executor(count) as executor:
            before: tuple[MonthOutcome, ...] = ()
            if manifest.pending:
                manifest, before = report_months(home, settings, manifest, executor, progress, None)
            with reading_sandbox(home, settings, count) as sandbox:
                received = receive(home, manifest, settings, sandbox, progress)
            known = received.manifest.months()
            wanted = month if month in known else None
            manifest, done = report_months(home, settings, received.manifest, executor, progress, wanted)
    months = {one.month: one for one in (*before, *done)}
    return Outcome(
        replace(received, manifest=manifest),
        tuple(months[one] for one in sorted(months)),
        known[-1] if known else None,
        _left_out(received),
        unknown=None if month in known else month,
    )


def look_at_home(home: Path, words: Words) -> None:
    """A folder that is not there may be a network drive that is not connected: nothing is made up for it."""
    if not home.is_dir():
        raise YuebaoError(words("run.no_home", home=home))


def report_months(
    home: Path,
    settings: Settings,
    manifest: Manifest,
    executor: Executor | None,
    progress: Progress,
    asked: Month | None,
) -> tuple[Manifest, tuple[MonthOutcome, ...]]:
    """Writes every month that a commit concerns, and enters their editions in the ledger.

    One month is written by this process, its workbooks over the executor; of several, each is a task of its own.
    """
    work = _Writing(home, settings, manifest)
    months = work.months_to_write(asked)
    if executor is None or len(months) == 1:
        written = iter([work.write_month(one, executor) for one in months])
    else:
        written = _over_months(executor, home, settings, months, work.reporter.months_behind(months))
    done: list[MonthOutcome] = []
    for number, (outcome, edition) in enumerate(written, 1):
        work.editions[str(months[number - 1])] = edition
        done += [outcome] if outcome else []
        progress("write", number, len(months))
    return work.settle(), tuple(done)


@dataclass(frozen=True)
class MonthTask:
    """One month to prepare or to write, in any process that sees the home."""

    home: Path
    settings: Settings
    month: Month
    stamp: str


def _over_months(
    executor: Executor, home: Path, settings: Settings, months: Sequence[Month], behind: Sequence[Month]
) -> Iterator[tuple[MonthOutcome | None, Edition]]:
    """Months over an executor: what later ones look back on is worked out first, each month by one task."""
    stamp = manifest_stamp(home)

    def over(work: Callable[[MonthTask], Result], chosen: Sequence[Month]) -> Iterator[Result]:
        return executor.map(work, [MonthTask(home, settings, month, stamp) for month in chosen])

    for prepare in (prepare_sales, prepare_counts):
        list(over(prepare, behind))
    return over(write_month_task, months)


def prepare_sales(task: MonthTask) -> None:
    """Makes a month's sales small, and keeps them."""
    _desk_of(task).reporter.prepare_sales(task.month)


def prepare_counts(task: MonthTask) -> None:
    """Counts a month's figures and makes its forecast, and keeps both."""
    _desk_of(task).reporter.prepare_counts(task.month)


def write_month_task(task: MonthTask) -> tuple[MonthOutcome | None, Edition]:
    """Writes one month's folder, all in this process."""
    return _desk_of(task).write_month(task.month, None)


def _desk_of(task: MonthTask) -> "_Writing":
    return _desk(task.home, task.settings.model_dump_json(), task.stamp)


@lru_cache(maxsize=1)
def _desk(home: Path, settings: str, stamp: str) -> "_Writing":
    """What a process works with as long as settings and ledger stay as they are."""
    return _Writing(home, Settings.model_validate_json(settings), read_manifest(home))


def manifest_stamp(home: Path) -> str:
    """Tells one commit of the ledger from another."""
    return hashlib.sha256((home / LEDGER / MANIFEST).read_bytes()).hexdigest()


def usable_cores() -> int:
    """The cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def reading_sandbox(home: Path, settings: Settings, workers: int) -> Sandbox:
    """The children that open files, within the settings' limits."""
    intake = settings.intake
    log = home / LEDGER / "reader.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    return Sandbox(
        workers=workers,
        memory_bytes=intake.memory_mb << 20,
        seconds=intake.seconds,
        modules=CHILD_MODULES,
        log=log,
    )


@contextmanager
def writing_executor(workers: int) -> Iterator[Executor | None]:
    """Processes that write workbooks; None where one process does all."""
    if workers == 1:
        yield None
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=collect_seldom) as executor:
        yield executor


def collect_seldom() -> None:
    """Frames and plans are many small objects without cycles: looking for garbage among them takes a tenth of
    the time and finds none."""
    gc.set_threshold(200_000, 50, 50)


@dataclass
class _Writing:
    home: Path
    settings: Settings
    manifest: Manifest

    def __post_init__(self) -> None:
        self.words = load_words(self.settings.language)
        self.ledger = Ledger(self.home, self.manifest, all_forms())
        self.reporter = Reporter(self.ledger, self.settings, self.words)
        self.editions: dict[str, Edition] = dict(self.manifest.editions)

    def months_to_write(self, asked: Month | None) -> list[Month]:
        """Months that changed, reported months that a change may concern, and the one asked for (or the newest)."""
        known = self.manifest.months()
        changed = {Month.parse(one) for one in self.manifest.pending} & set(known)
        reported = {Month.parse(one) for one in self.manifest.editions} & set(known)
        later = {one for one in reported if changed and one > min(changed)}
        lost = {one for one in reported if not month_folder(self.home, one).exists()}
        wanted = {asked} if asked else set(known[-1:]) - reported
        return sorted(changed | later | lost | wanted)

    def write_month(self, month: Month, executor: Executor | None) -> tuple[MonthOutcome | None, Edition]:
        """One month's folder, and its edition; no outcome where a change elsewhere turned out not to concern it."""
        started = time.monotonic()
        result, is_new = self.settle_month(month)
        edition = self.editions[str(month)]
        folder = month_folder(self.home, month)
        if not is_new and str(month) not in self.manifest.pending and self._is_written(month, result.edition):
            return None, edition
        with new_month_folder(self.home, month, self.words) as aside:
            tasks = list(workbook_tasks(result, self.settings, self.reporter.figures, aside))
            workbooks = len(write_workbooks(iter(tasks), aside, executor))
            write_data(result, aside)
            with reading_sandbox(self.home, self.settings, 1) as sandbox:
                write_corrections(self.home, month, self.manifest, self.settings, sandbox, aside)
            masters = self.ledger.masters(month)
            write_letters(tasks, self.reporter.figures, masters, self.settings, aside, month, result.edition)
            write_run_record(aside, self._record(result, workbooks, time.monotonic() - started))
        states = {str(state): int(n) for state, n in result.submissions["state"].value_counts().items()}
        return MonthOutcome(month, result.edition, folder, workbooks, len(result.problems), states), edition

    def settle_month(self, month: Month) -> tuple[MonthResult, bool]:
        """The month as its newest edition has it, and whether that is a new one; nothing is committed yet."""
        last = self.manifest.editions.get(str(month))
        result = self.reporter.result(month, last.number if last else 1)
        digest = digest_of(self._content(result))
        if last and not is_new_edition(last, digest):
            return replace(result, changes=self._frame(last.changes)), False
        changes = self._changes(last, result) if last else None
        settled = replace(result, edition=last.number + 1 if last else 1, changes=changes)
        self.editions[str(month)] = self._edition(last, settled, digest)
        return settled, True

    def _edition(self, last: Edition | None, settled: MonthResult, digest: str) -> Edition:
        """A month as it is reported now: its figures, what they change, and the forecast as issued."""
        folder = f"editions/{settled.month}"
        changes, issued = settled.changes, self.reporter.issued(settled)
        return Edition(
            settled.edition,
            self.manifest.run,
            digest,
            store_frame(self.home, f"{folder}/metrics", settled.metrics[[*KEYS, "value"]]),
            "" if changes is None else store_frame(self.home, f"{folder}/changes", changes),
            (*(last.issued if last else ()), store_frame(self.home, f"{folder}/forecast", issued)),
        )

    def settle(self) -> Manifest:
        """Commits the editions of the months written."""
        settled = replace(self.manifest, editions=self.editions, pending=())
        if settled != self.manifest:
            write_manifest(self.home, settled)
            sweep(self.home, settled)
        return settled

    def _content(self, result: MonthResult) -> Iterator[pd.DataFrame]:
        """What makes a month's content, apart from the language it is told in."""
        yield result.metrics
        yield result.problems.drop(columns=["column", "expected"])
        yield result.submissions
        for _, rows in sorted(self.ledger.masters(result.month).items()):
            yield rows.drop(columns=[name for name in rows.columns if name in SOURCE_COLUMNS])

    def _changes(self, last: Edition, result: MonthResult) -> pd.DataFrame:
        before = pd.read_parquet(self.home / LEDGER / last.metrics)
        files = files_since(self.manifest, last.run, str(result.month))
        return changed_figures(before, result.metrics, files, result.regions)

    def _frame(self, stored: str) -> pd.DataFrame | None:
        return pd.read_parquet(self.home / LEDGER / stored) if stored else None

    def _is_written(self, month: Month, edition: int) -> bool:
        folder = month_folder(self.home, month)
        return written_edition(folder) == edition and drafts_are_current(folder, self.settings)

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


def _left_out(received: Received) -> LeftOut:
    parts = [part for taken in received.taken for part in taken.parts if part.manager_id]
    return LeftOut(
        sum(part.left_out for part in parts),
        sum(part.rows for part in parts),
        sum(part.amount_left_out_yuan for part in parts),
        sum(part.amount_yuan for part in parts),
    )
