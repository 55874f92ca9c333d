"""The sheets of money: receipts and rates; what is outstanding, by age and contract by contract."""

from pipeline.workbooks.blocks import SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import bar_chart, chart_row, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet


@sheet("receipts", subjects=("receipts",))
def _receipts(place: Place) -> SheetPlan:
    view = place.view
    charts = (trends(view, "contract_amount", "receipts"), trends(view, "outstanding", "past_due"))
    if not place.locked:
        return subject_sheet(view, "receipts", place.level, charts, ())
    table, used = subject_table(view, "receipts"), sources(view, view.of_subject("receipts"))
    return plan_sheet(view, "receipts", [table, used, chart_row(charts)], locked=True)


@sheet("accounts")
def _accounts(place: Place) -> SheetPlan:
    view = place.view
    ages = lists_of(view, "outstanding_by_age")
    bars = bar_chart(view, ages[0], "rest", "万元") if ages else None
    others = [name for name in ("loose_receipts", "accounts_untold") if len(view.detail(name))]
    blocks = [*ages, chart_row([bars]), *lists_of(view, *others), *lists_of(view, "accounts_open")]
    return plan_sheet(view, "accounts", blocks, locked=place.locked)
