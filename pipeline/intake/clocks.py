"""Times of day, as minutes after midnight."""

import datetime as dt
import re

from pipeline.intake.raw import Cell
from pipeline.intake.reading import Reading, fault, understood
from pipeline.intake.text_forms import plain

_ONE_DAY = dt.timedelta(days=1)
_CLOCK = re.compile(
    r"(\d{1,2})\s*(?::|时|点)\s*(\d{1,2})(?:\s*(?::\s*\d{1,2}(?:\.\d{1,9})?|分(?:\s*\d{1,2}\s*秒)?))?", re.ASCII
)
_STAMP = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})[T ](?P<time>[\d:.]+)(?P<zone>Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DIGITS = re.compile(r"([01]?\d|2[0-3])([0-5]\d)", re.ASCII)  # 930, 0930; 9 alone may mean anything
_DAY_ONE = dt.date(1899, 12, 30)  # from which Excel counts days
_DAY_NOUGHT = ("1899-12-30", "1899-12-31", "1900-01-01", "1904-01-01")


def read_clock(cell: Cell) -> Reading:
    """A time of day as minutes after midnight; seconds do not count."""
    if isinstance(cell, dt.datetime | dt.time):
        return Reading(_minutes(cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6))
    if isinstance(cell, dt.timedelta) and dt.timedelta() <= cell < _ONE_DAY:
        return Reading(_minutes(cell.total_seconds()))
    if isinstance(cell, float) and 0 <= cell < 1:
        return understood(_minutes(cell * 24 * 3600), "clock_was_number")
    if (digits := _DIGITS.fullmatch(_digits_of(cell))) is not None:
        return understood(int(digits[1]) * 60 + int(digits[2]), "clock_was_digits")
    if not isinstance(cell, str):
        return fault("clock")
    match = _CLOCK.fullmatch(_clock_of_stamp(plain(cell)))
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return fault("clock")
    return understood(int(match[1]) * 60 + int(match[2]), "text_clock")


def _digits_of(cell: Cell) -> str:
    """The digits of a time typed without a colon (0930): as text, as a number, or as the day of long ago that Excel
    shows for that number in a cell for times; "" where it is nothing of these."""
    if isinstance(cell, str):
        return plain(cell)
    if isinstance(cell, dt.date):
        return str((cell - _DAY_ONE).days)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return ""
    return str(int(cell)) if float(cell).is_integer() else ""


def _minutes(seconds: float) -> int:
    """Whole minutes of a day, seconds rounded first: 9:10 is often held as 9:09:59.9999."""
    return min(round(seconds), 24 * 3600 - 1) // 60


def _clock_of_stamp(text: str) -> str:
    """The time in a text such as 1899-12-30T09:10:00.000Z, which is how programs write a time of day; of a real day
    only where no zone makes it uncertain."""
    match = _STAMP.fullmatch(text)
    if match is None or (match["zone"] and match["day"] not in _DAY_NOUGHT and match["zone"] != "+08:00"):
        return text
    return match["time"]
