"""What is found, named, scored."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.base.calendar import Month
from pipeline.month import finding, gathering
from pipeline.month.plan.nodes import (
    FIGURES,
    profile_in,
)
from pipeline.month.shape import Shape
from pipeline.month.whose import Regions
from pipeline.work.step import Needs, Step, node
from schemas.form import carried_forms


@dataclass(frozen=True)
class Finding:
    """Findings, names, the scorecard."""

    shape: Shape

    def steps(self) -> Iterable[Step]:
        """Each step, with what it needs."""
        yield Step("by_entity", gathering.by_entity, lambda month: {"metrics": node("ranked", month)}, "task")
        yield Step(
            "own_metrics", gathering.metrics_of_entities,
            lambda month, regions: {"metrics": node("by_entity", month), "regions_now": node("regions", month)},
            "report", unit=lambda month, regions: ("own_metrics", month),
        )  # fmt: skip
        yield Step("open_actions", gathering.actions_open, self._actions, "report")
        yield Step("followed_actions", gathering.actions_followed, self._actions, "report")
        yield Step("names", gathering.names_of, self._names)
        yield Step("findings", finding.find, self._findings, "report")
        yield Step(
            "all_findings",
            finding.all_findings,
            lambda month: {"parts": [node("findings", month, one) for one in (None, *self.shape.groups(month))]},
        )
        yield Step("scorecard", gathering.scorecard, self._scorecard)
        yield Step("figures_digest", gathering.digest_of_figures, self._digest, "report")

    def _actions(self, month: Month) -> Needs:
        months = [one for one in sorted(self.shape.months) if one <= month]
        carried = [form.key for form in carried_forms(self.shape.ledger.forms)]
        return {
            "rows": {(form, one): node("form_rows", form, one) for form in carried for one in months},
            "forms": node("forms"),
            "regions": node("regions", month),
        }

    def _names(self, month: Month) -> Needs:
        return {
            "regions": node("master", "regions", month), "managers": node("master", "managers", month),
            "organisation": node("organisation_name"),
        }  # fmt: skip

    def _findings(self, month: Month, regions: Regions) -> Needs:
        return {
            "metrics": node("own_metrics", month, regions), "figures": FIGURES, "profile": profile_in(month),
            "details": node("rule_details", month, regions), "names": node("names", month),
            "actions": node("open_actions", month), "words": node("words"),
        }  # fmt: skip

    def _digest(self, month: Month) -> Needs:
        forms = self.shape.ledger.forms.values()
        masters = sorted(form.key for form in forms if form.kind == "master" and not form.traits.private)
        return {
            "metrics": node("ranked", month),
            "standing": node("standing", month),
            "masters": [node("master_batches", form, month) for form in masters],
        }

    def _scorecard(self, month: Month) -> Needs:
        return {
            "metrics": node("ranked", month), "figures": FIGURES, "profile": profile_in(month),
            "regions": node("regions", month), "gone": node("gone", month),
        }  # fmt: skip
