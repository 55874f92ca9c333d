"""What people typed stays text; what belongs to others stays out."""

import io
import re
import zipfile
from functools import cache

import pandas as pd
import pytest
from helpers_workbooks import read_back, written
from openpyxl.cell import Cell
from report_builder import NAN, details_frames, manager_report, region_report, scorecard_frame

from pipeline.workbooks.headquarters import plan_headquarters
from pipeline.workbooks.manager import plan_manager
from pipeline.workbooks.region import plan_region

NASTY = [
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "+1+1",
    "-2",
    "@SUM(A1)",
    "http://evil.example/a",
    "mailto:a@b.example",
    "internal:Sheet1!A1",
    "{=1+1}",
    "1e5",
    "007",
    "\u202eabc",
    "a\x00b\x1fc",
    "_x0041_",
    "\ufffe alone",
    "x" * 32_767,
    "<b>&amp;</b>",
]  # fmt: skip


@cache
def typed_cells() -> tuple[Cell, ...]:
    """The cells of one workbook in which each of these texts stands as what a form held."""
    first = region_report().problems.head(1)
    cells = [f"F{17 + place}" for place in range(len(NASTY))]  # one line a row of a form
    problems = pd.concat([first] * len(NASTY), ignore_index=True).assign(found=NASTY, cell=cells)
    sheet = read_back(written(plan_region(region_report(problems=problems))))["附：口径与数据"]
    header = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "填写内容")
    return tuple(sheet.cell(header.row + 1 + place, header.column) for place in range(len(NASTY)))


@pytest.mark.parametrize("nasty", NASTY)
def test_what_a_person_typed_is_text_and_never_formula_link_or_number(nasty):
    cell = typed_cells()[NASTY.index(nasty)]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    printable = "".join(sign for sign in nasty if sign.isprintable())
    shown = "".join(sign for sign in str(cell.value) if sign.isprintable())
    assert shown.replace("\ufffd", "") == printable.replace("\ufffd", "") or "_x" in str(cell.value)


@pytest.mark.parametrize("nasty", ["=1+1", "a&b<c>", "&P&N", "x" * 300, "a\nb\x07"])
def test_an_organisation_may_be_called_anything(nasty):
    report = region_report()
    settings = report.settings.model_copy(update={"organisation": nasty})
    book = read_back(written(plan_region(region_report(settings=settings))))
    assert book.active.title == "概览"


def test_there_are_no_macros_links_to_outside_or_hidden_sheets():
    for plan in (plan_region(region_report()), plan_manager(manager_report())):
        content = written(plan)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert not [name for name in archive.namelist() if "vba" in name or "externalLink" in name]
            relations = [archive.read(name) for name in archive.namelist() if name.endswith(".rels")]
        assert not [one for one in relations if b'TargetMode="External"' in one]
        assert {sheet.sheet_state for sheet in read_back(content)} == {"visible"}


def parts_holding(content, text):
    """The parts of the archive in which a text stands anywhere."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [name for name in archive.namelist() if text in archive.read(name).decode("utf-8", "replace")]


def with_neighbours(report):
    """The same report as it would look if rows of another region had slipped into its frames."""
    other = {"level": "region", "entity_id": "R99"}
    metrics = pd.concat([report.metrics, report.metrics.head(1).assign(**other, value=987_654_321.0)])
    history = pd.concat([report.history, report.history.head(30).assign(**other, value=987_654_321.0)])
    card = scorecard_frame()
    foreign = card[card["entity_id"] == "M002"].assign(entity_id="M987", region_id="R99", value=987_654_321.0)
    details = {**report.details, "scorecard": pd.concat([card, foreign], ignore_index=True)}
    return region_report(metrics=metrics, history=history, details=details)


def test_a_region_shows_nothing_of_another_region_even_if_it_were_in_its_frames():
    content = written(plan_region(with_neighbours(region_report())))
    assert parts_holding(content, "R99") == []
    assert parts_holding(content, "M987") == []
    assert parts_holding(content, "987654321") == []
    assert parts_holding(content, "98765.4321") == []


def test_a_manager_sees_no_colleague():
    details = {**details_frames(), "complaint_cases": own_cases(), "scorecard": scorecard_frame()}
    content = written(plan_manager(manager_report(details=details)))
    for colleague in ("王建国", "李秀英", "刘洋", "M001", "M006"):
        assert parts_holding(content, colleague) == [], colleague


def own_cases():
    cases = details_frames()["complaint_cases"]
    return cases[cases["manager_id"] == "M003"]


def test_a_missing_value_is_never_written_as_a_number():
    report = region_report()
    metrics = report.metrics.assign(value=NAN, previous=NAN, change=NAN)
    with zipfile.ZipFile(io.BytesIO(written(plan_headquarters(region_report(metrics=metrics))))) as archive:
        texts = b"".join(archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name)
    assert not re.search(rb"<v>(nan|inf|-inf)</v>|#NUM!|#DIV", texts)
