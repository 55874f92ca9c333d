"""The sheet of training: figures, credits of the year, courses."""

from pipeline.subjects.training.tables import course_table, renewal_table, told_in_year
from pipeline.workbooks.blocks import SheetPlan
from pipeline.workbooks.parts import sources, subject_table
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet


@sheet("training", subjects=("training",))
def _training(place: Place) -> SheetPlan | None:
    """None where nobody told of a course in the year: training is told of elsewhere, or not at all."""
    view = place.view
    if not told_in_year(view):
        return None
    blocks = [
        subject_table(view, "training"),
        sources(view, view.of_subject("training")),
        renewal_table(view),
        course_table(view),
    ]
    return plan_sheet(view, "training", blocks, locked=place.locked)
