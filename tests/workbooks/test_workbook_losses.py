"""Where customers that left went."""

import pandas as pd
import pytest
from helpers_workbooks import column_values, read_back, written
from report_builder import details_frames, region_report

from pipeline.subjects.sales.sheets import customers_sheet
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.view import View


def test_customers_lost_stand_by_competitor_with_their_share():
    losses = pd.DataFrame({"lost_to": ["甲网", "乙网"], "customers": [3.0, 1.0], "share": [75.0, 25.0]})
    report = region_report(details={**details_frames(), "losses": losses})
    sheet = read_back(written(plan_region(report)))["客户异动"]
    assert column_values(sheet, "流向") == ["甲网", "乙网"]
    assert column_values(sheet, "占比") == [0.75, 0.25]


@pytest.mark.parametrize("losses", [None, pd.DataFrame(columns=["lost_to", "customers", "share"])])
def test_a_trade_that_loses_nobody_to_competitors_has_no_such_table(losses):
    frames = details_frames() if losses is None else {**details_frames(), "losses": losses}
    sheet = customers_sheet(View(region_report(details=frames)))
    assert "detail_losses" not in {getattr(block, "name", "") for block in sheet.blocks}
