"""Whose customers moved, and who is missing."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.base.calendar import Month
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.month import missing, moving
from pipeline.month.plan.nodes import (
    FIGURES,
    Moves,
    counts_node,
    moved_node,
    sums_node,
)
from pipeline.month.shape import Shape
from pipeline.month.whose import Regions
from pipeline.work.step import Needs, Step, node

_MOVES = ("manager_id", "customer_id", "joined_on", "left_on", "status")


@dataclass(frozen=True)
class Moving:
    """Customers that moved to other managers."""

    shape: Shape
    moves: Moves

    def steps(self) -> Iterable[Step]:
        """Each step, with what it needs."""
        yield Step(
            "owners",
            moving.owners_of,
            lambda month: {"customers": node("customers", month, *MANAGER_CUSTOMER)},
            "task",
        )
        yield Step("moved_pairs", moving.pairs_moved, self._pairs, "wanted")
        yield Step("moved_counts", moving.counts_moved, self._counted, "wanted", unit=_moved_unit)
        yield Step("moved_sums", moving.sums_moved, self._summed, "wanted", unit=_moved_unit)
        yield Step(
            "nobody_moved", moving.nobody_moved, lambda month, own, other: {"regions": node("regions", month)}
        )
        yield Step("moved", moving.moved, self._moved, "task")
        yield Step("moved_with_sums", moving.moved, self._moved_with_sums, "task")
        yield Step("sales_moved", moving.sales_moved, self._sales_moved, "task")
        yield Step("customers_moved", moving.customers_moved, self._customers_moved, "task")
        yield Step("table_of_moves", moving.table_of_moves, self._table, "task")

    def _pairs(self, own: Month, month: Month, other: Month) -> Needs:
        return {
            "owners": {one: node("owners", one) for one in (own, month, other)},
            "known": [node("known", own), node("known", other)],
        }

    def _counted(self, *given: Month) -> Needs:
        scores = [node("scores", given[0], one) for one in self.shape.names(given[0])]
        return {
            "pairs": node("moved_pairs", *given), "facts": node("moved_facts", *given), "scores": scores,
            "figures": FIGURES,
        }  # fmt: skip

    def _summed(self, *given: Month) -> Needs:
        return {"pairs": node("moved_pairs", *given), "facts": node("moved_facts", *given)}

    def _moved(self, month: Month, own: Month, other: Month) -> Needs:
        return {
            "regions": node("regions", month), "pairs": node("moved_pairs", own, month, other),
            "counts": node("moved_counts", own, month, other),
        }  # fmt: skip

    def _moved_with_sums(self, month: Month, own: Month, other: Month) -> Needs:
        return {**self._moved(month, own, other), "sums": [node("moved_sums", own, month, other)]}

    def _sales_moved(self, month: Month, then: Month, regions: Regions) -> Needs:
        before = self.shape.then(month, then, regions)
        where = None if regions is None or before is None else tuple(sorted({*regions, *before}))
        return {
            "sums": sums_node(self.shape, then, where),
            "moved": moved_node(self.moves, month, then, month, with_sums=True),
            "regions_then": node("regions", then),
        }

    def _customers_moved(self, month: Month, then: Month) -> Needs:
        return {
            "customers": node("customers", then, *_MOVES), "owners": node("owners", month),
            "regions_then": node("regions", then), "regions": node("regions", month),
        }  # fmt: skip

    def _table(self, month: Month, regions: Regions) -> Needs:
        compared = {} if regions is None else self.shape.compared(month)
        return {"moved": {when: node("customers_moved", month, one) for when, one in compared.items()}}


def _moved_unit(*given: Month) -> object:
    return ("moved", *given)


@dataclass(frozen=True)
class Missing:
    """Who has not sent what."""

    shape: Shape
    moves: Moves

    def steps(self) -> Iterable[Step]:
        """Each step, with what it needs."""
        yield Step("counted_then", missing.counted_then, self._counted_then, "task")
        yield Step("missing", missing.missing_in, self._missing, "task")
        yield Step("missing_before", missing.missing_before, self._before, "task")
        yield Step("missing_months", missing.missing_months, self._months, "task")

    def _counted_then(self, month: Month, then: Month, regions: Regions) -> Needs:
        where = self.shape.names(then) if regions is None else self.shape.then(month, then, regions)
        return {
            "counts": {one: counts_node(then, one) for one in where or ()},
            "moved": moved_node(self.moves, month, then, then), "regions_then": node("regions", then),
            "figures": FIGURES,
        }  # fmt: skip

    def _missing(self, month: Month, regions: Regions) -> Needs:
        compared = self.shape.compared(month) if self.shape.known(month).missing else {}
        return {
            "known": node("known", month), "regions_now": node("regions", month),
            "before": {when: node("counted_then", month, one, regions) for when, one in compared.items()},
            "figures": FIGURES,
        }  # fmt: skip

    def _before(self, month: Month, regions: Regions) -> Needs:
        compared = self.shape.compared(month)
        return {
            "known": node("known", month), "regions_now": node("regions", month),
            "before": {when: node("known", one) for when, one in compared.items()},
        }  # fmt: skip

    def _months(self, month: Month, regions: Regions) -> Needs:
        months = self.shape.months_of(month)
        return {
            "known": {one: node("known", one) for one in months},
            "regions_then": {one: node("regions", one) for one in months},
        }
