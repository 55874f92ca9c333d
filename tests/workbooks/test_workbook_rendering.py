"""Workbooks as people see them: printed through LibreOffice, page by page. Skipped where it is absent."""

import re

import pytest
from printing import OFFICE, TO_TEXT, as_pdf, page_texts
from report_builder import (
    actions_frame,
    changes_frame,
    details_frames,
    findings_frame,
    forecast_frame,
    headquarters_report,
    manager_report,
    region_report,
)

from pipeline.workbooks.headquarters import plan_headquarters
from pipeline.workbooks.manager import plan_manager
from pipeline.workbooks.region import plan_region

pytestmark = [
    pytest.mark.skipif(not (OFFICE and TO_TEXT), reason="LibreOffice and pdftotext are not installed"),
    pytest.mark.slow,
]


def region_plan(language):
    more = {**details_frames(), "open_actions": actions_frame()}
    findings, forecast = findings_frame("region", "R01"), forecast_frame("region", "R01")
    return plan_region(
        region_report(
            language, edition=2, changes=changes_frame(), findings=findings, forecast=forecast, details=more
        )
    )


PLANS = {
    "region_zh": lambda: region_plan("zh"),
    "region_en": lambda: region_plan("en"),
    "manager_zh": lambda: plan_manager(manager_report("zh")),
    "manager_en": lambda: plan_manager(manager_report("en")),
    "headquarters_zh": lambda: plan_headquarters(headquarters_report("zh")),
}


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Every kind of workbook: its plan, and the text of each printed page."""
    folder = tmp_path_factory.mktemp("printed")
    plans = {name: plan() for name, plan in PLANS.items()}
    pdfs = as_pdf(plans, folder, seconds=180)
    return {name: (plan, page_texts(pdfs[name], seconds=60)) for name, plan in plans.items()}


@pytest.mark.parametrize("name", PLANS)
def test_no_cell_is_too_narrow_for_its_number(printed, name):
    _, texts = printed[name]
    assert [number for number, text in enumerate(texts, 1) if "##" in text] == []


@pytest.mark.parametrize("name", PLANS)
def test_every_page_has_the_title_of_its_sheet_and_something_under_it(printed, name):
    plan, texts = printed[name]
    titles = [sheet.title for sheet in plan.sheets]
    for text in texts:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        assert any(lines[0].startswith(title) for title in titles), lines[0]
        # title, whose month it is, and the footer stand on every page; more than that makes it worth printing
        assert len(lines) > 3, text


@pytest.mark.parametrize("name", PLANS)
def test_pages_are_few_and_numbered(printed, name):
    plan, texts = printed[name]
    assert len(plan.sheets) <= len(texts) <= 2 * len(plan.sheets)
    for number, text in enumerate(texts, 1):
        assert re.search(rf"第 ?{number} ?页 ?共 ?{len(texts)} ?页|Page {number} of {len(texts)}", text)


@pytest.mark.parametrize("name", ["region_zh", "headquarters_zh", "region_en"])
def test_the_overview_is_one_page_with_every_tile_whole(printed, name):
    plan, texts = printed[name]
    title = next(sheet.title for sheet in plan.sheets if sheet.key == "overview")
    overview = [text for text in texts if text.lstrip().startswith(title)]
    assert len(overview) == 1
    tiles = next(sheet for sheet in plan.sheets if sheet.key == "overview").blocks[0].tiles
    squeezed = re.sub(r"\s", "", overview[0])
    for tile in tiles:
        assert re.sub(r"\s", "", tile.label.text) in squeezed
        places = int(tile.value.style[-1])
        assert f"{tile.value.value:,.{places}f}" in squeezed
