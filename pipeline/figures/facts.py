"""The facts of a month that figures count from."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.calendar import Month
from pipeline.month_rows import MonthRows
from schemas.profile import Profile


@dataclass(frozen=True)
class Facts:
    """One month's accepted rows, with as many earlier months as a figure may look back on."""

    rows: MonthRows
    earlier: Mapping[Month, MonthRows]
    profile: Profile
