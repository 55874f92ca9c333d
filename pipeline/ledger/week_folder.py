"""The folder of a week's schedule: files written aside, then moved in one by one; what somebody filled in or changed
there is kept under `output/edited/`, before it is replaced."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.base.files import sync_folder, sync_tree, write_atomically
from pipeline.base.home import OUTPUT
from pipeline.base.own_copies import keep_own_copies
from pipeline.base.week import Week
from pipeline.ledger.output import EDITED, RUN_RECORD, cannot_replace
from pipeline.words import Words

SCHEDULE = "schedule"


@contextmanager
def new_week_files(home: Path, week: Week, words: Words) -> Iterator[Path]:
    """A folder to write files of a week's schedule into; they take the place of those of the same names when the block
    ends well, and others stay.

    Raises:
        YuebaoError: when a file cannot be replaced, as it is open in Excel.
    """
    target = home / OUTPUT / SCHEDULE / str(week)
    aside, old = target.with_name(f".{week}.new"), target.with_name(f".{week}.old")
    for left in (aside, old):
        shutil.rmtree(left, ignore_errors=True)
    try:
        aside.mkdir(parents=True)
        yield aside
        sync_tree(aside)
        _move_in(home, week, target, aside, old)
    except OSError as error:
        raise cannot_replace(error, target, words) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _move_in(home: Path, week: Week, target: Path, aside: Path, old: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    old.mkdir()
    before = _written(target)
    new = {path.name: _fingerprint(path) for path in sorted(aside.iterdir())}
    _note(target, {**before, **new})  # who is killed now has at most some of his own files kept aside as others'
    for name in new:
        place = target / name
        if place.exists() and _fingerprint(place) != before.get(name):
            shutil.copy2(place, old / name)  # whatever happens next, it stands in its place until it is replaced
            keep_own_copies(old, aside, home / OUTPUT / EDITED / SCHEDULE / str(week), before)
        os.replace(aside / name, place)
    sync_folder(target)


def _written(folder: Path) -> dict[str, str]:
    """The fingerprints of what was written into a week's folder; none where its record is gone."""
    try:
        return dict(json.loads((folder / RUN_RECORD).read_text(encoding="utf-8"))["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _note(folder: Path, written: dict[str, str]) -> None:
    text = json.dumps({"outputs": written}, ensure_ascii=False, indent=2, sort_keys=True)
    write_atomically(folder / RUN_RECORD, f"{text}\n".encode())


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
