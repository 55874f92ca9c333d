"""What is to be known of the months of a course: who is missing in which, and which are restated."""

from pipeline.contract.figure import Figure
from pipeline.workbooks.gaps import gaps_text, months_shown
from pipeline.workbooks.view import View


def course_note(view: View, figure: Figure | None = None) -> str:
    """Both notes, of one figure or of all; empty where there is nothing to be known."""
    return view.words.pick("", " ").join(one for one in (gaps_text(view, figure), restated_text(view)) if one)


def restated_text(view: View) -> str:
    """Which sums of months before are told of those whom the entity has now; empty where nobody has moved."""
    frame = view.detail("restated_months")
    if frame.empty:
        return ""
    moved = set(frame.loc[frame["month"].isin(months_shown(view)), "figure"])
    forecast = view.those_of(view.report.settings.profile.forecast_figures)
    labels = [view.label(one) for one in forecast if one.key in moved]
    return view.word("note.restated", figures=view.words.pick("、", ", ").join(labels)) if labels else ""
