"""The sheet of prospects: figures, by kind of place and by what they use now, and the list."""

from pipeline.subjects.prospects.tables import prospect_table
from pipeline.workbooks.blocks import Chart, SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.details import sums_of
from pipeline.workbooks.parts import chart_row, list_sheet, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View


@sheet("prospects", subjects=("prospects",))
def _prospects(place: Place) -> SheetPlan:
    return _own(place.view) if place.locked else _compared(place)


def _own(view: View) -> SheetPlan:
    """A manager's: its figures, and its prospects."""
    blocks = [
        subject_table(view, "prospects"),
        sources(view, view.of_subject("prospects")),
        chart_row(_charts(view)),
        *sums_of(view, "prospects_by_kind", "prospects_by_service"),
    ]
    return plan_sheet(view, "prospects", blocks, locked=True)


def _compared(place: Place) -> SheetPlan:
    details = sums_of(place.view, "prospects_by_kind", "prospects_by_service")
    return subject_sheet(place.view, "prospects", place.level, _charts(place.view), details)


def _charts(view: View) -> tuple[Chart | None, ...]:
    return trends(view, "prospects", "prospects_signed"), trends(view, "filing_rate", "conversion_rate")


@sheet("prospect_list")
def _prospect_list(place: Place) -> SheetPlan:
    return list_sheet(place.view, "prospect_list", [prospect_table(place.view)], locked=place.locked)
