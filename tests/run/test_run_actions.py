"""An action not done in time travels from a manager's workbook to the findings of everyone above."""

from pathlib import Path

import pandas as pd
import pytest
from small_home import FORMS, SmallHome


def sends_actions(home: SmallHome, manager: str, *due_on: str) -> None:
    rows = [
        {"topic": "货源", "problem": f"问题{number}", "countermeasure": "按级别分配", "due_on": pd.Timestamp(day),
         "status": "in_progress"}
        for number, day in enumerate(due_on)
    ]  # fmt: skip
    home.sends(manager, nil=FORMS, rows={"actions": rows})


@pytest.mark.slow
def test_an_overdue_action_is_told_to_manager_region_and_whole_with_its_row(tmp_path: Path) -> None:
    home = SmallHome(tmp_path)
    home.masters()
    sends_actions(home, "M001", "2024-06-10", "2024-07-31")
    sends_actions(home, "M003", "2024-06-28")
    assert home.run().exit_code == 0
    findings = home.csv("findings")
    found = findings[findings["rule"] == "overdue_action"]
    assert sorted(zip(found["entity_id"], found["file"], strict=True)) == [
        ("ALL", "M001.xlsx"), ("ALL", "M003.xlsx"), ("M001", "M001.xlsx"), ("M003", "M003.xlsx"),
        ("R01", "M001.xlsx"), ("R02", "M003.xlsx"),
    ]  # fmt: skip
    mine = found[found["entity_id"] == "M001"].iloc[0]
    assert "问题0" in mine["evidence"] and "逾期20天" in mine["evidence"]
    assert mine["sheet"] == "问题与对策"
    assert int(mine["row"]) > 1
