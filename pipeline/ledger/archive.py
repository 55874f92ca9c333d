"""The archive of originals: every file that was ever dropped in, under its fingerprint, with a slip beside it
that says what it was called, when it was saved and which run took it in. From it alone all else can be made anew."""

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from pipeline.errors import YuebaoError
from pipeline.ledger.manifest import Receipt, write_atomically

ARCHIVE = "archive"
_ENDING = re.compile(r"\.\w{1,20}")


class ChangedMeanwhile(Exception):
    """A file was written to while it was being archived."""


def archived_path(home: Path, sha256: str, name: str) -> Path:
    """Where the original of that fingerprint stands."""
    return home / ARCHIVE / sha256[:2] / f"{sha256}{_ending(name)}"


def _ending(name: str) -> str:
    """The ending of a sender's name; one that no program writes is not taken into a name of ours."""
    ending = Path(name).suffix.lower()
    return ending if _ENDING.fullmatch(ending) else ""


def slip_path(home: Path, sha256: str) -> Path:
    return home / ARCHIVE / sha256[:2] / f"{sha256}.slip"


def archive_file(home: Path, receipt: Receipt, source: Path) -> None:
    """Keeps an original and its slip; the original is there in full before the slip is.

    Raises:
        ChangedMeanwhile: when `source` no longer has the receipt's fingerprint.
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
        with source.open("rb") as reading, aside.open("wb") as writing:
            while piece := reading.read(1 << 20):
                digest.update(piece)
                writing.write(piece)
            writing.flush()
            os.fsync(writing.fileno())
        if digest.hexdigest() != sha256:
            raise ChangedMeanwhile(source)
        os.replace(aside, path)
    except (OSError, ChangedMeanwhile):
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise


def slips(home: Path, known: Collection[str] = ()) -> Iterator[Receipt]:
    """The receipts of all originals but the known ones, as their slips have them, in the order in which they were
    taken in.

    Raises:
        YuebaoError: when a slip cannot be read.
    """
    found = [read_slip(path) for path in (home / ARCHIVE).glob("??/*.slip") if path.stem not in known]
    yield from sorted(found, key=lambda one: (one.run, one.saved_at, one.sha256))


def read_slip(path: Path) -> Receipt:
    """One slip; raises YuebaoError when it is not one that this program wrote."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return Receipt(**{**stored, "kinds": tuple(stored["kinds"])})
    except (ValueError, TypeError, KeyError) as error:
        raise YuebaoError(f"{path}: {error}") from error
