"""From the bytes of a file to its cells, or one reason why not.

Meant to run inside `pipeline.work.sandbox`: the reader of old formats can abort the whole process on
bytes made to harm. Called directly it is a plain function for files that are trusted.

An xlsx file is scanned first. Its sheets are then read by calamine, and the cells that calamine would lose
are put back from what the scan found; a sheet that is unusual, or whose cells stand too far apart for a
rectangle, is read by `pipeline.intake.careful`.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path, PurePath
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from pipeline.contract.refusal import Refusal
from pipeline.intake.archive import Archive, Refused, check_file_size, inspect_rest, open_archive
from pipeline.intake.binary_excel import scan_binary_workbook
from pipeline.intake.careful import SparseSheet, read_carefully
from pipeline.intake.delimited import FOUND, Dialect, read_delimited
from pipeline.intake.encodings import decode
from pipeline.intake.formats import COMPOUND_START, Format, tell_format
from pipeline.intake.ods import read_ods
from pipeline.intake.old_excel import is_protected, scan_old_workbook
from pipeline.intake.older_excel import read_older_workbook
from pipeline.intake.protected import opened
from pipeline.intake.raw import Cell, RawBook, RawSheet, Remark, cell_address
from pipeline.intake.scan import Place, SheetFacts, scan_sheet
from pipeline.intake.sparse import as_raw_sheet
from pipeline.intake.web_page import SHEET as PAGE_SHEET
from pipeline.intake.web_page import page_text, read_web_page
from pipeline.intake.workbook_parts import (
    SheetEntry,
    Styles,
    WorkbookParts,
    checked_chunks,
    has_odd_texts,
    read_own_sheets,
    read_parts,
    read_styles,
    read_texts,
)
from pipeline.intake.xml_spreadsheet import read_xml_spreadsheet

MANY_CELLS = 1_000_000
FEW_TEXTS = 1_000  # different ones in a column of which each is held once
LARGEST_AREA = 12_000_000  # cells of a rectangle that fit in the memory of one task
DAMAGE = (CalamineError, OSError, ValueError, OverflowError)  # what calamine raises about a file it cannot read
USUAL_ENDINGS = {
    "xlsx": (".xlsx",),
    "xlsm": (".xlsm",),
    "xlsb": (".xlsb",),
    "xls": (".xls", ".et"),
    "ods": (".ods",),
    "csv": (".csv", ".txt", ".tsv"),
    "html": (".html", ".htm", ".mht", ".mhtml"),
    "xml": (".xml",),
}


def read_book(data: bytes, name: str, dialect: Dialect = FOUND) -> RawBook | Refusal:
    """All sheets of a file, cell by cell, as they stand; or why it cannot be read.

    Args:
        data: the whole file.
        name: its name; its ending tells text files (`.csv`, `.txt`, `.tsv`) from others, and is remarked
            upon where it is not that of the format.
        dialect: delimiter and encoding of a text file, where they were said.
    """
    try:
        check_file_size(len(data))
        data, found = _told_format(data, name)
        if isinstance(found, Refusal):
            return found
        book = _read_format(data, found, dialect)
    except Refused as refused:
        return refused.refusal
    if isinstance(book, Refusal):
        return book
    return replace(book, remarks=(*_remarks_on_file(found, name), *book.remarks))


def _told_format(data: bytes, name: str) -> tuple[bytes, Format | Refusal]:
    """The bytes and their format; of a workbook that Excel opens without asking, those inside."""
    found = tell_format(data, name)
    if not isinstance(found, Refusal) and not (found == "xls" and is_protected(data)):
        return data, found
    if isinstance(found, Refusal) and (found.rule != "password_protected" or not data.startswith(COMPOUND_START)):
        return data, found
    inside = opened(data)
    return inside, tell_format(inside, name)


def read_file(file: tuple[str, bytes | Path]) -> RawBook | Refusal:
    """Reads one file, given as (name, bytes or path); see `read_book`."""
    name, source = file
    if isinstance(source, bytes):
        return read_book(source, name)
    try:
        check_file_size(source.stat().st_size)
        data = source.read_bytes()
    except Refused as refused:
        return refused.refusal
    except OSError:
        return Refusal("not_readable")
    return read_book(data, name)


def _read_format(data: bytes, found: Format, dialect: Dialect) -> RawBook | Refusal:
    if found == "csv":
        return read_delimited(data, dialect)
    if found == "html":
        return _read_page(data)
    if found == "xml":
        return _read_xml(data)
    if found in ("xlsx", "xlsm"):
        return _read_xlsx(open_archive(data), found)
    if found == "xls":
        return _read_xls(data)
    archive = open_archive(data)
    inspect_rest(archive, set())
    archive.inflated = 0
    if found == "ods":
        return _read_ods(archive)
    scanned = scan_binary_workbook(archive)
    return _with_date_system(_read_other(data, scanned.sheets, found), scanned.dates_1904)


def _read_page(data: bytes) -> RawBook | Refusal:
    text = page_text(data)
    cells = read_web_page(text) if text else None
    return _sparse_book("html", [(PAGE_SHEET, True, cells)]) if cells and cells.cells else Refusal("web_page")


def _read_xml(data: bytes) -> RawBook | Refusal:
    decoded = decode(data)
    if decoded is None:
        return Refusal("unknown_encoding")
    sheets, dates_1904 = read_xml_spreadsheet(decoded.text)
    return _with_date_system(_sparse_book("xml", sheets), dates_1904)


def _read_xls(data: bytes) -> RawBook | Refusal:
    scanned = scan_old_workbook(data)
    if scanned.older:
        return _read_older(data, scanned.encoding)
    return _with_date_system(_read_other(data, scanned.sheets, "xls"), scanned.dates_1904)


def _read_older(data: bytes, encoding: str) -> RawBook | Refusal:
    try:
        found, dates_1904 = read_older_workbook(data, encoding)
    except ValueError:
        return Refusal("damaged")
    return _with_date_system(_sparse_book("xls", found), dates_1904)


def _read_ods(archive: Archive) -> RawBook | Refusal:
    book = read_ods(archive)
    found = [(sheet.name, sheet.visible, sheet.cells) for sheet in book.sheets]
    return _with_date_system(_sparse_book("ods", found), book.dates_1904)


def _sparse_book(found: Format, sheets: list[tuple[str, bool, SparseSheet]]) -> RawBook | Refusal:
    """A book of sheets given by name, whether they show, and cells."""
    if not sheets:
        return Refusal("no_sheets")
    raw_sheets, remarks = [], []
    for name, visible, cells in sheets:
        sheet, far_away = as_raw_sheet(name, cells, LARGEST_AREA)
        raw_sheets.append(replace(sheet, visible=visible))
        remarks += far_away + _remarks_on_rows(raw_sheets[-1], cells.filtered)
    return RawBook(found, tuple(raw_sheets), tuple(remarks))


def _with_date_system(book: RawBook | Refusal, dates_1904: bool) -> RawBook | Refusal:
    if isinstance(book, Refusal) or not dates_1904:
        return book
    return replace(book, remarks=(Remark("dates_1904"), *book.remarks), dates_1904=True)


def _remarks_on_file(found: Format, name: str) -> list[Remark]:
    remarks = []
    ending = PurePath(name).suffix.lower()
    if ending not in USUAL_ENDINGS[found]:
        remarks.append(Remark("other_format", details=(("ending", ending), ("format", f".{found}"))))
    if found == "xlsm":
        remarks.append(Remark("macros_ignored"))
    return remarks


@dataclass
class _Xlsx:
    """One xlsx file on its way: the archive, what its parts say, and what is read only when needed."""

    archive: Archive
    parts: WorkbookParts
    styles: Styles
    odd_texts: bool = False
    _fast: CalamineWorkbook | None = field(default=None)
    _texts: list[str] | None = field(default=None)

    def fast(self) -> CalamineWorkbook:
        if self._fast is None:
            self._fast = load_workbook(io.BytesIO(self.archive.data))
        return self._fast

    def texts(self) -> list[str]:
        if self._texts is None:
            self._texts = read_texts(self.archive, self.parts.texts_part)
        return self._texts


def _read_xlsx(archive: Archive, found: Format) -> RawBook | Refusal:
    parts = read_parts(archive)
    odd_texts = has_odd_texts(archive, parts.texts_part)
    book = _Xlsx(archive, parts, read_styles(archive, parts.styles_part), odd_texts)
    grids = [(i, entry) for i, entry in enumerate(parts.sheets) if entry.is_grid]
    if not grids:
        return Refusal("no_sheets")
    facts = {part: scan_sheet(checked_chunks(archive, part), book.styles) for part in _distinct(grids)}
    inspect_rest(archive, {part.lower() for part in facts})
    own = read_own_sheets(archive)
    archive.inflated = 0  # from here on only what was seen to be within limits is unpacked again
    sheets = [_read_xlsx_sheet(book, i, entry, facts[entry.part]) for i, entry in grids]
    remarks = [Remark("dates_1904")] if parts.dates_1904 else []
    for _, more in sheets:
        remarks += more
    return RawBook(found, tuple(sheet for sheet, _ in sheets), tuple(remarks), own, parts.dates_1904)


def _distinct(grids: Iterable[tuple[int, SheetEntry]]) -> dict[str, None]:
    return dict.fromkeys(entry.part for _, entry in grids)


def _read_xlsx_sheet(
    book: _Xlsx, index: int, entry: SheetEntry, facts: SheetFacts
) -> tuple[RawSheet, list[Remark]]:
    careful = facts.unusual or book.odd_texts or facts.area > LARGEST_AREA
    fast = None if careful else _read_fast(book, index, entry)
    if fast is None:
        chunks = checked_chunks(book.archive, entry.part)
        sparse = read_carefully(chunks, book.styles, book.texts(), book.parts.dates_1904)
        sheet, far_away = as_raw_sheet(entry.name, sparse, LARGEST_AREA)
        filtered = sparse.filtered
    else:
        sheet, far_away, filtered = _restored(fast, facts), [], facts.filtered
    sheet = replace(sheet, visible=entry.visible)
    return sheet, far_away + _remarks_on_rows(sheet, filtered)


def _remarks_on_rows(sheet: RawSheet, filtered: bool) -> list[Remark]:
    """That rows of the sheet do not show, where they hold something."""
    if not sheet.hidden_rows or not sheet.visible:
        return []
    held = {sheet.first_row + i for i, row in enumerate(sheet.rows) if any(cell is not None for cell in row)}
    count = len(sheet.hidden_rows & held)
    if not count:
        return []
    rule = "filtered_rows" if filtered else "hidden_rows"
    return [Remark(rule, sheet=sheet.name, details=(("count", str(count)),))]


def _read_fast(book: _Xlsx, index: int, entry: SheetEntry) -> RawSheet | None:
    """The sheet as calamine reads it; None where it cannot (the careful way decides then)."""
    try:
        fast = book.fast()
        if index < len(fast.sheet_names) and fast.sheet_names[index] == entry.name:
            return _as_raw_sheet(fast.get_sheet_by_index(index), entry.name)
    except DAMAGE:
        pass
    return None


def _restored(sheet: RawSheet, facts: SheetFacts) -> RawSheet:
    """The sheet with the cells that calamine lost put back, and with all else the scan found."""
    noted = replace(sheet, hidden_rows=frozenset(facts.hidden_rows), merged=tuple(facts.merged), shown=facts.shown)
    if not facts.patches:
        return noted
    wide = noted if all(_holds(noted, place) for place in facts.patches) else _widened(noted, facts)
    for (row, column), cell in facts.patches.items():
        wide.rows[row - wide.first_row][column - wide.first_column] = cell
    return wide


def _holds(sheet: RawSheet, place: Place) -> bool:
    """Whether a place lies in the sheet's rectangle."""
    row, column = place[0] - sheet.first_row, place[1] - sheet.first_column
    return 0 <= row < len(sheet.rows) and 0 <= column < len(sheet.rows[0])


