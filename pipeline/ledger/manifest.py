"""The manifest: one JSON file that says what the ledger holds. Replacing it is the commit."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.base.files import write_atomically
from pipeline.calendar import Month
from pipeline.errors import YuebaoError

LEDGER = "ledger"
MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class Receipt:
    """One original in the archive: its fingerprint, its name, when it was saved, the run that took it in.

    `kinds` tells what it brought: "master", "monthly" or both; `refused` is the reason where it brought nothing.
    """

    sha256: str
    name: str
    size: int
    saved_at: str
    run: int
    kinds: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True)
class Submission:
    """What one file brought of one form for one manager and month; see `intake.take_in.Part`.

    `judged` is what its own rows deserve: accepted, nil or refused. `rival`: another file of the same run was
    saved at the same time, so neither counts.
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

    @property
    def state(self) -> str:
        """What became of it: accepted, nil or refused."""
        return "refused" if self.rival else self.judged

    @property
    def key(self) -> tuple[str, str, str]:
        """What a later file replaces: month, form and manager."""
        return (self.month, self.form, self.manager_id)


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

    `run` is the number of the last run whose files it knew; `digest` tells its content. `metrics` and `changes`
    are Parquet files: its figures, and what it changed of the edition before (empty for the first). `issued` are
    the forecasts of the next month as each edition up to this one gave them.
    """

    number: int
    run: int
    digest: str
    metrics: str
    changes: str = ""
    issued: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """All that the ledger holds.

    `parts` gives, for `form/month/region`, the Parquet file of the accepted rows. `problems` gives, for an
    original, the fingerprint of the list of its problems. `editions` gives, for a reported month, its newest
    edition; `pending` are months that changed and are not reported yet.
    """

    run: int = 0
    receipts: tuple[Receipt, ...] = ()
    submissions: tuple[Submission, ...] = ()
    masters: tuple[MasterPart, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    editions: Mapping[str, Edition] = field(default_factory=dict)
    pending: tuple[str, ...] = ()

    @property
    def files(self) -> frozenset[str]:
        """The Parquet files that it names, below the ledger's folder."""
        editions = [path for one in self.editions.values() for path in (one.metrics, one.changes, *one.issued) if path]
        return frozenset((*self.parts.values(), *(one.path for one in self.masters), *editions))

    @property
    def receipts_by_hash(self) -> dict[str, Receipt]:
        return {receipt.sha256: receipt for receipt in self.receipts}

    def months(self) -> tuple[Month, ...]:
        """The months for which anything was accepted or declared nil, oldest first."""
        held = {one.month for one in self.submissions if one.state != "refused"}
        return tuple(Month.parse(month) for month in sorted(held))


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
    except (OSError, ValueError, KeyError, AttributeError):
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
    if stored["format"] != FORMAT:
        raise ValueError(f"format {stored['format']}")
    receipts = tuple(Receipt(**{**one, "kinds": tuple(one["kinds"])}) for one in stored["receipts"])
    return Manifest(
        run=stored["run"],
        receipts=receipts,
        submissions=tuple(Submission(**one) for one in stored["submissions"]),
        masters=tuple(MasterPart(**one) for one in stored["masters"]),
        parts=stored["parts"],
        problems=stored["problems"],
        editions={month: Edition(**{**one, "issued": tuple(one["issued"])}) for month, one in stored["editions"].items()},
        pending=tuple(stored["pending"]),
    )
