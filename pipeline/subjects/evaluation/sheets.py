"""The sheets of what the evaluation of customers leads to."""

from pipeline.workbooks.blocks import SheetPlan
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import list_sheet
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.view import View


@sheet("evaluation")
def _evaluation(place: Place) -> SheetPlan:
    return evaluation_sheets(place.view)[0]


@sheet("downgrades")
def _downgrades(place: Place) -> SheetPlan:
    return evaluation_sheets(place.view)[1]


def evaluation_sheets(view: View) -> tuple[SheetPlan, SheetPlan]:
    """Whom the evaluation recommends, and whom it proposes to put a grade down."""
    return (
        list_sheet(view, "evaluation", lists_of(view, "promotion_list")),
        list_sheet(view, "downgrades", lists_of(view, "downgrade_proposals")),
    )
