"""The sheet of product sales."""

from pipeline.workbooks.blocks import SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.parts import chart_row, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet


@sheet("product_sales", subjects=("product_sales",))
def _product_sales(place: Place) -> SheetPlan:
    view = place.view
    charts = trends(view, "units_sold"), trends(view, "sales_amount", "product_pay")
    if not place.locked:
        return subject_sheet(view, "product_sales", place.level, charts, ())
    table, used = subject_table(view, "product_sales"), sources(view, view.of_subject("product_sales"))
    return plan_sheet(view, "product_sales", [table, used, chart_row(charts)], locked=True)
