"""The overview: one printed A4 page with the message, tiles, what matters and what to do, and charts."""

import math
from collections.abc import Sequence
from dataclasses import replace

from pipeline.contract.figure import Figure, Level
from pipeline.contract.page_one import PageFinding
from pipeline.contract.page_text import todo_text, what_text
from pipeline.contract.themes import MANAGERS_PARTS
from pipeline.workbooks.blocks import (
    Block,
    Chart,
    ChartRow,
    Evidence,
    EvidenceList,
    Headline,
    Link,
    Note,
    SentenceBlock,
    SheetPlan,
    Table,
    Tile,
    Tiles,
)
from pipeline.workbooks.figure_tables import MOST_ENTITIES, target_chart, trend_chart
from pipeline.workbooks.layout import TILE_COLUMNS, TILES_ACROSS, height_of
from pipeline.workbooks.page_charts import page_charts
from pipeline.workbooks.page_year import year_of
from pipeline.workbooks.parts import said
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.styles import PAGE, ROW_PIXELS
from pipeline.workbooks.view import GLOSSARY_TABLE, View

MOST_TILES = 10
MOST_CHARTS = 4  # of a manager's part one
TARGETS = "targets"  # among a trade's charts: not the course of figures, but who is how far from the target
FULL = 1.12  # of the page: a sheet a little higher than it is wide is scaled to the page by its height
NAMED_CHART_HEIGHT = 240  # at which each of up to ten bars has its name
LEAST_CHART_HEIGHT, MOST_CHART_HEIGHT = 175, 340


def main_figures(view: View) -> tuple[Figure, ...]:
    """The main figures of this trade, filled up from its other figures."""
    first = view.those_of(view.report.settings.profile.workbooks.main_figures)
    rest = tuple(one for one in view.report.figures if one not in first)
    return (*first, *rest)[:MOST_TILES]


def target_figure(view: View) -> Figure | None:
    """The figure that managers and regions are held against side by side, where the trade has one."""
    return view.figures.get(view.report.settings.profile.workbooks.target_figure)


def overview_sheet(view: View, targets: Table | None, level: Level, title: str) -> SheetPlan:
    """The overview: what page one says, where that was decided; else the sentences of the month.

    `targets` is the table of managers (or regions) against their targets.
    """
    page = view.report.page_one
    if page is None:
        return tiles_sheet(view, "overview", said(view, "overview"), _charts(view, targets, level), title=title)
    blocks: list[Block] = [Headline(page.headline), _tiles(view)]
    blocks += [Note(page.together)] if page.together else []
    blocks.append(_findings(view, page.findings, page.singles))
    notes = [Note(view.word("first.axes"))] if view.report.axes else []
    rows = _page_rows(view, [*blocks, *notes])
    return plan_sheet(view, "overview", [*blocks, *rows, *notes], grid="tiles", title=title)


def first_part(view: View, key: str, more: Sequence[Chart], told: Sequence[Block] = ()) -> SheetPlan:
    """Part one of a manager's report on one page, which may not be typed in: what page one says, what else is `told`,
    and the charts of page one before others."""
    page = view.report.page_one
    if page is None:
        return tiles_sheet(view, key, said(view, "overview"), more, told, locked=True)
    blocks: list[Block] = [*message(view), _tiles(view)]
    blocks += [Note(page.together)] if page.together else []
    blocks += [what_matters(view), *told]
    charts = [*page_charts(view), *more][:MOST_CHARTS]
    rows = math.ceil(len(charts) / 2)
    side_by_side = rows > 1 and _room(view, blocks) < rows * NAMED_CHART_HEIGHT
    across = len(charts) if side_by_side else 2
    height = _chart_height(view, blocks, 1 if side_by_side else rows)
    drawn = [replace(chart, height=height, width_share=1 / across) for chart in charts]
    chart_rows = [ChartRow(tuple(drawn[start : start + across])) for start in range(0, len(drawn), across)]
    return plan_sheet(view, key, [*blocks, *chart_rows], grid="tiles", locked=True)


def message(view: View) -> list[Headline]:
    """The message of page one, where it was decided."""
    return [Headline(view.report.page_one.headline)] if view.report.page_one else []


def what_matters(view: View) -> EvidenceList | Note:
    """The findings of page one, and single cases in one line."""
    page = view.report.page_one
    return _findings(view, page.findings, page.singles) if page else Note(view.word("empty.findings"))


def _page_rows(view: View, others: Sequence[Block]) -> list[ChartRow]:
    """The charts of page one in two rows where there is room for them, else side by side."""
    charts = page_charts(view)
    two_rows = len(charts) > 2 and _room(view, others) >= 2 * LEAST_CHART_HEIGHT
    across = math.ceil(len(charts) / 2) if two_rows else max(1, len(charts))
    height = _chart_height(view, others, 2 if two_rows else 1)
    drawn = [replace(chart, height=height, width_share=1 / across) for chart in charts]
    return [ChartRow(tuple(drawn[start : start + across])) for start in range(0, len(drawn), across)]


