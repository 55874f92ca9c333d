"""Regions of many managers, and organisations of many regions: what no chart can show has a sheet of its own."""

import pandas as pd
import pytest
from report_builder import headquarters_report, region_report

from pipeline.contract.report import Report
from pipeline.workbooks.blocks import Chart, ChartRow, SheetPlan, Table, WorkbookPlan
from pipeline.workbooks.headquarters import plan_headquarters
from pipeline.workbooks.region import plan_region


def region_of(managers: int) -> Report:
    """A region's report with that many managers."""
    small, large = region_report(), headquarters_report(managers=managers)
    frames = {}
    for name in ("metrics", "names"):
        others, own = getattr(small, name), getattr(large, name)
        frames[name] = pd.concat([others[others["level"] != "manager"], own[own["level"] == "manager"]])
    return region_report(**{name: frame.reset_index(drop=True) for name, frame in frames.items()})


def charts_of(sheet: SheetPlan) -> list[Chart]:
    return [
        chart
        for block in sheet.blocks
        for chart in (block.charts if isinstance(block, ChartRow) else [block])
        if isinstance(chart, Chart)
    ]


def drawn_from(planned: dict[str, SheetPlan], table: str) -> int:
    """How many charts show that table."""
    return sum(chart.names[0] == table for sheet in planned.values() for chart in charts_of(sheet))


def tables_of(sheet: SheetPlan) -> dict[str, int]:
    return {block.name: len(block.rows) for block in sheet.blocks if isinstance(block, Table)}


def sheets(plan: WorkbookPlan) -> dict[str, SheetPlan]:
    return {sheet.key: sheet for sheet in plan.sheets}


@pytest.mark.parametrize("managers, own_sheet", [(40, False), (41, True), (120, True)])
def test_targets_of_many_managers_of_a_region(managers: int, own_sheet: bool) -> None:
    planned = sheets(plan_region(region_of(managers)))
    assert ("targets" in planned) == own_sheet
    assert tables_of(planned["targets" if own_sheet else "managers"])["manager_targets"] == managers
    assert drawn_from(planned, "manager_targets") == (0 if own_sheet else 2)


@pytest.mark.parametrize("regions, own_sheet", [(40, False), (41, True)])
def test_targets_of_many_regions_of_an_organisation(regions: int, own_sheet: bool) -> None:
    planned = sheets(plan_headquarters(headquarters_report(regions=regions, managers=2 * regions)))
    assert ("region_targets" in planned) == own_sheet
    assert tables_of(planned["region_targets" if own_sheet else "regions"])["region_targets"] == regions
    assert bool(drawn_from(planned, "region_targets")) != own_sheet
