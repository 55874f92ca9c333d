"""What the figures of a longer period need. A node is given the last known month of it, and its name."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.figures.over_period import months_beside
from pipeline.month import periods
from pipeline.month.plan.nodes import FIGURES, PROFILE, then_counts
from pipeline.month.shape import Shape
from pipeline.month.whose import Regions
from pipeline.work.step import Needs, Node, Step, node


def period_node(shape: Shape, period: Period) -> Node | None:
    """The metrics of a period; None where none of its months is known."""
    known = [one for one in period if one in shape.months]
    return node("period_ranked", known[-1], str(period)) if known else None


@dataclass(frozen=True)
class Periods:
    """Quarters, half-years and years."""

    shape: Shape

    def steps(self) -> Iterable[Step]:
        """Each step, with what it needs."""
        yield Step(
            "kept_since",
            periods.kept_since,
            lambda month, months, group: {"facts": node("facts", month, group), "figures": FIGURES},
            "task",
        )
        yield Step("kept_over", periods.kept_over, self._kept_over, "task")
        yield Step("period_metrics", periods.metrics_of_period, self._metrics, "task")
        yield Step("period_ranked", periods.ranked_period, self._ranked, "task")

    def _kept_over(self, month: Month, months: int, regions: Regions) -> Needs:
        return {"kept": [node("kept_since", month, months, group) for group in self.shape.groups(month)]}

    def _months(self, period: Period) -> list[Month]:
        return [one for one in period if one in self.shape.months]

    def _metrics(self, month: Month, name: str, regions: Regions) -> Needs:
        period = Period.parse(name)
        bases = (period.before, period.year_ago)
        own = self._months(period)
        counted = dict.fromkeys([*own, *(one for base in bases for one in self._months(base))])
        pairs = [pair for base in bases for pair in months_beside(period, base, counted).items()]
        ends = [one.last for one in (period, *bases) if one.last in self.shape.months]
        return {
            "counts": {one: then_counts(self.shape, month, one, regions) for one in counted},
            "kept": {last: node("kept_over", last, period.length, regions) for last in dict.fromkeys(ends)},
            "sides": {pair: node("sides", month, *pair, regions) for pair in dict.fromkeys(pairs)},
            "metrics": {one: node("ranked", one) for one in own},
            "known": {one: node("known", one) for one in own},
            "regions_then": {one: node("regions", one) for one in own},
            "figures": FIGURES,
            "profile": PROFILE,
        }

    def _ranked(self, month: Month, name: str) -> Needs:
        own = self._months(Period.parse(name))
        about: list[Regions] = [None, self.shape.names(month)]
        return {
            "metrics": [node("period_metrics", month, name, one) for one in about],
            "regions_then": {one: node("regions", one) for one in own},
            "gone": {one: node("gone", one) for one in own},
            "inner": node("inner", month), "figures": FIGURES, "profile": PROFILE,
        }  # fmt: skip
