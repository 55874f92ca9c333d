"""Places a sheet's blocks on A4 landscape pages: rows, columns, heights, page breaks. Pure: nothing is written.

All tables of a sheet share its columns, so a column is as wide as the widest of them needs; columns to the right
fill the width of the page, so that charts and sentences have their room on a narrow sheet too.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from pipeline.words import Language
from pipeline.workbooks.blocks import (
    Block,
    Chart,
    ChartRow,
    EntryField,
    EvidenceList,
    Heading,
    Headline,
    Note,
    Sentence,
    SentenceBlock,
    SheetPlan,
    Table,
    Tiles,
)
from pipeline.workbooks.styles import PAGE, ROW_PIXELS
from pipeline.workbooks.widths import column_pixels, lines, shown_text

TITLE_ROWS = 2
TITLE_PIXELS = (32, 19)
GAP_PIXELS = 9
# A tile is: label of a change, change, label, change, gap.
TILE_COLUMNS = (54, 72, 54, 72, 6)
TILES_ACROSS = 5
TILE_ROW_PIXELS = (17, 25, 15, 15, 16, 6)
HEADLINE_SIZE = 13.5
LINE_PIXELS = 18
ENTRY_PIXELS = 30  # room to write in
LINK_PIXELS = 58
LABEL_PIXELS = 120
CHART_GAP = 12
LEAST_CHART, MOST_CHART = 360, 1100
FILLER = 72
HEADER_MARGIN = 4  # a header is centred, its filter button covers the padding


@dataclass(frozen=True)
class Placed:
    """A block and where it stands: first row, rows taken, left edge and width in pixels."""

    block: Block
    row: int
    rows: int
    left: int = 0
    width: int = 0
    heights: tuple[int, ...] = ()


@dataclass(frozen=True)
class SheetLayout:
    """A sheet, placed. Rows and columns count from 0; `heights` holds the rows that differ from the standard."""

    plan: SheetPlan
    columns: tuple[int, ...]
    heights: Mapping[int, int]
    placed: tuple[Placed, ...]
    last_row: int
    breaks: tuple[int, ...]
    edges: tuple[int, ...] = field(default=())

    @property
    def width(self) -> int:
        """The width of the sheet's grid, in pixels."""
        return sum(self.columns)

    @property
    def height(self) -> int:
        """The height of the sheet down to its last row, in pixels."""
        other = {row: pixels for row, pixels in self.heights.items() if row <= self.last_row}
        return (self.last_row + 1 - len(other)) * ROW_PIXELS + sum(other.values())

    def column_at(self, left: int) -> int:
        """The column in which a pixel from the left lies."""
        return next((place for place, edge in enumerate(self.edges) if left < edge), len(self.columns) - 1)

    def columns_of_at_least(self, width: int) -> int:
        """How many columns from the left are that wide together."""
        return min(self.column_at(width - 1) + 1, len(self.columns) - 1)

    def link_column(self) -> int:
        """The first of the columns at the right edge that hold a link beside a sentence."""
        return max(self.column_at(self.width - LINK_PIXELS), 1)


def header_row(placed: Placed) -> int:
    """The row of a placed table's header."""
    table = placed.block
    return placed.row + (1 if isinstance(table, Table) and table.title else 0)


def growing_rows(layout: SheetLayout) -> Iterable[int]:
    """The rows in which a person types: they grow with the text."""
    for placed in layout.placed:
        if isinstance(placed.block, Table) and any(column.entry for column in placed.block.columns):
            first = header_row(placed) + 1
            yield from range(first, first + len(placed.block.rows))


def lay_out(plan: SheetPlan, language: Language) -> SheetLayout:
    """Where everything on a sheet goes."""
    columns = _columns(plan, language)
    placed, heights, last_row = _place_all(plan, columns, language)
    breaks = () if plan.grid == "tiles" else _page_breaks(placed, heights, sum(columns))
    return SheetLayout(plan, columns, heights, placed, last_row, breaks, tuple(accumulate(columns)))


def _columns(plan: SheetPlan, language: Language) -> tuple[int, ...]:
    if plan.grid == "tiles":
        return TILE_COLUMNS * TILES_ACROSS
    needed: list[int] = []
    for table in (table for table in plan.tables() if table.rows):
        for place in range(len(table.columns)):
            width = column_pixels(table, place, language)
            if place < len(needed):
                needed[place] = max(needed[place], width)
            else:
                needed.append(width)
    return tuple(needed + _fillers(PAGE.width - sum(needed)))


def _fillers(room: int) -> list[int]:
    """Columns that fill what is left of the page's width; a last narrow one joins its neighbour."""
    count = room // FILLER
    if count <= 0:
        return [room] if room >= 24 else []
    return [FILLER] * (count - 1) + [room - FILLER * (count - 1)]


