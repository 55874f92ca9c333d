"""The manifest: one JSON file that says what the ledger holds. Replacing it is the commit."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pipeline.base.calendar import Month
from pipeline.base.errors import YuebaoError
from pipeline.base.files import write_atomically
from pipeline.base.home import LEDGER
from pipeline.base.period import AnyPeriod, Period

MANIFEST = "manifest.json"
FORMAT = 2
NOT_COUNTED = -1  # of a ledger in format 1: how many rows of a submission are held is still to be counted

Happening = Literal["received", "again", "withdrawn", "accepted"]
Replaces = Literal["month", "days", "rows", "nothing"]
Beside = Literal["", "cases", "steps"]
COUNTS = ("accepted", "nil")  # the states of a submission that may stand


@dataclass(frozen=True)
class Event:
    """What happened to an original in a run, as its slip in the archive tells: it was received, received again as it
    did not stand any more, withdrawn, or accepted in answer to a question. `run_on` is the day of the run."""

    sha256: str
    name: str
    size: int
    saved_at: str
    run: int
    run_on: str = ""
    what: Happening = "received"


@dataclass(frozen=True)
class Receipt:
    """One original in the archive: its fingerprint, its name, when it was saved, the run that took it in last.

    `kinds` tells what it brought: "master", "monthly" or both; `refused` is the reason where it brought nothing.
    `run_on` is the day of that run; `again` tells that another run had taken it in before. A file that was
    `withdrawn` stands for nothing; one that was `answered` is not asked about again.
    """

    sha256: str
    name: str
    size: int
    saved_at: str
    run: int
    kinds: tuple[str, ...] = ()
    refused: str = ""
    run_on: str = ""
    again: bool = False
    withdrawn: bool = False
    answered: bool = False

    @property
    def event(self) -> Event:
        """How it came, as its slip tells."""
        what: Happening = "again" if self.again else "received"
        return Event(self.sha256, self.name, self.size, self.saved_at, self.run, self.run_on, what)


@dataclass(frozen=True)
class Submission:
    """What one file brought of one form for one manager and month; see `intake.taken.Part`.

    `judged` is what its own rows deserve: accepted, nil or refused. What is settled between files: `rival`, another
    file of the same run was saved at the same time, so neither counts; `refused_days`, the same for these days
    alone; `asked`, why it waits for an answer before it counts; `withdrawn`. It replaces the `month` of earlier
    files, the `days` given (ISO; of a sign-in book those of its `week`), the rows that it brings again, or nothing: it
    stands beside them. `kept` of its rows stand in the ledger (None: all that were accepted), with
    `kept_amount_yuan`.

    One `beside` managers' forms (an office's export of cases whose later steps others fill in) and those replace
    nothing of each other, whichever came first: it tells of whole `cases`, or of later `steps` alone, which says
    nothing of what the manager had.
    """

    month: str
    manager_id: str
    form: str
    judged: str
    sha256: str
    region_id: str
    rows: int
    left_out: int
    amount_yuan: float
    amount_left_out_yuan: float
    rival: bool = False
    replaces: Replaces = "month"
    days: tuple[str, ...] = ()
    refused_days: tuple[str, ...] = ()
    asked: str = ""
    withdrawn: bool = False
    kept: int | None = None
    kept_amount_yuan: float | None = None
    week: str = ""
    beside: Beside = ""

    @property
    def state(self) -> str:
        """What became of it: accepted, nil, refused, held (it waits for an answer) or withdrawn."""
        if self.withdrawn:
            return "withdrawn"
        if self.rival or self.judged == "refused":
            return "refused"
        return "held" if self.asked else self.judged

    @property
    def key(self) -> tuple[str, str, str]:
        """What a later file replaces: month, form and manager."""
        return (self.month, self.form, self.manager_id)

    @property
    def accepted_rows(self) -> int:
        """How many of its rows were accepted; 0 where it was refused."""
        return self.rows - self.left_out if self.judged == "accepted" else 0

    @property
    def rows_held(self) -> int:
        """How many of its rows stand in the ledger."""
        return self.accepted_rows if self.kept is None else self.kept

    @property
    def amount_held_yuan(self) -> float:
        """The amount of its rows that stand in the ledger."""
        return (
            self.amount_yuan - self.amount_left_out_yuan
            if self.kept_amount_yuan is None
            else self.kept_amount_yuan
        )


@dataclass(frozen=True)
class MasterPart:
    """One form of master data as valid from a month on, and where its rows are stored."""

    form: str
    valid_from: str
    sha256: str
    rows: int
    left_out: int
    path: str


@dataclass(frozen=True)
class Edition:
    """A month as last reported.

    `run` is the number of the last run whose files it knew; `digest` tells all that stands in its folder, `figures`
    what of it makes it another edition (both empty: as a ledger in format 1 told it). `metrics` and `changes` are
    Parquet files: its figures, and what it changed of the edition before (empty for the first). `issued` are the
    forecasts of the next month as each edition up to this one gave them.
    """

    number: int
    run: int
    digest: str
    metrics: str
    changes: str = ""
    issued: tuple[str, ...] = ()
    figures: str = ""


@dataclass(frozen=True)
class Manifest:
    """All that the ledger holds.

    `events` are what else happened than that each original was received as its receipt says, in order.
    `parts` gives, for `form/month/region`, the Parquet file of the accepted rows. `problems` gives, for an
    original, the fingerprint of the list of its problems. `editions` gives, for a reported period by its name, its
    newest edition; `pending` are months that changed and are not reported yet.
    """

    run: int = 0
    receipts: tuple[Receipt, ...] = ()
    submissions: tuple[Submission, ...] = ()
    masters: tuple[MasterPart, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    editions: Mapping[str, Edition] = field(default_factory=dict)
    pending: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def files(self) -> frozenset[str]:
        """The Parquet files that it names, below the ledger's folder."""
        editions = [
            path for one in self.editions.values() for path in (one.metrics, one.changes, *one.issued) if path
        ]
        return frozenset((*self.parts.values(), *(one.path for one in self.masters), *editions))

    @property
    def receipts_by_hash(self) -> dict[str, Receipt]:
        """The receipts, by the fingerprint of their file."""
        return {receipt.sha256: receipt for receipt in self.receipts}

    def months(self) -> tuple[Month, ...]:
        """The months for which anything was accepted or declared nil, oldest first."""
        held = {one.month for one in self.submissions if one.state in COUNTS}
        return tuple(Month.parse(month) for month in sorted(held))

    def edition_of(self, period: AnyPeriod) -> Edition | None:
        """The newest edition of a month or a longer period; None where it was not reported."""
        return self.editions.get(str(period))

    def rests_on(self, period: Period) -> dict[str, str]:
        """On what a longer period's figures rest: those of the editions of its months, and of the months that they are
        compared with, by month."""
        months = dict.fromkeys(month for one in (period.year_ago, period.before, period) for month in one)
        editions = {str(month): self.edition_of(month) for month in months}
        return {month: one.figures for month, one in editions.items() if one is not None}

    def months_reported(self) -> tuple[Month, ...]:
        """The months that have an edition, oldest first; longer periods not."""
        periods = (Period.parse(name) for name in self.editions)
        return tuple(sorted(one.first for one in periods if one.span == "month"))


