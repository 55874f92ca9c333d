"""The month of one region or several as facts: own rows, and of the others' rows those that tell something of own
customers.

Those are found once a month for all regions (`scopes_of_month`), and read from the other region's part by the region
that needs them. What they say of the other region's managers is never counted here.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.base.frames import OnDemand
from pipeline.base.month_rows import MonthRows
from pipeline.base.safe_names import safe_id
from pipeline.contract.facts import LOOK_BACK_MONTHS, Facts
from pipeline.contract.problem import Problem
from pipeline.figures.comparable import MOVED_REGION
from pipeline.figures.grain import MANAGER_CUSTOMER, assigned_regions
from pipeline.figures.members import among
from pipeline.figures.moved import moved_rows
from pipeline.figures.reduce import reduced_sales
from pipeline.ledger.cases import Cases
from pipeline.ledger.read import Ledger, form_without_rows
from pipeline.regions.scopes import RegionScope, Seen, in_parts, scopes_of, scopes_together
from pipeline.work.store import DerivedStore, code_fingerprint, fingerprint
from schemas.form import Form, case_forms, forms_summed_back
from schemas.profile import Profile

CUSTOMERS_AT_ONCE = 50_000
_SMALL, _SEEN, _CASES = "small", "seen", "cases"  # as what they are kept


@dataclass(frozen=True)
class RegionShelf:
    """Reads months region by region from one committed ledger."""

    ledger: Ledger
    store: DerivedStore
    profile: Profile

    def regions(self, month: Month) -> pd.Series:
        """The region of each manager in the month, by manager_id: see `grain.assigned_regions`."""
        pairs = ["manager_id", "region_id"]
        sent = [
            (one.manager_id, one.region_id) for one in self.ledger.submissions(month) if one.state == "accepted"
        ]
        frame = pd.DataFrame(sorted(set(sent)), columns=pairs)
        return assigned_regions([self.ledger.masters(month)["managers"][pairs], frame])

    def months_back(self, month: Month) -> list[Month]:
        """The known months that figures of this one look back on, newest first."""
        known = frozenset(self.ledger.manifest.months())
        return [month + -back for back in range(1, LOOK_BACK_MONTHS + 1) if month + -back in known]

    def scopes_of_month(self, month: Month) -> list[RegionScope]:
        """Each region that has managers in the month, with its customers and where else they have rows.

        They are looked for in parts of about CUSTOMERS_AT_ONCE customers.
        """
        regions = self.regions(month)
        months = [month, *self.months_back(month)]
        seen, owners = list(self._seen(months)), [self._owners(one) for one in months]
        parts = 1 + len(owners[0]) // CUSTOMERS_AT_ONCE
        found: dict[str, list[RegionScope]] = {}
        for frames in in_parts([*(one.rows for one in seen), *owners], parts):
            some = [replace(one, rows=rows) for one, rows in zip(seen, frames, strict=False)]
            for scope in scopes_of(regions, some, frames[len(seen) :]):
                found.setdefault(scope.regions[0], []).append(scope)
        return [scopes_together(scopes) for scopes in found.values()]

    def _owners(self, month: Month) -> pd.DataFrame:
        return self.ledger.customers(month, *MANAGER_CUSTOMER).astype("category")

    def facts(self, month: Month, scope: RegionScope | None = None) -> Facts:
        """The facts of a month: of the regions of a scope, or all together."""
        managers = self.regions(month)
        regions = frozenset(scope.regions) if scope else frozenset()
        own = managers.index[among(managers, regions)] if scope else managers.index
        rows = self._month_rows(month, scope, own, reduce=False)
        earlier = {one: self._month_rows(one, scope, own, reduce=True) for one in self.months_back(month)}
        return Facts(rows, earlier, self.profile, regions)

    def facts_of_moved(self, month: Month, pairs: pd.DataFrame) -> Facts:
        """The facts of a month about customers that moved: what their managers did with them stands by label.

        Args:
            pairs: see `figures.comparable.moved_pairs`.
        """
        customers = frozenset(pairs["customer_id"])
        cases = [form.key for form in self._case_forms]

        def rows_of(one: Month, *, reduce: bool) -> MonthRows:
            return moved_rows(
                self._rows_of_customers(one, customers, reduce=reduce), pairs, cases, this=not reduce
            )

        earlier = {one: rows_of(one, reduce=True) for one in self.months_back(month)}
        return Facts(rows_of(month, reduce=False), earlier, self.profile, frozenset([MOVED_REGION]))

    def _rows_of_customers(self, month: Month, customers: frozenset[str], *, reduce: bool) -> MonthRows:
        """A month's rows of some customers, in whichever part they stand."""

        def about(rows: pd.DataFrame) -> pd.DataFrame:
            return rows[among(rows["customer_id"], customers)].reset_index(drop=True)

        def rows_of(form: Form) -> pd.DataFrame:
            if not form.names_customers:
                return form_without_rows(form)
            held = sorted(self.ledger.parts.get((form.key, month), {}))
            return _joined(
                [about(self._rows(form, month, one, reduce=reduce)) for one in held] or [form_without_rows(form)]
            )

        masters = self.ledger.masters(month)
        kept = [about(rows) for rows in self.ledger.master_batches("customers", month)]
        rows = {form.key: rows_of(form) for form in self.ledger.monthly_forms if form.traits.case is None}
        rows |= {form.key: about(self.cases(form, month)) for form in self._case_forms}
        own = {form: masters[form] for form in masters if form != "customers"}
        return MonthRows(month, rows, {**own, "customers": stacked(kept)}, self.ledger.sent(month))

    def reduced(self, form: Form, month: Month, region: str) -> pd.DataFrame:
        """A region's rows of a month made small; kept, so that closed months are not read again whole."""
        key = self._small_key(form, month, region)
        if key is None:
            return self.ledger.rows(form, month, region)
        kind = kind_of(f"{_SMALL}-{form.key}", region)
        return self.store.get(
            kind,
            month,
            key,
            lambda: reduced_sales(self.ledger.rows(form, month, region, with_sources=False), month),
        )

    def is_prepared(self, month: Month, region: str) -> bool:
        """Whether all that `prepare` makes is kept."""
        kept = all(self._is_small(form, month, region) for form in self._summed_forms)
        return kept and self.store.has(kind_of(_SEEN, region), month, self._seen_key(month, region))

    def _is_small(self, form: Form, month: Month, region: str) -> bool:
        key = self._small_key(form, month, region)
        return key is None or self.store.has(kind_of(f"{_SMALL}-{form.key}", region), month, key)

    def prepare(self, month: Month, region: str) -> None:
        """Works out and keeps what other regions and months need of this one's rows."""
        for form in self._summed_forms:
            self.reduced(form, month, region)
        self._seen_in(month, region)

    def forget(self, month: Month) -> None:
        """Keeps nothing of what only months that look back on this one need."""
        for kind in (_SMALL, _SEEN, _CASES):
            self.store.forget_parts(kind, month)

    def _small_key(self, form: Form, month: Month, region: str) -> str | None:
        """What a region's small rows depend on; None where it has none."""
        path = self.ledger.parts.get((form.key, month), {}).get(region)
        return None if path is None else fingerprint([code_fingerprint(), PurePath(path).name])

    @property
    def _case_forms(self) -> tuple[Form, ...]:
        return case_forms(self.ledger.forms)

    @property
    def _summed_forms(self) -> tuple[Form, ...]:
        return forms_summed_back(self.ledger.forms)

    def cases(self, form: Form, month: Month) -> pd.DataFrame:
        """A form's cases as they stood at the month's end; kept."""
        return self._cases_and_problems(form, month).rows_by_case

    def case_problems(self, month: Month) -> tuple[Problem, ...]:
        """What was wrong with rows of cases, of all forms of cases; these are kept."""
        return tuple(one for form in self._case_forms for one in self._cases_and_problems(form, month).problems)

    def _cases_and_problems(self, form: Form, month: Month) -> Cases:
        key = fingerprint([code_fingerprint(), *self._files_up_to(form, month)])
        return self.store.get(kind_of(_CASES, form.key), month, key, lambda: self.ledger.cases(form, month))

    def case_files(self, month: Month) -> list[str]:
        """What the cases of a month are made of."""
        return [name for form in self._case_forms for name in self._files_up_to(form, month)]

    def _files_up_to(self, form: Form, month: Month) -> list[str]:
        held = ((when, paths) for (key, when), paths in self.ledger.parts.items() if key == form.key)
        return sorted(PurePath(path).name for when, paths in held if when <= month for path in paths.values())

    def _seen(self, months: Iterable[Month]) -> Iterator[Seen]:
        """Where customers have rows in some months, part by part."""
        for month in months:
            for region in self.ledger.part_regions(month):
                yield Seen(month, region, self._seen_in(month, region))

    def _seen_in(self, month: Month, region: str) -> pd.DataFrame:
        key = self._seen_key(month, region)
        return self.store.get(kind_of(_SEEN, region), month, key, lambda: self._look_into(month, region))

    def _seen_key(self, month: Month, region: str) -> str:
        files = self.ledger.part_files(month, region)
        return fingerprint([code_fingerprint(), *(PurePath(path).name for _, path in files)])

    def _look_into(self, month: Month, region: str) -> pd.DataFrame:
        """Which customers a region's rows of a month name; complaint cases are looked up by themselves."""
        forms = [form for form in self.ledger.monthly_forms if form.names_customers and form.traits.case is None]
        frames = [
            self._rows(form, month, region, reduce=True)[MANAGER_CUSTOMER].drop_duplicates().assign(form=form.key)
            for form in forms
        ]
        seen = pd.concat(frames, ignore_index=True).astype("str")
        return seen[["form", *MANAGER_CUSTOMER]].drop_duplicates(ignore_index=True).astype("category")

    def _rows(self, form: Form, month: Month, region: str, *, reduce: bool, traced: bool = False) -> pd.DataFrame:
        """A region's rows; where each of very many stands is not read, as nothing but a trace tells it."""
        if not form.traits.summed_back:
            return self.ledger.rows(form, month, region)
        return (
            self.reduced(form, month, region)
            if reduce
            else self.ledger.rows(form, month, region, with_sources=traced)
        )

    def _month_rows(self, month: Month, scope: RegionScope | None, own: pd.Index, *, reduce: bool) -> MonthRows:
        """A month's rows, with their sales made small or whole; `own` are the managers that the scope is of."""
        loaders: dict[str, Callable[[], pd.DataFrame]] = {
            form.key: partial(self._form_rows, form, month, scope, reduce=reduce)
            for form in self.ledger.monthly_forms
        }
        masters, sent = self.ledger.masters(month), self.ledger.sent(month)
        if scope is None:
            cases = {form.key: partial(self.cases, form, month) for form in self._case_forms}
            return MonthRows(month, OnDemand({**loaders, **cases}), masters, sent)

        def about(rows: pd.DataFrame) -> pd.DataFrame:
            here = among(rows["manager_id"], own) | among(rows["customer_id"], scope.customers)
            return rows[here].reset_index(drop=True)

        loaders |= {
            form.key: partial(_made_by, about, partial(self.cases, form, month)) for form in self._case_forms
        }
        held: dict[str, Callable[[], pd.DataFrame]] = {
            form: partial(masters.__getitem__, form) for form in masters
        }
        held["customers"] = lambda: stacked(
            [about(rows) for rows in self.ledger.master_batches("customers", month)]
        )
        return MonthRows(month, OnDemand(loaders), OnDemand(held), sent)

    def _form_rows(self, form: Form, month: Month, scope: RegionScope | None, *, reduce: bool) -> pd.DataFrame:
        held = sorted(self.ledger.parts.get((form.key, month), {}))
        regions = [one for one in held if one in scope.regions] if scope else held
        traced = scope is None
        frames = [self._rows(form, month, one, reduce=reduce, traced=traced) for one in regions]
        frames = frames or [form_without_rows(form, with_sources=traced or not form.traits.summed_back)]
        for one in scope.strays if scope else ():
            if (one.form, one.month) == (form.key, month):
                rows = self._rows(form, month, one.region, reduce=reduce)
                frames.append(rows[among(rows["customer_id"], one.customers)])
        return _joined(frames)


def _made_by(choose: Callable[[pd.DataFrame], pd.DataFrame], load: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    return choose(load())


def kind_of(kind: str, region: str) -> str:
    """As what a region's part of something is kept."""
    return f"{kind}-{safe_id(region)}"


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
