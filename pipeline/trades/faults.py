"""What a trade names that is nowhere: sheets, figures, rules, themes, sentences, thresholds, texts, list entries.

Forms, columns and values of the wrong kind are told when settings are read; what is here can be known only where every
subject is.
"""

import importlib
import string
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal

from pipeline.base.errors import SettingsError
from pipeline.contract.figure import Figure
from pipeline.contract.subjects import all_subjects, subjects_with
from pipeline.contract.trade import load_profile, profile_names, words_of
from pipeline.figures.catalogue import all_figures
from pipeline.figures.parts import FIGURE
from pipeline.figures.scorecard import check_indicators
from pipeline.figures.simple import check_own_figures
from pipeline.findings import theme_of_forecast
from pipeline.findings.declare import all_rules
from pipeline.words import LANGUAGES, Words, load_words
from pipeline.workbooks.all_sheets import sheet_names
from pipeline.workbooks.sheet_list import listed_sheets
from schemas.columns import NUMBERS
from schemas.entities import MANAGER, levels_beside
from schemas.profile import Profile

NEAR, SHOWN = 3, 60
NEEDED = ("regions", "managers", "customers")  # without these nobody knows whose a row is
UNIT = "figures.unit."
PARTS = ("overview", "sales", "opinions")  # of a report, which sentences are for
TITLES = ("region", "headquarters", "manager", "letter", "letter_region", "letter_manager", "letter_organisation")


@dataclass(frozen=True)
class Unknown:
    """What a key of a trade names, and what it may name instead."""

    key: str
    found: str
    known: tuple[str, ...] = ()
    kind: Literal["unknown", "twice", "needed", "no_sum"] = "unknown"

    def told(self, words: Words) -> str:
        """For whoever writes the trade: the nearest first, then all there are."""
        joint = words("settings.trade.between")
        near = get_close_matches(self.found, self.known, n=NEAR)
        known = joint.join(self.known[:SHOWN]) + ("…" if len(self.known) > SHOWN else "")
        meant = words("settings.trade.near", near=joint.join(near)) if near else ""
        text = words(f"settings.trade.{self.kind}", found=self.found, known=known or "—")
        return f"{self.key}: {text}{meant}"


def check_trade(profile: Profile, where: str, words: Words) -> None:
    """Whether everything that a trade names is there.

    Args:
        where: the file it is from, which stands before each key.

    Raises:
        SettingsError: with a line for each key that is not.
    """
    lines = [f"{where}: {one.told(words)}" for one in unknown_names(profile)]
    lines += [f"{where}: {one}" for one in _unsaid_texts(profile, words)]
    if lines:
        raise SettingsError("\n".join(lines))
    try:
        check_own_figures(profile.figures, profile)
        check_indicators(profile, all_figures(profile))
    except SettingsError as error:
        raise SettingsError(f"{where}: {str(error).removeprefix(f'profile {profile.key}: ')}") from error


def unknown_names(profile: Profile) -> Iterator[Unknown]:
    """Each name of a trade that is nowhere, in the order of its tables."""
    if lacking := [one for one in profile.subjects if one not in all_subjects()]:
        yield from _not_in("subjects", lacking, all_subjects())
        return
    lacking = [one for one in NEEDED if one not in profile.master_forms]
    yield from (Unknown("master_forms", one, kind="needed") for one in lacking)
    yield from _of_lists(profile)
    if strange := [*_of_units(profile)]:
        yield from strange  # without its unit no figure can be asked for
        return
    yield from _of_reports(profile)
    yield from _of_figures(profile)
    yield from _not_in("thresholds", profile.thresholds, known_thresholds())


def _not_in(key: str, names: Iterable[str], known: Collection[str]) -> Iterator[Unknown]:
    allowed = tuple(dict.fromkeys(known))
    yield from (Unknown(key, name, allowed) for name in names if name not in allowed)


def _of_units(profile: Profile) -> Iterator[Unknown]:
    """Units of customers and of the office's own figures that nobody has words for: `units` gives them."""
    words = words_of("zh", profile)
    common = [key.removeprefix(UNIT) for key in words.texts if key.startswith(UNIT)]
    named = {"customer_unit": profile.customer_unit}
    named |= {f"figures.{name}.unit": figure.unit for name, figure in profile.figures.items()}
    for key, unit in named.items():
        yield from _not_in(key, [unit], [*common, *profile.units])


def _of_lists(profile: Profile) -> Iterator[Unknown]:
    """Lists, and what is said of their entries."""
    forms = profile.forms
    for name, entries in profile.lists.items():
        keys = Counter(entry.key for entry in entries)
        for double in (key for key, count in keys.items() if count > 1):
            yield Unknown(f"lists.{name}", double, kind="twice")
    grades = [entry.key for entry in profile.lists.get("grades", ())]
    yield from _not_in("visits_per_month", profile.visits_per_month, grades)
    for key in ("promotion_grades", "key_grades", "valuable_grades", "grade_floors"):
        yield from _not_in(key, getattr(profile, key), grades)
    columns = {f"{form.key}.{column.name}": column for form in forms.values() for column in form.columns}
    category = columns.get("complaints.category")
    kinds = [] if category is None else [*(category.choices or profile.choices(category.list_name))]
    yield from _not_in("complaint_working_days", profile.complaint_working_days, [one.key for one in kinds])
    scores = [name.partition(".")[2] for name, one in columns.items() if _is_score(name, one.kind)]
    yield from _not_in("satisfaction_weights", profile.satisfaction_weights, scores)
    groups = [name.partition(".")[2] for name in columns if name.startswith("products.")]
    yield from _not_in("product_groups", profile.product_groups, groups)
    numbers = [name for name, one in columns.items() if one.kind in NUMBERS]
    columns_named = [one for one in profile.forecast.values() if FIGURE not in one]
    yield from _not_in("forecast", columns_named, [*numbers, *forms])


