"""What stands beside figures."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.base.calendar import Month
from pipeline.figures.details import CUSTOMER_DETAILS
from pipeline.figures.metrics import festival_months
from pipeline.figures.trend import LONGEST_MEAN
from pipeline.month import detailing
from pipeline.month.plan.nodes import (
    FIGURES,
    each,
    like_node,
    sums_node,
    then_answers,
    then_counts,
)
from pipeline.month.shape import Shape
from pipeline.month.whose import Regions
from pipeline.work.step import Needs, Step, node


@dataclass(frozen=True)
class Detailing:
    """What stands beside figures."""

    shape: Shape

    def steps(self) -> Iterable[Step]:
        """Each step, with what it needs."""
        yield Step("compared", detailing.sums_compared, self._compared, "task")
        yield Step("like_answers", detailing.like_answers, self._like_answers, "task")
        yield Step("answer_pairs", detailing.answer_pairs, self._answer_pairs, "task")
        yield Step("satisfaction_changes", detailing.satisfaction_changes, self._changes, "task")
        yield Step("entities", detailing.entities_of, self._entities, "task")
        yield Step("details", detailing.details_of, self._details("entities"))
        yield Step("rule_details", detailing.details_of, self._details("satisfaction_changes"))
        yield Step("some_values", detailing.some_values, self._some_values)
        yield Step("history", detailing.history_of, self._history)

    def _compared(self, month: Month, regions: Regions) -> Needs:
        known = self.shape.compared(month)
        beside = [when for when, one in known.items() if self.shape.somebody_is_missing(month, one)]
        return {
            "now": sums_node(self.shape, month, regions),
            "base": {when: node("sums_like", month, one, month, regions) for when, one in known.items()},
            "like": {when: node("sums_like", month, month, known[when], regions) for when in beside},
            "moved": {when: node("sales_moved", month, one, regions) for when, one in known.items()},
        }

    def _like_answers(self, month: Month, own: Month, other: Month, regions: Regions) -> Needs:
        return {
            "counts": then_counts(self.shape, month, own, regions),
            "like": like_node(self.shape, month, own, other, regions),
            "answers": then_answers(self.shape, month, own, regions),
        }

    def _answer_pairs(self, month: Month, regions: Regions) -> Needs:
        known = self.shape.compared(month)
        return {
            "now": {when: node("like_answers", month, month, one, regions) for when, one in known.items()},
            "base": {when: node("like_answers", month, one, month, regions) for when, one in known.items()},
        }

    def _changes(self, month: Month, regions: Regions) -> Needs:
        window = {month.year_ago, *(month + -back for back in range(LONGEST_MEAN))}
        return {
            "answers": {
                one: then_answers(self.shape, month, one, regions) for one in sorted(window & self.shape.months)
            },
            "pairs": node("answer_pairs", month, regions),
            "missing": node("missing", month, regions),
        }

    def _entities(self, month: Month, regions: Regions) -> Needs:
        pairs = [(one, one.year_ago) for one in festival_months(month)] if month.month > 1 else []
        months = [one for pair in pairs for one in pair if one in self.shape.months]
        known = [pair for pair in pairs if all(one in months for one in pair)]
        tables = {
            "missing_before": node("missing_before", month, regions),
            "missing_months": node("told_less", month),
        }
        tables["customers_moved"] = node("table_of_moves", month, regions)
        tables["changed_flags"] = node("table_of_flags", month, regions)
        tables["changed_grades"] = node("table_of_grades", month, regions)
        tables["incomplete_months"] = node("incomplete_months", month)
        tables["restated_months"] = node("changed_months", month)
        return {
            "counts": {one: then_counts(self.shape, month, one, regions) for one in months},
            "festival": [node("sides", month, *pair, regions) for pair in known],
            "missing": node("missing", month, regions),
            "answers": {one: then_answers(self.shape, month, one, regions) for one in self.shape.months_of(month)},
            "pairs": node("answer_pairs", month, regions),
            "told": node("told", month),
            "figures": FIGURES,
            "tables": tables,
        }

    def _details(self, entities: str):  # type: ignore[no-untyped-def]
        return lambda month, regions: {
            "compared": node("compared", month, regions),
            "lists": {name: node("some_rows", month, regions, name) for name in self.shape.lists},
            "products": node("master", "products", month),
            "customers": node("customers", month, *CUSTOMER_DETAILS),
            "entities": node(entities, month, regions),
        }

    def _some_values(self, month: Month, regions: Regions) -> Needs:
        return {"values": [node("values", month, one) for one in each(regions)]}

    def _history(self, month: Month, regions: Regions) -> Needs:
        about = [None] if regions is None else [None, regions]
        return {
            "values": [
                node("some_values", one, self.shape.then(month, one, whose))
                for one in self.shape.months_of(month)
                for whose in about
            ]
        }
