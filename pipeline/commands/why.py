"""Why a month would be written, and what would be worked out for it: `yuebao why [MONTH]`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.base.calendar import Month
from pipeline.base.errors import YuebaoError
from pipeline.contract.settings import Settings
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import open_months
from pipeline.month.plan.wanted import report_nodes
from pipeline.month.writer import MonthWriter
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
    """Why a month would be written (empty: it stands as it should), and what would be worked out for it.

    `each_report` is how many nodes are made for every report, whatever has changed.
    """

    month: Month
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
