"""What the tables told of a period beside its figures need."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.contract.tellings import tellings_in_use
from pipeline.month import tellings
from pipeline.month.plan.nodes import FIGURES, profile_in
from pipeline.month.shape import Shape
from pipeline.work.step import Needs, Node, Step, node
from schemas.profile import Profile


def tables_node(shape: Shape, profile: Profile, period: Period) -> Node | None:
    """The tables told of a period; None where the trade has none, or no month of it is known."""
    known = [one for one in period if one in shape.months]
    return node("tables_told", known[-1], str(period)) if known and tellings_in_use(profile, period.span) else None


@dataclass(frozen=True)
class Telling:
    """Tables of subjects, of months and of longer periods."""

    shape: Shape
    profile: Profile

    def steps(self) -> Iterable[Step]:
        """Each step, with what it needs."""
        yield Step(
            "values_within", tellings.values_within,
            lambda month, region: {
                "counts": node("counts", month, region), "figures": FIGURES, "profile": profile_in(month),
            },
            "ledger",
        )  # fmt: skip
        yield Step("tables_told", tellings.tables_told, self._tables, "process")

    def _tables(self, month: Month, name: str) -> Needs:
        period = Period.parse(name)
        own = [one for one in period if one in self.shape.months]
        used = tellings_in_use(self.profile, period.span).values()
        back = {period.last + -step for step in range(max((one.back for one in used), default=0) + 1)}
        months = sorted({*own, *(back & self.shape.months)})
        forms = dict.fromkeys(form for one in used for form in one.masters if form in self.profile.forms)
        is_month = period.span == "month"
        return {
            "metrics": node("ranked", month) if is_month else node("period_ranked", month, name),
            "homes": node("regions", month) if is_month else node("period_homes", month, name),
            "known": {one: node("known", one) for one in own},
            "values": {
                (one, region): node("values_within", one, region)
                for one in months
                for region in self.shape.names(one)
            },
            "masters": {(form, one): node("master", form, one) for form in forms for one in own},
            "figures": FIGURES,
            "profile": profile_in(month),
        }
