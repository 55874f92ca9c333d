"""The submissions board of a month as it stands today, files still in the inbox not counted."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.calendar import Month, deadline, is_announced
from pipeline.ledger.decide import waiting
from pipeline.ledger.manifest import Manifest, read_manifest
from pipeline.ledger.read import master_versions
from pipeline.masters import read_masters
from pipeline.settings import Settings
from pipeline.submissions import submissions_board
from schemas.form import all_forms

PENDING = "pending"  # not there yet, and not due yet


@dataclass(frozen=True)
class Question:
    """A form that waits for an answer before it counts; `reason` is one of `ledger.questions.ASKED`."""

    file: str
    sha256: str
    month: str
    manager_id: str
    form: str
    reason: str


@dataclass(frozen=True)
class Board:
    """A month's board.

    `rows` has the columns of `submissions.csv`; until the deadline has passed a missing form is "pending".
    `managers` is the month's master data of those who stand in it. `waiting` is what has to be answered, of any month.
    """

    month: Month
    due_on: dt.date
    rows: pd.DataFrame
    managers: pd.DataFrame
    waiting: tuple[Question, ...] = ()

    def not_complete(self) -> list[str]:
        """Codes of managers of whom a form is missing, pending or was refused."""
        open_states = self.rows["state"].isin(["missing", PENDING, "refused", "held"])
        return sorted(set(self.rows.loc[open_states, "manager_id"]))

    def as_json(self) -> Mapping[str, Any]:
        rows = self.rows.astype(object).where(self.rows.notna(), None)
        return {
            "month": str(self.month),
            "due_on": self.due_on.isoformat(),
            "working_days_announced": is_announced(self.due_on.year),
            "not_complete": self.not_complete(),
            "waiting": [asdict(one) for one in self.waiting],
            "submissions": rows.to_dict("records"),
        }


def board_of(home: Path, settings: Settings, month: Month, today: dt.date) -> Board:
    """The board of a month as the ledger knows it on a day."""
    manifest = read_manifest(home)
    versions = [one for one in master_versions(home, manifest) if one.form == "managers"]  # customers are many
    managers = read_masters(versions, month).get("managers", all_forms()["managers"].empty())
    rows = submissions_board(month, manifest, managers, settings.profile)
    if today <= deadline(month):
        rows = rows.assign(state=rows["state"].replace("missing", PENDING))
    known = managers[managers["manager_id"].isin(rows["manager_id"])]
    return Board(month, deadline(month), rows, known.reset_index(drop=True), questions(manifest))


def questions(manifest: Manifest) -> tuple[Question, ...]:
    """All that waits for an answer, in the order in which it came."""
    receipts = manifest.receipts_by_hash
    return tuple(
        Question(receipts[one.sha256].name, one.sha256, one.month, one.manager_id, one.form, one.asked)
        for one in waiting(manifest)
    )
