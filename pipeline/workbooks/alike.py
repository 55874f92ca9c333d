"""What is the same in every row of a list is said once below it, not in a column; nor is a column shown that is empty
in every row."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.workbooks.blocks import Block, Cell, Link, SheetPlan, Shown, Spark, Table
from pipeline.workbooks.view import View
from pipeline.workbooks.widths import shown_text

MOST_VARIED = 3  # rows: so few may be alike by chance
_LISTS = ("detail_", "opinion_", "forecast_")
_FIGURES = "_figures"  # one row a figure: only what is known of none of them goes
_KEPT = 2  # the columns that a table keeps at least


def said_once(view: View, sheets: Sequence[SheetPlan]) -> list[SheetPlan]:
    """The sheets of a workbook, their lists without columns that are the same in every row."""
    drawn = set(_drawn(sheets))
    return [replace(one, blocks=tuple(_without(view, block, drawn) for block in one.blocks)) for one in sheets]


def _drawn(sheets: Iterable[SheetPlan]) -> Iterator[str]:
    """The tables from which charts and small lines are drawn."""
    for sheet in sheets:
        for chart in sheet.charts():
            yield from (chart.names[0], *(series.table for series in chart.series))


def _without(view: View, block: Block, drawn: Collection[str]) -> Block:
    if not isinstance(block, Table) or len(block.rows) <= MOST_VARIED or block.summary or block.name in drawn:
        return block
    is_list = block.name.startswith(_LISTS)
    if not is_list and not block.name.endswith(_FIGURES):
        return block
    alike = [place for place in range(len(block.columns)) if _is_alike(block, place, is_list)]
    kept = [place for place in range(len(block.columns)) if place not in alike]
    return _cut(view, block, kept, alike) if alike and len(kept) >= _KEPT else block


def _is_alike(table: Table, place: int, is_list: bool) -> bool:
    first = _plain(table.rows[0][place])
    if isinstance(first, Spark) or (first is not None and not is_list):
        return False
    return all(_plain(row[place]) == first for row in table.rows)


def _plain(cell: Cell) -> object:
    value = cell.value if isinstance(cell, Shown) else cell.text if isinstance(cell, Link) else cell
    return value or None if isinstance(value, str) else value


def _cut(view: View, table: Table, kept: Sequence[int], alike: Sequence[int]) -> Table:
    words = view.words.language
    same = [
        view.word("note.same", name=column.header.replace("\n", ""), value=shown_text(cell, column.style, words))
        for column, cell in ((table.columns[place], table.rows[0][place]) for place in alike)
        if _plain(cell) is not None
    ]
    rows = tuple(tuple(row[place] for place in kept) for row in table.rows)
    note = view.words.pick("", " ").join([*same, table.note] if table.note else same)
    return replace(table, columns=tuple(table.columns[place] for place in kept), rows=rows, note=note)
