"""The sheets of complaints: figures, cases; with the survey, what customers think."""

from pipeline.contract.figure import Level
from pipeline.subjects.complaints.case_table import case_table, repeated_table
from pipeline.subjects.complaints.opinion_table import opinion_counts, opinion_quotes
from pipeline.subjects.complaints.tables import department_table
from pipeline.subjects.satisfaction.tables import MOST_POINTS, dimension_table
from pipeline.workbooks.blocks import Block, SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.details import sums_of
from pipeline.workbooks.parts import bar_chart, chart_row, said, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View

RULE_TABLES = {"overdue_case": case_table, "repeat_complaint": case_table}


@sheet("complaints", subjects=("complaints",))
def _complaints(place: Place) -> SheetPlan:
    return complaints_sheet(place.view, place.level)


@sheet("cases")
def _cases(place: Place) -> SheetPlan:
    return plan_sheet(place.view, "cases", [case_table(place.view)], locked=place.locked)


@sheet("part_opinions", subjects=("complaints", "satisfaction"))
def _part_opinions(place: Place) -> SheetPlan:
    return opinions_part(place.view)


def complaints_sheet(view: View, level: Level) -> SheetPlan:
    """Complaints down to the managers or regions, and by what they are about."""
    sums = sums_of(view, "complaints_by_category", "complaints_by_product")
    departments = [department_table(view)] if view.report.level == "organisation" else []
    charts = (trends(view, "complaints"), trends(view, "on_time_rate"))
    details = (*sums, *departments, repeated_table(view))
    return subject_sheet(view, "complaints", level, charts, details)


def opinions_part(view: View) -> SheetPlan:
    """(三) What customers say of goods and service: their own words, cases and survey."""
    dimensions = dimension_table(view)
    categories = next(iter(sums_of(view, "complaints_by_category")), None)
    blocks: list[Block | None] = [
        said(view, "opinions"),
        opinion_counts(view),
        opinion_quotes(view),
        chart_row(
            [
                bar_chart(view, categories, "received", "件"),
                bar_chart(view, dimensions, "score", "分", MOST_POINTS),
            ]
        ),
        dimensions,
        categories,
        subject_table(view, "complaints"),
        subject_table(view, "satisfaction"),
        *sums_of(view, "complaints_by_product"),
        sources(view, view.of_subject("complaints", "satisfaction")),
    ]
    return plan_sheet(view, "part_opinions", blocks, locked=True)
