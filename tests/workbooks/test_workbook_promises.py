"""What every workbook promises those who print it, hand it on and check it: links, charts, pages, fonts, legends."""

import io
import re
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest
from helpers_workbooks import read_back, written
from report_builder import (
    details_frames,
    findings_frame,
    forecast_frame,
    headquarters_report,
    manager_report,
    movements_frame,
    region_report,
    scorecard_frame,
)

from pipeline.workbooks.blocks import EvidenceList, Tiles
from pipeline.workbooks.headquarters import plan_headquarters
from pipeline.workbooks.manager import plan_manager
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.styles import NUMBER_FORMATS
from pipeline.workbooks.write import sheet_of

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
KINDS = ("region", "manager", "headquarters")


def region():
    details = {**details_frames(), "customers_by_movement": movements_frame(), "scorecard": scorecard_frame()}
    findings, forecast = findings_frame("region", "R01"), forecast_frame("region", "R01")
    return plan_region(region_report(details=details, findings=findings, forecast=forecast))


@pytest.fixture(scope="module")
def made():
    """Each kind of workbook: its plan, its bytes, and the book that is read from them."""
    plans = {
        "region": region(),
        "manager": plan_manager(manager_report()),
        "headquarters": plan_headquarters(headquarters_report(managers=60)),
    }
    contents = {kind: written(plan) for kind, plan in plans.items()}
    return {kind: (plan, contents[kind], read_back(contents[kind])) for kind, plan in plans.items()}


def parts(content, pattern):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in sorted(archive.namelist()) if re.search(pattern, name)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_leads_to_a_cell_that_says_something(made, kind):
    _, _, book = made[kind]
    links = [cell.hyperlink.location for sheet in book for row in sheet for cell in row if cell.hyperlink]
    assert len(links) >= 47  # of a region, the fewest
    for link in links:
        name, _, cell = link.rpartition("!")
        assert book[name.strip("'").replace("''", "'")][cell].value, link


@pytest.mark.parametrize("kind", KINDS)
def test_the_contents_lead_to_every_sheet_and_every_sheet_back(made, kind):
    _, _, book = made[kind]
    contents = book["附：口径与数据"]
    linked = {cell.hyperlink.location for row in contents for cell in row if cell.hyperlink}
    others = [name for name in book.sheetnames if name != "附：口径与数据"]
    assert {one for one in linked if one.endswith("!A1")} == {f"'{name}'!A1" for name in others}
    top = next(row[0].coordinate for row in contents if row[0].value == "工作表")
    for name in others:
        assert f"'附：口径与数据'!{top}" in {
            cell.hyperlink.location for row in book[name] for cell in row if cell.hyperlink
        }


@pytest.mark.parametrize("kind", KINDS)
def test_each_figure_leads_to_its_own_definition(made, kind):
    _, _, book = made[kind]
    places = {cell.coordinate: cell.value for row in book["附：口径与数据"] for cell in row}
    found = 0
    for sheet in book:
        for cell in (cell for row in sheet for cell in row if cell.hyperlink):
            name, _, place = cell.hyperlink.location.rpartition("!")
            if name == "'附：口径与数据'" and cell.value != "返回目录":
                said = re.sub(r"（.*）$", "", cell.value)
                assert places[place] == said or (said, places[place]) == ("得分", "考核得分") or said == "等级"
                found += 1
    assert found > 20


