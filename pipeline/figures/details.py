"""Further frames of a month, beside the metrics: who or what stands behind a figure.

`details_of_month` gathers the frames of some regions or of all, by manager; `cut_details` cuts out what one region,
manager or the organisation may see and adds it up. Codes stand as they are stored; the sheets find their labels.

Frames: the lists and sums that the trade's subjects declare (`behind`); growth_effects and growth_by_customers (see
`growth`); customers_moved (`moves`), missing_months (`missing`), satisfaction_trend and satisfaction_change (`trend`),
january_and_february (`metrics`, from February on).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import OnDemand
from pipeline.base.rows_by_key import rows_by_key
from pipeline.contract.behind import all_added_up
from pipeline.contract.figure import LEVELS, Figure, Level
from pipeline.contract.listing import AddedUp
from pipeline.figures.count import MonthCounts
from pipeline.figures.detail_sums import COMPARED, tables_by_level
from pipeline.figures.growth import GROWTH, growth_tables
from pipeline.figures.metrics import (
    Comparisons,
    comparable_figures,
    comparisons_as_counted,
    festival_months,
    figures_in,
    january_and_february,
)
from pipeline.figures.parts import MonthSums
from pipeline.figures.slices import Slices, slices_by_level, slices_of_rows, slices_of_tables
from pipeline.figures.trend import (
    AnswerPairs,
    MonthAnswers,
    answers_by_entity,
    satisfaction_change,
    satisfaction_trend,
)

CUSTOMER_DETAILS = ("customer_id", "customer_name", "joined_on")  # what details need of the master data


@dataclass(frozen=True)
class Compared:
    """A month's sums with those of the months it is compared with; None where a month is not known.

    `previous` and `last_year` are like with like (see `comparable`), as are `like_previous` and `like_last_year`: the
    month itself over those known in both, where that is not all. `moved` by "previous" and "last_year": what that
    month sold to customers that have moved since (see `comparable.moved_sales`).
    """

    now: MonthSums
    previous: MonthSums | None = None
    last_year: MonthSums | None = None
    like_previous: MonthSums | None = None
    like_last_year: MonthSums | None = None
    moved: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, MonthSums | None]:
        """By "now", "previous", "last_year", and "like_previous", "like_last_year" where they are not the month's."""
        likes = {"like_previous": self.like_previous, "like_last_year": self.like_last_year}
        given = {when: one for when, one in likes.items() if one is not None}
        return {"now": self.now, "previous": self.previous, "last_year": self.last_year, **given}

    def pair(self, when: str) -> tuple[MonthSums, MonthSums] | None:
        """The month and one it is compared with, like with like."""
        base = self.previous if when == "previous" else self.last_year
        like = self.like_previous if when == "previous" else self.like_last_year
        return None if base is None else (like or self.now, base)


@dataclass(frozen=True)
class EntityDetails:
    """What follows from counts alone. `by_entity` by name: frames with level and entity_id; `answers`: see `trend`."""

    by_entity: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    answers: MonthAnswers = field(default_factory=dict)

    def of(self, entities: Collection[tuple[str, str]]) -> "EntityDetails":
        """That of these entities alone."""
        own = frozenset(entities)
        keys = ("level", "entity_id")
        frames = {name: rows_by_key(rows, keys).of(own) for name, rows in self.by_entity.items()}
        answers = {
            month: {key: given for key, given in every.items() if key in own}
            for month, every in self.answers.items()
        }
        return EntityDetails(frames, answers)


@dataclass(frozen=True)
class MonthDetails:
    """All that reports of some regions, or of all, are cut from.

    `sums` by name and month ("now", "previous", "last_year"; `Compared.known`): a frame by region_id, manager_id and
    key with whole measures, None for an unknown month; `compared` holds them and the sums by customer. `lists` by name:
    one row per case, visit or customer, with region_id and manager_id. `products` and `customers` are the month's
    master data, whosever they are.
    """

    month: Month
    compared: Compared
    lists: Mapping[str, pd.DataFrame]
    products: pd.DataFrame
    customers: pd.DataFrame
    entities: EntityDetails

    @property
    def sums(self) -> Mapping[str, Mapping[str, pd.DataFrame | None]]:
        """Each sum by its name, of the month and of those it is compared with; None where that month is not known."""
        known = self.compared.known

        def months(name: str) -> Mapping[str, pd.DataFrame | None]:
            return {when: None if one is None else one.details[name] for when, one in known.items()}

        return OnDemand({name: partial(months, name) for name in self.compared.now.details})


