"""Tables and charts that follow from figures alone: a new figure shows up in them by itself."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.base.frames import records
from pipeline.contract.figure import Figure, Level
from pipeline.workbooks.blocks import Cell, Chart, Column, Series, Shown, Spark, Table
from pipeline.workbooks.course_notes import course_note
from pipeline.workbooks.gaps import gaps_text, month_marked
from pipeline.workbooks.view import ORGANISATION, View, number
from pipeline.workbooks.whose_region import with_regions

TREND_TABLE = "trend_months"
MOST_FIGURES = 11
_LIKE = ("comparable", "previous_comparable", "comparable_last_year", "last_year_comparable")
_WITH_LAST_YEAR = ("volume", "amount")
_WHOLE = 100.0

MOST_ENTITIES = 40  # more columns than that no chart can show


def figure_table(view: View, name: str, title: str, figures: Sequence[Figure], empty: str) -> Table:
    """One row a figure: value, previous month, change, last year, year to date, target, organisation, trend."""
    has_target = any(view.raw(figure, "target") is not None for figure in figures)
    has_whole = view.report.level != "organisation"
    unlike = is_unlike(view, figures)
    columns = [
        Column("figure", view.word("column.figure")),
        Column("unit", view.word("column.unit")),
        Column("value", view.word("column.value"), "number2"),
        Column("previous", view.word("column.previous"), "number2"),
        Column("change", view.word("column.change"), "change_percent"),
        Column("last_year", view.word("column.last_year"), "number2"),
        Column("yoy", view.word("column.yoy"), "change_percent"),
        *_like_columns(view, unlike),
        Column("ytd", view.word("column.ytd"), "number2"),
        Column("ytd_yoy", view.word("column.ytd_yoy"), "change_percent"),
    ]
    if has_target:
        columns.append(Column("target", view.word("column.target"), "number2"))
        columns += _like_target(view, figures)
        columns.append(Column("completion", view.word("column.completion"), "percent1", bar=True))
    if has_whole:
        columns.append(Column("whole", view.word("column.whole"), "number2"))
    columns.append(Column("trend", view.word("column.trend"), "spark"))
    shown = [column.key for column in columns]
    rows = tuple(_figure_row(view, figure, shown) for figure in figures)
    thin = any(view.is_thin(figure) for figure in figures)
    notes = [view.word("note.thin", count=view.report.settings.profile.least_count)] if thin else []
    notes += [view.word("note.unlike")] if unlike else []
    note = view.words.pick("", " ").join(notes)
    return Table(
        name, title, tuple(columns), rows, tuple(figure.key for figure in figures), note=note, empty=empty
    )


def _like_columns(view: View, unlike: bool) -> list[Column]:
    """What the changes compare, where that is not the totals as they were reported."""
    return [Column(name, view.word(f"column.{name}"), "number2") for name in (_LIKE if unlike else ())]


def _like_target(view: View, figures: Sequence[Figure]) -> list[Column]:
    """The target that completion holds a value against, where that is not the whole target."""
    pairs = [(view.raw(one, "target_comparable"), view.raw(one, "target")) for one in figures]
    if all(like is None or like == whole for like, whole in pairs):
        return []
    return [Column("target_comparable", view.word("column.target_comparable"), "number2")]


def _figure_row(view: View, figure: Figure, shown: Sequence[str]) -> tuple[Cell, ...]:
    row: list[Cell] = [
        view.to_glossary(figure),
        view.unit(figure),
        view.value(figure),
        view.value(figure, "previous"),
        view.change(figure),
        view.value(figure, "last_year"),
        view.change(figure, "yoy"),
        *(view.value(figure, column) for column in _LIKE if column in shown),
        view.value(figure, "ytd"),
        view.change(figure, "ytd_yoy"),
    ]
    row += [view.value(figure, column) for column in ("target", "target_comparable") if column in shown]
    if "completion" in shown:
        row.append(view.raw(figure, "completion"))
    if "whole" in shown:
        row.append(view.value(figure, "value", *ORGANISATION))
    return (*row, Spark(TREND_TABLE, figure.key))


def entity_table(
    view: View, name: str, title: str, figures: Sequence[Figure], level: Level, bars: Iterable[str] = ()
) -> Table:
    """One row an entity (manager or region), a column a figure; the whole in the row under the table.

    The first MOST_FIGURES that anything is known of, so that the table can be read on a page.
    """
    known = [one for one in figures if view.raw(one, "value") is not None] or list(figures)
    figures, left = known[:MOST_FIGURES], len(known) - MOST_FIGURES
    first = view.level_word(level, heading=True)
    bar_keys = set(bars)
    columns = [Column("entity", first)]
    columns += [
        Column(figure.key, view.header(figure), view.style(figure), bar=figure.key in bar_keys)
        for figure in figures
    ]
    ids = view.entities(level)
    rows = tuple(_entity_row(view, figures, level, entity) for entity in ids)
    summary: tuple[Cell, ...] = (view.word("total"), *(view.value(figure) for figure in figures))
    thin = any(view.is_thin(figure, level, entity) for figure in figures for entity in ids)
    notes = [view.word("note.thin", count=view.report.settings.profile.least_count)] if thin else []
    notes += [view.word("note.more_figures", count=left)] if left > 0 else []
    notes += [view.word("note.counted_once")] if any(one.over_time == "distinct" for one in figures) else []
    note = view.words.pick("", " ").join(notes)
    table = Table(
        name,
        title,
        tuple(columns),
        rows,
        ids,
        summary=summary if rows else (),
        note=note,
        empty=view.word("empty.entities"),
    )
    return with_regions(view, table, level)


def _entity_row(view: View, figures: Sequence[Figure], level: Level, entity: str) -> tuple[Cell, ...]:
    return (view.name(level, entity), *(view.value(figure, "value", level, entity) for figure in figures))


def target_table(view: View, name: str, title: str, figure: Figure, level: Level) -> Table:
    """One row an entity: a figure with its target, completion, changes and rank. Best first."""
    columns = (
        Column("entity", view.level_word(level, heading=True)),
        Column("value", view.header(figure), view.style(figure)),
        Column("target", view.word("column.target"), view.style(figure), blank=True),
        Column("completion", view.word("column.completion"), "percent1", flag_below=100),
        Column("change", view.word("column.change"), "change_percent"),
        Column("last_year", view.word("column.last_year"), view.style(figure), blank=True),
        Column("yoy", view.word("column.yoy"), "change_percent"),
        Column("rank", view.word(f"column.rank_among.{_rivals(view, level)}", figure=view.label(figure)), "rank"),
    )
    ids = sorted(view.entities(level), key=lambda one: -(view.raw(figure, "value", level, one) or 0))
    ranks = _ranks(view, figure, level, ids)
    rows = tuple(_target_row(view, figure, level, entity, ranks.get(entity)) for entity in ids)
    has_target = any(view.raw(figure, "target", level, entity) is not None for entity in ids)
    legend = view.word("legend.below_target") if has_target else ""
    table = Table(name, title, columns, rows, tuple(ids), legend=legend, empty=view.word("empty.entities"))
    return with_regions(view, table, level)


def _rivals(view: View, level: Level) -> str:
    """Over whom a table's ranks are: headquarters sees managers beside all others, a region beside its own."""
    if level == "region":
        return "regions"
    return "all_managers" if view.report.level == "organisation" else "own_managers"


