"""Demo organisations taken in without writing their months, and the workbooks of a month of theirs as plans."""

from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from pipeline.base.calendar import Month
from pipeline.cli import main
from pipeline.contract.report import Report
from pipeline.contract.settings import Settings, load_settings
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import Months, open_months
from pipeline.month.report import month_figures, result_of
from pipeline.month.writing import PLANS, BookKind, books_tasks, reports_of
from pipeline.taking.receive import receive
from pipeline.taking.received import unheard
from pipeline.work.executors import file_readers
from pipeline.workbooks.blocks import WorkbookPlan

LAST = Month(2024, 6)


def take_in_demo(home: Path, *options: str) -> None:
    """A demo organisation that ends with June 2024, its inbox taken in."""
    done = CliRunner().invoke(
        main, ["demo", "--home", str(home), "--end", str(LAST), *options], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    settings = load_settings(home)
    with file_readers(home, settings, 1, None) as readers:
        receive(home, read_manifest(home), settings, readers, unheard)


def opened(home: Path, language: str = "zh") -> tuple[Months, Settings]:
    """The months of a home, and its settings in a language."""
    settings = load_settings(home, language=language)
    return open_months(Ledger(home, read_manifest(home), settings.profile.forms), settings), settings


def reports(months: Months, settings: Settings, month: Month) -> Iterator[tuple[BookKind, Report]]:
    """What each workbook of a month is made from."""
    result = result_of(months, month_figures(months, month, settings.words), 1, None)
    for task in books_tasks(months.place, result, settings, months.ledger.masters(month), months.ledger.home):
        yield from reports_of(task)


def books(months: Months, settings: Settings, month: Month) -> Iterator[tuple[BookKind, Report, WorkbookPlan]]:
    """Each workbook of a month as planned, with what it is made from."""
    for kind, report in reports(months, settings, month):
        yield kind, report, PLANS[kind](report)
