"""Page one of every trade, as its workbooks are planned: how many findings, what is to be done with amount, owner and
day, exact contributions, and no number from nowhere. Both languages."""

from pathlib import Path
from typing import Any

import pytest
from demo_books import LAST, opened, reports, take_in_demo
from page_files import PageRead, page_read

from pipeline.base.calendar import is_working_day
from pipeline.contract.page_one import PageFinding
from pipeline.month.writing import PLANS

pytestmark = pytest.mark.slow
DEMOS = {
    "cable_4": ("--profile", "cable", "--managers", "4", "--months", "3", "--seed", "7"),
    "agency_3": ("--profile", "agency", "--months", "3", "--seed", "7"),
    "power_3": ("--profile", "power", "--months", "3", "--seed", "7"),
    "bank_3": ("--profile", "bank", "--months", "3", "--seed", "7"),
}
MOST = 6
LEAST_OF_ALL = 3  # of headquarters; an area of few customers may have less to tell


class Pages:
    """Page one of each region and of headquarters, with its findings as values."""

    def __init__(self, home: Path, language: str) -> None:
        self.read: list[tuple[PageRead, tuple[PageFinding, ...]]] = []
        self.headquarters = 0
        for kind, report in reports(*opened(home, language), LAST):
            if kind != "manager" and report.page_one is not None:
                self.read.append(
                    (page_read(LAST, report.entity_id, PLANS[kind](report)), report.page_one.findings)
                )
                self.headquarters = len(report.page_one.findings) if kind == "headquarters" else self.headquarters


@pytest.fixture(scope="module", params=[(demo, one) for demo in DEMOS for one in ("zh", "en")], ids="-".join)
def pages(request: pytest.FixtureRequest, made_once: Any) -> Pages:
    demo, language = request.param
    return Pages(made_once(demo, lambda folder: take_in_demo(folder, *DEMOS[demo])), language)


def test_headquarters_has_three_findings_and_nobody_more_than_six(pages: Pages) -> None:
    assert pages.headquarters >= LEAST_OF_ALL
    assert [page.who for page, found in pages.read if not 1 <= len(found) <= MOST] == []


def test_what_is_to_be_done_has_an_owner_and_a_working_day_of_the_running_month(pages: Pages) -> None:
    for page, found in pages.read:
        for one in found:
            if not one.is_good:
                assert one.owner and one.todo and one.facts, (page.who, one)
                assert one.due is not None and one.due.month == (LAST + 1).month and is_working_day(one.due)


def test_every_number_stands_on_another_sheet_of_the_workbook(pages: Pages) -> None:
    unknown = {page.who: page.numbers_from_nowhere(page.numbers) for page, _ in pages.read}
    assert {who: missing for who, missing in unknown.items() if missing} == {}


def test_contributions_add_up_exactly(pages: Pages) -> None:
    told = [(page.who, *one) for page, _ in pages.read for one in page.differences]
    assert {one[0] for one in told} == {page.who for page, _ in pages.read}
    assert [one for one in told if one[-2] != one[-1]] == []
