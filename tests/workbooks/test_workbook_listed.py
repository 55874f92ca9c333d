"""The sheets of a workbook are those that its trade lists, and a sheet is added with one maker."""

import dataclasses
from collections.abc import Iterator

import pytest
from report_builder import headquarters_report, manager_report, region_report

from pipeline.contract.report import Report
from pipeline.workbooks import sheets
from pipeline.workbooks.blocks import Column, Link, Note, SheetPlan, Table, Tiles
from pipeline.workbooks.headquarters import plan_headquarters
from pipeline.workbooks.manager import plan_manager
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.sheet_list import SHEETS, Place, forget, sheet
from pipeline.workbooks.sheets import plan_sheet


@pytest.fixture
def added() -> Iterator[str]:
    @sheet("tried")
    def tried(place: Place) -> SheetPlan:
        table = Table("tried_words", "", (Column("word", "词"),), (("有",),))
        return dataclasses.replace(plan_sheet(place.view, "mix", [table]), key="tried", name="试")

    yield "tried"
    forget("tried")


def with_sheets(report: Report, names: tuple[str, ...]) -> Report:
    profile = report.settings.profile
    listed = profile.model_copy(update={"workbooks": profile.workbooks.model_copy(update={"region": names})})
    return dataclasses.replace(report, settings=report.settings.model_copy(update={"profile": listed}))


def keys(report: Report) -> list[str]:
    return [one.key for one in plan_region(report).sheets if one.key != "contents"]


def test_the_sheets_stand_in_the_order_of_the_list_and_no_others() -> None:
    report = with_sheets(region_report(), ("overview", "glossary", "visits", "trend"))
    assert keys(report) == ["overview", "visits"]  # what is looked up stands on the last sheet, with the contents


def test_a_sheet_that_is_added_stands_where_a_trade_lists_it_and_in_no_other_workbook(added: str) -> None:
    report = region_report()
    assert added not in keys(report)
    assert keys(with_sheets(report, ("overview", added, "glossary", "trend")))[1] == added


def test_a_sheet_with_nothing_but_notes_is_not_made(added: str) -> None:
    SHEETS[added] = dataclasses.replace(
        SHEETS[added], make=lambda place: plan_sheet(place.view, "mix", [Note("nothing")])
    )
    assert added not in keys(with_sheets(region_report(), ("overview", added, "glossary", "trend")))


def test_figures_without_a_sheet_stand_on_one_of_their_own() -> None:
    """Without the sheets of visits and complaints their figures are nowhere else."""
    report = with_sheets(
        region_report(), ("overview", "sales", "base", "satisfaction", "own_figures", "glossary", "trend")
    )
    plan = next(one for one in plan_region(report).sheets if one.key == "own_figures")
    table = next(one for one in plan.blocks if isinstance(one, Table))
    assert {"visits", "complaints"} <= set(table.row_keys) and "volume" not in table.row_keys


def test_where_each_figure_has_its_sheet_there_is_none_of_their_own() -> None:
    assert "own_figures" not in keys(region_report())


def test_what_leads_to_a_sheet_that_is_not_listed_is_words_without_a_link() -> None:
    """Tiles lead to the glossary, lines in cells to the data of trends: neither is there."""
    plan = plan_region(with_sheets(region_report(), ("overview", "visits")))
    labels = [tile.label for block in plan.sheets[0].blocks if isinstance(block, Tiles) for tile in block.tiles]
    assert labels and not [one for one in labels if isinstance(one, Link)]
    assert not list(plan.sheets[0].charts())


@pytest.mark.parametrize("make", [region_report, headquarters_report, manager_report])
def test_nothing_leads_out_of_the_workbooks_of_the_first_trade(make, monkeypatch) -> None:
    monkeypatch.setattr(sheets, "without_dead_ends", lambda one: pytest.fail("a dead end"))
    {"region": plan_region, "organisation": plan_headquarters, "manager": plan_manager}[make().level](make())
