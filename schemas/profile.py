"""A profile: what one trade uses: lists, visit frequencies, limits, weights, thresholds, words.

Profiles are TOML files in `schemas/profiles/`; an organisation's `yuebao.toml` may change single values.
"""

import math
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas.columns import Choice

Group = Literal["acquire", "retain", "develop", "product", "process"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Frozen):
    """One entry of a list, best first where the list has an order."""

    key: str
    zh: str
    en: str

    @property
    def choice(self) -> Choice:
        """The entry as forms offer it."""
        return Choice(self.key, self.zh, self.en)


class Indicator(_Frozen):
    """One indicator of the scorecard; its name is the key of the figure that it judges.

    `target` is used where the form `targets` gives none, in the unit of the glossary; of a figure that is a plain
    sum it is meant for each manager, and a region's is that times its managers. `floor` and `cap` limit the
    completion, in %. `better` is asked for only where the figure itself is neither good nor bad.
    """

    group: Group
    weight: float = Field(ge=0, le=1)
    target: float | None = None
    floor: float = 0
    cap: float = 120
    better: Literal["higher", "lower"] | None = None

    @model_validator(mode="after")
    def _has_room(self) -> "Indicator":
        if self.cap <= self.floor:
            raise ValueError(f"cap {self.cap:g} ≤ floor {self.floor:g}")
        return self


class Scorecard(_Frozen):
    """How managers and regions are judged (绩效考核): indicators by figure, and grades by their least score.

    `least_weight` is the share of the weights that must have data for a score to be graded and ranked.
    """

    indicators: Mapping[str, Indicator] = {}
    grades: Mapping[str, float] = {"A": 100, "B": 90, "C": 80, "D": 0}
    least_weight: float = Field(default=0.5, ge=0, le=1)

    @field_validator("indicators")
    @classmethod
    def _weights_sum_to_one(cls, given: Mapping[str, Indicator]) -> Mapping[str, Indicator]:
        total = sum(one.weight for one in given.values())
        if given and not math.isclose(total, 1, abs_tol=1e-6):
            weights = ", ".join(f"{key} {one.weight:g}" for key, one in given.items())
            raise ValueError(f"Σ weight = {total:g} ≠ 1 ({weights})")
        return given

    @field_validator("grades")
    @classmethod
    def _every_score_has_a_grade(cls, given: Mapping[str, float]) -> Mapping[str, float]:
        least = list(given.values())
        if not least or least[-1] > 0 or least != sorted(set(least), reverse=True):
            raise ValueError("best grade first, the last one from 0")
        return given

    @property
    def counted(self) -> Mapping[str, Indicator]:
        """The indicators that have a weight; 0 takes one out."""
        return {key: one for key, one in self.indicators.items() if one.weight > 0}


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
    scorecard: Scorecard = Scorecard()
    thresholds: Mapping[str, float]
    least_count: int = 10
    case_units: int = 250

    def choices(self, list_name: str) -> tuple[Choice, ...]:
        """The entries of a list; none where the trade has no such list."""
        return tuple(entry.choice for entry in self.lists.get(list_name, ()))


def load_profile(name: str, changes: Mapping[str, Any] | None = None) -> Profile:
    """The profile of that name, with single values changed.

    Raises:
        FileNotFoundError: when there is no such profile.
        pydantic.ValidationError: when a value is of the wrong kind or a key is unknown.
    """
    text = (resources.files("schemas") / "profiles" / f"{name}.toml").read_text(encoding="utf-8")
    return Profile.model_validate(_merged(tomllib.loads(text), changes or {}))


def profile_names() -> tuple[str, ...]:
    """The profiles that there are."""
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
