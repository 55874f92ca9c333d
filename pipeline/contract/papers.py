"""Papers for headquarters alone: workbooks of their own, of which no letter, region or manager gets anything.

A subject's module `papers` has them by name: `PAPERS`; what each month says by itself is kept, and put together for the
month, or the longer period, that is reported. Its module `paper_sheets` has by the same name how the workbook is
planned: `PLANS`.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.contract.report import Report
from pipeline.contract.subjects import subjects_in_use, subjects_with
from schemas.in_use import are_in_use
from schemas.profile import Profile

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class MonthTold:
    """What of a month a paper may look at: its master data by form, the sums behind figures by name (manager_id, key,
    measures), the scorecard, and by monthly form the managers of whom it is missing."""

    month: Month
    masters: Frames
    sums: Frames
    scorecard: pd.DataFrame
    missing: Mapping[str, frozenset[str]]
    profile: Profile


@dataclass(frozen=True)
class Paper:
    """How a paper is made. A trade without the forms that it `needs` has none; `masters` are those of master data that
    it looks at. `of_month` is what a month says by itself, `up_to` what all known months up to one make together,
    `over` what those up to the last known one of a longer period make of it."""

    needs: tuple[str, ...]
    masters: tuple[str, ...]
    of_month: Callable[[MonthTold], Frames]
    up_to: Callable[[Month, Mapping[Month, Frames]], Frames]
    over: Callable[[Period, Mapping[Month, Frames]], Frames]


def papers_in_use(profile: Profile) -> Mapping[str, Paper]:
    """The papers of a trade's subjects, by name."""
    found = _declared(subjects_in_use(profile))
    return {name: one for name, one in found.items() if are_in_use(one.needs, profile.forms)}


@cache
def _declared(subjects: tuple[str, ...]) -> Mapping[str, Paper]:
    found: dict[str, Paper] = {}
    for subject in subjects:
        if subject in subjects_with("papers"):
            found |= importlib.import_module(f"pipeline.subjects.{subject}.papers").PAPERS
    return found


def plan_of(profile: Profile, name: str) -> Callable[[Report], Any]:
    """How the workbook of a paper is planned, of a report whose details are the paper's frames: gives a plan of
    `pipeline.workbooks`."""
    plans: dict[str, Any] = {}
    for subject in subjects_in_use(profile):
        if subject in subjects_with("paper_sheets"):
            plans |= importlib.import_module(f"pipeline.subjects.{subject}.paper_sheets").PLANS
    plan: Callable[[Report], Any] = plans[name]
    return plan
