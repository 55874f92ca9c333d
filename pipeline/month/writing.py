"""Writing a month: one task a region (its workbook and its managers') and one for headquarters, and the tidy data."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Literal

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.csv_cells import write_csv
from pipeline.base.garbage import collect_now, give_back
from pipeline.base.home import OUTPUT
from pipeline.base.period import AnyPeriod
from pipeline.base.safe_names import safe_name
from pipeline.contract.report import Report
from pipeline.contract.settings import Settings
from pipeline.figures.catalogue import all_figures
from pipeline.findings.page_axes import figures_drawn, page_axes
from pipeline.findings.year_targets import year_targets
from pipeline.month.cutting import (
    Share,
    SortedMonth,
    headquarters_report,
    managers_reported,
    region_reports,
    share_of_region,
)
from pipeline.month.opening import Place
from pipeline.month.period_result import share_of_period
from pipeline.month.report import MonthResult
from pipeline.outbox.drafts import LetterList, settings_fingerprint, write_outbox
from pipeline.outbox.letters import Letter, NoLetter, Workbook, plan_letter, wants_letter
from pipeline.taking.correction_copies import CorrectionCopy
from pipeline.workbooks.blocks import WorkbookPlan
from pipeline.workbooks.headquarters import plan_headquarters
from pipeline.workbooks.manager import plan_manager
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.write import write_workbook

BookKind = Literal["region", "manager", "headquarters"]
PLANS: Mapping[BookKind, Callable[[Report], WorkbookPlan]] = {
    "region": plan_region,
    "manager": plan_manager,
    "headquarters": plan_headquarters,
}


@dataclass(frozen=True)
class BooksTask:
    """The workbooks of one region and its managers, or that of headquarters (`region` None).

    `result` is what of the month they may show; what is kept region by region is found at the `place`. `masters` are
    the month's regions and managers, for names and addresses; `copies` the correction copies that go with the letter of
    a manager, or of the region, by whose form it is.
    """

    place: Place
    result: MonthResult
    region: str | None
    settings: Settings
    masters: Mapping[str, pd.DataFrame]
    folder: Path
    copies: Mapping[str, tuple[Workbook, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """One workbook as written, below the month's folder, and the letter that brings it, where it is wanted."""

    kind: BookKind
    file: str
    letter: Letter | NoLetter | None

    @property
    def draft_name(self) -> str:
        """The name of the letter's draft, without its ending."""
        return self.kind if self.kind == "headquarters" else f"{self.kind}_{Path(self.file).stem}"


def write_books(task: BooksTask) -> list[Written]:
    """Plans and writes the workbooks of one task."""
    written = [_write(task, kind, report) for kind, report in reports_of(task)]
    collect_now()
    give_back()
    return written


def reports_of(task: BooksTask) -> Iterator[tuple[BookKind, Report]]:
    """What each workbook of a task is made from."""
    figures, share = all_figures(task.settings.profile), share_at(task)
    if task.region is None:
        yield "headquarters", headquarters_report(share, task.settings, figures)
        return
    for report in region_reports(share, task.settings, figures):
        yield "region" if report.level == "region" else "manager", report


def share_at(task: BooksTask) -> Share:
    """What a task's reports are cut from, found at its place."""
    graph, month = task.place.graph, task.result.month
    regions = None if task.region is None else (task.region,)
    if task.result.span is not None:
        return share_of_period(graph, task.result, regions)
    with graph.doing():
        details, history = graph.of("details", month, regions), graph.of("course", month, regions)
        return Share(task.result, details, history, graph.of("some_customers_forecast", month, regions or ()))


def _write(task: BooksTask, kind: BookKind, report: Report) -> Written:
    name = "" if kind == "headquarters" else f"{kind}s/{_file_name(report)}"
    file = name or "headquarters.xlsx"
    write_workbook(PLANS[kind](report), task.folder / file)
    letter = None
    if wants_letter(report):
        copies = task.copies.get(report.entity_id, ()) if kind != "headquarters" else ()
        letter = plan_letter(report, report.figures, task.masters, _attached(task, kind, report, file), copies)
    return Written(kind, file, letter)


