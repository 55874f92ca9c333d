"""What papers for headquarters alone, and what is told of regions out of master data, are made of."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.base.calendar import Month
from pipeline.contract.papers import papers_in_use
from pipeline.contract.settings import Settings
from pipeline.contract.told import told_in_use
from pipeline.month import papers
from pipeline.month.plan.nodes import profile_in
from pipeline.month.shape import Shape
from pipeline.work.step import Needs, Step, node


@dataclass(frozen=True)
class Papers:
    """Papers month by month, each kept as long as its month: what comes after rests on it."""

    settings: Settings
    shape: Shape

    def steps(self) -> Iterable[Step]:
        """Each step, with what it needs."""
        yield Step("paper_of_month", papers.paper_of_month, self._of_month, "ledger")
        yield Step("paper_up_to", papers.paper_up_to, self._up_to, "report")
        yield Step("paper_over", papers.paper_over, self._over, "report")
        yield Step("told_of_masters", papers.told_of_masters, self._told, "report")

    def _of_month(self, month: Month, name: str) -> Needs:
        forms = papers_in_use(self.settings.profile)[name].masters
        return {
            "masters": {form: node("master", form, month) for form in forms},
            "scorecard": node("scorecard", month),
            "sums": [node("sums", month, one) for one in self.shape.names(month)],
            "known": node("known", month),
            "profile": profile_in(month),
        }

    def _up_to(self, month: Month, name: str) -> Needs:
        known = sorted(one for one in self.shape.months if one <= month)
        return {"months": {one: node("paper_of_month", one, name) for one in known}, "profile": profile_in(month)}

    def _over(self, month: Month, period: str, name: str) -> Needs:
        return self._up_to(month, name)

    def _told(self, month: Month, name: str) -> Needs:
        forms = told_in_use(self.settings.profile)[name].masters
        return {"masters": {form: node("master", form, month) for form in forms}, "profile": profile_in(month)}
