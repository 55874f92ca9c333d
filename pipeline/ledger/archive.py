"""The archive of originals: every file that was ever dropped in, under its fingerprint, with slips beside it.

A slip tells what happened to its original in a run: how it was called, when it was saved and which run took it in; or
that it came again, was withdrawn, or accepted in answer to a question. From originals and slips alone all else can
be made anew.
"""

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path

from pipeline.base.errors import YuebaoError
from pipeline.base.files import open_plain, sync_folder, write_atomically
from pipeline.base.home import ARCHIVE
from pipeline.ledger.manifest import Event, Receipt

WORKSHOP = ".rebuild"  # where a home is made anew, of the originals of the home around it
LONGEST_ENDING = 32  # bytes; a longer one may make a name that no system takes
_ENDING = re.compile(r"\.\w{1,20}")


class ChangedMeanwhile(Exception):
    """A file was written to while it was being archived."""


class CannotRead(Exception):
    """A file in the inbox cannot be read: its own matter, or its drive's; the others go on."""


def archive_folder(home: Path) -> Path:
    """Where a home's originals are; a workshop has those of the home in which it stands."""
    return (home.parent if home.name == WORKSHOP else home) / ARCHIVE


def archived_path(home: Path, sha256: str, name: str) -> Path:
    """Where the original of that fingerprint stands."""
    return archive_folder(home) / sha256[:2] / f"{sha256}{_ending(name)}"


def _ending(name: str) -> str:
    """The ending of a sender's name; one that no program writes is not taken into a name of ours."""
    ending = Path(name).suffix.lower()
    return ending if _ENDING.fullmatch(ending) and len(os.fsencode(ending)) <= LONGEST_ENDING else ""


def slip_path(home: Path, event: Event) -> Path:
    """Where the slip of what happened stands: an original has one of how it was first received, and others by run."""
    more = "" if event.what == "received" else f".{event.run}.{event.what}"
    return archive_folder(home) / event.sha256[:2] / f"{event.sha256}{more}.slip"


def archive_file(home: Path, event: Event, source: Path) -> None:
    """Keeps an original and its slip; the original is there in full before the slip is.

    Raises:
        ChangedMeanwhile: when `source` no longer has the event's fingerprint.
        CannotRead: when `source` cannot be read.
    """
    path = archived_path(home, event.sha256, event.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _copy(source, path, event.sha256)
    write_slip(home, event)


def write_slip(home: Path, event: Event) -> None:
    """Keeps what happened to an original that is in the archive."""
    slip = json.dumps(asdict(event), ensure_ascii=False, sort_keys=True)
    write_atomically(slip_path(home, event), slip.encode("utf-8"))


def discard(home: Path, event: Event) -> None:
    """Takes back what `archive_file` or `write_slip` kept for a run that is not to be."""
    slip_path(home, event).unlink(missing_ok=True)
    if event.what == "received":
        archived_path(home, event.sha256, event.name).unlink(missing_ok=True)


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


def slips(home: Path, known: Collection[str] = (), run: int = 0) -> Iterator[Event]:
    """What happened to the originals, as the slips have it, in the order in which it did.

    Args:
        home: the organisation's folder.
        known: fingerprints of originals of which it is known how they were first received.
        run: the last run of which all is known.

    Raises:
        YuebaoError: when a slip cannot be read.
    """
    found = [read_slip(path) for path in archive_folder(home).glob("??/*.slip") if not _is_known(path, known, run)]
    yield from sorted(found, key=lambda one: (one.run, one.saved_at, one.sha256, one.what))


def _is_known(path: Path, known: Collection[str], run: int) -> bool:
    sha256, *more = path.stem.split(".")
    return sha256 in known if not more else int(more[0]) <= run


def read_slip(path: Path) -> Event:
    """One slip; raises YuebaoError when it is not one that this program wrote."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return Event(**{one.name: stored[one.name] for one in fields(Event) if one.name in stored})
    except (ValueError, TypeError) as error:
        raise YuebaoError(f"{path}: {error}") from error


def altered_originals(home: Path, events: Iterable[Event]) -> tuple[str, ...]:
    """Names of originals that are missing or do not have the fingerprint of their slip any more."""
    names = {one.sha256: one.name for one in events}
    return tuple(
        name for sha256, name in names.items() if _fingerprint(archived_path(home, sha256, name)) != sha256
    )


def _fingerprint(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
