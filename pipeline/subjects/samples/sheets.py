"""The sheet of samples: figures, the month's samples one by one, what departments gave their engineers."""

from pipeline.base.frames import records
from pipeline.workbooks.blocks import Column, SheetPlan, Table
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import sources, subject_table
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View, number, text

LIST, MARKS = "samples_of_month", "department_marks"


@sheet("samples", subjects=("samples",))
def _samples(place: Place) -> SheetPlan | None:
    """None where nobody was sampled in the month."""
    view, marks = place.view, marks_table(place.view)
    if view.detail(LIST).empty and marks is None:
        return None
    lists = [*lists_of(view, LIST), marks]
    if not place.locked:
        return subject_sheet(view, "samples", place.level, (), lists)
    known = sources(view, view.of_subject("samples"))
    return plan_sheet(view, "samples", [subject_table(view, "samples"), known, *lists], locked=True)


def marks_table(view: View) -> Table | None:
    """What departments gave their engineers in the month; None where there is none, or it is not for this report."""
    frame = view.detail(MARKS)
    if frame.empty or view.report.level != "organisation":
        return None
    columns = (
        Column("engineer", view.level_word("engineer", heading=True)),
        Column("department", view.word("samples.department")),
        Column("marks", view.word("samples.marks"), "number0"),
        Column("points", view.word("samples.mean"), "number1"),
    )
    rows = tuple(
        (
            text(one["name"]),
            department_word(view, text(one["department"])),
            number(one["marks"]),
            number(one["points"]),
        )
        for one in records(frame)
    )
    return Table("detail_department_marks", view.word(f"detail_table.{MARKS}"), columns, rows)


def department_word(view: View, key: str) -> str | None:
    """A department as the trade calls it; None where none is told."""
    listed = view.report.settings.profile.choices("departments")
    return next((view.words.pick(one.zh, one.en) for one in listed if one.key == key), key or None)