def read_manifest(home: Path) -> Manifest:
    """The manifest as last committed; an empty one where nothing was ever taken in.

    Raises:
        YuebaoError: when the file is not one that this program wrote.
    """
    path = home / LEDGER / MANIFEST
    if not path.exists():
        return Manifest()
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return _from_json(stored)
    except (ValueError, KeyError, TypeError) as error:
        raise YuebaoError(f"{path}: {error}") from error


def write_manifest(home: Path, manifest: Manifest) -> None:
    """Commits: the new manifest takes the old one's place in one atomic step."""
    folder = home / LEDGER
    folder.mkdir(parents=True, exist_ok=True)
    held = {"format": FORMAT, **vars(manifest)}
    write_atomically(folder / MANIFEST, _text({**held, "sha256": _fingerprint(held)}).encode("utf-8"))


def manifest_stamp(home: Path) -> str:
    """Tells one commit of the ledger from another; empty where nothing was ever committed."""
    path = home / LEDGER / MANIFEST
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def manifest_is_whole(home: Path) -> bool:
    """Whether the manifest is there and says what was written."""
    try:
        stored = json.loads((home / LEDGER / MANIFEST).read_text(encoding="utf-8"))
        return bool(stored.pop("sha256") == _fingerprint(stored))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _text(held: Mapping[str, Any]) -> str:
    """The entries as JSON, one a line; indented text would be many times slower to make."""
    lines = [f"{_json(key)}: {_json(value)}" for key, value in sorted(held.items())]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=vars)


def _fingerprint(held: Mapping[str, Any]) -> str:
    return hashlib.sha256(_text(held).encode("utf-8")).hexdigest()


def _from_json(stored: Mapping[str, Any]) -> Manifest:
    held = {1: _from_format_1}.get(stored["format"], dict)(stored)
    if held["format"] != FORMAT:
        raise ValueError(f"format {stored['format']}")
    return Manifest(
        run=held["run"],
        receipts=tuple(Receipt(**{**one, "kinds": tuple(one["kinds"])}) for one in held["receipts"]),
        submissions=tuple(_submission(one) for one in held["submissions"]),
        masters=tuple(MasterPart(**one) for one in held["masters"]),
        parts=held["parts"],
        problems=held["problems"],
        editions={
            month: Edition(**{**one, "issued": tuple(one["issued"])}) for month, one in held["editions"].items()
        },
        pending=tuple(held["pending"]),
        events=tuple(Event(**one) for one in held["events"]),
    )


def _submission(stored: Mapping[str, Any]) -> Submission:
    return Submission(**{**stored, "days": tuple(stored["days"]), "refused_days": tuple(stored["refused_days"])})


def _from_format_1(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A ledger as it was before files could be asked about or withdrawn. It may lack rows that a refused file once
    took away, so what it holds is to be counted; what an edition holds was told by another fingerprint."""
    new = {"days": [], "refused_days": [], "kept": NOT_COUNTED}
    return {
        **stored,
        "format": 2,
        "submissions": [{**one, **new} for one in stored["submissions"]],
        "editions": {month: {**one, "digest": ""} for month, one in stored["editions"].items()},
        "events": [],
    }
