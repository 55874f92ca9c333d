"""Numbers of the profile that change with time: one number, or one from each month on (`{ "2024-01" = 50, "2025-01" =
55 }`)."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

ALWAYS = ""  # from the beginning on
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


def _as_dated(given: Any) -> Any:
    if isinstance(given, bool):
        raise ValueError(str(given).lower())
    if isinstance(given, int | float):
        return {ALWAYS: given}
    if isinstance(given, Mapping):
        wrong = [key for key in given if key != ALWAYS and not _MONTH.fullmatch(str(key))]
        if wrong or not given:
            raise ValueError(f"{str(wrong[0]) if wrong else ''!r} ∉ 2024-01, 2024-02 …")
    return given


Dated = Annotated[Mapping[str, Annotated[float, Field(ge=0)]], BeforeValidator(_as_dated)]


def at(given: Mapping[str, float], month: str) -> float:
    """The number that holds in a month (YYYY-MM): that of the newest month not after it, else the first."""
    before = [key for key in given if key <= month]
    return given[max(before) if before else min(given)]
