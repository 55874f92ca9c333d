"""Where tables stand in a workbook, so that links, charts and sparklines can point at them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.workbooks.blocks import Link, Table
from pipeline.workbooks.layout import SheetLayout, header_row

Range = tuple[str, int, int, int, int]  # sheet, first row, first column, last row, last column; from 0


@dataclass(frozen=True)
class TablePlace:
    """A table's sheet and its first row of data; rows and columns count from 0."""

    sheet: str
    table: Table
    first_row: int

    def column(self, key: str) -> Range:
        """The cells of one column, without its header."""
        place = self.table.position(key)
        return self.sheet, self.first_row, place, self.first_row + len(self.table.rows) - 1, place

    def header_values(self) -> Range:
        """The headers over the values of a table whose rows are drawn."""
        row = self.first_row - 1
        return self.sheet, row, self.table.first_value, row, len(self.table.columns) - 1

    def row_values(self, key: str) -> Range:
        """The values of one row."""
        row = self.row(key)
        return self.sheet, row, self.table.first_value, row, len(self.table.columns) - 1

    def row(self, key: str) -> int:
        """The row of a key, or the header where none is asked for."""
        return self.first_row + self.table.row_keys.index(key) if key else self.first_row - 1


def find_tables(layouts: Iterable[SheetLayout]) -> Mapping[str, TablePlace]:
    """Every table of a workbook by its name."""
    return {
        one.block.name: TablePlace(layout.plan.name, one.block, header_row(one) + 1)
        for layout in layouts
        for one in layout.placed
        if isinstance(one.block, Table)
    }


def a1(row: int, column: int) -> str:
    """The address of a cell, both counted from 0: (0, 0) is A1."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def quoted(sheet: str) -> str:
    """A sheet's name as formulas and links have it."""
    return "'" + sheet.replace("'", "''") + "'"


def range_text(area: Range) -> str:
    """A range as formulas write it, fixed: 'Sheet'!$A$1:$A$3."""
    sheet, *corners = area
    first, last = a1(corners[0], corners[1]), a1(corners[2], corners[3])
    return f"{quoted(sheet)}!{_fixed(first)}:{_fixed(last)}"


def link_target(link: Link, tables: Mapping[str, TablePlace], sheets: Mapping[str, str]) -> str:
    """Where a link leads, as `internal:` address."""
    if not link.table:
        return f"internal:{quoted(sheets[link.sheet])}!A1"
    place = tables[link.table]
    return f"internal:{quoted(place.sheet)}!{a1(max(place.row(link.row), 0), 0)}"


def _fixed(address: str) -> str:
    letters = address.rstrip("0123456789")
    return f"${letters}${address[len(letters) :]}"
