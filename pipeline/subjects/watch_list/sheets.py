"""The sheet of customers to watch."""

from pipeline.workbooks.blocks import SheetPlan
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import list_sheet
from pipeline.workbooks.sheet_list import Place, sheet


@sheet("watch_list")
def _watch_list(place: Place) -> SheetPlan | None:
    """None where nobody is under a floor."""
    view = place.view
    if view.detail("watch_list").empty:
        return None
    return list_sheet(view, "watch_list", lists_of(view, "watch_list"), locked=place.locked)
