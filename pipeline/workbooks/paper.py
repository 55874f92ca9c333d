"""What of a sheet goes on paper: all of it on as many pages as it takes, or its first page, the rest read on screen.

A page is shrunk to four fifths at most, at which the letters of tables (10 points) are printed at 8. Nothing leaves the
screen: what is not printed stands below the print area, and the sheet's subtitle says so.
"""

from itertools import accumulate, takewhile

from pipeline.workbooks.blocks import Chart, ChartRow, EvidenceList, Heading, Table, Tiles
from pipeline.workbooks.layout import Placed, SheetLayout, evidence_text, header_row
from pipeline.workbooks.styles import PAGE, ROW_PIXELS

SMALLEST = 0.8  # of the size on screen
SPARE = 0.96  # printers and fonts differ
FEWEST_ROWS = 5  # a table of which fewer would be printed is left to the screen


def prints_on_one_page(layout: SheetLayout) -> bool:
    """Whether a sheet prints on one page: made for one, or little enough for one."""
    return layout.plan.grid == "tiles" or layout.plan.on_screen or layout.height <= _page(layout)


def last_printed_row(layout: SheetLayout) -> int:
    """The last row of the print area; below it are lists that are read on screen."""
    last = _last(layout.placed[layout.plan.blocks_printed - 1]) if layout.plan.blocks_printed else layout.last_row
    if not layout.plan.on_screen:
        return last
    fitting = _last_row_within(layout, _page(layout))
    cut = next((place for place, one in enumerate(layout.placed) if _last(one) > fitting), None)
    return last if cut is None or last <= fitting else _cut_row(layout, cut, fitting)


def last_printed_column(layout: SheetLayout) -> int:
    """The last column of the print area: where only the first blocks are printed, the last of their tables, or the
    last that fits a page."""
    printed = layout.placed[: layout.plan.blocks_printed]
    own = [len(one.block.columns) for one in printed if isinstance(one.block, Table)]
    if not own:
        return len(layout.columns) - 1
    return max(max(own), layout.columns_of_at_least(PAGE.width)) - 1


def _cut_row(layout: SheetLayout, cut: int, fitting: int) -> int:
    """The last row that is printed where a block goes on below the last `fitting` the page: in a table after enough
    rows of it, in a list of findings after the last whole one, else before the block and its heading."""
    block = layout.placed[cut]
    if isinstance(block.block, EvidenceList) and (whole := _last_whole(block, block.block, fitting)):
        return whole
    if cut == 0 or (isinstance(block.block, Table) and fitting - header_row(block) >= FEWEST_ROWS):
        return fitting
    while cut > 1 and isinstance(layout.placed[cut - 1].block, Heading):
        cut -= 1
    drawn = [_last(one) for one in layout.placed[:cut] if isinstance(one.block, Chart | ChartRow | Tiles)]
    return max([layout.placed[cut].row - 1, *drawn])


def _last_whole(placed: Placed, block: EvidenceList, fitting: int) -> int:
    """The last row of the last finding of a list that stands whole within so many rows; 0 where none does."""
    found, row = 0, placed.row
    for item in block.items:
        row += 2 if evidence_text(block, item) else 1
        found = row if row <= fitting else found
    return found


def _last(placed: Placed) -> int:
    return placed.row + placed.rows - 1


def _last_row_within(layout: SheetLayout, pixels: float) -> int:
    """The last row that ends within so many pixels from the top."""
    ends = accumulate(layout.heights.get(row, ROW_PIXELS) for row in range(layout.last_row + 1))
    return sum(1 for _ in takewhile(lambda end: end <= pixels, ends)) - 1


def _page(layout: SheetLayout) -> float:
    """How many pixels of a sheet a page holds, shrunk as far as it may be, or as its width asks for."""
    width = layout.edges[last_printed_column(layout)]
    return SPARE * PAGE.height * max(1 / SMALLEST, width / PAGE.width)
