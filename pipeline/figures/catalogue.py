"""The list of all figures.

A figure is one declaration: a `Figure` given back by a maker under the decorator `declares`. Makers take the
profile, because some figures follow from its lists (one share for each category). Whatever shows figures
(CSV, sheets, glossary, findings) goes through `all_figures` and needs no other change.
"""

import importlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

from pipeline.base.errors import SettingsError
from pipeline.contract.figure import Figure
from schemas.profile import Profile

Maker = Callable[[Profile], Iterable[Figure]]

_makers: list[Maker] = []
_SUBJECTS = ("sales", "trade_standard", "visits", "complaints", "satisfaction", "base", "evaluation")


def declares(maker: Maker) -> Maker:
    """Decorator: enters a maker's figures in the list of all figures."""
    _makers.append(maker)
    return maker


def forget(maker: Maker) -> None:
    """Take a maker's figures out of the list again (for figures added while trying something)."""
    _makers.remove(maker)


def all_figures(profile: Profile) -> tuple[Figure, ...]:
    """Every figure of a trade, in the order in which a report shows them.

    Raises:
        SettingsError: when two figures have the same key, as two entries of a profile's list may cause.
    """
    _load_modules()
    made = (figure for maker in sorted(_makers, key=_place) for figure in maker(profile))
    figures = tuple(_as_known(figure, profile) for figure in made)
    double = [key for key, count in Counter(figure.key for figure in figures).items() if count > 1]
    if double:
        raise SettingsError(f"profile {profile.key}: figure {double[0]} ×2")
    return figures


def _as_known(figure: Figure, profile: Profile) -> Figure:
    """With the form that must be known for it: the first that it names and managers send."""
    if figure.known_by is not None:
        return figure
    forms = profile.forms
    monthly = (form for form in figure.forms if form in forms and forms[form].kind == "monthly")
    return replace(figure, known_by=next(monthly, ""))


def figure_named(text: str, figures: Iterable[Figure]) -> Figure | None:
    """The figure that a person means by its key, 中文 or English name, in any letter case."""
    wanted = text.strip().casefold()
    for figure in figures:
        if wanted in (figure.key.casefold(), figure.zh.casefold(), figure.en.casefold()):
            return figure
    return None


def target_names(profile: Profile) -> tuple[tuple[str, str, str, str], ...]:
    """For each figure that may have a target: key, 中文, English, and for those in % which direction is better."""
    return tuple((one.key, one.zh, one.en, one.better if one.unit == "%" else "") for one in all_figures(profile))


def _place(maker: Maker) -> int:
    """Where a maker's subject stands, whichever module was imported first; makers from elsewhere come last."""
    package, _, subject = maker.__module__.rpartition(".")
    inside = package == __package__ and subject in _SUBJECTS
    return _SUBJECTS.index(subject) if inside else len(_SUBJECTS)


@cache
def _load_modules() -> None:
    for subject in _SUBJECTS:
        importlib.import_module(f"pipeline.figures.{subject}")
