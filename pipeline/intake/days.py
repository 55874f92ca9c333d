"""The one reader of days and months: cover, columns, targets, exports and file names ask here (times: `clocks`).

What could be two days or two months is a fault, never a guess. No zone of the machine decides anything: a stamp of
universal time counts for the day of the office's clock (settings `time_zone`) only where that, too, is certain.
"""

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import PurePath
from zoneinfo import ZoneInfo

from pipeline.base.calendar import FIRST_YEAR, LAST_YEAR, Month
from pipeline.intake.raw import Cell
from pipeline.intake.reading import NOTHING, USUAL, Manner, Reading, fault, shown, understood
from pipeline.intake.text_forms import plain, unguarded, with_hyphens

FIRST_SERIAL, LAST_SERIAL = 36_526, 73_415  # 2000-01-01 to 2100-12-31 as Excel counts days
OLDEST_YEAR = 1950  # of days that are not of the reporting month: when a customer joined
_EXCEL_ZERO = dt.datetime(1899, 12, 30)
_BETWEEN_EPOCHS = 1462  # days from 1899-12-30 to 1904-01-01
_ONE_DAY = dt.timedelta(days=1)
_LATEST_STAMP = dt.time(23, 59, 59)  # a day's last second is how databases write "until the end of the day"

_WEEKDAY = r"(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_TIME = re.compile(
    r"(?:(上午|下午|中午|凌晨|晚上|AM|PM)\s*)?(\d{1,2})\s*(?::|时|点)\s*(\d{1,2})\s*分?"
    r"(?:\s*:?\s*(\d{1,2})(?:[.,](\d{1,9}))?\s*秒?)?\s*(AM|PM)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)
_YMD = r"(?P<y>\d{4})\s*(?:-|/|\.|年)\s*(?P<m>\d{1,2})\s*(?:-|/|\.|月)\s*(?P<d>\d{1,2})\s*[日号]?"
_TOGETHER = r"(?P<y>20\d{2})(?P<m>\d{2})(?P<d>\d{2})"
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = "|".join(f"{name}[a-z]*" for name in _NAMES)
_DAY_FIRST = rf"(?P<d>\d{{1,2}})[-\s](?P<n>{_NAMED})\.?[-,\s]\s*(?P<y>\d{{4}})"
_NAME_FIRST = rf"(?P<n>{_NAMED})\.?\s*(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})"
_STYLES = tuple(
    re.compile(rf"{style}{_WEEKDAY}(?:(?:T|\s)\s*(?P<time>\S.*))?", re.ASCII | re.IGNORECASE)
    for style in (_YMD, _TOGETHER, _DAY_FIRST, _NAME_FIRST)
)
_DECLARED = {
    order: re.compile(
        rf"(?P<{order[0]}>\d{{1,2}})([-/.])(?P<{order[1]}>\d{{1,2}})\2(?P<y>\d{{4}})"
        r"(?:\s+(?P<time>\S.*))?",
        re.ASCII | re.IGNORECASE,
    )
    for order in ("mdy", "dmy")
}
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,12})?", re.ASCII)  # 45474 as text; no way of writing a day has five digits
_STAMP = re.compile(r"(20\d{6})(\d{2})(\d{2})(\d{2})", re.ASCII)
_YEAR_DOT_ONE = re.compile(r"\d{4}\.1", re.ASCII)
_MONTH_NAMED = re.compile(
    rf"(?P<n>{_NAMED})\.?[-,\s]\s*(?P<y>\d{{4}})|(?P<y2>\d{{4}})[-,\s]\s*(?P<n2>{_NAMED})", re.I
)
_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11,
            "十二": 12}  # fmt: skip
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_MONTH_CHINESE = re.compile(r"([\d〇○零一二三四五六七八九]{4})年\s*(十[一二]?|[一二三四五六七八九])月份?")
_IN_NAME = re.compile(
    r"(?<!\d)(20\d{2})(?:\s*[-_.年/]\s*(1[0-2]|0?[1-9])|(0[1-9]|1[0-2]))"
    r"(?:[-_.月](?:0?[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01]))?(?!\d)"
)


