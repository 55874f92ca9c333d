"""What of a sheet goes on paper: all of it on as many pages as it takes, or its first page, the rest read on screen.

A page is shrunk to four fifths at most, at which the letters of tables (10 points) are printed at 8. Nothing leaves the
screen: what is not printed stands below the print area, and the sheet's subtitle says so.
"""

from itertools import accumulate, takewhile

from pipeline.workbooks.blocks import Chart, ChartRow, Heading, Table, Tiles
from pipeline.workbooks.layout import Placed, SheetLayout, header_row
from pipeline.workbooks.styles import PAGE, ROW_PIXELS

SMALLEST = 0.8  # of the size on screen
SPARE = 0.96  # printers and fonts differ
FEWEST_ROWS = 5  # a table of which fewer would be printed is left to the screen


def prints_on_one_page(layout: SheetLayout) -> bool:
    """Whether a sheet prints on one page: made for one, or little enough for one."""
    made_for_it = layout.plan.grid == "tiles" or layout.plan.on_screen or layout.plan.first_block_printed
    return made_for_it or layout.height <= _page(layout)


def last_printed_row(layout: SheetLayout) -> int:
    """The last row of the print area; below it are lists that are read on screen."""
    if layout.plan.first_block_printed and layout.placed:
        return layout.placed[0].row + layout.placed[0].rows - 1
    if not layout.plan.on_screen or layout.height <= _page(layout):
        return layout.last_row
    fitting = _last_row_within(layout, _page(layout))
    cut = next((place for place, one in enumerate(layout.placed) if _last(one) > fitting), None)
    return layout.last_row if cut is None else _cut_row(layout, cut, fitting)


def _cut_row(layout: SheetLayout, cut: int, fitting: int) -> int:
    """The last row that is printed where a block goes on below the last `fitting` the page: in a table after enough
    rows of it, else before the block and its heading."""
    block = layout.placed[cut]
    if cut == 0 or (isinstance(block.block, Table) and fitting - header_row(block) >= FEWEST_ROWS):
        return fitting
    while cut > 1 and isinstance(layout.placed[cut - 1].block, Heading):
        cut -= 1
    drawn = [_last(one) for one in layout.placed[:cut] if isinstance(one.block, Chart | ChartRow | Tiles)]
    return max([layout.placed[cut].row - 1, *drawn])


def _last(placed: Placed) -> int:
    return placed.row + placed.rows - 1


def _last_row_within(layout: SheetLayout, pixels: float) -> int:
    """The last row that ends within so many pixels from the top."""
    ends = accumulate(layout.heights.get(row, ROW_PIXELS) for row in range(layout.last_row + 1))
    return sum(1 for _ in takewhile(lambda end: end <= pixels, ends)) - 1


def _page(layout: SheetLayout) -> float:
    """How many pixels of a sheet a page holds, shrunk as far as it may be, or as its width asks for."""
    return SPARE * PAGE.height * max(1 / SMALLEST, layout.width / PAGE.width)
