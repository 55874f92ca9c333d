"""Writing a quarter, a half-year or a year: its workbooks, letters, tidy data, and its edition."""

import time
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from pipeline.base.csv_cells import write_csv
from pipeline.base.errors import YuebaoError
from pipeline.base.period import Period
from pipeline.contract.settings import Settings
from pipeline.contract.titles import period_text
from pipeline.ledger.commit import store_frame, sweep
from pipeline.ledger.manifest import Edition, Manifest, read_manifest, write_manifest
from pipeline.ledger.output import (
    is_as_recorded,
    new_period_folder,
    period_folder,
    period_folders,
    read_run_record,
    write_run_record,
)
from pipeline.ledger.read import Ledger
from pipeline.month.editions import KEYS, Content, changed_figures, digest_of, files_since, is_new_edition
from pipeline.month.opening import Months
from pipeline.month.outcome import PeriodOutcome
from pipeline.month.papers import in_digest, write_papers
from pipeline.month.period_result import known_months, papers_of_period, result_of_period
from pipeline.month.plan.periods import period_nodes
from pipeline.month.report import MonthResult
from pipeline.month.writer import made_with, versions
from pipeline.month.writing import books_tasks, count_books, write_all_books, write_letters
from pipeline.taking.received import Progress, unheard
from pipeline.work.letting_go import end_report

PapersMade = Mapping[str, Mapping[str, pd.DataFrame]]
OF_PERIODS = "period_"  # begins the names of tables that are told of every period; DATA are those written
DATA: Mapping[str, str] = {"forecasts": "period_fared", "findings": "period_rules", "actions": "period_actions"}


@dataclass(frozen=True)
class Carried:
    """A period's edition as another ledger knew it, with what it stored: its metrics, and what it changed."""

    edition: Edition
    metrics: pd.DataFrame
    changes: pd.DataFrame | None = None


@dataclass
class PeriodWriter:
    """Writes longer periods of one committed ledger, each whenever it is asked for."""

    months: Months
    executor: Executor | None = None
    progress: Progress = unheard

    def __post_init__(self) -> None:
        self.ledger: Ledger = self.months.ledger
        self.home, self.manifest = self.ledger.home, self.ledger.manifest
        self.settings, self.words = self.months.settings, self.months.settings.words

    def write(self, period: Period, before: Carried | None = None) -> PeriodOutcome:
        """A period's folder and its edition, which is a new one where its figures differ from those last told.

        Args:
            before: what was told last, where the ledger does not know it.

        Raises:
            YuebaoError: when nothing of the period is in the ledger, or its folder cannot be replaced.
        """
        started = time.monotonic()
        own = known_months(self.months.shape, period)
        if not own:
            raise YuebaoError(self.words("run.unknown_month", month=period_text(period, self.words)))
        self.months.graph.ready(period_nodes(self.months.shape, period), partial(self.progress, "figure"))
        first = result_of_period(self.months, period, 1, None)
        papers = papers_of_period(self.months, period)
        last, content = before or self._carried(period), _content(first, papers)
        result, is_new = self._as_edition(first, last, content)
        edition = self._edition(result, last, content, is_new=is_new)
        written = self._write_folder(period, result, edition, papers, started)
        for month in own:
            end_report(self.months.graph, str(month))
        self.manifest = replace(self.manifest, editions={**self.manifest.editions, str(period): edition})
        write_manifest(self.home, self.manifest)
        sweep(self.home, self.manifest)
        folder = period_folder(self.home, period)
        return PeriodOutcome(
            period, result.edition, folder, written, len(result.metrics), result.known.missing, is_new
        )

    def _carried(self, period: Period) -> Carried | None:
        return carried(self.ledger, period)

    def _as_edition(self, result: MonthResult, last: Carried | None, content: Content) -> tuple[MonthResult, bool]:
        if last is None:
            return result, True
        if not is_new_edition(last.edition, content.figures, last.metrics, result.metrics):
            return replace(result, edition=last.edition.number, changes=last.changes), False
        withdrawn = self.words.texts["run.withdraw.withdrawn_name"]
        files = files_since(self.manifest, last.edition.run, str(result.month), withdrawn)
        changes = changed_figures(last.metrics, result.metrics, files, result.regions)
        return replace(result, edition=last.edition.number + 1, changes=changes), True

    def _edition(self, result: MonthResult, last: Carried | None, content: Content, *, is_new: bool) -> Edition:
        run = self.manifest.run if is_new or last is None else last.edition.run
        folder, changes = f"editions/{result.period}", result.changes
        return Edition(
            result.edition,
            run,
            content.digest,
            store_frame(self.home, f"{folder}/metrics", result.metrics[[*KEYS, "value"]]),
            "" if changes is None else store_frame(self.home, f"{folder}/changes", changes),
            (),
            content.figures,
        )

    def _write_folder(
        self, period: Period, result: MonthResult, edition: Edition, papers: PapersMade, started: float
    ) -> int:
        masters = self.ledger.masters(period.last)
        with new_period_folder(self.home, period, self.words) as aside:
            tasks = books_tasks(self.months.place, result, self.settings, masters, aside)
            tell = partial(self.progress, "workbooks")
            written = write_all_books(tasks, count_books(result), aside, self.executor, tell)
            write_period_data(result, aside)
            write_papers(papers, period, result.edition, result.names, self.settings, aside)
            write_letters(written, self.settings, aside, period, result.edition)
            record = {
                "period": str(period),
                "edition": result.edition,
                "digest": edition.digest,
                "figures": edition.figures,
                "made_with": made_with(self.settings),
                "rests_on": self.manifest.rests_on(period),
                "counts": {"workbooks": len(written), "rows": len(result.metrics)},
                "versions": versions(),
                "seconds": round(time.monotonic() - started, 3),
            }
            write_run_record(aside, record)
        return len(written)