def _place_all(
    plan: SheetPlan, columns: tuple[int, ...], language: Language
) -> tuple[tuple[Placed, ...], dict[int, int], int]:
    heights: dict[int, int] = dict(enumerate(TITLE_PIXELS))
    heights[TITLE_ROWS] = GAP_PIXELS
    row = TITLE_ROWS + 1
    placed: list[Placed] = []
    for block in plan.blocks:
        beside = _beside(block, placed, columns)
        if beside:
            placed.append(beside)
            row = max(row, _row_below_chart(beside, heights) + 1)
            continue
        one = _place(block, row, columns, language)
        placed.append(one)
        heights.update({row + step: height for step, height in enumerate(one.heights) if height != ROW_PIXELS})
        row += one.rows
        if not isinstance(block, Heading | EntryField):
            heights[row] = GAP_PIXELS
            row += 1
    return tuple(placed), heights, max(row - 1, TITLE_ROWS)


def _place(block: Block, row: int, columns: tuple[int, ...], language: Language) -> Placed:
    width = sum(columns)
    heights = _heights(block, columns, language)
    return Placed(block, row, len(heights), 0, width, heights)


def _heights(block: Block, columns: tuple[int, ...], language: Language) -> tuple[int, ...]:
    """The heights of a block's rows in pixels."""
    width = sum(columns)
    match block:
        case Headline():
            return (lines(block.text, width, HEADLINE_SIZE) * 24 + 8,)
        case Heading():
            return (26,)
        case Note():
            return (lines(block.text, min(width, MOST_CHART), 9) * 16 + 3,)
        case Tiles():
            return TILE_ROW_PIXELS * math.ceil(len(block.tiles) / TILES_ACROSS)
        case Chart():
            return _chart_rows(block.height)
        case ChartRow():
            return _chart_rows(max(chart.height for chart in block.charts))
        case SentenceBlock():
            return (22, *(_sentence_height(one, width) for one in block.sentences))
        case EntryField():
            return tuple(_entry_heights(block, width))
        case EvidenceList():
            return (24, *_evidence_heights(block, width))
        case Table():
            return tuple(_table_heights(block, columns, language))


def height_of(blocks: Iterable[Block], language: Language = "zh") -> int:
    """How many pixels a sheet of tiles takes for its title and these blocks."""
    columns = TILE_COLUMNS * TILES_ACROSS
    own = sum(sum(_heights(block, columns, language)) + GAP_PIXELS for block in blocks)
    return sum(TITLE_PIXELS) + GAP_PIXELS + own


def _chart_rows(height: int) -> tuple[int, ...]:
    return (ROW_PIXELS,) * math.ceil(height / ROW_PIXELS)


def _sentence_height(one: Sentence, width: int) -> int:
    return lines("· " + one.text, width - LINK_PIXELS, 10.5) * 19 + 2


def _entry_heights(block: EntryField, width: int) -> Iterable[int]:
    text = block.value if isinstance(block.value, str) else ""
    needed = lines(text, width - LABEL_PIXELS)
    yield max(block.lines, needed) * LINE_PIXELS + 4


def _evidence_heights(block: EvidenceList, width: int) -> Iterable[int]:
    for item in block.items:
        yield lines(f"{item.severity}  {item.text}", width - LINK_PIXELS, 10.5) * 19 + 3
        more = evidence_text(block, item)
        if more:
            yield lines(more, width - LINK_PIXELS, 9) * 17 + 5


def evidence_text(block: EvidenceList, item: object) -> str:
    """The second line of a finding: what shows it, its cause, what to do."""
    parts = [getattr(item, name) for name in ("evidence", "cause", "advice")]
    said = [_labelled(label, text) for label, text in zip(block.labels, parts, strict=True) if text]
    return "  ".join(said)


def _labelled(label: str, text: str) -> str:
    """A text after its label, unless it begins with one of its own that says the same and more (原因：, 主要原因：)."""
    head, colon, _ = text.partition("：")
    return text if label and f"{head}{colon}".endswith(label) else f"{label}{text}"


def _table_heights(table: Table, columns: tuple[int, ...], language: Language) -> Iterable[int]:
    if table.title:
        yield 23
    if not table.rows:
        yield ROW_PIXELS
        return
    yield _header_height(table, columns)
    least = ENTRY_PIXELS if any(column.entry for column in table.columns) else ROW_PIXELS
    wrapped = [place for place, column in enumerate(table.columns) if column.wrap]
    for row in table.rows:
        count = max((lines(shown_text(row[place], "text"), columns[place]) for place in wrapped), default=1)
        yield max(least, count * LINE_PIXELS + 3)
    if table.summary:
        yield ROW_PIXELS
    for text in (table.legend, table.note):
        if text:
            yield lines(text, min(sum(columns), MOST_CHART), 9) * 16 + 2