def _widened(sheet: RawSheet, facts: SheetFacts) -> RawSheet:
    """The sheet with rows and columns of nothing added, so that its rectangle holds all patches."""
    rows = [row for row, _ in facts.patches]
    columns = [column for _, column in facts.patches]
    if sheet.rows:
        rows += [sheet.first_row, sheet.first_row + len(sheet.rows) - 1]
        columns += [sheet.first_column, sheet.first_column + len(sheet.rows[0]) - 1]
    width = max(columns) - min(columns) + 1
    left = sheet.first_column - min(columns)
    above = sheet.first_row - min(rows) if sheet.rows else 0
    below = max(rows) - min(rows) + 1 - above - len(sheet.rows)
    narrow = len(sheet.rows[0]) < width if sheet.rows else False
    padded = (
        [[*[None] * left, *row, *[None] * (width - left - len(row))] for row in sheet.rows]
        if narrow
        else sheet.rows
    )
    grid = [*_empty_rows(above, width), *padded, *_empty_rows(below, width)]
    return replace(sheet, rows=grid, first_row=min(rows), first_column=min(columns))


def _empty_rows(count: int, width: int) -> list[list[Cell]]:
    return [[None] * width for _ in range(count)]


def _read_other(data: bytes, facts: list[SheetFacts], found: Format) -> RawBook | Refusal:
    """A workbook of another format than xlsx; `facts` of its sheets in order."""
    try:
        book = load_workbook(io.BytesIO(data))
        if len(facts) != len(book.sheet_names):
            return Refusal("damaged")
        grids = [i for i, meta in enumerate(book.sheets_metadata) if meta.typ == SheetTypeEnum.WorkSheet]
        sheets = [_read_other_sheet(book, i, facts[i]) for i in grids]
    except PasswordError:
        return Refusal("password_protected")
    except DAMAGE:
        return Refusal("damaged")
    remarks = [remark for _, own in sheets for remark in own]
    return RawBook(found, tuple(sheet for sheet, _ in sheets), tuple(remarks)) if sheets else Refusal("no_sheets")


