"""The list of all figures.

A figure is one declaration: a `Figure` given back by a maker under the decorator `declares` in a subject's module
`figures`, or a table of its `figures.toml` where it is a simple one. Makers take the profile, because some figures
follow from its lists (one share for each category). Whatever shows figures (CSV, sheets, glossary, findings) goes
through `all_figures` and needs no other change.
"""

import importlib
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from pipeline.base.errors import SettingsError
from pipeline.contract.figure import Figure, LargeUnit
from pipeline.contract.settings import OWN
from pipeline.contract.subjects import SUBJECTS, all_subjects, subjects_with
from pipeline.contract.trade import words_of
from pipeline.figures.levels import levels_told
from pipeline.figures.simple import simple_figures
from schemas.figures import FigureData
from schemas.in_use import has_column
from schemas.profile import OwnLarge, Profile
from schemas.terms import Terms

Maker = Callable[[Profile], Iterable[Figure]]

_makers: list[Maker] = []
# The figures of the profile that was last asked about, with the makers that there were: many parts of a run ask.
_told: list[tuple[Profile, tuple[Maker, ...], tuple[Figure, ...]]] = []


def declares(maker: Maker) -> Maker:
    """Decorator: enters a maker's figures in the list of all figures."""
    _makers.append(maker)
    return maker


def forget(maker: Maker) -> None:
    """Take a maker's figures out of the list again (for figures added while trying something)."""
    _makers.remove(maker)


def all_figures(profile: Profile) -> tuple[Figure, ...]:
    """Every figure of a trade, in the order in which a report shows them: those of its subjects, those that others
    declare, its own simple ones. A figure that needs a form or column which the trade does not use is not there.

    Raises:
        SettingsError: when two figures have the same key, as two entries of a profile's list may cause; when the
            profile names a subject or a figure a unit that nobody knows.
    """
    for known, makers, figures in _told:
        if known is profile and makers == tuple(_makers):
            return figures
    made = _made(profile)  # which may bring in makers
    _told[:] = [(profile, tuple(_makers), made)]
    return made


def _made(profile: Profile) -> tuple[Figure, ...]:
    makers = _makers_by_subject(profile)
    made = [one for subject in profile.subjects for one in _of_subject(subject, makers.pop(subject, []), profile)]
    made += [one for some in makers.values() for maker in some for one in maker(profile)]
    made += [one for _, one in simple_figures(profile.figures, profile, OWN)]
    wanted = (
        figure for figure in made if figure.key not in profile.without_figures and _can_be_said(figure, profile)
    )
    figures = tuple(_as_known(figure, profile) for figure in wanted if _is_in_use(figure, profile))
    double = [key for key, count in Counter(figure.key for figure in figures).items() if count > 1]
    if double:
        raise SettingsError(f"profile {profile.key}: figure {double[0]} ×2")
    return figures


def _makers_by_subject(profile: Profile) -> dict[str, list[Maker]]:
    """The makers of the trade's subjects, and under "" those from elsewhere."""
    for subject in profile.subjects:
        if subject not in all_subjects():
            raise SettingsError(f"profile {profile.key}: subjects: {subject!r}")
        if subject in subjects_with("figures"):
            importlib.import_module(f"pipeline.subjects.{subject}.figures")
    found: dict[str, list[Maker]] = {}
    for maker in _makers:
        room, _, place = maker.__module__.partition(f"{SUBJECTS}.")
        subject = "" if room else place.partition(".")[0]
        if not subject or subject in profile.subjects:
            found.setdefault(subject, []).append(maker)
    return found


def _of_subject(subject: str, makers: Iterable[Maker], profile: Profile) -> list[Figure]:
    """A subject's figures in the order of its table, which names them by key, by what stands before the dot of it, or
    by the name of the simple figure; those that it does not name come last."""
    order, simple = _table(subject)
    made = [(figure.key, figure) for maker in makers for figure in maker(profile)]
    made += simple_figures(simple, profile, subject)
    places = {name: number for number, name in enumerate(order)}

    def place(named: tuple[str, Figure]) -> int:
        name, figure = named
        return places.get(name, places.get(figure.key.partition(".")[0], len(places)))

    return [figure for _, figure in sorted(made, key=place)]


def _table_of(subject: str) -> Traversable:
    return resources.files(SUBJECTS) / subject / "figures.toml"


@cache
def _table(subject: str) -> tuple[tuple[str, ...], dict[str, FigureData]]:
    """The order of a subject's figures, and its simple ones, as its table has them."""
    file = _table_of(subject)
    given = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    order = tuple(given.pop("order", ()))
    return order, {name: FigureData.model_validate(one) for name, one in given.items()}


def _is_in_use(figure: Figure, profile: Profile) -> bool:
    forms = profile.forms
    return all(one in forms for one in figure.forms) and all(has_column(one, forms) for one in figure.columns)


def _as_known(figure: Figure, profile: Profile) -> Figure:
    """With the form that must be known for it, the first that it names and managers send; with the words of its
    unit, where that is the trade's own; and with the trade's own levels of entities of which it is told."""
    monthly = (form for form in figure.forms if profile.forms[form].kind == "monthly")
    known_by = next(monthly, "") if figure.known_by is None else figure.known_by
    figure = _in_terms(figure, profile.terms)
    own = profile.units.get(figure.unit)
    if own is None and not words_of("zh", profile).has(f"figures.unit.{figure.unit}"):
        raise SettingsError(f"profile {profile.key}: units: {figure.unit!r} ({figure.key})")
    unit = {} if own is None else {"unit_en": own.en, "is_count": own.is_count, "own_large": _large(own.large)}
    return replace(figure, known_by=known_by, levels=levels_told(figure, profile), **unit)  # type: ignore[arg-type]


def _large(own: OwnLarge | None) -> LargeUnit | None:
    if own is None:
        return None
    return LargeUnit(own.zh, own.en, (own.times, own.decimals), (own.times_en, own.decimals_en))


def _in_terms(figure: Figure, terms: Terms) -> Figure:
    """With the trade's words for its goods; a unit is its Chinese word."""
    return replace(
        figure,
        zh=terms.said(figure.zh, "zh"),
        en=terms.said(figure.en, "en"),
        unit=terms.said(figure.unit, "zh"),
        definition_zh=terms.said(figure.definition_zh, "zh"),
        definition_en=terms.said(figure.definition_en, "en"),
    )


def _can_be_said(figure: Figure, profile: Profile) -> bool:
    """Whether the trade has words for it: what is told by the case needs one."""
    return profile.terms.can_say(figure.unit)


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
