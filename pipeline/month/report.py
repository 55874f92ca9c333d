"""From the ledger to the reports of a month: figures, details and what each region's workbook is made from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.base.garbage import give_back
from pipeline.contract.problem import Problem, problems_frame
from pipeline.contract.report import ORGANISATION_ID
from pipeline.figures.scorecard import scorecard_of_month
from pipeline.findings.year_targets import YEAR_COLUMNS
from pipeline.ledger.board import submissions_board
from pipeline.ledger.told import Told
from pipeline.month.desk import Desk
from pipeline.month.findings import find, find_tasks, findings_together
from pipeline.month.forecast import with_outlooks
from pipeline.month.open_actions import OPEN_ACTION_COLUMNS, open_actions
from pipeline.taking.refused import files_told, told_of, unplaced_rows
from pipeline.words import Words
from schemas.form import carried_forms


@dataclass(frozen=True)
class MonthResult:
    """What a month's files are written from, with what is kept region by region: details, history, and the forecast
    of customers (see `Desk`); frames in the columns of the contract.

    `regions` is the region of each manager in this month, by manager_id. `changes` says what a new edition changed:
    level, entity_id, figure, before, after, file. `axes`: see `findings.page_axes`; `year_targets`:
    see `findings.year_targets`.
    """

    month: Month
    edition: int
    metrics: pd.DataFrame
    problems: pd.DataFrame
    submissions: pd.DataFrame
    names: pd.DataFrame
    regions: pd.Series
    findings: pd.DataFrame
    forecast: pd.DataFrame
    track: pd.DataFrame
    open_actions: pd.DataFrame
    scorecard: pd.DataFrame
    changes: pd.DataFrame | None = None
    axes: Mapping[str, float] = field(default_factory=dict)
    year_targets: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(YEAR_COLUMNS)))


@dataclass(frozen=True)
class MonthFigures:
    """What makes a month's content, and its edition: metrics, problems, who sent what."""

    month: Month
    metrics: pd.DataFrame
    problems: pd.DataFrame
    submissions: pd.DataFrame


@dataclass
class Reporter(Desk):
    """Makes reports of months from one committed ledger."""

    words: Words

    def _task_kind(self) -> type[Any]:
        return Desk

    def month_figures(self, month: Month) -> MonthFigures:
        """The metrics of a month, with what was wrong in its forms and who sent them."""
        self.count(month, with_lists=not self.is_counted(month))  # lists along with the counts
        for one in self.months_of(month):
            self.count(one)
        profile = self.settings.profile
        about = [(month, None), *((month, group) for group in self.region_groups(month))]
        metrics = stacked(list(self.at_desks(Desk.metrics_of, *about)))
        later = self.shelf.case_problems(month)
        ranked = next(self.at_desks(Desk.ranked, (month, metrics)))
        give_back()
        return MonthFigures(
            month,
            ranked,
            problems_frame(self.problems(month), self.ledger.forms, self.words),
            submissions_board(
                month,
                self.ledger.manifest,
                self.ledger.masters(month)["managers"],
                profile,
                later,
                [one for one in self.told_in.refused if one.month == month],
                unplaced_rows(self.ledger.home, self.told_in, month),
            ),
        )

    def result(self, known: MonthFigures, edition: int, changes: pd.DataFrame | None) -> MonthResult:
        """All figures and lists of a month, as one edition reports them."""
        month, profile = known.month, self.settings.profile
        names, actions, regions = self.names(month), self.open_actions(month), self.regions(month)
        self.count(month, with_lists=True)
        found = self.start_finding(known, names, actions)
        self.make_forecast(month)
        for one in self.months_tracked(month):
            if not self.was_issued(one):
                self.forecast(one)
        track = self.at_desks(Desk.track, (month,))
        return MonthResult(
            month,
            edition,
            metrics=known.metrics,
            problems=known.problems,
            submissions=known.submissions,
            names=names,
            regions=regions,
            forecast=with_outlooks(self.forecast(month), self.own_outlooks(month)),
            findings=findings_together(found),
            track=next(track),
            open_actions=actions,
            scorecard=scorecard_of_month(
                month, self._judged(month, known.metrics), self.figures, profile, regions
            ),
            changes=changes,
        )

    def _judged(self, month: Month, metrics: pd.DataFrame) -> pd.DataFrame:
        """The metrics without managers who had left before the month: nobody judges them."""
        gone = self.gone(month)
        return metrics[~((metrics["level"] == "manager") & metrics["entity_id"].isin(list(gone)))]

    def start_finding(
        self, known: MonthFigures, names: pd.DataFrame, actions: pd.DataFrame
    ) -> Iterator[pd.DataFrame]:
        """Sets the tasks going that find the month's findings; their answers come later."""
        groups, regions = self.region_groups(known.month), self.regions(known.month)
        tasks = find_tasks(self.place, known.month, groups, regions, known.metrics, names, actions)
        return self.over(find, tasks)

    @cached_property
    def told_in(self) -> Told:
        """In which month's reports the problems of each file are told."""
        return told_of(self.ledger.home, self.ledger.manifest)

    def problems(self, month: Month) -> list[Problem]:
        """What was wrong in the month's forms and master data, file by file, and cases that no month knows."""
        found = [one for _, own in files_told(self.ledger.home, self.told_in, month) for one in own]
        return [*found, *self.shelf.case_problems(month)]

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

    def open_actions(self, month: Month) -> pd.DataFrame:
        forms, months = carried_forms(self.ledger.forms), sorted(self.known_months)
        held = stacked(
            [
                open_actions(month, [(one, self.ledger.rows(form, one)) for one in months], form.traits.carried)
                for form in forms
                if form.traits.carried
            ]
            or [pd.DataFrame(columns=list(OPEN_ACTION_COLUMNS))]
        )
        return held.assign(region_id=held["manager_id"].map(self.regions(month)).fillna(held["region_id"]))