def _content(result: MonthResult, papers: PapersMade) -> Content:
    """The fingerprints of a period: of its figures, and of all else that is told."""
    figures = digest_of([[result.metrics], [result.scorecard]])
    told = [result.submissions, *(result.told[name] for name in sorted(result.told))]
    return Content(figures, digest_of([*([frame] for frame in told), *in_digest(papers.values())]))


def carried(ledger: Ledger, period: Period) -> Carried | None:
    """What a ledger knows of a period as it was told last; None where it was not, or that is lost."""
    edition = ledger.manifest.edition_of(period)
    if edition is None:
        return None
    try:
        metrics = ledger.read(edition.metrics)
        changes = ledger.read(edition.changes) if edition.changes else None
    except OSError:
        return None
    return Carried(edition, metrics, changes)


def told_periods(home: Path, settings: Settings) -> dict[Period, Carried | None]:
    """The longer periods that were told, by the ledger or by their folders, with what was told of each as far as
    either knows it."""
    try:
        ledger = Ledger(home, read_manifest(home), settings.profile.forms)
    except YuebaoError:
        ledger = Ledger(home, Manifest(), settings.profile.forms)
    named = (Period.parse(name) for name in ledger.manifest.editions)
    every = {*named, *(period for period, _ in period_folders(home))}
    longer = sorted(one for one in every if one.span != "month")
    return {one: carried(ledger, one) or _carried_by(period_folder(home, one)) for one in longer}


def _carried_by(folder: Path) -> Carried | None:
    """What a period's folder itself says of its edition; None where its record or its metrics are not whole."""
    record, metrics = read_run_record(folder), folder / "data" / "metrics.csv"
    if not record or not record.get("edition") or not is_as_recorded(folder, "data/metrics.csv", record):
        return None
    values = pd.read_csv(metrics, encoding="utf-8-sig", usecols=[*KEYS, "value"], dtype=dict.fromkeys(KEYS, "str"))
    told = str(record.get("digest", "")), str(record.get("figures", ""))
    return Carried(Edition(int(record["edition"]), 0, told[0], "", "", (), told[1]), values)


def write_period_data(result: MonthResult, folder: Path) -> None:
    """The tidy files of a period, in the columns of the contract."""
    data = folder / "data"
    data.mkdir()
    frames = {"metrics": result.metrics, "scorecard": result.scorecard, "submissions": result.submissions}
    own = {name: frame for name, frame in result.told.items() if not name.startswith(OF_PERIODS)}
    for name, frame in {**frames, **{name: result.told[told] for name, told in DATA.items()}, **own}.items():
        write_csv(data / f"{name}.csv", frame)
