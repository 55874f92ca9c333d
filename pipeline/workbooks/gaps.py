"""Months under a course that hold less than everybody's: somebody had not handed in what the course is counted from."""

from collections.abc import Iterable, Mapping

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.figure import Figure
from pipeline.workbooks.view import View

GAP = "*"  # marks a month in which somebody had not reported
MOST_NAMED = 3


def gaps(view: View, figure: Figure | None = None) -> Mapping[str, tuple[str, ...]]:
    """The months shown, and those of a year before, in which managers of the report's entity had not handed in what a
    figure is counted from (or some form): their codes by month (YYYY-MM)."""
    return view.once(f"gaps of {'' if figure is None else figure.must_know}", lambda: _gaps(view, figure))


def months_shown(view: View) -> frozenset[str]:
    """The months of courses, and those of a year before (YYYY-MM)."""
    return frozenset(month for months in view.month_names.values() for month in months)


def _gaps(view: View, figure: Figure | None) -> Mapping[str, tuple[str, ...]]:
    shown = months_shown(view)
    found: dict[str, set[str]] = {}
    for one in records(view.detail("missing_months")):
        month = str(one["month"])
        if month in shown and (figure is None or one["form"] == figure.must_know):
            found.setdefault(month, set()).update(str(one["managers"]).split(","))
    return {month: tuple(sorted(found[month])) for month in sorted(found)}


def has_gap(view: View, month: Month, shifts: Iterable[int] = (0, -12), figure: Figure | None = None) -> bool:
    """Whether a point of a course, or the one of a year before beside it, holds less than everybody's month."""
    known = gaps(view, figure)
    return any(str(month + shift) in known for shift in shifts)


def month_marked(view: View, month: Month, shifts: Iterable[int] = (0, -12), figure: Figure | None = None) -> str:
    """A month's name under a course, marked where its point holds less than everybody's month."""
    return f"{month}{GAP}" if has_gap(view, month, shifts, figure) else str(month)


def gaps_text(view: View, figure: Figure | None = None) -> str:
    """What the mark on a month means, and who is missing in which; empty where nobody is.

    Managers of others than the report's entity, who had some of its customers then, are not named.
    """
    if not any(has_gap(view, month, figure=figure) for month in view.months):
        return ""
    joint, parts = view.words.pick("、", ", "), []
    elsewhere = view.word("note.gap_elsewhere")
    for month, managers in gaps(view, figure).items():
        by_code = ((one, view.name("manager", one)) for one in managers)
        names = list(dict.fromkeys(elsewhere if name == one else name for one, name in by_code))
        more = len(names) - MOST_NAMED
        named = joint.join(names[:MOST_NAMED]) + (view.word("note.gap_more", count=len(names)) if more > 0 else "")
        parts.append(view.word("note.gap", month=month, names=named))
    return view.word("note.gaps", months=view.words.pick("；", "; ").join(parts))