def read_day(cell: Cell, manner: Manner = USUAL, *, in_month: bool = False) -> Reading:
    """A day as a datetime at midnight.

    Args:
        cell: what stands in the file.
        manner: how days are written in this table.
        in_month: whether the day places a row in a month, so that years outside 2000–2100 are slips.
    """
    reading = _day(cell, manner)
    if isinstance(reading.value, dt.datetime):
        first = FIRST_YEAR if in_month else OLDEST_YEAR
        return reading if first <= reading.value.year <= LAST_YEAR else fault("day_far_off")
    if reading.kept or not manner.months_as_days:
        return reading
    month = read_month(cell, manner)
    if month.value is None:
        return month if month.rule == "month_two" else reading
    last = Month.parse(str(month.value)).last_day
    return understood(dt.datetime(last.year, last.month, last.day), "month_as_day")


def _day(cell: Cell, manner: Manner) -> Reading:
    if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        cell = dt.datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, dt.datetime) and cell.tzinfo is not None:
        return _day_from_text(cell.isoformat(), manner)
    if isinstance(cell, dt.datetime):
        return NOTHING if cell < dt.datetime(1900, 1, 1) else _without_time(_without_rest(cell), manner)
    if isinstance(cell, dt.time):  # how readers give 0 shown as a day: 1900-01-00
        return NOTHING if cell == dt.time() else fault("day")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _day_from_number(float(cell), manner)
    if not isinstance(cell, str):
        return fault("day")
    text = _written(cell)
    return _day_from_number(float(text), manner) if _is_serial(text) else _day_from_text(text, manner)


def _written(cell: str) -> str:
    """A text as far as it can tell a day or month: no guards against Excel, every dash a hyphen, and the stamps of
    systems (20240603102231) with their parts told apart."""
    text = with_hyphens(unguarded(plain(cell)))
    return _STAMP.sub(r"\1 \2:\3:\4", text) if len(text) == 14 else text


def _is_serial(text: str) -> bool:
    """Whether a text is a day's number: pasted into a cell of text, or what an export to text leaves of it."""
    return _SERIAL.fullmatch(text) is not None and FIRST_SERIAL <= float(text) < LAST_SERIAL + 1


def _without_rest(moment: dt.datetime) -> dt.datetime:
    """A moment without what calculating with fractions of a day leaves: half a thousandth of a second and less."""
    rest = dt.timedelta(microseconds=1_000_000 - moment.microsecond)
    return moment + rest if moment.microsecond >= 999_500 else moment


def _without_time(moment: dt.datetime, manner: Manner, rule: str = "") -> Reading:
    """The day of a moment. Less than a minute before midnight, in a column without times of day, is the next day:
    browsers' exports of days in China come out 43 seconds early."""
    midnight = dt.datetime(moment.year, moment.month, moment.day)
    if moment == midnight:
        return Reading(midnight, rule)
    if _is_early(moment) and manner.times_are_days:
        return understood(midnight + _ONE_DAY, "day_before_midnight")
    return understood(midnight, "time_dropped")


def _is_early(moment: dt.datetime) -> bool:
    return moment.time() >= dt.time(23, 59, 0, 1) and moment.time() < _LATEST_STAMP


def times_are_days(cells: Iterable[Cell], manner: Manner = USUAL) -> bool:
    """Whether no cell of a column has a time of day, but for what lies within a minute of midnight."""
    for cell in cells:
        text = cell.isoformat() if isinstance(cell, dt.datetime) else cell
        moment = _moment(_written(text), manner) if isinstance(text, str) else None
        if isinstance(cell, float) and not cell.is_integer() and FIRST_SERIAL <= cell <= LAST_SERIAL:
            moment = _EXCEL_ZERO + dt.timedelta(days=cell)
        if moment is not None and not (_is_early(moment) or moment.time() < dt.time(0, 1)):
            return False
    return True


def _moment(text: str, manner: Manner) -> dt.datetime | None:
    reading = _moment_from_text(text, manner)
    return reading if isinstance(reading, dt.datetime) else None


def _day_from_number(number: float, manner: Manner) -> Reading:
    serial = number + _BETWEEN_EPOCHS if manner.dates_1904 else number
    if FIRST_SERIAL <= serial < LAST_SERIAL + 1:
        moment = _EXCEL_ZERO + dt.timedelta(seconds=round(serial * 86_400))
        reading = _without_time(moment, manner, "day_was_number")
        return reading if reading.rule == "day_before_midnight" else understood(reading.value, "day_was_number")
    if number == 0:  # what a look-up gives for an empty cell; shown as a day it is 1900-01-00
        return NOTHING
    return _day_from_text(_written(str(int(number))), manner) if number.is_integer() else fault("day")


