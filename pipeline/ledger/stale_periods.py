"""Whether what was told of a longer period still stands: its months, or those compared with, may have changed."""

from pathlib import Path

from pipeline.base.period import Period
from pipeline.ledger.manifest import Manifest
from pipeline.ledger.output import period_folders, read_run_record


def stale_periods(home: Path, manifest: Manifest) -> list[Period]:
    """The longer periods whose folders rest on months of which the ledger has other editions by now."""
    return [
        period
        for period, folder in period_folders(home)
        if period.span != "month" and rests_on_older(folder, period, manifest)
    ]


def rests_on_older(folder: Path, period: Period, manifest: Manifest) -> bool:
    """Whether a period's folder rests on other editions of its months than the ledger has; not of one whose record is
    not whole."""
    record = read_run_record(folder)
    return record is not None and record.get("rests_on") != manifest.rests_on(period)
