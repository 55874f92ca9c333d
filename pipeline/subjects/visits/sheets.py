"""The sheets of visits: figures, what was seen amiss, what was missed."""

from pipeline.contract.figure import Level
from pipeline.workbooks.blocks import SheetPlan, Table
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import chart_row, list_sheet, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View


@sheet("visits", subjects=("visits",))
def _visits(place: Place) -> SheetPlan:
    return visits_details(place.view) if place.locked else visits_sheet(place.view, place.level)


def visits_sheet(view: View, level: Level) -> SheetPlan:
    """Visits down to the managers or regions."""
    charts = (trends(view, "visits"), trends(view, "coverage", "plan_completion"))
    return subject_sheet(view, "visits", level, charts, special_table(view))


def visits_details(view: View) -> SheetPlan:
    """The sheet of all figures of visits."""
    charts = (trends(view, "visits"), trends(view, "coverage", "plan_completion"))
    known = sources(view, view.of_subject("visits"))
    blocks = [subject_table(view, "visits"), known, chart_row(charts), *special_table(view)]
    return plan_sheet(view, "visits", blocks, locked=True)


def special_table(view: View) -> list[Table]:
    """The special visits of the month, where there were any."""
    name = "special_visits_made"
    return lists_of(view, name) if len(view.detail(name)) else []


@sheet("offences")
def _offences(place: Place) -> SheetPlan:
    return visit_lists(place.view, locked=place.locked)[0]


@sheet("missed")
def _missed(place: Place) -> SheetPlan:
    return visit_lists(place.view, locked=place.locked)[1]


def visit_lists(view: View, *, locked: bool = False) -> tuple[SheetPlan, SheetPlan]:
    """What visits found amiss, and planned visits that were not made (too many for headquarters to list)."""
    return (
        list_sheet(view, "offences", lists_of(view, "visit_offences"), locked=locked),
        list_sheet(view, "missed", lists_of(view, "missed_visits"), locked=locked),
    )


@sheet("plan_kept")
def _plan_kept(place: Place) -> SheetPlan | None:
    """How the plans that were issued were kept; a month without any is without the sheet."""
    view = place.view
    if view.detail("visits_against_plan").empty:
        return None
    names = (
        ("plan_kept", "plan_by_week")
        if place.kind == "headquarters"
        else ("plan_kept", "plan_by_week", "visits_against_plan")
    )
    return list_sheet(view, "plan_kept", lists_of(view, *names), locked=place.locked)
