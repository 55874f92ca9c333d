"""The sheet of promotions: figures, campaigns, what came of them, whom something is amiss with."""

from pipeline.workbooks.blocks import SheetPlan, Table
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import sources, subject_table
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View

TABLES = (
    "campaigns", "promotion_effect_by_product", "promotions_unconfirmed", "promotions_unsigned",
    "promotions_not_reached",
)  # fmt: skip


@sheet("promotions", subjects=("promotions",))
def _promotions(place: Place) -> SheetPlan | None:
    """None where nobody was settled or given anything in the month."""
    view = place.view
    if not len(view.detail("promotion_course")):
        return None
    if not place.locked:
        return subject_sheet(view, "promotions", place.level, (), _tables(view))
    known = sources(view, view.of_subject("promotions"))
    return plan_sheet(view, "promotions", [subject_table(view, "promotions"), known, *_tables(view)], locked=True)


def _tables(view: View) -> list[Table]:
    """The lists that have rows."""
    return [table for name in TABLES if len(view.detail(name)) for table in lists_of(view, name)]
