"""From the ledger to the reports of a month: figures, details and what each region's workbook is made from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from pipeline.calendar import Month
from pipeline.derived import DerivedStore, code_fingerprint, fingerprint
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import MonthCounts, count_month
from pipeline.figures.declare import Figure
from pipeline.figures.details import Compared, MonthDetails, details_of_month
from pipeline.figures.entities import history
from pipeline.figures.facts import LOOK_BACK_MONTHS, Facts
from pipeline.figures.grain import regions_by_manager
from pipeline.figures.metrics import metrics_of_month
from pipeline.figures.reduce import reduced
from pipeline.figures.scorecard import check_indicators, scorecard_of_month
from pipeline.findings.evidence import Evidence
from pipeline.findings.find import find_all
from pipeline.findings.text import findings_frame
from pipeline.forecast.choice import USUAL
from pipeline.ledger.commit import load_problems
from pipeline.ledger.read import Ledger
from pipeline.masters import versions_valid_in
from pipeline.month_forecast import (
    FORECAST_COLUMNS,
    LONGEST_MONTHS,
    Organisation,
    SalesTotals,
    choose_method,
    forecast_month,
    organisation_of,
    sales_totals,
)
from pipeline.month_rows import MonthRows
from pipeline.month_track import incomplete_entities, issued_by_managers, issued_by_model, track_of
from pipeline.open_actions import open_actions
from pipeline.problem import Problem, problems_frame
from pipeline.report import ORGANISATION_ID
from pipeline.settings import Settings
from pipeline.submissions import managers_in_office, submissions_board
from pipeline.words import Words

TRACK_MONTHS = 12
KEPT_MONTHS = 4  # of whole rows; older ones are read again when asked for


@dataclass(frozen=True)
class MonthResult:
    """Everything that a month's files are written from; frames in the columns of the contract.

    `regions` is the region of each manager in this month, by manager_id; `manager_of` the manager of each
    customer, by customer_id. `changes` says what a new edition changed: level, entity_id, figure, before, after, file.
    """

    month: Month
    edition: int
    metrics: pd.DataFrame
    problems: pd.DataFrame
    submissions: pd.DataFrame
    names: pd.DataFrame
    history: pd.DataFrame
    details: MonthDetails
    regions: pd.Series
    manager_of: pd.Series
    findings: pd.DataFrame
    forecast: pd.DataFrame
    track: pd.DataFrame
    open_actions: pd.DataFrame
    scorecard: pd.DataFrame
    changes: pd.DataFrame | None = None


@dataclass
class Reporter:
    """Works out months from one committed ledger; what several months need is worked out once."""

    ledger: Ledger
    settings: Settings
    words: Words
    fresh: bool = False
    _counts: dict[Month, MonthCounts] = field(default_factory=dict, init=False)
    _reduced: dict[Month, MonthRows] = field(default_factory=dict, init=False)
    _totals: dict[Month, SalesTotals] = field(default_factory=dict, init=False)
    _histories: dict[Month, pd.DataFrame] = field(default_factory=dict, init=False)
    _keys: dict[Month, str] = field(default_factory=dict, init=False)
    _regions: dict[Month, pd.Series] = field(default_factory=dict, init=False)
    _facts: dict[Month, Facts] = field(default_factory=dict, init=False)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        figures = all_figures(self.settings.profile)
        check_indicators(self.settings.profile, figures)
        return figures

    @cached_property
    def known_months(self) -> frozenset[Month]:
        return frozenset(self.ledger.manifest.months())

    def result(self, month: Month, edition: int) -> MonthResult:
        """All figures and lists of a month."""
        counts = {one: self.counts(one) for one in _needed_months(month) if one in self.known_months}
        masters = self.ledger.masters(month)
        later = self.ledger.cases(month).problems
        profile = self.settings.profile
        metrics = metrics_of_month(month, counts, masters["targets"], self.figures, profile)
        details = details_of_month(self._compared(month), counts, self.figures)
        names = self.names(month)
        evidence = Evidence(month, metrics, self.figures, profile, details, names)
        return MonthResult(
            month,
            edition,
            metrics=metrics,
            problems=problems_frame(self.problems(month), self.ledger.forms, self.words),
            submissions=submissions_board(month, self.ledger.manifest, masters["managers"], profile, later),
            names=names,
            history=pd.concat([self._values(one) for one in sorted(counts)], ignore_index=True),
            details=details,
            regions=self.regions(month),
            manager_of=self._manager_of(month),
            findings=findings_frame(find_all(evidence), month, self.figures, profile, self.words),
            forecast=self.forecast(month),
            track=self._track(month),
            open_actions=self._open_actions(month),
            scorecard=scorecard_of_month(month, metrics, self.figures, profile, self.regions(month)),
        )

    def _values(self, month: Month) -> pd.DataFrame:
        if month not in self._histories:
            self._histories[month] = history({month: self.counts(month)}, self.figures)
        return self._histories[month]

    def counts(self, month: Month) -> MonthCounts:
        """What the figures of a month count; kept until anything it depends on changes."""
        if month not in self._counts:
            key = fingerprint(self._key(month + -step) for step in range(LOOK_BACK_MONTHS + 1))
            self._counts[month] = self._store.get(
                "counts", month, key, lambda: count_month(self.facts(month), self.figures)
            )
        return self._counts[month]

    def months_behind(self, months: Iterable[Month]) -> list[Month]:
        """The known months that the reports of these look back on, themselves included, oldest first."""
        wanted = {one for month in months for one in _needed_months(month)}
        return sorted(wanted & self.known_months)

    def prepare_sales(self, month: Month) -> None:
        """Works out and keeps what other months need of this one's sales."""
        self.totals(month)

    def prepare_counts(self, month: Month) -> None:
        """Works out and keeps what other months need of this one's figures and forecast."""
        self.counts(month)
        self.forecast(month)

    def totals(self, month: Month) -> SalesTotals:
        """What the forecast needs of a month; kept likewise."""
        if month not in self._totals:
            self._totals[month] = self._store.get("totals", month, self._key(month), lambda: self._sum_up(month))
        return self._totals[month]

    def _sum_up(self, month: Month) -> SalesTotals:
        return sales_totals(self._reduced_rows(month), self.settings.profile)

    def forecast(self, month: Month) -> pd.DataFrame:
        """The forecast of the month after, as `forecast.csv` has it."""
        known = sorted(one for one in self.known_months if one <= month)[-LONGEST_MONTHS:]
        key = fingerprint(self._key(one) for one in known)
        return self._store.get("forecast", month, key, lambda: self._forecast(month, known))

    def _method(self, month: Month, known: Sequence[Month]) -> str:
        """How this organisation's sales are forecast best, by its own last months; chosen anew every January."""
        past = [one for one in known if one.year < month.year]
        if not past:
            return USUAL
        key = fingerprint(self._key(one) for one in past)
        return self._store.get("method", past[-1], key, lambda: self._choose(past))

    def _choose(self, past: Sequence[Month]) -> str:
        return choose_method([self.totals(one) for one in past], self._organisation(past[-1], past))

    def _organisation(self, month: Month, known: Sequence[Month]) -> Organisation:
        customers = self.ledger.masters(month)["customers"]
        return organisation_of([self.totals(one) for one in known], customers, self.regions(month))

    def _forecast(self, month: Month, known: Sequence[Month]) -> pd.DataFrame:
        totals = [self.totals(one) for one in known]
        if not any(len(one.by_customer) for one in totals):
            return pd.DataFrame(columns=list(FORECAST_COLUMNS))
        return forecast_month(totals, self._organisation(month, known), self._method(month, known))

    def regions(self, month: Month) -> pd.Series:
        """The region of each manager in the month, by manager_id."""
        if month not in self._regions:
            self._regions[month] = self.facts(month).once(regions_by_manager)
        return self._regions[month]

    @cached_property
    def _store(self) -> DerivedStore:
        return DerivedStore(self.ledger.home, self.fresh)

    def _key(self, month: Month) -> str:
        """The fingerprint of all that a month's rows come from; complaint cases come from earlier months too."""
        if month not in self._keys:
            self._keys[month] = self._fingerprint(month)
        return self._keys[month]

    def _fingerprint(self, month: Month) -> str:
        manifest = self.ledger.manifest
        parts = sorted(
            (name, path)
            for name, path in manifest.parts.items()
            if name.split("/")[1] == str(month)
            or (name.startswith("complaints/") and name.split("/")[1] < str(month))
        )
        masters = sorted((form, one.path) for form, one in versions_valid_in(self.ledger.versions, month).items())
        sent = sorted(self.ledger.sent(month))
        profile = self.settings.profile.model_dump_json()
        return fingerprint(
            [code_fingerprint(), profile, month, parts, [Path(path).name for _, path in masters], sent]
        )

    def facts(self, month: Month) -> Facts:
        """A month's facts; the last few are held, as what they worked out is used again."""
        if month not in self._facts:
            while len(self._facts) >= KEPT_MONTHS:
                self._facts.pop(next(iter(self._facts)))
            earlier = [month + -step for step in range(1, LOOK_BACK_MONTHS + 1)]
            known = {one: self._reduced_rows(one) for one in earlier if one in self.known_months}
            self._facts[month] = Facts(self.ledger.month_rows(month), known, self.settings.profile)
        return self._facts[month]

    def problems(self, month: Month) -> list[Problem]:
        """What was wrong in the month's forms, file by file, and cases that no month knows."""
        manifest = self.ledger.manifest
        files = {one.sha256 for one in manifest.submissions if one.month == str(month)}
        files |= {one.sha256 for one in manifest.receipts if one.refused}
        found = [
            problem
            for receipt in manifest.receipts
            if receipt.sha256 in files
            for problem in load_problems(self.ledger.home, receipt.sha256)
            if problem.month == str(month)
        ]
        return [*found, *self.ledger.cases(month).problems]

    def names(self, month: Month) -> pd.DataFrame:
        """One row per level and entity_id: name, of the month."""
        masters = self.ledger.masters(month)
        organisation = self.settings.organisation or self.words("run.organisation")
        frames = [
            pd.DataFrame({"level": ["organisation"], "entity_id": [ORGANISATION_ID], "name": [organisation]})
        ]
        for level, form in (("region", "regions"), ("manager", "managers")):
            rows = masters[form].rename(columns={f"{level}_id": "entity_id", f"{level}_name": "name"})
            frames.append(rows[["entity_id", "name"]].assign(level=level))
        return pd.concat(frames, ignore_index=True)[["level", "entity_id", "name"]]

    def _reduced_rows(self, month: Month) -> MonthRows:
        """The month with its sales made small; those are kept, so that closed months are not read again whole."""
        if month not in self._reduced:
            sales = self._store.get("sales", month, self._key(month), lambda: self._reduced_sales(month))
            others = self.ledger.month_rows(month, leave_out=("sales",))
            self._reduced[month] = replace(others, rows={**others.rows, "sales": sales})
        return self._reduced[month]

    def _reduced_sales(self, month: Month) -> pd.DataFrame:
        return reduced(self.ledger.month_rows(month), self.settings.profile).rows["sales"]

    def _track(self, month: Month) -> pd.DataFrame:
        """How the forecasts of the last twelve months fared, each made from what was known before its month."""
        made_in = [month + -step for step in range(1, TRACK_MONTHS + 1) if month + -step in self.known_months]
        issued = [self._issued(one) for one in made_in]
        issued += [issued_by_managers(self._reduced_rows(one), self._in_office(one)) for one in made_in]
        judged = [month + -step for step in range(2 * TRACK_MONTHS + 1) if month + -step in self.known_months]
        values = pd.concat([self._values(one) for one in judged], ignore_index=True)
        incomplete = [incomplete_entities(one, self.totals(one).senders, self._in_office(one)) for one in judged]
        return track_of(month, issued, values, frozenset().union(*incomplete))

    def _issued(self, made_in: Month) -> pd.DataFrame:
        """The forecast of a month as it was issued first; where none was, what the method says of it now."""
        edition = self.ledger.manifest.editions.get(str(made_in))
        kept = [self.ledger.read(path) for path in (edition.issued if edition else ())]
        in_time = [frame for frame in kept if len(frame) and not frame["backfilled"].any()]
        if in_time or kept:
            return (in_time or kept)[0]
        return issued_by_model(self.forecast(made_in), made_in, 1, backfilled=True)

    def issued(self, result: MonthResult) -> pd.DataFrame:
        """The forecast of a result as it is kept; backfilled where later months are known already."""
        late = result.month < max(self.known_months)
        return issued_by_model(result.forecast, result.month, result.edition, backfilled=late)

    def _open_actions(self, month: Month) -> pd.DataFrame:
        form = self.ledger.forms["actions"]
        return open_actions(month, [(one, self.ledger.rows(form, one)) for one in sorted(self.known_months)])

    def _manager_of(self, month: Month) -> pd.Series:
        customers = self.ledger.masters(month)["customers"]
        return customers.set_index("customer_id")["manager_id"].astype("str")

    def _in_office(self, month: Month) -> pd.Series:
        managers = managers_in_office(self.ledger.masters(month)["managers"], month)
        return managers.set_index("manager_id")["region_id"].astype("str")

    def _compared(self, month: Month) -> Compared:
        previous, last_year = month + -1, month + -12
        return Compared(
            self.facts(month),
            self.facts(previous) if previous in self.known_months else None,
            self.facts(last_year) if last_year in self.known_months else None,
        )


def _needed_months(month: Month) -> list[Month]:
    """The months whose counts a month's metrics and its 25 months of history need."""
    first = min(month + -24, Month(month.year - 1, 1))
    return [first + step for step in range(month - first + 1)]