def _ranks(view: View, figure: Figure, level: Level, ids: Sequence[str]) -> dict[str, float]:
    """The rank of each entity that is ranked at all; equals share one."""
    given = {one: rank for one in ids if (rank := view.raw(figure, "rank", level, one)) is not None}
    if _rivals(view, level) != "all_managers":
        return given
    sign = 1 if figure.better == "lower" else -1
    values = {one: sign * (view.raw(figure, "value", level, one) or 0.0) for one in given}
    return {one: 1.0 + sum(other < value for other in values.values()) for one, value in values.items()}


def _target_row(view: View, figure: Figure, level: Level, entity: str, rank: float | None) -> tuple[Cell, ...]:
    return (
        view.name(level, entity),
        view.value(figure, "value", level, entity),
        view.value(figure, "target", level, entity),
        view.raw(figure, "completion", level, entity),
        view.change(figure, "change", level, entity),
        view.value(figure, "last_year", level, entity),
        view.change(figure, "yoy", level, entity),
        Shown(rank, "rank"),
    )


def target_chart(view: View, table: Table, figure: Figure, level: Level, **options: int | bool) -> Chart:
    """Entities against their target; against last year where no target stands."""
    place = table.position("target")
    has_target = any(isinstance(row[place], Shown) and row[place].value is not None for row in table.rows)  # type: ignore[union-attr]
    other = "target" if has_target else "last_year"
    look = "target" if has_target else "last_year"
    title = view.word(f"chart.against_{other}", figure=view.label(figure), level=view.level_word(level))
    return Chart(
        title,
        "column",
        (table.name, "entity"),
        (
            Series(view.label(figure), table.name, "value"),
            Series(view.word(f"column.{other}"), table.name, other, look, "line"),  # type: ignore[arg-type]
        ),
        view.unit(figure),
        view.word("alt.entities", title=title, count=len(table.rows)),
        number_format=_axis_format(figure),
        least=0,
        **options,  # type: ignore[arg-type]
    )


def festival_table(view: View) -> Table | None:
    """January and February summed, with last year's, since neither compares alone; None before there are both.

    From the detail frame `january_and_february`: level, entity_id, figure, value, last_year, yoy.
    """
    frame = view.detail("january_and_february")
    if frame.empty:
        return None
    own = frame[(frame["level"] == view.report.level) & (frame["entity_id"] == view.report.entity_id)]
    by_figure = {str(one["figure"]): one for one in records(own)}
    figures = [
        one
        for one in view.those_of(view.report.settings.profile.workbooks.festival_figures)
        if one.key in by_figure
    ]
    if not figures:
        return None
    columns = (
        Column("figure", view.word("column.figure")),
        Column("unit", view.word("column.unit")),
        Column("value", view.word("column.both_months"), "number2"),
        Column("last_year", view.word("column.last_year"), "number2"),
        Column("yoy", view.word("column.yoy"), "change_percent"),
    )
    rows = tuple(_festival_row(view, one, by_figure[one.key]) for one in figures)
    title = view.word("table.festival", year=view.report.month.year)
    return Table("festival_figures", title, columns, rows, note=view.word("note.festival"))


