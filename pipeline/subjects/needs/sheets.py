"""The sheets of needs: figures and the days of each step, by topic and department; the lists."""

from pipeline.workbooks.blocks import SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.details import sums_of
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import chart_row, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet


@sheet("needs", subjects=("needs",))
def _needs(place: Place) -> SheetPlan:
    view = place.view
    details = sums_of(view, "needs_by_topic", "needs_by_department")
    charts = (trends(view, "needs_raised", "needs_closed"), trends(view, "need_days.reviewed", "need_days.done"))
    if not place.locked:
        return subject_sheet(view, "needs", place.level, charts, details)
    table, used = subject_table(view, "needs"), sources(view, view.of_subject("needs"))
    return plan_sheet(view, "needs", [table, used, chart_row(charts), *details], locked=True)


@sheet("need_list")
def _need_list(place: Place) -> SheetPlan:
    view = place.view
    waiting = lists_of(view, "needs_waiting") if len(view.detail("needs_waiting")) else []
    return plan_sheet(view, "need_list", [*waiting, *lists_of(view, "needs_of_month")], locked=place.locked)
