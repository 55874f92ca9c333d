"""The forms that a trade has in use: those that it names, with the columns it uses, in its own words."""

import weakref
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from schemas.columns import Choice, Column
from schemas.entities import added_levels, check_ids
from schemas.form import Form, Rule, Traits, all_forms, declared_forms, linked, registry_stamp
from schemas.profile import OwnColumn, OwnForm, Profile

_KEPT_AT_ONCE = 16
_KEYS = {"master_forms", "monthly_forms", "other_forms", "own_forms", "lists", "entities", "terms"}
_made: dict[tuple[int, str], dict[str, Form]] = {}
# The trade asked for last: the same is asked for some thousand times a month, and what it says is long.
_last: list[tuple["weakref.ref[Profile]", int, dict[str, Form]]] = []


def forms_in_use(profile: Profile) -> dict[str, Form]:
    """A trade's forms by their key, in the order in which it names them: master data first.

    Columns that the trade is `without` are not there, nor are those that it would have to name and does not, nor rules
    that read one of them; a column that refers to master data which the trade does not have is a plain code.

    Raises:
        ValueError: naming the key of the profile that cannot be used.
    """
    for asked, stamp, forms in _last:
        if asked() is profile and stamp == registry_stamp():
            return forms
    there = declared_forms()
    key = (registry_stamp(), profile.model_dump_json(include=_KEYS))
    if key not in _made:
        if len(_made) >= _KEPT_AT_ONCE:
            _made.clear()
        _made[key] = _narrowed(profile, there)
    _last[:] = [(weakref.ref(profile), key[0], _made[key])]
    return _made[key]


def _narrowed(profile: Profile, there: Mapping[str, Form]) -> dict[str, Form]:
    named = (*profile.master_forms, *profile.monthly_forms, *profile.other_forms)
    _check_names(profile, there)
    own = {
        key: _with_levels(_own(there[key].said(profile.terms), profile.own_forms.get(key), profile), profile)
        for key in named
    }
    check_ids(profile.entities, there)
    return linked(_with_known_rules(form, own) for form in own.values())


def _check_names(profile: Profile, there: Mapping[str, Form]) -> None:
    for table in ("master_forms", "monthly_forms", "other_forms"):
        kind = "master" if table == "master_forms" else "monthly"
        for key in getattr(profile, table):
            if key not in there or there[key].kind != kind:
                known = ", ".join(one.key for one in there.values() if one.kind == kind)
                raise ValueError(f"{table}: {key!r} ∉ {known}")
    named = (*profile.master_forms, *profile.monthly_forms, *profile.other_forms)
    double = [key for number, key in enumerate(named) if key in named[:number]]
    if double:
        raise ValueError(f"other_forms: {double[0]!r} ×2")
    for key in profile.own_forms:
        if key not in named:
            raise ValueError(f"own_forms.{key}: {key!r} ∉ {', '.join(named)}")


def _own(form: Form, own: OwnForm | None, profile: Profile) -> Form:
    if own is None:
        return form
    form = form.with_named(own.columns)
    known = [column.name for column in form.columns]
    for table, names in (
        ("without", own.without),
        ("columns", own.columns),
        ("filled_later", own.filled_later or ()),
        ("same", own.same or ()),
    ):
        for name in names:
            if name not in known:
                raise ValueError(f"own_forms.{form.key}.{table}: {name!r} ∉ {', '.join(known)}")
    columns = tuple(
        _own_column(column, own.columns.get(column.name), form.key, profile)
        for column in form.columns
        if column.name not in own.without
    )
    left = {column.name for column in columns}
    if not left:
        raise ValueError(f"own_forms.{form.key}.without: {', '.join(known)}")
    same = tuple(name for name in (form.same if own.same is None else own.same) if name in left)
    words = _given(own, "zh", "en", "help_zh", "help_en")
    return replace(form, columns=columns, same=same, traits=_own_traits(form, own), **words)


