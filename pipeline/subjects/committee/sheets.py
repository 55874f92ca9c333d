"""The list of the customer service committee's monthly meeting, to be printed at headquarters."""

from pipeline.subjects.committee.tables import agenda_table, typical_table
from pipeline.workbooks.blocks import Note, SheetPlan
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet


@sheet("committee")
def _committee(place: Place) -> SheetPlan | None:
    """Headquarters' alone; where nothing stands on the list it says so."""
    view = place.view
    if place.kind != "headquarters":
        return None
    blocks = [agenda_table(view), typical_table(view), Note(view.word("note.committee"))]
    return plan_sheet(view, "committee", blocks)
