"""The overview: one printed A4 page with tiles, what matters in sentences, and four charts."""

import math
from collections.abc import Sequence
from dataclasses import replace

from pipeline.contract.figure import Figure, Level
from pipeline.workbooks.blocks import (
    Block,
    Chart,
    ChartRow,
    Link,
    SentenceBlock,
    SheetPlan,
    Table,
    Tile,
    Tiles,
)
from pipeline.workbooks.figure_tables import MOST_ENTITIES, target_chart, trend_chart
from pipeline.workbooks.layout import height_of
from pipeline.workbooks.parts import said
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.styles import PAGE, ROW_PIXELS
from pipeline.workbooks.view import GLOSSARY_TABLE, View

MOST_TILES = 10
TARGETS = "targets"  # among a trade's charts: not the course of figures, but who is how far from the target
LEAST_CHART_HEIGHT, MOST_CHART_HEIGHT = 190, 300


def main_figures(view: View) -> tuple[Figure, ...]:
    """The main figures of this trade, filled up from its other figures."""
    first = view.those_of(view.report.settings.profile.workbooks.main_figures)
    rest = tuple(one for one in view.report.figures if one not in first)
    return (*first, *rest)[:MOST_TILES]


def target_figure(view: View) -> Figure | None:
    """The figure that managers and regions are held against side by side, where the trade has one."""
    return view.figures.get(view.report.settings.profile.workbooks.target_figure)


def overview_sheet(view: View, targets: Table | None, level: Level, title: str) -> SheetPlan:
    """The overview. `targets` is the table of managers (or regions) against their targets."""
    return tiles_sheet(view, "overview", said(view, "overview"), _charts(view, targets, level), title=title)


def tiles_sheet(
    view: View, key: str, sentences: SentenceBlock | None, charts: Sequence[Chart], **options: object
) -> SheetPlan:
    """One page: tiles of the main figures, sentences, and charts in rows of two that fill the rest."""
    tiles = Tiles(tuple(_tile(view, figure) for figure in main_figures(view)))
    blocks: list[Block] = [tiles, sentences] if sentences else [tiles]
    height = _chart_height(blocks, len(charts))
    drawn = [replace(chart, height=height) for chart in charts]
    rows = [ChartRow(tuple(drawn[start : start + 2])) for start in range(0, len(drawn), 2)]
    return plan_sheet(view, key, [*blocks, *rows], grid="tiles", **options)


def _tile(view: View, figure: Figure) -> Tile:
    return Tile(
        Link(view.titled(figure), GLOSSARY_TABLE, figure.key),
        view.value(figure),
        view.unit(figure),
        (
            (view.word("tile.change"), view.change(figure)),
            (view.word("tile.yoy"), view.change(figure, "yoy")),
        ),
        view.raw(figure, "completion"),
        view.word("tile.completion"),
    )


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


def _chart_height(blocks: Sequence[Block], charts: int) -> int:
    """What each row of charts may take, so that the page is full and no fuller."""
    rows = max(1, math.ceil(charts / 2))
    room = int(PAGE.height * 0.95) - height_of(blocks)
    return max(LEAST_CHART_HEIGHT, min(MOST_CHART_HEIGHT, room // rows - 2 * ROW_PIXELS))
