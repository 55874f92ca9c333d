"""The manager workbook 《客户月度销售情况分析报告》: parts, details, and cells for the manager's own words."""

import pipeline.workbooks.all_sheets  # noqa: F401 - enters the sheets in the list
from pipeline.contract.report import Report
from pipeline.workbooks.blocks import WorkbookPlan
from pipeline.workbooks.sheet_list import Place, sheets_of, title_of
from pipeline.workbooks.sheets import plan_workbook
from pipeline.workbooks.view import View


def plan_manager(report: Report) -> WorkbookPlan:
    """The monthly report of one manager, from that manager's rows alone."""
    view = View(report)
    title = title_of(view, view.entity_name)
    opens_on = "cover" if report.span is None else "period_summary"
    return plan_workbook(view, title, sheets_of(Place(view, "manager", "manager", title)), opens_on)
