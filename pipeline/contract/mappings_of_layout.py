"""Whether the layout that a mapping says of an office's export can be used: its months side by side, units in a column,
factors, groups, conditions, and where managers are found."""

import re
from collections.abc import Iterator, Mapping
from math import isfinite

from pipeline.contract.exports import REGION, Condition, Export
from schemas.columns import NUMBERS, Column
from schemas.entities import MANAGER_ID
from schemas.form import CUSTOMER, Form

Fault = tuple[str, str, dict[str, str]]  # the key below the mapping, the rule, what the sentence needs
YEARS = range(2000, 2101)
_PLACE = re.compile(r"\{([^{}]*)\}")


def layout_faults(export: Export, form: Form, forms: Mapping[str, Form]) -> Iterator[Fault]:
    """What cannot be used of the keys that say how an export is laid out."""
    yield from _unpivot_faults(export, form)
    yield from _unit_faults(export, form)
    yield from _factor_faults(export, form, forms)
    yield from _group_faults(export, form)
    yield from _manager_faults(export, form)
    yield from _day_faults(export, form)
    for heading, wanted in export.where.items():
        yield from _condition_faults(f"where.{heading}", wanted)


def _unpivot_faults(export: Export, form: Form) -> Iterator[Fault]:
    """Months side by side need a form with a day, one place for the month, and a column that nothing else gives."""
    if export.months_aside and form.month_column is None:
        yield "unpivot", "unpivot_no_day", {"form": form.key}
    if export.months_aside and form.month_column in {*export.columns, *export.fixed}:
        yield "unpivot", "unpivot_and_day", {"found": str(form.month_column)}
    names = [column.name for column in form.columns]
    seen: set[str] = set()
    for one in export.months_aside:
        places = _PLACE.findall(one.pattern)
        if places.count("month") != 1 or places.count("year") > 1 or {*places} - {"month", "year"}:
            yield "unpivot.pattern", "no_pattern", {"found": one.pattern}
        if one.to not in names:
            yield "unpivot.to", "no_column", {"found": one.to, "form": form.key, "known": "、".join(names)}
        elif one.to in seen or one.to in {*export.columns, *export.fixed}:
            yield "unpivot.to", "unpivot_twice", {"found": one.to}
        seen.add(one.to)


def _unit_faults(export: Export, form: Form) -> Iterator[Fault]:
    """A unit's column for what is no number, without a table that says what the units are, or one for nothing."""
    for name in export.unit_columns:
        if _kind_of(form, name) not in NUMBERS:
            yield f"unit_columns.{name}", "not_a_number", {"found": name}
    if bool(export.unit_columns) != bool(export.units):
        yield ("units" if export.unit_columns else "unit_columns"), "units_missing", {}
    for unit, factor in export.units.items():
        if not isfinite(factor) or factor == 0:
            yield f"units.{unit}", "no_factor", {"found": str(factor)}


def _factor_faults(export: Export, form: Form, forms: Mapping[str, Form]) -> Iterator[Fault]:
    """Factors of what is no number or is given already, fewer than two, or of a list that does not hold them."""
    for name, factors in export.multiply.items():
        key = f"multiply.{name}"
        if _kind_of(form, name) not in NUMBERS:
            yield key, "not_a_number", {"found": name}
        if name in {*export.columns, *export.fixed}:
            yield key, "fixed_and_mapped", {"found": name}
        if len(factors) < 2:
            yield key, "few_factors", {"found": "、".join(factors)}
        for factor in factors:
            if (found := looked_up(factor, forms)) and _referring(form, found[0].key) is None:
                yield key, "no_list", {"found": factor, "form": form.key}


def looked_up(factor: str, forms: Mapping[str, Form]) -> tuple[Form, Column] | None:
    """The list and its column that a factor such as products.price names; None for a heading."""
    key, _, name = factor.partition(".")
    form = forms.get(key)
    column = next((one for one in form.columns if one.name == name), None) if form else None
    return (form, column) if form and column and form.kind == "master" and column.kind in NUMBERS else None


def _referring(form: Form, master: str) -> Column | None:
    """The column of a form whose codes a master form lists."""
    return next((one for one in form.columns if one.refers_to == master), None)


def _group_faults(export: Export, form: Form) -> Iterator[Fault]:
    """Groups of what is not mapped; numbers, which would be counted again in every row of a group."""
    for name in export.fill_down:
        if name not in export.columns:
            yield "fill_down", "not_mapped_group", {"found": name}
        elif _kind_of(form, name) in NUMBERS:
            yield "fill_down", "group_of_numbers", {"found": name}


def _manager_faults(export: Export, form: Form) -> Iterator[Fault]:
    """Managers that are to be found, where the form has none, the export names them, or nothing leads to them."""
    if not export.manager_from:
        return
    needed = CUSTOMER if export.manager_from == "customers" else REGION
    if form.kind == "master":
        yield "manager_from", "master_managers", {"form": form.key}
    elif MANAGER_ID in export.given:
        yield "manager_from", "manager_given", {}
    elif needed not in export.given:
        yield "manager_from", "manager_needs", {"found": export.manager_from, "needed": needed}


def _day_faults(export: Export, form: Form) -> Iterator[Fault]:
    if export.total_day and form.month_column is None:
        yield "total_day", "unpivot_no_day", {"form": form.key}
    if export.year not in ("", "name", "sheet") and export.year not in map(str, YEARS):
        yield "year", "no_year", {"found": export.year}


def _condition_faults(key: str, wanted: object) -> Iterator[Fault]:
    """Conditions that keep everything, or nothing."""
    if wanted == () or (isinstance(wanted, Condition) and not (wanted.none_of or wanted.least or wanted.most)):
        yield key, "no_condition", {}


def _kind_of(form: Form, name: str) -> str:
    return next((column.kind for column in form.columns if column.name == name), "")
