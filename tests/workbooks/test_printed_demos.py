"""Each kind of workbook of three demos, in both languages, as it is printed: few pages, none nearly empty, nothing cut.

What is printed is looked at through LibreOffice; the bars are those of the office: a region of up to five managers in
12 pages, a manager's report in 13 with its four parts on consecutive pages, no page under a third full but a theme's
last.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from demo_books import LAST, books, opened, take_in_demo
from helpers_workbooks import written
from printing import NEEDS_OFFICE, Page, printed, themes
from test_workbook_promises import parts

from pipeline.workbooks.blocks import EvidenceList, Headline, Link, Shown, Table, WorkbookPlan
from pipeline.workbooks.write import sheet_of

pytestmark = [pytest.mark.slow, NEEDS_OFFICE]
DEMOS = {
    "tobacco_3": ("--managers", "3", "--customers", "14", "--months", "14", "--seed", "5"),
    "tobacco_5": ("--managers", "5", "--customers", "8", "--months", "3", "--seed", "11"),
    "cable_4": ("--profile", "cable", "--managers", "4", "--months", "3", "--seed", "7"),
}
LANGUAGES = ("zh", "en")
MOST_PAGES = {"region": 12, "manager": 13, "headquarters": 20}
PARTS = {"zh": ("（一）", "（二）", "（三）", "（四）"), "en": ("(1)", "(2)", "(3)", "(4)")}
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
CODES = re.compile(r"[A-Z]?\d{3,}")


@dataclass(frozen=True)
class Printed:
    """A demo's workbooks in a language: the first of each kind with its pages, and the plans of all regions."""

    language: str
    plans: dict[str, WorkbookPlan]
    pages: dict[str, list[Page]]
    regions: tuple[WorkbookPlan, ...]


