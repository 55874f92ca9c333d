"""What page one looks at, from the subjects of the trade: each in its module `themes`.

Such a module may have `THEMES` (by name: a function that finds the theme in the page's month, or None), `SINGLES`
(single cases that are counted in one line) and `PRAISE` (what went well, before all figures). The trade says which, and
in what order (`[page_one]`).
"""

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from pipeline.contract.page_one import PageFinding
from pipeline.contract.subjects import subjects_in_use, subjects_with
from pipeline.findings import theme_of_forecast
from pipeline.findings.page import Page
from schemas.profile import Profile

Theme = Callable[[Page], PageFinding | None]


@dataclass(frozen=True)
class Single:
    """Single cases of one rule: on which sheet they are listed, in what they are counted, and how many there are; not
    told where the theme `unless` is found, which counts them already."""

    rule: str
    sheet: str
    unit: str
    count: Callable[[Page], int]
    unless: str = ""


def themes_of(profile: Profile) -> tuple[Theme, ...]:
    """The themes of a trade, in its order."""
    known: dict[str, Theme] = dict(theme_of_forecast.THEMES)
    for module in _modules(profile):
        known |= getattr(module, "THEMES", {})
    return tuple(known[name] for name in profile.page_one.themes if name in known)


def singles_of(profile: Profile) -> tuple[Single, ...]:
    """The single cases of a trade, in its order."""
    known = {one.rule: one for module in _modules(profile) for one in getattr(module, "SINGLES", ())}
    return tuple(known[rule] for rule in profile.page_one.singles if rule in known)


def praise_of(profile: Profile) -> Iterator[Theme]:
    """What subjects praise before single figures are."""
    yield from (module.PRAISE for module in _modules(profile) if hasattr(module, "PRAISE"))


def _modules(profile: Profile) -> Iterator[ModuleType]:
    for subject in subjects_in_use(profile):
        if subject in subjects_with("themes"):
            yield _of_subject(subject)


@cache
def _of_subject(subject: str) -> ModuleType:
    return importlib.import_module(f"pipeline.subjects.{subject}.themes")
