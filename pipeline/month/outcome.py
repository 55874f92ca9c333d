"""What became of months that were to be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.ledger.manifest import Edition
from pipeline.words import Words


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


@dataclass(frozen=True)
class PeriodOutcome:
    """What was written of a longer period: its edition and where it is, how many workbooks and rows of metrics, and of
    which months nothing is known; `is_new`: its edition is, as figures changed."""

    period: Period
    edition: int
    folder: Path
    workbooks: int
    rows: int
    missing: tuple[Month, ...]
    is_new: bool = True

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "period": str(self.period),
            "edition": self.edition,
            "folder": str(self.folder),
            "workbooks": self.workbooks,
            "rows": self.rows,
            "missing": [str(one) for one in self.missing],
            "is_new": self.is_new,
        }


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
