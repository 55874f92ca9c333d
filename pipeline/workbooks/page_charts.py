"""The charts of page one: their titles say the message, their bars begin at nought."""

import math
from dataclasses import replace

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.figure import Figure
from pipeline.contract.page_one import Contributions
from pipeline.contract.show import number_text, scale_of
from pipeline.workbooks.blocks import Chart, Series, Shown, Table
from pipeline.workbooks.page_courses import (
    COURSE,
    INDEX,
    course_figure,
    course_table,
    forecast_of,
    index_table,
    index_target,
)
from pipeline.workbooks.page_tables import (
    BARS,
    kind_word,
    steps_table,
    table_name,
    title_of,
    variance_of,
    waterfall_of,
)
from pipeline.workbooks.view import View

MOST_BARS = 24
WHOLE_FROM = 10  # an axis that reaches so far needs no decimals
STEPS = 5  # of what is counted, to either side of nought, at most
_ROUND = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
_LOOKS = {"hidden": "hidden", "better": "better", "worse": "worse", "total": "total"}


def page_charts(view: View) -> tuple[Chart, ...]:
    """Those charts of page one that the month has numbers for."""
    page = view.report.page_one
    if page is None:
        return ()
    fall, gap = waterfall_of(page), variance_of(page)
    charts = [
        _waterfall(view, fall) if fall and 2 <= len(fall.parts) <= MOST_BARS else None,
        _variance(view, gap) if gap and 2 <= len(gap.parts) <= MOST_BARS else None,
        _course(view),
        index_chart(view),
    ]
    return tuple(chart for chart in charts if chart is not None)


def _said(view: View, told: Contributions, value: int) -> str:
    """A difference as titles have it, in the unit that the title names."""
    figure = view.figures[told.figure]
    scaled = view.scaled(figure, value / TEN_THOUSANDTHS) or 0.0
    text = number_text(abs(scaled), _decimals(view, figure))
    return f"{'-' if value < 0 else '+'}{text}"


def _message(view: View, told: Contributions) -> str:
    """The whole difference, and who made most of it."""
    named = [part for part in told.parts if part.key]
    most = (min if told.change < 0 else max)(named, key=lambda part: (part.change, part.key))
    message = view.word(
        "first.message",
        against=view.word(f"first.against.{told.against}"),
        change=_said(view, told, told.change),
        name=most.name,
        most=_said(view, told, most.change),
    )
    return message[:1].upper() + message[1:]


def _waterfall(view: View, told: Contributions) -> Chart:
    steps = steps_table(view, told)
    series = tuple(
        Series(view.word(f"first.bar.{name}"), steps.name, name, _LOOKS[name.split("_")[0]])  # type: ignore[arg-type]
        for name in BARS
    )
    alt = view.word("alt.steps", title=title_of(view, told))
    lost = sum(part.change for part in told.parts if part.change < 0)
    reach = _reach(view, told, max(-lost, told.change - lost))
    return _bars(view, told, _message(view, told), (steps.name, "step"), series, alt, reach)


def _variance(view: View, told: Contributions) -> Chart:
    name = table_name(told)
    series = (
        Series(view.word("first.over"), name, "over", "better", labels=True),
        Series(view.word("first.short"), name, "short", "worse", labels=True),
    )
    alt = view.word("alt.variance", title=title_of(view, told))
    short = sum(1 for part in told.parts if part.key and part.change < 0)
    count = sum(1 for part in told.parts if part.key)
    state = "behind" if short else "all"
    title = view.word(f"first.{state}_{told.against}", kind=kind_word(view, told.kind), short=short, count=count)
    reach = _reach(view, told, max(abs(part.change) for part in told.parts))
    bars = _bars(view, told, title, (name, "part"), series, alt, reach)
    return replace(bars, label_decimals=_decimals(view, view.figures[told.figure]))


def _decimals(view: View, figure: Figure) -> int:
    """Those of its large unit; what has none is counted one by one."""
    return 0 if figure.large is None else scale_of(figure.large, view.words)[1]


def _bars(
    view: View,
    told: Contributions,
    title: str,
    names: tuple[str, str],
    series: tuple[Series, ...],
    alt: str,
    reach: float | None,
) -> Chart:
    """Bars to both sides of nought, as far as `reach`; an axis of what is counted one by one has whole numbers."""
    figure = view.figures[told.figure]
    chart = Chart(title, "bar", names, series, view.unit(figure), alt, stacked=True)
    if reach is None:
        return replace(chart, number_format="#,##0.0")
    if reach >= WHOLE_FROM:
        return replace(chart, least=-reach, most=reach)
    if _decimals(view, figure):
        return replace(chart, number_format="#,##0.0", least=-reach, most=reach)
    step = math.ceil(reach / STEPS)
    end = float(step * math.ceil(reach / step))
    return replace(chart, least=-end, most=end, step=float(step))