def test_each_finding_leads_to_the_row_that_shows_it():
    details = {**details_frames(), "customers_by_movement": movements_frame()}
    found = findings_frame("region", "R01").head(1)
    told = [
        ("region", "R01", "plan_completion_low", "计划完成率"),
        ("manager", "M003", "plan_completion_low", "计划完成率"),
        ("region", "R01", "overdue_case", "TS202406001"),
        ("region", "R01", "lost_customer", "老街食杂店(330102100077)"),
        ("region", "R01", "typical_problem", "山河（软）"),  # product P001
        ("region", "R01", "brand_behind", "品牌2"),
        ("region", "R01", "brand_behind", "没有的品牌"),
    ]
    rows = [found.assign(level=a, entity_id=b, rule=c, subject=d) for a, b, c, d in told]
    plan = plan_region(region_report(details=details, findings=pd.concat(rows, ignore_index=True)))
    items = next(one for one in sheet_of(plan, "problems").blocks if isinstance(one, EvidenceList)).items
    assert [(one.link.table, one.link.row) if one.link else None for one in items] == [
        ("visits_figures", "plan_completion"),
        ("manager_figures", "M003"),
        ("detail_complaint_cases", "TS202406001"),
        ("detail_customers_by_movement", "330102100077"),
        ("detail_complaints_by_product", "P001"),
        ("detail_brand_in_category", "品牌2"),
        None,
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_chart_has_a_title_with_its_unit_and_words_for_those_who_cannot_see_it(made, kind):
    plan, content, _ = made[kind]
    charts = parts(content, r"xl/charts/chart\d+\.xml")
    assert len(charts) == sum(1 for sheet in plan.sheets for _ in sheet.charts()) > 3
    for chart in charts:
        title = ElementTree.fromstring(chart).find(f"{CHART}chart/{CHART}title")
        assert re.search(r" \(\S+\)$", "".join(one.text for one in title.iter(TEXT)))
    described = [
        one.get("descr")
        for drawing in parts(content, r"xl/drawings/drawing\d+\.xml")
        for one in ElementTree.fromstring(drawing).iter(f"{DRAWN}cNvPr")
    ]
    assert len(described) == len(charts)
    assert all(described)


@pytest.mark.parametrize("kind", KINDS)
def test_charts_are_drawn_from_cells_that_stand_in_the_workbook(made, kind):
    _, content, book = made[kind]
    for chart in parts(content, r"xl/charts/chart\d+\.xml"):
        for formula in (one.text for one in ElementTree.fromstring(chart).iter(f"{CHART}f")):
            name, _, area = formula.rpartition("!")
            assert any(cell.value is not None for row in book[name.strip("'")][area] for cell in row), formula


@pytest.mark.parametrize("kind", KINDS)
def test_each_figure_has_its_course_as_a_sparkline(made, kind):
    plan, content, _ = made[kind]
    drawn = sum(part.count(b"<x14:sparkline>") for part in parts(content, "worksheets/sheet"))
    listed = sum(
        len(table.rows) for name, table in plan.tables().items() if "trend" in {c.key for c in table.columns}
    )
    assert drawn == listed > 10


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shaded_has_a_legend(made, kind):
    plan, _, _ = made[kind]
    shaded = [table for table in plan.tables().values() if any(c.flag_below is not None for c in table.columns)]
    assert shaded
    assert [table.name for table in shaded if not table.legend and table.rows] == []


def test_up_and_down_are_told_by_a_sign_and_not_by_colour_alone(made):
    plan, _, _ = made["region"]
    for style in ("change_percent", "change_points", "change_number"):
        up, down, none = NUMBER_FORMATS[style].split(";")
        assert ("▲" in up, "▼" in down, "▲" in none or "▼" in none) == (True, True, False)
    tiles = next(block for block in sheet_of(plan, "overview").blocks if isinstance(block, Tiles)).tiles
    assert all(change.style.startswith("change_") for tile in tiles for _, change in tile.changes[:2])


def test_a_tile_with_a_target_has_its_bar(made):
    plan, content, _ = made["region"]
    tiles = next(block for block in sheet_of(plan, "overview").blocks if isinstance(block, Tiles)).tiles
    with_target = [tile for tile in tiles if tile.completion is not None]
    assert len(with_target) == 2  # volume and amount
    assert parts(content, r"worksheets/sheet1\.xml")[0].count(b"<x14:dataBar ") == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_list_that_prints_whole_stands_alone_and_repeats_its_header_on_every_page(made, kind):
    plan, _, book = made[kind]
    for sheet in plan.sheets:
        long = [table for table in sheet.tables() if len(table.rows) > 40]
        if not long or sheet.on_screen:
            continue
        assert len(sheet.tables()) == 1, sheet.key
        first, last = (int(one) for one in re.findall(r"\d+", book[sheet.name].print_title_rows))
        header = {cell.value for cell in book[sheet.name][last]}
        assert first == 1
        assert long[0].columns[0].header in header


@pytest.mark.parametrize("kind", KINDS)
def test_the_footer_names_organisation_month_edition_and_day(made, kind):
    _, _, book = made[kind]
    for sheet in book:
        for said in ("临江市烟草公司", "2024年6月", "第1版", "数据截至2024-07-03"):
            assert said in sheet.oddFooter.left.text


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_hidden(made, kind):
    _, _, book = made[kind]
    for sheet in book:
        assert sheet.sheet_state == "visible"
        assert not [key for key, one in sheet.column_dimensions.items() if one.hidden]
        assert not [key for key, one in sheet.row_dimensions.items() if one.hidden]


@pytest.mark.parametrize("kind", KINDS)
def test_fonts_say_their_family_and_script_so_that_a_likeness_is_found_where_they_are_missing(made, kind):
    _, content, _ = made[kind]
    styles = ElementTree.fromstring(parts(content, r"xl/styles\.xml")[0])
    space = styles.tag[: styles.tag.index("}") + 1]
    for font in styles.find(f"{space}fonts"):
        name = font.find(f"{space}name").get("val")
        assert font.find(f"{space}family").get("val") == "2"
        if name == "微软雅黑":
            assert font.find(f"{space}charset").get("val") == "134"
