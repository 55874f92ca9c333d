"""Page one of every region and of headquarters, of months of a demo of fourteen managers and 25 months: three to six
findings, what is to be done with amount, owner and day, exact contributions, and no number from nowhere.

Four months stand for the 25: the first with a Spring Festival of its own in the look-back, a December with a year
before it, the February of the festival, and the last, of which there are two years.
"""

import io
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from demo_books import LAST, books, opened, take_in_demo
from test_run_page_one import DAY, NO_FIGURE, NUMBER, findings, known_numbers, parts_and_whole, texts

from pipeline.base.calendar import Month, is_working_day
from pipeline.workbooks.write import write_workbook

pytestmark = pytest.mark.slow
MONTHS = (Month(2023, 2), Month(2023, 12), Month(2024, 2), LAST)
DEMO = ("--managers", "14", "--customers", "6", "--months", "25", "--seed", "9")
# In Chinese the amount of a finding has its unit; a finding about a rate has per cent.
WELL_DONE = re.compile("【做得好】|超任务|正好完成|基本完成|【增减】.*比增")  # what went well asks for nothing
AMOUNT = ("元", "条", "%", "分", "户", "次", "件", "个")


@pytest.fixture(scope="module")
def pages(made_once: Any) -> dict[tuple[Month, str], Any]:
    """The workbooks as files are read, by month and region ("ALL" for headquarters)."""
    home: Path = made_once("fourteen_managers", lambda folder: take_in_demo(folder, *DEMO))
    months, settings = opened(home)
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl does not know sparklines
        for month in MONTHS:
            for kind, report, plan in books(months, settings, month):
                if kind != "manager":
                    content = io.BytesIO()
                    write_workbook(plan, content)
                    found[month, report.entity_id] = openpyxl.load_workbook(content)
    return found


def told(pages: dict[tuple[Month, str], Any]) -> Iterator[tuple[Month, str, str, str]]:
    for (month, who), book in pages.items():
        for first, second in findings(book):
            yield month, who, first, second


def test_four_regions_and_headquarters_were_read(pages: dict[tuple[Month, str], Any]) -> None:
    assert len(pages) == len(MONTHS) * 5


def test_every_page_has_three_to_six_findings(pages: dict[tuple[Month, str], Any]) -> None:
    counts = {key: len(list(findings(book))) for key, book in pages.items()}
    assert {key: count for key, count in counts.items() if not 3 <= count <= 6} == {}


def test_every_finding_says_how_much(pages: dict[tuple[Month, str], Any]) -> None:
    without = [
        (month, who, first)
        for month, who, first, _ in told(pages)
        if not (NUMBER.search(first[2:]) and any(unit in first for unit in AMOUNT))
    ]
    assert without == []


def test_what_is_to_be_done_has_an_owner_and_a_working_day_of_the_running_month(
    pages: dict[tuple[Month, str], Any],
) -> None:
    asked = [(month, second) for month, _, _, second in told(pages) if "对策：" in second]
    left = [(month, who, first) for month, who, first, second in told(pages) if "对策：" not in second]
    assert [one for one in left if not WELL_DONE.search(one[2])] == []
    for month, second in asked:
        match = DAY.search(second)
        assert match, second
        owner, of_month, day = match.groups()
        running = month + 1
        assert owner and int(of_month) == running.month
        assert is_working_day(Month(running.year, running.month).first_day.replace(day=int(day)))


def test_every_number_stands_on_another_sheet_of_the_workbook(pages: dict[tuple[Month, str], Any]) -> None:
    unknown = {}
    for key, book in pages.items():
        known = known_numbers(book)
        for text in texts(book):
            plain = NO_FIGURE.sub("", text[2:] if text[1:2] == "【" else text)
            missing = [number for number in NUMBER.findall(plain) if number not in known]
            if missing:
                unknown[key, text] = missing
    assert unknown == {}


def test_contributions_add_up_exactly(pages: dict[tuple[Month, str], Any]) -> None:
    seen = 0
    for key, book in pages.items():
        sheet = book["增减原因"]
        for name, place in sheet.tables.items():
            if not re.fullmatch(r"why_\w+_(target|last_year|previous)", name):
                continue
            parts, whole = parts_and_whole(sheet, place)
            assert parts == whole, (key, name)
            seen += 1
    assert seen >= len(pages)


def test_tabs_named_on_page_one_are_there(pages: dict[tuple[Month, str], Any]) -> None:
    for book in pages.values():
        for text in texts(book):
            for part in text.split("见“")[1:]:
                assert part.split("”")[0] in book.sheetnames
