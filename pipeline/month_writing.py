"""Writing a month: one task a workbook, each a plain function of picklable arguments, and the tidy data beside."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pipeline.cutting import headquarters_report, manager_reports, region_reports
from pipeline.figures.catalogue import all_figures
from pipeline.figures.declare import Figure
from pipeline.month_report import MonthResult
from pipeline.output import csv_bytes, safe_file_name
from pipeline.report import Report
from pipeline.settings import Settings
from pipeline.workbooks.blocks import WorkbookPlan
from pipeline.workbooks.headquarters import plan_headquarters
from pipeline.workbooks.manager import plan_manager
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.write import write_workbook

WorkbookKind = Literal["region", "manager", "headquarters"]
PLANS: Mapping[WorkbookKind, Callable[[Report], WorkbookPlan]] = {
    "region": plan_region,
    "manager": plan_manager,
    "headquarters": plan_headquarters,
}


@dataclass(frozen=True)
class WorkbookTask:
    """One workbook to write. The report travels without its figures, which every process declares by itself."""

    kind: WorkbookKind
    report: Report
    path: Path


def write_one(task: WorkbookTask) -> Path:
    """Plans and writes one workbook; gives its file."""
    report = replace(task.report, figures=all_figures(task.report.settings.profile))
    write_workbook(PLANS[task.kind](report), task.path)
    return task.path


def workbook_tasks(
    result: MonthResult, settings: Settings, figures: Sequence[Figure], folder: Path
) -> Iterator[WorkbookTask]:
    """Every workbook of a month, where it goes in the month's folder."""
    for report in region_reports(result, settings, figures):
        yield _task("region", report, folder / "regions" / _file_name(report))
    for report in manager_reports(result, settings, figures):
        yield _task("manager", report, folder / "managers" / _file_name(report))
    yield _task("headquarters", headquarters_report(result, settings, figures), folder / "headquarters.xlsx")


def write_workbooks(tasks: Iterator[WorkbookTask], folder: Path, executor: Executor | None) -> list[Path]:
    """Writes the workbooks, over an executor where there is one; gives the files in the order of the tasks."""
    for name in ("regions", "managers"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return list((executor.map if executor else map)(write_one, tasks))


def write_data(result: MonthResult, folder: Path) -> None:
    """The tidy files, in the columns of the contract; texts in the language of the run."""
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
    }
    for name, frame in frames.items():
        (data / f"{name}.csv").write_bytes(csv_bytes(frame))


def _task(kind: WorkbookKind, report: Report, path: Path) -> WorkbookTask:
    return WorkbookTask(kind, replace(report, figures=()), path)


def _file_name(report: Report) -> str:
    own = report.names[(report.names["level"] == report.level) & (report.names["entity_id"] == report.entity_id)]
    name = str(own["name"].iloc[0]) if len(own) else ""
    return safe_file_name(f"{report.month}_{report.entity_id}_{name}") + ".xlsx"