def _header_height(table: Table, columns: tuple[int, ...]) -> int:
    count = max(
        lines(column.header, columns[place] - HEADER_MARGIN, 10.5) for place, column in enumerate(table.columns)
    )
    return max(1, min(count, 4)) * LINE_PIXELS + 6


def _beside(block: Block, placed: list[Placed], columns: tuple[int, ...]) -> Placed | None:
    """A chart to the right of the table before it, where that leaves it enough room."""
    if not (isinstance(block, Chart) and block.beside and placed):
        return None
    before = placed[-1]
    if not (isinstance(before.block, Table) and before.block.rows):
        return None
    left = sum(columns[: len(before.block.columns)]) + CHART_GAP
    room = sum(columns) - left
    if room < LEAST_CHART:
        return None
    rows = len(_chart_rows(block.height))
    return Placed(block, before.row, rows, left, min(room, 620))


def _row_below_chart(placed: Placed, heights: dict[int, int]) -> int:
    """The first row below a chart that stands beside a table, whose rows may differ in height."""
    block = placed.block
    left = block.height + GAP_PIXELS if isinstance(block, Chart) else 0
    row = placed.row
    while left > 0:
        left -= heights.get(row, ROW_PIXELS)
        row += 1
    return row


def _page_breaks(placed: tuple[Placed, ...], heights: Mapping[int, int], width: int) -> tuple[int, ...]:
    """Rows before which a new page begins: sections that ask for it, and blocks that would be cut in two.

    A heading goes with what follows it. A table longer than a page is cut by the program that prints.
    """
    # What fits the width is scaled down; a little to spare for printers and fonts that differ.
    page = 0.96 * PAGE.height * max(1.0, width / PAGE.width)
    breaks: list[int] = []
    used = float(sum(TITLE_PIXELS) + GAP_PIXELS)
    for place, one in enumerate(placed):
        if one.left:
            continue
        height = _block_pixels(placed, place, heights)
        asked = isinstance(one.block, Heading) and one.block.new_page and place > 0
        cut = used + height > page and _is_kept_whole(one.block, height, used, page)
        if (asked or cut) and used > sum(TITLE_PIXELS) + GAP_PIXELS and not _after_heading(placed, place):
            breaks.append(one.row)
            used = float(sum(TITLE_PIXELS))  # the title is repeated on every page
        own = _own_pixels(placed, place, heights)
        if isinstance(one.block, EvidenceList) and used + own > page:
            inside, used = _list_breaks(one.block, one, used, page)
            breaks += inside
        else:
            used = (used + own) % page if used + own > page else used + own
    return tuple(breaks)


def _list_breaks(block: EvidenceList, placed: Placed, used: float, page: float) -> tuple[list[int], float]:
    """Rows of a list of findings before which a new page begins, so that none is cut in two; and what the last
    page then holds."""
    breaks: list[int] = []
    step, used = 1, used + placed.heights[0]
    for item in block.items:
        rows = 2 if evidence_text(block, item) else 1
        height = sum(placed.heights[step : step + rows])
        if used + height > page:
            breaks.append(placed.row + step)
            used = float(sum(TITLE_PIXELS))
        used += height
        step += rows
    return breaks, used + GAP_PIXELS


def _is_kept_whole(block: Block, height: float, used: float, page: float) -> bool:
    """Whether a block begins a new page rather than being cut: notes never, long tables and lists only near the end."""
    if isinstance(block, Note) or height > page - sum(TITLE_PIXELS):
        return False
    return not isinstance(block, Table | EvidenceList) or height <= page / 2 or used > 0.7 * page


def _after_heading(placed: tuple[Placed, ...], place: int) -> bool:
    return place > 0 and isinstance(placed[place - 1].block, Heading)


def _own_pixels(placed: tuple[Placed, ...], place: int, heights: Mapping[int, int]) -> int:
    """The height of a block down to the next one that does not stand beside it."""
    following = next((one.row for one in placed[place + 1 :] if not one.left), None)
    end = following if following is not None else placed[place].row + placed[place].rows + 1
    return sum(heights.get(row, ROW_PIXELS) for row in range(placed[place].row, end))


def _block_pixels(placed: tuple[Placed, ...], place: int, heights: Mapping[int, int]) -> int:
    own = _own_pixels(placed, place, heights)
    if isinstance(placed[place].block, Heading) and place + 1 < len(placed):
        return own + _own_pixels(placed, place + 1, heights)
    return own
