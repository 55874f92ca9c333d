"""The month's folder: files written aside, then moved in as a whole.

What somebody changed in it since is kept under `output/edited/`, before it is replaced.
"""

import datetime as dt
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.base.errors import LedgerBusy, YuebaoError
from pipeline.base.files import sync_folder, sync_tree
from pipeline.base.home import OUTPUT
from pipeline.base.own_copies import keep_own_copies
from pipeline.base.period import AnyPeriod, Period, period_named
from pipeline.base.shown_text import shown
from pipeline.ledger.aside import clear_workshop, is_half_moved_in
from pipeline.ledger.lock import ledger_lock
from pipeline.words import Words

EDITED = "edited"
RUN_RECORD = "run.json"
NO_EDITION = 0  # what `run.json` says of a month that is not reported, as all its files were refused
_IN_USE = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ENOTEMPTY)


def period_folder(home: Path, period: AnyPeriod) -> Path:
    """The folder of a month's, or a longer period's, workbooks."""
    return home / OUTPUT / str(period)


def period_folders(home: Path) -> Iterator[tuple[Period, Path]]:
    """The folders that there are under the names of periods, in order of their names."""
    for path in sorted((home / OUTPUT).glob("????*")):
        period = period_named(path.name)
        if period is not None and path.is_dir():
            yield period, path


@contextmanager
def new_period_folder(home: Path, period: AnyPeriod, words: Words) -> Iterator[Path]:
    """A folder to write a period's files into; it takes the old one's place when the block ends well.

    When it does not, or when the old folder cannot be replaced, the old one stays as it was.

    Raises:
        YuebaoError: when the old folder cannot be moved away, as a file in it is open in Excel.
    """
    target = period_folder(home, period)
    aside, old = _aside(target, "new"), _aside(target, "old")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        aside.mkdir(parents=True)
        yield aside
        sync_tree(aside)
        discard(home, old, target.name, target if target.exists() else aside)
        _exchange(target, aside, old, words)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    discard(home, old, target.name, target)


def discard(home: Path, old: Path, month: str, new: Path | None) -> None:
    """Throws away a month's folder that is not needed any more, with `new` in its place, if anything; what somebody
    changed or added in it is kept.

    Raises:
        OSError: when something cannot be kept; the folder stays for the next command.
    """
    if old.is_dir():
        keep_own_copies(old, new, home / OUTPUT / EDITED / month, _written(old))
        _remove(old)


def _remove(folder: Path) -> None:
    """Its record goes last: as long as anything of it is left, it says that nobody changed that."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != RUN_RECORD:
            with suppress(OSError):
                path.unlink()
    if all(path.name == RUN_RECORD for path in folder.iterdir()):
        shutil.rmtree(folder, ignore_errors=True)


def _written(folder: Path) -> dict[str, str]:
    """The fingerprints of what was written into a month's folder; none where its record is gone."""
    path = folder / RUN_RECORD
    if path.exists():
        path.read_bytes()  # a machine that fails over it is no reason to take all for people's own
    record = read_run_record(folder) or {"outputs": {}}
    return {**record["outputs"], RUN_RECORD: sha256_of(path)}


def edited_files(home: Path) -> frozenset[Path]:
    """The files that people changed and that are kept, as the workbooks were written anew."""
    return frozenset(path for path in (home / OUTPUT / EDITED).rglob("*") if not path.is_dir())


def _aside(target: Path, kind: str) -> Path:
    return target.with_name(f".{target.name}.{kind}")


def _put_aside(home: Path, kind: str) -> list[Path]:
    """What stands beside the folders of periods under the name that `_aside` gives."""
    found = sorted((home / OUTPUT).glob(f".*.{kind}"))
    return [path for path in found if period_named(path.name[1:-4]) is not None]


