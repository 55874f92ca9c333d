"""What the figures of a longer period need. A node is given the last known month of it, and its name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.figures.details import CUSTOMER_DETAILS
from pipeline.figures.over_period import months_beside
from pipeline.month import kept_for_periods, period_actions, period_forecasts, period_rules, periods
from pipeline.month.plan.nodes import FIGURES, Moves, moved_node, profile_in, sums_node, then_counts
from pipeline.month.shape import Shape
from pipeline.month.sources import Sources
from pipeline.month.whose import Regions
from pipeline.work.step import Needs, Node, Step, node
from schemas.form import carried_forms

OF_ENTITIES = ("period_fared", "period_rules", "period_actions")  # told of everybody, beside the figures


def period_node(shape: Shape, period: Period, step: str = "period_ranked") -> Node | None:
    """What a step makes of a period, as a rule its metrics; None where none of its months is known."""
    known = [one for one in period if one in shape.months]
    return node(step, known[-1], str(period)) if known else None


def period_nodes(shape: Shape, period: Period) -> Iterator[Node]:
    """What a period's report is made of, beside what is cut region by region."""
    for step in ("period_ranked", "period_scorecard", *OF_ENTITIES):
        wanted = period_node(shape, period, step)
        if wanted is not None:
            yield wanted


@dataclass(frozen=True)
class Periods:
    """Quarters, half-years and years."""

    shape: Shape
    sources: Sources
    moves: Moves

    def steps(self) -> Iterable[Step]:
        """Each step, with what it needs."""
        yield Step(
            "kept_since",
            periods.kept_since,
            lambda month, months, group: {"facts": node("facts", month, group), "figures": FIGURES},
            "task",
        )
        yield Step("kept_over", periods.kept_over, self._kept_over, "task")
        yield Step("period_metrics", periods.metrics_of_period, self._metrics, "report")
        yield Step("period_ranked", periods.ranked_period, self._ranked, "process")
        yield Step("period_homes", periods.homes_over, self._homes, "process")
        yield Step("period_scorecard", periods.scorecard_of_period, self._scorecard, "process")
        yield Step("period_sums", periods.sums_of_period, self._sums, "task")
        yield Step("period_details", periods.details_of_period, self._details, "task")
        yield Step(
            "rules_found",
            period_rules.rules_found,
            lambda month: {"findings": node("all_findings", month)},
            "ledger",
        )
        yield Step(
            "told_of_month",
            kept_for_periods.told_of_month,
            lambda month: {"metrics": node("ranked", month)},
            "ledger",
        )
        yield Step("period_rules", period_rules.rules_of_period, self._rules)
        yield Step("period_actions", period_actions.actions_of_period, self._actions)
        yield Step("period_fared", period_forecasts.fared_in_period, self._fared)

    def _kept_over(self, month: Month, months: int, regions: Regions) -> Needs:
        return {"kept": [node("kept_since", month, months, group) for group in self.shape.groups(month)]}

    def _months(self, period: Period) -> list[Month]:
        return [one for one in period if one in self.shape.months]

    def _pairs(self, period: Period) -> list[tuple[Month, Month]]:
        """The months of a period, each with those beside which it stands, as far as both are known."""
        pairs = (
            months_beside(period, base, self.shape.months).items() for base in (period.before, period.year_ago)
        )
        return list(dict.fromkeys(pair for some in pairs for pair in some))

    def _metrics(self, month: Month, name: str, regions: Regions) -> Needs:
        period = Period.parse(name)
        bases = (period.before, period.year_ago)
        own = self._months(period)
        counted = dict.fromkeys([*own, *(one for base in bases for one in self._months(base))])
        ends = [one.last for one in (period, *bases) if one.last in self.shape.months]
        return {
            "counts": {one: then_counts(self.shape, month, one, regions) for one in counted},
            "kept": {last: node("kept_over", last, period.length, regions) for last in dict.fromkeys(ends)},
            "sides": {pair: node("sides", month, *pair, regions) for pair in self._pairs(period)},
            "metrics": {one: node("told_of_month", one) for one in own},
            "known": {one: node("known", one) for one in own},
            "regions_then": {one: node("regions", one) for one in own},
            "targets": {one: node("targets", one) for one in own},
            "figures": FIGURES,
            "profile": profile_in(month),
        }

    def _regions(self, period: Period) -> tuple[str, ...]:
        """All regions of a period: one may have ceased in it."""
        return tuple(sorted({region for one in self._months(period) for region in self.shape.names(one)}))

    def _ranked(self, month: Month, name: str) -> Needs:
        about: list[Regions] = [None, self._regions(Period.parse(name))]
        return {
            "metrics": [node("period_metrics", month, name, one) for one in about],
            "homes": node("period_homes", month, name),
            "gone": {one: node("gone", one) for one in self._months(Period.parse(name))},
            "inner": node("inner", month), "figures": FIGURES, "profile": profile_in(month),
        }  # fmt: skip

    def _homes(self, month: Month, name: str) -> Needs:
        return {"regions_then": {one: node("regions", one) for one in self._months(Period.parse(name))}}

    def _scorecard(self, month: Month, name: str) -> Needs:
        return {
            "metrics": node("period_ranked", month, name), "figures": FIGURES, "profile": profile_in(month),
            "homes": node("period_homes", month, name),
            "gone": {one: node("gone", one) for one in self._months(Period.parse(name))},
        }  # fmt: skip

    def _sums(self, month: Month, name: str, regions: Regions) -> Needs:
        period = Period.parse(name)
        both = [(own, other) for pair in self._pairs(period) for own, other in (pair, pair[::-1])]
        return {
            "now": {one: self._sums_then(month, one, regions) for one in self._months(period)},
            "sums": {pair: self._sums_then(month, pair[0], regions) for pair in both},
            "moved": {pair: moved_node(self.moves, month, *pair, with_sums=True) for pair in both},
            "known": {one: node("known", one) for pair in both for one in pair},
        }

    def _sums_then(self, month: Month, then: Month, regions: Regions) -> Node:
        return sums_node(self.shape, then, self.shape.then(month, then, regions))

    def _details(self, month: Month, name: str, regions: Regions) -> Needs:
        return {
            "compared": node("period_sums", month, name, regions),
            "products": node("master", "products", month),
            "customers": node("customers", month, *CUSTOMER_DETAILS),
            "missing_months": node("missing_months", month, regions),
        }

    def _rules(self, month: Month, name: str) -> Needs:
        return {"months": {one: node("rules_found", one) for one in self._months(Period.parse(name))}}

    def _actions(self, month: Month, name: str) -> Needs:
        months = [one for one in sorted(self.shape.months) if one <= Period.parse(name).last]
        carried = [form.key for form in carried_forms(self.shape.ledger.forms)]
        return {
            "rows": {(form, one): node("form_rows", form, one) for form in carried for one in months},
            "forms": node("forms"),
        }

    def _fared(self, month: Month, name: str) -> Needs:
        own = self._months(Period.parse(name))
        made_in = [one.before for one in own if one.before in self.shape.months]
        issued = {one: "issued_first" if self.sources.issued_files(one) else "backfilled" for one in made_in}
        return {
            "issued": [node(step, one) for one, step in issued.items()],
            "outlooks": [node("outlooks", one) for one in made_in],
            "came": [node("came", one) for one in own],
        }
