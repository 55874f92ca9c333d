"""The floor: the same files only parsed by calamine, the same workbooks only written by xlsxwriter.

    python -m benchmarks.city.floor read FOLDER
    python -m benchmarks.city.floor ready OUTPUT TAPES
    python -m benchmarks.city.floor write TAPES FOLDER

`ready` reads the cells, widths, tables and charts of workbooks and keeps them (not measured); `write` writes them
again. Both measured steps use two processes.
"""

import multiprocessing
import pickle
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

WORKERS = 2


@dataclass(frozen=True)
class ReadySheet:
    """A sheet as its cells: (row, column, value, number format), from 0; `tables` as their ranges; how many charts
    it holds."""

    name: str
    cells: tuple[tuple[int, int, object, str], ...]
    tables: tuple[tuple[int, int, int, int], ...]
    charts: int


def read_file(path: Path) -> int:
    """Parses every sheet of a workbook; gives the number of rows."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def ready_file(path: Path, folder: Path) -> Path:
    """Keeps what a workbook holds, ready to be written again."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    sheets = tuple(_ready_sheet(sheet) for sheet in book.worksheets)
    kept = folder / f"{path.stem}.pickle"
    kept.write_bytes(pickle.dumps(sheets, protocol=5))
    return kept


def _ready_sheet(sheet) -> ReadySheet:  # type: ignore[no-untyped-def]
    from openpyxl.utils.cell import coordinate_to_tuple

    cells = tuple(
        (cell.row - 1, cell.column - 1, cell.value, cell.number_format)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    )
    tables = []
    for table in sheet.tables.values():
        (left, top), (right, bottom) = (coordinate_to_tuple(one)[::-1] for one in table.ref.split(":"))
        tables.append((top - 1, left - 1, bottom - 1, right - 1))
    return ReadySheet(sheet.title, cells, tuple(tables), len(sheet._charts))


def write_file(kept: Path, folder: Path) -> int:
    """Writes a workbook from its ready cells; gives the number of cells."""
    import xlsxwriter

    sheets: tuple[ReadySheet, ...] = pickle.loads(kept.read_bytes())
    with xlsxwriter.Workbook(str(folder / f"{kept.stem}.xlsx"), {"strings_to_formulas": False}) as book:
        formats: dict[str, object] = {}
        for sheet in sheets:
            _write_sheet(book, sheet, formats)
    return sum(len(sheet.cells) for sheet in sheets)


def _write_sheet(book, sheet: ReadySheet, formats: dict[str, object]) -> None:  # type: ignore[no-untyped-def]
    page = book.add_worksheet(sheet.name)
    for row, column, value, style in sheet.cells:
        if style not in formats:
            formats[style] = book.add_format({"num_format": style})
        page.write(row, column, value, formats[style])
    heads = {(row, column): value for row, column, value, _ in sheet.cells}
    for top, left, bottom, right in sheet.tables:
        columns = [{"header": str(heads.get((top, one), one))} for one in range(left, right + 1)]
        page.add_table(top, left, bottom, right, {"columns": columns})
    for number in range(sheet.charts):
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": [sheet.name, 1, number, 12, number]})
        page.insert_chart(1, 12 + 8 * number, chart)


def main() -> None:
    step, source, *rest = sys.argv[1:]
    found = sorted(Path(source).rglob("*.pickle" if step == "write" else "*.xlsx"))
    files = [path for path in found if path.parent.name != "corrections"]  # copies of what was sent
    if rest:
        Path(rest[0]).mkdir(parents=True, exist_ok=True)
    work = {
        "read": read_file,
        "ready": partial(ready_file, folder=Path(rest[0])) if rest else read_file,
        "write": partial(write_file, folder=Path(rest[0])) if rest else read_file,
    }[step]
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as executor:
        for _ in executor.map(work, files):
            pass


if __name__ == "__main__":
    main()
