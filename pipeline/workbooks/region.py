"""The region workbook: the one that is mailed to the regional manager."""

import pipeline.workbooks.all_sheets  # noqa: F401 - enters the sheets in the list
from pipeline.contract.report import Report
from pipeline.workbooks.blocks import WorkbookPlan
from pipeline.workbooks.sheet_list import Place, sheets_of, title_of
from pipeline.workbooks.sheets import plan_workbook
from pipeline.workbooks.view import View


def plan_region(report: Report) -> WorkbookPlan:
    """The workbook of one region and month, from that region's rows alone."""
    view = View(report)
    title = title_of(view, view.entity_name)
    return plan_workbook(view, title, sheets_of(Place(view, "region", "manager", title)), "overview")
