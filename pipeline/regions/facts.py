"""The month of one region or several as facts: own rows, and of the others' rows those that tell something of own
customers.

Those are found once a month for all regions (`scopes_of_month`), and read from the other region's part by the region
that needs them. What they say of the other region's managers is never counted here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.base.frames import OnDemand
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.no_rows import form_without_rows
from pipeline.figures.members import among
from pipeline.figures.moved import moved_rows
from pipeline.figures.whose_rows import MOVED_REGION
from pipeline.ledger.cases import Cases
from pipeline.regions.scopes import RegionScope, Seen, in_parts, scopes_of, scopes_together
from schemas.form import CUSTOMER, Form
from schemas.profile import Profile

CUSTOMERS_AT_ONCE = 50_000


@dataclass(frozen=True)
class MonthParts:
    """What the ledger holds of a month, part by part; each is read when it is looked at.

    `rows` by form and region; of forms with very many rows `lines` without where they stand, `traced` with it, and
    `small` as months looked back on hold them. `cases` by form: how cases stood at the month's end. `masters` by form;
    `customers` is one of them, some thousands of rows at a time. `sent`, `exempt`, `plans`: see `MonthRows`.
    """

    month: Month
    forms: Sequence[Form]
    rows: Mapping[tuple[str, str], pd.DataFrame]
    lines: Mapping[tuple[str, str], pd.DataFrame]
    traced: Mapping[tuple[str, str], pd.DataFrame]
    small: Mapping[tuple[str, str], pd.DataFrame]
    cases: Mapping[str, Cases]
    masters: Mapping[str, pd.DataFrame]
    customers: Iterable[pd.DataFrame]
    sent: frozenset[tuple[str, str]]
    exempt: frozenset[str] = frozenset()
    plans: pd.DataFrame = field(default_factory=pd.DataFrame)

    def held(self, form: str) -> list[str]:
        """The regions that have rows of a form."""
        return sorted(region for one, region in (*self.lines, *self.rows) if one == form)

    def of(self, form: str, region: str, *, reduce: bool, traced: bool = False) -> pd.DataFrame:
        """A region's rows of a form."""
        if (form, region) not in self.lines:
            return self.rows[form, region]
        return (self.small if reduce else self.traced if traced else self.lines)[form, region]

    def rows_by_case(self, form: str) -> pd.DataFrame:
        """A form's cases as they stood at the month's end."""
        return self.cases[form].rows_by_case


def scopes_of_month(
    regions: pd.Series, seen: Mapping[tuple[Month, str], pd.DataFrame], owners: Sequence[pd.DataFrame]
) -> dict[str, RegionScope]:
    """Each region that has managers in a month, with its customers and where else they have rows.

    They are looked for in parts of about CUSTOMERS_AT_ONCE customers.

    Args:
        regions: the region of each manager, by manager_id.
        seen: what rows name, of the month and those looked back on, by month and part.
        owners: the months' master data, the month's own first: manager_id and customer_id, categories.
    """
    told, masters = [Seen(*place, rows) for place, rows in seen.items()], list(owners)
    parts = 1 + len(masters[0]) // CUSTOMERS_AT_ONCE
    found: dict[str, list[RegionScope]] = {}
    for frames in in_parts([*(one.rows for one in told), *masters], parts):
        some = [replace(one, rows=rows) for one, rows in zip(told, frames, strict=False)]
        for scope in scopes_of(regions, some, frames[len(told) :]):
            found.setdefault(scope.regions[0], []).append(scope)
    return {region: scopes_together(scopes) for region, scopes in found.items()}


def scope_of(region: str, scopes: Mapping[str, RegionScope]) -> RegionScope:
    """Whom a month of a region is about; of one without rows it is about nobody."""
    return scopes.get(region, RegionScope((region,), frozenset()))


def facts_of_regions(
    months: Sequence[MonthParts], scopes: Sequence[RegionScope], managers: pd.Series, profile: Profile
) -> Facts:
    """A month's facts of some regions.

    Args:
        months: the month, and those that figures look back on.
        scopes: whom each of the regions is about.
        managers: the region of each manager in the month, by manager_id.
    """
    scope = scopes_together(scopes)
    own = managers.index[among(managers, frozenset(scope.regions))]
    rows, *before = (_month_rows(one, scope, own, reduce=number > 0) for number, one in enumerate(months))
    return Facts(rows, {one.month: one for one in before}, profile, frozenset(scope.regions))


def facts_of_all(months: Sequence[MonthParts], profile: Profile) -> Facts:
    """A month's facts of all regions together, and where each row stands."""
    rows, *before = (_all_rows(one, reduce=number > 0) for number, one in enumerate(months))
    return Facts(rows, {one.month: one for one in before}, profile)


