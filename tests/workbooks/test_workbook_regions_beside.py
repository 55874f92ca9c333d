"""Headquarters sees the region beside each manager, where there is more than one."""

import pandas as pd
from report_builder import headquarters_report, region_report

from pipeline.workbooks.figure_tables import entity_table, target_table
from pipeline.workbooks.view import View


def of_regions(*regions):
    whole = headquarters_report()
    managers = View(whole).entities("manager")[: len(regions)]
    frame = pd.DataFrame({"manager_id": managers, "region_id": regions})
    return View(headquarters_report(details={**whole.details, "manager_regions": frame})), managers


def tables(view):
    figures = view.those_of(("volume", "amount"))
    return (
        entity_table(view, "some_managers", "表", figures, "manager"),
        target_table(view, "some_targets", "表", figures[0], "manager"),
    )


def test_headquarters_sees_the_region_of_each_manager():
    view, managers = of_regions("R01", "R02")
    for table in tables(view):
        assert table.columns[1].header == "区域"
        by_manager = dict(zip(table.row_keys, table.rows, strict=True))
        assert by_manager[managers[0]][1] == view.name("region", "R01")
        assert by_manager[managers[1]][1] == view.name("region", "R02")


def test_where_all_are_of_one_region_it_is_not_said_in_every_row():
    view, _ = of_regions("R01", "R01")
    assert all(table.columns[1].header != "区域" for table in tables(view))


def test_a_region_does_not_name_itself_beside_its_managers():
    assert all(table.columns[1].header != "区域" for table in tables(View(region_report())))
