"""Customers moved in and out are lines of their own where customers are counted."""

import pandas as pd
from helpers_workbooks import column_values, sheet_under
from report_builder import details_frames, region_report

from pipeline.subjects.base.sheets import base_sheet
from pipeline.subjects.sales.sheets import customers_sheet
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.view import View

MOVES = pd.DataFrame({"compared_with": ["previous"] * 2, "kind": ["moved_in", "moved_out"], "customers": [6, -13]})


def names(sheet) -> set[str]:
    return {getattr(block, "name", "") for block in sheet.blocks}


def test_who_moved_in_and_out_stands_on_the_sheets_of_customers_and_of_the_base():
    report = region_report(details={**details_frames(), "customers_moved": MOVES})
    for key in ("base", "customers"):
        sheet = sheet_under(plan_region(report), key)
        assert column_values(sheet, "变动")[:2] == ["调入", "调出"]
        assert column_values(sheet, "客户数\n（调出为负）")[:2] == [6, -13]


def test_where_nobody_moved_there_is_no_such_table():
    view = View(region_report(details={**details_frames(), "customers_moved": MOVES.iloc[:0]}))
    assert "moved_in_and_out" not in names(customers_sheet(view))
    assert "detail_customers_moved" not in names(base_sheet(view))
