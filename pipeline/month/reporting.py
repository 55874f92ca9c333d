"""Reporting months: which are to be written, what they look back on, and each month's folder and edition."""

import importlib.metadata
import platform
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

import pandas as pd

from pipeline import __version__
from pipeline.base.calendar import Month, is_announced
from pipeline.base.errors import YuebaoError
from pipeline.base.faults import machine_fault
from pipeline.base.garbage import give_back
from pipeline.base.home import LEDGER
from pipeline.contract.fault_text import fault_text
from pipeline.contract.settings import Settings
from pipeline.ledger.commit import store_frame, store_frames, sweep
from pipeline.ledger.manifest import Edition, Manifest, write_manifest
from pipeline.ledger.output import is_whole, month_folder, new_month_folder, write_run_record, written_edition
from pipeline.ledger.read import Ledger
from pipeline.month.editions import KEYS, Content, changed_figures, digest_of, files_since, is_new_edition
from pipeline.month.forecast import FORECAST_COLUMNS
from pipeline.month.opening import Months, Place, open_months
from pipeline.month.plan.forecasts import TRACK_MONTHS
from pipeline.month.plan.wanted import (
    counts_behind,
    forecast_nodes,
    looked_back_on,
    moves_of,
    report_nodes,
    rows_behind,
)
from pipeline.month.report import MonthFigures, MonthResult, month_figures, result_of
from pipeline.month.track import issued_by_model
from pipeline.month.writing import books_tasks, count_books, write_all_books, write_data, write_letters
from pipeline.outbox.drafts import drafts_are_current
from pipeline.taking.correction_copies import write_corrections
from pipeline.taking.received import Progress, unheard
from pipeline.taking.refused import told_of
from pipeline.words import Words, load_words
from pipeline.work.children import WorkerDied
from pipeline.work.executors import reading_sandbox, usable_cores
from pipeline.work.letting_go import end_report, let_go
from pipeline.work.store import fingerprint, program_fingerprint
from pipeline.work.why import note
from schemas.form import all_forms

Result = TypeVar("Result")
LIBRARIES = ("pandas", "pandera", "python-calamine", "xlsxwriter", "pyarrow", "openpyxl")


@dataclass(frozen=True)
class MonthOutcome:
    """One month's folder, and what to know about it; `is_new`: its edition is, as figures changed."""

    month: Month
    edition: int
    folder: Path
    workbooks: int
    problems: int
    states: Mapping[str, int] = field(default_factory=dict)
    is_new: bool = True


Written = tuple[MonthOutcome | None, Edition]


@dataclass(frozen=True)
class MonthFault:
    """A month that could not be written, and why. `passing`: the machine's fault, which another time may not be."""

    month: Month
    reason: str
    passing: bool
    trace: str = ""


@dataclass(frozen=True)
class MonthsDone:
    """The months that were written, oldest first, and those that could not be, which are left for the next run."""

    done: tuple[MonthOutcome, ...] = ()
    undone: tuple[MonthFault, ...] = ()


def undone_text(undone: Sequence[MonthFault], words: Words) -> str:
    """Which months could not be written and why, a line for each reason."""
    months_by_reason: dict[str, list[str]] = {}
    for one in undone:
        months_by_reason.setdefault(one.reason, []).append(str(one.month))
    return "\n".join(
        words("run.months_undone", months=", ".join(months), reason=reason)
        for reason, months in months_by_reason.items()
    )


