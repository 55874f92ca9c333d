"""One cell's value: what it certainly means, or which rule it breaks."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.calendar import Month
from pipeline.intake.raw import Cell, ErrorCell, UncalculatedFormula
from schemas.columns import Choice


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, and the rule that it broke or the way in which it was understood (`kept`)."""

    value: object = None
    rule: str = ""
    kept: bool = True


EMPTY = Reading()
FLAGS = {
    **dict.fromkeys(("是", "y", "yes", "√", "✓", "✔", "☑", "true"), True),
    **dict.fromkeys(("否", "n", "no", "×", "✗", "✘", "false"), False),
}
_PLAIN_FLAGS = {"是": Reading(True), "否": Reading(False), "Yes": Reading(True), "No": Reading(False)}
_HALF_WIDTH: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    0x3000: " ",
    0xA0: " ",
}
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
_DAY = re.compile(
    r"(\d{4})\s*(?:-|/|\.|年)\s*(\d{1,2})\s*(?:-|/|\.|月)\s*(\d{1,2})\s*日?(?:[ T]0?0:00(?::00)?)?", re.ASCII
)
_DAY_TOGETHER = re.compile(r"(20\d{2})(\d{2})(\d{2})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})\s*(?::|时|点)\s*(\d{1,2})(?:\s*(?::\s*\d{1,2}|分))?", re.ASCII)
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_415  # 2000-01-01 to 2100-12-31 as Excel counts days
_EXCEL_ZERO = dt.datetime(1899, 12, 30)
_SAFE_WHOLE = 10**15  # Excel keeps 15 digits of a number


def fault(rule: str) -> Reading:
    return Reading(None, rule, kept=False)


def understood(value: object, rule: str) -> Reading:
    return Reading(value, rule, kept=True)


def shown(cell: Cell) -> str:
    """A cell as the sender sees it, more or less."""
    if isinstance(cell, ErrorCell):
        return cell.code
    if isinstance(cell, UncalculatedFormula):
        return cell.formula
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _SAFE_WHOLE:
        return str(int(cell))
    if isinstance(cell, bool):
        return str(cell).upper()
    return str(cell)


def half_width(text: str) -> str:
    """Full-width digits, letters and signs as their plain forms, blanks around them gone.

    No more than that: to Unicode's own compatibility forms ① is 1 and 5² is 52.
    """
    return text.translate(_HALF_WIDTH).strip()


def read_text(cell: Cell) -> Reading:
    """Free text stays as typed."""
    if isinstance(cell, str):
        return Reading(cell)
    return understood(shown(cell), "read_as_text")


def read_id(cell: Cell) -> Reading:
    """A code is text. A whole number that Excel made of it is taken digit by digit, and noted."""
    if isinstance(cell, str):
        plain = half_width(cell)
        return Reading(cell) if plain == cell else understood(plain, "tidied")
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return fault("id")
    if not float(cell).is_integer() or cell < 0:
        return fault("id")
    if cell >= _SAFE_WHOLE:
        return fault("id_digits_lost")
    return understood(str(int(cell)), "id_was_number")


def number_reader(unit: str, *, whole: bool) -> Callable[[Cell], Reading]:
    """A reader of numbers; the column's own unit may stand behind them."""
    rule = "whole" if whole else "number"

    def read(cell: Cell) -> Reading:
        if isinstance(cell, bool):
            return fault(rule)
        if isinstance(cell, int | float):
            return _number(float(cell), rule, "")
        if isinstance(cell, str):
            text = half_width(cell)
            text = text.removesuffix(unit).strip() if unit else text
            if _NUMBER.fullmatch(text):
                return _number(float(text.replace(",", "")), rule, "text_number")
        return fault(rule)

    return read


def _number(number: float, rule: str, note: str) -> Reading:
    if number != number or number in (float("inf"), float("-inf")):
        return fault(rule)
    if rule == "whole":
        return Reading(int(number), note) if number.is_integer() and abs(number) < _SAFE_WHOLE else fault(rule)
    return Reading(number, note)


def read_day(cell: Cell) -> Reading:
    if isinstance(cell, dt.datetime):
        midnight = cell == dt.datetime(cell.year, cell.month, cell.day)
        return _day(cell.year, cell.month, cell.day, "" if midnight else "time_dropped")
    if isinstance(cell, dt.date):
        return _day(cell.year, cell.month, cell.day, "")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _day_from_number(float(cell))
    return _day_from_text(half_width(cell)) if isinstance(cell, str) else fault("day")


def _day_from_number(number: float) -> Reading:
    if number.is_integer() and _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return understood(_EXCEL_ZERO + dt.timedelta(days=int(number)), "day_was_number")
    return _day_from_text(str(int(number))) if number.is_integer() else fault("day")


def _day_from_text(text: str) -> Reading:
    match = _DAY.fullmatch(text) or _DAY_TOGETHER.fullmatch(text)
    if match is None:
        return fault("day")
    return _day(int(match[1]), int(match[2]), int(match[3]), "text_day")


def _day(year: int, month: int, day: int, note: str) -> Reading:
    if not 1900 <= year <= 2200:  # outside lies no business, and not every timestamp
        return fault("day")
    try:
        return Reading(dt.datetime(year, month, day), note)
    except ValueError:
        return fault("day")


def read_clock(cell: Cell) -> Reading:
    """A time of day as minutes after midnight; seconds do not count."""
    if isinstance(cell, dt.datetime | dt.time):
        return Reading(cell.hour * 60 + cell.minute)
    if isinstance(cell, dt.timedelta) and dt.timedelta() <= cell < dt.timedelta(days=1):
        return Reading(int(cell.total_seconds()) // 60)
    if isinstance(cell, float) and 0 <= cell < 1:
        return understood(round(cell * 24 * 3600) // 60, "clock_was_number")
    match = _CLOCK.fullmatch(half_width(cell)) if isinstance(cell, str) else None
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return fault("clock")
    return understood(int(match[1]) * 60 + int(match[2]), "text_clock")


def read_month(cell: Cell) -> Reading:
    if isinstance(cell, dt.date):
        return Reading(str(Month(cell.year, cell.month)))
    text = half_width(shown(cell))
    try:
        month = str(Month.parse(text))
    except ValueError:
        return fault("month")
    return Reading(month) if month == cell else understood(month, "tidied")


def read_flag(cell: Cell) -> Reading:
    if isinstance(cell, bool):
        return Reading(cell)
    if isinstance(cell, str):
        if cell in _PLAIN_FLAGS:
            return _PLAIN_FLAGS[cell]
        value = FLAGS.get(half_width(cell).lower())
        return fault("flag") if value is None else understood(value, "tidied")
    return fault("flag")


def choice_reader(choices: tuple[Choice, ...]) -> Callable[[Cell], Reading]:
    """A reader of one list's entries: their words in any language, or their key."""
    exact = {word: choice.key for choice in choices for word in (choice.key, choice.en, choice.zh)}
    loose = {half_width(word).casefold(): key for word, key in exact.items()}

    def read(cell: Cell) -> Reading:
        text = shown(cell)
        if text in exact:
            return Reading(exact[text])
        key = loose.get(half_width(text).casefold())
        return fault("choice") if key is None else understood(key, "tidied")

    return read
