"""One rich form through LibreOffice into every format and back: the same cells, whatever the file is."""

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.intake.raw import Cell, ErrorCell, RawBook, RawSheet
from pipeline.intake.read import read_book

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not here"),
]
HEADINGS = ["编码", "名称", "日期", "时刻", "时长", "金额", "数量", "差错", "备注"]
DIVISION, MISSING = ErrorCell("#DIV/0!"), ErrorCell("#N/A")
ROWS: list[list[Cell]] = [
    [101.0, "平安里超市", dt.date(2024, 6, 3), dt.time(9, 30), dt.timedelta(hours=36), 1096.0, 8.0, DIVISION, "a&b"],
    [42.0, "“引号”, 逗号", dt.date(2023, 12, 31), dt.time(0, 15), dt.timedelta(hours=1), -3.5, 0.0, MISSING, "一\n二"],
    [99_999.0, "😀", dt.date(2024, 2, 29), dt.time(23, 45), dt.timedelta(days=3), 0.1, 1_234_567.0, 7.0, None],
    [7.0, "0012", dt.date(2000, 1, 1), dt.time(12), dt.timedelta(minutes=90), 99.99, -1.0, 8.0, "x"],
]  # fmt: skip
CODES = ["000101", "000042", "099999", "000007"]
HIDDEN_ROW = 4


def form(path: Path) -> Path:
    """The form as Excel would save it: padded codes, days, times, errors of formulas, a hidden row."""
    with xlsxwriter.Workbook(str(path)) as book:
        formats = [
            book.add_format({"num_format": code}) for code in ("000000", "yyyy-mm-dd", "hh:mm", "[h]:mm", "0.00")
        ]
        code, day, time, length, money = formats
        sheet = book.add_worksheet("销售")
        sheet.write_row(0, 0, HEADINGS)
        for number, row in enumerate(ROWS, 1):
            sheet.write_number(number, 0, row[0], code)
            sheet.write_string(number, 1, row[1])
            sheet.write_datetime(number, 2, row[2], day)
            sheet.write_datetime(number, 3, row[3], time)
            sheet.write_datetime(number, 4, row[4], length)
            sheet.write_number(number, 5, row[5], money)
            sheet.write_number(number, 6, row[6])
            if isinstance(row[7], ErrorCell):
                sheet.write_formula(number, 7, "=1/0" if row[7].code == "#DIV/0!" else "=NA()", None, row[7].code)
            else:
                sheet.write_formula(number, 7, f"=3+{row[7] - 3:g}", None, row[7])
            if row[8] is not None:
                sheet.write_string(number, 8, row[8])
        sheet.set_row(HIDDEN_ROW - 1, None, None, {"hidden": True})
    return path


def converted(path: Path, ending: str, folder: Path, profile: Path) -> Path:
    """The file as LibreOffice writes it in another format."""
    assert SOFFICE is not None
    target = f"{ending}:Text - txt - csv (StarCalc):44,34,76,1" if ending == "csv" else ending
    command = [SOFFICE, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", target,
               "--outdir", str(folder), str(path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / f"{path.stem}.{ending}"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The form itself and what LibreOffice makes of it, by a name of the way it went."""
    folder = tmp_path_factory.mktemp("round_trip")
    profile = folder / "profile"
    source = form(folder / "form.xlsx")
    made = {"xlsx": source}
    for ending in ("xls", "ods", "csv"):
        made[ending] = converted(source, ending, folder, profile)
    for ending in ("xls", "ods"):
        back = folder / f"back_from_{ending}"
        back.mkdir()
        made[f"{ending}, back to xlsx"] = converted(made[ending], "xlsx", back, profile)
    return made


def sheet_of(path: Path) -> RawSheet:
    book = read_book(path.read_bytes(), path.name)
    assert isinstance(book, RawBook), book
    return book.sheets[0]


def as_values(cell: Cell) -> Cell:
    """A cell as the value it is for: formats differ in whether a length of time under a day is one."""
    if isinstance(cell, dt.time):
        return dt.timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    return cell


WAYS = ["xlsx", "xls", "ods", "xls, back to xlsx", "ods, back to xlsx"]


@pytest.mark.parametrize("way", WAYS)
def test_the_same_cells_come_out_of_every_format(files: dict[str, Path], way: str) -> None:
    sheet = sheet_of(files[way])
    assert sheet.rows[0] == HEADINGS
    assert [[as_values(cell) for cell in row] for row in sheet.rows[1:]] == [
        [as_values(cell) for cell in row] for row in ROWS
    ]


@pytest.mark.parametrize("way", WAYS)
def test_the_same_codes_are_shown_and_the_same_rows_hidden(files: dict[str, Path], way: str) -> None:
    sheet = sheet_of(files[way])
    assert sheet.shown == {(row, 1): code for row, code in enumerate(CODES, 2)}
    assert sheet.hidden_rows == {HIDDEN_ROW}


def test_csv_holds_what_the_cells_show(files: dict[str, Path]) -> None:
    sheet = sheet_of(files["csv"])
    assert [row[0] for row in sheet.rows[1:]] == CODES
    assert [row[1] for row in sheet.rows[1:]] == [row[1] for row in ROWS]
    assert [row[2] for row in sheet.rows[1:]] == [str(row[2]) for row in ROWS]
    assert [row[8] for row in sheet.rows[1:]] == [row[8] for row in ROWS]
