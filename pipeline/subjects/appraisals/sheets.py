"""The sheet of appraisals: managers with every part, the best of each region, engineers; a manager sees its own."""

from pipeline.subjects.appraisals.tables import best_table, engineers_table, managers_table, notes, own_table
from pipeline.workbooks.blocks import Block, SheetPlan
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet


@sheet("appraisals")
def _appraisals(place: Place) -> SheetPlan | None:
    """None where nobody is appraised in such a period."""
    view = place.view
    if view.detail("appraisals").empty and view.detail("engineer_appraisals").empty:
        return None
    tables = [own_table(view)] if place.locked else [best_table(view), managers_table(view), engineers_table(view)]
    blocks: list[Block | None] = [*tables, *notes(view, with_engineers=not place.locked)]
    return plan_sheet(view, "appraisals", blocks, locked=place.locked)
