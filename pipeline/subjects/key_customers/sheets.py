"""The sheets of customers attracted and of those retained."""

from pipeline.workbooks.blocks import SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import chart_row, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet


@sheet("attract", subjects=("attract",))
def _attract(place: Place) -> SheetPlan:
    view = place.view
    charts = trends(view, "new_target_customers"), trends(view, "key_share", "key_income_share")
    if not place.locked:
        return subject_sheet(view, "attract", place.level, charts, ())
    table, used = subject_table(view, "attract"), sources(view, view.of_subject("attract"))
    return plan_sheet(view, "attract", [table, used, chart_row(charts)], locked=True)


@sheet("retain", subjects=("retain",))
def _retain(place: Place) -> SheetPlan:
    view = place.view
    charts = trends(view, "key_loss_rate"), trends(view, "contacts", "key_contacts")
    lost = lists_of(view, "key_customers_lost") if len(view.detail("key_customers_lost")) else []
    if not place.locked:
        return subject_sheet(view, "retain", place.level, charts, lost)
    table, used = subject_table(view, "retain"), sources(view, view.of_subject("retain"))
    return plan_sheet(view, "retain", [table, used, chart_row(charts), *lost], locked=True)
