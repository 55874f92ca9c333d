"""A region of ten managers as it is printed: in at most twenty pages, every manager on them."""

from pathlib import Path
from typing import Any

import pytest
from demo_books import LAST, opened, reports, take_in_demo
from printing import NEEDS_OFFICE, Page, printed

from pipeline.demo import people
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
def pages(request: pytest.FixtureRequest, made_once: Any, tmp_path_factory: pytest.TempPathFactory) -> list[Page]:
    home = made_once("region_of_ten", take_in_one_region)
    report = next(report for kind, report in reports(*opened(home, request.param), LAST) if kind == "region")
    assert len(report.names[report.names["level"] == "manager"]) == MANAGERS
    return printed({"region": plan_region(report)}, tmp_path_factory.mktemp("printed"))["region"]


def test_a_region_of_ten_managers_prints_in_at_most_twenty_pages(pages: list[Page]) -> None:
    assert len(pages) <= MOST_PAGES


def test_nothing_on_them_is_cut(pages: list[Page]) -> None:
    assert [page.first_line for page in pages if "##" in page.text] == []
    assert [page.first_line for page in pages[:-1] if page.filled < 1 / 3] == []
