"""What rows are read for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.base.calendar import Month
from pipeline.contract.carried import carried_in_use
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.month import condensing, reading
from pipeline.month.plan.nodes import (
    profile_in,
)
from pipeline.month.shape import Shape
from pipeline.work.step import Needs, Node, Step, node


@dataclass(frozen=True)
class Reading:
    """Rows, month by month and part by part."""

    shape: Shape

    def steps(self) -> Iterable[Step]:
        """Each step, with what it needs."""
        yield Step(
            "small_rows", condensing.small_rows,
            lambda month, region, form: {"lines": node("lines", form, month, region)},
            "wanted", unit=lambda month, region, form: ("part", month, region),
        )  # fmt: skip
        yield Step(
            "seen", condensing.seen, self._seen, "wanted", unit=lambda month, region: ("part", month, region)
        )  # fmt: skip
        yield Step("cases", condensing.cases, self._cases, "wanted")
        yield Step("parts", reading.parts, self._parts, "task")
        yield Step("scopes", reading.scopes, self._scopes, "task")
        yield Step(
            "scope", reading.scope, lambda month, region: {"scopes": node("scopes", month)}, "report",
            unit=lambda month, region: ("scopes", month),
        )  # fmt: skip
        yield Step("facts", reading.facts, self._facts, "task")
        yield Step(
            "all_facts",
            reading.all_facts,
            lambda month: {
                "parts": self._months(month), "profile": profile_in(month), "carried": self._carried(month),
            },
            "task",
        )  # fmt: skip
        yield Step("carried", reading.carried_by, lambda month: {"facts": node("all_facts", month)}, "ledger")
        yield Step("moved_facts", reading.moved_facts, self._moved_facts, "task")

    def _held(self, form: str, month: Month, region: str) -> bool:
        return region in self.shape.ledger.parts.get((form, month), {})

    def _seen(self, month: Month, region: str) -> Needs:
        forms = [one for one in self.shape.customer_forms() if self._held(one, month, region)]
        return {
            "rows": {
                form: node("small_rows", month, region, form)
                if form in self.shape.summed_forms
                else node("rows", form, month, region)
                for form in forms
            }
        }

    def _cases(self, month: Month, form: str) -> Needs:
        told = self.shape.ledger.forms[form].traits.to_date
        return {
            "rows": self._case_rows(month, form),
            "cases": {} if told is None else self._case_rows(month, told.of),
            "forms": node("forms"),
        }

    def _case_rows(self, month: Month, form: str) -> dict[Month, Node]:
        months = sorted(when for key, when in self.shape.ledger.parts if key == form and when <= month)
        decides = self.shape.ledger.forms[form].traits.decides
        return {one: node("decided_rows" if decides else "case_rows", form, one) for one in months}

    def _parts(self, month: Month) -> Needs:
        summed = [(form, region) for form in self.shape.summed_forms for region in self.shape.parts(form, month)]
        others = [one.key for one in self.shape.ledger.monthly_forms if one.key not in self.shape.in_their_own_way]
        masters = [form.key for form in self.shape.ledger.forms.values() if form.kind == "master"]
        return {
            "forms": node("forms"),
            "rows": {
                (form, region): node("rows", form, month, region)
                for form in others
                for region in self.shape.parts(form, month)
            },
            "lines": {(form, region): node("lines", form, month, region) for form, region in summed},
            "traced": {(form, region): node("traced_rows", form, month, region) for form, region in summed},
            "small": {(form, region): node("small_rows", month, region, form) for form, region in summed},
            "cases": {form: node("cases", month, form) for form in self.shape.case_forms},
            "masters": {form: node("master", form, month) for form in masters},
            "customers": node("customer_batches", month),
            "sent": node("sent", month),
            "exempt": node("exempt", month),
            "plans": node("plans", month),
        }

    def _months(self, month: Month) -> Sequence[Node]:
        return [node("parts", one) for one in (month, *self.shape.months_back(month))]

    def _carried(self, month: Month) -> Mapping[Month, Node]:
        """What each month looked back on carries; nothing of a trade that carries nothing."""
        if not carried_in_use(self.shape.profile):
            return {}
        return {one: node("carried", one) for one in self.shape.months_back(month)}

    def _scopes(self, month: Month) -> Needs:
        months = [month, *self.shape.months_back(month)]
        return {
            "regions": node("regions", month),
            "seen": {
                (one, region): node("seen", one, region)
                for one in months
                for region in self.shape.ledger.part_regions(one)
            },
            "owners": [
                *(node("customers", one, *MANAGER_CUSTOMER) for one in months),
                *(node("master", form, month) for form in self.shape.shared_masters),
            ],
        }

    def _facts(self, month: Month, group: tuple[str, ...]) -> Needs:
        return {
            "parts": self._months(month),
            "scopes": [node("scope", month, region) for region in group],
            "regions": node("regions", month),
            "profile": profile_in(month),
            "carried": self._carried(month),
        }

    def _moved_facts(self, own: Month, month: Month, other: Month) -> Needs:
        pairs = node("moved_pairs", own, month, other)
        return {
            "parts": self._months(own), "pairs": pairs, "profile": profile_in(own), "carried": self._carried(own),
        }  # fmt: skip