def _findings(view: View, findings: Sequence[PageFinding], singles: str) -> EvidenceList | Note:
    """What matters, the heaviest first, with cause, what to do, by whom, until when; then single cases in one line."""
    items = [_item(view, one, place) for place, one in enumerate(findings, 1)]
    items += [Evidence(view.word("first.single"), singles)] if singles else []
    if not items:
        return Note(view.word("empty.findings"))
    return EvidenceList(
        view.word("said.overview"), tuple(items), ("", view.word("finding.cause"), view.word("finding.advice"))
    )


def _item(view: View, one: PageFinding, place: int) -> Evidence:
    theme = view.words(f"page_one.theme.{one.theme}")
    return Evidence(
        view.word("first.theme", place=place, theme=theme),
        what_text(one, view.words),
        "",
        one.cause.strip(),
        todo_text(one, view.words),
        Link(view.word("look"), sheet=_sheet(view, one.sheet)) if one.sheet else None,
        "green" if one.is_good else "red" if place == 1 else "plain",
    )


def _sheet(view: View, name: str) -> str:
    """Where it can be looked up: a manager's report has parts for some of it."""
    return MANAGERS_PARTS.get(name, name) if view.report.level == "manager" else name


def tiles_sheet(
    view: View,
    key: str,
    sentences: SentenceBlock | None,
    charts: Sequence[Chart],
    more: Sequence[Block] = (),
    **options: object,
) -> SheetPlan:
    """One page: tiles of the main figures, sentences and what `more` there is to say, and charts in rows of two that
    fill the rest."""
    blocks: list[Block] = [_tiles(view), *([sentences] if sentences else []), *more]
    height = _chart_height(view, blocks, math.ceil(len(charts) / 2))
    drawn = [replace(chart, height=height) for chart in charts]
    rows = [ChartRow(tuple(drawn[start : start + 2])) for start in range(0, len(drawn), 2)]
    return plan_sheet(view, key, [*blocks, *rows], grid="tiles", **options)


def _tiles(view: View) -> Tiles:
    return Tiles(tuple(_tile(view, figure) for figure in main_figures(view)))


def is_compared_twice(view: View) -> bool:
    """Whether what came before is another period than that of last year; of a year it is the same."""
    return view.report.period.before != view.report.period.year_ago


def _tile(view: View, figure: Figure) -> Tile:
    """A figure with its changes, the year to date and its change, completion and rank; n beside what rests on few."""
    ytd, year = view.value(figure, "ytd"), year_of(view, figure)
    since = view.change(figure, "ytd_yoy")
    to_date = [(view.word("tile.ytd"), ytd)]
    to_date += [(view.word("tile.ytd_yoy"), since)] if since.value is not None else []
    return Tile(
        Link(view.titled(figure), GLOSSARY_TABLE, figure.key),
        view.value(figure),
        view.unit(figure),
        (
            *([(view.word("tile.change"), view.change(figure))] if is_compared_twice(view) else []),
            (view.word("tile.yoy"), view.change(figure, "yoy")),
            *(to_date if ytd.value is not None and view.report.period.first.month > 1 else ()),
        ),
        view.raw(figure, "completion"),
        view.word("tile.completion"),
        _rank(view, figure),
        None if year is None else year.progress,
        view.word("tile.year"),
    )


def _rank(view: View, figure: Figure) -> str:
    """The entity's rank among those beside it; of what rests on too few to be ranked, on how many; empty where there
    is neither."""
    rank = view.raw(figure, "rank")
    if rank is not None:
        return view.word(f"tile.rank_of_{view.report.level}", rank=int(rank))
    behind = view.raw(figure, "denominator") if view.is_thin(figure) else None
    return view.word("tile.few", count=int(behind)) if behind else ""


def _charts(view: View, targets: Table | None, level: Level) -> tuple[Chart, ...]:
    made = (_chart(view, keys, targets, level) for keys in view.report.settings.profile.workbooks.charts)
    return tuple(chart for chart in made if chart is not None)


def _chart(view: View, keys: Sequence[str], targets: Table | None, level: Level) -> Chart | None:
    """The course of some figures, named after the first; or who is how far from the target."""
    if tuple(keys) == (TARGETS,):
        figure = target_figure(view)
        shown = targets is not None and 0 < len(targets.rows) <= MOST_ENTITIES and figure is not None
        return target_chart(view, targets, figure, level) if shown and targets and figure else None
    figures = view.those_of(keys)
    if not figures:
        return None
    return trend_chart(view, figures, view.label(figures[0])) if len(keys) > 1 else trend_chart(view, figures)


def _chart_height(view: View, blocks: Sequence[Block], rows: int) -> int:
    """What each row of charts may take, so that the page is full and no fuller."""
    room = _room(view, blocks) // max(1, rows) - ROW_PIXELS
    return max(LEAST_CHART_HEIGHT, min(MOST_CHART_HEIGHT, room))


def _room(view: View, blocks: Sequence[Block]) -> int:
    """What of the page is left below these blocks: the grid is scaled to the page's width."""
    scale = min(1.0, PAGE.width / (sum(TILE_COLUMNS) * TILES_ACROSS))
    return int(PAGE.height * FULL / scale) - height_of(blocks, view.words.language)
