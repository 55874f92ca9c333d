"""The sheet of customers' files: figures, what they lack, what changed, and where master data and managers disagree."""

from pipeline.subjects.files.tables import changes_table
from pipeline.workbooks.blocks import Block, SheetPlan
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import sources, subject_table
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet

TABLES = ("enrolment_differences", "files_incomplete", "files_not_checked")


@sheet("files", subjects=("files",))
def _files(place: Place) -> SheetPlan:
    view = place.view
    lists = [table for name in TABLES if len(view.detail(name)) for table in lists_of(view, name)]
    blocks: list[Block | None] = [subject_table(view, "files"), sources(view, view.of_subject("files")), *lists]
    return plan_sheet(view, "files", [*blocks, changes_table(view)], locked=place.locked)
