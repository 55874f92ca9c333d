"""Page one of every region-month of a demo: three to six findings with owner and day, and no number from nowhere."""

import datetime as dt
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.base.calendar import Month, is_working_day

pytestmark = pytest.mark.slow
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
DAY = re.compile(r"；([^；。]+)，(\d+)月(\d+)日前。$")
# What is no number of the month: days, months, how long something has held, and what is fixed in the text.
NO_FIGURE = re.compile(r"\d+月\d+日|\d+月|已?连续\d+个月(?:以上)?|\d{4}-\d{2}起|近12个月|“[^”]*”")
BLOCKS = ("单户单件", "图的坐标")


@pytest.fixture(scope="module")
def books(thirteen_months: Path) -> dict[Path, Any]:
    """The region workbooks and that of headquarters of every month."""
    home = thirteen_months
    files = [*home.glob("output/*/regions/*.xlsx"), *home.glob("output/*/headquarters.xlsx")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl does not know sparklines
        return {file: openpyxl.load_workbook(file) for file in sorted(files)}


def month_of(file: Path) -> Month:
    """The month in whose folder a workbook stands."""
    return Month.parse(next(part for part in reversed(file.parts[:-1]) if re.fullmatch(r"\d{4}-\d{2}", part)))


def texts(book: Any) -> list[str]:
    """What page one says in sentences: the message and the findings with what to do."""
    column = [str(row[0].value) for row in book["概览"].iter_rows(min_row=4) if isinstance(row[0].value, str)]
    message, start = column[0], column.index("本月要事")
    end = next((place for place, text in enumerate(column) if text.startswith(BLOCKS[1])), len(column))
    return [message, *column[start + 1 : end]]


def findings(book: Any) -> Iterator[tuple[str, str]]:
    """Each finding with its second line."""
    said = texts(book)[1:]
    for place, text in enumerate(said):
        if re.match(r"\d【", text):
            after = said[place + 1] if place + 1 < len(said) else ""
            yield text, "" if re.match(r"\d【|·", after) else after


def known_numbers(book: Any) -> set[str]:
    """Every number of the other sheets, in the roundings in which they are shown: 0.952 as 95.2%."""
    cells = [cell for sheet in book.worksheets[1:] for row in sheet.iter_rows() for cell in row]
    numbers = [cell for cell in cells if isinstance(cell.value, int | float)]
    values = {abs(one.value) * (100 if "%" in one.number_format else 1) for one in numbers}
    return {f"{value:,.{decimals}f}" for value in values for decimals in (0, 1, 2)}


def test_every_page_has_three_to_six_findings(books: dict[Path, Any]) -> None:
    late = {file: book for file, book in books.items() if month_of(file) >= sorted(map(month_of, books))[2]}
    counts = {file.name: len(list(findings(book))) for file, book in late.items()}
    assert {name: count for name, count in counts.items() if not 3 <= count <= 6} == {}


def test_what_is_to_be_done_has_an_owner_and_a_working_day_of_the_running_month(books: dict[Path, Any]) -> None:
    seen = 0
    for file, book in books.items():
        running = month_of(file) + 1
        for _, told in findings(book):
            if "对策：" not in told:
                continue
            owner, month, day = DAY.search(told).groups()  # type: ignore[union-attr]
            assert owner and int(month) == running.month
            assert is_working_day(dt.date(running.year, int(month), int(day)))
            seen += 1
    assert seen > 20


def test_every_number_of_page_one_stands_on_another_sheet(books: dict[Path, Any]) -> None:
    unknown: dict[str, list[str]] = {}
    for file, book in books.items():
        known = known_numbers(book)
        for text in texts(book):
            plain = NO_FIGURE.sub("", re.sub(r"^\d【", "", text))
            missing = [number for number in NUMBER.findall(plain) if number not in known]
            if missing:
                unknown[f"{file.parent.parent.name}/{file.name}: {text}"] = missing
    assert unknown == {}


def parts_and_whole(sheet: Any, place: str) -> tuple[int, int]:
    """What the differences in a table of causes come to, and the total below, in hundred-millionths."""
    rows = list(sheet[place])[1:]
    whole = sheet.cell(rows[-1][0].row + 1, 4).value
    parts = sum(round(float(row[3].value) * 100_000_000) for row in rows)
    return parts, round(float(whole) * 100_000_000)


def test_contributions_add_up_on_every_sheet_of_causes(books: dict[Path, Any]) -> None:
    seen = 0
    for file, book in books.items():
        sheet = book["增减原因"]
        for name, place in sheet.tables.items():
            if name == "why_facts":
                continue
            parts, whole = parts_and_whole(sheet, place)
            assert parts == whole, (file, name)
            seen += 1
    assert seen > 30
