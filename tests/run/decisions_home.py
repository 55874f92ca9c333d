"""A small home of which June is reported, and in which matters wait for the heads of two regions; and their sheet
filled in, as they send it back.

In R01 there wait the case T1 (of C001a, received on 3 June), the proposal to put C001b a grade down, the recommended
list, the reports of M001 and M002; in R02 the case T2 and the report of M003.
"""

import datetime as dt
import warnings
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from small_home import JUNE, SmallHome, save_at

from pipeline.base.calendar import Month

DOWNGRADE, LIST, REPORT = "JJ2024-06-C001b", "TJ2024-06-R01", "SY2024-06-M001"
SENT = "2024-07-05T10:00"
SHEETS = ("待审批", "To be decided")
HEADINGS = {
    "reference": ("事项编号", "Reference"),
    "decision": ("审批意见", "Decision"),
    "decided_on": ("审批日", "Decided"),
    "remark": ("批注", "Remark"),
}
Entry = tuple[str | None, str | dt.date | None, str | None]  # decision, day, remark


def case(number: str, customer: str, **more: Any) -> dict[str, Any]:
    """A case of bad goods that was looked at and signed, and waits for a decision."""
    days = {"received_on": 3, "inspected_on": 4, "customer_signed_on": 5}
    given = {name: pd.Timestamp(2024, 6, day) for name, day in days.items()}
    known = {"complaint_no": number, "customer_id": customer, "category": "product_quality", "product_id": "P1"}
    return {**known, **given, "description": "霉变", "department": "logistics", **more}


def visit(customer: str) -> dict[str, Any]:
    """A visit that found a price below the guide price."""
    told = {"visit_date": pd.Timestamp(2024, 6, 11), "customer_id": customer, "visit_kind": "planned"}
    seen = dict.fromkeys(("informed", "stock_checked", "display_ok", "lawful", "customer_signed"), True)
    return {**told, "arrived_at": 600, "left_at": 620, "price_ok": False, "observed_price": 90.0, **seen}


def june_waits(folder: Path, language: str = "zh") -> None:
    """The home as it stands when the heads of the regions get their workbooks."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "yuebao.toml").write_text(f'language = "{language}"\n', encoding="utf-8")
    home = SmallHome(folder)
    home.masters()
    nil = ("satisfaction",)
    seen = {"complaints": [case("T1", "C001a")], "visits": [visit("C001b")]}
    home.sends("M001", (3, "C001a", 10), nil=nil, rows=seen)
    home.sends("M002", (4, "C002a", 10))
    home.sends("M003", (5, "C003a", 10), nil=("visits", *nil), rows={"complaints": [case("T2", "C003a")]})
    assert home.run().exit_code == 0


def read(path: Path) -> openpyxl.Workbook:
    """A workbook; of what openpyxl does not know of it nothing is said."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(path)


def looked_at(path: Path) -> openpyxl.Workbook:
    """A workbook that is looked at and not changed: it is read once."""
    return _read_once(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _read_once(path: Path, _: int) -> openpyxl.Workbook:
    return read(path)


def region_book(home: Path, region: str = "R01", month: Month = JUNE) -> Path:
    """The region's workbook."""
    (path,) = (home / "output" / str(month) / "regions").glob(f"*{region}*.xlsx")
    return path


def filled(
    home: Path,
    name: str,
    entries: Mapping[str, Entry],
    *,
    region: str = "R01",
    month: Month = JUNE,
    saved: str = SENT,
    renamed: Mapping[str, str] | None = None,
    alone: bool = False,
) -> Path:
    """The region's workbook with entries by reference, in the inbox; `renamed` are references typed over, `alone`
    leaves nothing but the sheet."""
    book = read(region_book(home, region, month))
    sheet = next(book[one] for one in SHEETS if one in book.sheetnames)
    header, columns = _header(sheet)
    for row in range(header + 1, sheet.max_row + 1):
        cell = sheet.cell(row, columns["reference"])
        entry = entries.get(str(cell.value))
        cell.value = (renamed or {}).get(str(cell.value), cell.value)
        for column, value in zip(("decision", "decided_on", "remark"), entry or (), strict=False):
            sheet.cell(row, columns[column]).value = value
    if alone:
        book = _alone(sheet)
    path = home / "inbox" / name
    book.save(path)
    return save_at(path, saved)


def _header(sheet: Any) -> tuple[int, dict[str, int]]:
    for cells in sheet.iter_rows():
        found = {name: cell.column for name, words in HEADINGS.items() for cell in cells if cell.value in words}
        if len(found) == len(HEADINGS):
            return cells[0].row, found
    raise AssertionError("no header")


def _alone(sheet: Any) -> openpyxl.Workbook:
    """The values of a sheet, in a workbook of their own."""
    book = openpyxl.Workbook()
    copy = book.active
    assert copy is not None
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.value is not None:
                copy.cell(cell.row, cell.column, cell.value)
    return book


def waiting(home: Path, region: str = "R01", month: Month = JUNE) -> list[str]:
    """The references on the sheet of what waits; none where there is no such sheet."""
    book = looked_at(region_book(home, region, month))
    sheets = [book[one] for one in SHEETS if one in book.sheetnames]
    if not sheets:
        return []
    header, columns = _header(sheets[0])
    cells = (sheets[0].cell(row, columns["reference"]).value for row in range(header + 1, sheets[0].max_row + 1))
    return [str(one) for one in cells if one]


def told(path: Path, beside: str) -> list[tuple[Any, ...]]:
    """The rows of a workbook in which a text stands, without empty cells."""
    book = looked_at(path)
    rows = (row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
    return [tuple(cell for cell in row if cell is not None) for row in rows if beside in row]


def course(path: Path, number: str) -> tuple[Any, ...]:
    """How a case is told in a workbook's list: its timeline, and what it waits for."""
    timelines = [(row, at) for row in told(path, number) for at, cell in enumerate(row) if _is_timeline(cell)]
    return next((row[at : at + 2] for row, at in timelines), ())


def _is_timeline(cell: object) -> bool:
    return isinstance(cell, str) and cell.startswith(("受理6.3", "received 6/3"))
