"""How wide a text is: a Chinese character takes about two units, a Latin one."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=20_000)
def units(text: str) -> float:
    """Width in half characters: 2 for Chinese and full-width signs, 1 for Latin, a little more for capitals."""
    return sum(_width(sign) for sign in text)


def _width(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WF" or sign in "▲▼—…“”‘’":
        return 2.0
    return 1.2 if sign.isupper() or sign in "mw%@" else 1.0
