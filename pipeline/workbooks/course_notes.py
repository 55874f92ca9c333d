"""What is to be known of the months of a course: who is missing in which, and which are told of today's customers."""

from pipeline.workbooks.view import View

MOST_NAMED = 3  # managers, in the note on a month


def course_note(view: View) -> str:
    """Who is missing in which months, and which sums are restated."""
    return view.words.pick("", " ").join(one for one in (gaps_text(view), restated_text(view)) if one)


def restated_text(view: View) -> str:
    """Which sums of months before are told of those whom the entity has now; empty where nobody has moved."""
    frame = view.detail("restated_months")
    if frame.empty:
        return ""
    shown = {str(month + shift) for month in view.months for shift in (0, -12)}
    moved = set(frame.loc[frame["month"].isin(shown), "figure"])
    known = view.those_of(view.report.settings.profile.forecast_figures)
    labels = [view.label(one) for one in known if one.key in moved]
    return view.word("note.restated", figures=view.words.pick("、", ", ").join(labels)) if labels else ""


def gaps_text(view: View) -> str:
    """What the mark on a month means, and who is missing in which; empty where nobody is.

    Managers of others than the report's entity, who had some of its customers then, are not named.
    """
    if not any(view.has_gap(month) for month in view.months):
        return ""
    joint, parts = view.words.pick("、", ", "), []
    elsewhere = view.word("note.gap_elsewhere")
    for month, managers in view.gaps.items():
        by_code = ((one, view.name("manager", one)) for one in managers)
        names = list(dict.fromkeys(elsewhere if name == one else name for one, name in by_code))
        more = view.word("note.gap_more", count=len(names)) if len(names) > MOST_NAMED else ""
        parts.append(view.word("note.gap", month=month, names=joint.join(names[:MOST_NAMED]) + more))
    return view.word("note.gaps", months=view.words.pick("；", "; ").join(parts))
