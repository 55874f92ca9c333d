"""What was once worked out of a month's rows, kept beside the ledger until anything it was made from changes.

Each thing is kept under a key: the fingerprint of all that it depends on, the program's own code included. The
folder can be deleted at any time; everything in it is worked out again. It is kept as plain data: a file that somebody
else put there, or another version of a library wrote, is never run, and made again.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from glob import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from pipeline.base.calendar import Month
from pipeline.base.home import LEDGER
from pipeline.work.plain_data import MAGIC, DamagedData, from_plain_data, to_plain_data

DERIVED = "derived"
ENDING = "kept"
_LIBRARIES = ("pandas", "numpy", "pyarrow")  # what is kept depends on how they hold things
# Rooms whose code has no part in what is kept: they show it, or bring it in.
_SHOWING = ("cli.py", "commands", "corrections", "demo", "outbox", "screen", "templates", "words", "workbooks")
_ROOT = Path(__file__).parents[2]

Made = TypeVar("Made")


@dataclass(frozen=True)
class DerivedStore:
    """Keeps one thing of each kind and month, in a folder for each month.

    `classes`: the dataclasses that kept things are made of; what a file says of others is not believed.
    """

    home: Path
    classes: tuple[type, ...] = ()

    def get(self, kind: str, month: Month, key: str, make: Callable[[], Made]) -> Made:
        """What is kept under the key, or what `make` makes, which is kept from then on."""
        kept: Made | None = self.find(kind, month, key)
        if kept is not None:
            return kept
        made = make()
        self.keep(kind, month, key, made)
        return made

    def find(self, kind: str, month: Month, key: str) -> Any | None:
        """What is kept under the key; None where nothing is, or something that is not ours."""
        path = self._path(kind, month, key)
        with suppress(FileNotFoundError, DamagedData):  # perhaps gone meanwhile
            return from_plain_data(path.read_bytes(), classes=self.classes)
        return None

    def has(self, kind: str, month: Month, key: str) -> bool:
        """Whether something is kept under the key."""
        return self._path(kind, month, key).exists()

    def keep(self, kind: str, month: Month, key: str, made: object) -> None:
        """Keeps a thing instead of what was kept of its kind and month.

        Several processes may make one thing at the same time: each writes its own file aside.
        """
        path = self._path(kind, month, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}.new")
        aside.write_bytes(to_plain_data(made))
        os.replace(aside, path)
        for old in self._kept(kind, month):
            if old != path:
                old.unlink(missing_ok=True)

    def forget(self, kind: str, month: Month) -> None:
        """Keeps nothing of that kind and month any longer."""
        for old in self._kept(kind, month):
            old.unlink(missing_ok=True)

    def forget_parts(self, kind: str, month: Month) -> None:
        """Keeps no region's part of that kind and month any longer."""
        for old in self._folder(month).glob(f"{escape(kind)}-*.{ENDING}"):
            old.unlink(missing_ok=True)

    def _folder(self, month: Month) -> Path:
        return self.home / LEDGER / DERIVED / str(month)

    def _path(self, kind: str, month: Month, key: str) -> Path:
        return self._folder(month) / f"{kind}.{fingerprint([_versions(), key])[:24]}.{ENDING}"

    def _kept(self, kind: str, month: Month) -> Iterable[Path]:
        return self._folder(month).glob(f"{escape(kind)}.*.{ENDING}")

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
    digest = hashlib.sha256()
    for part in parts:
        digest.update(str(part).encode("utf-8"))
        digest.update(b"\0")
    return digest.hexdigest()


@cache
def _versions() -> str:
    """Of the form in which things are kept, and of the libraries that made them."""
    return fingerprint([MAGIC, *(f"{name} {version(name)}" for name in _LIBRARIES)])


@cache
def program_fingerprint() -> str:
    """Changes with every change of the program, its words and its profiles."""
    return _fingerprint_of(_program_files())


@cache
def code_fingerprint() -> str:
    """Changes with every change of the code that figures: what older code worked out is not trusted."""
    house = _ROOT / "pipeline"
    return _fingerprint_of(
        path
        for path in _program_files()
        if not path.is_relative_to(house) or path.relative_to(house).parts[0] not in _SHOWING
    )


def _program_files() -> Iterator[Path]:
    for folder in ("pipeline", "schemas"):
        yield from (path for path in sorted((_ROOT / folder).rglob("*")) if path.suffix in (".py", ".toml"))


def _fingerprint_of(files: Iterable[Path]) -> str:
    return fingerprint(
        f"{path.relative_to(_ROOT).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files
    )