def _is_score(name: str, kind: str) -> bool:
    return name.startswith("satisfaction.") and kind in NUMBERS


def _of_reports(profile: Profile) -> Iterator[Unknown]:
    """Sheets, sentences, rules, and what page one looks at."""
    for key, sheet in listed_sheets(profile):
        yield from _not_in(key, [sheet], sheet_names())
    yield from _not_in("workbooks.titles", profile.workbooks.titles, TITLES)
    yield from _not_in("sentences", profile.sentences, PARTS)
    for part, named in profile.sentences.items():
        yield from _not_in(f"sentences.{part}", named, _parts("sentences", "SENTENCES"))
    rules = [rule.key for rule in all_rules()]
    yield from _not_in("rules", profile.rules, rules)
    themes = [*theme_of_forecast.THEMES, *_parts("themes", "THEMES")]
    yield from _not_in("page_one.themes", profile.page_one.themes, themes)
    singles = [
        one.rule for subject in subjects_with("themes") for one in _brought(subject, "themes", "SINGLES", ())
    ]
    yield from _not_in("page_one.singles", profile.page_one.singles, singles)
    praised = [sheet for _, sheet in profile.page_one.praised]
    yield from _not_in("page_one.praised", praised, sheet_names())


def _of_figures(profile: Profile) -> Iterator[Unknown]:
    """Figures by their key, wherever a trade names them."""
    known = [*(figure.key for figure in all_figures(profile)), *figures_of_trades()]
    books, page = profile.workbooks, profile.page_one
    named: dict[str, Iterable[str]] = {
        "workbooks.main_figures": books.main_figures,
        "workbooks.letter_figures": books.letter_figures,
        "workbooks.charts": [key for chart in books.charts for key in chart if key != "targets"],
        "workbooks.target_figure": [books.target_figure] if books.target_figure else [],
        "workbooks.festival_figures": books.festival_figures,
        "page_one.praised": [figure for figure, _ in page.praised],
        "page_one.sisters": [key for pair in page.sisters for key in pair],
        "without_figures": profile.without_figures,
        "targets": profile.targets,
        "forecast": [
            *profile.forecast,
            *(one.partition(FIGURE)[2] for one in profile.forecast.values() if FIGURE in one),
        ],
        "pilots.figures": profile.pilots.figures if profile.pilots else (),
    }
    for level, appraisal in profile.appraisals.items():
        parts = appraisal.parts.items()
        named |= {f"appraisals.{level}.parts.{name}.figure": [part.figure] for name, part in parts}
    for key, names in named.items():
        yield from _not_in(key, names, known)
    yield from _forecast_by_adding(profile)
    levels = [MANAGER, *levels_beside(profile.entities)]
    yield from _not_in("appraisals", profile.appraisals, levels)


def _forecast_by_adding(profile: Profile) -> Iterator[Unknown]:
    """Figures to be forecast that are no sums: a forecast's parts add up to the whole, and shares do not."""
    told = {figure.key: _adds_up(figure) for figure in all_figures(profile)}
    sums = tuple(key for key, adds in told.items() if adds)
    counted = [one.partition(FIGURE)[2] for one in profile.forecast.values() if FIGURE in one]
    named = dict.fromkeys([*profile.forecast, *counted])
    yield from (Unknown("forecast", key, sums, kind="no_sum") for key in named if not told.get(key, True))


def _adds_up(figure: Figure) -> bool:
    return figure.denominator is None and not figure.of_values and figure.over_time in ("sum", "last")


@cache
def figures_of_trades() -> tuple[str, ...]:
    """The figures of all shipped trades, with those that they leave out."""
    found: dict[str, None] = {}
    for name in profile_names():
        whole = load_profile(name).model_copy(update={"without_figures": ()})
        found |= dict.fromkeys(figure.key for figure in all_figures(whole))
    return tuple(found)


@cache
def known_thresholds() -> tuple[str, ...]:
    """The numbers that findings and figures compare with, by name."""
    shipped = [key for name in profile_names() for key in load_profile(name).thresholds]
    return tuple(dict.fromkeys([*(rule.threshold for rule in all_rules() if rule.threshold), *shipped]))


def _parts(module: str, name: str) -> tuple[str, ...]:
    return tuple(key for subject in subjects_with(module) for key in _brought(subject, module, name, {}))


def _brought(subject: str, module: str, name: str, empty: Any) -> Any:
    return getattr(importlib.import_module(f"pipeline.subjects.{subject}.{module}"), name, empty)


def _unsaid_texts(profile: Profile, words: Words) -> Iterator[str]:
    """Own texts under a key that there is not, or with a placeholder that the common text does not have."""
    for language in LANGUAGES:
        common = load_words(language, profile.key, profile.terms)
        for key, text in profile.words.get(language, {}).items():
            where = f"words.{language}.{key}"
            if not common.has(key):
                yield _no_text(where, key, common, words)
            elif strange := sorted(_placeholders(text) - _placeholders(common.texts[key])):
                allowed = words("settings.trade.between").join(sorted(_placeholders(common.texts[key]))) or "—"
                yield f"{where}: " + words("settings.trade.placeholder", found=strange[0], known=allowed)


def _no_text(where: str, key: str, common: Words, words: Words) -> str:
    near = words("settings.trade.between").join(get_close_matches(key, common.texts, n=NEAR))
    return f"{where}: " + words("settings.trade.no_text", near=near or "—")


def _placeholders(text: str) -> set[str]:
    """The names in braces; a brace that is not closed counts as one that nobody knows."""
    try:
        return {name.split(":")[0] for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {text}
