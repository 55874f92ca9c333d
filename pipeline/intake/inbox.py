"""The inbox: which files are there, which are settled, and their fingerprints."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

INBOX = "inbox"
OWNER_FILE = "~$"  # Excel and WPS put such a file beside a workbook that somebody has open
PASSED_OVER = ("desktop.ini", "thumbs.db", "readme.txt", "readme.md")


@dataclass(frozen=True, order=True)
class Arrival:
    """A file in the inbox. `saved_at` is when it was last saved (local time), which is what counts as sent."""

    path: Path
    name: str
    sha256: str
    size: int
    saved_at: str


def list_files(home: Path) -> list[Path]:
    """The files in the inbox and its folders that may be forms, in the order of their paths."""
    inbox = home / INBOX
    if not inbox.is_dir():
        return []
    files = (path for path in inbox.rglob("*") if path.is_file())
    return sorted(path for path in files if not _passed_over(path))


def arrival_of(path: Path) -> Arrival:
    """The file's fingerprint; it is read once, whole."""
    data = path.read_bytes()
    return Arrival(path, path.name, hashlib.sha256(data).hexdigest(), len(data), _saved_at(path))


def _passed_over(path: Path) -> bool:
    name = path.name.casefold()
    return name.startswith((OWNER_FILE, ".")) or name in PASSED_OVER


def _saved_at(path: Path) -> str:
    return dt.datetime.fromtimestamp(path.stat().st_mtime).isoformat(timespec="seconds")
