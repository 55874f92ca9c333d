"""The month's folder: files written aside, then moved in as a whole."""

import csv
import datetime as dt
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from pipeline.calendar import Month
from pipeline.errors import YuebaoError
from pipeline.words import Words

OUTPUT = "output"
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")


def month_folder(home: Path, month: Month) -> Path:
    return home / OUTPUT / str(month)


@contextmanager
def new_month_folder(home: Path, month: Month, words: Words) -> Iterator[Path]:
    """A folder to write a month's files into; it takes the old one's place when the block ends well.

    Raises:
        YuebaoError: when the old folder cannot be moved away, as a file in it is open in Excel.
    """
    target = month_folder(home, month)
    aside = target.with_name(f".{month}.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    yield aside
    old = target.with_name(f".{month}.old")
    shutil.rmtree(old, ignore_errors=True)
    try:
        if target.exists():
            os.replace(target, old)
        os.replace(aside, target)
    except OSError as error:
        raise YuebaoError(words("run.output_open", folder=target)) from error
    shutil.rmtree(old, ignore_errors=True)


def safe_file_name(text: str) -> str:
    """`text` as part of a file name that Windows takes too."""
    safe = _UNSAFE.sub("_", text).strip(" .")[:80] or "_"
    return f"_{safe}" if _RESERVED.match(safe) else safe


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as CSV in UTF-8 with BOM, so that Excel opens Chinese rightly; missing values are empty."""
    buffer = io.StringIO()
    frame.to_csv(buffer, index=False, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    return buffer.getvalue().encode("utf-8-sig")


def write_run_record(folder: Path, record: Mapping[str, object]) -> None:
    """`run.json`: what went in, what came out with its fingerprints, counts and times."""
    outputs = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    text = json.dumps({**record, "outputs": outputs}, ensure_ascii=False, indent=2, default=_plain)
    (folder / "run.json").write_text(text + "\n", encoding="utf-8")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
