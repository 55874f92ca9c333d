"""The overview: one printed A4 page with tiles, what matters in sentences, and four charts."""

from collections.abc import Sequence

from pipeline.figures.declare import Figure, Level
from pipeline.workbooks.blocks import (
    Block,
    Chart,
    ChartRow,
    Link,
    Sentence,
    SentenceBlock,
    SheetPlan,
    Table,
    Tile,
    Tiles,
)
from pipeline.workbooks.figure_tables import target_chart, trend_chart
from pipeline.workbooks.layout import height_of
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.styles import PAGE, ROW_PIXELS
from pipeline.workbooks.view import GLOSSARY_TABLE, View

# The figures that a regional manager asks for first; those that a trade does not have are left out.
MAIN_FIGURES = (
    "volume",
    "amount",
    "amount_per_case",
    "ordering_rate",
    "key_brand_share",
    "plan_completion",
    "coverage",
    "complaints",
    "on_time_rate",
    "satisfaction",
)
INTERVAL = ("satisfaction", "satisfaction_low95", "satisfaction_high95")
MOST_TILES = 10
LEAST_CHART_HEIGHT, MOST_CHART_HEIGHT = 190, 300


def main_figures(view: View) -> tuple[Figure, ...]:
    """The main figures of this trade, filled up from its other figures."""
    first = view.those_of(MAIN_FIGURES)
    rest = tuple(one for one in view.report.figures if one not in first)
    return (*first, *rest)[:MOST_TILES]


def overview_sheet(view: View, targets: Table | None, level: Level, title: str) -> SheetPlan:
    """Tiles, sentences, charts. `targets` is the table of managers (or regions) against their targets."""
    blocks: list[Block | None] = [Tiles(tuple(_tile(view, figure) for figure in main_figures(view)))]
    blocks.append(findings_block(view))
    charts = _charts(view, targets, level, _chart_height(blocks))
    blocks += [ChartRow(charts[start : start + 2]) for start in range(0, len(charts), 2)]
    return plan_sheet(view, "overview", blocks, title=title, grid="tiles")


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


def findings_block(view: View) -> SentenceBlock | None:
    """The sentences on what matters most, where the month has any."""
    said: Sequence[str] = view.report.sentences.get("overview", ())
    if not said:
        return None
    return SentenceBlock(view.word("section.findings"), tuple(Sentence(one) for one in said))


def _charts(view: View, targets: Table | None, level: Level, height: int) -> tuple[Chart, ...]:
    charts = [trend_chart(view, [one], height=height) for one in view.those_of(("volume", "amount"))]
    volume = view.figures.get("volume")
    if targets and targets.rows and volume:
        charts.append(target_chart(view, targets, volume, level, height=height))
    interval = view.those_of(INTERVAL)
    if interval:
        charts.append(trend_chart(view, interval, view.label(interval[0]), height=height))
    return tuple(charts)


def _chart_height(blocks: Sequence[Block | None]) -> int:
    """What two rows of charts may take each, so that the page is full and no fuller."""
    room = int(PAGE.height * 0.95) - height_of([block for block in blocks if block is not None])
    return max(LEAST_CHART_HEIGHT, min(MOST_CHART_HEIGHT, room // 2 - 2 * ROW_PIXELS))
