"""What a form is, and the list of all forms.

A form is one class: a pandera `DataFrameModel` under the decorator `form`. The class lists the columns; the
decorator adds the form's own words, what makes two rows the same, and the rules over more than one cell.
"""

import copy
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import pandera.pandas as pa

from schemas.columns import DTYPES, Column, Reference
from schemas.glance import is_fine
from schemas.lookup import Lookup
from schemas.terms import AS_WRITTEN, Terms

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
LAST_PLACE = 9
CUSTOMER = "customer_id"


@dataclass(frozen=True)
class Context:
    """What rows are checked against besides themselves.

    `masters` holds the accepted master data of the month, a frame a form; it lacks forms that nobody sent.
    `lookups` are kept ones of some of these frames; others are added when they are asked for. `sent_on` is the day on
    which the file was saved, where that matters.
    """

    month_start: pd.Timestamp
    month_end: pd.Timestamp
    masters: Mapping[str, pd.DataFrame]
    profile: "Profile"
    lookups: dict[str, Lookup] = field(default_factory=dict, compare=False, repr=False)
    sent_on: pd.Timestamp | None = None

    def lookup(self, form: str) -> Lookup:
        """The master data of a form by their code (KeyError where nobody sent any)."""
        if form not in self.lookups:
            self.lookups[form] = Lookup(self.masters[form])
        return self.lookups[form]


@dataclass(frozen=True)
class Rule:
    """A rule over more than one cell.

    `ok` takes the rows (a form's columns and `manager_id`) and the context, and tells for each row, by its
    index, whether the rule holds. `column` is where the mark goes; `reads` names the other columns that the rule
    looks at: a trade without one of these is without the rule. The texts say what is expected. `refers_to` names
    the master form in which the rule looks its column's codes up.
    """

    key: str
    column: str
    zh: str
    en: str
    ok: Callable[[pd.DataFrame, Context], pd.Series]
    effect: Effect = "row left out"
    refers_to: str = ""
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """Rows that are cases: one stays open over months, and the newest row of its `number`, unique for ever, tells how
    it stands. `opened_on` and `closed_on` are its days; what `same` names never changes once it is told, else it is
    another case.

    `closed_by` names a column, and the value in it that closes a case on a day that nobody tells: it is then closed in
    the month in whose form it stands so.

    `part` names the column that numbers the parts of a case that goes in parts (the rounds of a draft): each is a row,
    known by both numbers and opened on one day, and the case stands where its last part stands. `goes_on` is the value
    of a column with which a part is over and the case is not.

    What counts `to_date` is never closed: every month has all of it, and no template brings it back.

    `also_closed_on` names further days that close a case (of one that is refused). `filled_later` names columns of
    steps that others than the sender may fill in (a leader, a dispatch desk, an office): once filled, an empty cell of
    a newer row changes nothing there, and a row that gives only the number and some of these fills them in.
    """

    number: str
    opened_on: str
    closed_on: str
    same: tuple[str, ...]
    closed_by: tuple[str, str] | None = None
    part: str = ""
    goes_on: tuple[str, str] | None = None
    to_date: bool = False
    also_closed_on: tuple[str, ...] = ()
    filled_later: tuple[str, ...] = ()

    def days_closed(self, rows: pd.DataFrame) -> pd.Series:
        """The day on which each case was closed, whichever of its days says so; missing while it is open, or where
        nobody tells the day."""
        days = rows[self.closed_on]
        for other in (one for one in self.also_closed_on if one in rows):  # a trade may be without it
            days = days.fillna(rows[other])
        return days

    def newest_day(self, rows: pd.DataFrame) -> pd.Series:
        """The newest day that each row tells of its case: of its opening, or of a step that others fill in."""
        steps = [one for one in self.filled_later if one in rows and rows[one].dtype.kind == "M"]
        return rows[[self.opened_on, *steps]].max(axis=1)

    def only_fills_in(self, rows: pd.DataFrame) -> pd.Series:
        """Which rows give the number of a case, and of all the rest only what others than its sender may fill in."""
        if not self.filled_later:
            return pd.Series(False, index=rows.index)
        told = [self.opened_on, *(name for name in self.same if name in rows)]
        return rows[self.number].notna() & rows[told].isna().all(axis=1)

    @property
    def key(self) -> list[str]:
        """The columns by which a row is known: the newest of them wins."""
        return [self.number, self.part] if self.part else [self.number]

    def is_closed(self, rows: pd.DataFrame) -> pd.Series:
        """Which rows say that nothing of them is open: that their case is closed, or gone on to another part, or that
        it is of those that nobody closes."""
        if self.to_date:
            return pd.Series(True, index=rows.index)
        closed = self.days_closed(rows).notna() & ~_says(rows, self.goes_on) | _says(rows, self.closed_by)
        return closed | ~self.is_newest(rows)

    def is_newest(self, rows: pd.DataFrame) -> pd.Series:
        """Which rows are the last part of their case; all, where cases have no parts."""
        if not self.part:
            return pd.Series(True, index=rows.index)
        last = rows.groupby(self.number)[self.part].transform("max")
        return (rows[self.part] == last).fillna(False).astype(bool)


