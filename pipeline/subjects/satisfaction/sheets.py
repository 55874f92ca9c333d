"""The sheet of satisfaction."""

from pipeline.contract.figure import Level
from pipeline.subjects.satisfaction.tables import MOST_POINTS, dimension_table
from pipeline.workbooks.blocks import SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.page_charts import index_chart
from pipeline.workbooks.parts import bar_chart, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.view import View

COURSE = "satisfaction"


@sheet("satisfaction", subjects=("satisfaction",))
def _satisfaction(place: Place) -> SheetPlan:
    return satisfaction_sheet(place.view, place.level)


def satisfaction_sheet(view: View, level: Level) -> SheetPlan:
    """The survey down to the managers or regions, by dimension, and how it moves."""
    dimensions = dimension_table(view)
    course = index_chart(view) or trends(view, COURSE)
    charts = (course, bar_chart(view, dimensions, "score", "分", MOST_POINTS))
    details = (dimensions, *lists_of(view, "satisfaction_change", "satisfaction_trend"))
    return subject_sheet(view, "satisfaction", level, charts, details)
