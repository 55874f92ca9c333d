"""xlsxwriter with cheaper innermost loops; what it writes is the same, byte for byte.

Nearly all cells of a report are a number or a shared string with a format, at a place given by row and column.
xlsxwriter also takes places such as "B7", and writes each cell through a list of attributes, which it looks through
for signs to escape; here a cell is one piece of text. All else is left to xlsxwriter.
"""

import math
from functools import cache
from itertools import groupby
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellNumberTuple, CellStringTuple, Worksheet

ROWS_A_SPAN = 16  # rows that share one note of which columns they use
SURELY_SHORT = 32_767 // 2  # signs that fit in a cell, whatever they are

column_name = cache(xl_col_to_name)


class GrowingWorksheet(Worksheet):  # type: ignore[misc]
    """A worksheet of the library with rows that grow with what is typed in them."""

    def __init__(self) -> None:
        super().__init__()
        self._growing: set[int] = set()

    def let_grow(self, row: int) -> None:
        """Lets a row of a given height grow with what is typed in it; the library fixes each height that it gets."""
        self._growing.add(row)

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        if tag == "row" and attributes and attributes[0][1] - 1 in self._growing:
            attributes = [one for one in attributes if one[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)


class GrowingWorkbook(Workbook):  # type: ignore[misc]
    """A workbook of such worksheets."""

    worksheet_class = GrowingWorksheet


class QuickWorksheet(GrowingWorksheet):
    """A worksheet of many cells, all held in memory until the workbook is closed."""

    def __init__(self) -> None:
        super().__init__()
        self._look_by_format: dict[Any, str] = {}
        self._rows_seen: set[int] = set()
        self._columns_seen: set[int] = set()

    def write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> int:
        """Writes a short text without the checks of the library; others as the library does."""
        if len(string) > SURELY_SHORT or not self._is_place(row, col):
            return int(super().write_string(row, col, string, cell_format))
        index = self.str_table._get_shared_string_index(string)
        self.table[row][col] = CellStringTuple(index, cell_format)
        return 0

    def write_number(self, row: int, col: int, number: float, cell_format: Any = None) -> int:
        """Writes a finite number without the checks of the library; others as the library does."""
        if not math.isfinite(number) or not self._is_place(row, col):
            return int(super().write_number(row, col, number, cell_format))
        self.table[row][col] = CellNumberTuple(number, cell_format)
        return 0

    def _is_place(self, row: int, col: int) -> bool:
        """Whether a cell may stand there; the sheet then reaches as far."""
        if row in self._rows_seen and col in self._columns_seen:
            return True
        if self._check_dimensions(row, col):
            return False
        self._rows_seen.add(row)
        self._columns_seen.add(col)
        return True

    def _write_rows(self) -> None:
        if self.comments:
            super()._write_rows()
            return
        self._calculate_spans()
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            cells, info = self.table.get(row), self.row_info.get(row)
            spans = self.row_spans.get(row // ROWS_A_SPAN)
            if cells:
                self._write_row(row, spans, info)
                for column in sorted(cells):
                    self._write_cell(row, column, cells[column])
                self._xml_end_tag("row")
            elif info:
                self._write_empty_row(row, spans, info)

    def _calculate_spans(self) -> None:
        if self.comments:
            super()._calculate_spans()
            return
        filled = sorted((row, min(cells), max(cells)) for row, cells in self.table.items() if cells)
        self.row_spans = {}
        for span, rows in groupby(filled, lambda one: one[0] // ROWS_A_SPAN):
            _, firsts, lasts = zip(*rows, strict=True)
            self.row_spans[span] = f"{min(firsts) + 1}:{max(lasts) + 1}"

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = cell.__class__.__name__
        if not cell.format:
            super()._write_cell(row, col, cell)
        elif kind == "String":
            self.fh.write(
                f'<c r="{column_name(col)}{row + 1}"{self._look(cell.format)} t="s"><v>{cell.string}</v></c>'
            )
        elif kind == "Number":
            self.fh.write(
                f'<c r="{column_name(col)}{row + 1}"{self._look(cell.format)}><v>{cell.number:.16G}</v></c>'
            )
        elif kind == "Blank":
            self.fh.write(f'<c r="{column_name(col)}{row + 1}"{self._look(cell.format)}/>')
        else:
            super()._write_cell(row, col, cell)

    def _look(self, cell_format: Any) -> str:
        look = self._look_by_format.get(cell_format)
        if look is None:
            look = self._look_by_format[cell_format] = f' s="{cell_format._get_xf_index()}"'
        return look


class QuickWorkbook(Workbook):  # type: ignore[misc]
    """A workbook of such worksheets."""

    worksheet_class = QuickWorksheet
