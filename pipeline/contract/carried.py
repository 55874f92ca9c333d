"""What is carried from month to month: who is in some state at a month's end, where that hangs on the month before.

A subject's module `carried` says what by name, `CARRIED`, out of a month's facts, in which stands what the months
before carried (`Facts.carried`). It is of the whole organisation, as customers move between regions.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.subjects import subjects_in_use, subjects_with
from schemas.in_use import are_in_use
from schemas.profile import Profile


@dataclass(frozen=True)
class Carry:
    """How a state is made of a month's facts, and the forms without which a trade has none."""

    needs: tuple[str, ...]
    make: Callable[[Facts], pd.DataFrame]


def carried_in_use(profile: Profile) -> Mapping[str, Carry]:
    """What a trade's subjects carry, by name."""
    found = _declared(subjects_in_use(profile))
    return {name: one for name, one in found.items() if are_in_use(one.needs, profile.forms)}


@cache
def _declared(subjects: tuple[str, ...]) -> Mapping[str, Carry]:
    found: dict[str, Carry] = {}
    for subject in subjects:
        if subject in subjects_with("carried"):
            found |= importlib.import_module(f"pipeline.subjects.{subject}.carried").CARRIED
    return found
