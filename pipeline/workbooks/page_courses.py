"""Courses that page one draws: what is sold with last year and next month's band, and satisfaction with its band."""

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.figure import Figure
from pipeline.workbooks.blocks import Cell, Column, Shown, Table
from pipeline.workbooks.course_notes import course_note
from pipeline.workbooks.forecast_now import measures_of, told_measures
from pipeline.workbooks.gaps import GAP, has_gap
from pipeline.workbooks.view import View, number

COURSE, INDEX = "why_course", "why_index"
_INDEX_FIGURE = "satisfaction"


def course_figure(view: View) -> Figure | None:
    """What page one follows: money, else volume."""
    profile = view.report.settings.profile
    first = dict.fromkeys((profile.forecast_told, *reversed(measures_of(view))))
    told = told_measures(view)
    known = [one for one in view.those_of(first) if one.key in told and view.raw(one, "value") is not None]
    return known[0] if known else None


def forecast_of(view: View, figure: Figure) -> dict[str, float | None]:
    """Next month's forecast with its 80 % band, as shown; empty where there is none."""
    frame = view.report.forecast
    if frame is None or frame.empty:
        return {}
    own = frame[
        (frame["level"] == view.report.level)
        & (frame["entity_id"] == view.report.entity_id)
        & (frame["measure"] == figure.key)
    ]
    rows = records(own)
    if not rows or number(rows[0]["forecast"]) is None:
        return {}
    return {name: view.scaled(figure, number(rows[0][name])) for name in ("forecast", "low80", "high80")}


def issued_for_now(view: View, figure: Figure) -> float | None:
    """What was forecast for this month a month ago."""
    frame = view.detail("track_record")
    if frame.empty:
        return None
    own = frame[
        (frame["level"] == view.report.level)
        & (frame["entity_id"] == view.report.entity_id)
        & (frame["measure"] == figure.key)
        & (frame["source"] == "model")
    ]
    rows = [one for one in records(own) if one.get("last_moved") is not True]  # of others than the month beside it
    return view.scaled(figure, number(rows[0]["last_forecast"])) if rows else None


def course_table(view: View) -> Table | None:
    """One row a month: what came, last year, what was and is forecast; next month last."""
    figure = course_figure(view)
    if figure is None:
        return None
    style = view.style(figure)
    names = ("actual", "last_year", "issued", "forecast", "low80", "high80")
    columns = (
        Column("month", view.word("column.month")),
        *(Column(name, view.word(f"first.course.{name}"), style, blank=True) for name in names),
    )
    issued, ahead = issued_for_now(view, figure), forecast_of(view, figure)
    rows: list[tuple[Cell, ...]] = []
    row: tuple[float | None, ...]
    for month, value, before in zip(view.months, view.course(figure), view.course(figure, -12), strict=True):
        told = issued if month == view.report.month else None
        row = (value, before, told, None, None, None)
        rows.append((_short(view, month, figure), *(Shown(one, style) for one in row)))
    if ahead:
        coming = view.report.month + 1
        (before,) = view.course(figure, -12, [coming])
        row = (None, before, None, *(ahead[name] for name in ("forecast", "low80", "high80")))
        rows.append((_short(view, coming, figure), *(Shown(one, style) for one in row)))
    title = view.word("first.course_of", figure=view.titled(figure))
    return Table(COURSE, title, columns, tuple(rows), note=course_note(view, figure))


def _short(view: View, month: Month, figure: Figure) -> str:
    """A month's name on a narrow axis: its number, the first one, January and the next one with the year."""
    mark = GAP if has_gap(view, month, figure=figure) else ""
    with_year = month.month == 1 or month in (view.months[0], view.report.month + 1)
    return f"{month.year}-{month.month:02d}{mark}" if with_year else f"{month.month}{mark}"


def index_target(view: View) -> float | None:
    """What satisfaction is to reach: the target of the month, else that of the scorecard."""
    figure = view.figures.get(_INDEX_FIGURE)
    if figure is None:
        return None
    target, card = view.raw(figure, "target"), view.detail("scorecard")
    if target is not None or card.empty:
        return target
    own = card[card["figure"] == _INDEX_FIGURE]
    return number(own["target"].iloc[0]) if len(own) else None


def index_table(view: View) -> Table | None:
    """One row a month with answers: index, the ends of its 95 % interval and the room between, target."""
    low, high = view.figures.get("satisfaction_low95"), view.figures.get("satisfaction_high95")
    figure = view.figures.get(_INDEX_FIGURE)
    if figure is None or low is None or high is None:
        return None
    courses = zip(view.months, *(view.course(one) for one in (figure, low, high)), strict=True)
    target, style = index_target(view), view.style(figure)
    rows: list[tuple[Cell, ...]] = []
    for month, value, bottom, top in courses:
        if value is not None and bottom is not None and top is not None:
            numbers = (value, bottom, top - bottom, top, target)
            rows.append((_short(view, month, figure), *(Shown(one, style) for one in numbers)))
    if len(rows) < 2:
        return None
    columns = (
        Column("month", view.word("column.month")),
        *(Column(name, view.word(f"first.index.{name}"), style, blank=True)
          for name in ("index", "low", "spread", "high", "target")),
    )  # fmt: skip
    return Table(INDEX, view.word("first.index_of", figure=view.titled(figure)), columns, tuple(rows))
