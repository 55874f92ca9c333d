"""What is true of the demo: the rows that ought to be taken in, and the slips, as CSV beside the inbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.faults import Fault, Outcome
from pipeline.demo.job import Job, place_in

FAULTS_FILE = "faults.csv"
FAULT_COLUMNS = ("month", "manager_id", "file", "form", "sheet", "cell", "kind", "found", "effect")


@dataclass
class Truth:
    """Writes the truth month by month: `sales.csv` and so on, with month, manager_id and region_id.

    `forms` are those whose rows there may be. Values stand as they are stored: keys of lists, clock times as minutes.
    `faults.csv` is written at the end.
    """

    folder: Path
    region_of: Mapping[str, str]
    forms: tuple[str, ...]
    counts: dict[str, int] = field(default_factory=dict)
    faults: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for form in self.forms:
            (self.folder / f"{form}.csv").unlink(missing_ok=True)

    def add(self, month: Month, outcomes: list[Outcome], jobs: list[Job | None]) -> None:
        """The good rows of a month, and its slips; `jobs` are the workbooks of the outcomes."""
        for form in outcomes[0].good_rows:
            frames = [self._labelled(month, outcome, form) for outcome in outcomes]
            rows = pd.concat(frames, ignore_index=True)
            path = self.folder / f"{form}.csv"
            is_new = not path.exists()
            encoding = "utf-8-sig" if is_new else "utf-8"
            rows.to_csv(path, mode="a", header=is_new, index=False, encoding=encoding, lineterminator="\n")
            self.counts[form] = self.counts.get(form, 0) + len(rows)
        for outcome, job in zip(outcomes, jobs, strict=True):
            self.faults += [_fault_row(outcome, fault, job) for fault in outcome.faults]

    def finish(self) -> None:
        """Writes the list of slips that were made on purpose."""
        frame = pd.DataFrame(self.faults, columns=list(FAULT_COLUMNS))
        frame.to_csv(self.folder / FAULTS_FILE, index=False, encoding="utf-8-sig", lineterminator="\n")

    def _labelled(self, month: Month, outcome: Outcome, form: str) -> pd.DataFrame:
        rows = outcome.good_rows[form].copy()
        rows.insert(0, "month", str(month))
        rows.insert(1, "manager_id", outcome.manager.id)
        rows.insert(2, "region_id", self.region_of[outcome.manager.id])
        return rows


def _fault_row(outcome: Outcome, fault: Fault, job: Job | None) -> dict[str, str]:
    sheet, cell = "", ""
    if job is not None and fault.form:
        sheet, cell = place_in(job, fault.form, fault.column, fault.row)
    has_cell = fault.effect in ("note", "row left out")
    return {
        "month": str(outcome.month),
        "manager_id": outcome.manager.id,
        "file": job.path.name if job else "",
        "form": fault.form,
        "sheet": sheet,
        "cell": cell if has_cell else "",
        "kind": fault.kind,
        "found": fault.found,
        "effect": fault.effect,
    }
