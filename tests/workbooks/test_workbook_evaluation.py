"""What the evaluation of customers does not know is said, on its sheet and in the glossary."""

import dataclasses

import pandas as pd
import pytest
from helpers_workbooks import sheet_under
from report_builder import details_frames, region_report

from pipeline.contract.trade import load_profile
from pipeline.figures.catalogue import all_figures
from pipeline.workbooks.region import plan_region

SAID = {"zh": ("货款结算没有报表提供", "分摊"), "en": ("No form gives payment", "spread")}


def promoted() -> pd.DataFrame:
    row = {
        "place": 1,
        "customer_id": "001",
        "customer_name": "店",
        "manager_id": "M001",
        "grade": "1",
        "score": 97.5,
    }
    return pd.DataFrame([{**row, "reasons": "display,lawful"}])


@pytest.mark.parametrize(
    "language, key", [("zh", "evaluation"), ("zh", "glossary"), ("en", "evaluation"), ("en", "glossary")]
)
def test_payment_is_said_to_be_without_data_and_its_weight_to_be_spread(language, key):
    figures = tuple(one for one in all_figures(load_profile("tobacco")) if one.key == "evaluation")
    report = region_report(language, details={**details_frames(), "promotion_list": promoted()})
    sheet = sheet_under(plan_region(dataclasses.replace(report, figures=figures)), key)
    texts = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert all(part in texts for part in SAID[language]), texts
