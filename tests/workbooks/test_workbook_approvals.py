"""What waits for the regional manager, and the course of cases as a timeline."""

import pandas as pd
from report_builder import details_frames, manager_report, region_report

from pipeline.subjects.approvals.tables import approvals_table
from pipeline.subjects.complaints.timeline import timelines, waiting
from pipeline.workbooks.blocks import WorkbookPlan
from pipeline.workbooks.manager import plan_manager
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.view import View

DAY = pd.Timestamp
PRICES = pd.DataFrame(
    {
        "region_id": "R01",
        "manager_id": "M003",
        "customer_id": ["C1", "C1", "C2"],
        "customer_name": ["一店", "一店", "二店"],
        "grade": ["2", "2", "1"],
        "proposed_grade": ["3", "3", "2"],
        "visit_date": [DAY("2024-06-11"), DAY("2024-06-04"), DAY("2024-06-05")],
    }
)


def view(waits: str = "decided") -> View:
    frames = details_frames()
    cases = frames["complaint_cases"]
    frames["complaint_cases"] = cases.assign(waits_for=[waits, *["done"] * (len(cases) - 1)])
    return View(region_report(details={**frames, "downgrade_proposals": PRICES}))


def lines(of: View, kind: str) -> list[tuple[object, ...]]:
    table = approvals_table(of)
    assert table is not None
    return [row for row in table.rows if row[1] == kind]


def test_a_case_waits_there_as_long_as_nobody_has_decided() -> None:
    assert len(lines(view(), "投诉审批")) == 1
    assert lines(view("resolved"), "投诉审批") == []


def test_a_customer_to_be_put_down_stands_once_with_how_often_it_was_seen() -> None:
    told = [(row[0], row[4], row[5].isoformat()) for row in lines(view(), "降级建议")]
    assert told == [
        ("JJ2024-06-C1", "2次走访发现售价低于零售指导价，建议由二级降为三级", "2024-06-04"),
        ("JJ2024-06-C2", "1次走访发现售价低于零售指导价，建议由一级降为二级", "2024-06-05"),
    ]


def test_every_managers_report_waits_and_every_reference_is_one_of_its_own() -> None:
    of = view()
    table = approvals_table(of)
    assert table is not None
    assert len(lines(of, "月报审阅")) == len(of.entities("manager"))
    references = [row[0] for row in table.rows]
    assert len(set(references)) == len(references)


def test_there_is_room_to_decide_by_hand() -> None:
    table = approvals_table(view())
    assert table is not None
    assert [column.key for column in table.columns if column.entry] == ["decision", "decided_on", "remark"]
    assert {row[-3:] for row in table.rows} == {(None, None, None)}


def test_it_is_a_sheet_of_the_regions_workbook_alone() -> None:
    def held(plan: WorkbookPlan) -> set[str]:
        return {key for sheet in plan.sheets for key in (sheet.key, *sheet.holds)}

    assert "approvals" in held(plan_region(region_report()))
    assert "approvals" not in held(plan_manager(manager_report()))


CASE = {
    "received_on": DAY("2024-06-03"),
    "inspected_on": DAY("2024-06-04"),
    "customer_signed_on": DAY("2024-06-05"),
    "returned_qty": 2,
    "decision": "approved",
    "decided_on": DAY("2024-06-06"),
    "action": None,
    "resolved_on": pd.NaT,
    "department": "logistics",
    "waits_for": "resolved",
}


def test_a_case_is_told_step_by_step_with_what_was_brought_back_and_decided() -> None:
    cases = pd.DataFrame([CASE, {**CASE, "waits_for": "done", "customer_confirmed": False}])
    assert timelines(view(), cases)[0] == "受理6.3→查看6.4→客户签字6.5（带回2条）→审批6.6（同意）"
    assert str(timelines(view(), cases)[1]).endswith("→客户不认可")


def test_what_a_case_waits_for_says_whose_turn_it_is() -> None:
    steps = ["resolved", "decided", "inspected", "done"]
    cases = pd.DataFrame([{**CASE, "waits_for": step} for step in steps])
    assert waiting(view(), cases) == ["物流中心办理", "区域市场经理审批", "客户经理现场查看", None]
