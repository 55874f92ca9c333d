"""Which formulas reach out of their workbook: to other files, programs, the network, or what does not go back."""

import re
from collections.abc import Collection
from functools import lru_cache
from html import unescape

# Another workbook in brackets, `[1]Sheet!A1`; `program|topic!item` is DDE. Names as files hold them: _xlfn.WEBSERVICE.
_BOOK = re.compile(r"\[[^\[\]]*\][^\[\]!]*!")
_FUNCTIONS = re.compile(
    r"(?i)(?<![A-Z0-9_])(WEBSERVICE|HYPERLINK|IMAGE|RTD|DDE|CALL|REGISTER(\.ID)?|EXEC|EVALUATE|RUN|SQL\.REQUEST|PY|"
    r"STOCKHISTORY|CUBE[A-Z]+|GET\.[A-Z.]+|FILES|FOPEN|INITIATE|POKE|EXECUTE|REQUEST|TERMINATE)\s*\("
)
_ADD_IN = re.compile(r"(?i)(?<![A-Z0-9])_xll\.|\.xll\b|\.xla[m]?\b")
_TEXT = re.compile(r'"(?:[^"]|"")*"')


def reaches_out(formula: str, gone: Collection[str] = ()) -> bool:
    """Whether a formula, as the file holds it but for its escapes, reaches out.

    `gone` are names of sheets and ranges that do not go back: a formula with one of them would show an error.
    """
    plain = _TEXT.sub('""', formula)
    return bool(
        _BOOK.search(formula)
        or "|" in plain
        or _FUNCTIONS.search(plain)
        or _ADD_IN.search(plain)
        or (gone and _words(frozenset(gone)).search(plain))
    )


@lru_cache(maxsize=8)
def _words(names: frozenset[str]) -> re.Pattern[str]:
    """Where one of the names stands as a word; those of sheets end in an exclamation mark."""
    each = (re.escape(name) + ("" if name.endswith("!") else r"(?![\w.])") for name in sorted(names))
    return re.compile(rf"(?i)(?<![\w.])(?:{'|'.join(each)})")


def text_of(content: bytes) -> str:
    """The text inside an element without further elements."""
    return unescape(content.decode("utf-8", "replace"))
