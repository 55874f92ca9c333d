"""What rules look at: a month's metrics and the lists behind them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.figure import LEVELS, Figure, Level
from pipeline.contract.report import ORGANISATION_ID
from schemas.profile import Profile

if TYPE_CHECKING:
    from pipeline.figures.details import MonthDetails

Row = dict[str, Any]
LISTED_EACH = 3  # findings of one rule and entity that are told; the rest is counted


@dataclass(frozen=True)
class Top:
    """One of the weightiest rows of a list for one entity; the first of them says how many `more` of the
    kind there are, listed or not."""

    level: Level
    entity_id: str
    row: Row
    more: int


@dataclass(frozen=True)
class Evidence:
    """A month as rules see it: metrics (METRIC_COLUMNS), details, names (level, entity_id, name), and the actions
    that are not done (the columns of `pipeline.month.open_actions`; None where nobody looked).

    What is found is found of entities of `levels`; the rows are all theirs, and metrics no others'.
    """

    month: Month
    metrics: pd.DataFrame
    figures: tuple[Figure, ...]
    profile: Profile
    details: "MonthDetails"
    names: pd.DataFrame
    open_actions: pd.DataFrame | None = None
    levels: Sequence[Level] = LEVELS

    def limit(self, threshold: str) -> float:
        """The profile's threshold of this name, in the unit of its figure."""
        return self.profile.thresholds[threshold]

    def figure(self, key: str) -> Figure:
        """The declaration of a figure."""
        return {figure.key: figure for figure in self.figures}[key]

    @cached_property
    def _by_figure(self) -> dict[str, pd.DataFrame]:
        return {str(key): rows for key, rows in self.metrics.groupby("figure", sort=False)}

    def of_figure(self, key: str) -> pd.DataFrame:
        """The metrics of one figure, a row an entity; no rows where nothing is known of it."""
        return self._by_figure.get(key, self.metrics.iloc[:0])

    @cached_property
    def customer_names(self) -> pd.Series:
        """The name of each customer that has one, by customer_id."""
        known = self.details.customers.dropna(subset=["customer_name"])
        return known.set_index("customer_id")["customer_name"]

    @cached_property
    def product_names(self) -> dict[str, str]:
        """The name of each product that has one, by product_id."""
        known = self.details.products.dropna(subset=["product_name"])
        return dict(zip(known["product_id"], known["product_name"], strict=True))

    @cached_property
    def manager_names(self) -> dict[str, str]:
        """The name of each manager, by manager_id; the code where no name is known."""
        managers = self.names[self.names["level"] == "manager"]
        return dict(zip(managers["entity_id"], managers["name"].fillna(managers["entity_id"]), strict=True))

    def customer(self, code: str) -> str:
        """A customer's name with its code; a space between them after a Latin name."""
        name = self.customer_names.get(code)
        return code if name is None else f"{name}{' ' if name.isascii() else ''}({code})"

    def product(self, code: str) -> str:
        """A product's name, or its code where it has none."""
        return self.product_names.get(code, code)

    def manager(self, code: str) -> str:
        """A manager's name; the code where no name is known."""
        return self.manager_names.get(code, code)

    def region(self, code: str) -> str:
        """A region's name, or its code where it has none."""
        regions = self.names[(self.names["level"] == "region") & (self.names["entity_id"] == code)][
            "name"
        ].dropna()
        return str(regions.iloc[0]) if len(regions) else code

    def pair(self, name: str, when: str) -> tuple[pd.DataFrame, pd.DataFrame] | None:
        """The sums of the month and of one it is compared with, like with like; None where that is not known."""
        pair = self.details.compared.pair(when)
        return None if pair is None else (pair[0].details[name], pair[1].details[name])

    def pair_of_sales(
        self, level: Level, entity_id: str, against: str = ""
    ) -> tuple[str, tuple[pd.DataFrame, pd.DataFrame] | None]:
        """Which month sales are held against (`against`, else last year's where it is known), and both sums by
        product."""
        for when in (against,) if against else ("last_year", "previous"):
            pair = self.pair("sales_by_product", when)
            if pair is not None:
                return when, (own(pair[0], level, entity_id), own(pair[1], level, entity_id))
        return "", None


def own(frame: pd.DataFrame, level: Level, entity_id: str) -> pd.DataFrame:
    """The rows of one entity."""
    return frame if level == "organisation" else frame[frame[f"{level}_id"] == entity_id]


def top_rows(
    frame: pd.DataFrame,
    weight: str,
    then: str,
    *,
    levels: Sequence[Level],
    each: int = LISTED_EACH,
) -> Iterator[Top]:
    """The weightiest rows for every entity of these levels.

    Args:
        frame: rows with region_id and manager_id.
        weight: the column to order by, greatest first; `then` breaks ties.
        levels: those that the frame is for.
        each: how many to give for an entity.
    """
    ordered = frame.sort_values([weight, then], ascending=[False, True])
    for level in levels:
        yield from _top_of_level(ordered, level, each)


def _top_of_level(ordered: pd.DataFrame, level: Level, each: int) -> Iterator[Top]:
    whole = level == "organisation"
    entity = pd.Series(ORGANISATION_ID, index=ordered.index) if whole else ordered[f"{level}_id"]
    place = ordered.groupby(entity).cumcount()
    sizes = entity.value_counts()
    chosen = ordered[place < each].assign(_entity=entity, _place=place)
    for row in records(chosen):
        code = row["_entity"]
        more = int(sizes[code]) - 1 if row["_place"] == 0 else 0
        yield Top(level, str(code), {str(name): value for name, value in row.items()}, more)