@pytest.fixture(scope="module", params=[(demo, one) for demo in DEMOS for one in LANGUAGES], ids="-".join)
def book(request: pytest.FixtureRequest, made_once: Any, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    demo, language = request.param
    home: Path = made_once(demo, lambda folder: take_in_demo(folder, *DEMOS[demo]))
    plans: dict[str, WorkbookPlan] = {}
    regions = []
    for kind, _, plan in books(*opened(home, language), LAST):
        plans.setdefault(kind, plan)
        regions += [plan] if kind == "region" else []
    return Printed(language, plans, printed(plans, tmp_path_factory.mktemp("printed")), tuple(regions))


def test_pages_are_few(book: Printed) -> None:
    many = {kind: len(pages) for kind, pages in book.pages.items() if len(pages) > MOST_PAGES[kind]}
    assert many == {}


def test_no_page_is_under_a_third_full_but_the_last_of_a_theme(book: Printed) -> None:
    empty = {
        f"{kind} {title} {number}": round(page.filled, 2)
        for kind, plan in book.plans.items()
        for title, pages in themes(plan, book.pages[kind])
        for number, page in enumerate(pages, 1)
        if page.filled < 1 / 3 and not (number == len(pages) and (number > 1 or title == plan.sheets[-1].title))
    }
    assert empty == {}


def test_every_page_belongs_to_a_sheet_and_every_sheet_is_printed(book: Printed) -> None:
    for kind, plan in book.plans.items():
        counted = {title: len(pages) for title, pages in themes(plan, book.pages[kind])}
        assert min(counted.values()) >= 1, (kind, counted)
        assert all(any(page.first_line.startswith(title) for title in counted) for page in book.pages[kind])


def test_no_number_is_too_wide_for_its_cell(book: Printed) -> None:
    cut = [(kind, page.first_line) for kind, pages in book.pages.items() for page in pages if "##" in page.text]
    assert cut == []


def test_page_one_says_all_it_has_to_say(book: Printed) -> None:
    """The message and each finding stand whole on the first page."""
    for kind in ("region", "headquarters"):
        said = "".join(book.pages[kind][0].text.split())
        for block in sheet_of(book.plans[kind], "overview").blocks:
            texts = [block.text] if isinstance(block, Headline) else []
            texts += [one.text for one in block.items] if isinstance(block, EvidenceList) else []
            lost = [text for text in texts if _letters(text) and not _stands_in(text, said)]
            assert lost == [], kind


def _letters(text: str) -> str:
    return "".join(text.split())


def _stands_in(text: str, said: str) -> bool:
    """Whether the ends of a text are printed: lines that break may stand apart in what is read from the page."""
    plain = _letters(text)
    return plain[:12] in said and plain[-8:] in said


def test_the_four_parts_of_a_managers_report_stand_on_consecutive_pages(book: Printed) -> None:
    titles = [page.first_line for page in book.pages["manager"]]
    named = [place for place, title in enumerate(titles) if title.startswith(PARTS[book.language])]
    assert named == list(range(named[0], named[-1] + 1))
    assert len(named) <= 4


def test_charts_of_all_regions_have_the_same_axes(book: Printed) -> None:
    """The charts of page one, which stand in the same order in every region."""
    axes = [_axes(written(plan), len(list(sheet_of(plan, "overview").charts()))) for plan in book.regions]
    assert axes[0], "no chart has an axis with given ends"
    for other in axes[1:]:
        shared = axes[0].keys() & other.keys()
        assert {title: axes[0][title] for title in shared} == {title: other[title] for title in shared}


def _axes(content: bytes, charts: int) -> dict[int, tuple[str, ...]]:
    """The given ends of the first charts of a workbook, by their place."""
    found = {}
    for place, part in enumerate(parts(content, r"xl/charts/chart\d+\.xml$")[:charts]):
        tree = ElementTree.fromstring(part)
        ends = [one.get("val", "") for name in ("min", "max") for one in tree.iter(f"{CHART}{name}")]
        if ends:
            found[place] = tuple(ends)
    return found


def test_every_column_of_customers_codes_has_their_names_beside(book: Printed) -> None:
    code, name = {"zh": ("客户编码", ("客户", "名称")), "en": ("Customer code", ("Customer", "Name"))}[
        book.language
    ]
    nameless = [
        (kind, table.name)
        for kind, plan in book.plans.items()
        for table in plan.tables().values()
        if table.rows and table.name != "cover_facts"
        for headers in [[column.header for column in table.columns]]
        if code in headers and not set(name) & set(headers)
    ]
    assert nameless == []


def test_no_column_holds_codes_under_another_heading(book: Printed) -> None:
    headings = {"zh": {"客户编码", "编码", "单元格"}, "en": {"Customer code", "Code", "Cell"}}[book.language]
    found = {
        (table.name, column.header)
        for plan in book.plans.values()
        for table in plan.tables().values()
        for place, column in enumerate(table.columns)
        if table.rows and column.header not in headings and all(_is_code(row[place]) for row in table.rows)
    }
    assert {one for one in found if not one[0].startswith("quality_")} == set()


def _is_code(cell: object) -> bool:
    value = cell.value if isinstance(cell, Shown) else cell.text if isinstance(cell, Link) else cell
    return isinstance(value, str) and bool(CODES.fullmatch(value))


def test_no_column_of_a_list_is_the_same_in_every_row(book: Printed) -> None:
    alike = [
        (kind, table.name, column.header)
        for kind, plan in book.plans.items()
        for table in plan.tables().values()
        if _is_list(table, plan)
        for place, column in enumerate(table.columns)
        if len({str(row[place]) for row in table.rows}) == 1
    ]
    assert alike == []


def _is_list(table: Table, plan: WorkbookPlan) -> bool:
    """Lists of cases and customers, from which no chart is drawn."""
    drawn = {series.table for sheet in plan.sheets for chart in sheet.charts() for series in chart.series}
    return table.name.startswith("detail_") and len(table.rows) > 3 and table.name not in drawn
