"""Where the tasks of a month are done: at a desk on the home, by whoever gets them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

from pipeline.base.garbage import give_back
from pipeline.contract.settings import Settings
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger


class OnLedger(Protocol):
    """What works on one committed ledger."""

    @classmethod
    def opened(cls, ledger: Ledger, settings: Settings) -> Self: ...


DeskAt = TypeVar("DeskAt", bound=OnLedger)
Made = TypeVar("Made")


@dataclass(frozen=True)
class Place(Generic[DeskAt]):
    """Where a task finds what it needs, in any process that sees the home; `kept_by` is the desk that keeps it."""

    home: Path
    settings: Settings
    stamp: str
    kind: type[DeskAt]
    kept_by: DeskAt | None = None

    @property
    def desk(self) -> DeskAt:
        if self.kept_by is not None:
            return self.kept_by
        desk: DeskAt = _desk(self.kind, self.home, self.settings.model_dump_json(), self.stamp)
        return desk


@lru_cache(maxsize=1)
def _desk(kind: type[Any], home: Path, settings: str, stamp: str) -> Any:
    """What a process works with as long as settings and ledger stay as they are."""
    own = Settings.model_validate_json(settings)
    return kind.opened(Ledger(home, read_manifest(home), own.profile.forms), own)


@dataclass(frozen=True)
class DeskTask(Generic[Made]):
    """Something to be done at a desk: one of its methods, and what it is given."""

    place: Place[Any]
    work: Callable[..., Made]
    given: tuple[Any, ...]


def done_at_desk(task: DeskTask[Made]) -> Made:
    """Does a task."""
    made = task.work(task.place.desk, *task.given)
    give_back()
    return made
