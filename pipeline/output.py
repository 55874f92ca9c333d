"""The month's folder: files written aside, then moved in as a whole."""

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.base.shown_text import shown
from pipeline.calendar import Month
from pipeline.errors import YuebaoError
from pipeline.words import Words

OUTPUT = "output"
RUN_RECORD = "run.json"


def month_folder(home: Path, month: Month) -> Path:
    return home / OUTPUT / str(month)


@contextmanager
def new_month_folder(home: Path, month: Month, words: Words) -> Iterator[Path]:
    """A folder to write a month's files into; it takes the old one's place when the block ends well.

    When it does not, or when the old folder cannot be replaced, the old one stays as it was.

    Raises:
        YuebaoError: when the old folder cannot be moved away, as a file in it is open in Excel.
    """
    target = month_folder(home, month)
    aside, old = _aside(target, "new"), _aside(target, "old")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        aside.mkdir(parents=True)
        yield aside
        _exchange(target, aside, old, words)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def _aside(target: Path, kind: str) -> Path:
    return target.with_name(f".{target.name}.{kind}")


def _exchange(target: Path, aside: Path, old: Path, words: Words) -> None:
    shutil.rmtree(old, ignore_errors=True)
    try:
        if target.exists():
            os.replace(target, old)
        os.replace(aside, target)
    except OSError as error:
        if old.exists() and not target.exists():
            os.replace(old, target)
        raise YuebaoError(words("run.output_open", folder=target)) from error


def finish_folders(home: Path) -> None:
    """What a run that died left beside the months' folders: the old one goes back where the new one is missing."""
    for old in (home / OUTPUT).glob(".????-??.old"):
        target = old.with_name(old.name[1:-4])
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            os.replace(old, target)
    for aside in (home / OUTPUT).glob(".????-??.new"):
        shutil.rmtree(aside, ignore_errors=True)


def written_edition(folder: Path) -> tuple[int, str]:
    """The number of the edition that stands in a month's folder (0 where none does), and what it was made with."""
    record = read_run_record(folder) or {}
    return int(record.get("edition", 0)), str(record.get("made_with", ""))


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
    except (OSError, ValueError, KeyError, AttributeError):
        return None
    return record if hashlib.sha256(_record_text(record).encode("utf-8")).hexdigest() == written else None


def _record_text(record: Mapping[str, object]) -> str:
    return shown(json.dumps(record, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
