"""A manager who left and handed everybody on: nothing of it is compared, neither as a zero."""

import datetime as dt
import math
from pathlib import Path

import pytest
from month_builder import MonthBuilder
from small_ledger import opened

from pipeline.base.calendar import Month

FORMS = ("sales", "visits", "complaints", "satisfaction")


def _month(month: Month, regions: dict[str, str], owner: str, sent_by: str, cartons: int) -> MonthBuilder:
    sent = frozenset((sent_by, form) for form in FORMS)
    one = MonthBuilder(month, regions, sent=sent).customer("C1", owner, joined_on=dt.date(2020, 1, 1))
    one.add("products", product_id="P1", brand="A", category="class1")
    return one.sale(owner, "C1", "P1", cartons, 10.0 * cartons) if owner == sent_by else one


@pytest.mark.slow
def test_what_a_gone_manager_handed_to_a_missing_one_is_unknown_and_not_zero(tmp_path: Path) -> None:
    """R2's only manager in May, M5, sold 7; M4, who has its customer now, has not reported June."""
    may = _month(Month(2024, 5), {"M5": "R2"}, "M5", "M5", 7)
    june = _month(Month(2024, 6), {"M4": "R2", "M1": "R1"}, "M4", "M1", 0)
    metrics = opened(tmp_path, [may, june]).graph.of("metrics", Month(2024, 6), ("R1", "R2"))
    row = metrics[(metrics["entity_id"] == "R2") & (metrics["figure"] == "volume")].iloc[0]
    assert (row["previous"], row["missing"]) == (7, 1)
    assert math.isnan(row["previous_comparable"]) and math.isnan(row["change"])
