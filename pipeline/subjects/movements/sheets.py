"""The sheets of movements: new, stopped, come back and lost; both bridges."""

from pipeline.subjects.movements.tables import bridge_table, steps_table, waterfall
from pipeline.workbooks.blocks import Chart, SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.details import sums_of
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import bar_chart, chart_row, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View


@sheet("movements", subjects=("movements",))
def _movements(place: Place) -> SheetPlan:
    view = place.view
    competitors, reasons = (sums_of(view, f"households_lost_by_{one}") for one in ("competitor", "reason"))
    details = (*competitors, *reasons, *lists_of(view, "households_lost"))
    charts = (
        trends(view, "new_households", "lost_households"),
        *(bar_chart(view, one, "lost", "户") for one in competitors),
    )
    if not place.locked:
        return subject_sheet(view, "movements", place.level, charts, details)
    table, used = subject_table(view, "movements"), sources(view, view.of_subject("movements"))
    return plan_sheet(view, "movements", [table, used, chart_row(charts), *details], locked=True)


@sheet("bridge", subjects=("bridge",))
def _bridge(place: Place) -> SheetPlan:
    return bridge_sheet(place.view, locked=place.locked)


def bridge_sheet(view: View, *, locked: bool = False) -> SheetPlan:
    """From the start of the month to its end, on the books and by state; customers whose forms disagree."""
    charts: tuple[Chart | None, ...] = (waterfall(view),)
    disagree = lists_of(view, "states_disagree") if len(view.detail("states_disagree")) else []
    blocks = [bridge_table(view), chart_row(charts), steps_table(view), *disagree]
    return plan_sheet(view, "bridge", blocks, locked=locked)
