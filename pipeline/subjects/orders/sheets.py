"""The sheets of orders: figures, by kind, department and engineer; the lists. And (三) of a manager's report."""

from pipeline.subjects.complaints.opinion_table import opinion_quotes
from pipeline.subjects.orders.tables import department_table, engineer_table
from pipeline.subjects.satisfaction.tables import MOST_POINTS, dimension_table
from pipeline.workbooks.blocks import Block, SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.details import sums_of
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import bar_chart, chart_row, said, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet

_LISTS = ("orders_escalated", "orders_repeated")


@sheet("orders", subjects=("orders",))
def _orders(place: Place) -> SheetPlan:
    view = place.view
    kinds = sums_of(view, "orders_by_kind")
    charts = (trends(view, "orders", "complaints"), trends(view, "on_time_rate", "satisfied_rate"))
    if place.locked:
        table, used = subject_table(view, "orders"), sources(view, view.of_subject("orders"))
        return plan_sheet(view, "orders", [table, used, chart_row(charts), *kinds], locked=True)
    return subject_sheet(
        view, "orders", place.level, charts, (*kinds, department_table(view), engineer_table(view))
    )


@sheet("order_list")
def _order_list(place: Place) -> SheetPlan:
    view = place.view
    first = [one for name in _LISTS if len(view.detail(name)) for one in lists_of(view, name)]
    return plan_sheet(view, "order_list", [*first, *lists_of(view, "service_orders")], locked=place.locked)


@sheet("part_voices", subjects=("orders", "satisfaction"))
def _part_voices(place: Place) -> SheetPlan:
    """(三) What customers say: their own words, orders and survey."""
    view = place.view
    dimensions = dimension_table(view)
    blocks: list[Block | None] = [
        said(view, "opinions"),
        opinion_quotes(view),
        chart_row([bar_chart(view, dimensions, "score", "分", MOST_POINTS)]),
        dimensions,
        subject_table(view, "satisfaction"),
        *sums_of(view, "orders_by_kind"),
        sources(view, view.of_subject("orders", "satisfaction")),
    ]
    return plan_sheet(view, "part_voices", blocks, locked=True)
