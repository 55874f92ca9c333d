"""Why a month or a longer period would be written, and what would be worked out for it: `yuebao why [PERIOD]`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.base.calendar import Month
from pipeline.base.errors import YuebaoError
from pipeline.base.period import AnyPeriod, Period
from pipeline.contract.settings import Settings
from pipeline.contract.titles import period_text
from pipeline.ledger.manifest import Manifest, read_manifest
from pipeline.ledger.output import is_whole, period_folder, read_run_record, written_edition
from pipeline.ledger.read import Ledger
from pipeline.ledger.stale_periods import rests_on_older
from pipeline.month.opening import open_months
from pipeline.month.plan.periods import period_nodes
from pipeline.month.plan.wanted import report_nodes
from pipeline.month.writer import MonthWriter, made_with
from pipeline.work.step import Node
from pipeline.work.why import Cause, Why, as_plain, read_noted


@dataclass(frozen=True)
class ToMake:
    """The nodes of one step and month that would be made, and what changed behind them."""

    step: str
    month: Month
    nodes: int
    causes: tuple[Cause, ...]

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "step": self.step,
            "month": str(self.month),
            "nodes": self.nodes,
            "causes": as_plain(self.causes),
        }


@dataclass(frozen=True)
class MonthWhy:
    """Why a month, or a longer period, would be written (empty: it stands as it should), and what would be worked out.

    `each_report` is how many nodes are made for every report, whatever has changed.
    """

    month: AnyPeriod
    reasons: tuple[str, ...]
    to_make: tuple[ToMake, ...]
    each_report: int

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What changed, of all that would be made."""
        return tuple(sorted({cause for one in self.to_make for cause in one.causes}))

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "month": str(self.month),
            "reasons": list(self.reasons),
            "to_make": [one.as_json() for one in self.to_make],
            "each_report": self.each_report,
        }


def why_months(home: Path, settings: Settings, asked: Month | None) -> list[MonthWhy]:
    """Of the month asked for, or of those that the next run writes: why, and what would be worked out.

    Raises:
        YuebaoError: when nothing of the month is in the ledger.
    """
    manifest = read_manifest(home)
    if asked is not None and asked not in manifest.months():
        raise YuebaoError(settings.words("run.unknown_month", month=asked))
    months = open_months(Ledger(home, manifest, settings.profile.forms), settings)
    due = MonthWriter(months).reasons_to_write(asked)
    why = Why(months.graph, read_noted(home))
    found = []
    for month in [asked] if asked else sorted(due):
        missing = list(months.graph.missing(report_nodes(months.shape, month)).nodes)
        stay = [one for one in missing if months.graph.steps[one.step].keeps != "report"]
        to_make = _by_step(why.of(stay))
        found.append(MonthWhy(month, due.get(month, ()), to_make, len(missing) - len(stay)))
    return found


def why_period(home: Path, settings: Settings, period: Period) -> MonthWhy:
    """Why a quarter, a half-year or a year would be another one than the one that was told last, and what of its months
    would be worked out anew for it.

    Raises:
        YuebaoError: when nothing of the period is in the ledger.
    """
    manifest = read_manifest(home)
    months = open_months(Ledger(home, manifest, settings.profile.forms), settings)
    if not any(one in months.shape.months for one in period):
        raise YuebaoError(settings.words("run.unknown_month", month=period_text(period, settings.words)))
    missing = list(months.graph.missing(period_nodes(months.shape, period)).nodes)
    stay = [one for one in missing if months.graph.steps[one.step].keeps in _STAYS]
    to_make = _by_step(Why(months.graph, read_noted(home)).of(stay))
    return MonthWhy(
        period, _reasons_of_period(home, settings, manifest, period), to_make, len(missing) - len(stay)
    )


_STAYS = ("ledger", "wanted")  # how long what is made stays that is not made for each report


def _reasons_of_period(home: Path, settings: Settings, manifest: Manifest, period: Period) -> tuple[str, ...]:
    folder = period_folder(home, period)
    if read_run_record(folder) is None:
        return ("untold",)
    told = {
        "lost": not is_whole(folder),
        "months": rests_on_older(folder, period, manifest),
        "asked": written_edition(folder)[2] != made_with(settings),
    }
    return tuple(reason for reason, holds in told.items() if holds)


def _by_step(causes: Mapping[Node, frozenset[Cause]]) -> tuple[ToMake, ...]:
    counts = Counter((one.step, one.month) for one in causes)
    found: dict[Any, frozenset[Cause]] = {}
    for node, own in causes.items():
        found[node.step, node.month] = found.get((node.step, node.month), frozenset()) | own
    return tuple(
        ToMake(step, month, count, tuple(sorted(found[step, month])))
        for (step, month), count in counts.items()
        if month is not None
    )
