"""The desk on which months are worked out: what stands beside their figures, and the forecast of the month after."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import ClassVar

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.base.garbage import give_back
from pipeline.contract.master_data import managers_in_office
from pipeline.contract.report import ORGANISATION_ID
from pipeline.figures.details import (
    CUSTOMER_DETAILS,
    Compared,
    EntityDetails,
    MonthDetails,
    details_of_month,
    entity_details,
)
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.figures.members import among
from pipeline.figures.metrics import festival_months
from pipeline.figures.trend import (
    LONGEST_MEAN,
    AnswerPairs,
    EntityAnswers,
    MonthAnswers,
    answers_by_entity,
    satisfaction_change,
)
from pipeline.forecast.choice import USUAL
from pipeline.ledger.commit import store_frames
from pipeline.month.counts import CountDesk, Regions, levels_of, needed_months
from pipeline.month.forecast import (
    FORECAST_COLUMNS,
    LONGEST_MONTHS,
    MEASURES,
    KeptTotals,
    Measure,
    Organisation,
    SalesTotals,
    choose_method,
    customers_by_region,
    forecast_month,
    organisation_of,
    sales_totals,
    without_customers,
)
from pipeline.month.track import (
    JUDGED_LEVELS,
    incomplete_entities,
    issued_by_managers,
    issued_by_model,
    judged_levels,
    judged_values,
    track_of,
)
from pipeline.regions.facts import kind_of
from pipeline.work.store import fingerprint
from schemas.form import outlook_forms

TRACK_MONTHS = 12
_NO_FLAGS = pd.DataFrame(
    columns=["product_id", "product_name", "is_key", "category", "is_key_then", "category_then", "when"]
)


@dataclass
class Desk(CountDesk):
    """Works out months from one committed ledger; what several months need is worked out once, and kept."""

    kept_classes: ClassVar[tuple[type, ...]] = (*CountDesk.kept_classes, SalesTotals)

    def details(self, month: Month, entities: EntityDetails, regions: Regions) -> MonthDetails:
        """What stands beside a month's figures: of some regions and their managers, or of the organisation."""
        masters = {
            "products": self.ledger.masters(month)["products"],
            "customers": self.ledger.customers(month, *CUSTOMER_DETAILS),
        }
        return details_of_month(self.compared(month, regions), self.lists(month, regions), masters, entities)

    def compared(self, month: Month, regions: Regions) -> Compared:
        """A month's sums beside those it is compared with, like with like."""
        months = {"previous": month + -1, "last_year": month + -12}
        known = {when: one for when, one in months.items() if one in self.known_months}
        base = {when: self.like_sums(month, one, month, regions) for when, one in known.items()}
        like = {
            f"like_{when}": self.like_sums(month, month, one, regions)
            for when, one in known.items()
            if self.known(month).missing or self.known(one).missing
        }
        moved = {when: self.moved_sales(month, one, regions) for when, one in known.items()}
        return Compared(self.sums(month, regions), **base, **like, moved=moved)

    def entities(self, month: Month, regions: Regions) -> EntityDetails:
        """What follows from counts alone: of some regions and their managers, or of the organisation."""
        spring = [one + -back for one in festival_months(month) for back in (0, 12)] if month.month > 1 else []
        counts = {one: self.counts_then(month, one, regions) for one in spring if one in self.known_months}
        beside = replace(self.festival(month, regions, counts), missing=self.missing(month, regions))
        answers = {one: self.answers_then(month, one, regions) for one in self.months_of(month)}
        details = entity_details(
            month, counts, self.figures, self.told(month), answers, levels_of(regions),
            beside=beside, pairs=self.answer_pairs(month, regions, answers),
        )  # fmt: skip
        more = {
            "missing_before": self.missing_before(month, regions),
            "missing_months": self.missing_months(month, regions),
            "customers_moved": self.customers_moved(month, regions),
            "changed_flags": self.flags_changed(month, regions),
            "incomplete_months": self.incomplete_months(month),
        }
        return replace(details, by_entity={**details.by_entity, **more})

    def incomplete_months(self, month: Month) -> pd.DataFrame:
        """Last year's same month and the one after it, where a manager sent no sales: level, entity_id, month."""
        there = [one for one in (month + -12, month + -11) if one in self.known_months]
        found = sorted(
            key for one in there for key in incomplete_entities(one, self.senders(one), self._in_office(one))
        )
        frame = pd.DataFrame(found, columns=["month", "level", "entity_id"])
        return frame[["level", "entity_id", "month"]]

    def flags_changed(self, month: Month, regions: Regions) -> pd.DataFrame:
        """Products of which months compared with said something else, for each entity alike: see `changed_flags`."""
        months = {"previous": month + -1, "last_year": month + -12}
        known = {when: one for when, one in months.items() if one in self.known_months}
        found = stacked(
            [self.changed_flags(month, one).assign(when=when) for when, one in known.items()] or [_NO_FLAGS]
        )
        own = self.regions(month)
        keys = [("organisation", ORGANISATION_ID)]
        if regions is not None:
            own = own[among(own, regions)]
            keys = [*(("region", one) for one in regions), *(("manager", str(one)) for one in own.index)]
        entities = pd.DataFrame(keys, columns=["level", "entity_id"])
        return entities.merge(found, how="cross")

    def satisfaction_changes(self, month: Month, regions: Regions) -> EntityDetails:
        """Of what follows from counts that which rules look at."""
        window = {month + -12, *(month + -back for back in range(LONGEST_MEAN))}
        known = sorted(window & self.known_months)
        answers = {one: self.answers_then(month, one, regions) for one in known}
        pairs = self.answer_pairs(month, regions, answers)
        changes = satisfaction_change(month, answers, pairs)
        return EntityDetails({"satisfaction_change": changes, "missing_reports": self.missing(month, regions)})

    def answer_pairs(self, month: Month, regions: Regions, answers: MonthAnswers) -> Mapping[str, AnswerPairs]:
        """A month's answers beside those of the months compared with, like with like."""
        months = {"previous": month + -1, "last_year": month + -12}
        return {
            when: AnswerPairs(
                self._like_answers(month, month, one, regions, answers),
                self._like_answers(month, one, month, regions, answers),
            )
            for when, one in months.items()
            if one in answers and month in answers
        }

    def _like_answers(
        self, month: Month, own: Month, other: Month, regions: Regions, answers: MonthAnswers
    ) -> EntityAnswers:
        counts = self.counts_then(month, own, regions)
        like = self._like(month, own, other, regions, counts)
        return answers[own] if like is counts else answers_by_entity(like, levels_of(regions))

    def months_behind(self, months: Iterable[Month]) -> list[Month]:
        """The known months that the reports of these look back on, themselves included, oldest first."""
        wanted = {one for month in months for one in needed_months(month)}
        return sorted(wanted & self.known_months)

    def months_judged(self, months: Iterable[Month]) -> list[Month]:
        """The known months whose forecasts the reports of these judge or give, oldest first."""
        wanted = {month + -step for month in months for step in range(TRACK_MONTHS + 1)}
        return sorted(wanted & self.known_months)

    def prepare_sales(self, month: Month) -> None:
        """Works out and keeps what other months need of this one's rows."""
        self.shelf.case_problems(month)
        for region in self.ledger.part_regions(month):
            self.shelf.prepare(month, region)

    def totals(self, month: Month) -> SalesTotals:
        """What the forecast needs of a month; kept."""
        return self.store.get(
            "totals",
            month,
            self.counts_key(month),
            lambda: sales_totals(self.sums(month, None), self.senders(month)),
        )

    def make_totals(self, month: Month) -> None:
        """Works out what forecasts need of a month."""
        self.totals(month)

    def forecast(self, month: Month) -> pd.DataFrame:
        """The forecast of the month after, as `forecast.csv` has it but for its customers; kept."""
        key = self._forecast_key(month)
        return self.store.get("forecast", month, key, lambda: self._forecast(month, with_customers=False))

    def make_forecast(self, month: Month) -> None:
        """Works out the forecast of the month after; that of its customers is kept while the month is reported."""
        key = self._forecast_key(month)
        kinds = ["forecast", *(one for region in self.region_names(month) for one in _kinds(region))]
        if not all(self.store.has(kind, month, key) for kind in kinds):
            self.store.keep("forecast", month, key, self._forecast(month, with_customers=True))

    def customers_forecast(self, month: Month, regions: Sequence[str]) -> pd.DataFrame:
        """What is forecast of the customers of some regions: FORECAST_COLUMNS, manager_id and customer_name."""
        found = [self._of_customers(month, measure, region) for region in regions for measure in MEASURES]
        return stacked(found) if found else _no_customers()

    def _of_customers(self, month: Month, measure: Measure, region: str) -> pd.DataFrame:
        return self.store.get(
            _kind(measure, region),
            month,
            self._forecast_key(month),
            lambda: customers_by_region(*self._foreseen(month, measure)).get(region, _no_customers()),
        )

    def customers_forecasts(self, month: Month) -> Iterator[pd.DataFrame]:
        """What is forecast of customers, region by region."""
        for region in self.region_names(month):
            yield self.customers_forecast(month, [region])[list(FORECAST_COLUMNS)]

    def forget_customers_forecast(self, month: Month) -> None:
        """It is long, and nobody needs it once the month is written."""
        self.store.forget_parts("forecast", month)

    def _forecast_key(self, month: Month) -> str:
        return fingerprint(self.key(one) for one in self._months_to_forecast_from(month))

    def _months_to_forecast_from(self, month: Month) -> list[Month]:
        return sorted(one for one in self.known_months if one <= month)[-LONGEST_MONTHS:]

    def _forecast(self, month: Month, *, with_customers: bool) -> pd.DataFrame:
        known = self._months_to_forecast_from(month)
        missing = [one for one in known if not self.store.has("totals", one, self.counts_key(one))]
        for one in missing:  # before any task, so that none works it out again
            self.count(one)
        list(self.at_desks(Desk.make_totals, *((one,) for one in missing)))
        list(self.at_desks(Desk.method, (month,)))
        tasks = [(month, measure, with_customers) for measure in MEASURES]
        return stacked(list(self.at_desks(Desk.measure_forecast, *tasks)))

    def method(self, month: Month) -> str:
        """How this organisation's sales are forecast best, by its own last months; chosen anew every January."""
        past = [one for one in self._months_to_forecast_from(month) if one.year < month.year]
        if not past:
            return USUAL
        key = fingerprint(self.key(one) for one in past)
        return self.store.get("method", past[-1], key, lambda: self._choose(past))

    def _choose(self, past: Sequence[Month]) -> str:
        return choose_method(KeptTotals(self.totals, past), self._organisation(past[-1], past))

    def _organisation(self, month: Month, known: Sequence[Month]) -> Organisation:
        customers = self.ledger.customers(month, *MANAGER_CUSTOMER, "customer_name", "status", "left_on")
        return organisation_of(KeptTotals(self.totals, known), customers, self.regions(month))

    def measure_forecast(self, month: Month, measure: Measure, with_customers: bool) -> pd.DataFrame:
        """The part of the forecast that is about one measure; that of its customers is kept by region if wanted."""
        told, organisation = self._foreseen(month, measure)
        if with_customers:
            by_region = customers_by_region(told, organisation)
            for region in self.region_names(month):
                own = by_region.get(region, _no_customers())
                self.store.keep(_kind(measure, region), month, self._forecast_key(month), own)
        return without_customers(told)

    def _foreseen(self, month: Month, measure: Measure) -> tuple[pd.DataFrame, Organisation]:
        known = self._months_to_forecast_from(month)
        totals, organisation = KeptTotals(self.totals, known), self._organisation(month, known)
        give_back()
        if not any(len(one.by_customer) for one in totals):
            return pd.DataFrame(columns=list(FORECAST_COLUMNS)), organisation
        return forecast_month(totals, organisation, self.method(month), (measure,)), organisation

    def track(self, month: Month) -> pd.DataFrame:
        """How the forecasts of the last twelve months fared, each made from what was known before its month."""
        made_in = self.months_tracked(month)
        issued = [self._issued(one) for one in made_in]
        issued += [issued_by_managers(one, self._outlooks(one), self._in_office(one)) for one in made_in]
        judged = [month + -step for step in range(2 * TRACK_MONTHS + 1) if month + -step in self.known_months]
        values = pd.concat([self._judged_values(one) for one in judged], ignore_index=True)
        incomplete = [incomplete_entities(one, self.senders(one), self._in_office(one)) for one in judged]
        return track_of(month, issued, values, frozenset().union(*incomplete))

    def months_tracked(self, month: Month) -> list[Month]:
        """The known months whose forecasts are held against what came until a month."""
        return [month + -step for step in range(1, TRACK_MONTHS + 1) if month + -step in self.known_months]

    def _judged_values(self, month: Month) -> pd.DataFrame:
        """What came of that which is forecast, of everybody."""
        whole = judged_values(self.values(month, None))
        return stacked([whole, *(judged_values(self.values(month, [one])) for one in self.region_names(month))])

    def own_outlooks(self, month: Month) -> pd.DataFrame:
        """What managers expect of the month after, of themselves, their regions and the whole: ISSUED_COLUMNS."""
        return issued_by_managers(month, self._outlooks(month), self._in_office(month))

    def _outlooks(self, month: Month) -> pd.DataFrame:
        forms = outlook_forms(self.ledger.forms)
        return stacked([self.ledger.rows(form, month) for form in forms] or [pd.DataFrame()])

    def _issued(self, made_in: Month) -> pd.DataFrame:
        """The forecast of a month as it was issued first; where none was, what the method says of it now."""
        kept = self._as_issued(made_in)
        in_time = [frame for frame in kept if len(frame) and not frame["backfilled"].any()]
        if in_time or kept:
            return (in_time or kept)[0]
        return issued_by_model(judged_levels(self.forecast(made_in)), made_in, 1, backfilled=True)

    def _as_issued(self, made_in: Month) -> list[pd.DataFrame]:
        """The forecasts of a month as its editions gave them, of those who are judged."""
        files = self._issued_files(made_in)
        return [judged_levels(self.ledger.read(path, level=JUDGED_LEVELS)) for path in files]

    def _issued_files(self, made_in: Month) -> tuple[str, ...]:
        edition = self.ledger.manifest.editions.get(str(made_in))
        return edition.issued if edition else ()

    def store_issued(self, month: Month, edition: int) -> str:
        """Keeps a month's forecast as an edition gives it, that of each region's customers by itself; backfilled where
        later months are known already. Gives the name of the file."""
        late = month < max(self.known_months)
        forecasts = chain([self.forecast(month)], self.customers_forecasts(month))
        issued = (issued_by_model(one, month, edition, backfilled=late) for one in forecasts)
        return store_frames(self.ledger.home, f"editions/{month}/forecast", issued)

    def was_issued(self, made_in: Month) -> bool:
        """Whether a month's forecast was given with a report."""
        return bool(self._issued_files(made_in))

    def _in_office(self, month: Month) -> pd.Series:
        managers = managers_in_office(self.ledger.masters(month)["managers"], month)
        return managers.set_index("manager_id")["region_id"].astype("str")


def _no_customers() -> pd.DataFrame:
    return pd.DataFrame(columns=[*FORECAST_COLUMNS, "manager_id", "customer_name"])


def _kind(measure: Measure, region: str) -> str:
    return kind_of(f"forecast-{measure}", region)


def _kinds(region: str) -> list[str]:
    return [_kind(measure, region) for measure in MEASURES]