def _read_other_sheet(book: CalamineWorkbook, index: int, facts: SheetFacts) -> tuple[RawSheet, list[Remark]]:
    _check_area(facts.area)
    meta = book.sheets_metadata[index]
    fast = book.get_sheet_by_index(index)
    _check_area(fast.height * fast.width)
    sheet = _with_floats(_as_raw_sheet(fast, meta.name))
    visible = meta.visible == SheetVisibleEnum.Visible
    sheet = replace(_restored(sheet, facts), merged=_merged(fast), visible=visible)
    return sheet, _remarks_on_rows(sheet, facts.filtered)


def _check_area(area: int) -> None:
    if area > LARGEST_AREA:
        raise Refused("too_many_cells", found=f"{area:,}", limit=f"{LARGEST_AREA:,}")


def _with_floats(sheet: RawSheet) -> RawSheet:
    """The sheet with its whole numbers as floats, as they are in an xlsx file."""
    rows = [[float(cell) if type(cell) is int else cell for cell in row] for row in sheet.rows]
    return replace(sheet, rows=rows)


def _as_raw_sheet(sheet: CalamineSheet, name: str) -> RawSheet:
    row, column = sheet.start or (0, 0)
    return RawSheet(name, _cells(sheet), first_row=row + 1, first_column=column + 1)