def report_months(
    home: Path,
    settings: Settings,
    manifest: Manifest,
    executor: Executor | None,
    progress: Progress,
    asked: Month | None,
    *,
    anew: bool = False,
) -> tuple[Manifest, MonthsDone]:
    """Writes every month that a commit concerns, and enters their editions in the ledger.

    With `anew` the month asked for (or the newest) is written even if it stands already as it should.

    Of one month, its regions are tasks of their own; of several, each month is one. A month that fails, whatever
    over, stops no other: it is told, stays as it was, and is left for the next run.
    """
    opened = open_months(Ledger(home, manifest, all_forms()), settings, executor)
    work = MonthWriter(opened, executor, progress, anew)
    months = work.months_to_write(asked)
    if executor is None or len(months) == 1:
        written: Iterator[Written | MonthFault] = (work.attempt(one) for one in months)
    else:
        written = _over_months(executor, work, months)
    done: list[MonthOutcome] = []
    undone: list[MonthFault] = []
    for month, answer in zip(months, _with_failures(written), strict=True):
        if isinstance(answer, WorkerDied):
            undone.append(MonthFault(month, str(answer), passing=True))
        elif isinstance(answer, MonthFault):
            undone.append(answer)
        else:
            outcome, work.editions[str(month)] = answer
            done += [outcome] if outcome else []
        if len(months) > 1:  # of a single month its workbooks are told
            progress("months", len(done) + len(undone), len(months))
    settled = work.settle([one.month for one in undone])
    if done:
        with suppress(Exception):  # what is kept is for speed only
            compact(work.months)
            note(home, work.months.graph)
    return settled, MonthsDone(tuple(done), tuple(undone))


def _with_failures(answers: Iterator[Result]) -> Iterator[Result | WorkerDied]:
    """All answers, and in the place of those that processes died over that they did."""
    while True:
        try:
            yield next(answers)
        except StopIteration:
            return
        except WorkerDied as died:
            yield died


@dataclass(frozen=True)
class WholeMonth:
    """One month to write, in any process that sees the home."""

    place: Place
    month: Month
    anew: bool = False


def _over_months(
    executor: Executor, work: "MonthWriter", months: Sequence[Month]
) -> Iterator[Written | MonthFault]:
    """Months over an executor: what later ones look back on is worked out first, then each month is one task."""
    shape, graph = work.months.shape, work.months.graph
    behind, judged = months_behind(work.months, months), months_judged(work.months, months)
    for stage, nodes in (
        ("condense", rows_behind(shape, behind)),
        ("figure", counts_behind(shape, behind)),
        ("figure", [one for month in months for one in moves_of(shape, month)]),
        (
            "forecast",
            [one for month in judged for one in forecast_nodes(shape, month, with_customers=month in months)],
        ),
    ):
        graph.ready(nodes, partial(work.progress, stage), tolerant=True)
    return executor.map(write_whole_month, [WholeMonth(work.months.place, one, work.anew) for one in months])


def months_behind(months: Months, asked: Sequence[Month]) -> list[Month]:
    """The known months that the reports of these look back on, themselves included, oldest first."""
    return sorted({one for month in asked for one in months.shape.months_of(month)})


def months_judged(months: Months, asked: Sequence[Month]) -> list[Month]:
    """The known months whose forecasts the reports of these judge or give, oldest first."""
    wanted = {month + -step for month in asked for step in range(TRACK_MONTHS + 1)}
    return sorted(wanted & months.shape.months)


def write_whole_month(task: WholeMonth) -> Written | MonthFault:
    """Writes one month's folder, all in this process."""
    return MonthWriter(task.place.months, anew=task.anew).attempt(task.month)


def compact(months: Months) -> None:
    """Of closed months only that is kept which reports of later months need; the rows are in the ledger.

    A correction to a closed month brings its share back, as far as it is needed.
    """
    shape = months.shape
    newest = max(shape.months)
    wanted = [*report_nodes(shape, newest), *looked_back_on(shape)]
    let_go(
        months.graph,
        wanted,
        lambda one: one.month is not None and one.month >= newest,
        frozenset(map(str, shape.months)),
    )


@dataclass(frozen=True)
class Issue:
    """The forecast of a month, to be kept as an edition of it gives it."""

    place: Place
    month: Month
    edition: int


