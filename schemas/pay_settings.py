"""What pay rests on beside what the office tells of each manager: by role, and whether scores or products are paid."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from schemas.dated import Dated

LEAST_MONTHS = 36  # over how many months posts of risk are deferred at the least


class RolePay(BaseModel):
    """Of a role: `unit`, yuan a point of the score; which share of performance pay is deferred, over how many months.
    Each may change with time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Dated
    deferred_share: Dated = {"": 0.0}
    deferred_months: Dated = {"": LEAST_MONTHS}

    @field_validator("deferred_share")
    @classmethod
    def _is_a_share(cls, given: Mapping[str, float]) -> Mapping[str, float]:
        most = max(given.values())
        if most > 1:
            raise ValueError(f"'{most:g}' ∉ 0 … 1")
        return given

    @field_validator("deferred_months")
    @classmethod
    def _are_whole_months(cls, given: Mapping[str, float]) -> Mapping[str, float]:
        wrong = [one for one in given.values() if one != int(one) or one < 1]
        if wrong:
            raise ValueError(f"'{wrong[0]:g}' ∉ 1, 2, 3 …")
        return given


class Pay(BaseModel):
    """How performance is paid: `by` the score (unit × score) or by products (Σ units × pay_per_unit); `roles` by key of
    the list of roles."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Literal["score", "products"] = "score"
    roles: Mapping[str, RolePay] = {}
