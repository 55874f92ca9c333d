"""A trade as it is shown: its figures, rules with their limits and sheets, gathered from every subject in use."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.contract.figure import Figure
from pipeline.contract.form_layout import choices_of
from pipeline.contract.subjects import SUBJECTS
from pipeline.contract.themes import names_of
from pipeline.figures.catalogue import all_figures
from pipeline.findings.declare import rules_in_use
from pipeline.words import Words
from pipeline.workbooks.all_sheets import SHEETS
from pipeline.workbooks.sheet_list import KINDS
from schemas.columns import Column
from schemas.form import Form
from schemas.profile import Profile


@dataclass(frozen=True)
class ShownRule:
    """One kind of problem that is looked for: what it is called, the threshold it compares with, what is advised."""

    key: str
    severity: int
    title: str
    threshold: str
    limit: float | None
    countermeasure: str


@dataclass(frozen=True)
class ShownSheet:
    """One sheet of a kind of workbook, and what is on it."""

    name: str
    title: str
    about: str


@dataclass(frozen=True)
class ShownTrade:
    """All that an office may want to know of the trade in use, in one language."""

    profile: Profile
    figures: tuple[Figure, ...]
    rules: tuple[ShownRule, ...]
    sheets: Mapping[str, tuple[ShownSheet, ...]]

    @property
    def forms(self) -> tuple[Form, ...]:
        """Master data first, then what managers send."""
        return tuple(self.profile.forms.values())


def shown_trade(profile: Profile, words: Words) -> ShownTrade:
    """A trade as it is: nothing that its forms, columns and lists do not allow is there."""
    figures, subjects = all_figures(profile), _subjects(profile)
    sheets: dict[str, tuple[ShownSheet, ...]] = {
        kind: tuple(_sheets(getattr(profile.workbooks, kind), subjects, words)) for kind in KINDS
    }
    rules = _rules(profile.model_copy(update={"subjects": subjects}), {one.key for one in figures}, words)
    return ShownTrade(profile, figures, tuple(rules), sheets)


def _subjects(profile: Profile) -> tuple[str, ...]:
    """The subjects of the trade of which there is something: a form, or a figure."""
    alone = {one: profile.model_copy(update={"subjects": (one,), "figures": {}}) for one in profile.subjects}
    return tuple(one for one, own in alone.items() if one in profile.forms or all_figures(own))


def _rules(profile: Profile, figures: Collection[str], words: Words) -> Iterator[ShownRule]:
    for rule in rules_in_use(profile):
        if rule.figure and rule.figure not in figures:
            continue
        texts = (
            words(f"findings.{rule.key}.{part}") if words.has(f"findings.{rule.key}.{part}") else ""
            for part in ("title", "countermeasure")
        )
        title, countermeasure = texts
        yield ShownRule(
            rule.key, rule.severity, title, rule.threshold, profile.thresholds.get(rule.threshold), countermeasure
        )


def _sheets(themes: tuple[str, ...], subjects: Collection[str], words: Words) -> Iterator[ShownSheet]:
    for name in (one for theme in themes for one in names_of(theme)):
        _, _, subject = SHEETS[name].make.__module__.partition(f"{SUBJECTS}.")
        if subject and subject.partition(".")[0] not in subjects:
            continue
        texts = (
            words(key) if words.has(key) else "" for key in (f"workbooks.sheet.{name}", f"workbooks.about.{name}")
        )
        yield ShownSheet(name, *texts)


def trade_as_json(trade: ShownTrade, words: Words) -> dict[str, Any]:
    """The same for other programs: forms with columns, figures with definitions, rules with limits, sheets."""
    profile = trade.profile
    return {
        "key": profile.key,
        "name": words.pick(profile.zh, profile.en),
        "forms": [_form(form, profile, words) for form in trade.forms],
        "figures": [
            {
                "key": one.key,
                "name": words.pick(one.zh, one.en),
                "unit": one.unit,
                "better": one.better,
                "subject": one.subject,
                "definition": words.pick(one.definition_zh, one.definition_en),
                "forms": list(one.forms),
                "joins": one.joins,
            }
            for one in trade.figures
        ],
        "rules": [
            {
                "key": one.key,
                "title": one.title,
                "severity": one.severity,
                "threshold": one.threshold,
                "limit": one.limit,
                "countermeasure": one.countermeasure,
            }
            for one in trade.rules
        ],
        "sheets": {
            kind: [{"name": one.name, "title": one.title, "about": one.about} for one in sheets]
            for kind, sheets in trade.sheets.items()
        },
    }


def _form(form: Form, profile: Profile, words: Words) -> dict[str, Any]:
    return {
        "key": form.key,
        "name": words.pick(form.zh, form.en),
        "kind": form.kind,
        "columns": [_column(column, profile, words) for column in form.columns],
        "rules": [{"key": rule.key, "text": words.pick(rule.zh, rule.en)} for rule in form.rules],
    }


def _column(column: Column, profile: Profile, words: Words) -> dict[str, Any]:
    return {
        "name": column.name,
        "label": words.pick(column.zh, column.en),
        "kind": column.kind,
        "required": column.required,
        "unit": words.pick(column.unit, column.unit_en or column.unit),
        "values": [words.pick(one.zh, one.en) for one in choices_of(column, profile)],
    }
