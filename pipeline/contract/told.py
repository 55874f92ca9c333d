"""What subjects tell of regions out of master data alone: a module `told` has the frames by name: `TOLD`.

Each frame has level and entity_id: a report shows the rows of its own entity and of those below it, headquarters all.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.subjects import subjects_in_use, subjects_with
from schemas.in_use import are_in_use
from schemas.profile import Profile


@dataclass(frozen=True)
class OfMasters:
    """A frame made of a month's master data: of which forms, without which a trade has none, and how."""

    masters: tuple[str, ...]
    make: Callable[[Month, Mapping[str, pd.DataFrame], Profile], pd.DataFrame]


def told_in_use(profile: Profile) -> Mapping[str, OfMasters]:
    """The frames of a trade's subjects, by name."""
    found = _declared(subjects_in_use(profile))
    return {name: one for name, one in found.items() if are_in_use(one.masters, profile.forms)}


@cache
def _declared(subjects: tuple[str, ...]) -> Mapping[str, OfMasters]:
    found: dict[str, OfMasters] = {}
    for subject in subjects:
        if subject in subjects_with("told"):
            found |= importlib.import_module(f"pipeline.subjects.{subject}.told").TOLD
    return found
