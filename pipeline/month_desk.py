"""The desk on which months are worked out: what their reports need is worked out once, region by region, and kept."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

import pandas as pd

from pipeline.calendar import Month
from pipeline.derived import DerivedStore, code_fingerprint, fingerprint
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import MonthCounts
from pipeline.figures.declare import Figure
from pipeline.figures.detail_lists import lists_of, lists_together
from pipeline.figures.entities import history
from pipeline.figures.facts import LOOK_BACK_MONTHS, Facts
from pipeline.figures.parts import MonthParts, MonthSums, parts_of, parts_together, sums_together
from pipeline.figures.scorecard import check_indicators
from pipeline.forecast.choice import USUAL
from pipeline.ledger.manifest import manifest_stamp, read_manifest
from pipeline.ledger.read import Ledger
from pipeline.masters import versions_valid_in
from pipeline.month_forecast import (
    FORECAST_COLUMNS,
    LONGEST_MONTHS,
    MEASURES,
    Measure,
    Organisation,
    SalesTotals,
    choose_method,
    forecast_month,
    organisation_of,
    sales_totals,
)
from pipeline.region_facts import RegionScope, RegionShelf
from pipeline.settings import Settings
from schemas.form import all_forms

TRACK_MONTHS = 12
Made = TypeVar("Made")


@dataclass
class Desk:
    """Works out months from one committed ledger; what several months need is worked out once.

    Regions and measures are tasks of their own, mapped over `executor` where there is one.
    """

    ledger: Ledger
    settings: Settings
    executor: Executor | None = field(default=None, kw_only=True)
    _counts: dict[Month, MonthCounts] = field(default_factory=dict, init=False)
    _reported: Month | None = field(default=None, init=False)
    _lists: dict[str, pd.DataFrame] | None = field(default=None, init=False)  # of the month reported
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

    def report_on(self, month: Month) -> None:
        """Lists are long: only those of the month reported are made, and held."""
        if month != self._reported:
            self._reported, self._lists = month, None

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

    def _count(self, month: Month) -> MonthCounts:
        """Counts all regions; what comes along is kept too."""
        counted = self._count_regions(month, with_lists=month == self._reported)
        parts = parts_together([parts for parts, _ in counted])
        if month == self._reported:
            self._lists = lists_together([lists for _, lists in counted])
        self.store.get("sums", month, self._counts_key(month), lambda: parts.sums)
        return parts.counts

    def sums(self, month: Month) -> MonthSums:
        """A month's sums by category, brand, product, customer; kept likewise."""
        return self.store.get("sums", month, self._counts_key(month), lambda: self._sum_up(month))

    def _sum_up(self, month: Month) -> MonthSums:
        return sums_together([parts.sums for parts, _ in self._count_regions(month, with_lists=False)])

    def lists(self, month: Month) -> dict[str, pd.DataFrame]:
        """Cases, visits and customers behind a month's figures."""
        self.report_on(month)
        if self._lists is None:
            counted = self._count_regions(month, with_lists=True)
            self._lists = lists_together([lists for _, lists in counted])
        return self._lists

    def _count_regions(
        self, month: Month, *, with_lists: bool
    ) -> list[tuple[MonthParts, dict[str, pd.DataFrame]]]:
        for one in (month, *self.shelf.months_back(month)):
            self._over(
                prepare_region, [self._task(one, region=region) for region in self.ledger.part_regions(one)]
            )
        scopes = self.shelf.scopes_of_month(month) or [RegionScope("", frozenset())]
        work = count_and_list_region if with_lists else count_region
        return self._over(work, [self._task(month, scope=scope) for scope in scopes])

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
        """What the forecast needs of a month."""
        return sales_totals(self.sums(month), self.senders(month))

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
        return choose_method([self.totals(one) for one in past], self._organisation(past[-1], past))

    def _organisation(self, month: Month, known: Sequence[Month]) -> Organisation:
        customers = self.ledger.masters(month)["customers"]
        return organisation_of([self.totals(one) for one in known], customers, self.regions(month))

    def _forecast(self, month: Month, known: Sequence[Month]) -> pd.DataFrame:
        for one in known:  # before any task, so that none works it out again
            self.counts(one)
        self.method(month)
        parts = self._over(forecast_measure, [self._task(month, measure=measure) for measure in MEASURES])
        filled = [part for part in parts if len(part)]
        return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(FORECAST_COLUMNS))

    def measure_forecast(self, month: Month, measure: Measure) -> pd.DataFrame:
        """The part of the forecast that is about one measure."""
        known = self._months_to_forecast_from(month)
        totals = [self.totals(one) for one in known]
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

    def _over(self, work: Callable[["MonthTask"], Made], tasks: Sequence["MonthTask"]) -> list[Made]:
        """Tasks over the executor; without one, by this very desk."""
        if self.executor is None:
            return [work(replace(task, kept_by=self)) for task in tasks]
        return list(self.executor.map(work, tasks))

    def _task(
        self, month: Month, *, scope: RegionScope | None = None, region: str = "", measure: Measure = "volume"
    ) -> "MonthTask":
        return MonthTask(self.ledger.home, self.settings, self._stamp, month, scope, region, measure)

    def senders(self, month: Month) -> frozenset[str]:
        """The managers whose sales of a month are known."""
        return frozenset(manager for manager, form in self.ledger.sent(month) if form == "sales")


@dataclass(frozen=True)
class MonthTask:
    """A part of a month's work, for any process that sees the home; what the others leave out is not used.

    `kept_by` is the desk that keeps the task to itself.
    """

    home: Path
    settings: Settings
    stamp: str
    month: Month
    scope: RegionScope | None = None
    region: str = ""
    measure: Measure = "volume"
    kept_by: Desk | None = None

    @property
    def desk(self) -> Desk:
        return self.kept_by or _desk(self.home, self.settings.model_dump_json(), self.stamp)


@lru_cache(maxsize=1)
def _desk(home: Path, settings: str, stamp: str) -> Desk:
    """What a process works with as long as settings and ledger stay as they are."""
    return Desk(Ledger(home, read_manifest(home), all_forms()), Settings.model_validate_json(settings))


def prepare_region(task: MonthTask) -> None:
    """Makes a region's sales of a month small, and notes which customers it has rows of."""
    task.desk.shelf.prepare(task.month, task.region)


def count_region(task: MonthTask) -> tuple[MonthParts, dict[str, pd.DataFrame]]:
    """Counts one region's month: figures and sums, no lists."""
    desk = task.desk
    return parts_of(desk.shelf.facts(task.month, task.scope), desk.figures), {}


def count_and_list_region(task: MonthTask) -> tuple[MonthParts, dict[str, pd.DataFrame]]:
    """Counts one region's month, and makes its lists."""
    desk = task.desk
    facts = desk.shelf.facts(task.month, task.scope)
    return parts_of(facts, desk.figures), lists_of(facts)


def forecast_measure(task: MonthTask) -> pd.DataFrame:
    """Forecasts one measure of everything."""
    return task.desk.measure_forecast(task.month, task.measure)


def _needed_months(month: Month) -> list[Month]:
    """The months whose counts a month's metrics and its 25 months of history need."""
    first = min(month + -24, Month(month.year - 1, 1))
    return [first + step for step in range(month - first + 1)]
