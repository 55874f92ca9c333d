"""From what is kept of its months to what a longer period's files are written from: figures, scorecard, and what is
told of its months."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.base.period import Period
from pipeline.contract.papers import papers_in_use
from pipeline.contract.problem import problems_frame
from pipeline.contract.report import SpanKnown
from pipeline.figures.best import best_managers
from pipeline.figures.over_period import months_beside
from pipeline.findings.text import FINDING_COLUMNS
from pipeline.ledger.board import submissions_board
from pipeline.month.cutting import Share
from pipeline.month.forecast import FORECAST_COLUMNS
from pipeline.month.forecasting import no_customers
from pipeline.month.open_actions import OPEN_ACTION_COLUMNS
from pipeline.month.opening import Months
from pipeline.month.period_homes import moves_between
from pipeline.month.periods import never_there
from pipeline.month.report import MonthResult, tables_told, told_by_masters
from pipeline.month.shape import Shape
from pipeline.month.track import TRACK_COLUMNS
from pipeline.month.whose import Regions
from pipeline.work.graph import Graph
from schemas.entities import REGION

MISSING_COLUMNS = ("level", "entity_id", "month", "forms")


def known_months(shape: Shape, period: Period) -> list[Month]:
    """The months of a period of which anything is in the ledger, in order."""
    return [one for one in period if one in shape.months]


def result_of_period(months: Months, period: Period, edition: int, changes: pd.DataFrame | None) -> MonthResult:
    """All that a period's reports are cut from, as one edition has it; some month of it must be known. What is told out
    of master data is that of its last known month."""
    graph, shape = months.graph, months.shape
    own, name = known_months(shape, period), str(period)
    last = own[-1]
    scorecard = graph.of("period_scorecard", last, name)
    missing = missing_reports(shape, own)
    homes = graph.of("period_homes", last, name)
    gone = {one: graph.of("gone", one) for one in own}
    never, names = never_there(gone), _names(months, own)
    return MonthResult(
        period.last,
        edition,
        metrics=graph.of("period_ranked", last, name),
        problems=problems_frame([], months.ledger.forms, months.settings.words),
        submissions=_boards(months, own),
        names=names,
        regions=homes[~homes.index.isin(list(never))],
        findings=pd.DataFrame(columns=list(FINDING_COLUMNS)),
        forecast=pd.DataFrame(columns=list(FORECAST_COLUMNS)).astype({"high80": "float64"}),
        track=pd.DataFrame(columns=list(TRACK_COLUMNS)),
        open_actions=pd.DataFrame(columns=list(OPEN_ACTION_COLUMNS)),
        scorecard=scorecard,
        changes=changes,
        span=period,
        told={
            "period_fared": graph.of("period_fared", last, name),
            "period_rules": graph.of("period_rules", last, name),
            "period_actions": graph.of("period_actions", last, name),
            "period_missing": missing,
            "period_moves": moves_between({one: shape.regions(one) for one in own}, gone, homes, names),
            "period_best": best_managers(
                scorecard, throughout(shape, own), months.settings.profile.scorecard.best_in_region
            ),
            **tables_told(months, period),
            **told_by_masters(months, last),
        },
        known=known_of(shape, period),
    )


def papers_of_period(months: Months, period: Period) -> dict[str, Mapping[str, pd.DataFrame]]:
    """The frames of a period's papers for headquarters alone, by the paper's name; some month of it must be known."""
    last = known_months(months.shape, period)[-1]
    names = papers_in_use(months.settings.profile)
    return {name: months.graph.of("paper_over", last, str(period), name) for name in names}


def known_of(shape: Shape, period: Period) -> SpanKnown:
    """Which months of a period are known, and over which it is compared."""
    bases = {"previous": period.before, "last_year": period.year_ago}
    compared = {when: tuple(months_beside(period, base, shape.months)) for when, base in bases.items()}
    return SpanKnown(tuple(one for one in period if one not in shape.months), compared)


def missing_reports(shape: Shape, own: Sequence[Month]) -> pd.DataFrame:
    """One row per manager in office and month of which it has not handed in some form, with MISSING_COLUMNS: the level
    is the manager's, `forms` are keys joined by commas."""
    rows = []
    for month in own:
        missing = shape.known(month).missing
        who = sorted({manager for managers in missing.values() for manager in managers})
        for manager in who:
            forms = [form for form, managers in missing.items() if manager in managers]
            rows.append(("manager", manager, str(month), ",".join(forms)))
    return pd.DataFrame(rows, columns=list(MISSING_COLUMNS)).astype("str")


def throughout(shape: Shape, own: Sequence[Month]) -> frozenset[str]:
    """The managers in office in all of some months who have handed in all that they owe."""
    whole = [shape.known(one).in_office - shape.known(one).anybody for one in own]
    return frozenset.intersection(*whole) if whole else frozenset()


def share_of_period(graph: Graph, result: MonthResult, regions: Regions) -> Share:
    """What the reports of some regions, or of the organisation, are cut from."""
    assert result.span is not None
    last = max(one for one in result.span if one not in result.known.missing)
    with graph.doing():
        details = graph.of("period_details", last, str(result.span), regions)
        history = graph.of("history", last, regions)
        if regions is None:
            history = stacked([history, _of_regions(graph, last, tuple(sorted(set(result.regions))))])
        return Share(result, details, history, no_customers())


def _of_regions(graph: Graph, last: Month, regions: tuple[str, ...]) -> pd.DataFrame:
    """The regions' own values month by month: headquarters see them side by side."""
    values: pd.DataFrame = graph.of("history", last, regions)
    own: pd.DataFrame = values[values["level"] == REGION].reset_index(drop=True)
    return own


def _boards(months: Months, own: Sequence[Month]) -> pd.DataFrame:
    """Who sent what in the months of a period, one board below the other."""
    manifest, profile, shape = months.ledger.manifest, months.settings.profile, months.shape
    boards = (
        submissions_board(one, manifest, shape.managers(one), profile, exempt=shape.exempt(one)) for one in own
    )
    return stacked(list(boards))


def _names(months: Months, own: Sequence[Month]) -> pd.DataFrame:
    """The names of all entities of a period, as they are called last."""
    every = stacked([months.graph.of("names", one) for one in reversed(own)])
    return every.drop_duplicates(["level", "entity_id"], ignore_index=True)
