"""A profile: what one trade uses: lists, visit frequencies, limits, weights, thresholds, words.

Profiles are TOML files in `schemas/profiles/`; an organisation's `yuebao.toml` may change single values.
"""

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from pydantic import BaseModel, ConfigDict

from schemas.columns import Choice


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Frozen):
    """One entry of a list, best first where the list has an order."""

    key: str
    zh: str
    en: str

    @property
    def choice(self) -> Choice:
        return Choice(self.key, self.zh, self.en)


class Profile(_Frozen):
    """One trade's ways.

    `monthly_forms` are the forms that every manager owes; `other_forms` may be sent. `visits_per_month` is by
    grade; `complaint_working_days` by category; `satisfaction_weights` by dimension. `thresholds` are the
    numbers that findings compare with, by name.
    """

    key: str
    zh: str
    en: str
    customer_word_zh: str
    customer_word_en: str
    monthly_forms: tuple[str, ...]
    other_forms: tuple[str, ...] = ()
    lists: Mapping[str, tuple[Entry, ...]]
    visits_per_month: Mapping[str, int]
    promotion_grades: tuple[str, ...] = ()
    complaint_working_days: Mapping[str, int]
    satisfaction_weights: Mapping[str, float]
    evaluation_weights: Mapping[str, float] = {}
    thresholds: Mapping[str, float]
    least_count: int = 10
    case_units: int = 250

    def choices(self, list_name: str) -> tuple[Choice, ...]:
        return tuple(entry.choice for entry in self.lists[list_name])


def load_profile(name: str, changes: Mapping[str, Any] | None = None) -> Profile:
    """The profile of that name, with single values changed.

    Raises:
        FileNotFoundError: when there is no such profile.
        pydantic.ValidationError: when a value is of the wrong kind or a key is unknown.
    """
    text = (resources.files("schemas") / "profiles" / f"{name}.toml").read_text(encoding="utf-8")
    return Profile.model_validate(_merged(tomllib.loads(text), changes or {}))


def profile_names() -> tuple[str, ...]:
    folder = resources.files("schemas") / "profiles"
    return tuple(
        sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    )


def _merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `changes` laid over it, table by table."""
    merged = dict(base)
    for key, value in changes.items():
        both_tables = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merged(merged[key], value) if both_tables else value
    return merged
