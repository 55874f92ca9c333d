"""Writing one month: its folder and its edition."""

import importlib.metadata
import platform
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property, partial

import pandas as pd

from pipeline import __version__
from pipeline.base.calendar import Month, is_announced
from pipeline.base.errors import YuebaoError
from pipeline.base.faults import machine_fault
from pipeline.base.garbage import give_back
from pipeline.base.home import LEDGER
from pipeline.contract.fault_text import fault_text
from pipeline.contract.settings import Settings
from pipeline.ledger.commit import store_frame, sweep
from pipeline.ledger.manifest import Edition, Manifest, write_manifest
from pipeline.ledger.output import is_whole, new_period_folder, period_folder, write_run_record, written_edition
from pipeline.month.editions import KEYS, Content, changed_figures, files_since, is_new_edition
from pipeline.month.issuing import (
    Issue,
    content_of,
    customers_forecasts,
    papers_of,
    store_issued,
    with_content,
)
from pipeline.month.opening import Months
from pipeline.month.outcome import MonthFault, MonthOutcome, Written
from pipeline.month.papers import write_papers
from pipeline.month.report import MonthFigures, MonthResult, month_figures, result_of
from pipeline.month.writing import books_tasks, count_books, write_all_books, write_data, write_letters
from pipeline.outbox.drafts import drafts_are_current
from pipeline.taking.correction_copies import write_corrections
from pipeline.taking.received import Progress, unheard
from pipeline.work.executors import reading_sandbox, usable_cores
from pipeline.work.letting_go import end_report
from pipeline.work.store import fingerprint, program_fingerprint
from pipeline.work.workers import WorkerDied

LIBRARIES = ("pandas", "pandera", "python-calamine", "xlsxwriter", "pyarrow", "openpyxl")


def made_with(settings: Settings) -> str:
    """The fingerprint of the program and of settings, with which a folder is made."""
    return fingerprint([program_fingerprint(), settings.model_dump_json()])


def versions() -> dict[str, str]:
    """Of the program, of Python, and of the libraries on which the bytes depend."""
    libraries = {name: importlib.metadata.version(name) for name in LIBRARIES}
    return {"yuebao": __version__, "python": platform.python_version(), **libraries}


