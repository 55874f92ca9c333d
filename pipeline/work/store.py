"""What was once worked out of a month's rows, kept beside the ledger until anything it was made from changes.

Each thing is kept under a key: the fingerprint of all that it depends on, the code that made it included. The folder
can be deleted at any time; everything in it is worked out again. It is kept as plain data: a file that somebody else
put there, or another version of a library wrote, is never run, and made again.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from glob import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.base.home import LEDGER
from pipeline.work.code import ROOT
from pipeline.work.plain_data import MAGIC, DamagedData, from_plain_data, to_plain_data

DERIVED = "derived"
ENDING = "kept"
_LIBRARIES = ("pandas", "numpy", "pyarrow")  # what is kept depends on how they hold things


@dataclass(frozen=True)
class Kept:
    """Where a thing is kept: in a folder (of a month) under a name, as long as its key is the same."""

    folder: str
    name: str
    key: str

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self.name}.{self.key[:24]}.{ENDING}"


@dataclass(frozen=True)
class Store:
    """Keeps things of a home as plain data, one of each name."""

    home: Path

    def find(self, kept: Kept, classes: Iterable[type] = ()) -> Any | None:
        """What is kept under the key; None where nothing is, or something that is not ours.

        `classes`: the dataclasses that it is made of; what a file says of others is not believed.
        """
        with suppress(FileNotFoundError, DamagedData):  # perhaps gone meanwhile
            return from_plain_data(self._path(kept).read_bytes(), classes=classes)
        return None

    def has(self, kept: Kept) -> bool:
        """Whether something is kept under the key."""
        return self._path(kept).exists()

    def keep(self, kept: Kept, made: object) -> None:
        """Keeps a thing instead of what was kept under its name.

        Several processes may make one thing at the same time: each writes its own file aside.
        """
        path = self._path(kept)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}.new")
        aside.write_bytes(to_plain_data(made))
        os.replace(aside, path)
        for old in path.parent.glob(f"{escape(kept.name)}.*.{ENDING}"):
            if old != path:
                old.unlink(missing_ok=True)

    def files(self, folder: str = "*") -> Iterator[Path]:
        """Everything that is kept, or what of one folder is."""
        yield from (self.home / LEDGER / DERIVED).glob(f"{folder}/*.{ENDING}")

    def folder(self, name: str) -> Path:
        """Where what is kept of a month stands."""
        return self.home / LEDGER / DERIVED / name

    def _path(self, kept: Kept) -> Path:
        return self.folder(kept.folder) / kept.file

    def tidy(self) -> None:
        """Removes what processes that died left half written, and what earlier versions kept as pickles."""
        for pattern in ("*/.*.new", "*/*.pickle"):
            for left in (self.home / LEDGER / DERIVED).glob(pattern):
                left.unlink(missing_ok=True)


def forget_derived(home: Path) -> None:
    """Throws away everything that is kept of a home: it is worked out again when it is needed."""
    folder = home / LEDGER / DERIVED
    if folder.exists():
        shutil.rmtree(folder)


def fingerprint(parts: Iterable[object]) -> str:
    """One key for all of these texts, in their order."""
    return hashlib.sha256("".join(f"{part}\0" for part in parts).encode()).hexdigest()


@cache
def library_versions() -> tuple[str, ...]:
    """Of the form in which things are kept, and of the libraries that made them."""
    return (MAGIC.decode(), *(f"{name} {version(name)}" for name in _LIBRARIES))


@cache
def program_fingerprint() -> str:
    """Changes with every change of the program, its words and its profiles."""
    files = (
        path
        for folder in ("pipeline", "schemas")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".toml")
    )
    return fingerprint(
        f"{path.relative_to(ROOT).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files
    )
