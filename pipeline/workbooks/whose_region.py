"""Tables of headquarters that have a row for each manager say of which region each is."""

from collections.abc import Mapping
from dataclasses import replace

from pipeline.contract.figure import Level
from pipeline.workbooks.blocks import Cell, Column, Table
from pipeline.workbooks.view import View


def with_regions(view: View, table: Table, level: Level) -> Table:
    """The table with the region beside each manager; as it is where all are of one region, or its rows are regions.

    Its rows have the codes of managers as keys.
    """
    regions = region_names(view) if level == "manager" and view.report.level == "organisation" else {}
    if len(set(regions.values())) < 2 or not table.rows:
        return table
    rows = tuple(_beside(row, regions.get(key)) for key, row in zip(table.row_keys, table.rows, strict=True))
    columns = (table.columns[0], Column("region", view.level_word("region", heading=True)), *table.columns[1:])
    summary = _beside(table.summary, "") if table.summary else ()
    return replace(table, columns=columns, rows=rows, summary=summary)


def region_names(view: View) -> Mapping[str, str]:
    """The name of each manager's region, by the manager's code."""
    frame = view.detail("manager_regions")
    if frame.empty:
        return {}
    pairs = zip(frame["manager_id"].tolist(), frame["region_id"].tolist(), strict=True)
    return {str(manager): view.name("region", str(region)) for manager, region in pairs}


def _beside(row: tuple[Cell, ...], region: str | None) -> tuple[Cell, ...]:
    return (row[0], region, *row[1:])
