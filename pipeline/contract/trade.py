"""A trade as a value: what `trades/NAME/trade.toml` says, with what an organisation changes in it.

Here alone it is known which trades there are. Which forms, columns, words and lists a trade has is asked of the value
(`Profile.forms`, `Profile.lists`); nothing else looks at the list of all forms.
"""

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from schemas.profile import Profile

TRADE_FILE = "trade.toml"


def load_profile(name: str, changes: Mapping[str, Any] | None = None) -> Profile:
    """The trade of that name, with single values changed.

    Raises:
        FileNotFoundError: when there is no such trade.
        pydantic.ValidationError: when a value is of the wrong kind or a key is unknown.
    """
    text = (_trades() / name / TRADE_FILE).read_text(encoding="utf-8")
    return Profile.model_validate(merged(tomllib.loads(text), changes or {}))


def profile_names() -> tuple[str, ...]:
    """The trades that there are."""
    return tuple(sorted(entry.name for entry in _trades().iterdir() if (entry / TRADE_FILE).is_file()))


def _trades() -> Any:
    return resources.files("pipeline") / "trades"


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `changes` laid over it, table by table."""
    together = dict(base)
    for key, value in changes.items():
        both_tables = isinstance(value, Mapping) and isinstance(together.get(key), Mapping)
        together[key] = merged(together[key], value) if both_tables else value
    return together