def _attached(task: BooksTask, kind: BookKind, report: Report, file: str) -> Workbook:
    path = task.folder / file
    name = f"{report.period}_{path.name}" if kind == "headquarters" else path.name
    return Workbook(name, file, path.stat().st_size, f"{OUTPUT}/{report.period}/{file}")


def books_tasks(
    place: Place,
    result: MonthResult,
    settings: Settings,
    masters: Mapping[str, pd.DataFrame],
    folder: Path,
    copies: Iterable[CorrectionCopy] = (),
) -> Iterator[BooksTask]:
    """Every workbook of a month, the largest task first; the month's correction copies go with letters."""
    settings = settings.as_of(result.month)
    people = {form: masters[form] for form in ("regions", "managers")}
    year = year_targets(masters["targets"], result.month, all_figures(settings.profile))
    result = replace(result, year_targets=year)
    month = SortedMonth(result)
    yield BooksTask(place, result, None, settings, people, folder)
    axes = page_axes(result.metrics, result.forecast, result.regions, figures_drawn(settings.profile))
    if result.span is not None:  # a course is of months
        axes = {name: reach for name, reach in axes.items() if not name.endswith(".course")}
    for region in sorted(set(result.regions)):
        share = replace(share_of_region(month, region), axes=axes)
        senders = {region, *share.regions.index}
        own = _by_manager(result.month, [one for one in copies if one.manager_id in senders])
        yield BooksTask(place, share, region, settings, people, folder, own)


def _by_manager(month: Month, copies: Iterable[CorrectionCopy]) -> dict[str, tuple[Workbook, ...]]:
    found: dict[str, tuple[Workbook, ...]] = {}
    for one in copies:
        shown_at = f"{OUTPUT}/{month}/{one.file}"
        attached = Workbook(PurePath(one.file).name, one.file, one.bytes, shown_at, one.of, one.until)
        found[one.manager_id] = (*found.get(one.manager_id, ()), attached)
    return found


def count_books(result: MonthResult) -> int:
    """How many workbooks a month has."""
    return 1 + result.regions.nunique() + len(managers_reported(result))


def write_all_books(
    tasks: Iterable[BooksTask],
    count: int,
    folder: Path,
    executor: Executor | None,
    told: Callable[[int, int], None],
) -> list[Written]:
    """Writes the workbooks, over an executor where there is one: regions, managers, headquarters.

    `told` hears, at the start and after each task, how many workbooks are done of `count`.
    """
    for name in ("regions", "managers"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    done: list[Written] = []
    told(0, count)
    for written in (executor.map if executor else map)(write_books, tasks):
        done += written
        told(len(done), count)
    return sorted(done, key=lambda one: (list(PLANS).index(one.kind), one.file))


def write_data(result: MonthResult, customers_forecasts: Iterable[pd.DataFrame], folder: Path) -> None:
    """The tidy files, in the columns of the contract; texts in the language of the run.

    What is forecast of customers comes region by region, and stands below the rest.
    """
    data = folder / "data"
    data.mkdir()
    frames = {
        "metrics": result.metrics,
        "forecast": result.forecast,
        "findings": result.findings,
        "problems": result.problems,
        "submissions": result.submissions,
        "track_record": result.track,
        "scorecard": result.scorecard,
        **result.told,
    }
    for name, frame in frames.items():
        write_csv(data / f"{name}.csv", frame, customers_forecasts if name == "forecast" else ())


def _file_name(report: Report) -> str:
    own = report.names[(report.names["level"] == report.level) & (report.names["entity_id"] == report.entity_id)]
    name = str(own["name"].iloc[0]) if len(own) else ""
    return safe_name(f"{report.period}_{report.entity_id}_{name}", report.entity_id, ".xlsx")


def write_letters(
    written: Sequence[Written], settings: Settings, folder: Path, month: AnyPeriod, edition: int
) -> LetterList:
    """Writes a draft for each workbook that is to be sent, into the month's folder that holds the workbooks."""
    planned = [(one.draft_name, one.letter) for one in written if one.letter is not None]
    return write_outbox(folder, month, edition, settings_fingerprint(settings.mail), planned)