def details_of_month(
    compared: Compared,
    lists: Mapping[str, pd.DataFrame],
    masters: Mapping[str, pd.DataFrame],
    entities: EntityDetails,
) -> MonthDetails:
    """Every frame of a month.

    Args:
        compared: the month's sums and those it is compared with.
        lists: what `detail_lists.lists_of` makes of the month.
        masters: the month's customers and products.
        entities: what follows from counts alone.
    """
    return MonthDetails(
        compared.now.month,
        compared,
        lists,
        masters["products"][["product_id", "product_name", *reversed(compared.now.groups)]],
        masters["customers"][list(CUSTOMER_DETAILS)].drop_duplicates("customer_id"),
        entities,
    )


def entity_details(
    month: Month,
    counts: Mapping[Month, MonthCounts],
    figures: Sequence[Figure],
    told: Mapping[Month, frozenset[str]] | None = None,
    answers: MonthAnswers | None = None,
    levels: Sequence[Level] = LEVELS,
    *,
    beside: Comparisons | None = None,
    pairs: Mapping[str, AnswerPairs] | None = None,
) -> EntityDetails:
    """Trend and change of satisfaction, and the sum of January and February, of every entity.

    Args:
        month: the month to report.
        counts: those of this month and of as many before as are known; where `told` and `answers` are given, of
            January and February of this year and the last.
        figures: those that the sum of January and February is made for.
        told: the figures that each month has in the whole organisation.
        answers: see `trend`.
        levels: of which entities.
        beside: the comparisons of February, like with like, with who is missing in the month; without them as counted.
        pairs: the answers compared, like with like: see `trend`.
    """
    known = {one: figures_in(its) for one, its in counts.items()} if told is None else told
    given = {one: answers_by_entity(its, levels) for one, its in counts.items()} if answers is None else answers
    february = festival_months(month)[1]
    comparable = comparable_figures(february, known, figures)
    like = beside or comparisons_as_counted(february, counts)
    both = january_and_february(month, counts, figures, comparable, like.to_date, levels)
    by_entity = {"january_and_february": both, "missing_reports": like.missing}
    if month in given:
        by_entity["satisfaction_change"] = satisfaction_change(month, given, pairs)
    return EntityDetails(by_entity, given)


@dataclass(frozen=True)
class CutDetails:
    """The details of a month cut up by entity, for the levels asked for."""

    details: MonthDetails
    slices: Mapping[str, Slices]

    def of(
        self, level: Level, entity_id: str, beside: Mapping[str, Callable[[], pd.DataFrame]] | None = None
    ) -> Mapping[str, pd.DataFrame]:
        """The frames of one entity, each by its name, nothing of others in them; `beside` are loaders of more."""
        loaders: dict[str, Callable[[], pd.DataFrame]] = {
            name: partial(self._frame, name, level, entity_id) for name in self.slices
        }

        def own(name: str) -> pd.DataFrame:
            return self._frame(name, level, entity_id)

        loaders |= {
            name: partial(_added_up, one, own) for name, one in all_added_up().items() if one.of in self.slices
        }
        loaders["satisfaction_trend"] = lambda: satisfaction_trend(
            self.details.month, self.details.entities.answers, level, entity_id
        )
        return OnDemand({**loaders, **(beside or {})})

    def _frame(self, name: str, level: Level, entity_id: str) -> pd.DataFrame:
        return self.slices[name].of(level, entity_id)


def _added_up(one: AddedUp, own: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    return one.make(own(one.of))


def cut_details(details: MonthDetails, levels: Sequence[Level] = LEVELS) -> CutDetails:
    """Cuts a month's details up for every entity of these levels, each frame when it is first looked at."""
    sums = details.sums

    @cache
    def growth() -> Mapping[str, Mapping[Level, pd.DataFrame]]:
        pairs = {when: pair for when in COMPARED if (pair := details.compared.pair(when)) is not None}
        return growth_tables(
            pairs, details.customers.set_index("customer_id")["joined_on"], details.compared.moved, levels
        )

    def table(name: str) -> Slices:
        return slices_of_tables(tables_by_level(name, sums[name], details.products, levels))

    slices: dict[str, Callable[[], Slices]] = {name: partial(table, name) for name in sums}
    slices |= {name: partial(_list_slices, details.lists, name, levels) for name in details.lists}
    slices |= {name: partial(_growth_slices, growth, name) for name in GROWTH}
    by_entity = details.entities.by_entity
    slices |= {name: partial(slices_by_level, frame, levels) for name, frame in by_entity.items()}
    return CutDetails(details, OnDemand(slices))


def _list_slices(lists: Mapping[str, pd.DataFrame], name: str, levels: Sequence[Level]) -> Slices:
    return slices_of_rows(lists[name], levels)


def _growth_slices(growth: Callable[[], Mapping[str, Mapping[Level, pd.DataFrame]]], name: str) -> Slices:
    return slices_of_tables(growth()[name])


__all__ = [
    "COMPARED", "Compared", "CutDetails", "EntityDetails", "MonthDetails", "cut_details", "details_of_month",
    "entity_details",
]  # fmt: skip