def _festival_row(view: View, figure: Figure, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    value, before = (view.scaled(figure, number(row[name])) for name in ("value", "last_year"))
    style = view.style(figure)
    shown = (Shown(value, style), Shown(before, style), view.shown_change(figure, number(row["yoy"])))
    return (view.label(figure), view.unit(figure), *shown)


def trend_table(view: View) -> Table:
    """One row a figure of the entity, a column a month; volume and amount of the year before in further rows.

    Charts and sparklines are drawn from here; a month without a value stays empty, so that no line is drawn. A month
    in which managers had not reported is drawn as reported, its name marked, and the note says who.
    """
    columns = [Column("figure", view.word("column.figure")), Column("unit", view.word("column.unit"))]
    columns += [Column(str(month), month_marked(view, month), "number2", blank=True) for month in view.months]
    rows, keys = [], []
    for figure in view.report.figures:
        rows.append(_trend_row(view, figure, view.label(figure), 0))
        keys.append(figure.key)
        if figure.key in _WITH_LAST_YEAR:
            name = view.word("last_year_of", name=view.label(figure))
            rows.append(_trend_row(view, figure, name, -12))
            keys.append(last_year(figure))
    title = view.word("table.trend", entity=view.entity_name)
    empty = view.word("empty.figures")
    return Table(
        TREND_TABLE,
        title,
        tuple(columns),
        tuple(rows),
        tuple(keys),
        note=course_note(view),
        empty=empty,
        first_value=2,
    )


def _trend_row(view: View, figure: Figure, name: str, shift: int) -> tuple[Cell, ...]:
    style = view.style(figure)
    return (name, view.unit(figure), *(Shown(value, style) for value in view.course(figure, shift)))


def last_year(figure: Figure) -> str:
    """The key of the row that holds a figure a year before."""
    return f"{figure.key}.last_year"


def trend_chart(view: View, figures: Sequence[Figure], title: str = "", **options: float | bool) -> Chart:
    """Thirteen months of one figure with last year, or of several of one unit."""
    first = figures[0]
    looks = ("main", "second", "third", "band")
    series = [
        Series(view.label(figure), TREND_TABLE, figure.key, look)  # type: ignore[arg-type]
        for figure, look in zip(figures, looks, strict=False)
    ]
    if len(figures) == 1 and first.key in _WITH_LAST_YEAR:
        name = view.word("column.last_year")
        series.append(Series(name, TREND_TABLE, last_year(first), "last_year"))
    head = title or view.label(first)
    values = [one for figure in figures for one in _values_shown(view, figure)]
    least = _axis_start(values)
    return Chart(
        view.word("chart.trend_with_gaps" if gaps_text(view) else "chart.trend", name=head),
        "line",
        (TREND_TABLE, ""),
        tuple(series),
        view.unit(first),
        view.word("alt.trend", name=head, first=view.months[0], last=view.months[-1]),
        across=True,
        number_format=_axis_format(first),
        least=least,
        most=_axis_end(first, values, least),
        **options,  # type: ignore[arg-type]
    )


def _axis_format(figure: Figure) -> str:
    """How the axis of a figure's values is numbered."""
    return "0%" if figure.is_rate else "#,##0"


def _values_shown(view: View, figure: Figure) -> list[float]:
    known = view.course(figure)
    if figure.key in _WITH_LAST_YEAR:
        known = [*known, *view.course(figure, -12)]
    return [one for one in known if one is not None]


def _axis_start(values: Sequence[float]) -> float | None:
    """Where a line chart's axis starts: at 0, unless all values lie so high that their course would not show."""
    if not values or min(values) < 0:
        return None
    lowest, spread = min(values), max(values) - min(values)
    if spread == 0 or lowest < 2 * spread:
        return 0
    step = 10.0 ** math.floor(math.log10(spread))
    return max(0.0, math.floor((lowest - spread / 2) / step) * step)


def _axis_end(figure: Figure, values: Sequence[float], least: float | None) -> float | None:
    """100 for shares and indices that come near it: left alone, an axis would go on to 120 or 150."""
    bounded = figure.is_rate or figure.unit == "分"
    if not bounded or not values or least is None or max(values) > _WHOLE:
        return None
    return _WHOLE if max(values) + (max(values) - least) / 4 >= _WHOLE else None


def is_unlike(view: View, figures: Iterable[Figure]) -> bool:
    """Whether changes of some of these compare other numbers than the totals as they were reported."""
    pairs = (("value", "comparable"), ("previous", "previous_comparable"), ("last_year", "last_year_comparable"),
             ("value", "comparable_last_year"))  # fmt: skip
    return any(
        (like := view.raw(figure, other)) is not None and like != view.raw(figure, total)
        for figure in figures
        for total, other in pairs
    )
