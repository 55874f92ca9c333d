"""The one normaliser of text: what people and systems leave around a code, a heading, a number or a name.

No more is changed than what certainly means nothing: to Unicode's own compatibility forms ① is 1 and 5² is 52.
"""

import re
import unicodedata
from functools import lru_cache

_SHOWN_BY_NOTHING = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10)))
_HALF_WIDTH: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    0xFFE5: "¥",
    **dict.fromkeys(map(ord, _SHOWN_BY_NOTHING), ""),
}
_NOTHINGS = frozenset(
    ("/", "\\", "-", "—", "--", "——", "–", "―", "−", "//", "---", "n/a", "na", "n.a.", "null", "none", "nil", "(null)",
     "nan", "无", "空", "暂无", "没有", "(空)", "1900-01-00", "1900/1/0", "1900/01/00", "0000-00-00",
     "0000-00-00 00:00:00", "0000/00/00", "1900-1-0", "1900年1月0日")
)  # fmt: skip
_ONLY_WHERE_OPTIONAL = frozenset(("na", "none", "nil", "nan"))  # elsewhere they may be somebody's codes
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-"))
_ERRORS = frozenset(("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"))
_BLANK_KINDS = ("Zs", "Zl", "Zp")


def plain(text: str) -> str:
    """Text without what nobody sees: invisible characters gone, full-width signs in their plain form, every kind of
    blank an ordinary one, none around it."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return visible(text).translate(_HALF_WIDTH).strip()


def visible(text: str) -> str:
    """Text without characters that show nothing (zero-width ones, marks of direction, soft hyphens, controls)."""
    return "".join(map(_as_seen, text))


def hides_something(text: str) -> bool:
    """Whether a text holds characters that nobody sees, blanks of whatever kind left aside."""
    return any(
        not _as_seen(letter) or (ord(letter) in _HALF_WIDTH and not _HALF_WIDTH[ord(letter)]) for letter in text
    )


@lru_cache(maxsize=8192)
def _as_seen(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in _BLANK_KINDS or letter in "\t\n\r\v\f\x85":
        return " "
    return "" if kind in ("Cf", "Cc") else letter


def is_nothing(text: str, *, optional: bool = True) -> bool:
    """Whether a text says that there is nothing: /, —, 无, N/A, NULL, 1900-01-00 and the like; where a value is not
    `optional`, words that might be a code are none of them."""
    word = plain(text).casefold()
    return word in _NOTHINGS and (optional or word not in _ONLY_WHERE_OPTIONAL)


def is_error(text: str) -> bool:
    """Whether a text is the name of an Excel error, as an export to text leaves it."""
    return text.startswith("#") and text.strip() in _ERRORS


def alike(text: str) -> str:
    """A name or code reduced to what tells it apart when people type it: no blanks, case or kinds of dashes."""
    return "".join(plain(text).split()).casefold().translate(_DASHES)


def with_hyphens(text: str) -> str:
    """A text with every kind of dash as a hyphen: 2024–06 as 2024-06."""
    return text.translate(_DASHES)


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for blanks, width and case."""
    return alike(one) == alike(other)


_GUARDS = (
    re.compile(r'="([^"]*)"'),
    re.compile(r'"([^"]*)"'),
    re.compile("“([^“”]*)”"),
    re.compile("[\"'‘’`´“](.+)"),
)


def unguarded(text: str) -> str:
    """A code without what keeps Excel from making a number of it: ="030101", '030101, "030101"."""
    for guard in _GUARDS:
        if found := guard.fullmatch(text):
            return found[1].strip().strip("'‘’")
    return text
