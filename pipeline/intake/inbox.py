"""The inbox: which files are there, which are settled, and their fingerprints."""

import datetime as dt
import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

INBOX = "inbox"
OWNER_FILE = "~$"  # Excel and WPS put such a file beside a workbook that somebody has open
PASSED_OVER = ("desktop.ini", "thumbs.db", "readme.txt", "readme.md")
LOOK_AGAIN_SECONDS = 0.3
FRESH_SECONDS = 3  # what was saved longer ago is not looked at twice
UNFINISHED_SECONDS = 600  # an archive without its end that is older than this is damaged, not on its way
_ZIP_START, _ZIP_END = b"PK\x03\x04", b"PK\x05\x06"
_LONGEST_END = 22 + 65_535  # bytes that the end of an archive, with its comment, may take

# Why a file stays in the inbox: open in Excel, still growing, copied in part, or not ours to read.
Reason = Literal["open", "changing", "unfinished", "unreadable"]


@dataclass(frozen=True, order=True)
class Arrival:
    """A file in the inbox. `saved_at` is when it was last saved (local time), which is what counts as sent."""

    path: Path
    name: str
    sha256: str
    size: int
    saved_at: str


@dataclass(frozen=True)
class Left:
    """A file that stays in the inbox for the next run, and why."""

    path: Path
    reason: Reason


def list_files(home: Path) -> list[Path]:
    """The files in the inbox and its folders that may be forms, in the order of their paths."""
    inbox = home / INBOX
    if not inbox.is_dir():
        return []
    files = (path for path in inbox.rglob("*") if path.is_file())
    return sorted(path for path in files if not _passed_over(path))


def settled_files(home: Path) -> tuple[list[Arrival], list[Left]]:
    """The files that are settled, with their fingerprints, and those that are not, with the reason."""
    files = list_files(home)
    looks = {path: _look(path) for path in files}
    if any(_is_fresh(look) for look in looks.values()):
        time.sleep(LOOK_AGAIN_SECONDS)
    owned = _owned(home)
    arrivals: list[Arrival] = []
    left: list[Left] = []
    for path in files:
        found = _settled(path, looks[path], owned)
        if isinstance(found, Arrival):
            arrivals.append(found)
        else:
            left.append(Left(path, found))
    return arrivals, left


def arrival_of(path: Path) -> Arrival:
    """The file's fingerprint; it is read once, a piece at a time."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        found = os.fstat(file.fileno())
    saved_at = dt.datetime.fromtimestamp(found.st_mtime).isoformat(timespec="seconds")
    return Arrival(path, path.name, digest, found.st_size, saved_at)


def _settled(path: Path, first: os.stat_result | None, owned: set[Path]) -> Arrival | Reason:
    if path in owned:
        return "open"
    try:
        arrival = arrival_of(path)
        last = path.stat()
        if first is None or (first.st_size, first.st_mtime_ns) != (last.st_size, last.st_mtime_ns):
            return "changing"
        return "unfinished" if _is_unfinished(path, last) else arrival
    except OSError:  # open elsewhere, or not ours to read: the next run may
        return "unreadable"


def _look(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _is_fresh(look: os.stat_result | None) -> bool:
    return look is not None and abs(time.time() - look.st_mtime) < FRESH_SECONDS


def _is_unfinished(path: Path, found: os.stat_result) -> bool:
    """Whether it begins as an archive, as .xlsx does, has no end yet, and was written to a moment ago."""
    if abs(time.time() - found.st_mtime) > UNFINISHED_SECONDS:
        return False
    with path.open("rb") as file:
        if file.read(len(_ZIP_START)) != _ZIP_START:
            return found.st_size == 0
        file.seek(max(0, found.st_size - _LONGEST_END))
        return _ZIP_END not in file.read()


def _owned(home: Path) -> set[Path]:
    """The files beside which an owner file stands: `~$` and the name, of a long name without its first two
    letters."""
    inbox = home / INBOX
    owners = [path for path in inbox.rglob(f"{OWNER_FILE}*") if path.is_file()]
    return {path for owner in owners for path in owner.parent.iterdir() if _is_owned(path.name, owner.name)}


def _is_owned(name: str, owner: str) -> bool:
    rest = owner.removeprefix(OWNER_FILE).casefold()
    shortened = name.casefold()[2:] if len(Path(name).stem) > 6 else ""
    return rest in (name.casefold(), shortened)


def _passed_over(path: Path) -> bool:
    name = path.name.casefold()
    return name.startswith((OWNER_FILE, ".")) or name in PASSED_OVER