def _own_traits(form: Form, own: OwnForm) -> Traits:
    """With the columns of its cases that others may fill in, as the trade says.

    Raises:
        ValueError: when a form has no cases, or a column is what makes a case.
    """
    if own.filled_later is None:
        return form.traits
    case = form.traits.case
    fixed = () if case is None else (*case.key, case.opened_on, *case.same)
    for name in own.filled_later:
        if case is None or name in fixed:
            raise ValueError(f"own_forms.{form.key}.filled_later: {name!r}")
    return replace(form.traits, case=None if case is None else replace(case, filled_later=own.filled_later))


def _own_column(column: Column, own: OwnColumn | None, form: str, profile: Profile) -> Column:
    if own is None:
        return column
    changes = _given(
        own, "zh", "en", "unit", "unit_en", "required", "example", "example_en", "help_zh", "help_en", "width"
    )
    if own.list is not None:
        if column.kind not in ("choice", "id") or own.list not in profile.lists:
            raise ValueError(
                f"own_forms.{form}.columns.{column.name}.list: {own.list!r} ∉ {', '.join(profile.lists)}"
            )
        changes |= {"kind": "choice", "refers_to": "", "choices": (), "list_name": own.list}
    return replace(column, **changes)


def _with_levels(form: Form, profile: Profile) -> Form:
    """With all levels of the trade to choose from where a column names one."""
    added = tuple(
        Choice(key, profile.entities[key].zh, profile.entities[key].en) for key in added_levels(profile.entities)
    )
    if not added or not any(column.of_levels for column in form.columns):
        return form
    columns = (replace(one, choices=(*one.choices, *added)) if one.of_levels else one for one in form.columns)
    return replace(form, columns=tuple(columns))


def _given(own: OwnForm | OwnColumn, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(own, name)) is not None}


def _with_known_rules(form: Form, forms: Mapping[str, Form]) -> Form:
    """Without the rules that read a column, of the form or of master data, which the trade does not use."""
    return replace(form, rules=tuple(rule for rule in form.rules if _reads_only(rule, form, forms)))


def _reads_only(rule: Rule, form: Form, forms: Mapping[str, Form]) -> bool:
    return all(
        has_column(name if "." in name else f"{form.key}.{name}", forms) for name in (rule.column, *rule.reads)
    )


def has_column(name: str, forms: Mapping[str, Form]) -> bool:
    """Whether some forms have a column, named by form and column: `visits.display_ok`."""
    form, _, column = name.partition(".")
    return form in forms and any(one.name == column for one in forms[form].columns)


def are_in_use(names: Iterable[str], forms: Mapping[str, Form]) -> bool:
    """Whether all of these are in use: forms by their key, columns by form and name."""
    return all(has_column(one, forms) if "." in one else one in forms for one in names)


def no_rows(key: str) -> pd.DataFrame:
    """No rows of a form, whether a trade has it or not, in all its columns; a frame without columns where there is no
    such form."""
    form = all_forms().get(key)
    return pd.DataFrame() if form is None else form.empty()


def whole_rows(key: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a form with all its columns: those that a trade is without are not known."""
    form = all_forms().get(key)
    lacking = [] if form is None else [name for name in form.dtypes if name not in rows]
    return with_unknown(rows, form.empty()[lacking]) if form and lacking else rows


def with_unknown(rows: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """Rows with further columns, of which nothing is known; `columns` has these and no rows."""
    return pd.concat([rows, columns.reindex(rows.index)], axis=1)


def form_told(key: str, forms: Mapping[str, Form]) -> Form:
    """A form of a trade; as it is declared where the trade is without it: lists of it are empty then.

    Raises:
        KeyError: there is no such form.
    """
    return forms.get(key) or all_forms()[key]


def unused_masters(forms: Mapping[str, Form]) -> tuple[str, ...]:
    """The forms of master data that a trade does not have."""
    return tuple(key for key, form in all_forms().items() if form.kind == "master" and key not in forms)