@dataclass
class MonthWriter:
    """Writes months of one committed ledger, and knows their editions from then on."""

    months: Months
    executor: Executor | None = None
    progress: Progress = unheard
    anew: bool = False

    def __post_init__(self) -> None:
        self.home, self.settings, self.ledger = self.months.ledger.home, self.months.settings, self.months.ledger
        self.words, self.manifest = self.settings.words, self.ledger.manifest
        self.editions: dict[str, Edition] = dict(self.manifest.editions)

    def months_to_write(self, asked: Month | None) -> list[Month]:
        """The months that are to be written, oldest first: see `reasons_to_write`."""
        return sorted(self.reasons_to_write(asked))

    def reasons_to_write(self, asked: Month | None) -> dict[Month, tuple[str, ...]]:
        """Months that changed ("pending"), reported months that a change may concern ("later"), those whose folder is
        not as it should be ("lost"), and the one asked for (or the newest) unless it stands as these settings and this
        program make it ("asked")."""
        known = self.manifest.months()
        changed = {Month.parse(one) for one in self.manifest.pending} & set(known)
        reported = set(self.manifest.months_reported()) & set(known)
        later = {one for one in reported if changed and one > min(changed)}
        lost = {one for one in reported if not self._stands(one)}
        wanted = {asked} if asked else set(known[-1:])
        if not self.anew:
            wanted = {one for one in wanted if one not in reported or not self._is_written(one)}
        why = {"pending": changed, "later": later, "lost": lost, "asked": wanted}
        every = changed | later | lost | wanted
        return {month: tuple(name for name, months in why.items() if month in months) for month in every}

    def attempt(self, month: Month) -> Written | MonthFault:
        """`write_month`; a fault of whatever kind is the month's own, and stops no other."""
        try:
            return self.write_month(month)
        except WorkerDied:
            raise
        except Exception as error:
            machine = machine_fault(error)
            told = isinstance(error, YuebaoError)
            trace = "" if told or machine else traceback.format_exc()
            return MonthFault(month, fault_text(error, self.words), told or machine is not None, trace)

    def write_month(self, month: Month) -> Written:
        """One month's folder, and its edition; no outcome where a change elsewhere turned out not to concern it."""
        started = time.monotonic()
        self.progress("figure", 0, 1)
        figures = month_figures(self.months, month, self.words)
        self.progress("figure", 1, 1)
        last = self.manifest.edition_of(month)
        content = content_of(self.months, figures)
        is_new = last is None or self._differs(last, content, figures)
        due = is_new or self.anew or str(month) in self.manifest.pending
        if last and not due and last.digest in ("", content.digest) and self._is_written(month):
            end_report(self.months.graph, str(month))
            return None, with_content(last, content)
        result = self._as_edition(figures, last, is_new)
        edition = self._edition(last, result, content) if is_new or last is None else with_content(last, content)
        give_back()
        with new_period_folder(self.home, month, self.words) as aside:
            masters = self.ledger.masters(month)
            readers = usable_cores() if self.executor else 1
            with reading_sandbox(self.home, self.settings, readers) as sandbox:
                copies = write_corrections(self.home, month, self.manifest, self.settings, sandbox, aside)
            tasks = books_tasks(self.months.place, result, self.settings, masters, aside, copies)
            tell = partial(self.progress, "workbooks")
            written = write_all_books(tasks, count_books(result), aside, self.executor, tell)
            write_data(result, customers_forecasts(self.months, month), aside)
            papers = papers_of(self.months, month)
            write_papers(papers, month, result.edition, result.names, self.settings, aside)
            write_letters(written, self.settings, aside, month, result.edition)
            end_report(self.months.graph, str(month))
            write_run_record(aside, self._record(result, edition, len(written), time.monotonic() - started))
        states = {str(state): int(n) for state, n in result.submissions["state"].value_counts().items()}
        folder = period_folder(self.home, month)
        problems = len(result.problems)
        return MonthOutcome(month, result.edition, folder, len(written), problems, states, is_new), edition

    def _differs(self, last: Edition, content: Content, figures: MonthFigures) -> bool:
        before = pd.read_parquet(self.home / LEDGER / last.metrics)
        return is_new_edition(last, content.figures, before, figures.metrics)

    def _as_edition(self, figures: MonthFigures, last: Edition | None, is_new: bool) -> MonthResult:
        """The month as its newest edition has it; nothing is committed yet."""
        if last is None:
            return result_of(self.months, figures, 1, None)
        if not is_new:
            return result_of(self.months, figures, last.number, self._frame(last.changes))
        return result_of(self.months, figures, last.number + 1, self._changes(last, figures))

    def _edition(self, last: Edition | None, settled: MonthResult, content: Content) -> Edition:
        """A month as it is reported now: its figures, what they change, and the forecast as issued."""
        folder, changes = f"editions/{settled.month}", settled.changes
        task = Issue(self.months.place, settled.month, settled.edition)
        issued = next((self.executor.map if self.executor else map)(store_issued, [task]))
        return Edition(
            settled.edition,
            self.manifest.run,
            content.digest,
            store_frame(self.home, f"{folder}/metrics", settled.metrics[[*KEYS, "value"]]),
            "" if changes is None else store_frame(self.home, f"{folder}/changes", changes),
            (*(last.issued if last else ()), issued),
            content.figures,
        )

    def settle(self, undone: Sequence[Month] = ()) -> Manifest:
        """Commits the editions of the months written; those undone are left for the next run."""
        settled = replace(self.manifest, editions=self.editions, pending=tuple(map(str, undone)))
        if settled != self.manifest:
            write_manifest(self.home, settled)
            sweep(self.home, settled)
        return settled

    def _changes(self, last: Edition, result: MonthFigures) -> pd.DataFrame:
        before = pd.read_parquet(self.home / LEDGER / last.metrics)
        files = files_since(
            self.manifest, last.run, str(result.month), self.words.texts["run.withdraw.withdrawn_name"]
        )
        return changed_figures(before, result.metrics, files, self.months.shape.regions(result.month))

    def _frame(self, stored: str) -> pd.DataFrame | None:
        return pd.read_parquet(self.home / LEDGER / stored) if stored else None

    def _is_written(self, month: Month) -> bool:
        """Whether the month's folder holds its newest edition, made by this program with these settings."""
        folder = period_folder(self.home, month)
        current = written_edition(folder)[2] == self._made_with and drafts_are_current(folder, self.settings.mail)
        return current and self._stands(month)

    def _stands(self, month: Month) -> bool:
        """Whether the month's folder holds its newest edition, whole."""
        folder, edition = period_folder(self.home, month), self.manifest.editions[str(month)]
        return written_edition(folder)[:2] == (edition.number, edition.digest) and is_whole(folder)

    @cached_property
    def _made_with(self) -> str:
        return made_with(self.settings)

    def _record(self, result: MonthResult, edition: Edition, workbooks: int, seconds: float) -> dict[str, object]:
        month = str(result.month)
        files = {one.sha256 for one in self.manifest.submissions if one.month == month}
        inputs = {one.sha256: one.name for one in self.manifest.receipts if one.sha256 in files}
        return {
            "month": month,
            "edition": result.edition,
            "digest": edition.digest,
            "made_with": self._made_with,
            "working_days_announced": is_announced((result.month + 1).year),
            "inputs": inputs,
            "counts": {
                "workbooks": workbooks,
                "problems": len(result.problems),
                "rows": int(result.submissions["rows"].sum()),
                "left_out": int(result.submissions["left_out"].sum()),
            },
            "versions": versions(),
            "seconds": round(seconds, 3),
        }
