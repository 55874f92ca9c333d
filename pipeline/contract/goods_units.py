"""The words in which the goods of any trade are counted, as people write them behind a number: `units.toml` of a trade.

A cell is read before it is known whose it is, so these are the words of all trades together. Words of `same` mean one
unit: 度 is a kilowatt-hour.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

UNITS_FILE = "units.toml"


@cache
def goods_units() -> tuple[str, ...]:
    """The words of all trades, in the order of the trades."""
    return tuple(dict.fromkeys(word for one in _tables() for word in one["words"]))


@cache
def same_units(unit: str) -> tuple[str, ...]:
    """The other words for a unit, in small letters; none for most."""
    groups = [group for one in _tables() for group in one.get("same", ()) if unit in group]
    return tuple(word for group in groups for word in group if word != unit)


@cache
def _tables() -> tuple[Mapping[str, Any], ...]:
    folders = sorted((resources.files("pipeline") / "trades").iterdir(), key=lambda one: one.name)
    files = [one / UNITS_FILE for one in folders if (one / UNITS_FILE).is_file()]
    return tuple(tomllib.loads(file.read_text(encoding="utf-8")) for file in files)
