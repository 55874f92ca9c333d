"""The sheets of households: their state, whose time runs out and who is at risk, who is stopped and since when."""

from pipeline.workbooks.blocks import Block, Chart, Series, SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.figure_tables import TREND_TABLE
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.overview import message, what_matters
from pipeline.workbooks.parts import bar_chart, chart_row, said, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View

STATES = ("active", "penalty_stopped", "paused")
_LOOKS = ("main", "second", "third")


@sheet("subscriptions", subjects=("subscriptions",))
def _subscriptions(place: Place) -> SheetPlan:
    view, charts = place.view, _charts(place.view)
    details = lists_of(view, "customers_not_reported") if len(view.detail("customers_not_reported")) else []
    if not place.locked:
        return subject_sheet(view, "subscriptions", place.level, charts, details)
    table, used = subject_table(view, "subscriptions"), sources(view, view.of_subject("subscriptions"))
    return plan_sheet(view, "subscriptions", [table, used, chart_row(charts), *details], locked=True)


def _charts(view: View) -> tuple[Chart | None, ...]:
    return state_chart(view), trends(view, "penalty_rate", "pause_rate")


def state_chart(view: View) -> Chart | None:
    """Thirteen months of households by state, one on the other; None where the trade has none of them."""
    figures = view.those_of(STATES)
    if not figures:
        return None
    series = tuple(
        Series(view.label(figure), TREND_TABLE, figure.key, look)  # type: ignore[arg-type]
        for figure, look in zip(figures, _LOOKS, strict=False)
    )
    return Chart(
        view.word("chart.states"), "column", (TREND_TABLE, ""), series, view.unit(figures[0]),
        view.word("alt.states"), across=True, stacked=True, least=0,
    )  # fmt: skip


@sheet("at_risk")
def _at_risk(place: Place) -> SheetPlan:
    return plan_sheet(place.view, "at_risk", lists_of(place.view, "customers_at_risk"), locked=place.locked)


@sheet("stopped")
def _stopped(place: Place) -> SheetPlan:
    view = place.view
    ages = lists_of(view, "stopped_by_age")
    bars = bar_chart(view, ages[0], "penalty_stopped", "户") if ages else None
    return plan_sheet(
        view, "stopped", [*ages, chart_row([bars]), *lists_of(view, "customers_stopped")], locked=place.locked
    )


@sheet("part_households", subjects=("subscriptions",))
def _part_households(place: Place) -> SheetPlan:
    """(一) of a manager's report: what is to be said of households, and their figures."""
    view = place.view
    blocks: list[Block | None] = [
        *message(view),
        what_matters(view),
        said(view, "sales"),
        subject_table(view, "subscriptions"),
        chart_row(_charts(view)),
        sources(view, view.of_subject("subscriptions")),
    ]
    return plan_sheet(view, "part_households", blocks, locked=True)
