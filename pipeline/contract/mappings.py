"""Whether the mappings of an office's exports (settings `[[exports]]`) can be used at all: a fault of the settings is
told before any file is touched, and no file is blamed for it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from math import isfinite

from pipeline.base.calendar import Month
from pipeline.base.errors import SettingsError
from pipeline.base.home import SETTINGS_FILE
from pipeline.contract.exports import REGION, Export, several
from pipeline.contract.mappings_of_layout import layout_faults
from pipeline.words import Words, load_words
from schemas.columns import NUMBERS
from schemas.entities import MANAGER_ID
from schemas.form import Form

YEARS = range(2000, 2101)
Fault = tuple[str, str, dict[str, str]]  # the key below the mapping, the rule, what the sentence needs


def check_exports(exports: Sequence[Export], language: str, forms: Mapping[str, Form]) -> None:
    """Whether each mapping names a form, its columns, and a month as they are.

    Raises:
        SettingsError: naming the first key that cannot be used.
    """
    words = load_words(language)
    for number, export in enumerate(exports):
        for key, rule, details in _faults(export, forms):
            raise _error(words, number, key, rule, details)
    for number, export in enumerate(exports):
        for earlier in exports[:number]:
            if (earlier.files.casefold(), earlier.form) == (export.files.casefold(), export.form):
                raise _error(words, number, "files", "twice", {"found": export.files, "form": export.form})


def check_mappings(names: Iterable[str], exports: Sequence[Export], language: str) -> None:
    """Whether each of these files is mapped onto a form by one mapping only.

    Raises:
        SettingsError: naming the second mapping of a file.
    """
    words = load_words(language)
    for name in names:
        seen: dict[str, int] = {}
        for number, export in enumerate(exports):
            if not fnmatchcase(name.casefold(), export.files.casefold()):
                continue
            if export.form in seen:
                details = {
                    "found": export.files,
                    "file": name,
                    "form": export.form,
                    "other": str(seen[export.form]),
                }
                raise _error(words, number, "files", "two_mappings", details)
            seen[export.form] = number


def _error(words: Words, number: int, key: str, rule: str, details: dict[str, str]) -> SettingsError:
    return SettingsError(
        f"{SETTINGS_FILE}: exports.{number}.{key}: {words(f'settings.exports.{rule}', **details)}"
    )


def _faults(export: Export, forms: Mapping[str, Form]) -> Iterator[Fault]:
    if export.form not in forms:
        yield "form", "no_form", {"found": export.form, "known": "、".join(forms)}
        return
    form = forms[export.form]
    yield from _column_faults(export, form)
    yield from layout_faults(export, form, forms)
    yield from _sender_faults(export, form)
    yield from _value_faults(export, form)
    yield from _month_faults(export, form)
    yield from _span_faults(export, form)
    yield from _covers_faults(export, form)


def _column_faults(export: Export, form: Form) -> Iterator[Fault]:
    """Columns that the form does not have, in any of the tables that name some."""
    known = _known_columns(export, form)
    for table in ("columns", "fixed", "values", "times", "part", "unit_columns", "multiply"):
        for name in getattr(export, table):
            if name not in known:
                yield f"{table}.{name}", "no_column", {"found": name, "form": form.key, "known": "、".join(known)}
    for name in export.fixed:
        if name in export.columns:
            yield f"fixed.{name}", "fixed_and_mapped", {"found": name}
    for table in ("values", "times", "part", "unit_columns"):
        for name in getattr(export, table):
            if name in known and name not in export.given:
                yield f"{table}.{name}", "not_mapped", {"found": name}
    for table, headings in (("columns", export.columns), ("where", {key: key for key in export.where})):
        for name, texts in headings.items():
            if not several(texts) or not all(text.strip() for text in several(texts)):
                yield f"{table}.{name}", "no_heading", {"found": name}
    for column in form.columns:
        if column.kind in NUMBERS and len(export.headers_of(column.name)) > 1:
            yield f"columns.{column.name}", "several_numbers", {"found": column.name}


def _known_columns(export: Export, form: Form) -> list[str]:
    """The columns that a mapping onto a form may name."""
    own = [column.name for column in form.columns]
    sender = [MANAGER_ID] if form.kind == "monthly" and MANAGER_ID not in own else []
    region = [REGION] if export.manager_from == "region" and REGION not in own else []
    return [*own, *sender, *region]


def _sender_faults(export: Export, form: Form) -> Iterator[Fault]:
    """What every row needs, and neither the export nor the settings give."""
    given = set(export.given)
    if export.months_aside and form.month_column:
        given.add(form.month_column)
    if form.kind == "monthly" and MANAGER_ID not in given and not export.manager_from:
        yield f"columns.{MANAGER_ID}", "no_manager", {"form": form.key}
    case = form.traits.case
    for column in form.columns:
        needed = column.name in case.key if case is not None and form.fills_in else column.required
        if needed and column.name not in given:
            yield f"columns.{column.name}", "required", {"found": column.name, "form": form.key}


def _value_faults(export: Export, form: Form) -> Iterator[Fault]:
    """Factors for what is no number, or that make nothing of it."""
    kinds = {column.name: column.kind for column in form.columns}
    for name, factor in export.times.items():
        if kinds.get(name) not in NUMBERS:
            yield f"times.{name}", "not_a_number", {"found": name}
        elif not isfinite(factor) or factor == 0:
            yield f"times.{name}", "no_factor", {"found": str(factor)}


def _month_faults(export: Export, form: Form) -> Iterator[Fault]:
    text = export.valid_from
    if text and text != "name" and not _is_month(text):
        yield "valid_from", "no_month", {"found": text}
    dated = form.kind == "monthly" and form.month_column is not None
    if not text and not dated:
        yield "valid_from", "month_missing", {"form": form.key}


def _is_month(text: str) -> bool:
    try:
        return Month.parse(text).year in YEARS
    except ValueError:
        return False


def _span_faults(export: Export, form: Form) -> Iterator[Fault]:
    """What is to be replaced, where the form or the settings cannot tell it."""
    if export.replaces and form.kind == "master":
        yield "replaces", "master_replaces", {"form": form.key}
    elif export.replaces in ("days", "span") and form.month_column is None:
        yield "replaces", "no_days", {"found": export.replaces, "form": form.key}
    elif export.replaces == "rows" and not form.same:
        yield "replaces", "no_key", {"form": form.key}
    if (export.replaces == "span") != bool(export.span):
        yield "span", "span_missing" if export.replaces == "span" else "span_unused", {}
    elif isinstance(export.span, tuple) and not _is_span(*export.span):
        yield "span", "no_span", {"found": " – ".join(export.span)}


def _covers_faults(export: Export, form: Form) -> Iterator[Fault]:
    """Nobody but the managers of an export with a column for them can be missing in it."""
    if export.covers and form.kind == "master":
        yield "covers", "master_covers", {"form": form.key}
    elif export.covers and MANAGER_ID in export.fixed:
        yield "covers", "covers_one", {"found": export.fixed[MANAGER_ID]}


def _is_span(first: str, last: str) -> bool:
    try:
        return dt.date.fromisoformat(first) <= dt.date.fromisoformat(last)
    except ValueError:
        return False