def _cells(sheet: CalamineSheet) -> list[list[Cell]]:
    many = sheet.height * sheet.width > MANY_CELLS
    rows = _sparing_rows(sheet) if many else sheet.to_python()
    return [_without_blanks(row) for row in rows]


def _without_blanks(row: list[Any]) -> list[Cell]:
    """A row whose cells of no text are None; most rows have none, and to ask first takes half the time."""
    return [None if cell == "" else cell for cell in row] if "" in row else row


def _sparing_rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """The rows one by one, and the texts of columns with few different ones once each: master data of a whole province
    hold some ten of them 250,000 times over."""
    held: list[dict[Any, Any] | None] = [{} for _ in range(sheet.width)]
    above = sheet.start[0] if sheet.start else 0
    for row in islice(sheet.iter_rows(), above, None):
        for column, texts in enumerate(held):
            if texts is None:
                continue
            row[column] = texts.setdefault(row[column], row[column])
            if len(texts) > FEW_TEXTS:
                held[column] = None
        yield row


def _merged(sheet: CalamineSheet) -> tuple[str, ...]:
    ranges = sheet.merged_cell_ranges or ()
    return tuple(
        f"{cell_address(first[0] + 1, first[1] + 1)}:{cell_address(last[0] + 1, last[1] + 1)}"
        for first, last in ranges
    )
