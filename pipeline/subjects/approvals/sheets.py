"""The sheet of what waits for the head of a region, who fills it in and sends it back; and of what was decided."""

from pipeline.subjects.approvals.tables import approvals_head, approvals_table
from pipeline.workbooks.blocks import Block, SheetPlan
from pipeline.workbooks.lists import list_table, lists_of
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from schemas.decisions import FORM


@sheet("approvals")
def _approvals(place: Place) -> SheetPlan | None:
    """None where nothing waits, and of anybody but a region. Nothing may stand below the table: it is read."""
    table = approvals_table(place.view)
    if place.kind != "region" or table is None:
        return None
    blocks: list[Block] = [*approvals_head(place.view), table]
    return plan_sheet(place.view, "approvals", blocks, locked=FORM in place.view.forms)


@sheet("decided")
def _decided(place: Place) -> SheetPlan | None:
    """None where nothing was decided."""
    if FORM not in place.view.forms or not list_table(place.view, "decisions").rows:
        return None
    return plan_sheet(place.view, "decided", lists_of(place.view, "decisions"), locked=place.locked)
