"""What a form is, and the list of all forms.

A form is one class: a pandera `DataFrameModel` under the decorator `form`. The class lists the columns; the
decorator adds the form's own words, what makes two rows the same, and the rules over more than one cell.
"""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import pandera.pandas as pa

from schemas.columns import DTYPES, Column
from schemas.glance import is_fine
from schemas.lookup import Lookup

if TYPE_CHECKING:
    from schemas.profile import Profile


def _load_without(package: str, module: str) -> None:
    """Loads a module of pandera's that takes all of a package with it where that is installed, but needs it only for
    what no form does: dask's frames are 0.4 s of every process, making up rows with hypothesis 0.2 s."""
    if package in sys.modules:
        return
    sys.modules[package] = None  # type: ignore[assignment]  # how Python is told that it is not there
    try:
        importlib.import_module(module)
    finally:
        del sys.modules[package]


_load_without("dask.dataframe", "pandera.typing.dask")
_load_without("hypothesis", "pandera.strategies.pandas_strategies")

Effect = Literal["note", "row left out", "form left out"]
FormKind = Literal["master", "monthly"]


@dataclass(frozen=True)
class Context:
    """What rows are checked against besides themselves.

    `masters` holds the accepted master data of the month, a frame a form; it lacks forms that nobody sent.
    `lookups` are kept ones of some of these frames; others are added when they are asked for.
    """

    month_start: pd.Timestamp
    month_end: pd.Timestamp
    masters: Mapping[str, pd.DataFrame]
    profile: "Profile"
    lookups: dict[str, Lookup] = field(default_factory=dict, compare=False, repr=False)

    def lookup(self, form: str) -> Lookup:
        """The master data of a form by their code (KeyError where nobody sent any)."""
        if form not in self.lookups:
            self.lookups[form] = Lookup(self.masters[form])
        return self.lookups[form]


@dataclass(frozen=True)
class Rule:
    """A rule over more than one cell.

    `ok` takes the rows (a form's columns and `manager_id`) and the context, and tells for each row, by its
    index, whether the rule holds. `column` is where the mark goes. The texts say what is expected. `refers_to` names
    the master form in which the rule looks its column's codes up.
    """

    key: str
    column: str
    zh: str
    en: str
    ok: Callable[[pd.DataFrame, Context], pd.Series]
    effect: Effect = "row left out"
    refers_to: str = ""


@dataclass(frozen=True)
class Form:
    """A form: what one row is, its columns, its rules.

    `same` names the columns that no two rows may share.
    """

    key: str
    zh: str
    en: str
    kind: FormKind
    model: type[pa.DataFrameModel]
    columns: tuple[Column, ...]
    same: tuple[str, ...]
    rules: tuple[Rule, ...]
    help_zh: str
    help_en: str

    def column(self, name: str) -> Column:
        """The column of that name; raises KeyError when the form has none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def month_column(self) -> str | None:
        """The date that places a row in the reporting month, where the form has one."""
        return next((column.name for column in self.columns if column.in_month), None)

    @property
    def dtypes(self) -> dict[str, str]:
        """The type of each column, by name, as frames hold it."""
        return {column.name: DTYPES[column.kind] for column in self.columns}

    def empty(self) -> pd.DataFrame:
        """No rows, in the stored types."""
        return _no_rows(tuple(self.dtypes.items())).copy(deep=False)

    def schema(self, context: Context) -> pa.DataFrameSchema:
        """The pandera schema with the form's rules bound to one month's context."""
        checks = [_as_check(rule, context) for rule in (*_implied_rules(self), *self.rules)]
        schema = self.model.to_schema()
        return pa.DataFrameSchema(schema.columns, checks=checks, index=schema.index, name=self.key)

    def doubtful_columns(self, rows: pd.DataFrame) -> pa.DataFrameSchema:
        """The part of the pandera schema that some of these rows may break: columns, but for those that are seen
        at a glance to be fine."""
        columns = self.model.to_schema().columns
        return pa.DataFrameSchema({name: one for name, one in columns.items() if not is_fine(rows[name], one)})

    def broken_rules(self, rows: pd.DataFrame, context: Context) -> Iterator[tuple[Rule, pd.Index]]:
        """The rules over more than one cell that do not hold everywhere, with the index of the rows that break each."""
        fetched = _Fetched(rows)
        for rule in (*_implied_rules(self), *self.rules):
            kept = rule.ok(fetched, context).array
            kept = np.asarray(kept) if kept.dtype == bool else kept.to_numpy(dtype=bool, na_value=True)
            if not kept.all():
                yield rule, rows.index[~kept]

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """Its rules over more than one cell, implied ones first."""
        return (*_implied_rules(self), *self.rules)

    def rule(self, key: str) -> Rule | None:
        """The rule of that key, implied ones included."""
        return next((rule for rule in self.all_rules if rule.key == key), None)


class _Fetched(pd.DataFrame):
    """Rows whose columns are fetched once each: pandas makes a new series whenever it is asked, and rules ask often."""

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            return super().__getitem__(key)
        held: dict[str, pd.Series] = self.__dict__.setdefault("_held", {})
        if key not in held:
            held[key] = super().__getitem__(key)
        return held[key]


@cache
def _no_rows(dtypes: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes})


_registry: dict[str, Form] = {}


def form(
    key: str,
    zh: str,
    en: str,
    *,
    kind: FormKind = "monthly",
    same: tuple[str, ...] = (),
    rules: tuple[Rule, ...] = (),
    help_zh: str = "",
    help_en: str = "",
) -> Callable[[type[pa.DataFrameModel]], type[pa.DataFrameModel]]:
    """Class decorator: makes a model a form and enters it in the list of all forms."""

    def enter(model: type[pa.DataFrameModel]) -> type[pa.DataFrameModel]:
        _registry[key] = Form(key, zh, en, kind, model, _columns_of(model), same, rules, help_zh, help_en)
        return model

    return enter


def _columns_of(model: type[pa.DataFrameModel]) -> tuple[Column, ...]:
    """Read from the class itself; to make its pandera schema takes longer, and few commands check anything."""
    declared = {
        name: vars(base)[name]
        for base in reversed(model.__mro__)
        for name in inspect.get_annotations(base)
        if name in vars(base)
    }
    known = {name: (getattr(field, "metadata", None) or {}).get("column") for name, field in declared.items()}
    return tuple(replace(column, name=name) for name, column in known.items() if column)


def all_forms() -> dict[str, Form]:
    """Every form by its key: master data first, then the monthly forms, each in a fixed order."""
    _load_modules()
    in_order = sorted(_registry.values(), key=lambda one: (one.kind, _position(one.key), one.key))
    return {one.key: one for one in in_order}


def forget(key: str) -> None:
    """Take a form out of the list again (for forms that were added while trying something)."""
    _registry.pop(key, None)


_ORDER = (
    "regions",
    "managers",
    "customers",
    "products",
    "targets",
    "sales",
    "visits",
    "complaints",
    "satisfaction",
)


def _position(key: str) -> int:
    return _ORDER.index(key) if key in _ORDER else len(_ORDER)


@cache
def _load_modules() -> None:
    import schemas

    for module in pkgutil.iter_modules(schemas.__path__):
        importlib.import_module(f"schemas.{module.name}")


def _implied_rules(one: Form) -> tuple[Rule, ...]:
    """The rules that follow from what the columns say: known entities, dates inside the month."""
    from schemas.rules import implied_rules

    return implied_rules(one)


def _as_check(rule: Rule, context: Context) -> pa.Check:
    return pa.Check(lambda rows: rule.ok(rows, context), name=rule.key, error=rule.key, ignore_na=False)
