"""What months brought as other months see them, for what is forecast."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.base.calendar import Month
from pipeline.month import as_in
from pipeline.month.plan.nodes import profile_in
from pipeline.month.shape import Shape
from pipeline.month.whose import Regions
from pipeline.work.step import Needs, Node, Step, node


@dataclass(frozen=True)
class AsIn:
    """Months told of the managers and customers of others."""

    shape: Shape

    def steps(self) -> Iterable[Step]:
        """Each step, with what it needs."""
        yield Step(
            "belonging", as_in.belonging_of,
            lambda month, customers: {"owners": node("owners", customers), "regions": node("regions", month)}, "task",
        )  # fmt: skip
        yield Step("changed_as_in", as_in.changed_as_in, self._changed, "task")
        yield Step("unknown_as_in", as_in.unknown_as_in, self._unknown, "task")
        yield Step("changed_months", as_in.changed_months, self._changed_months, "report")
        yield Step("course", as_in.course, self._course)
        yield Step("told_less", as_in.told_less, self._told_less, "report")
        yield Step("incomplete_months", as_in.incomplete_months, self._incomplete, "report")
        yield Step("came", as_in.came, self._came, "ledger")

    def _belonging(self, then: Month, now: Month) -> Mapping[Month, Node]:
        """Who belonged to whom in a month, and in the one that it is told as in; the same customers are read once."""
        customers = now if self.shape.same_customers(then, now) else then
        return {then: node("belonging", then, customers), now: node("belonging", now, now)}

    def _changed(self, then: Month, now: Month) -> Needs:
        return {
            "values": node("judged", then), "totals": node("totals", then), "belonging": self._belonging(then, now),
            "profile": profile_in(then),
        }  # fmt: skip

    def _unknown(self, then: Month, now: Month) -> Needs:
        return {
            "senders": node("senders", then), "in_office": node("in_office", then),
            "totals": [node("totals", one) for one in (then.before, then) if one in self.shape.months],
            "belonging": self._belonging(then, now),
        }  # fmt: skip

    def _changed_months(self, month: Month) -> Needs:
        others = [one for one in self.shape.months_of(month) if self.shape.may_have_moved(one, month)]
        return {"months": [node("changed_as_in", one, month) for one in others]}

    def _course(self, month: Month, regions: Regions) -> Needs:
        return {
            "history": node("history", month, regions), "changed": node("changed_months", month),
            "regions_now": node("regions", month),
        }  # fmt: skip

    def _told_less(self, month: Month) -> Needs:
        months = self.shape.months_of(month)
        lacking = [one for one in months if self.shape.known(one).missing]
        beside = {one: its for then in lacking for one, its in self._belonging(then, month).items()}
        return {"known": {one: node("known", one) for one in lacking}, "belonging": beside}

    def _incomplete(self, month: Month) -> Needs:
        there = [one for one in (month + -12, month + -11) if one in self.shape.months]
        return {"months": [node("unknown_as_in", one, month) for one in there]}

    def _came(self, month: Month) -> Needs:
        """As in the month before, in which it was forecast; in the first that is known, as in itself."""
        now = month.before if month.before in self.shape.months else month
        told = {as_in.CAME: month, as_in.LAST_YEAR: month.year_ago}
        known = {source: one for source, one in told.items() if one in self.shape.months}
        others = {source: one for source, one in known.items() if self.shape.may_have_moved(one, now)}
        return {
            "values": {source: node("judged", one) for source, one in known.items()},
            "changed": {source: node("changed_as_in", one, now) for source, one in others.items()},
            "unknown": {source: node("unknown_as_in", one, now) for source, one in known.items()},
        }
