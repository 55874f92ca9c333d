"""The sheets of money: receipts, rates and what is outstanding by age; the accounts contract by contract."""

from pipeline.workbooks.blocks import Chart, SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import bar_chart, chart_row, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View


@sheet("receipts", subjects=("receipts",))
def _receipts(place: Place) -> SheetPlan:
    view, charts = place.view, _charts(place.view)
    ages = lists_of(view, "outstanding_by_age")
    if not place.locked:
        return subject_sheet(view, "receipts", place.level, charts, ages)
    table, used = subject_table(view, "receipts"), sources(view, view.of_subject("receipts"))
    return plan_sheet(view, "receipts", [table, used, chart_row(charts), *ages], locked=True)


def _charts(view: View) -> tuple[Chart | None, ...]:
    ages = lists_of(view, "outstanding_by_age")
    return trends(view, "outstanding", "past_due"), bar_chart(view, ages[0], "rest", "万元") if ages else None


@sheet("accounts")
def _accounts(place: Place) -> SheetPlan:
    view = place.view
    others = [name for name in ("loose_receipts", "accounts_untold") if len(view.detail(name))]
    lists = [*lists_of(view, *others), *lists_of(view, "accounts_open")]
    if not place.locked:
        return plan_sheet(view, "accounts", lists)
    ages = lists_of(view, "outstanding_by_age")
    return plan_sheet(view, "accounts", [*ages, chart_row(_charts(view)), *lists], locked=True)
