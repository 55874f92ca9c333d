"""The headquarters workbook: regions side by side, managers ranked, the submissions board, data quality."""

from pipeline.contract.report import Report
from pipeline.workbooks.blocks import SheetPlan, WorkbookPlan
from pipeline.workbooks.comparison import (
    base_sheet,
    cases_sheet,
    compared_sheet,
    customers_sheet,
    forecast_sheets,
    problems_sheet,
    sales_sheet,
    subject_sheets,
    targets_sheet,
    visit_lists,
    volume_targets,
)
from pipeline.workbooks.glossary import glossary_sheet
from pipeline.workbooks.overview import overview_sheet
from pipeline.workbooks.page_tables import chart_tables, why_sheet
from pipeline.workbooks.parts import mix_sheet, products_sheet
from pipeline.workbooks.scorecard import region_scorecard_sheet, scorecard_detail_sheet, scorecard_sheet
from pipeline.workbooks.sheets import editions_sheet, plan_workbook, quality_sheets, trend_sheet
from pipeline.workbooks.view import View


def plan_headquarters(report: Report) -> WorkbookPlan:
    """The workbook of the whole organisation and month, every region and manager in it."""
    view = View(report)
    targets, managers = volume_targets(view, "region"), volume_targets(view, "manager")
    title = view.word("title.headquarters", entity=view.organisation)
    visits, complaints, satisfaction = subject_sheets(view, "region")
    sheets: list[SheetPlan | None] = [
        editions_sheet(view),
        overview_sheet(view, targets, "region", title),
        why_sheet(view),
        targets_sheet(view, targets, "region"),
        compared_sheet(view, targets, "region"),
        targets_sheet(view, managers, "manager"),
        compared_sheet(view, managers, "manager"),
        region_scorecard_sheet(view),
        scorecard_sheet(view),
        scorecard_detail_sheet(view),
        sales_sheet(view),
        mix_sheet(view),
        products_sheet(view),
        base_sheet(view),
        customers_sheet(view),
        visits,
        visit_lists(view)[0],
        complaints,
        cases_sheet(view),
        satisfaction,
        *forecast_sheets(view),
        problems_sheet(view),
        *quality_sheets(view),
        glossary_sheet(view),
        trend_sheet(view, chart_tables(view)),
    ]
    return plan_workbook(view, title, [sheet for sheet in sheets if sheet], "overview")
