"""A region of ten managers as it is printed: in at most twenty pages, every manager on them."""

from pathlib import Path
from typing import Any

import pytest
from demo_books import LAST, opened, reports, take_in_demo
from printing import NEEDS_OFFICE, Page, printed, themes

from pipeline.demo import people
from pipeline.workbooks.blocks import WorkbookPlan
from pipeline.workbooks.region import plan_region

pytestmark = [pytest.mark.slow, NEEDS_OFFICE]
MANAGERS, MOST_PAGES = 10, 20
DEMO = ("--managers", str(MANAGERS), "--customers", "14", "--months", "2", "--seed", "5", "--story")


def take_in_one_region(home: Path) -> None:
    """A demo whose managers all belong to one region."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "_region_count", lambda trade, managers: 1)
        take_in_demo(home, *DEMO)


@pytest.fixture(scope="module", params=["zh", "en"])
def region(
    request: pytest.FixtureRequest, made_once: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[WorkbookPlan, list[Page]]:
    home = made_once("region_of_ten", take_in_one_region)
    report = next(report for kind, report in reports(*opened(home, request.param), LAST) if kind == "region")
    assert len(report.names[report.names["level"] == "manager"]) == MANAGERS
    plan = plan_region(report)
    return plan, printed({"region": plan}, tmp_path_factory.mktemp("printed"))["region"]


@pytest.fixture(scope="module")
def pages(region: tuple[WorkbookPlan, list[Page]]) -> list[Page]:
    return region[1]


def test_a_region_of_ten_managers_prints_in_at_most_twenty_pages(pages: list[Page]) -> None:
    assert len(pages) <= MOST_PAGES


def test_nothing_on_them_is_cut(pages: list[Page]) -> None:
    assert [page.first_line for page in pages if "##" in page.text] == []


def test_no_page_is_under_a_third_full_but_the_last_of_a_theme(region: tuple[WorkbookPlan, list[Page]]) -> None:
    empty = [
        page.first_line
        for _, pages in themes(*region)
        for page in pages[: max(len(pages) - 1, 1)]
        if page.filled < 1 / 3 and page is not region[1][-1]
    ]
    assert empty == []