def facts_of_moved(months: Sequence[MonthParts], pairs: pd.DataFrame, profile: Profile) -> Facts:
    """The facts of a month about customers that moved: what their managers did with them stands by label.

    Args:
        months: the month, and those that figures look back on.
        pairs: see `figures.comparable.moved_pairs`.
    """
    customers = frozenset(pairs["customer_id"])
    rows, *before = (
        moved_rows(_rows_of_customers(one, customers, reduce=number > 0), pairs, one.cases, this=number == 0)
        for number, one in enumerate(months)
    )
    return Facts(rows, {one.month: one for one in before}, profile, frozenset([MOVED_REGION]))


def _rows_of_customers(parts: MonthParts, customers: frozenset[str], *, reduce: bool) -> MonthRows:
    """A month's rows of some customers, in whichever part they stand."""

    def about(rows: pd.DataFrame) -> pd.DataFrame:
        if CUSTOMER not in rows:
            return rows.iloc[:0].reset_index(drop=True)
        return rows[among(rows[CUSTOMER], customers)].reset_index(drop=True)

    def rows_of(form: Form) -> pd.DataFrame:
        held = parts.held(form.key) if form.names_customers else []
        found = [about(parts.of(form.key, one, reduce=reduce)) for one in held]
        return _joined(found or [form_without_rows(form)])

    rows = {form.key: rows_of(form) for form in parts.forms if form.key not in parts.cases}
    rows |= {form: about(parts.rows_by_case(form)) for form in parts.cases}
    kept = [about(some) for some in parts.customers]
    own = {form: parts.masters[form] for form in parts.masters if form != "customers"}
    return MonthRows(parts.month, rows, {**own, "customers": stacked(kept)}, parts.sent, exempt=parts.exempt)


def _all_rows(parts: MonthParts, *, reduce: bool) -> MonthRows:
    loaders: dict[str, Callable[[], pd.DataFrame]] = {
        form.key: partial(_form_rows, form, parts, None, reduce=reduce) for form in parts.forms
    }
    loaders |= {form: partial(parts.rows_by_case, form) for form in parts.cases}
    return MonthRows(parts.month, OnDemand(loaders), parts.masters, parts.sent, parts.plans, parts.exempt)


def _month_rows(parts: MonthParts, scope: RegionScope, own: pd.Index, *, reduce: bool) -> MonthRows:
    """A month's rows, with their sales made small or whole; `own` are the managers that the scope is of."""

    def about(rows: pd.DataFrame) -> pd.DataFrame:
        here = among(rows["manager_id"], own)
        if CUSTOMER in rows:
            here = here | among(rows[CUSTOMER], scope.customers)
        return rows[here].reset_index(drop=True)

    loaders: dict[str, Callable[[], pd.DataFrame]] = {
        form.key: partial(_form_rows, form, parts, scope, reduce=reduce) for form in parts.forms
    }
    of_any = {
        form.key for form in parts.forms if form.traits.decides
    }  # a case may have moved since it was decided
    loaders |= {form: partial(_chosen, about, partial(parts.rows_by_case, form)) for form in parts.cases}
    loaders |= {form: partial(parts.rows_by_case, form) for form in of_any & set(parts.cases)}
    held: dict[str, Callable[[], pd.DataFrame]] = {
        form: partial(parts.masters.__getitem__, form) for form in parts.masters
    }
    held["customers"] = lambda: stacked([about(rows) for rows in parts.customers])
    plans = parts.plans[among(parts.plans["manager_id"], own)] if len(parts.plans) else parts.plans
    plans = plans.reset_index(drop=True)
    return MonthRows(parts.month, OnDemand(loaders), OnDemand(held), parts.sent, plans, parts.exempt)


def _form_rows(form: Form, parts: MonthParts, scope: RegionScope | None, *, reduce: bool) -> pd.DataFrame:
    """A month's rows of a form, of a scope or of all; where each of very many stands is read only of all."""
    traced = scope is None
    held = [one for one in parts.held(form.key) if scope is None or one in scope.regions]
    frames = [parts.of(form.key, one, reduce=reduce, traced=traced) for one in held]
    frames = frames or [form_without_rows(form, with_sources=traced or not form.traits.summed_back)]
    for one in scope.strays if scope else ():
        if (one.form, one.month) == (form.key, parts.month):
            rows = parts.of(form.key, one.region, reduce=reduce)
            frames.append(rows[among(rows["customer_id"], one.customers)])
    return _joined(frames)


def _chosen(choose: Callable[[pd.DataFrame], pd.DataFrame], load: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    return choose(load())


def _joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Rows of several parts; their codes are categories of each part where sales were made small."""
    filled = [frame for frame in frames if len(frame)]
    if len(filled) < 2:
        return (filled or list(frames))[0]
    plain = [
        frame.astype({name: "str" for name, dtype in frame.dtypes.items() if dtype == "category"})
        for frame in filled
    ]
    return pd.concat(plain, ignore_index=True)
