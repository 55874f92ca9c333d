"""How people are appraised (考评), and how pilots are compared: what a profile says of it.

[appraisals.manager.parts]
sampled_orders = { figure = "sample_score.order", weight = 0.3, least = 5 }
satisfaction = { figure = "satisfaction", weight = { "2024-01" = 0.7, "2025-01" = 0.5 }, least = 10 }

[pilots]
figures = ["satisfaction", "on_time_rate"]
"""

import math
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas.dated import ALWAYS, Dated


def valid_in(values: Mapping[str, float], month: str) -> float:
    """The number that holds in a month (YYYY-MM): the newest of those valid from it or from before; 0 where none is."""
    known = [one for one in values if one <= month]
    return float(values[max(known)]) if known else 0.0


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AppraisalPart(_Frozen):
    """One part of an appraisal: the `figure` whose value counts, with what `weight`, and how many must at least stand
    behind it (`least`). `full` is the value that gives 100 points. Weight and least count may carry the month from
    which they are valid."""

    figure: str
    weight: Dated
    least: Dated = {ALWAYS: 1.0}
    full: float = Field(default=100.0, gt=0)


class Appraisal(_Frozen):
    """How those of a level are appraised: parts by name, whose weights sum to 1 whenever they change; the periods in
    which they are; how many `best` of each region are named (none: 0)."""

    parts: Mapping[str, AppraisalPart]
    spans: tuple[str, ...] = ("quarter", "year")
    best: int = Field(default=0, ge=0)

    @field_validator("spans")
    @classmethod
    def _known_spans(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for one in given:
            if one not in ("quarter", "half", "year"):
                raise ValueError(f"spans: {one!r} ∉ quarter, half, year")
        return given

    @model_validator(mode="after")
    def _weights_sum_to_one(self) -> "Appraisal":
        for month in sorted({one for part in self.parts.values() for one in part.weight}):
            weights = {name: valid_in(part.weight, month) for name, part in self.parts.items()}
            if not math.isclose(sum(weights.values()), 1, abs_tol=1e-6):
                told = ", ".join(f"{name} {one:g}" for name, one in weights.items())
                raise ValueError(f"{month} Σ weight = {sum(weights.values()):g} ≠ 1 ({told})".strip())
        return self


class Pilots(_Frozen):
    """How pilots are compared with the others: by which `figures`, of stations (the level of that name), whose master
    data say from which month on one is a pilot.

    Over as many `months` after as before, at least `least_months`; no interval of fewer than `least_pilots` and
    `least_others`.
    """

    figures: tuple[str, ...]
    months: int = Field(default=6, ge=1)
    least_months: int = Field(default=3, ge=1)
    least_pilots: int = Field(default=2, ge=2)
    least_others: int = Field(default=3, ge=2)

    @model_validator(mode="after")
    def _has_room(self) -> "Pilots":
        if self.months < self.least_months:
            raise ValueError(f"months {self.months} < least_months {self.least_months}")
        return self
