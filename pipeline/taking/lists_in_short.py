"""The problems of all files in short, kept beside the ledger: who asks where something is told opens no file's list.

What is kept is worked out of the ledger, and made again where it is missing, foreign or of other lists; reading it
costs one file however many months there are.
"""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.base.home import LEDGER
from pipeline.contract.master_data import MasterVersion, read_masters
from pipeline.ledger.commit import load_problems, problems_path
from pipeline.ledger.in_short import InShort, in_short
from pipeline.ledger.manifest import Manifest
from pipeline.ledger.read import master_versions
from pipeline.work.plain_data import DamagedData, from_plain_data, to_plain_data
from pipeline.work.store import DERIVED

FORMAT = 1  # to be raised when `in_short` says something else of the same list
_NO_PROBLEMS = hashlib.sha256(b"[]").hexdigest()  # of a list without any, as the ledger stores it


@dataclass(frozen=True)
class Kept:
    """Problems in short by the fingerprint of the list that they were in; the managers' names, by their codes, of
    each stored version of master data."""

    format: int = FORMAT
    lists: dict[str, InShort] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)


class ListsInShort:
    """The problems of each file of a ledger in short, and the names of its managers."""

    def __init__(self, home: Path, manifest: Manifest) -> None:
        self._home, self._manifest = home, manifest
        self._kept = _read_kept(home)

    def __call__(self, sha256: str) -> InShort:
        """A file's problems in short, by its fingerprint; none of a file that has no list."""
        listed = self._manifest.problems.get(sha256, _NO_PROBLEMS)
        if listed == _NO_PROBLEMS:
            return InShort()
        if listed in self._kept.lists:
            return self._kept.lists[listed]
        made = in_short(load_problems(self._home, sha256))
        if _fingerprint(problems_path(self._home, sha256)) == listed:
            self._kept.lists[listed] = made
        return made

    def names(self) -> dict[str, str]:
        """The names of all managers that master data ever named, by their codes, the newest counting."""
        versions = [one for one in master_versions(self._home, self._manifest) if one.form == "managers"]
        found: dict[str, str] = {}
        for version in sorted(versions, key=lambda one: one.valid_from):
            found.update(self._names_in(version))
        return found

    def _names_in(self, version: MasterVersion) -> dict[str, str]:
        stored = Path(version.path).name  # tells its content
        if stored not in self._kept.names:
            rows = read_masters([version], version.valid_from)["managers"]
            codes, names = rows["manager_id"].astype(str), rows["manager_name"].fillna("").astype(str)
            self._kept.names[stored] = dict(zip(codes, names, strict=True))
        return self._kept.names[stored]

    def keep(self) -> None:
        """Keeps what is known of the files of this ledger, and nothing else, for whoever asks next."""
        for sha256 in self._manifest.problems:
            self(sha256)
        self.names()
        stored = {Path(one.path).name for one in self._manifest.masters}
        listed = {*self._manifest.problems.values()} & {*self._kept.lists}
        lists = {one: self._kept.lists[one] for one in sorted(listed)}
        names = {one: self._kept.names[one] for one in sorted(stored & {*self._kept.names})}
        path = _path(self._home)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.new")
        aside.write_bytes(to_plain_data(Kept(FORMAT, lists, names)))
        os.replace(aside, path)


def _read_kept(home: Path) -> Kept:
    with suppress(OSError, DamagedData):
        kept: Kept = from_plain_data(_path(home).read_bytes(), Kept, frames=False)
        if kept.format == FORMAT:
            return kept
    return Kept()


def _path(home: Path) -> Path:
    return home / LEDGER / DERIVED / "problems_in_short.kept"


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
