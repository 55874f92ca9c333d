"""A quarter, a half-year or a year from the months in the ledger: `yuebao period 2024-Q2`."""

from pathlib import Path

from pipeline.base.period import Period
from pipeline.commands.home_folder import look_at_home
from pipeline.contract.settings import Settings
from pipeline.figures.catalogue import all_figures
from pipeline.figures.scorecard import check_indicators
from pipeline.ledger.lock import ledger_lock
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.output import finish
from pipeline.ledger.read import Ledger
from pipeline.month.opening import open_months
from pipeline.month.outcome import PeriodOutcome
from pipeline.month.period_writer import PeriodWriter
from pipeline.taking.received import Progress, unheard
from pipeline.work.executors import usable_cores, writing_executor
from pipeline.workbooks.all_sheets import check_sheets


def run_period(
    home: Path, settings: Settings, period: Period, workers: int = 0, progress: Progress = unheard
) -> PeriodOutcome:
    """Writes the workbooks, letters and tidy data of a period, and enters its edition in the ledger.

    Raises:
        YuebaoError: when nothing of the period is in the ledger, or its folder cannot be replaced.
        LedgerBusy: when another run holds the ledger.
        SettingsError: when the scorecard judges what is no figure.
    """
    words = settings.words
    check_indicators(settings.profile, all_figures(settings.profile))
    check_sheets(settings.profile)
    look_at_home(home, words)
    with ledger_lock(home, words):
        finish(home, words)
        with writing_executor(workers or usable_cores(), words=words) as executor:
            ledger = Ledger(home, read_manifest(home), settings.profile.forms)
            months = open_months(ledger, settings, executor)
            return PeriodWriter(months, executor, progress).write(period)
