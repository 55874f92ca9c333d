"""From the bytes of a file to its cells, or one reason why not. Nothing here opens a file or a process.

Meant to run inside `pipeline.intake.sandbox`: the reader of old formats can abort the whole process on
bytes made to harm. Called directly it is a plain function for files that are trusted.
"""

import io

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from pipeline.intake.delimited import read_delimited
from pipeline.intake.formats import Format, tell_format
from pipeline.intake.raw import Cell, RawBook, RawSheet, Refusal, cell_address


def read_book(data: bytes, name: str) -> RawBook | Refusal:
    """All sheets of a file, cell by cell, as they stand; or why it cannot be read.

    Args:
        data: the whole file.
        name: its name; told apart are only names of text files (`.csv`, `.txt`, `.tsv`) from others.
    """
    found = tell_format(data, name)
    if isinstance(found, Refusal):
        return found
    if found == "csv":
        return read_delimited(data)
    return _read_workbook(data, found)


def _read_workbook(data: bytes, found: Format) -> RawBook | Refusal:
    try:
        book = load_workbook(io.BytesIO(data))
    except PasswordError:
        return Refusal("password_protected")
    except CalamineError:
        return Refusal("damaged")
    kinds = [meta.typ for meta in book.sheets_metadata]
    sheets = tuple(_read_sheet(book, i) for i, kind in enumerate(kinds) if kind == SheetTypeEnum.WorkSheet)
    return RawBook(found, sheets) if sheets else Refusal("no_sheets")


def _read_sheet(book: CalamineWorkbook, index: int) -> RawSheet:
    meta = book.sheets_metadata[index]
    sheet = book.get_sheet_by_index(index)
    row, column = sheet.start or (0, 0)
    return RawSheet(
        name=meta.name,
        rows=_cells(sheet),
        first_row=row + 1,
        first_column=column + 1,
        merged=_merged(sheet),
        visible=meta.visible == SheetVisibleEnum.Visible,
    )


def _cells(sheet: CalamineSheet) -> list[list[Cell]]:
    return [[None if cell == "" else cell for cell in row] for row in sheet.to_python()]


def _merged(sheet: CalamineSheet) -> tuple[str, ...]:
    ranges = sheet.merged_cell_ranges or ()
    return tuple(
        f"{cell_address(first[0] + 1, first[1] + 1)}:{cell_address(last[0] + 1, last[1] + 1)}"
        for first, last in ranges
    )
