"""The plans of visits as they were issued, a file a week and manager, beside the ledger and not of it.

A file holds all editions of its plan. It is the office's own word, like what is sent: no rebuild makes it anew.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.errors import YuebaoError
from pipeline.base.files import write_atomically
from pipeline.base.home import PLANS
from pipeline.base.safe_names import safe_id
from pipeline.base.week import Week, weeks_of
from pipeline.contract.schedule import PLAN_COLUMNS, no_plan
from pipeline.ledger.archive import WORKSHOP

FORMAT = 1
# What came of a plan: issued for the first time, in another edition, as it was; or, as its week had begun, not changed.
Happened = Literal["issued", "new_edition", "same", "stands"]
_VISIT = ("due_on", "turn", "customer_id", "customer_name", "grade")


@dataclass(frozen=True)
class Visit:
    """A visit as planned: its day (ISO), its place in the order to go, and whom to visit."""

    due_on: str
    turn: int
    customer_id: str
    customer_name: str
    grade: str


@dataclass(frozen=True)
class PlanEdition:
    """A plan as it was issued on a day (ISO)."""

    number: int
    issued_on: str
    region_id: str
    visits: tuple[Visit, ...]

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Who is to be visited on which day: what makes one plan another."""
        return frozenset((one.due_on, one.customer_id) for one in self.visits)


@dataclass(frozen=True)
class IssuedPlan:
    """A manager's plan of a week in all its editions, oldest first; there is one at least."""

    week: Week
    manager_id: str
    editions: tuple[PlanEdition, ...]

    @property
    def standing(self) -> PlanEdition:
        """The edition that counts."""
        return self.editions[-1]


def plan_issued(
    held: IssuedPlan | None, week: Week, manager_id: str, region_id: str, visits: Sequence[Visit], today: dt.date
) -> tuple[IssuedPlan, Happened]:
    """What is to be kept of a plan made today, and what came of it.

    Before its week begins a plan that has changed becomes another edition. From the week's Monday on the plan that was
    issued stands: nobody plans what was done. One that nobody has issued yet is issued whenever it is made.
    """
    ordered = tuple(sorted(visits, key=lambda one: (one.due_on, one.turn)))
    made = PlanEdition(1, today.isoformat(), region_id, ordered)
    if held is None:
        return IssuedPlan(week, manager_id, (made,)), "issued"
    if held.standing.pairs == made.pairs:
        return held, "same"
    if today >= week.monday:
        return held, "stands"
    anew = PlanEdition(held.standing.number + 1, made.issued_on, region_id, ordered)
    return IssuedPlan(week, manager_id, (*held.editions, anew)), "new_edition"


def read_issued(home: Path, week: Week, manager_id: str) -> IssuedPlan | None:
    """A manager's plan of a week; None where none was issued.

    Raises:
        YuebaoError: when its file is not one that this program wrote.
    """
    path = _path(home, week, manager_id)
    return _read(path) if path.exists() else None


def keep_issued(home: Path, plan: IssuedPlan) -> None:
    """Keeps a plan with all its editions."""
    path = _path(home, plan.week, plan.manager_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    held: dict[str, Any] = {
        "format": FORMAT,
        "week": str(plan.week),
        "manager_id": plan.manager_id,
        "editions": [
            {**vars(one), "visits": [[getattr(visit, name) for name in _VISIT] for visit in one.visits]}
            for one in plan.editions
        ],
    }
    text = json.dumps({**held, "sha256": _fingerprint(held)}, ensure_ascii=False, sort_keys=True)
    write_atomically(path, f"{text}\n".encode())


def issued_files(home: Path, month: Month) -> tuple[Path, ...]:
    """The files of the plans that have days in a month."""
    folders = (_folder(home) / str(week) for week in weeks_of(month))
    return tuple(path for folder in folders for path in sorted(folder.glob("*.json")))


def issued_stamps(home: Path, month: Month) -> list[str]:
    """What tells one state of the plans of a month from another."""
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in issued_files(home, month)]


def issued_visits(home: Path, month: Month) -> pd.DataFrame:
    """One row per visit of a month as the standing edition of its plan has it, in PLAN_COLUMNS.

    Raises:
        YuebaoError: when a file is not one that this program wrote.
    """
    rows = [row for path in issued_files(home, month) for row in _rows(_read(path), month)]
    return pd.DataFrame(rows, columns=list(PLAN_COLUMNS)).astype(dict(PLAN_COLUMNS)) if rows else no_plan()


def checked_plans(home: Path) -> Iterator[tuple[Path, bool]]:
    """The file of every plan, and whether it is as it was written."""
    for path in sorted(_folder(home).glob("*/*.json")):
        try:
            _read(path)
        except YuebaoError:
            yield path, False
        else:
            yield path, True


def _rows(plan: IssuedPlan, month: Month) -> Iterator[tuple[object, ...]]:
    edition = plan.standing
    for one in edition.visits:
        due_on = dt.date.fromisoformat(one.due_on)
        if month.holds(due_on):
            yield (
                str(plan.week), plan.manager_id, edition.region_id, pd.Timestamp(due_on), one.turn, one.customer_id,
                one.customer_name, one.grade, edition.number,
            )  # fmt: skip


def _folder(home: Path) -> Path:
    """A workshop in which a home is made anew has the plans of the home in which it stands."""
    return (home.parent if home.name == WORKSHOP else home) / PLANS


def _path(home: Path, week: Week, manager_id: str) -> Path:
    return _folder(home) / str(week) / f"{safe_id(manager_id)}.json"


def _read(path: Path) -> IssuedPlan:
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        written = stored.pop("sha256")
        if written != _fingerprint(stored) or stored["format"] != FORMAT:
            raise ValueError("sha256")
        return IssuedPlan(
            Week.parse(stored["week"]), stored["manager_id"], tuple(map(_edition, stored["editions"]))
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise YuebaoError(f"{path}: {error}") from error


def _edition(stored: Mapping[str, Any]) -> PlanEdition:
    visits = tuple(Visit(**dict(zip(_VISIT, one, strict=True))) for one in stored["visits"])
    return PlanEdition(**{**stored, "visits": visits})


def _fingerprint(held: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(held, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
