"""The inbox: which files are there, which are settled, and their fingerprints.

What is no file of its own (a link, a pipe, a device) is told and never followed: what it leads to is nobody's form.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.base.files import NotPlain, open_plain, readable_name
from pipeline.base.home import INBOX
from pipeline.base.moments import DEFAULT_TIME_ZONE, clock_time

OWNER_FILE = "~$"  # Excel and WPS put such a file beside a workbook that somebody has open
PASSED_OVER = ("desktop.ini", "thumbs.db", "readme.txt", "readme.md")
LOOK_AGAIN_SECONDS = 0.3
FRESH_SECONDS = 3  # what was saved longer ago is not looked at twice
UNFINISHED_SECONDS = 600  # an archive without its end that is older than this is damaged, not on its way
_ZIP_START, _ZIP_END = b"PK\x03\x04", b"PK\x05\x06"
_LONGEST_END = 22 + 65_535  # bytes that the end of an archive, with its comment, may take
OLDEST_SAVED = 946_684_800  # 2000-01-01: what was "saved" before had a clock that was not set
DAY_SECONDS = 86_400

# Why a file stays in the inbox: open in Excel, still growing, copied in part, not ours to read, no file of its own,
# the machine failed while it was read, or it is taken in and cannot be moved away.
Reason = Literal["open", "changing", "unfinished", "unreadable", "special", "machine", "taken"]


@dataclass(frozen=True, order=True)
class Arrival:
    """A file in the inbox. `name` is what people may call it; `saved_at` is when it was last saved, by the
    organisation's clock, which is what counts as sent."""

    path: Path
    name: str
    sha256: str
    size: int
    saved_at: str


@dataclass(frozen=True)
class Left:
    """A file that stays in the inbox, and why."""

    path: Path
    reason: Reason

    @property
    def name(self) -> str:
        """Its name as text that can be shown."""
        return readable_name(self.path.name)


def list_files(home: Path, inbox: str = INBOX) -> list[Path]:
    """The files in the inbox and its folders that may be forms, in the order of their paths.

    Args:
        home: the organisation's folder.
        inbox: the inbox, from there; see `settings.Folders`.
    """
    return forms_below(home / inbox)


def forms_below(folder: Path) -> list[Path]:
    """The files in a folder and the folders in it that may be forms, in the order of their paths."""
    return sorted(path for path, fault in _walk(folder) if fault is None and not _passed_over(path))


def settled_files(
    home: Path, inbox: str = INBOX, zone: str = DEFAULT_TIME_ZONE
) -> tuple[list[Arrival], list[Left]]:
    """The files that are settled, with their fingerprints, and those that are not, with the reason."""
    found = sorted(_walk(home / inbox))
    files = [path for path, fault in found if fault is None]
    forms = [path for path in files if not _passed_over(path)]
    looks = {path: _look(path) for path in forms}
    if any(_is_fresh(look) for look in looks.values()):
        time.sleep(LOOK_AGAIN_SECONDS)
    owned = _owned(files)
    arrivals: list[Arrival] = []
    left = [Left(path, fault) for path, fault in found if fault is not None and not _passed_over(path)]
    for path in forms:
        settled = _settled(path, looks[path], owned, zone)
        if isinstance(settled, Arrival):
            arrivals.append(settled)
        else:
            left.append(Left(path, settled))
    return arrivals, left


def _walk(folder: Path) -> Iterator[tuple[Path, Reason | None]]:
    """Everything below a folder that is no folder, and what cannot be looked into; with the reason where it is no
    file to be read."""
    waiting = [folder] if folder.is_dir() else []
    while waiting:
        place = waiting.pop()
        try:
            entries = list(os.scandir(place))
        except OSError:
            yield place, "unreadable"
            continue
        for entry in entries:
            kind = _kind(entry)
            if kind == "folder":
                waiting.append(Path(entry.path))
            else:
                yield Path(entry.path), None if kind == "file" else "special"


def _kind(entry: "os.DirEntry[str]") -> Literal["file", "folder", "special"]:
    if entry.is_symlink() or getattr(entry, "is_junction", lambda: False)():
        return "special"
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file(follow_symlinks=False) else "special"


def arrival_of(path: Path, zone: str = DEFAULT_TIME_ZONE) -> Arrival:
    """The file's fingerprint; it is read once, a piece at a time.

    Raises:
        OSError: when it cannot be read, or is no file of its own.
    """
    with open_plain(path) as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        found = os.fstat(file.fileno())
    return Arrival(path, readable_name(path.name), digest, found.st_size, _saved_at(found.st_mtime, zone))


def _saved_at(saved: float, zone: str) -> str:
    """When a file was saved. A clock that was not set, or runs ahead by days, says nothing: then it is when the file
    is first seen."""
    now = time.time()
    return clock_time(saved if OLDEST_SAVED <= saved <= now + DAY_SECONDS else now, zone)


def _settled(path: Path, first: os.stat_result | None, owned: set[Path], zone: str) -> Arrival | Reason:
    if path in owned:
        return "open"
    try:
        arrival = arrival_of(path, zone)
        last = path.lstat()
        if first is None or (first.st_size, first.st_mtime_ns) != (last.st_size, last.st_mtime_ns):
            return "changing"
        return "unfinished" if _is_unfinished(path, last) else arrival
    except NotPlain:
        return "special"
    except OSError:  # open elsewhere, or not ours to read: the next run may
        return "unreadable"


def _look(path: Path) -> os.stat_result | None:
    with suppress(OSError):
        return path.lstat()
    return None


def _is_fresh(look: os.stat_result | None) -> bool:
    return look is not None and abs(time.time() - look.st_mtime) < FRESH_SECONDS


def _is_unfinished(path: Path, found: os.stat_result) -> bool:
    """Whether it begins as an archive, as .xlsx does, has no end yet, and was written to a moment ago."""
    if abs(time.time() - found.st_mtime) > UNFINISHED_SECONDS:
        return False
    with open_plain(path) as file:
        if file.read(len(_ZIP_START)) != _ZIP_START:
            return found.st_size == 0
        file.seek(max(0, found.st_size - _LONGEST_END))
        return _ZIP_END not in file.read()


def _owned(files: list[Path]) -> set[Path]:
    """The files beside which an owner file stands: `~$` and the name, of a long name without its first two
    letters."""
    owners = [path for path in files if path.name.startswith(OWNER_FILE)]
    return {
        path
        for owner in owners
        for path in files
        if path.parent == owner.parent and _is_owned(path.name, owner.name)
    }


def _is_owned(name: str, owner: str) -> bool:
    rest = owner.removeprefix(OWNER_FILE).casefold()
    shortened = name.casefold()[2:] if len(Path(name).stem) > 6 else ""
    return rest in (name.casefold(), shortened)


def _passed_over(path: Path) -> bool:
    name = path.name.casefold()
    return name.startswith((OWNER_FILE, ".")) or name in PASSED_OVER
