"""The course of volume with its forecast and the band in which it is expected, as a table and a chart."""

from pipeline.base.frames import records
from pipeline.workbooks.blocks import Cell, Chart, Column, Series, Shown, Table
from pipeline.workbooks.course_notes import course_note, restated_text
from pipeline.workbooks.forecast_now import told_measures
from pipeline.workbooks.gaps import has_gap, month_marked
from pipeline.workbooks.view import View, number

COURSE = "forecast_course"
_BOUNDS = ("low80", "high80")


def forecast_course(view: View) -> tuple[Chart, Table] | None:
    """The last months of volume and the next one with its 80 % band; None where there is no forecast."""
    figure, row = view.figures.get(told_measures(view)[0]), _own_row(view)
    if figure is None or row is None:
        return None
    style = view.style(figure)
    columns = (
        Column("month", view.word("column.month")),
        Column("actual", view.titled(figure), style, blank=True),  # a dash would be drawn as 0
        *(Column(name, view.word(f"column.{name}"), style, blank=True) for name in ("forecast", *_BOUNDS)),
    )
    values = view.course(figure)
    now = Shown(values[-1], style)
    rows: list[tuple[Cell, ...]] = [
        (month_marked(view, month, shifts=(0,), figure=figure), Shown(value, style), None, None, None)
        for month, value in zip(view.months[:-1], values[:-1], strict=True)
    ]
    # The band starts from the month that is known, so that the lines meet.
    rows.append((month_marked(view, view.report.month, shifts=(0,), figure=figure), now, now, now, now))
    told = [Shown(view.scaled(figure, row[name]), style) for name in ("forecast", *_BOUNDS)]
    rows.append((str(view.report.month + 1), None, *told))
    marked = any(has_gap(view, month, shifts=(0,), figure=figure) for month in view.months)
    name = view.word("chart.forecast_with_gaps" if marked else "chart.forecast", name=view.label(figure))
    series = (
        Series(view.label(figure), COURSE, "actual", "main"),
        Series(view.word("column.forecast"), COURSE, "forecast", "second"),
        *(Series(view.word(f"column.{bound}"), COURSE, bound, "band") for bound in _BOUNDS),
    )
    alt = view.word("alt.forecast", name=view.label(figure), month=view.month_name(view.report.month + 1))
    chart = Chart(name, "line", (COURSE, "month"), series, view.unit(figure), alt)
    note = course_note(view, figure) if marked else restated_text(view)
    title = view.word("table.forecast_course", figure=view.label(figure))
    return chart, Table(COURSE, title, columns, tuple(rows), note=note)


def _own_row(view: View) -> dict[str, float | None] | None:
    frame = view.report.forecast
    if frame is None or frame.empty:
        return None
    own = frame[
        (frame["level"] == view.report.level)
        & (frame["entity_id"] == view.report.entity_id)
        & (frame["measure"] == told_measures(view)[0])
    ]
    found = records(own)
    if not found or number(found[0]["forecast"]) is None:
        return None
    return {name: number(found[0][name]) for name in ("forecast", *_BOUNDS)}
