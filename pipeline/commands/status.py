"""The submissions board of a month as it stands today, with the files that wait in the inbox and those refused."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month, deadline, is_announced
from pipeline.base.period import Period
from pipeline.contract.master_data import read_masters
from pipeline.contract.settings import Settings
from pipeline.intake.days import month_in_name
from pipeline.intake.inbox import list_files
from pipeline.ledger.board import submissions_board
from pipeline.ledger.decide import waiting as asked_submissions
from pipeline.ledger.manifest import Manifest, read_manifest
from pipeline.ledger.read import Ledger, master_versions
from pipeline.ledger.stale_periods import stale_periods
from pipeline.ledger.told import RefusedFile, Told, sender_by_name
from pipeline.taking.refused import told_of

PENDING = "pending"  # not there yet, and not due yet
WAITING = "waiting"  # a file of this manager and month lies in the inbox


@dataclass(frozen=True)
class WaitingFile:
    """A file in the inbox: whose it is and of which month, as far as its name tells (else empty and None)."""

    name: str
    manager_id: str
    month: Month | None


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

    `rows` has the columns of `submissions.csv`; until the deadline has passed a missing form is "pending", and one that
    may be in a file of the inbox "waiting". `managers` is the month's master data of those who stand in it. `waiting`
    are all files of the inbox, `refused` those that were refused and not sent again, `questions` what has to be
    answered, of any month; `stale` are longer periods whose months have changed since they were told.
    """

    month: Month
    due_on: dt.date
    rows: pd.DataFrame
    managers: pd.DataFrame
    waiting: tuple[WaitingFile, ...] = ()
    refused: tuple[RefusedFile, ...] = ()
    questions: tuple[Question, ...] = ()
    stale: tuple[Period, ...] = ()

    def not_complete(self) -> list[str]:
        """Codes of managers of whom a form is missing, pending, waits for an answer or was refused."""
        open_states = self.rows["state"].isin(["missing", PENDING, WAITING, "refused", "held"])
        return sorted(set(self.rows.loc[open_states, "manager_id"]) - {""})

    def as_json(self) -> Mapping[str, Any]:
        """The board as `--json` prints it; what is unknown is null."""
        rows = self.rows.astype(object).where(self.rows.notna(), None)
        return {
            "month": str(self.month),
            "due_on": self.due_on.isoformat(),
            "working_days_announced": is_announced(self.due_on.year),
            "not_complete": self.not_complete(),
            "questions": [asdict(one) for one in self.questions],
            "stale_periods": list(map(str, self.stale)),
            "submissions": rows.to_dict("records"),
            "waiting": [
                {"file": one.name, "manager_id": one.manager_id, "month": str(one.month or "")}
                for one in self.waiting
            ],
            "refused": [
                {"file": one.receipt.name, "manager_id": one.manager_id, "month": str(one.month)}
                for one in self.refused
            ],
        }


def board_of(home: Path, settings: Settings, month: Month, today: dt.date) -> Board:
    """The board of a month as the ledger knows it on a day."""
    manifest = read_manifest(home)
    versions = [one for one in master_versions(home, manifest) if one.form == "managers"]  # customers are many
    managers = read_masters(versions, month).get("managers", settings.profile.forms["managers"].empty())
    told = told_of(home, manifest)
    here = [one for one in told.refused if one.month == month]
    exempt = Ledger(home, manifest, settings.profile.forms).owing_nothing(month, settings.profile)
    rows = submissions_board(month, manifest, managers, settings.profile, refused=here, exempt=exempt)
    if today <= deadline(month):
        rows = rows.assign(state=rows["state"].replace("missing", PENDING))
    waiting = _waiting(settings, home, told)
    senders = {one.manager_id for one in waiting if one.month in (None, month)} - {""}
    may_come = rows["state"].isin(["missing", PENDING]) & rows["manager_id"].isin(senders)
    rows = rows.assign(state=rows["state"].mask(may_come, WAITING))
    known = managers[managers["manager_id"].isin(rows["manager_id"])].reset_index(drop=True)
    return Board(
        month, deadline(month), rows, known, waiting, tuple(told.refused), questions(manifest),
        tuple(stale_periods(home, manifest)),
    )  # fmt: skip


def questions(manifest: Manifest) -> tuple[Question, ...]:
    """All that waits for an answer, in the order in which it came."""
    receipts = manifest.receipts_by_hash
    return tuple(
        Question(receipts[one.sha256].name, one.sha256, one.month, one.manager_id, one.form, one.asked)
        for one in asked_submissions(manifest)
    )


def _waiting(settings: Settings, home: Path, told: Told) -> tuple[WaitingFile, ...]:
    """The files of the inbox. What is in them is not looked at: that is for a child with limits, and a run."""
    files = list_files(home, settings.folders.inbox)
    return tuple(
        WaitingFile(path.name, sender_by_name(path.name, told.names), month_in_name(path.name)) for path in files
    )