def _reach(view: View, told: Contributions, own: int) -> float | None:
    """The end of the axis that the charts of all regions share; where there is none, or it would cut a bar, that of the
    chart's own bars where they are counted one by one, else None: the program's own."""
    figure = view.figures[told.figure]
    shared = view.report.axes.get(f"{told.figure}.{told.against}", 0.0)
    if shared and shared * TEN_THOUSANDTHS >= own:
        return round_up(view.scaled(figure, shared) or 0.0)
    if own and not _decimals(view, figure):
        return round_up(view.scaled(figure, own / TEN_THOUSANDTHS) or 0.0)
    return None


def round_up(value: float) -> float:
    """The next of the round numbers at which an axis may end: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 and their tenfolds."""
    step = 10.0 ** math.floor(math.log10(value))
    return next((digit * step for digit in _ROUND if digit * step >= value), 10 * step)


def _course(view: View) -> Chart | None:
    figure, table = course_figure(view), course_table(view)
    if figure is None or table is None:
        return None
    ahead = forecast_of(view, figure)
    series = [Series(view.word("first.course.actual"), COURSE, "actual")]
    series += [Series(view.word("first.course.forecast"), COURSE, "forecast", "forecast")] if ahead else []
    series.append(Series(view.word("first.course.last_year"), COURSE, "last_year", "last_year", "line"))
    if any(isinstance(row[3], Shown) and row[3].value is not None for row in table.rows):
        series.append(Series(view.word("first.course.issued"), COURSE, "issued", "issued", "line"))
    if ahead:
        series += [
            Series(view.word("first.course.band"), COURSE, one, "bound", "line") for one in ("low80", "high80")
        ]
    alt = view.word("alt.course", name=view.label(figure), month=view.month_name(view.report.month + 1))
    title = view.word("first.course_title", figure=view.label(figure))
    if ahead:
        shown = {
            name: number_text(value or 0.0, 0 if figure.large is None else 1) for name, value in ahead.items()
        }
        told = {"figure": view.label(figure), "month": (view.report.month + 1).month}
        title = view.word("first.forecast_title", **told, **shown)
    return Chart(
        title, "column", (COURSE, "month"), tuple(series), view.unit(figure), alt, least=0,
        most=_course_end(view, figure, table),
    )  # fmt: skip


def _course_end(view: View, figure: Figure, table: Table) -> float | None:
    """The end of the axis that the courses of all regions share; None where it would cut a bar."""
    shared = view.report.axes.get(f"{figure.key}.course", 0.0)
    if not shared:
        return None
    end = round_up(view.scaled(figure, shared) or 0.0)
    cells = [cell.value for row in table.rows for cell in row if isinstance(cell, Shown)]
    return end if max((one for one in cells if isinstance(one, float)), default=0.0) <= end else None


def index_chart(view: View) -> Chart | None:
    """Satisfaction with its band and its target; None where the months have no answers, or a manager few."""
    table = index_table(view)
    figure = view.figures.get("satisfaction")
    if table is None or figure is None or (view.report.level == "manager" and view.is_thin(figure)):
        return None
    target, value = index_target(view), view.raw(figure, "value")
    series = [
        Series(view.word("first.index.low"), INDEX, "low", "hidden"),
        Series(view.word("first.index.spread"), INDEX, "spread", "spread"),
        Series(view.word("first.index.index"), INDEX, "index", "main", "line"),
    ]
    if target is not None:
        series.append(Series(view.word("first.index.target"), INDEX, "target", "goal", "line"))
    return Chart(
        _index_title(view, view.label(figure), value, target),
        "area",
        (INDEX, "month"),
        tuple(series),
        view.unit(figure),
        view.word("alt.index"),
        least=40,
        most=100,
        stacked=True,
    )


def _index_title(view: View, label: str, value: float | None, target: float | None) -> str:
    if value is None:
        return label
    shown = number_text(value, 1)
    if target is None:
        return view.word("first.index_title", figure=label, value=shown)
    key = "first.index_reached" if value >= target else "first.index_below"
    return view.word(key, figure=label, value=shown, gap=number_text(abs(value - target), 1))
