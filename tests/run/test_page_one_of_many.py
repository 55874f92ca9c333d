"""Page one of every region and of headquarters, of the months of a demo of fourteen managers and 25 months: three to
six findings, what is to be done with amount, owner and day, exact contributions, and no number from nowhere.

In the long trials every month is read; here the first two, the first with a year behind it, both of a Spring Festival,
and the last two quarters' ends. They are read as they are planned; of two of them the files that are written, and the
last month's managers too.
"""

import io
import re
import warnings
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from demo_books import LAST, opened, take_in_demo
from page_files import NUMBER, PageRead, numbers_in_file, page_read, texts_in_file
from seeds import SEEDS

from pipeline.base.calendar import Month, is_working_day
from pipeline.contract.page_one import PageFinding
from pipeline.month.report import month_figures, result_of
from pipeline.month.writing import PLANS, books_tasks, reports_of
from pipeline.workbooks.blocks import WorkbookPlan
from pipeline.workbooks.write import write_workbook

pytestmark = pytest.mark.slow
FIRST, FESTIVAL = Month(2022, 6), Month(2024, 2)
MONTHS = [FIRST + since for since in (range(25) if len(SEEDS) > 1 else (0, 1, 7, 12, 20, 21, 24))]
DEMO = ("--managers", "14", "--customers", "6", "--months", "25", "--seed", "9")
DAY = re.compile(r"；([^；。]+)，(\d+)月(\d+)日前。$")
# In Chinese the amount of a finding has its unit; a finding about a rate has per cent.
AMOUNT = ("元", "条", "%", "分", "户", "次", "件", "个")


class Pages:
    """What was read: page one of regions and headquarters of all months with its findings as values, of managers of the
    last month; and the plans of two months."""

    def __init__(self) -> None:
        self.read: dict[tuple[Month, str], PageRead] = {}
        self.found: dict[tuple[Month, str], tuple[PageFinding, ...]] = {}
        self.managers: list[PageRead] = []
        self.plans: dict[tuple[Month, str], WorkbookPlan] = {}


@pytest.fixture(scope="module")
def pages(made_once: Any) -> Pages:
    home: Path = made_once("fourteen_managers", lambda folder: take_in_demo(folder, *DEMO))
    months, settings = opened(home)
    found = Pages()
    for month in MONTHS:
        result = result_of(months, month_figures(months, month, settings.words), 1, None)
        for task in books_tasks(months.place, result, settings, months.ledger.masters(month), months.ledger.home):
            for kind, report in reports_of(task):  # the region first, then its managers
                if kind == "manager" and month < LAST:
                    break
                plan, who = PLANS[kind](report), report.entity_id
                if kind == "manager":
                    found.managers.append(page_read(month, who, plan, "part_sales"))
                    continue
                assert report.page_one is not None
                found.read[month, who] = page_read(month, who, plan)
                found.found[month, who] = report.page_one.findings
                if month in (FESTIVAL, LAST):
                    found.plans[month, who] = plan
    return found


def test_four_regions_and_headquarters_of_every_month_were_read(pages: Pages) -> None:
    assert {FIRST, FESTIVAL, LAST} < set(MONTHS)
    assert len(pages.read) == len(MONTHS) * 5
    assert len(pages.managers) == 14


def test_every_page_has_three_to_six_findings(pages: Pages) -> None:
    """But the first month, which nothing can be compared with."""
    counts = {key: len(page.findings) for key, page in pages.read.items() if key[0] > FIRST}
    assert {key: count for key, count in counts.items() if not 3 <= count <= 6} == {}
    assert [page.who for page in pages.managers if len(page.findings) > 6] == []


def test_every_finding_says_how_much(pages: Pages) -> None:
    without = [
        (page.month, page.who, one.text)
        for page in (*pages.read.values(), *pages.managers)
        for one in page.findings
        if not (NUMBER.search(one.text) and any(unit in one.text for unit in AMOUNT))
    ]
    assert without == []


def test_what_is_to_be_done_has_an_owner_and_a_working_day_of_the_running_month(pages: Pages) -> None:
    """What went well asks for nothing; all else for a measure."""
    for (month, _), page in pages.read.items():
        running = month + 1
        for shown, one in zip(page.findings, pages.found[month, page.who], strict=True):
            if one.is_good:
                assert shown.advice == ""
                continue
            match = DAY.search(shown.advice)
            assert match, (month, page.who, shown)
            owner, of_month, day = match.groups()
            assert owner and int(of_month) == running.month
            assert is_working_day(running.first_day.replace(day=int(day)))


def test_every_number_stands_on_another_sheet_of_the_workbook(pages: Pages) -> None:
    every = (*pages.read.values(), *pages.managers)
    unknown = {(page.month, page.who): page.numbers_from_nowhere(page.numbers) for page in every}
    assert {key: missing for key, missing in unknown.items() if missing} == {}


def test_contributions_add_up_exactly(pages: Pages) -> None:
    told = [(page.month, page.who, *one) for page in pages.read.values() for one in page.differences]
    assert len(told) >= 2 * len(pages.read)
    assert [one for one in told if one[-2] != one[-1]] == []


def test_tabs_named_on_page_one_are_there(pages: Pages) -> None:
    for page in (*pages.read.values(), *pages.managers):
        named = {part.split("”")[0] for part in page.singles.split("见“")[1:]}
        assert named <= page.tabs


def test_the_files_say_what_was_planned(pages: Pages) -> None:
    assert len(pages.plans) == 2 * 5
    for key, plan in pages.plans.items():
        content = io.BytesIO()
        write_workbook(plan, content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl does not know sparklines
            book = openpyxl.load_workbook(content)
        said, page = texts_in_file(book), pages.read[key]
        assert [text for text in page.texts if "".join(text.split()) not in said] == []
        assert page.numbers_from_nowhere(numbers_in_file(book)) == [], key