def _says(rows: pd.DataFrame, told: tuple[str, str] | None) -> pd.Series:
    if told is None:
        return pd.Series(False, index=rows.index)
    column, value = told
    return (rows[column] == value).fillna(False).astype(bool)


@dataclass(frozen=True)
class ToDate:
    """Rows of which every month has all up to its end, beside its own by their `day`: what is counted of them to date.

    They are of the case of the form `of` whose number stands in `number`, and of that one's customer.
    """

    day: str
    of: str
    number: str


@dataclass(frozen=True)
class Carried:
    """Rows that come back each month until they are done: known by `key` (with who sent them), and done once `state` is
    `done`."""

    key: tuple[str, ...]
    state: str
    done: str


@dataclass(frozen=True)
class Stock:
    """Rows that tell how each customer stands at the month's end, one a customer: how much there is in all (`total`),
    and in which states (columns that add up to it). No row is not reported; who has nothing left is there with zeros.
    """

    total: str
    states: tuple[str, ...]


@dataclass(frozen=True)
class Flow:
    """Rows that move part of a customer's stock, which the form `of` tells: `quantity` from what `source` says to where
    its `kind` leads. `moves` are all there may be, as (kind, from, to); what is no state of the stock is outside of it.
    """

    of: str
    quantity: str
    kind: str
    source: str
    moves: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Decides:
    """Rows in which the head of a region decides on matters: a region sends them, no manager, and the code of a region
    stands for the sender's.

    A matter is known by its `reference`: the number of a case of the forms `of`, what rows of the forms `proposed_by`
    propose about a customer, or another. A row in which all `entries` are empty is no decision yet. Of several
    decisions on one matter the last sent counts, and none is taken away.
    """

    reference: str
    entries: tuple[str, ...]
    of: tuple[str, ...] = ()
    proposed_by: tuple[str, ...] = ()


# Which rows of a form propose something about their customer (bool), by what else holds in their month.
Proposes = Callable[[pd.DataFrame, "Context"], "pd.Series"]


@dataclass(frozen=True)
class Traits:
    """What the rows of a form are to those who work with any form.

    `money` names the column with the yuan that a row amounts to; `summed_back` says that months looked back on need
    the rows summed by customer and product only (they are many); `outlook` that they tell what is expected of the
    month after; `of_anyone` that a row may be about a customer that is not active on its day, as where it tells of
    customers that come and go. `stock` and `flow` are of what is there at the month's end, and of what moved it;
    `to_date` of rows that are counted from the first month on; `decides` of what the head of a region decides,
    `proposes` of what rows leave to that head to decide. `holding` says that rows tell what a customer holds of a
    product at the month's end: who sent the form and no row of a product holds none of it. `private` forms are for
    headquarters alone: what is made of them stands in papers of its
    own (see `pipeline.contract.papers`), and makes no edition of a month's reports.
    """

    case: Case | None = None
    carried: Carried | None = None
    money: str = ""
    summed_back: bool = False
    outlook: bool = False
    of_anyone: bool = False
    stock: Stock | None = None
    flow: Flow | None = None
    to_date: ToDate | None = None
    decides: Decides | None = None
    proposes: Proposes | None = None
    holding: bool = False
    private: bool = False


