"""What the graph of a ledger's months looks like: which months and regions there are, and who stands beside whom.

All of it is small, and read from what the ledger says about itself and from its master data of managers and products.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.facts import LOOK_BACK_MONTHS
from pipeline.contract.master_data import managers_in_office, owing_forms, versions_valid_in
from pipeline.figures.comparable import changed_flags
from pipeline.figures.grain import MANAGER_CUSTOMER, assigned_regions
from pipeline.figures.known import MonthKnown, known_in
from pipeline.figures.members import among
from pipeline.ledger.read import Ledger
from pipeline.month.forecast import LONGEST_MONTHS
from pipeline.month.sales_totals import MEASURES
from pipeline.month.whose import NOBODY, Regions
from pipeline.regions.scopes import grouped_by_rows
from schemas.form import (
    counts_to_date,
    forms_summed_back,
    forms_told_whole,
    holding_forms,
    region_forms,
    stock_forms,
)
from schemas.profile import Profile

ROWS_AT_ONCE = 600_000  # of a month, in one task: each task costs a while, whatever the number of its rows
Given = ParamSpec("Given")
Made = TypeVar("Made")


def once(method: Callable[Concatenate[Any, Given], Made]) -> Callable[Concatenate[Any, Given], Made]:
    """A method whose answers are kept, as long as the object lives."""

    @wraps(method)
    def kept(self: Any, /, *given: Given.args, **named: Given.kwargs) -> Made:
        key = (method.__name__, given)
        if key not in self._known:
            self._known[key] = method(self, *given, **named)
        made: Made = self._known[key]
        return made

    return kept


@dataclass(frozen=True)
class Shape:
    """The months and regions of one committed ledger. `forms` are the keys of the monthly forms that managers owe, but
    for those of whom the `profile` asks none; `lists` the names of the lists behind the trade's figures;
    `forms_of_inner` the master data that say to whom managers belong at the trade's own levels inside the tree;
    `measures` under what stands what is forecast; `papers` those for headquarters alone, by name."""

    ledger: Ledger
    profile: Profile
    forms: tuple[str, ...]
    lists: tuple[str, ...]
    forms_of_inner: tuple[str, ...] = ()
    measures: tuple[str, ...] = MEASURES[:2]
    papers: tuple[str, ...] = ()
    _known: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def months(self) -> frozenset[Month]:
        """The months that the ledger knows."""
        return frozenset(self.ledger.manifest.months())

    @once
    def months_of(self, month: Month) -> list[Month]:
        """The known months that a month's report looks back on, itself included, oldest first."""
        return [one for one in needed_months(month) if one in self.months]

    def months_back(self, month: Month) -> list[Month]:
        """The known months that figures of this one look back on, newest first: where the trade has stocks, those of
        the year and its eve too, from which it is told what is kept; where customers hold products, those as well with
        which the eve is compared; all, where something is counted to date."""
        forms = self.ledger.forms
        if counts_to_date(forms):
            return sorted((one for one in self.months if one < month), reverse=True)
        of_year = month.month if stock_forms(forms) or holding_forms(forms) else 0
        beyond = LOOK_BACK_MONTHS - 1 if holding_forms(forms) else 0
        steps = range(1, max(LOOK_BACK_MONTHS, of_year) + beyond + 1)
        return [month + -back for back in steps if month + -back in self.months]

    def compared(self, month: Month) -> dict[str, Month]:
        """The known months that a month is compared with, by "previous" and "last_year"."""
        beside = {"previous": month.before, "last_year": month.year_ago}
        return {when: one for when, one in beside.items() if one in self.months}

    def months_to_forecast_from(self, month: Month) -> list[Month]:
        """The known months that the forecast of the month after rests on, oldest first."""
        return sorted(one for one in self.months if one <= month)[-LONGEST_MONTHS:]

    def managers(self, month: Month) -> pd.DataFrame:
        """The month's master data of managers."""
        return self.ledger.masters(month)["managers"]

    @once
    def regions(self, month: Month) -> pd.Series:
        """The region of each manager in the month, by manager_id: see `grain.assigned_regions`."""
        pairs = ["manager_id", "region_id"]
        of_regions = {form.key for form in region_forms(self.ledger.forms)}  # no manager sends them
        sent = [
            (one.manager_id, one.region_id)
            for one in self.ledger.submissions(month)
            if one.state == "accepted" and one.form not in of_regions
        ]
        frame = pd.DataFrame(sorted(set(sent)), columns=pairs)
        return assigned_regions([self.managers(month)[pairs], frame])

    @once
    def names(self, month: Month) -> tuple[str, ...]:
        """The regions that have managers in a month."""
        return tuple(sorted(set(self.regions(month)))) or (NOBODY,)

    @once
    def groups(self, month: Month) -> tuple[tuple[str, ...], ...]:
        """The regions of a month, as many together as make ROWS_AT_ONCE rows."""
        rows = dict.fromkeys(self.names(month), 0)
        for one in self.ledger.submissions(month):
            if one.region_id in rows:
                rows[one.region_id] += one.rows
        return tuple(grouped_by_rows(rows, ROWS_AT_ONCE))

    @once
    def group(self, month: Month, region: str) -> tuple[str, ...]:
        """The regions that a region is counted together with."""
        return next(one for one in self.groups(month) if region in one)

    @once
    def then(self, month: Month, then: Month, regions: Regions) -> Regions:
        """Where figures of some regions and their managers of a month stand in an earlier one: managers may have
        moved since. For regions and managers that there were not yet it is any region: nothing there is theirs."""
        if regions is None:
            return None
        managers = self.regions(month)
        own = managers.index[among(managers, regions)]
        before = self.regions(then)
        there = {*regions, *before[among(before.index, own)]}
        known = self.names(then)
        return tuple(one for one in known if one in there) or known[:1]

    @once
    def known(self, month: Month) -> MonthKnown:
        """Whose work of a month is known, and of those that its figures look back on."""
        own = self._known_by_itself(month)
        back = [month + -step for step in range(1, LOOK_BACK_MONTHS + 1)]
        before = tuple(self._known_by_itself(one).missing if one in self.months else {} for one in back)
        return replace(own, missing_before=before)

    @once
    def _known_by_itself(self, month: Month) -> MonthKnown:
        return known_in(month, self.managers(month), self.ledger.sent(month), self.forms, self.exempt(month))

    @once
    def exempt(self, month: Month) -> frozenset[str]:
        """The managers who owe no forms in a month."""
        return self.ledger.owing_nothing(month, self.profile)

    @once
    def somebody_is_missing(self, *months: Month) -> bool:
        """Whether in one of the months somebody is."""
        return any(self.known(one).missing for one in months)

    @once
    def somebody_was_missing(self, *months: Month) -> bool:
        """Whether in one of the months somebody is, or was in one that its figures look back on."""
        return any(self.known(one).anybody_yet for one in months)

    @once
    def in_office(self, month: Month) -> pd.Series:
        """The region of each manager in office in a month who owes forms, by manager_id."""
        managers = owing_forms(managers_in_office(self.managers(month), month), self.exempt(month))
        return managers.set_index("manager_id")["region_id"].astype("str")

    def has_column(self, form: str, column: str) -> bool:
        """Whether the trade has a column of a form."""
        return form in self.ledger.forms and column in self.ledger.forms[form].dtypes

    def same_customers(self, *months: Month) -> bool:
        """Whether the same master data of customers stand for the months."""
        return len({self._version("customers", one) for one in months}) == 1

    @once
    def may_have_moved(self, *months: Month) -> bool:
        """Whether between months customers may have changed managers, or managers regions."""
        first = self.regions(months[0])
        return not self.same_customers(*months) or not all(self.regions(one).equals(first) for one in months)

    @once
    def flags_differ(self, month: Month, then: Month) -> bool:
        """Whether the master data of products said something else of one of them in a month."""
        if month == then or self._version("products", month) == self._version("products", then):
            return False
        return len(changed_flags(*(self.ledger.masters(one)["products"] for one in (month, then)))) > 0

    def _version(self, form: str, month: Month) -> str:
        version = versions_valid_in(self.ledger.versions, month).get(form)
        return "" if version is None else version.path

    def parts(self, form: str, month: Month) -> Sequence[str]:
        """The regions that have accepted rows of a form in a month."""
        return sorted(self.ledger.parts.get((form, month), {}))

    @cached_property
    def case_forms(self) -> tuple[str, ...]:
        """The forms of cases, and of rows that count to date."""
        return tuple(form.key for form in forms_told_whole(self.ledger.forms))

    @cached_property
    def summed_forms(self) -> tuple[str, ...]:
        """The forms whose rows are too many to be looked back on one by one."""
        return tuple(form.key for form in forms_summed_back(self.ledger.forms))

    @cached_property
    def shared_masters(self) -> tuple[str, ...]:
        """The master forms, beside that of customers, that tell which managers have a part in which customers."""
        masters = (
            form for form in self.ledger.forms.values() if form.kind == "master" and form.key != "customers"
        )
        return tuple(form.key for form in masters if set(MANAGER_CUSTOMER) <= form.dtypes.keys())

    @property
    def in_their_own_way(self) -> tuple[str, ...]:
        """The forms whose rows are not read part by part as they are."""
        return (*self.summed_forms, *self.case_forms)

    def customer_forms(self) -> list[str]:
        """The monthly forms whose rows name customers, but for cases, which are looked up by themselves."""
        forms = self.ledger.monthly_forms
        return [one.key for one in forms if one.names_customers and one.traits.case is None]


def needed_months(month: Month) -> list[Month]:
    """The months whose counts a month's metrics and its 25 months of history need."""
    first = min(month + -24, Month(month.year - 1, 1))
    return [first + step for step in range(month - first + 1)]
