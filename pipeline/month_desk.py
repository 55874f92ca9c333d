"""The desk on which months are worked out: what their reports need is worked out once, region by region, and kept."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate, groupby
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

import pandas as pd

from pipeline.calendar import Month
from pipeline.derived import DerivedStore, code_fingerprint, fingerprint
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import MonthCounts, count_month, counts_together
from pipeline.figures.declare import Figure
from pipeline.figures.detail_lists import lists_of, lists_of_region, lists_together
from pipeline.figures.details import CUSTOMER_DETAILS, Compared, EntityDetails, MonthDetails, details_of_month
from pipeline.figures.entities import history
from pipeline.figures.facts import LOOK_BACK_MONTHS, Facts
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.figures.parts import MonthSums, month_sums, sums_of_region, sums_together
from pipeline.figures.scorecard import check_indicators
from pipeline.forecast.choice import USUAL
from pipeline.ledger.commit import safe
from pipeline.ledger.manifest import manifest_stamp, read_manifest
from pipeline.ledger.read import Ledger
from pipeline.masters import versions_valid_in
from pipeline.month_forecast import (
    FORECAST_COLUMNS,
    LONGEST_MONTHS,
    MEASURES,
    KeptTotals,
    Measure,
    Organisation,
    SalesTotals,
    choose_method,
    forecast_month,
    organisation_of,
    sales_totals,
)
from pipeline.region_facts import RegionShelf
from pipeline.region_scopes import RegionScope, scopes_together
from pipeline.settings import Settings
from schemas.form import all_forms

TRACK_MONTHS = 12
ROWS_AT_ONCE = 600_000  # of a month, in one task: each task costs a while, whatever the number of its rows
NOBODY = ""  # the region of a month in which nobody belongs to one
Made = TypeVar("Made")
Task = TypeVar("Task")


@dataclass
class Desk:
    """Works out months from one committed ledger; what several months need is worked out once.

    Regions and measures are tasks of their own, mapped over `executor` where there is one.
    """

    ledger: Ledger
    settings: Settings
    executor: Executor | None = field(default=None, kw_only=True)
    _counts: dict[Month, MonthCounts] = field(default_factory=dict, init=False)
    _keys: dict[Month, str] = field(default_factory=dict, init=False)
    _regions: dict[Month, pd.Series] = field(default_factory=dict, init=False)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        figures = all_figures(self.settings.profile)
        check_indicators(self.settings.profile, figures)
        return figures

    @cached_property
    def known_months(self) -> frozenset[Month]:
        return frozenset(self.ledger.manifest.months())

    def months_of(self, month: Month) -> list[Month]:
        """The known months that a month's report looks back on, itself included, oldest first."""
        return [one for one in _needed_months(month) if one in self.known_months]

    def values(self, month: Month) -> pd.DataFrame:
        """The values of a month's figures, as a report's history has them; kept."""
        return self.store.get(
            "values", month, self._counts_key(month), lambda: history({month: self.counts(month)}, self.figures)
        )

    def counts(self, month: Month) -> MonthCounts:
        """What the figures of a month count; kept until anything it depends on changes."""
        if month not in self._counts:
            self._counts[month] = self.store.get(
                "counts", month, self._counts_key(month), lambda: self._count(month)
            )
        return self._counts[month]

    def is_counted(self, month: Month) -> bool:
        """Whether the counts of a month are kept."""
        return self.store.has("counts", month, self._counts_key(month))

    def _count(self, month: Month, *, with_lists: bool = False) -> MonthCounts:
        """Counts all regions, several in one task; their sums are kept, and their lists where they are asked for."""
        for one in (month, *self.shelf.months_back(month)):
            regions = [
                region for region in self.ledger.part_regions(one) if not self.shelf.is_prepared(one, region)
            ]
            list(self.over(prepare_region, [RegionTask(self.place, one, region) for region in regions]))
        counting = [CountTask(self.place, month, scope, with_lists) for scope in self.scopes(month)]
        return counts_together(list(self.over(count_regions, counting)))

    def scopes(self, month: Month) -> list[RegionScope]:
        """Whom each counting task of a month is about."""
        known = {one.regions[0]: one for one in self.shelf.scopes_of_month(month)}
        groups = self.region_groups(month)
        return [scopes_together([known.get(one, _without_rows(one)) for one in group]) for group in groups]

    def region_groups(self, month: Month) -> list[tuple[str, ...]]:
        """The regions of a month, as many together as make ROWS_AT_ONCE rows."""
        rows = dict.fromkeys(self.region_names(month), 0)
        for one in self.ledger.submissions(month):
            if one.region_id in rows:
                rows[one.region_id] += one.rows
        return list(_grouped(rows))

    def make_lists(self, month: Month) -> None:
        """Works out the cases, visits and customers behind a month's figures, and keeps them while it is reported."""
        key = self._counts_key(month)
        if not all(self.store.has(_kind("lists", region), month, key) for region in self.region_names(month)):
            counts = self._count(month, with_lists=True)
            self._counts[month] = self.store.get("counts", month, key, lambda: counts)

    def forget_lists(self, month: Month) -> None:
        """They are long, and nobody needs them once the month is written."""
        for region in self.region_names(month):
            self.store.forget(_kind("lists", region), month)

    def keep_regions(self, scope: RegionScope, sums: MonthSums, lists: Mapping[str, pd.DataFrame] | None) -> None:
        """Keeps the sums of regions, and their lists, each region's by itself."""
        month, key = sums.month, self._counts_key(sums.month)
        for region in scope.regions:
            self.store.keep(_kind("sums", region), month, key, sums_of_region(sums, region))
            if lists is not None:
                self.store.keep(_kind("lists", region), month, key, lists_of_region(lists, region))

    def region_names(self, month: Month) -> list[str]:
        """The regions that have managers in a month."""
        return sorted(set(self.regions(month))) or [NOBODY]

    def sums(self, month: Month, regions: Sequence[str] | None = None) -> MonthSums:
        """A month's sums by category, brand, product, customer: of some regions, or of all there are; kept."""
        known = self.region_names(month)
        wanted = known if regions is None else [one for one in known if one in regions]
        if wanted:
            return sums_together([self._sums_of(month, region) for region in wanted])
        return sums_of_region(self._sums_of(month, known[0]), NOBODY)  # of regions that there were not yet

    def _sums_of(self, month: Month, region: str) -> MonthSums:
        return self.store.get(
            _kind("sums", region),
            month,
            self._counts_key(month),
            lambda: month_sums(self._facts_of(month, region)),
        )

    def _lists_of(self, month: Month, region: str) -> dict[str, pd.DataFrame]:
        return self.store.get(
            _kind("lists", region),
            month,
            self._counts_key(month),
            lambda: lists_of(self._facts_of(month, region)),
        )

    def _facts_of(self, month: Month, region: str) -> Facts:
        scopes = {one.regions[0]: one for one in self.shelf.scopes_of_month(month)}
        return self.shelf.facts(month, scopes.get(region, _without_rows(region)))

    def lists(self, month: Month, regions: Sequence[str] | None = None) -> dict[str, pd.DataFrame]:
        """Cases, visits and customers behind a month's figures: of some regions, or of all."""
        wanted = self.region_names(month) if regions is None else regions
        return lists_together([self._lists_of(month, region) for region in wanted])

    def details(self, month: Month, entities: EntityDetails, regions: Sequence[str] | None = None) -> MonthDetails:
        """What stands beside a month's figures: of some regions, or of all."""
        now, *others = (
            self.sums(one, regions) if one in self.known_months else None
            for one in (month, month + -1, month + -12)
        )
        compared = Compared(now or self.sums(month, regions), *others)
        masters = {
            "products": self.ledger.masters(month)["products"],
            "customers": self.ledger.customers(month, *CUSTOMER_DETAILS),
        }
        return details_of_month(compared, self.lists(month, regions), masters, entities)

    def months_behind(self, months: Iterable[Month]) -> list[Month]:
        """The known months that the reports of these look back on, themselves included, oldest first."""
        wanted = {one for month in months for one in _needed_months(month)}
        return sorted(wanted & self.known_months)

    def months_judged(self, months: Iterable[Month]) -> list[Month]:
        """The known months whose forecasts the reports of these judge or give, oldest first."""
        wanted = {month + -step for month in months for step in range(TRACK_MONTHS + 1)}
        return sorted(wanted & self.known_months)

    def prepare_sales(self, month: Month) -> None:
        """Works out and keeps what other months need of this one's rows."""
        self.shelf.cases(month)
        for region in self.ledger.part_regions(month):
            self.shelf.prepare(month, region)

    def prepare_counts(self, month: Month) -> None:
        """Works out and keeps what other months need of this one's figures."""
        self.values(month)

    def prepare_forecast(self, month: Month) -> None:
        """Works out and keeps the forecast that later months judge."""
        self.forecast(month)

    def totals(self, month: Month) -> SalesTotals:
        """What the forecast needs of a month; kept."""
        return self.store.get(
            "totals",
            month,
            self._counts_key(month),
            lambda: sales_totals(self.sums(month), self.senders(month)),
        )

    def forecast(self, month: Month) -> pd.DataFrame:
        """The forecast of the month after, as `forecast.csv` has it; kept."""
        known = self._months_to_forecast_from(month)
        key = fingerprint(self._key(one) for one in known)
        return self.store.get("forecast", month, key, lambda: self._forecast(month, known))

    def _months_to_forecast_from(self, month: Month) -> list[Month]:
        return sorted(one for one in self.known_months if one <= month)[-LONGEST_MONTHS:]

    def method(self, month: Month) -> str:
        """How this organisation's sales are forecast best, by its own last months; chosen anew every January."""
        past = [one for one in self._months_to_forecast_from(month) if one.year < month.year]
        if not past:
            return USUAL
        key = fingerprint(self._key(one) for one in past)
        return self.store.get("method", past[-1], key, lambda: self._choose(past))

    def _choose(self, past: Sequence[Month]) -> str:
        return choose_method(KeptTotals(self.totals, past), self._organisation(past[-1], past))

    def _organisation(self, month: Month, known: Sequence[Month]) -> Organisation:
        customers = self.ledger.customers(month, *MANAGER_CUSTOMER)
        return organisation_of(KeptTotals(self.totals, known), customers, self.regions(month))

    def _forecast(self, month: Month, known: Sequence[Month]) -> pd.DataFrame:
        for one in known:  # before any task, so that none works it out again
            if not self.store.has("totals", one, self._counts_key(one)):
                self.counts(one)
                self.totals(one)
        next(self.over(choose_way, [ForecastTask(self.place, month, "volume")]))
        tasks = [ForecastTask(self.place, month, measure) for measure in MEASURES]
        filled = [part for part in self.over(forecast_measure, tasks) if len(part)]
        return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(FORECAST_COLUMNS))

    def measure_forecast(self, month: Month, measure: Measure) -> pd.DataFrame:
        """The part of the forecast that is about one measure."""
        known = self._months_to_forecast_from(month)
        totals = KeptTotals(self.totals, known)
        if not any(len(one.by_customer) for one in totals):
            return pd.DataFrame(columns=list(FORECAST_COLUMNS))
        return forecast_month(totals, self._organisation(month, known), self.method(month), (measure,))

    def regions(self, month: Month) -> pd.Series:
        """The region of each manager in the month, by manager_id."""
        if month not in self._regions:
            self._regions[month] = self.shelf.regions(month)
        return self._regions[month]

    @cached_property
    def _stamp(self) -> str:
        return manifest_stamp(self.ledger.home)

    @cached_property
    def store(self) -> DerivedStore:
        return DerivedStore(self.ledger.home)

    @cached_property
    def shelf(self) -> RegionShelf:
        return RegionShelf(self.ledger, self.store, self.settings.profile)

    def _key(self, month: Month) -> str:
        """The fingerprint of all that a month's rows come from; complaint cases come from earlier months too."""
        if month not in self._keys:
            self._keys[month] = self._fingerprint(month)
        return self._keys[month]

    def _fingerprint(self, month: Month) -> str:
        files = [
            file for region in self.ledger.part_regions(month) for file in self.ledger.part_files(month, region)
        ]
        masters = sorted((form, one.path) for form, one in versions_valid_in(self.ledger.versions, month).items())
        names = [Path(path).name for _, path in masters]
        profile = self.settings.profile.model_dump_json()
        cases, sent = self.shelf.complaint_files(month), sorted(self.ledger.sent(month))
        return fingerprint([code_fingerprint(), profile, month, sorted(files), cases, names, sent])

    def _counts_key(self, month: Month) -> str:
        return fingerprint(self._key(month + -step) for step in range(LOOK_BACK_MONTHS + 1))

    def facts(self, month: Month) -> Facts:
        """A month's facts, of all regions together."""
        return self.shelf.facts(month)

    def over(self, work: Callable[[Task], Made], tasks: Iterable[Task]) -> Iterator[Made]:
        """Tasks over the executor, their answers in order; without one, each by this very desk as it is asked for."""
        return self.executor.map(work, tasks) if self.executor else map(work, tasks)

    @cached_property
    def place(self) -> "Place":
        """From where tasks are done: by whoever gets them, or without an executor by this very desk."""
        desk = None if self.executor else self
        return Place(self.ledger.home, self.settings, self._stamp, desk)

    def senders(self, month: Month) -> frozenset[str]:
        """The managers whose sales of a month are known."""
        return frozenset(manager for manager, form in self.ledger.sent(month) if form == "sales")


