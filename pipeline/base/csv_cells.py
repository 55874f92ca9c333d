"""Texts in CSV files: a spreadsheet runs what looks like a formula, so such a text gets an apostrophe before it.

Who reads these files with `read_csv` gets the text as it was: one apostrophe is taken away before what would be run,
and none anywhere else.
"""

import csv
import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pandas as pd

GUARD = "'"
ROWS_AT_ONCE = 5_000
# Excel looks past blanks (of all widths) and what is not seen; WPS takes the full-width signs of an input method too.
_UNSEEN = (
    " \u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u00ad"
)
_RUN = re.compile(f"'*[{_UNSEEN}]*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20\u2212]")
_NUMBER = re.compile(r"[+-]?(([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?%?")


def would_run(text: str) -> bool:
    """Whether a spreadsheet might run the text, or did but for apostrophes before it; numbers are numbers."""
    return _RUN.match(text) is not None and _NUMBER.fullmatch(text.lstrip(GUARD)) is None


def guarded(text: str) -> str:
    """The text as it stands in a CSV file."""
    return GUARD + text if would_run(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if text.startswith(GUARD) and would_run(text[1:]) else text


def write_csv(path: Path, frame: pd.DataFrame, more: Iterable[pd.DataFrame] = ()) -> None:
    """A frame as CSV in UTF-8 with BOM, so that Excel opens Chinese rightly, and `more` rows below it; missing values
    are empty, and no text is run."""
    with path.open("w", encoding="utf-8-sig", newline="", errors="backslashreplace") as file:
        for number, rows in enumerate(chain([frame], more)):
            _guarded_texts(rows).to_csv(
                file, index=False, header=number == 0, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL,
                chunksize=ROWS_AT_ONCE,
            )  # fmt: skip


def read_csv(path: Path) -> pd.DataFrame:
    """A file of `write_csv` as texts, empty where nothing was."""
    frame = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    return frame.map(unguarded).astype("str") if len(frame) else frame


def _guarded_texts(frame: pd.DataFrame) -> pd.DataFrame:
    changed = {}
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
            continue
        distinct = [one for one in column.unique() if isinstance(one, str) and would_run(one)]
        if distinct:
            changed[place] = column.astype(object).replace({one: guarded(one) for one in distinct})
    if not changed:
        return frame
    made = frame.copy()
    for place, column in changed.items():
        made.isetitem(place, column.to_numpy())
    return made
