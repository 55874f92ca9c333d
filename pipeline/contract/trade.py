"""A trade as a value: what `trades/NAME/trade.toml` says, with what an organisation changes in it.

Here alone it is known which trades there are. Which forms, columns, words and lists a trade has is asked of the value
(`Profile.forms`, `Profile.lists`); nothing else looks at the list of all forms.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from pipeline.words import Language, Words, load_words
from schemas.profile import Profile

TRADE_FILE = "trade.toml"
DEFAULT_FILE = "default.toml"


def load_profile(name: str, changes: Mapping[str, Any] | None = None) -> Profile:
    """The trade of that name, with single values changed; see `changed_profile`.

    Raises:
        FileNotFoundError: when there is no such trade.
        pydantic.ValidationError: when a value is of the wrong kind or a key is unknown.
    """
    text = (_trades() / name / TRADE_FILE).read_text(encoding="utf-8")
    return changed_profile(_tables(text), changes) if changes else _as_told(text)


@lru_cache(maxsize=16)
def _tables(text: str) -> Mapping[str, Any]:
    return tomllib.loads(text)


@lru_cache(maxsize=16)
def _as_told(text: str) -> Profile:
    return changed_profile(_tables(text), {})


def changed_profile(trade: Mapping[str, Any], own: Mapping[str, Any]) -> Profile:
    """A trade, as its tables say it, with single values changed.

    A form that managers no longer owe (`monthly_forms` changed, `other_forms` not) may still be sent; an office that
    names both decides which forms there are.

    Raises:
        pydantic.ValidationError: when a value is of the wrong kind or a key is unknown.
    """
    together = merged(trade, own)
    if "monthly_forms" in own and "other_forms" not in own:
        no_longer_owed = [form for form in trade["monthly_forms"] if form not in together["monthly_forms"]]
        together["other_forms"] = [*together.get("other_forms", ()), *no_longer_owed]
    return Profile.model_validate(together)


def words_of(language: Language, profile: Profile) -> Words:
    """All texts of a language as a trade says them."""
    own = tuple(sorted(profile.words.get(language, {}).items()))
    return load_words(language, profile.key, profile.terms, own)


def profile_names() -> tuple[str, ...]:
    """The trades that there are."""
    return tuple(sorted(entry.name for entry in _trades().iterdir() if (entry / TRADE_FILE).is_file()))


def default_trade() -> str:
    """The trade of an organisation that names none."""
    return str(tomllib.loads((_trades() / DEFAULT_FILE).read_text(encoding="utf-8"))["trade"])


def _trades() -> Any:
    return resources.files("pipeline") / "trades"


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `changes` laid over it, table by table."""
    together = dict(base)
    for key, value in changes.items():
        both_tables = isinstance(value, Mapping) and isinstance(together.get(key), Mapping)
        together[key] = merged(together[key], value) if both_tables else value
    return together
