"""The sheets of deals: figures, the funnel, each manager's; the lists of deals and small accounts."""

from pipeline.subjects.deals.tables import funnel_chart, steps_table
from pipeline.workbooks.blocks import SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import chart_row, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet


@sheet("deals", subjects=("deals",))
def _deals(place: Place) -> SheetPlan:
    view = place.view
    details = (*lists_of(view, "funnel"), steps_table(view))
    charts = (funnel_chart(view), trends(view, "pipeline", "weighted_pipeline"))
    if not place.locked:
        return subject_sheet(view, "deals", place.level, charts, details)
    table, used = subject_table(view, "deals"), sources(view, view.of_subject("deals"))
    return plan_sheet(view, "deals", [table, used, chart_row(charts), *details], locked=True)


@sheet("deal_list")
def _deal_list(place: Place) -> SheetPlan:
    view = place.view
    slipped = lists_of(view, "deals_slipped") if len(view.detail("deals_slipped")) else []
    lists = [*slipped, *lists_of(view, "small_accounts", "deals_of_month")]
    if not place.locked:
        return plan_sheet(view, "deal_list", lists)
    blocks = [*lists_of(view, "funnel"), chart_row([funnel_chart(view)]), *lists, steps_table(view)]
    return plan_sheet(view, "deal_list", blocks, locked=True)