@dataclass(frozen=True)
class Place:
    """Where a task finds what it needs, in any process that sees the home; `kept_by` is the desk that keeps it."""

    home: Path
    settings: Settings
    stamp: str
    kept_by: Desk | None = None

    @property
    def desk(self) -> Desk:
        return self.kept_by or _desk(self.home, self.settings.model_dump_json(), self.stamp)


@dataclass(frozen=True)
class RegionTask:
    """One region's rows of a month, to be made small."""

    place: Place
    month: Month
    region: str


@dataclass(frozen=True)
class CountTask:
    """A month of some regions, to be counted."""

    place: Place
    month: Month
    scope: RegionScope
    with_lists: bool


@dataclass(frozen=True)
class ForecastTask:
    """One measure of a month's forecast."""

    place: Place
    month: Month
    measure: Measure


@lru_cache(maxsize=1)
def _desk(home: Path, settings: str, stamp: str) -> Desk:
    """What a process works with as long as settings and ledger stay as they are."""
    return Desk(Ledger(home, read_manifest(home), all_forms()), Settings.model_validate_json(settings))


def prepare_region(task: RegionTask) -> None:
    """Makes a region's sales of a month small, and notes which customers it has rows of."""
    task.place.desk.shelf.prepare(task.month, task.region)


def count_regions(task: CountTask) -> MonthCounts:
    """Counts a month of some regions; keeps their sums and lists."""
    desk = task.place.desk
    facts = desk.shelf.facts(task.month, task.scope)
    counts = count_month(facts, desk.figures)
    desk.keep_regions(task.scope, month_sums(facts), lists_of(facts) if task.with_lists else None)
    return counts


def choose_way(task: ForecastTask) -> str:
    """Chooses how an organisation's sales are forecast; kept."""
    return task.place.desk.method(task.month)


def forecast_measure(task: ForecastTask) -> pd.DataFrame:
    """Forecasts one measure of everything."""
    return task.place.desk.measure_forecast(task.month, task.measure)


def _kind(kind: str, region: str) -> str:
    return f"{kind}-{safe(region)}"


def _without_rows(region: str) -> RegionScope:
    return RegionScope((region,), frozenset())


def _grouped(rows: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    """Regions in their order, in groups of about as many rows each, and of about ROWS_AT_ONCE at most."""
    total = max(sum(rows.values()), 1)
    share = total / math.ceil(total / ROWS_AT_ONCE)
    middles = (end - own / 2 for end, own in zip(accumulate(rows.values()), rows.values(), strict=True))
    numbered = zip((int(middle // share) for middle in middles), rows, strict=True)
    for _, group in groupby(numbered, key=itemgetter(0)):
        yield tuple(region for _, region in group)


def _needed_months(month: Month) -> list[Month]:
    """The months whose counts a month's metrics and its 25 months of history need."""
    first = min(month + -24, Month(month.year - 1, 1))
    return [first + step for step in range(month - first + 1)]
