"""The headquarters workbook: regions side by side, managers ranked, the submissions board, data quality."""

from pipeline.report import Report
from pipeline.workbooks.blocks import SheetPlan, WorkbookPlan
from pipeline.workbooks.comparison import (
    cases_sheet,
    compared_sheet,
    customers_sheet,
    forecast_sheet,
    problems_sheet,
    sales_sheet,
    subject_sheets,
    volume_targets,
)
from pipeline.workbooks.glossary import glossary_sheet
from pipeline.workbooks.overview import overview_sheet
from pipeline.workbooks.parts import mix_sheet
from pipeline.workbooks.scorecard import scorecard_detail_sheet, scorecard_sheet
from pipeline.workbooks.sheets import editions_sheet, plan_workbook, quality_sheet, trend_sheet
from pipeline.workbooks.view import View


def plan_headquarters(report: Report) -> WorkbookPlan:
    """The workbook of the whole organisation and month, every region and manager in it."""
    view = View(report)
    targets = volume_targets(view, "region")
    title = view.word("title.headquarters", entity=view.organisation)
    visits, complaints, satisfaction = subject_sheets(view, "region")
    sheets: list[SheetPlan | None] = [
        editions_sheet(view),
        overview_sheet(view, targets, "region", title),
        compared_sheet(view, targets, "region"),
        compared_sheet(view, volume_targets(view, "manager"), "manager"),
        scorecard_sheet(view),
        scorecard_detail_sheet(view),
        sales_sheet(view),
        mix_sheet(view),
        customers_sheet(view),
        visits,
        complaints,
        cases_sheet(view),
        satisfaction,
        forecast_sheet(view),
        problems_sheet(view),
        quality_sheet(view),
        glossary_sheet(view),
        trend_sheet(view),
    ]
    return plan_workbook(view, title, [sheet for sheet in sheets if sheet], "overview")
