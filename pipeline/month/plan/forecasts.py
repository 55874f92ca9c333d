"""What forecasts are made of, and judged by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.base.calendar import Month
from pipeline.month import forecasting, tracking
from pipeline.month.plan.nodes import profile_in
from pipeline.month.shape import Shape
from pipeline.month.sources import Sources
from pipeline.work.step import Needs, Node, Step, node
from schemas.form import outlook_forms

TRACK_MONTHS = 12
_ORGANISATION = ("manager_id", "customer_id", "customer_name", "status", "left_on")


@dataclass(frozen=True)
class Forecasting:
    """The forecast of the month after."""

    shape: Shape

    def steps(self) -> Iterable[Step]:
        """Each step, with what it needs."""
        yield Step("totals", forecasting.totals_of, self._totals, "ledger")
        yield Step("organisation", forecasting.organisation, self._organisation, "task")
        yield Step("method", forecasting.method_chosen, self._method, "ledger")
        yield Step("foreseen", forecasting.foreseen, self._foreseen, "task")
        yield Step(
            "measure_forecast", forecasting.of_all_but_customers,
            lambda *given: {"foreseen": node("foreseen", *given)}, "ledger", unit=_measure_unit,
        )  # fmt: skip
        yield Step("customers_foreseen", forecasting.of_customers, self._of_customers, "task")
        yield Step(
            "customers_forecast", forecasting.of_customers_in,
            lambda month, measure, region: {"by_region": node("customers_foreseen", month, measure)},
            "report", unit=_measure_unit,
        )  # fmt: skip
        yield Step(
            "forecast",
            forecasting.forecast_of,
            lambda month: {"measures": [node("measure_forecast", month, one) for one in self.shape.measures]},
        )
        yield Step("some_customers_forecast", forecasting.customers_forecast, self._some_customers)

    def _totals(self, month: Month) -> Needs:
        return {
            "sums": [node("sums", month, one) for one in self.shape.names(month)],
            "senders": node("senders", month),
            "owners": node("owners", month),
            "profile": profile_in(month),
        }

    def _organisation(self, month: Month, first: Month) -> Needs:
        return {
            "totals": self._all_totals(month, first),
            "customers": node("customers", month, *_ORGANISATION),
            "regions": node("regions", month),
        }

    def _all_totals(self, month: Month, first: Month) -> Sequence[Node]:
        return [node("totals", one) for one in sorted(self.shape.months) if first <= one <= month]

    def _method(self, month: Month, first: Month) -> Needs:
        return {"totals": self._all_totals(month, first), "organisation": node("organisation", month, first)}

    def _foreseen(self, month: Month, measure: str) -> Needs:
        months = self.shape.months_to_forecast_from(month)
        past = [one for one in months if one.year < month.year]  # chosen anew every January
        return {
            "totals": self._all_totals(month, months[0]),
            "organisation": node("organisation", month, months[0]),
            "method": [node("method", past[-1], past[0])] if past else [],
            "profile": profile_in(month),
        }

    def _of_customers(self, month: Month, measure: str) -> Needs:
        first = self.shape.months_to_forecast_from(month)[0]
        return {"foreseen": node("foreseen", month, measure), "organisation": node("organisation", month, first)}

    def _some_customers(self, month: Month, regions: tuple[str, ...]) -> Needs:
        return {
            "parts": [
                node("customers_forecast", month, measure, region)
                for region in regions
                for measure in self.shape.measures
            ]
        }


def _measure_unit(month: Month, measure: str, *regions: str) -> object:
    return ("measure", month, measure)


@dataclass(frozen=True)
class Tracking:
    """How forecasts fared."""

    shape: Shape
    sources: Sources

    def steps(self) -> Iterable[Step]:
        """Each step, with what it needs."""
        yield Step("issued_first", tracking.issued_first, lambda made_in: {"given": node("issued", made_in)})
        yield Step("backfilled", tracking.backfilled, lambda made_in: {"forecast": node("forecast", made_in)})
        yield Step(
            "outlooks", tracking.own_outlooks,
            lambda month: {
                "rows": [node("form_rows", one.key, month) for one in outlook_forms(self.shape.ledger.forms)],
                "in_office": node("in_office", month), "totals": node("totals", month),
                "products": node("master", "products", month), "profile": profile_in(month),
            },
        )  # fmt: skip
        yield Step(
            "judged",
            tracking.judged,
            lambda month: {
                "values": [node("values", month, one) for one in (None, *self.shape.names(month))],
                "profile": profile_in(month),
            },
        )
        yield Step("track", tracking.track_record, self._track, "report")

    def _track(self, month: Month) -> Needs:
        made_in = [one for step in range(1, TRACK_MONTHS + 1) if (one := month + -step) in self.shape.months]
        judged = [one for step in range(TRACK_MONTHS) if (one := month + -step) in self.shape.months]
        issued = {one: "issued_first" if self.sources.issued_files(one) else "backfilled" for one in made_in}
        return {
            "issued": [node(step, one) for one, step in issued.items()],
            "outlooks": [node("outlooks", one) for one in made_in],
            "came": [node("came", one) for one in judged],
        }