def store_issued(task: Issue) -> str:
    """Keeps a month's forecast as an edition gives it, that of each region's customers by itself; backfilled where
    later months are known already. Gives the name of the file."""
    months, month = task.place.months, task.month
    late = month < max(months.shape.months)
    forecasts = chain([months.graph.of("forecast", month)], customers_forecasts(months, month))
    issued = (issued_by_model(one, month, task.edition, backfilled=late) for one in forecasts)
    return store_frames(months.ledger.home, f"editions/{month}/forecast", issued)


def customers_forecasts(months: Months, month: Month) -> Iterator[pd.DataFrame]:
    """What is forecast of customers, region by region."""
    for region in months.shape.names(month):
        yield months.graph.of("some_customers_forecast", month, (region,))[list(FORECAST_COLUMNS)]


def content_of(months: Months, figures: MonthFigures) -> Content:
    """The fingerprints of a month's content, apart from the language it is told in."""
    problems = figures.problems.drop(columns=["column", "expected"])
    digest = months.graph.of("figures_digest", figures.month)
    return Content(digest, digest_of([[problems], [figures.submissions]]))


def _with_content(edition: Edition, content: Content) -> Edition:
    """The same edition, with what is told about files as it is now."""
    return replace(edition, digest=content.digest, figures=content.figures)


@dataclass
class MonthWriter:
    """Writes months of one committed ledger, and knows their editions from then on."""

    months: Months
    executor: Executor | None = None
    progress: Progress = unheard
    anew: bool = False

    def __post_init__(self) -> None:
        self.home, self.settings, self.ledger = self.months.ledger.home, self.months.settings, self.months.ledger
        self.words, self.manifest = load_words(self.settings.language), self.ledger.manifest
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
        reported = {Month.parse(one) for one in self.manifest.editions} & set(known)
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
        told = told_of(self.home, self.manifest)
        figures = month_figures(self.months, month, told, self.words)
        self.progress("figure", 1, 1)
        last = self.manifest.editions.get(str(month))
        content = content_of(self.months, figures)
        is_new = last is None or self._differs(last, content, figures)
        due = is_new or self.anew or str(month) in self.manifest.pending
        if last and not due and last.digest in ("", content.digest) and self._is_written(month):
            end_report(self.months.graph, str(month))
            return None, _with_content(last, content)
        result = self._as_edition(figures, last, is_new)
        edition = self._edition(last, result, content) if is_new or last is None else _with_content(last, content)
        give_back()
        with new_month_folder(self.home, month, self.words) as aside:
            masters = self.ledger.masters(month)
            readers = usable_cores() if self.executor else 1
            with reading_sandbox(self.home, self.settings, readers) as sandbox:
                copies = write_corrections(self.home, month, self.manifest, self.settings, sandbox, aside)
            tasks = books_tasks(self.months.place, result, self.settings, masters, aside, copies)
            tell = partial(self.progress, "workbooks")
            written = write_all_books(tasks, count_books(result), aside, self.executor, tell)
            write_data(result, customers_forecasts(self.months, month), aside)
            write_letters(written, self.settings, aside, month, result.edition)
            end_report(self.months.graph, str(month))
            write_run_record(aside, self._record(result, edition, len(written), time.monotonic() - started))
        states = {str(state): int(n) for state, n in result.submissions["state"].value_counts().items()}
        folder = month_folder(self.home, month)
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
        folder = month_folder(self.home, month)
        current = written_edition(folder)[2] == self._made_with and drafts_are_current(folder, self.settings.mail)
        return current and self._stands(month)

    def _stands(self, month: Month) -> bool:
        """Whether the month's folder holds its newest edition, whole."""
        folder, edition = month_folder(self.home, month), self.manifest.editions[str(month)]
        return written_edition(folder)[:2] == (edition.number, edition.digest) and is_whole(folder)

    @cached_property
    def _made_with(self) -> str:
        return fingerprint([program_fingerprint(), self.settings.model_dump_json()])

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
            "versions": {
                "yuebao": __version__,
                "python": platform.python_version(),
                **{name: importlib.metadata.version(name) for name in LIBRARIES},
            },
            "seconds": round(seconds, 3),
        }