def _day_from_text(text: str, manner: Manner) -> Reading:
    moment = _moment_from_text(text, manner)
    if isinstance(moment, Reading):
        return moment
    return _without_time(moment, manner, "text_day")


def _moment_from_text(text: str, manner: Manner) -> dt.datetime | Reading:
    """The moment that a text tells (midnight where it has no time), or why not."""
    styles = (_DECLARED[manner.order], *_STYLES) if manner.order in _DECLARED else _STYLES
    found = next((match for style in styles if (match := style.fullmatch(text))), None)
    if found is None:
        return fault("day")
    parts = found.groupdict()
    month = _NAMES.index(parts["n"][:3].lower()) + 1 if parts.get("n") else int(parts["m"])
    try:
        day = dt.datetime(int(parts["y"]), month, int(parts["d"]))
    except ValueError:
        return fault("day")
    return day if not parts["time"] else _with_time(day, parts["time"], manner)


def _with_time(day: dt.datetime, text: str, manner: Manner) -> dt.datetime | Reading:
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return fault("day")
    half = (match[1] or match[6] or "").upper()
    hour = int(match[2])
    if half in ("PM", "下午", "晚上") and hour < 12:
        hour += 12
    elif half in ("AM", "凌晨") and hour == 12:
        hour = 0
    try:
        moment = day.replace(hour=hour, minute=int(match[3]), second=int(match[4] or 0),
                             microsecond=int((match[5] or "0").ljust(6, "0")[:6]))  # fmt: skip
    except ValueError:
        return fault("day")
    return _in_office(moment, match[7], manner) if match[7] else moment


def _in_office(moment: dt.datetime, zone: str, manner: Manner) -> dt.datetime | Reading:
    """A moment with a zone as the office's clock shows it; a fault where the two are different days, unless it is the
    office's midnight (how a browser writes a day)."""
    ahead = dt.timedelta()
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        ahead = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if zone[0] == "-" else 1)
    in_office = (moment - ahead).replace(tzinfo=dt.UTC).astimezone(ZoneInfo(manner.time_zone)).replace(tzinfo=None)
    if in_office == moment or moment.time() == dt.time():
        return moment  # midnight with a zone is a day that a program wrote
    at_midnight = in_office.time() < dt.time(0, 1) or _is_early(in_office)
    if at_midnight or in_office.date() == moment.date():
        return in_office if at_midnight else moment
    return in_office if _is_early(moment) else fault("day_zone")


def read_month(cell: Cell, manner: Manner = USUAL) -> Reading:
    """A month as text, such as 2024-06. The number 2024.1 may have been 2024.10: that is asked about."""
    if isinstance(cell, dt.datetime | dt.date):
        return _month_of(_day(cell, manner), "")
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return fault("month")
    text = _written(unguarded(shown(cell).strip())).replace("年-", "年")  # as two columns are joined
    if _YEAR_DOT_ONE.fullmatch(text) and (manner.typeless or not isinstance(cell, str)):
        return fault("month_two", year=text[:4])
    if _is_serial(text):
        return _month_of(_day_from_number(float(text), manner), "day_was_number")
    month = _month_from_text(text)
    if month is not None:
        return Reading(str(month)) if str(month) == cell else understood(str(month), "month_written")
    return _month_of(_day_from_text(text, manner), "month_written")


def _month_of(day: Reading, rule: str) -> Reading:
    moment = day.value
    if not isinstance(moment, dt.datetime) or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return fault("month")
    return Reading(str(Month(moment.year, moment.month)), rule)


def _month_from_text(text: str) -> Month | None:
    try:
        if found := _MONTH_NAMED.fullmatch(text):
            name, year = found["n"] or found["n2"], found["y"] or found["y2"]
            return Month.parse(f"{year}-{_NAMES.index(name[:3].lower()) + 1}")
        if found := _MONTH_CHINESE.fullmatch(text):
            return Month.parse(f"{found[1].translate(_CHINESE_DIGITS)}-{_CHINESE[found[2]]}")
        return Month.parse(text)
    except ValueError:
        return None


def month_in_name(name: str) -> Month | None:
    """The one month that a file's name tells (2024-06, 202406, 2024年6月, 2024.6, 20240603); None where it tells none,
    or several."""
    stem = PurePath(name).stem if re.search(r"\.[A-Za-z][A-Za-z0-9]{1,4}$", name) else name
    found = {(int(one[1]), int(one[2] or one[3])) for one in _IN_NAME.finditer(plain(stem))}
    return Month(*found.pop()) if len(found) == 1 else None
