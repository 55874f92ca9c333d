"""The region workbook: the one that is mailed to the regional manager."""

from pipeline.contract.report import Report
from pipeline.workbooks.blocks import SheetPlan, WorkbookPlan
from pipeline.workbooks.comparison import (
    base_sheet,
    cases_sheet,
    compared_sheet,
    customers_sheet,
    evaluation_sheets,
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
from pipeline.workbooks.scorecard import scorecard_sheet
from pipeline.workbooks.sheets import editions_sheet, plan_workbook, quality_sheets, trend_sheet
from pipeline.workbooks.view import View


def plan_region(report: Report) -> WorkbookPlan:
    """The workbook of one region and month, from that region's rows alone."""
    view = View(report)
    targets = volume_targets(view, "manager")
    title = view.word("title.region", entity=view.entity_name)
    visits, complaints, satisfaction = subject_sheets(view, "manager")
    sheets: list[SheetPlan | None] = [
        editions_sheet(view),
        overview_sheet(view, targets, "manager", title),
        why_sheet(view),
        sales_sheet(view),
        mix_sheet(view),
        products_sheet(view),
        targets_sheet(view, targets, "manager"),
        compared_sheet(view, targets, "manager"),
        scorecard_sheet(view),
        base_sheet(view),
        customers_sheet(view),
        *evaluation_sheets(view),
        visits,
        *visit_lists(view),
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
