"""What is compared with what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.base.calendar import Month
from pipeline.figures.metrics import months_compared
from pipeline.figures.own_targets import with_own_targets
from pipeline.month import comparing
from pipeline.month.plan.nodes import (
    FIGURES,
    Moves,
    counts_node,
    like_by_managers,
    like_node,
    moved_node,
    profile_in,
    sums_node,
    then_counts,
)
from pipeline.month.shape import Shape
from pipeline.month.whose import Regions
from pipeline.work.step import Needs, Node, Step, node

_GRADED = ("customer_id", "manager_id", "grade")


@dataclass(frozen=True)
class Comparing:
    """A month beside others, like with like."""

    shape: Shape
    moves: Moves

    def steps(self) -> Iterable[Step]:
        """Each step, with what it needs."""
        yield Step(
            "like_as_counted", comparing.like_as_counted, lambda *given: {"counts": self._counts(*given)}, "task"
        )
        yield Step("like_of_regions", comparing.like_of_regions, self._like_of_regions, "task")
        yield Step("like_of_whole", comparing.like_of_whole, self._like_of_whole, "task")
        yield Step("like_by_product", comparing.like_by_product, self._like_by_product, "task")
        yield Step("sums_like", comparing.sums_like, self._sums_like, "task")
        yield Step("sides", comparing.sides, self._sides, "task")
        yield Step(
            "targets",
            with_own_targets,
            lambda month: {
                **{form: node("master", form, month) for form in ("targets", "managers")},
                "inner": node("inner", month), "exempt": node("exempt", month),
                "regions": node("regions", month), "figures": FIGURES, "profile": profile_in(month),
            },
            "task",
        )  # fmt: skip
        yield Step("metrics", comparing.metrics_of, self._metrics, "report")
        yield Step("ranked", comparing.ranked_metrics, self._ranked, "report")
        yield Step("inner", comparing.inner_levels, self._inner, "task")
        yield Step(
            "gone",
            comparing.gone_before,
            lambda month: {"managers": node("master", "managers", month), "known": node("known", month)},
        )
        yield Step(
            "flags",
            comparing.flags_changed,
            lambda month, then: {"products": [node("master", "products", one) for one in (month, then)]},
            "task",
        )
        yield Step("table_of_flags", comparing.table_of_flags, self._table_of_flags, "task")
        yield Step(
            "grades",
            comparing.grades_changed,
            lambda month, then: {"customers": [node("customers", one, *_GRADED) for one in (month, then)]},
            "task",
        )
        yield Step("table_of_grades", comparing.table_of_grades, self._table_of_grades, "task")

    def _counts(self, month: Month, own: Month, other: Month, regions: Regions) -> Node:
        return then_counts(self.shape, month, own, regions)

    def _known(self, own: Month, other: Month) -> Sequence[Node]:
        return [node("known", own), node("known", other)]

    def _like_of_regions(self, month: Month, own: Month, other: Month, regions: Regions) -> Needs:
        return {
            "counts": self._counts(month, own, other, regions), "moved": moved_node(self.moves, month, own, other),
            "known": self._known(own, other), "figures": FIGURES,
        }  # fmt: skip

    def _like_of_whole(self, month: Month, own: Month, other: Month, regions: Regions) -> Needs:
        return {
            "counts": {one: counts_node(own, one) for one in self.shape.names(own)},
            "moved": moved_node(self.moves, month, own, other), "regions_then": node("regions", own),
            "known": self._known(own, other), "figures": FIGURES,
        }  # fmt: skip

    def _like_by_product(self, month: Month, own: Month, other: Month, regions: Regions) -> Needs:
        return {
            "like": like_by_managers(self.shape, month, own, other, regions),
            "sums": node("sums_like", month, own, other, regions), "products": node("master", "products", month),
            "figures": FIGURES,
        }  # fmt: skip

    def _sums_like(self, month: Month, own: Month, other: Month, regions: Regions) -> Needs:
        return {
            "sums": sums_node(self.shape, own, self.shape.then(month, own, regions)),
            "moved": moved_node(self.moves, month, own, other, with_sums=True), "known": self._known(own, other),
        }  # fmt: skip

    def _sides(self, month: Month, now: Month, base: Month, regions: Regions) -> Needs:
        pairs = ((now, base), (base, now))
        return {"like": [like_node(self.shape, month, own, other, regions) for own, other in pairs]}

    def _metrics(self, month: Month, regions: Regions) -> Needs:
        needed = [one for one in {month, *months_compared(month)} if one in self.shape.months]
        pairs = [
            (month, month.before),
            (month, month.year_ago),
            *((one, one.year_ago) for one in month.year_to_date()),
        ]
        known = dict.fromkeys(pair for pair in pairs if all(one in needed for one in pair))
        return {
            "counts": {one: then_counts(self.shape, month, one, regions) for one in needed},
            "told": node("told", month),
            "targets": node("targets", month),
            "sides": {pair: node("sides", month, *pair, regions) for pair in known},
            "missing": node("missing", month, regions),
            "figures": FIGURES,
            "profile": profile_in(month),
        }

    def _ranked(self, month: Month) -> Needs:
        about = [None, *self.shape.groups(month)]
        return {
            "metrics": [node("metrics", month, one) for one in about], "figures": FIGURES, "profile": profile_in(month),
            "regions": node("regions", month), "gone": node("gone", month), "inner": node("inner", month),
        }  # fmt: skip

    def _inner(self, month: Month) -> Needs:
        return {
            "masters": {form: node("master", form, month) for form in self.shape.forms_of_inner},
            "regions": node("regions", month), "profile": profile_in(month),
        }  # fmt: skip

    def _table_of_flags(self, month: Month, regions: Regions) -> Needs:
        compared = self.shape.compared(month)
        return {
            "flags": {when: node("flags", month, one) for when, one in compared.items()},
            "regions_now": node("regions", month),
        }

    def _table_of_grades(self, month: Month, regions: Regions) -> Needs:
        compared = {
            when: one
            for when, one in self.shape.compared(month).items()
            if self.shape.has_column("customers", "grade") and not self.shape.same_customers(month, one)
        }
        return {
            "grades": {when: node("grades", month, one) for when, one in compared.items()},
            "regions_now": node("regions", month),
        }
