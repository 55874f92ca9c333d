"""The sheet of leads: figures, the open ones by age, and the list for law enforcement."""

from pipeline.workbooks.blocks import SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import sources, subject_table
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet


@sheet("leads", subjects=("leads",))
def _leads(place: Place) -> SheetPlan | None:
    """None where no lead is known: there is nothing to hand on."""
    view = place.view
    if not len(view.detail("leads_of_month")):
        return None
    ages = lists_of(view, "leads_by_age") if len(view.detail("leads_by_age")) else []
    details = [*ages, *lists_of(view, "leads_of_month")]
    if not place.locked:
        return subject_sheet(view, "leads", place.level, (), details)
    blocks = [subject_table(view, "leads"), sources(view, view.of_subject("leads")), *details]
    return plan_sheet(view, "leads", blocks, locked=True)
