"""The sheet of what waits for the regional manager; printed, decided by hand and filed."""

from pipeline.subjects.approvals.tables import approvals_table
from pipeline.workbooks.blocks import Note, SheetPlan
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet


@sheet("approvals")
def _approvals(place: Place) -> SheetPlan | None:
    """None where nothing waits, and of anybody but a region."""
    table = approvals_table(place.view)
    if place.kind != "region" or table is None:
        return None
    return plan_sheet(place.view, "approvals", [Note(place.view.word("approval.note")), table])
