"""The desk on which months are counted: region by region, each month once, and kept."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.base.frames import OnDemand
from pipeline.contract.facts import LOOK_BACK_MONTHS, Facts
from pipeline.contract.figure import Figure, Level
from pipeline.contract.master_data import versions_valid_in
from pipeline.contract.report import ORGANISATION_ID
from pipeline.contract.settings import Settings
from pipeline.figures.base import there_at_end
from pipeline.figures.catalogue import all_figures
from pipeline.figures.comparable import (
    Moved,
    Owners,
    Sides,
    changed_flags,
    counts_of_labels,
    label_of,
    like_counts,
    like_sums,
    moved_pairs,
    moved_sales,
    sums_of_regions,
    with_products_of,
)
from pipeline.figures.count import MonthCounts, count_month, counts_of_region, counts_of_whole, counts_together
from pipeline.figures.detail_lists import LISTS, list_together, lists_of, lists_of_region
from pipeline.figures.entities import history
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.figures.known import MonthKnown, known_in
from pipeline.figures.members import among
from pipeline.figures.metrics import (
    Comparisons,
    comparable_figures,
    festival_months,
    metrics_without_ranks,
    months_compared,
    ranked,
)
from pipeline.figures.missing import main_figures, missing_before_table, missing_months_table, missing_table
from pipeline.figures.moves import moved_customers, moves_table
from pipeline.figures.parts import MonthSums, month_sums, sums_of_region, sums_together
from pipeline.figures.scorecard import check_indicators
from pipeline.figures.trend import Answers, EntityAnswers, answers_by_entity
from pipeline.ledger.cases import Cases
from pipeline.ledger.leaves import LEAVING
from pipeline.ledger.manifest import manifest_stamp
from pipeline.ledger.read import Ledger
from pipeline.month.place import DeskTask, Place, done_at_desk
from pipeline.regions.facts import RegionShelf, kind_of
from pipeline.regions.scopes import RegionScope, grouped_by_rows, scopes_together
from pipeline.work.store import DerivedStore, code_fingerprint, fingerprint

SUMS = "sums"
COMPARED_MONTHS = 12  # as far back are a month's sums compared with
ROWS_AT_ONCE = 600_000  # of a month, in one task: each task costs a while, whatever the number of its rows
NOBODY = ""  # the region of a month in which nobody belongs to one
Made = TypeVar("Made")
Task = TypeVar("Task")
Regions = Sequence[str] | None  # some regions and their managers; None is the organisation by itself


@dataclass
class CountDesk:
    """Counts months from one committed ledger; what several months need is worked out once, and kept.

    Nothing of all regions together is held: tasks over `executor` (where there is one) read what they are about.
    """

    kept_classes: ClassVar[tuple[type, ...]] = (MonthCounts, MonthSums, RegionScope, Cases)

    ledger: Ledger
    settings: Settings
    executor: Executor | None = field(default=None, kw_only=True)
    _keys: dict[Month, str] = field(default_factory=dict, init=False)
    _regions: dict[Month, pd.Series] = field(default_factory=dict, init=False)
    _counted: set[Month] = field(default_factory=set, init=False)
    _known: dict[Month, MonthKnown] = field(default_factory=dict, init=False)
    _pairs: dict[tuple[Month, Month, Month], pd.DataFrame] = field(default_factory=dict, init=False)
    _flags: dict[tuple[Month, Month], pd.DataFrame] = field(default_factory=dict, init=False)
    _missing: dict[tuple[Month, Regions], pd.DataFrame] = field(default_factory=dict, init=False)

    @classmethod
    def opened(cls, ledger: Ledger, settings: Settings) -> Self:
        """A desk of whoever does tasks."""
        return cls(ledger, settings)

    @cached_property
    def place(self) -> Place[Any]:
        """From where tasks are done: by whoever gets them, or without an executor by this very desk."""
        desk = None if self.executor else self
        return Place(self.ledger.home, self.settings, manifest_stamp(self.ledger.home), self._task_kind(), desk)

    def _task_kind(self) -> type[Any]:
        """The kind of desk at which tasks are done."""
        return type(self)

    def over(self, work: Callable[[Task], Made], tasks: Iterable[Task]) -> Iterator[Made]:
        """Tasks over the executor, their answers in order; without one, each by this very desk as it is asked for."""
        return self.executor.map(work, tasks) if self.executor else map(work, tasks)

    def at_desks(self, work: Callable[..., Made], *given: tuple[object, ...]) -> Iterator[Made]:
        """One task for everything given: a method of desks, done at the desk of whoever gets the task."""
        return self.over(done_at_desk, [DeskTask(self.place, work, one) for one in given])

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
        return [one for one in needed_months(month) if one in self.known_months]

    @cached_property
    def store(self) -> DerivedStore:
        return DerivedStore(self.ledger.home, self.kept_classes)

    @cached_property
    def shelf(self) -> RegionShelf:
        return RegionShelf(self.ledger, self.store, self.settings.profile)

    def regions(self, month: Month) -> pd.Series:
        """The region of each manager in the month, by manager_id."""
        if month not in self._regions:
            self._regions[month] = self.shelf.regions(month)
        return self._regions[month]

    def region_names(self, month: Month) -> list[str]:
        """The regions that have managers in a month."""
        return sorted(set(self.regions(month))) or [NOBODY]

    def region_groups(self, month: Month) -> list[tuple[str, ...]]:
        """The regions of a month, as many together as make ROWS_AT_ONCE rows."""
        rows = dict.fromkeys(self.region_names(month), 0)
        for one in self.ledger.submissions(month):
            if one.region_id in rows:
                rows[one.region_id] += one.rows
        return list(grouped_by_rows(rows, ROWS_AT_ONCE))

    def senders(self, month: Month) -> frozenset[str]:
        """The managers whose sales of a month are known."""
        return frozenset(manager for manager, form in self.ledger.sent(month) if form == "sales")

    def facts(self, month: Month) -> Facts:
        """A month's facts, of all regions together."""
        return self.shelf.facts(month)

    def facts_of(self, month: Month, regions: Sequence[str]) -> Facts:
        """A month's facts of some regions."""
        return self.shelf.facts(month, scopes_together([self.scope(month, region) for region in regions]))

    def count(self, month: Month, *, with_lists: bool = False) -> None:
        """Counts a month region by region, several in one task, unless what is asked for is kept already."""
        if not self.is_counted(month, with_lists=with_lists):
            self._count(month, with_lists=with_lists)
        self._counted.add(month)

    def _count(self, month: Month, *, with_lists: bool) -> None:
        for one in (month, *self.shelf.months_back(month)):
            missing = [part for part in self.ledger.part_regions(one) if not self.shelf.is_prepared(one, part)]
            list(self.at_desks(CountDesk.prepare_region, *((one, region) for region in missing)))
        list(self.at_desks(CountDesk.make_scopes, (month,)))
        groups = self.region_groups(month)
        list(self.at_desks(CountDesk.count_regions, *((month, group, with_lists) for group in groups)))
        list(self.at_desks(CountDesk.count_whole, (month,)))
        self.store.forget_parts("scope", month)

    def is_counted(self, month: Month, *, with_lists: bool = False) -> bool:
        """Whether the counts of a month are kept, and its lists where they are asked for."""
        if month in self._counted and not with_lists:  # looked for before
            return True
        key = self.counts_key(month)
        regions = self.region_names(month) if with_lists else []
        lists = [kind_of(_lists(name), region) for name in LISTS for region in regions]
        return all(self.store.has(kind, month, key) for kind in ("counts", "values", *lists))

    def prepare_region(self, month: Month, region: str) -> None:
        """Makes a region's sales small, and notes which customers it has rows of; kept."""
        self.shelf.prepare(month, region)

    def make_scopes(self, month: Month) -> None:
        """Finds whom a month of each region is about; kept while it is counted."""
        for region, scope in self._scopes(month).items():
            self.store.keep(kind_of("scope", region), month, self.counts_key(month), scope)

    def scope(self, month: Month, region: str) -> RegionScope:
        """Whom a month of a region is about."""
        kept: RegionScope | None = self.store.find(kind_of("scope", region), month, self.counts_key(month))
        return kept or self._scopes(month).get(region, _without_rows(region))

    def _scopes(self, month: Month) -> dict[str, RegionScope]:
        found = {one.regions[0]: one for one in self.shelf.scopes_of_month(month)}
        return {region: found.get(region, _without_rows(region)) for region in self.region_names(month)}

    def count_regions(self, month: Month, regions: Sequence[str], with_lists: bool) -> None:
        """Counts some regions; their counts, values, sums and lists are kept, each region's by itself."""
        facts = self.facts_of(month, regions)
        counts, sums = count_month(facts, self.figures), month_sums(facts)
        lists = lists_of(facts) if with_lists else None
        key = self.counts_key(month)
        for region in regions:
            self.store.keep(kind_of("counts", region), month, key, counts_of_region(counts, region))
            self._make_told(month, region)
            self.store.keep(kind_of(SUMS, region), month, key, sums_of_region(sums, region))
            for name, rows in lists_of_region(lists, region).items() if lists is not None else ():
                self.store.keep(kind_of(_lists(name), region), month, key, rows)

    def count_whole(self, month: Month) -> None:
        """Adds the regions' counts up to the organisation's; kept."""
        self._counts_of(month, None)
        self._make_told(month, None)

    def _make_told(self, month: Month, region: str | None) -> None:
        """Works out what reports of later months read of the counts of a region, or of the organisation."""
        self._values_of(month, region)
        self._answers_of(month, region)

    def _kept(self, kind: str, month: Month, region: str | None, make: Callable[[], Made]) -> Made:
        """What is kept of a region, or of the organisation; made where it is not."""
        named = kind if region is None else kind_of(kind, region)
        return self.store.get(named, month, self.counts_key(month), make)

    def _counts_of(self, month: Month, region: str | None) -> MonthCounts:
        def counted() -> MonthCounts:
            if region is None:
                return counts_of_whole(self._counts_of(month, one) for one in self.region_names(month))
            return count_month(self.facts_of(month, [region]), self.figures)

        return self._kept("counts", month, region, counted)

    def _values_of(self, month: Month, region: str | None) -> pd.DataFrame:
        def values() -> pd.DataFrame:
            return history({month: self._counts_of(month, region)}, self.figures, levels_of(region))

        return self._kept("values", month, region, values)

    def _answers_of(self, month: Month, region: str | None) -> EntityAnswers:
        def answers() -> EntityAnswers:
            return answers_by_entity(self._counts_of(month, region), levels_of(region))

        return self._kept("answers", month, region, answers)

    def counts(self, month: Month, regions: Regions) -> MonthCounts:
        """What the figures of a month count: of some regions, or added up to the organisation."""
        self.count(month)
        return counts_together([self._counts_of(month, region) for region in _each(regions)])

    def values(self, month: Month, regions: Regions) -> pd.DataFrame:
        """The values of a month's figures, as a report's history has them: of some regions and their managers, or of
        the organisation."""
        self.count(month)
        return stacked([self._values_of(month, region) for region in _each(regions)])

    def history(self, month: Month, regions: Regions) -> pd.DataFrame:
        """The values of all months that a month's report looks back on, the organisation's among them."""
        frames = [
            self.values(one, whose)
            for one in self.months_of(month)
            for whose in (None, *([] if regions is None else [self.regions_then(month, one, regions)]))
        ]
        return stacked(frames)

    def told(self, month: Month) -> dict[Month, frozenset[str]]:
        """The figures whose sums each known month has that a month's report looks back on."""
        statistics = {figure.key for figure in self.figures if figure.of_values}
        return {
            one: frozenset(self.values(one, None)["figure"].unique()) - statistics for one in self.months_of(month)
        }

    def regions_then(self, month: Month, then: Month, regions: Sequence[str]) -> list[str]:
        """Where figures of some regions and their managers of a month stand in an earlier one: managers may have
        moved since. For regions and managers that there were not yet it is any region: nothing there is theirs."""
        managers = self.regions(month)
        own = managers.index[among(managers, regions)]
        before = self.regions(then)
        there = {*regions, *before[among(before.index, own)]}
        known = self.region_names(then)
        return [one for one in known if one in there] or known[:1]

    def metrics_of(self, month: Month, regions: Regions) -> pd.DataFrame:
        """The metrics of some regions and their managers, or of the organisation, without ranks."""
        needed = [one for one in {month, *months_compared(month)} if one in self.known_months]
        counts = {one: self.counts_then(month, one, regions) for one in needed}
        comparable = comparable_figures(month, self.told(month), self.figures)
        targets = self.ledger.masters(month)["targets"]
        beside = self.comparisons(month, regions, counts)
        return metrics_without_ranks(month, counts, targets, self.figures, comparable, beside, levels_of(regions))

    def known(self, month: Month) -> MonthKnown:
        """Whose work of a month is known."""
        if month not in self._known:
            managers, sent = self.ledger.masters(month)["managers"], self.ledger.sent(month)
            self._known[month] = known_in(month, managers, sent, self.settings.profile.monthly_forms)
        return self._known[month]

    def comparisons(self, month: Month, regions: Regions, counts: Mapping[Month, MonthCounts]) -> Comparisons:
        """What a month is compared with, like with like.

        Args:
            counts: of the month and those it is compared with, as `counts_then` gives them.
        """

        def sides(now: Month, base: Month) -> Sides | None:
            if now not in counts or base not in counts:
                return None
            return Sides(
                *(self._like(month, own, other, regions, counts[own]) for own, other in ((now, base), (base, now)))
            )

        to_date = [sides(one, one + -12) for one in month.year_to_date()]
        return Comparisons(
            sides(month, month + -1),
            sides(month, month + -12),
            tuple(one for one in to_date if one is not None),
            self.missing(month, regions),
        )

    def festival(self, month: Month, regions: Regions, counts: Mapping[Month, MonthCounts]) -> Comparisons:
        """January and February of a month's year beside last year's, like with like; given as far as they are known."""
        pairs = [(one, one + -12) for one in festival_months(month)]
        known = [pair for pair in pairs if all(one in counts for one in pair)]
        return Comparisons(to_date=tuple(self._sides(month, *pair, regions, counts) for pair in known))

    def _sides(
        self, month: Month, now: Month, base: Month, regions: Regions, counts: Mapping[Month, MonthCounts]
    ) -> Sides:
        like = self._like(month, now, base, regions, counts[now])
        return Sides(like, self._like(month, base, now, regions, counts[base]))

    def moved_sales(self, month: Month, then: Month, regions: Regions) -> pd.DataFrame:
        """What an earlier month sold to customers that have moved since, from or to some regions, or any."""
        where = None if regions is None else sorted({*regions, *self.regions_then(month, then, regions)})
        moved = self.moved(month, then, month, with_sums=True)
        sold = moved_sales(self.sums(then, where), moved, self.regions(then))
        if regions is None:
            return sold
        here = among(sold["region_id"], regions) | among(sold["region_now"], regions)
        return sold[here].reset_index(drop=True)

    def customers_moved(self, month: Month, regions: Regions) -> pd.DataFrame:
        """Customers that moved in and out since the months compared with, of some regions: see `figures.moves`."""
        months = {"previous": month + -1, "last_year": month + -12}
        known = {when: one for when, one in months.items() if one in self.known_months and regions is not None}
        moved = {when: self._customers_moved(month, one) for when, one in known.items()}
        return moves_table(moved, levels_of(regions))

    def _customers_moved(self, month: Month, then: Month) -> pd.DataFrame:
        customers = self.ledger.customers(then, *MANAGER_CUSTOMER, "joined_on", "left_on", "status")
        return moved_customers(
            there_at_end(customers, then), self._owners(month), self.regions(then), self.regions(month)
        )

    def _like(self, month: Month, own: Month, other: Month, regions: Regions, counts: MonthCounts) -> MonthCounts:
        """A month's counts as they compare with another's, in a report on a third."""
        like = self._like_managers(month, own, other, regions, counts)
        if own == month or self.changed_flags(month, own).empty:
            return like
        by_product = self.like_sums(month, own, other, regions).details["sales_by_product"]
        if regions is None:
            by_product = by_product.assign(manager_id=ORGANISATION_ID)
        return with_products_of(like, by_product, self.ledger.masters(month)["products"], self.figures)

    def changed_flags(self, month: Month, then: Month) -> pd.DataFrame:
        """The products of which a month compared with said something else: see `figures.comparable`."""
        key = (month, then)
        if key not in self._flags:
            products = (self.ledger.masters(one)["products"] for one in key)
            self._flags[key] = changed_flags(*products)
        return self._flags[key]

    def _like_managers(
        self, month: Month, own: Month, other: Month, regions: Regions, counts: MonthCounts
    ) -> MonthCounts:
        """The same by managers and customers alone."""
        known, beside = self.known(own), self.known(other)
        if regions is None and not known.missing and not beside.missing:
            return counts  # who had a customer is the same to the organisation
        moved = self.moved(month, own, other)
        if regions is not None:
            return like_counts(counts, moved, known, beside, self.figures)
        return counts_of_whole(
            like_counts(self._counts_of(own, one), self._moved_from(moved, own, one), known, beside, self.figures)
            for one in self.region_names(own)
        )

    def moved(self, month: Month, own: Month, other: Month, *, with_sums: bool = False) -> Moved:
        """The customers of a month that have another manager in the reported month, or had one in doubt in the month
        compared with; what is counted of them is kept."""
        regions, pairs = self.regions(month), self._moved_pairs(month, own, other)
        if pairs.empty:
            return Moved(regions)
        key = fingerprint([self.counts_key(own), *label_of(pairs), *pairs["customer_id"]])
        kind = f"moved-{month}-{other}"
        kept = self.store.get(kind, own, key, lambda: self._count_moved(own, pairs))
        return Moved(regions, pairs, *kept) if with_sums else Moved(regions, pairs, kept[0])

    def _count_moved(self, own: Month, pairs: pd.DataFrame) -> tuple[MonthCounts, MonthSums]:
        facts = self.shelf.facts_of_moved(own, pairs)
        return count_month(facts, self.figures), month_sums(facts)

    def _moved_pairs(self, month: Month, own: Month, other: Month) -> pd.DataFrame:
        key = (month, own, other)
        if key not in self._pairs:
            versions = [versions_valid_in(self.ledger.versions, one).get("customers") for one in key]
            same = len({None if one is None else one.path for one in versions}) == 1
            unknown = self.known(own).anybody | self.known(other).anybody
            self._pairs[key] = (
                Moved(pd.Series(dtype="str")).pairs
                if same
                else moved_pairs(self._owners(own), self._owners(month), self._owners(other), unknown)
            )
        return self._pairs[key]

    def _owners(self, month: Month) -> Owners:
        return Owners(month, self.ledger.customers(month, *MANAGER_CUSTOMER).astype("str"))

    def _moved_from(self, moved: Moved, own: Month, region: str) -> Moved:
        """Of customers that moved those whom managers of one region had."""
        if moved.pairs.empty:
            return moved
        regions = self.regions(own)
        pairs = moved.pairs[(moved.pairs["manager_id"].map(regions) == region).to_numpy()]
        if pairs.empty or moved.counts is None:
            return Moved(moved.regions)
        return Moved(moved.regions, pairs, counts_of_labels(moved.counts, label_of(pairs)))

    def missing(self, month: Month, regions: Regions) -> pd.DataFrame:
        """Who is missing for which form: see `figures.missing`."""
        key = (month, None if regions is None else tuple(regions))
        if key not in self._missing:
            self._missing[key] = self._missing_of(month, regions)
        return self._missing[key]

    def _missing_of(self, month: Month, regions: Regions) -> pd.DataFrame:
        known, own = self.known(month), self.regions(month)
        if regions is not None:
            own = own[among(own, regions)]
        months = {"previous": month + -1, "last_year": month + -12}
        before = {
            when: self._by_manager_then(month, one, regions)
            for when, one in months.items()
            if known.missing and one in self.known_months
        }
        return missing_table(known, own, before, self.figures, levels_of(regions))

    def missing_before(self, month: Month, regions: Regions) -> pd.DataFrame:
        """Who had not sent which forms in the months compared with, and has now: see `figures.missing`."""
        months = {"previous": month + -1, "last_year": month + -12}
        known = {when: self.known(one) for when, one in months.items() if one in self.known_months}
        own = self.regions(month)
        if regions is not None:
            own = own[among(own, regions)]
        return missing_before_table(self.known(month), known, own, levels_of(regions))

    def missing_months(self, month: Month, regions: Regions) -> pd.DataFrame:
        """In which of the months that a month's report shows somebody is missing: see `figures.missing`."""
        months = [(self.known(one), self.regions(one)) for one in self.months_of(month)]
        return missing_months_table(months, levels_of(regions))

    def _by_manager_then(self, month: Month, then: Month, regions: Regions) -> pd.DataFrame:
        """What main figures counted in an earlier month, by the managers and regions that have the customers now."""
        main = [one.key for one in main_figures(self.figures).values()]
        moved, everybody = self.moved(month, then, then), MonthKnown(then)
        where = self.region_names(then) if regions is None else self.regions_then(month, then, regions)
        frames = []
        for region in where:
            counts = self._counts_of(then, region)
            like = like_counts(counts, self._moved_from(moved, then, region), everybody, everybody, self.figures)
            frames.append(like.by_manager[like.by_manager["figure"].isin(main)])
        rows = stacked(frames)
        return rows if regions is None else rows[among(rows["region_id"], regions)]

    def ranked(self, month: Month, metrics: pd.DataFrame) -> pd.DataFrame:
        """The metrics of everybody with their ranks, in order."""
        return ranked(metrics, self.figures, self.settings.profile, self.regions(month), self.gone(month))

    def gone(self, month: Month) -> frozenset[str]:
        """The managers of the master data who had left before a month, or had not come yet."""
        managers = self.ledger.masters(month)["managers"]["manager_id"].astype("str")
        return frozenset(managers) - self.known(month).in_office

    def counts_then(self, month: Month, then: Month, regions: Regions) -> MonthCounts:
        """What an earlier month's figures count of the entities of a month."""
        return self.counts(then, None if regions is None else self.regions_then(month, then, regions))

    def answers_then(self, month: Month, then: Month, regions: Regions) -> EntityAnswers:
        """What was answered in an earlier month about the entities of a month: see `figures.trend`."""
        self.count(then)
        found: dict[tuple[Level, str], Answers] = {}
        for region in _each(None if regions is None else self.regions_then(month, then, regions)):
            found |= self._answers_of(then, region)
        return found

    def sums(self, month: Month, regions: Regions) -> MonthSums:
        """A month's sums by category, brand, product, customer: of some regions, or of all there are; kept."""
        known = self.region_names(month)
        wanted = known if regions is None else [one for one in known if one in regions]
        if wanted:
            return sums_together([self._sums_of(month, region) for region in wanted])
        return sums_of_region(self._sums_of(month, known[0]), NOBODY)  # of regions that there were not yet

    def like_sums(self, month: Month, own: Month, other: Month, regions: Regions) -> MonthSums:
        """A month's sums as they compare with another's, in a report on a third: of some regions, or of all."""
        where = None if regions is None else self.regions_then(month, own, regions)
        moved = self.moved(month, own, other, with_sums=True)
        like = like_sums(self.sums(own, where), moved, self.known(own), self.known(other))
        return like if regions is None else sums_of_regions(like, regions)

    def _sums_of(self, month: Month, region: str) -> MonthSums:
        return self._kept(SUMS, month, region, lambda: month_sums(self.facts_of(month, [region])))

    def lists(self, month: Month, regions: Regions) -> Mapping[str, pd.DataFrame]:
        """Cases, visits and customers behind a month's figures, of some regions or of all; each list is read when it
        is first looked at."""
        wanted = self.region_names(month) if regions is None else regions
        return OnDemand({name: partial(self._list, name, month, wanted) for name in LISTS})

    def _list(self, name: str, month: Month, regions: Sequence[str]) -> pd.DataFrame:
        return list_together(name, [self._list_of(name, month, one) for one in regions])

    def _list_of(self, name: str, month: Month, region: str) -> pd.DataFrame:
        return self._kept(_lists(name), month, region, lambda: lists_of(self.facts_of(month, [region]))[name])

    def forget_lists(self, month: Month) -> None:
        """They are long, and nobody needs them once the month is written."""
        self.store.forget_parts("lists", month)

    def compact(self) -> None:
        """Of closed months only that is kept which reports of later months need; the rows are in the ledger.

        A correction to a closed month brings its share back, as far as it is needed.
        """
        for month in self.known_months:
            behind = max(self.known_months) - month
            if behind > LOOK_BACK_MONTHS:
                self.shelf.forget(month)
            if behind > COMPARED_MONTHS:
                self.store.forget_parts(SUMS, month)

    def key(self, month: Month) -> str:
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
        leaves = [self.ledger.leaves_told_later(form, month).to_csv() for form in LEAVING]
        profile = self.settings.profile.model_dump_json()
        cases, sent = self.shelf.case_files(month), sorted(self.ledger.sent(month))
        return fingerprint([code_fingerprint(), profile, month, sorted(files), cases, names, sent, leaves])

    def counts_key(self, month: Month) -> str:
        """The fingerprint of all that a month's counts come from."""
        return fingerprint(self.key(month + -step) for step in range(LOOK_BACK_MONTHS + 1))


def levels_of(regions: Regions) -> Sequence[Level]:
    """The levels of the entities that something of some regions, or of the organisation, is about."""
    return ("organisation",) if regions is None else ("region", "manager")


def _each(regions: Regions) -> Sequence[str | None]:
    return [None] if regions is None else regions


def _lists(name: str) -> str:
    return f"lists-{name}"


def needed_months(month: Month) -> list[Month]:
    """The months whose counts a month's metrics and its 25 months of history need."""
    first = min(month + -24, Month(month.year - 1, 1))
    return [first + step for step in range(month - first + 1)]


def _without_rows(region: str) -> RegionScope:
    return RegionScope((region,), frozenset())
