"""The headquarters workbook: regions side by side, managers ranked, the submissions board, data quality."""

import pipeline.workbooks.all_sheets  # noqa: F401 - enters the sheets in the list
from pipeline.contract.report import Report
from pipeline.workbooks.blocks import WorkbookPlan
from pipeline.workbooks.sheet_list import Place, sheets_of, title_of
from pipeline.workbooks.sheets import plan_workbook
from pipeline.workbooks.view import View


def plan_headquarters(report: Report) -> WorkbookPlan:
    """The workbook of the whole organisation and month, every region and manager in it."""
    view = View(report)
    title = title_of(view, view.organisation)
    return plan_workbook(view, title, sheets_of(Place(view, "headquarters", "region", title)), "overview")
