"""Cells by place become a rectangle; the few that stand far from all others are left out, and said."""

from pipeline.intake.archive import Refused
from pipeline.intake.careful import SparseSheet
from pipeline.intake.raw import Cell, RawSheet, Remark, cell_address
from pipeline.intake.scan import Place

WIDEST_GAP = 1_000  # rows or columns of nothing between a table and what still belongs to it


def as_raw_sheet(name: str, sparse: SparseSheet, largest_area: int) -> tuple[RawSheet, list[Remark]]:
    """The sheet as a rectangle of at most `largest_area` cells, and a remark where cells were left out.

    Where the rectangle around all cells is larger, rows and columns are cut at gaps of more than
    `WIDEST_GAP`, and the block with the most cells is kept.

    Raises:
        Refused: what is kept is still too large.
    """
    places = list(sparse.cells)
    if _area(places) > largest_area:
        places = _largest_block(_largest_block(places, 0), 1)
    if _area(places) > largest_area:
        raise Refused("too_many_cells", found=f"{_area(places):,}", limit=f"{largest_area:,}")
    far = sparse.cells.keys() - set(places)
    remarks = [_far_away(name, far)] if far else []
    return _rectangle(name, sparse, places), remarks


def _area(places: list[Place]) -> int:
    if not places:
        return 0
    rows, columns = zip(*places, strict=True)
    return int((max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1))


def _largest_block(places: list[Place], axis: int) -> list[Place]:
    """The cells of the block with most cells, of blocks divided by gaps along one axis (0 rows, 1 columns)."""
    blocks: list[list[Place]] = []
    for place in sorted(places, key=lambda place: place[axis]):
        if not blocks or place[axis] - blocks[-1][-1][axis] > WIDEST_GAP:
            blocks.append([])
        blocks[-1].append(place)
    return max(blocks, key=len)


def _far_away(name: str, far: set[Place]) -> Remark:
    return Remark("cells_far_away", sheet=name, cell=cell_address(*min(far)), details=(("count", str(len(far))),))


def _rectangle(name: str, sparse: SparseSheet, places: list[Place]) -> RawSheet:
    rows = [row for row, _ in places] or [1]
    columns = [column for _, column in places] or [1]
    first_row, first_column = min(rows), min(columns)
    height, width = (max(rows) - first_row + 1, max(columns) - first_column + 1) if places else (0, 0)
    grid: list[list[Cell]] = [[None] * width for _ in range(height)]
    for row, column in places:
        grid[row - first_row][column - first_column] = sparse.cells[row, column]
    return RawSheet(
        name,
        grid,
        first_row=first_row,
        first_column=first_column,
        hidden_rows=frozenset(sparse.hidden_rows),
        merged=tuple(sparse.merged),
        shown=sparse.shown,
    )
