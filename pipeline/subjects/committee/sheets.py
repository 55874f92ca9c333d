"""The list of the customer service committee's monthly meeting, and typical problems, to be printed at headquarters."""

from pipeline.subjects.committee.lists import TYPICAL
from pipeline.subjects.committee.tables import agenda_table, typical_table
from pipeline.subjects.complaints.cases import REPEAT_DAYS
from pipeline.workbooks.blocks import Note, SheetPlan
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View


@sheet("committee")
def _committee(place: Place) -> SheetPlan | None:
    """Headquarters' alone; where nothing stands on the list it says so."""
    view = place.view
    if place.kind != "headquarters":
        return None
    return plan_sheet(
        view,
        "committee",
        [agenda_table(view), Note(view.word("note.committee", days=_limit(view, "repeat_days", REPEAT_DAYS)))],
    )


@sheet("typical_problems")
def _typical(place: Place) -> SheetPlan | None:
    """Headquarters' alone; None where no problem is typical."""
    view = place.view
    table = typical_table(view) if place.kind == "headquarters" else None
    if table is None:
        return None
    least = _limit(view, "typical_problem", TYPICAL)
    return plan_sheet(view, "typical_problems", [table, Note(view.word("note.typical_problems", least=least))])


def _limit(view: View, name: str, usual: int) -> int:
    return int(view.report.settings.profile.thresholds.get(name, usual))