def _exchange(target: Path, aside: Path, old: Path, words: Words) -> None:
    try:
        if target.exists():
            os.replace(target, old)
        os.replace(aside, target)
    except OSError as error:
        if old.exists() and not target.exists():
            os.replace(old, target)
        raise cannot_replace(error, target, words) from error
    sync_folder(target.parent)


def heal(home: Path, words: Words) -> None:
    """Finishes what a command that was killed has begun, so that the next one finds all in its place.

    While another command is at work, what it has not finished is its own matter.

    Raises:
        LedgerBusy: when another command is just putting a new ledger in the place of the old one.
        YuebaoError: when a month's folder cannot be replaced, as a file in it is open in Excel.
    """
    if not (is_half_moved_in(home) or _without_folder(home)):
        return
    try:
        with ledger_lock(home, words):
            finish(home, words)
    except LedgerBusy:
        if is_half_moved_in(home):
            raise


def finish(home: Path, words: Words) -> None:
    """`heal`, for whoever holds the ledger: also what may stay until then goes."""
    try:
        clear_workshop(home, partial(_discard_rebuilt, home))
        finish_folders(home)
    except OSError as error:
        raise cannot_replace(error, home / OUTPUT, words) from error


def _discard_rebuilt(home: Path, old: Path, place: Path) -> None:
    if place.parent == home / OUTPUT:
        discard(home, old, place.name, place)


def cannot_replace(error: OSError, folder: Path, words: Words) -> OSError | YuebaoError:
    """What is told of a folder that cannot be replaced: mostly somebody has a file in it open."""
    return YuebaoError(words("run.output_open", folder=folder)) if error.errno in _IN_USE else error


def _without_folder(home: Path) -> bool:
    """Whether a month's folder has been moved away and the new one is not there."""
    return any(not old.with_name(old.name[1:-4]).exists() for old in _put_aside(home, "old"))


def finish_folders(home: Path) -> None:
    """What a run that died left beside the months' folders: the old one goes back where the new one is missing."""
    for old in _put_aside(home, "old"):
        target = old.with_name(old.name[1:-4])
        if target.exists():
            discard(home, old, target.name, target)
        else:
            os.replace(old, target)
    for aside in _put_aside(home, "new"):
        shutil.rmtree(aside, ignore_errors=True)


def written_edition(folder: Path) -> tuple[int, str, str]:
    """The number of the edition that stands in a month's folder (0 where none does), the digest of its content, and
    what it was made with."""
    record = read_run_record(folder) or {}
    return int(record.get("edition", 0)), str(record.get("digest", "")), str(record.get("made_with", ""))


def is_whole(folder: Path) -> bool:
    """Whether everything stands in a month's folder as it was written."""
    record = read_run_record(folder)
    return record is not None and all(is_as_recorded(folder, name, record) for name in record["outputs"])


def is_as_recorded(folder: Path, name: str, record: Mapping[str, Any]) -> bool:
    """Whether a file of a month's folder is there, and is what its record says."""
    return bool(sha256_of(folder / name) == record["outputs"].get(name))


def sha256_of(path: Path) -> str:
    """A file's fingerprint; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def write_run_record(folder: Path, record: Mapping[str, object]) -> None:
    """`run.json`: what went in, what came out with its fingerprints, counts and times."""
    outputs = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    full = {**record, "outputs": outputs}
    text = _record_text({**full, "sha256": hashlib.sha256(_record_text(full).encode("utf-8")).hexdigest()})
    (folder / RUN_RECORD).write_text(text + "\n", encoding="utf-8")


def read_run_record(folder: Path) -> dict[str, Any] | None:
    """A month's `run.json`; None where it is missing or not as it was written."""
    try:
        record: dict[str, Any] = json.loads((folder / RUN_RECORD).read_text(encoding="utf-8"))
        written = record.pop("sha256")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return record if hashlib.sha256(_record_text(record).encode("utf-8")).hexdigest() == written else None


def _record_text(record: Mapping[str, object]) -> str:
    return shown(json.dumps(record, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