@dataclass(frozen=True)
class Form:
    """A form: what one row is, its columns, its rules.

    `same` names the columns that no two rows may share; `traits` say what generic code may do with them. `place` is
    where it stands in a list of all forms. `if_named` are further columns, each with the number of those of `columns`
    before it: a trade has one of these only where its `own_forms` names it. Its texts are said in the words of `terms`.
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
    place: int = LAST_PLACE
    traits: Traits = Traits()
    if_named: tuple[tuple[int, Column], ...] = ()
    terms: Terms = AS_WRITTEN

    def said(self, terms: Terms) -> "Form":
        """The form with a trade's words for its goods wherever a text names them."""
        zh, en = (partial(terms.said, language=language) for language in ("zh", "en"))

        def column(one: Column) -> Column:
            return replace(
                one,
                zh=zh(one.zh),
                en=en(one.en),
                unit=zh(one.unit),
                unit_en=en(one.unit_en),
                help_zh=zh(one.help_zh),
                help_en=en(one.help_en),
                choices=tuple(replace(choice, zh=zh(choice.zh), en=en(choice.en)) for choice in one.choices),
            )

        return replace(
            self,
            zh=zh(self.zh),
            en=en(self.en),
            help_zh=zh(self.help_zh),
            help_en=en(self.help_en),
            columns=tuple(column(one) for one in self.columns),
            if_named=tuple((place, column(one)) for place, one in self.if_named),
            rules=tuple(_rule_said(one, terms) for one in self.rules),
            terms=terms,
        )

    def with_named(self, names: Collection[str]) -> "Form":
        """The form with those of the columns that must be named which are."""
        columns = list(self.columns)
        for before, column in reversed(self.if_named):
            if column.name in names:
                columns.insert(before, column)
        return self if len(columns) == len(self.columns) else replace(self, columns=tuple(columns))

    @property
    def names_customers(self) -> bool:
        """Whether each row is about a customer."""
        return any(column.name == CUSTOMER for column in self.columns)

    @property
    def is_ticked(self) -> bool:
        """Whether rows of it that stand in a sheet already may be ticked: as usual, or that they are still so."""
        goes_on = self.traits.carried is not None or (
            self.traits.case is not None and not self.traits.case.to_date
        )
        return goes_on or any(column.usual is not None for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; raises KeyError when the form has none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def fills_in(self) -> bool:
        """Whether rows may fill in later steps of cases that others have told of."""
        return self.traits.case is not None and bool(self.traits.case.filled_later)

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
        return pa.DataFrameSchema(
            self._schema_columns(), checks=checks, index=self.model.to_schema().index, name=self.key
        )

    def _schema_columns(self) -> dict[str, Any]:
        """The pandera column of each column that the form has, required where the form says so."""
        declared = self.model.to_schema().columns
        return {one.name: _as_required(declared[one.name], one.required) for one in self.columns}

    def doubtful_columns(self, rows: pd.DataFrame) -> pa.DataFrameSchema:
        """The part of the pandera schema that some of these rows may break: columns, but for those that are seen
        at a glance to be fine."""
        columns = self._schema_columns()
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


def _as_required(column: Any, required: bool) -> Any:
    """A pandera column that may be empty, or may not; itself where it is so already."""
    if column.nullable is not required:
        return column
    changed = copy.copy(column)
    changed.nullable = not required
    return changed


@cache
def _no_rows(dtypes: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes})


_PLAIN = Traits()
_registry: dict[str, Form] = {}
_stamp = [0]  # counts how often the list of forms has changed


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
    place: int = LAST_PLACE,
    traits: Traits = _PLAIN,
) -> Callable[[type[pa.DataFrameModel]], type[pa.DataFrameModel]]:
    """Class decorator: makes a model a form and enters it in the list of all forms."""

    def enter(model: type[pa.DataFrameModel]) -> type[pa.DataFrameModel]:
        declared = _columns_of(model)
        columns = tuple(one for one in declared if not one.if_named)
        if_named = tuple(
            (sum(not other.if_named for other in declared[:number]), one)
            for number, one in enumerate(declared)
            if one.if_named
        )
        _registry[key] = Form(
            key, zh, en, kind, model, columns, same, rules, help_zh, help_en, place, traits, if_named
        )
        _stamp[0] += 1
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
    """Every form that there is, by its key: master data first, then the monthly forms.

    Which of them an organisation has is said by its trade (`Profile.forms`): nothing else asks for all.
    """
    return dict(_said(registry_stamp()))


def declared_forms() -> dict[str, Form]:
    """Every form as its module declares it, with goods named as terms (see `schemas.terms`)."""
    _load_modules()
    return dict(_in_order(registry_stamp()))


def case_forms(forms: Mapping[str, Form]) -> tuple[Form, ...]:
    """Those of some forms whose rows are cases that stay open over months."""
    return tuple(form for form in forms.values() if form.traits.case is not None)


