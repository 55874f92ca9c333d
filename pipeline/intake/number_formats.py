"""What number formats show: whether a number is a day or a length of time, and which digits a code has.

Codes are often numbers with a format such as `000000`, `"M"000` or `[>999]0000;000`: what people see, and what is
meant, is 000123. The grammar of formats follows ECMA-376 part 1, 18.8.31.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

# Formats that Chinese Excel uses by number alone (yyyy年m月d日 and its kin); openpyxl does not know them.
CHINESE_DATE_FORMATS = frozenset({*range(27, 37), *range(50, 59)})
BUILTINS: Mapping[int, str] = BUILTIN_FORMATS
LARGEST_WHOLE = 10**15  # Excel keeps 15 digits of a number
LONGEST_FORMAT = 255

_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)" | \\(?P<escaped>.) | (?P<blank>_.) | (?P<filled>\*.)
    | \[(?P<bracket>[^\]]*)\] | (?P<digit>[0#?]) | (?P<end>;)
    | (?P<plain>[-+$(){}:!^&'~<>=\ ]|[^\x00-\x7f]) | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_CURRENCY = re.compile(r"\$([^-]*)(?:-[0-9A-Fa-f]*)?")
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip


@dataclass(frozen=True)
class Section:
    """One part of a format between its semicolons.

    `signs` are its placeholders (`0`, `#`, `?`) and literal texts in order, a literal marked by a leading `"`; None
    where it shows something else than the digits of a whole number. `condition` limits the numbers it is for.
    """

    signs: tuple[str, ...] | None
    condition: tuple[str, float] | None
    is_text: bool


@dataclass(frozen=True)
class DigitFormat:
    """A format that shows whole numbers as codes."""

    sections: tuple[Section, ...]

    def shown(self, number: float) -> str | None:
        """What a whole number of at most 15 digits, not negative, shows; None where that is the number as it is."""
        if not (0 <= number < LARGEST_WHOLE and float(number).is_integer()):
            return None
        section = self._section(number)
        if section is None or section.signs is None:
            return None
        text = _filled(section.signs, str(int(number)))
        return None if text == str(int(number)) else text

    def _section(self, number: float) -> Section | None:
        sections = [section for section in self.sections if not section.is_text]
        if any(section.condition for section in sections):
            return next((one for one in sections if one.condition is None or _meets(number, one.condition)), None)
        return sections[2] if number == 0 and len(sections) > 2 else sections[0] if sections else None


def is_duration(code: str) -> bool:
    """Whether a format shows a length of time, such as `[h]:mm`."""
    return bool(code) and bool(is_timedelta_format(code))


def is_day(number: int, code: str) -> bool:
    """Whether a format, by its number and code, shows a day or a time of day."""
    if not code:
        return number in CHINESE_DATE_FORMATS
    return bool(is_date_format(code)) and not is_duration(code)


@lru_cache(maxsize=1024)
def digit_format(code: str) -> DigitFormat | None:
    """The format as one of codes: it pads with zeros or puts text around; None for all others."""
    if len(code) > LONGEST_FORMAT or not ("0" in code or '"' in code or "\\" in code):
        return None
    sections = tuple(map(_section_of, _split(code)))
    shows = any(s.signs is not None and (len(s.signs) > 1 or s.signs[0] != "0") for s in sections)
    return DigitFormat(sections) if shows else None


def _split(code: str) -> list[list[re.Match[str]]]:
    sections: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token["end"]:
            sections.append([])
        else:
            sections[-1].append(token)
    return sections


def _section_of(tokens: list[re.Match[str]]) -> Section:
    signs: list[str] = []
    condition, plain = None, True
    for token in tokens:
        kind, text = token.lastgroup, token[token.lastgroup or 0]
        if kind == "digit":
            signs.append(text)
        elif kind in ("quoted", "escaped", "plain"):
            signs.append('"' + text)
        elif kind == "bracket":
            limit = _CONDITION.fullmatch(text)
            condition = (limit[1], float(limit[2])) if limit else condition
            currency = _CURRENCY.fullmatch(text)
            signs += ['"' + currency[1]] if currency and currency[1] else []
            plain = plain and text.lower() not in ("h", "hh", "m", "mm", "s", "ss")
        elif kind == "other":
            plain = False
    is_text = any(token["other"] == "@" for token in tokens)
    holds_digits = any(sign in "0#?" for sign in signs)
    return Section(tuple(signs) if plain and holds_digits else None, condition, is_text)


def _meets(number: float, condition: tuple[str, float]) -> bool:
    return _COMPARE[condition[0]](number, condition[1])


def _filled(signs: tuple[str, ...], digits: str) -> str:
    """The digits put into the placeholders from the right; those left over stand at the first."""
    rest = "" if digits == "0" else digits
    first = next(i for i, sign in enumerate(signs) if sign in "0#?")
    shown: list[str] = []
    for place in range(len(signs) - 1, -1, -1):
        sign = signs[place]
        if sign.startswith('"'):
            shown.append(sign[1:])
        elif place == first and rest:
            shown.append(rest)
        else:
            shown.append(rest[-1:] or {"0": "0", "?": " "}.get(sign, ""))
            rest = rest[:-1]
    return "".join(reversed(shown)).strip()
