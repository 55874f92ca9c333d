"""From the ledger to the reports of a month: figures, details and what each region's workbook is made from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from pipeline.calendar import Month
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import MonthCounts, count_month
from pipeline.figures.declare import Figure, Level
from pipeline.figures.details import Compared, MonthDetails, details_of, details_of_month
from pipeline.figures.entities import history
from pipeline.figures.facts import LOOK_BACK_MONTHS, Facts
from pipeline.figures.grain import regions_by_manager
from pipeline.figures.metrics import history_of, metrics_of_month
from pipeline.figures.reduce import reduced
from pipeline.ledger.commit import load_problems
from pipeline.ledger.read import Ledger
from pipeline.month_rows import MonthRows
from pipeline.problem import Problem, problems_frame
from pipeline.report import ORGANISATION_ID, Report
from pipeline.settings import Settings
from pipeline.submissions import submissions_board
from pipeline.words import Words

KEPT_MONTHS = 4  # of whole rows; older ones are read again when asked for


@dataclass(frozen=True)
class MonthResult:
    """Everything that a month's files are written from; frames in the columns of the contract.

    `regions` is the region of each manager in this month, by manager_id.
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


@dataclass
class Reporter:
    """Works out months from one committed ledger; what several months need is worked out once."""

    ledger: Ledger
    settings: Settings
    words: Words
    _counts: dict[Month, MonthCounts] = field(default_factory=dict, init=False)
    _rows: dict[Month, MonthRows] = field(default_factory=dict, init=False)
    _reduced: dict[Month, MonthRows] = field(default_factory=dict, init=False)
    _histories: dict[Month, pd.DataFrame] = field(default_factory=dict, init=False)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return all_figures(self.settings.profile)

    @cached_property
    def known_months(self) -> frozenset[Month]:
        return frozenset(self.ledger.manifest.months())

    def result(self, month: Month, edition: int) -> MonthResult:
        """All figures and lists of a month."""
        counts = {one: self.counts(one) for one in _needed_months(month) if one in self.known_months}
        masters = self.ledger.masters(month)
        later = self.ledger.cases(month).problems
        profile = self.settings.profile
        return MonthResult(
            month,
            edition,
            metrics=metrics_of_month(month, counts, masters["targets"], self.figures, profile),
            problems=problems_frame(self.problems(month), self.ledger.forms, self.words),
            submissions=submissions_board(month, self.ledger.manifest, masters["managers"], profile, later),
            names=self.names(month),
            history=pd.concat([self._values(one) for one in sorted(counts)], ignore_index=True),
            details=details_of_month(self._compared(month)),
            regions=self.facts(month).once(regions_by_manager),
        )

    def _values(self, month: Month) -> pd.DataFrame:
        if month not in self._histories:
            self._histories[month] = history({month: self.counts(month)}, self.figures)
        return self._histories[month]

    def counts(self, month: Month) -> MonthCounts:
        if month not in self._counts:
            self._counts[month] = count_month(self.facts(month), self.figures)
        return self._counts[month]

    def facts(self, month: Month) -> Facts:
        earlier = [month + -step for step in range(1, LOOK_BACK_MONTHS + 1)]
        known = {one: self._reduced_rows(one) for one in earlier if one in self.known_months}
        return Facts(self._month_rows(month), known, self.settings.profile)

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

    def _month_rows(self, month: Month) -> MonthRows:
        if month not in self._rows:
            while len(self._rows) >= KEPT_MONTHS:
                self._rows.pop(next(iter(self._rows)))
            self._rows[month] = self.ledger.month_rows(month)
        return self._rows[month]

    def _reduced_rows(self, month: Month) -> MonthRows:
        if month not in self._reduced:
            self._reduced[month] = reduced(self._month_rows(month), self.settings.profile)
        return self._reduced[month]

    def _compared(self, month: Month) -> Compared:
        previous, last_year = month + -1, month + -12
        return Compared(
            self.facts(month),
            self.facts(previous) if previous in self.known_months else None,
            self.facts(last_year) if last_year in self.known_months else None,
        )


def region_reports(result: MonthResult, settings: Settings, figures: Sequence[Figure]) -> Iterator[Report]:
    """One report a region that has figures or owes forms, in the order of the regions' codes."""
    for region, managers in result.regions.groupby(result.regions):
        yield _report(result, settings, figures, "region", str(region), sorted(managers.index))


def _report(
    result: MonthResult,
    settings: Settings,
    figures: Sequence[Figure],
    level: Level,
    entity_id: str,
    managers: Iterable[str],
) -> Report:
    """What is cut out for one entity: its own rows, its managers', and the organisation's totals."""
    own = pd.Series(list(managers), dtype="str")

    def concerns(frame: pd.DataFrame) -> pd.Series:
        here = (frame["level"] == level) & (frame["entity_id"] == entity_id)
        below = (frame["level"] == "manager") & frame["entity_id"].isin(own)
        return (frame["level"] == "organisation") | here | below

    return Report(
        settings=settings,
        month=result.month,
        edition=result.edition,
        level=level,
        entity_id=entity_id,
        figures=tuple(figures),
        metrics=result.metrics[concerns(result.metrics)].reset_index(drop=True),
        history=history_of(result.history, result.month, level, entity_id),
        names=result.names[concerns(result.names)].reset_index(drop=True),
        problems=result.problems[result.problems["manager_id"].isin(own)].reset_index(drop=True),
        submissions=result.submissions[result.submissions["manager_id"].isin(own)].reset_index(drop=True),
        details=details_of(result.details, level, entity_id),
    )


def _needed_months(month: Month) -> list[Month]:
    """The months whose counts a month's metrics and its 25 months of history need."""
    first = min(month + -24, Month(month.year - 1, 1))
    return [first + step for step in range(month - first + 1)]
