"""A quarter, a half-year or a year from the months in the ledger: `yuebao period 2024-Q2`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.base.calendar import Month
from pipeline.base.csv_cells import write_csv
from pipeline.base.errors import YuebaoError
from pipeline.base.period import Period
from pipeline.commands.monthly import look_at_home
from pipeline.contract.settings import Settings
from pipeline.contract.titles import period_text
from pipeline.ledger.lock import ledger_lock
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.output import NO_EDITION, finish, new_period_folder, period_folder, write_run_record
from pipeline.ledger.read import Ledger
from pipeline.month.opening import open_months
from pipeline.month.plan.periods import period_node
from pipeline.work.letting_go import end_report


@dataclass(frozen=True)
class PeriodOutcome:
    """What was written of a period: where, how many rows of metrics, and of which months nothing is known."""

    period: Period
    folder: Path
    rows: int
    missing: tuple[Month, ...]

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        missing = [str(one) for one in self.missing]
        return {"period": str(self.period), "folder": str(self.folder), "rows": self.rows, "missing": missing}


def run_period(home: Path, settings: Settings, period: Period) -> PeriodOutcome:
    """Writes the tidy data of a period: `metrics.csv` under `output/PERIOD/data`.

    Raises:
        YuebaoError: when nothing of the period is in the ledger, or its folder cannot be replaced.
        LedgerBusy: when another run holds the ledger.
    """
    words = settings.words
    look_at_home(home, words)
    with ledger_lock(home, words):
        finish(home, words)
        manifest = read_manifest(home)
        months = open_months(Ledger(home, manifest, settings.profile.forms), settings)
        wanted = period_node(months.shape, period)
        if wanted is None:
            raise YuebaoError(words("run.unknown_month", month=period_text(period, words)))
        metrics = months.graph.value(wanted)
        known = [one for one in period if one in months.shape.months]
        for month in known:
            end_report(months.graph, str(month))
        with new_period_folder(home, period, words) as folder:
            (folder / "data").mkdir()
            write_csv(folder / "data" / "metrics.csv", metrics)
            rests_on = manifest.rests_on(period)
            write_run_record(folder, {"period": str(period), "edition": NO_EDITION, "rests_on": rests_on})
    missing = tuple(one for one in period if one not in known)
    return PeriodOutcome(period, period_folder(home, period), len(metrics), missing)