def forms_told_whole(forms: Mapping[str, Form]) -> tuple[Form, ...]:
    """Those whose rows of a month are more than its form holds: cases, what counts to date, what was decided."""
    return tuple(form for form in forms.values() if form.traits.case or form.traits.to_date or form.traits.decides)


def region_forms(forms: Mapping[str, Form]) -> tuple[Form, ...]:
    """Those that a region sends: in which its head decides."""
    return tuple(form for form in forms.values() if form.traits.decides is not None)


def manager_forms(forms: Mapping[str, Form]) -> tuple[Form, ...]:
    """The monthly forms that managers send."""
    return tuple(form for form in forms.values() if form.kind == "monthly" and form.traits.decides is None)


def counts_to_date(forms: Mapping[str, Form]) -> bool:
    """Whether anything is counted from the first month on."""
    return any(form.traits.to_date or (form.traits.case and form.traits.case.to_date) for form in forms.values())


def carried_forms(forms: Mapping[str, Form]) -> tuple[Form, ...]:
    """Those whose rows come back each month until they are done."""
    return tuple(form for form in forms.values() if form.traits.carried is not None)


def outlook_forms(forms: Mapping[str, Form]) -> tuple[Form, ...]:
    """Those that tell what is expected of the month after."""
    return tuple(form for form in forms.values() if form.traits.outlook)


def stock_forms(forms: Mapping[str, Form]) -> tuple[Form, ...]:
    """Those that tell how customers stand at the month's end."""
    return tuple(form for form in forms.values() if form.traits.stock is not None)


def holding_forms(forms: Mapping[str, Form]) -> tuple[Form, ...]:
    """Those that tell what customers hold at the month's end, product by product."""
    return tuple(form for form in forms.values() if form.traits.holding)


def forms_summed_back(forms: Mapping[str, Form]) -> tuple[Form, ...]:
    """Those whose rows are too many to be looked back on one by one."""
    return tuple(form for form in forms.values() if form.traits.summed_back)


def registry_stamp() -> int:
    """A number that is another one whenever a form has been added or taken out."""
    return _stamp[0]


def forget(key: str) -> None:
    """Take a form out of the list again (for forms that were added while trying something)."""
    _registry.pop(key, None)
    _stamp[0] += 1


@lru_cache(maxsize=1)
def _said(stamp: int) -> dict[str, Form]:
    return linked(_without_unnamed(one.said(AS_WRITTEN)) for one in declared_forms().values())


def _without_unnamed(one: Form) -> Form:
    """Without the rules over columns that a trade has only where it names them."""
    unnamed = {column.name for _, column in one.if_named}
    rules = tuple(rule for rule in one.rules if not unnamed & {rule.column, *rule.reads})
    return one if len(rules) == len(one.rules) else replace(one, rules=rules)


@lru_cache(maxsize=1)
def _in_order(stamp: int) -> dict[str, Form]:
    in_order = sorted(_registry.values(), key=lambda one: (one.kind, one.place, one.key))
    return linked(in_order)


def linked(forms: Iterable[Form]) -> dict[str, Form]:
    """Forms by their key, whose columns know what the master forms among them are called; a column refers to nothing
    where its master form is not among them."""
    by_key = {one.key: one for one in forms}
    return {
        key: replace(one, columns=tuple(_linked(column, by_key) for column in one.columns))
        for key, one in by_key.items()
    }


def _linked(column: Column, forms: Mapping[str, Form]) -> Column:
    if not column.refers_to:
        return column
    master = forms.get(column.refers_to)
    if master is None:
        return replace(column, refers_to="", reference=None)
    name = next((other for other in master.columns[1:] if other.kind == "text"), None)
    return replace(column, reference=Reference(master.zh, master.en, name))


@cache
def _load_modules() -> None:
    import schemas

    for module in pkgutil.iter_modules(schemas.__path__):
        importlib.import_module(f"schemas.{module.name}")


def _implied_rules(one: Form) -> tuple[Rule, ...]:
    """The rules that follow from what the columns say: known entities, dates inside the month."""
    from schemas.rules import implied_rules

    return tuple(_rule_said(rule, one.terms) for rule in implied_rules(one))


def _rule_said(rule: Rule, terms: Terms) -> Rule:
    return replace(rule, zh=terms.said(rule.zh, "zh"), en=terms.said(rule.en, "en"))


def _as_check(rule: Rule, context: Context) -> pa.Check:
    return pa.Check(lambda rows: rule.ok(rows, context), name=rule.key, error=rule.key, ignore_na=False)
