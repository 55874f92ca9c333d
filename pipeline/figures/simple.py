"""Simple figures: measures over the rows of one form, as `schemas.figures` describes them, made into figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.base.errors import SettingsError
from pipeline.base.exact import TEN_THOUSANDTHS, sums_by_code, whole
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.contract.settings import OWN
from pipeline.figures.grain import active_by_customer, ones
from pipeline.figures.known_cases import known_rows
from pipeline.figures.stock import RowsAtEnd
from schemas.columns import NUMBERS
from schemas.figures import FigureData, MeasureData
from schemas.form import CUSTOMER, Form
from schemas.in_use import has_column
from schemas.profile import Profile

MASTER_OF_CUSTOMERS = "customers"


@dataclass(frozen=True)
class Measure:
    """A measure of one form's rows; called with facts it gives a series by manager, or by manager and customer.

    Two that say the same are equal, so that figures share what they count.
    """

    form: str
    count: str = ""
    sum: str = ""
    where: tuple[tuple[str, tuple[object, ...]], ...] = ()
    filled: tuple[str, ...] = ()
    in_month: str = ""
    empty: tuple[str, ...] = ()

    def __call__(self, facts: Facts) -> pd.Series:
        if self.form == MASTER_OF_CUSTOMERS and self.count == "active" and not (self.where or self.filled):
            return facts.once(active_by_customer)
        rows = self._rows(facts)
        if self.sum:
            codes, managers = facts.once(_Managers(self.form))
            sums = sums_by_code(codes, whole(rows[self.sum]) * self._chosen(rows, facts).to_numpy(), len(managers))
            return pd.Series(sums / TEN_THOUSANDTHS, index=managers)  # 0 for one with rows, but none of these
        chosen = rows[self._chosen(rows, facts)]
        if self.count == "rows":
            return chosen.groupby("manager_id").size()
        customers = ones(chosen)
        if self.count == "customers":
            return customers
        return customers[customers.index.isin(facts.once(active_by_customer).index)]

    def _rows(self, facts: Facts) -> pd.DataFrame:
        return rows_of(self.form, facts)

    def _chosen(self, rows: pd.DataFrame, facts: Facts) -> pd.Series:
        chosen = pd.Series(True, index=rows.index)
        for name, values in self.where:
            chosen &= rows[name].isin(values).fillna(False).astype(bool)
        for name in self.filled:
            chosen &= rows[name].notna()
        for name in self.empty:
            chosen &= rows[name].isna()
        if self.in_month:
            first, last = pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day)
            chosen &= rows[self.in_month].between(first, last)
        return chosen


def rows_of(key: str, facts: Facts) -> pd.DataFrame:
    """The rows of a form that count in a month: of cases each once, of stocks each customer once."""
    form = facts.profile.forms[key]
    if form.traits.case is not None:
        return known_rows(facts, form)
    if form.traits.stock is not None:
        return facts.once(RowsAtEnd(key))
    return facts.master(key) if form.kind == "master" else facts.frame(key)


@dataclass(frozen=True)
class _Managers:
    """The managers of a form's rows, and the place of each row's: many figures sum over the same rows."""

    form: str

    def __call__(self, facts: Facts) -> tuple[Any, pd.Index]:
        codes, managers = pd.factorize(rows_of(self.form, facts)["manager_id"], sort=True)
        return codes, pd.Index(managers, dtype="str")


def simple_figures(
    declared: Mapping[str, FigureData], profile: Profile, subject: str
) -> Iterator[tuple[str, Figure]]:
    """The figures of a table of simple ones, each with the name under which it stands in the table.

    Those that need a form or a column which the trade does not use are not there.

    Raises:
        SettingsError: naming the key of a table that cannot be used.
    """
    for name, data in declared.items():
        if not _is_in_use(data, profile):
            continue
        for one in _each(name, data, profile):
            words = {**one, "case_units": profile.case_units}
            yield name, _figure(name, data, words, profile, data.subject or subject)


def check_own_figures(declared: Mapping[str, FigureData], profile: Profile) -> None:
    """Whether an office's own figures name forms and columns in use.

    Raises:
        SettingsError: naming the key that cannot be used.
    """
    for name, data in declared.items():
        for part, measure in (("numerator", data.numerator), ("denominator", data.denominator)):
            if measure is not None:
                _check(f"figures.{name}.{part}", measure, profile.forms)


def _check(where: str, measure: MeasureData, forms: Mapping[str, Form]) -> None:
    form = forms.get(measure.form)
    if form is None:
        raise SettingsError(f"{where}.form: {measure.form!r} ∉ {', '.join(forms)}")
    known = {column.name: column for column in form.columns}
    for column in measure.columns:
        if column not in known:
            raise SettingsError(f"{where}: {column!r} ∉ {', '.join(known)}")
    if measure.sum and known[measure.sum].kind not in NUMBERS:
        raise SettingsError(f"{where}.sum: {measure.sum!r}: {known[measure.sum].kind}")
    if measure.in_month and known[measure.in_month].kind != "day":
        raise SettingsError(f"{where}.in_month: {measure.in_month!r}: {known[measure.in_month].kind}")
    if measure.count in ("customers", "active") and CUSTOMER not in known:
        raise SettingsError(f"{where}.count: {measure.count!r}: {measure.form} ∌ {CUSTOMER}")
    if measure.form != MASTER_OF_CUSTOMERS and form.kind == "master":
        raise SettingsError(f"{where}.form: {measure.form!r}: manager_id")


def _is_in_use(data: FigureData, profile: Profile) -> bool:
    forms, measures = profile.forms, [one for one in (data.numerator, data.denominator) if one]
    named = [f"{one.form}.{column}" for one in measures for column in one.columns if "{" not in column]
    named += [data.each] if "." in data.each else []
    lists = data.each.partition(":")[0] if ":" in data.each else ""
    return (
        all(one.form in forms for one in measures)
        and all(has_column(one, forms) for one in named)
        and (not lists or lists in forms)
    )


def _each(name: str, data: FigureData, profile: Profile) -> Iterator[dict[str, str]]:
    """What stands for the placeholders in each figure that the table is made of."""
    if not data.each:
        yield {"key": name}
        return
    if ":" in data.each:
        form, _, kind = data.each.partition(":")
        entries = [(one.name, one.zh, one.en) for one in profile.forms[form].columns if one.kind == kind]
    else:
        form, _, column = data.each.partition(".")
        listed = profile.forms[form].column(column)
        choices = listed.choices or profile.choices(listed.list_name)
        entries = [(one.key, one.zh, one.en) for one in choices]
    for key, zh, en in entries:
        yield {"key": key, "zh": zh, "en": en, "en_lower": en.lower()}


def _figure(name: str, data: FigureData, words: Mapping[str, object], profile: Profile, subject: str) -> Figure:
    def said(text: str) -> str:
        return text.format(**words) if data.subject != OWN and "{" in text else text

    measures = [one for one in (data.numerator, data.denominator) if one]
    forms = dict.fromkeys(one.form for one in measures)
    asks_active = any(one.count == "active" for one in measures)
    rate = data.unit == "%"
    scale = data.scale if data.scale is not None else (100 if rate else 1)
    return Figure(
        said(data.key) or (name if not data.each else f"{name}.{words['key']}"),
        said(data.zh),
        said(data.en),
        data.unit,
        subject,
        said(data.definition),
        said(data.definition_en or data.definition),
        tuple({**forms, **({MASTER_OF_CUSTOMERS: None} if asks_active else {})}),
        _measure(data.numerator, words),
        None if data.denominator is None else _measure(data.denominator, words),
        scale=float(getattr(profile, scale) if isinstance(scale, str) else scale),
        better=data.better,
        over_time=data.over_time,
        over_period=data.over_period,
        decimals=data.decimals if data.decimals is not None else (1 if rate else 0),
        source=data.source,
    )


def _measure(data: MeasureData, words: Mapping[str, object]) -> Measure:
    def named(text: Any) -> Any:
        return text.format(**words) if isinstance(text, str) and "{" in text else text

    filled, empty = ((one,) if isinstance(one, str) else one for one in (data.filled, data.empty))
    where = {key: value if isinstance(value, tuple) else (value,) for key, value in data.where.items()}
    return Measure(
        data.form,
        data.count or "",
        named(data.sum),
        tuple((named(key), tuple(named(one) for one in values)) for key, values in where.items()),
        tuple(named(one) for one in filled),
        data.in_month,
        tuple(named(one) for one in empty),
    )
