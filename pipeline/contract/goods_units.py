"""The words in which the goods of any trade are counted, as people write them behind a number: `units.toml` of a trade.

A cell is read before it is known whose it is, so these are the words of all trades together.
"""

import tomllib
from functools import cache
from importlib import resources

UNITS_FILE = "units.toml"


@cache
def goods_units() -> tuple[str, ...]:
    """The words of all trades, in the order of the trades."""
    folders = sorted((resources.files("pipeline") / "trades").iterdir(), key=lambda one: one.name)
    files = [one / UNITS_FILE for one in folders if (one / UNITS_FILE).is_file()]
    words = [word for file in files for word in tomllib.loads(file.read_text(encoding="utf-8"))["words"]]
    return tuple(dict.fromkeys(words))
