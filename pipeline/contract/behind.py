"""What the subjects bring of lists and sums behind figures (`pipeline.contract.listing`), and how they are shown, by
name."""

import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from pipeline.contract.listing import AddedUp, Listing, Sums
from pipeline.contract.shown_frames import ListFrame
from pipeline.contract.subjects import subjects_in_use, subjects_with
from schemas.profile import Profile


def all_lists() -> Mapping[str, Listing]:
    """Every list of every subject."""
    return _declared(subjects_with("lists"), "LISTS")


def all_sums() -> Mapping[str, Sums]:
    """Every frame of sums of every subject."""
    return _declared(subjects_with("lists"), "SUMS")


def all_added_up() -> Mapping[str, AddedUp]:
    """Every frame that is added up of a list, of every subject."""
    return _declared(subjects_with("lists"), "ADDED_UP")


def all_shown() -> Mapping[str, ListFrame]:
    """How the frames are shown that are neither lists nor added up of one, of every subject."""
    return _declared(subjects_with("lists"), "SHOWN")


def lists_in_use(profile: Profile) -> Mapping[str, Listing]:
    """The lists of a trade's subjects."""
    return _declared(subjects_in_use(profile), "LISTS")


def sums_in_use(profile: Profile) -> Mapping[str, Sums]:
    """The sums of a trade's subjects."""
    return _declared(subjects_in_use(profile), "SUMS")


@cache
def _declared(subjects: tuple[str, ...], kind: str) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for subject in subjects:
        if subject in subjects_with("lists"):
            found |= getattr(importlib.import_module(f"pipeline.subjects.{subject}.lists"), kind, {})
    return found
