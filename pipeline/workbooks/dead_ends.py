"""Links and charts that lead to a sheet which the trade does not list: the link's words stay, the chart goes."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from pipeline.workbooks.blocks import (
    Block,
    Cell,
    Chart,
    ChartRow,
    EvidenceList,
    Link,
    SentenceBlock,
    SheetPlan,
    Spark,
    Table,
    Tiles,
    sheet_keys,
)

Leads = Callable[[Link], bool]


def without_dead_ends(sheets: Sequence[SheetPlan]) -> list[SheetPlan]:
    """The sheets of a workbook without what leads out of it."""
    tables = {table.name: table for sheet in sheets for table in sheet.tables()}
    keys = sheet_keys(sheets).keys()

    def leads(link: Link) -> bool:
        if not link.table:
            return link.sheet in keys
        return link.table in tables and (not link.row or link.row in tables[link.table].row_keys)

    return [replace(sheet, blocks=tuple(_kept(sheet.blocks, leads, tables.keys()))) for sheet in sheets]


def _kept(blocks: Sequence[Block], leads: Leads, tables: Collection[str]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Chart):
            if _is_drawn(block, tables):
                yield block
        elif isinstance(block, ChartRow):
            charts = tuple(chart for chart in block.charts if _is_drawn(chart, tables))
            if charts:
                yield replace(block, charts=charts)
        else:
            yield _led(block, leads, tables)


def _is_drawn(chart: Chart, tables: Collection[str]) -> bool:
    named = {series.table for series in chart.series} | (set() if chart.across else {chart.names[0]})
    return named <= set(tables)


def _led(block: Block, leads: Leads, tables: Collection[str]) -> Block:
    def link(one: Link | None) -> Link | None:
        return one if one is not None and leads(one) else None

    if isinstance(block, Table):
        rows = tuple(tuple(_cell(cell, leads, tables) for cell in row) for row in block.rows)
        return replace(block, rows=rows)
    if isinstance(block, Tiles):
        labels = (one.label for one in block.tiles)
        kept = (one.text if isinstance(one, Link) and not leads(one) else one for one in labels)
        return replace(
            block, tiles=tuple(replace(tile, label=label) for tile, label in zip(block.tiles, kept, strict=True))
        )
    if isinstance(block, SentenceBlock):
        return replace(block, sentences=tuple(replace(one, link=link(one.link)) for one in block.sentences))
    if isinstance(block, EvidenceList):
        return replace(block, items=tuple(replace(one, link=link(one.link)) for one in block.items))
    return block


def _cell(cell: Cell, leads: Leads, tables: Collection[str]) -> Cell:
    if isinstance(cell, Link):
        return cell if leads(cell) else cell.text
    if isinstance(cell, Spark) and cell.table not in tables:
        return None
    return cell
