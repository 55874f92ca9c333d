"""What is counted of rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pipeline.base.calendar import Month
from pipeline.month import counting
from pipeline.month.plan.nodes import (
    FIGURES,
    counts_node,
    each,
)
from pipeline.month.shape import Shape
from pipeline.month.whose import Regions
from pipeline.work.step import Keeps, Needs, Step, node


@dataclass(frozen=True)
class Counting:
    """Counts, sums and lists, region by region and added up."""

    shape: Shape

    def steps(self) -> Iterable[Step]:
        """Each step, with what it needs."""
        together: dict[str, Any] = {"unit": self._unit}
        yield Step(
            "counted",
            counting.counted,
            lambda *given: {"facts": node("facts", *given), "figures": FIGURES},
            "task",
        )
        yield Step("summed", counting.summed, lambda *given: {"facts": node("facts", *given)}, "task")
        yield Step("listed", counting.listed, lambda *given: {"facts": node("facts", *given)}, "task")
        yield Step(
            "scored", counting.scored, lambda *given: {"facts": node("facts", *given), "figures": FIGURES}, "task"
        )
        shares: tuple[tuple[str, Callable[..., Any], str, Keeps], ...] = (
            ("counts", counting.counts_of_one, "counted", "ledger"),
            ("sums", counting.sums_of_one, "summed", "wanted"),
            ("list", counting.list_of_one, "listed", "report"),
            ("scores", counting.scores_of_one, "scored", "wanted"),
        )
        for name, make, whole, keeps in shares:
            yield Step(name, make, self._share_of(whole), keeps, **together)
        yield Step(
            "whole_counts", counting.whole_counts,
            lambda month: {"counts": [node("counts", month, one) for one in self.shape.names(month)]},
            "ledger", unit=lambda month: ("whole", month),
        )  # fmt: skip
        yield Step(
            "values", counting.values_of,
            lambda month, region: {"counts": counts_node(month, region), "figures": FIGURES}, "ledger", **together,
        )  # fmt: skip
        yield Step(
            "answers", counting.answers_of, lambda month, region: {"counts": counts_node(month, region)}, "ledger",
            **together,
        )  # fmt: skip
        yield from self._of_some()

    def _of_some(self) -> Iterable[Step]:
        """What is put together of several regions, or of several months."""
        yield Step(
            "some_counts",
            counting.some_counts,
            lambda month, regions: {"counts": [counts_node(month, one) for one in each(regions)]},
            "task",
        )
        yield Step(
            "some_answers",
            counting.some_answers,
            lambda month, regions: {"answers": [node("answers", month, one) for one in each(regions)]},
            "task",
        )
        yield Step("some_sums", counting.some_sums, self._some_sums, "task")
        yield Step(
            "no_sums", counting.no_sums, lambda month: {"sums": node("sums", month, self.shape.names(month)[0])}
        )
        yield Step("some_rows", counting.some_rows, self._some_rows)
        yield Step("told", counting.figures_told, self._told, "task")

    def _unit(self, month: Month, region: str | None, *names: str) -> object:
        return ("whole", month) if region is None else ("regions", month, self.shape.group(month, region))

    def _share_of(self, whole: str):  # type: ignore[no-untyped-def]
        return lambda month, region, *names: {whole: node(whole, month, self.shape.group(month, region))}

    def _some_sums(self, month: Month, regions: Regions) -> Needs:
        return {
            "sums": [
                node("sums", month, one) for one in self.shape.names(month) if regions is None or one in regions
            ]
        }

    def _some_rows(self, month: Month, regions: Regions, name: str) -> Needs:
        wanted = self.shape.names(month) if regions is None else regions
        return {"rows": [node("list", month, one, name) for one in wanted]}

    def _told(self, month: Month) -> Needs:
        return {
            "values": {one: node("values", one, None) for one in self.shape.months_of(month)},
            "figures": FIGURES,
        }
