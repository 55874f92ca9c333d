"""The archive of originals: every file that was ever dropped in, under its fingerprint, with a slip beside it
that says what it was called, when it was saved and which run took it in. From it alone all else can be made anew."""

import hashlib
import json
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from pipeline.base.files import open_plain, sync_folder, write_atomically
from pipeline.errors import YuebaoError
from pipeline.ledger.manifest import Receipt

ARCHIVE = "archive"
WORKSHOP = ".rebuild"  # where a home is made anew, of the originals of the home around it
LONGEST_ENDING = 32  # bytes; a longer one is no ending, and may make a name that no system takes


class ChangedMeanwhile(Exception):
    """A file was written to while it was being archived."""


class CannotRead(Exception):
    """A file in the inbox cannot be read: its own matter, or its drive's; the others go on."""


def archive_folder(home: Path) -> Path:
    """Where a home's originals are; a workshop has those of the home in which it stands."""
    return (home.parent if home.name == WORKSHOP else home) / ARCHIVE


def archived_path(home: Path, sha256: str, name: str) -> Path:
    """Where the original of that fingerprint stands."""
    ending = Path(name).suffix.lower()
    if len(os.fsencode(ending)) > LONGEST_ENDING:
        ending = ""
    return archive_folder(home) / sha256[:2] / f"{sha256}{ending}"


def slip_path(home: Path, sha256: str) -> Path:
    return archive_folder(home) / sha256[:2] / f"{sha256}.slip"


def archive_file(home: Path, receipt: Receipt, source: Path) -> None:
    """Keeps an original and its slip; the original is there in full before the slip is.

    Raises:
        ChangedMeanwhile: when `source` no longer has the receipt's fingerprint.
        CannotRead: when `source` cannot be read.
    """
    path = archived_path(home, receipt.sha256, receipt.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _copy(source, path, receipt.sha256)
    slip = json.dumps(asdict(receipt), ensure_ascii=False, sort_keys=True)
    write_atomically(slip_path(home, receipt.sha256), slip.encode("utf-8"))


def _copy(source: Path, path: Path, sha256: str) -> None:
    aside = path.with_name(f".{path.name}.new")
    digest = hashlib.sha256()
    try:
        with aside.open("wb") as writing:
            for piece in _pieces(source):
                digest.update(piece)
                writing.write(piece)
            writing.flush()
            os.fsync(writing.fileno())
        if digest.hexdigest() != sha256:
            raise ChangedMeanwhile(source)
        os.replace(aside, path)
    except (OSError, ChangedMeanwhile, CannotRead):
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _pieces(source: Path) -> Iterator[bytes]:
    try:
        with open_plain(source) as reading:
            while piece := reading.read(1 << 20):
                yield piece
    except OSError as error:
        raise CannotRead(source) from error


def put_back(home: Path, receipt: Receipt, target: Path, saved: float) -> None:
    """Puts an original into the inbox again, as it was `saved`."""
    write_atomically(target, archived_path(home, receipt.sha256, receipt.name).read_bytes())
    os.utime(target, (saved, saved))


def discard(home: Path, receipt: Receipt) -> None:
    """Takes back what `archive_file` kept for a run that is not to be."""
    slip_path(home, receipt.sha256).unlink(missing_ok=True)
    archived_path(home, receipt.sha256, receipt.name).unlink(missing_ok=True)


def slips(home: Path, known: Collection[str] = ()) -> Iterator[Receipt]:
    """The receipts of all originals but the known ones, as their slips have them, in the order in which they were
    taken in.

    Raises:
        YuebaoError: when a slip cannot be read.
    """
    found = [read_slip(path) for path in archive_folder(home).glob("??/*.slip") if path.stem not in known]
    yield from sorted(found, key=lambda one: (one.run, one.saved_at, one.sha256))


def read_slip(path: Path) -> Receipt:
    """One slip; raises YuebaoError when it is not one that this program wrote."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return Receipt(**{**stored, "kinds": tuple(stored["kinds"])})
    except (ValueError, TypeError, KeyError) as error:
        raise YuebaoError(f"{path}: {error}") from error
