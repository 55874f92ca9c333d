"""The sheet of the customer base."""

from pipeline.contract.figure import Subject
from pipeline.workbooks.blocks import SheetPlan
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import subject_table
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View


@sheet("base", subjects=("base", "customers"))
def _base(place: Place) -> SheetPlan:
    return base_sheet(place.view, locked=place.locked)


def base_sheet(view: View, *, locked: bool = False) -> SheetPlan:
    """How many customers there are, how the amount is spread over them, and stocks out of order."""
    subjects: tuple[Subject, ...] = ("base", "customers")
    blocks = [subject_table(view, subject) for subject in subjects if view.of_subject(subject)]
    lost = [name for name in ("customers_moved", "losses") if len(view.detail(name))]
    blocks += lists_of(view, *lost, "pareto", "stock_health")
    return plan_sheet(view, "base", blocks, locked=locked)
