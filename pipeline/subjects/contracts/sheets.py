"""The sheet of contracts: figures, by trade and grade of the customers, and the contracts of the month."""

from pipeline.workbooks.blocks import SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.details import sums_of
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import bar_chart, chart_row, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet


@sheet("contracts", subjects=("contracts",))
def _contracts(place: Place) -> SheetPlan:
    view = place.view
    channels, grades = sums_of(view, "contracts_by_channel"), sums_of(view, "contracts_by_grade")
    charts = (
        trends(view, "contract_amount"),
        *(bar_chart(view, one, "amount_yuan_signed", "万元") for one in channels),
    )
    details = (*channels, *grades, *lists_of(view, "contracts_signed"))
    if not place.locked:
        return subject_sheet(view, "contracts", place.level, charts, details)
    table, used = subject_table(view, "contracts"), sources(view, view.of_subject("contracts"))
    return plan_sheet(view, "contracts", [table, used, chart_row(charts), *details], locked=True)
