"""From the ledger to what a month's files are written from: figures, lists and findings, as one edition has them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.period import AnyPeriod, Period
from pipeline.contract.behind import lists_in_use
from pipeline.contract.master_data import managers_in_office
from pipeline.contract.problem import Problem, problems_frame, without_secrets
from pipeline.contract.report import SpanKnown
from pipeline.contract.told import told_in_use
from pipeline.findings.year_targets import YEAR_COLUMNS
from pipeline.ledger.board import submissions_board
from pipeline.month.forecast import with_first_issued, with_outlooks
from pipeline.month.open_actions import FOLLOWED_COLUMNS
from pipeline.month.opening import Months
from pipeline.month.plan.tellings import tables_node
from pipeline.month.plan.wanted import forecast_nodes, lists_of_month, made_along, moves_of
from pipeline.month.tracking import issued_first
from pipeline.taking.refused import files_told, unplaced_rows
from pipeline.words import Words
from pipeline.work.step import node


@dataclass(frozen=True)
class MonthResult:
    """What a month's files are written from, with what is kept region by region: details, history, and the forecast
    of customers (see `plan`); frames in the columns of the contract.

    `regions` is the region of each manager in this month, by manager_id. `changes` says what a new edition changed:
    level, entity_id, figure, before, after, file. `axes`: see `findings.page_axes`; `year_targets`:
    see `findings.year_targets`.

    Of a quarter, a half-year or a year (`span`), `month` is its last one; `told` are further frames by name with level
    and entity_id, which each entity's report shows its own rows of: see `month.periods`, `contract.tellings` and
    `contract.told`.
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
    followed_actions: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FOLLOWED_COLUMNS)))
    year_targets: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(YEAR_COLUMNS)))
    span: Period | None = None
    told: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    known: SpanKnown = field(default_factory=SpanKnown)

    @property
    def period(self) -> AnyPeriod:
        """The month, or the longer period, that it is of."""
        return self.span or self.month


@dataclass(frozen=True)
class MonthFigures:
    """What makes a month's content, and its edition: metrics, problems, who sent what."""

    month: Month
    metrics: pd.DataFrame
    problems: pd.DataFrame
    submissions: pd.DataFrame


def month_figures(months: Months, month: Month, words: Words) -> MonthFigures:
    """The metrics of a month, with what was wrong in its forms and who sent them."""
    graph, shape, ledger, told = months.graph, months.shape, months.ledger, months.told
    graph.ready(moves_of(shape, month))
    is_new = not graph.is_kept(node("whole_counts", month))  # its lists come along with the counts
    along = made_along(shape, shape.months_of(month), graph.is_kept)
    graph.ready([node("ranked", month), *along, *(lists_of_month(shape, month) if is_new else ())])
    later = [one for form in shape.case_forms for one in graph.of("cases", month, form).problems]
    board = submissions_board(
        month,
        ledger.manifest,
        shape.managers(month),
        months.settings.profile,
        later,
        [one for one in told.refused if one.month == month],
        unplaced_rows(ledger.home, told, month),
        shape.exempt(month),
    )
    told_now = [*_problems_told(months, month), *later, *_contradictions(months, month)]
    problems = without_secrets(told_now, ledger.forms)
    return MonthFigures(month, graph.of("ranked", month), problems_frame(problems, ledger.forms, words), board)


def _problems_told(months: Months, month: Month) -> list[Problem]:
    """What was wrong in the month's forms and master data, file by file."""
    return [one for _, own in files_told(months.ledger.home, months.told, month) for one in own]


def _contradictions(months: Months, month: Month) -> list[Problem]:
    """Where the month's forms contradict each other, as the lists of the trade find it."""
    listed = lists_in_use(months.settings.profile)
    making = {name: one.problems for name, one in listed.items() if one.problems is not None}
    rows = {name: months.graph.of("some_rows", month, None, name) for name in making}
    return [problem for name, make in making.items() for problem in make(month, rows[name])]


def result_of(months: Months, known: MonthFigures, edition: int, changes: pd.DataFrame | None) -> MonthResult:
    """All figures and lists of a month, as one edition reports them."""
    graph, shape, month = months.graph, months.shape, known.month
    wanted = [
        node("all_findings", month),
        node("rules_found", month),
        node("told_of_month", month),
        node("track", month),
    ]
    graph.ready([*wanted, *lists_of_month(shape, month), *forecast_nodes(shape, month, with_customers=True)])
    return MonthResult(
        month,
        edition,
        metrics=known.metrics,
        problems=known.problems,
        submissions=known.submissions,
        names=graph.of("names", month),
        regions=shape.regions(month),
        findings=graph.of("all_findings", month),
        forecast=_forecast_of(months, month),
        track=graph.of("track", month),
        open_actions=graph.of("open_actions", month),
        followed_actions=graph.of("followed_actions", month),
        scorecard=graph.of("scorecard", month),
        changes=changes,
        told={
            **tables_told(months, Period(month)),
            **told_by_masters(months, month),
            **_owing_nothing(months, month),
        },
    )


def _forecast_of(months: Months, month: Month) -> pd.DataFrame:
    """What is forecast of all but customers, beside what managers expect and what was issued first."""
    told = with_outlooks(months.graph.of("forecast", month), months.graph.of("outlooks", month))
    editions = months.graph.of("issued", month)
    return with_first_issued(told, issued_first(month, editions)) if editions else told


def tables_told(months: Months, period: Period) -> Mapping[str, pd.DataFrame]:
    """The tables that the trade's subjects make of a period, by name; none where they make none."""
    wanted = tables_node(months.shape, months.settings.profile, period)
    found: Mapping[str, pd.DataFrame] = {} if wanted is None else months.graph.of(wanted.step, *wanted.given)
    return found


def told_by_masters(months: Months, month: Month) -> Mapping[str, pd.DataFrame]:
    """What the trade's subjects tell out of a month's master data, by name."""
    names = told_in_use(months.settings.profile)
    return {name: months.graph.of("told_of_masters", month, name) for name in names}


def _owing_nothing(months: Months, month: Month) -> Mapping[str, pd.DataFrame]:
    """One row per manager in office who owes no forms: level, entity_id, role; of a trade in which nobody may."""
    profile, shape = months.settings.profile, months.shape
    if not (profile.roles_without_forms or profile.roles_that_may_have_none):
        return {}
    office = managers_in_office(shape.managers(month), month)
    rows = office[office["manager_id"].isin(list(shape.exempt(month)))]
    told = {"level": "manager", "entity_id": rows["manager_id"].astype("str"), "role": rows["role"].astype("str")}
    return {"owing_nothing": pd.DataFrame(told).reset_index(drop=True)}
