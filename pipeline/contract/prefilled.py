"""Rows that stand in a form before anybody fills it in, and how they are known when the form comes back.

A row that was filled in beforehand (a visit that is planned, a case that is open) carries a mark: what its cells said
when it was handed out. A row that still says so is no data, whoever sorted, moved, copied or kept it; one in which
anything was typed, changed or ticked is a row like any other. So nobody needs to delete what did not take place, and
nothing that was typed is lost. Marks are looked for in the whole column, not in the row itself: a row that was sorted
without its mark is known all the same.
"""

import datetime as dt
import hashlib
import math
import unicodedata
from collections.abc import Iterable, Mapping

from schemas.columns import Column, Kind
from schemas.form import Form

_DAY_NOUGHT = dt.date(1899, 12, 30)
_MINUTES_A_DAY = 24 * 60
_LENGTH = 12


def mark_of(form: Form, cells: Mapping[str, object], shown: Mapping[str, object] | None = None) -> str:
    """The mark of a row with these cells by column; empty where nothing stands in them.

    Args:
        cells: by the name of a column; days and times as they are, or as Excel's serial numbers; None is empty.
        shown: further cells of the row that only show something, by the column beside which they stand: a row in which
            one of them was typed over is touched as well.
    """
    texts = _texts(form.columns, cells)
    if not texts:
        return ""
    beside = {f"{name} beside": text for name, text in _texts(form.columns, shown or {}).items()}
    told = "\n".join(f"{name}={text}" for name, text in sorted({**texts, **beside}.items()))
    return hashlib.sha256(told.encode()).hexdigest()[:_LENGTH]


def _texts(columns: Iterable[Column], cells: Mapping[str, object]) -> dict[str, str]:
    texts = {column.name: _text(column.kind, cells.get(column.name)) for column in columns}
    return {name: text for name, text in texts.items() if text}


def _text(kind: Kind, cell: object) -> str:
    """What a cell says, however the program that saved it holds it: numbers as texts, days as serial numbers."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, str):
        text = unicodedata.normalize("NFKC", cell).strip()
        return text.lstrip("0") if kind == "id" else text
    if kind == "day":
        return _day(cell)
    if kind == "clock":
        return _clock(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"{cell:.6f}".rstrip("0").rstrip(".")
    return str(cell)


def _day(cell: object) -> str:
    if isinstance(cell, dt.date):
        return f"{cell:%Y-%m-%d}"
    return str(_DAY_NOUGHT + dt.timedelta(days=int(cell))) if isinstance(cell, int | float) else str(cell)


def _clock(cell: object) -> str:
    if isinstance(cell, dt.time | dt.datetime):
        return f"{cell:%H:%M}"
    if not isinstance(cell, int | float):
        return str(cell)
    minutes = round(cell * _MINUTES_A_DAY)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
