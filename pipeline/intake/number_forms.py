"""Numbers as people and systems write them: with units, signs of money, brackets for less than nothing, 万.

What would change the number without being certain (5箱 in a column of 条, 12% of what?) is a fault that says so.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from pipeline.contract.goods_units import goods_units, same_units
from pipeline.intake.raw import Cell
from pipeline.intake.reading import SAFE_WHOLE, Reading, fault, understood
from pipeline.intake.text_forms import plain, unguarded

_DIGITS = r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?|\.\d+"
_NUMBER = re.compile(
    rf"(?P<less>\()?\s*(?P<sign>[+-])?\s*(?P<digits>{_DIGITS})\s*(?P<after>-)?(?P<end>\))?", re.ASCII
)
_MONEY_BEFORE = re.compile(r"([+-]?)\s*(?:人民币|RMB|CNY|¥)\s*", re.IGNORECASE)
_MONEY_AFTER = ("元整", "圆整", "人民币", "rmb", "cny", "块", "圆", "元", "yuan")
TIMES = {"万": 10**4, "亿": 10**8, "千": 10**3}
_MINUS = str.maketrans(dict.fromkeys("−‐‑‒–﹣", "-"))
UNITS = (
    *goods_units(), "件", "户", "个", "分", "次", "人", "天", "分钟", "小时", "包", "盒", "支", "瓶", "桶", "袋", "份",
    "块",
    "吨", "公斤", "千克", "斤", "克", "米", "公里", "元", "美元", "%", "‰", "％", "套", "台",
    "笔", "单", "家", "张", "cases", "case", "yuan", "packs", "pack", "boxes", "box",
)  # fmt: skip
_BY_LENGTH = sorted(UNITS, key=len, reverse=True)


def number_reader(unit: str, *, whole: bool) -> Callable[[Cell], Reading]:
    """A reader of numbers; the column's own unit may stand behind them, or signs of money where it is yuan."""
    rule = "whole" if whole else "number"

    def read(cell: Cell) -> Reading:
        if isinstance(cell, bool):
            return fault(rule)
        if isinstance(cell, int | float):
            return _checked(float(cell), rule, "")
        return _from_text(cell, unit, rule) if isinstance(cell, str) else fault(rule)

    return read


def _from_text(cell: str, unit: str, rule: str) -> Reading:
    text = unguarded(plain(cell)).translate(_MINUS)
    text = f"-{text[1:].strip()}" if text[:1] == "负" else text
    bare, notes = _without_unit(text, unit)
    times = 1
    if bare[-1:] in TIMES:
        times = TIMES[bare[-1]]
        bare, notes = bare[:-1].strip(), "number_ten_thousands"
    number = _signed(bare)
    if number is None:
        other = _other_unit(text) or _other_unit(bare)
        return fault("unit_other", written=other, unit=unit or "—") if other else fault(rule)
    note = notes or ("text_number" if _is_usual(bare) and "负" not in cell else "number_sign")
    return _checked(float(number * times), rule, note)


def _is_usual(bare: str) -> bool:
    return not bare.endswith(("-", ")"))


def _signed(text: str) -> Decimal | None:
    """The number that a text is: 5, -5, 5-, (5); None where it is none, or signed twice."""
    match = _NUMBER.fullmatch(text)
    if match is None or bool(match["less"]) != bool(match["end"]):
        return None
    less = [bool(match["less"]), bool(match["after"]), match["sign"] is not None]
    if sum(less) > 1:
        return None
    number = Decimal(match["digits"].replace(",", ""))
    return -number if match["less"] or match["after"] or match["sign"] == "-" else number


def _without_unit(text: str, unit: str) -> tuple[str, str]:
    """The text without the column's own unit (or, where that is yuan, without signs of money), and the note on it."""
    if text.startswith("(") and text.endswith(")"):
        bare, note = _without_unit(text[1:-1].strip(), unit)
        return f"({bare})", note
    for own in own_units(unit):
        if len(text) > len(own) and text.casefold().endswith(own):
            bare = text[: -len(own)].strip()
            return (_without_currency(bare) if is_money(unit) else bare), "number_unit"
    if is_money(unit):
        bare = _without_currency(text)
        return bare, "number_unit" if bare != text else ""
    return text, ""


def _without_currency(text: str) -> str:
    if text.startswith("(") and text.endswith(")"):
        return f"({_without_currency(text[1:-1])})"
    return _MONEY_BEFORE.sub(r"\1", text, count=1) if _MONEY_BEFORE.match(text) else text


def is_money(unit: str) -> bool:
    """Whether a unit is yuan, or yuan for something."""
    return unit == "元" or unit.startswith("元/")


@lru_cache(maxsize=256)
def own_units(unit: str) -> tuple[str, ...]:
    """The words that may stand behind a number in a column of that unit, longest first: of 1–10分 also 分."""
    if not unit:
        return ()
    word = plain(unit).casefold()
    words = {word, re.sub(r"^[\d.\s–~-]+", "", word), *same_units(word)}
    if is_money(unit):
        words |= set(_MONEY_AFTER)
    return tuple(sorted(words - {""}, key=len, reverse=True))


def _other_unit(text: str) -> str:
    """The unit, known but not the column's own, that stands behind a number (or a sign of money before it)."""
    lower = text.casefold()
    for unit in _BY_LENGTH:
        if lower.endswith(unit) and _signed(text[: -len(unit)].rstrip("".join(TIMES)).strip()) is not None:
            return text[-len(unit) :]
    bare = _without_currency(text)
    return text[: len(text) - len(bare)].strip("+- ") if bare != text and _signed(bare) is not None else ""


def _checked(number: float, rule: str, note: str) -> Reading:
    if number != number or number in (float("inf"), float("-inf")):
        return fault(rule)
    if rule == "whole":
        return understood(int(number), note) if number.is_integer() and abs(number) < SAFE_WHOLE else fault(rule)
    return Reading(number, note)
