"""What the customer service committee looks at (trades.md section 3): a June worked out by hand."""

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.trade import load_profile
from pipeline.subjects.committee.agenda import agenda
from pipeline.subjects.committee.lists import kinds_of_problems, typical_problems

JUNE = Month(2024, 6)
PROFILE = load_profile("power")
SOURCE = {"source_file": "f.xlsx", "source_sheet": "s"}
# Limits in working days: complaint 5, fault 1. The 8th to the 10th of June 2024 is a holiday.
ORDERS = [
    # escalated on the 14th, still open, and overdue (due on the 12th)
    {"complaint_no": "W1", "received_on": "2024-06-04", "customer_id": "K1", "category": "complaint",
     "description": "电压低", "engineer_id": "E1", "escalation": "2", "escalated_on": "2024-06-14",
     "supervision": "限期改造"},
    # escalated, but closed
    {"complaint_no": "W2", "received_on": "2024-06-05", "customer_id": "K2", "category": "complaint",
     "description": "抄表差错", "engineer_id": "E2", "escalation": "1", "escalated_on": "2024-06-06",
     "supervision": "退补", "resolved_on": "2024-06-11"},
    # the same customer and kind again
    {"complaint_no": "W3", "received_on": "2024-06-24", "customer_id": "K2", "category": "complaint",
     "description": "抄表差错", "engineer_id": "E2"},
    # passed on by the engineer's department to another
    {"complaint_no": "W4", "received_on": "2024-06-26", "customer_id": "K3", "category": "complaint",
     "description": "抄表差错", "engineer_id": "E1", "department": "metering"},
    # nothing amiss
    {"complaint_no": "W5", "received_on": "2024-06-27", "customer_id": "K4", "category": "complaint",
     "description": "停电无通知", "engineer_id": "E1"},
]  # fmt: skip
NEEDS = [
    {"need_no": "N1", "raised_on": "2024-06-03", "customer_id": "K3", "topic": "outage", "description": "提前通知",
     "department": "marketing", "prevention": "建立通知群"},
    {"need_no": "N2", "raised_on": "2024-06-04", "customer_id": "K4", "topic": "outage", "description": "短信通知",
     "prevention": "发送短信"},
    {"need_no": "N3", "raised_on": "2024-06-05", "customer_id": "K5", "topic": "outage", "description": "张贴通知",
     "done_on": "2024-06-12", "prevention": "建立通知群"},
    {"need_no": "N4", "raised_on": "2024-06-05", "customer_id": "K5", "topic": "billing", "description": "电价",
     "refused_on": "2024-06-12"},
]  # fmt: skip
ENGINEERS = pd.DataFrame(
    {"engineer_id": ["E1", "E2"], "name": ["赵工", "钱工"], "department": ["distribution", "metering"],
     "level": ["county", "city"]}, dtype="str",
)  # fmt: skip


def frame(form: str, rows: list[dict[str, str]]) -> pd.DataFrame:
    types = PROFILE.forms[form].dtypes
    made = pd.DataFrame({name: [row.get(name) for row in rows] for name in types})
    for name, kind in types.items():
        made[name] = pd.to_datetime(made[name]) if kind.startswith("datetime") else made[name].astype(kind)
    numbers = range(5, 5 + len(rows))
    whose = [row.get("manager_id", "M1") for row in rows]
    return made.assign(manager_id=whose, region_id="B1", **SOURCE, source_row=numbers)


def actions(*rows: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{"topic": "工单", "problem": what, "countermeasure": done, "owner": who} for what, done, who in rows]


def facts(orders=ORDERS, needs=NEEDS, said=(), said_in_may=()) -> Facts:
    masters = {
        "engineers": ENGINEERS,
        "managers": pd.DataFrame({"manager_id": ["M1", "M2"], "region_id": ["B1", "B2"]}, dtype="str"),
        "customers": pd.DataFrame(
            {"customer_id": [f"K{one}" for one in range(1, 6)], "manager_id": "M1",
             "customer_name": [f"{one}号" for one in range(1, 6)]}, dtype="str",
        ),
    }  # fmt: skip
    june = {"complaints": frame("complaints", orders), "needs": frame("needs", needs)}
    may = MonthRows(JUNE + -1, {"actions": frame("actions", list(said_in_may))}, masters)
    return Facts(
        MonthRows(JUNE, {**june, "actions": frame("actions", list(said))}, masters), {JUNE + -1: may}, PROFILE
    )


def listed(known: Facts) -> dict[str, dict[str, object]]:
    return {str(row["number"]): row for row in agenda(known).to_dict("records")}


def test_an_order_is_listed_with_every_reason_that_holds_and_since_the_first():
    rows = listed(facts())
    assert {number: row["reasons"] for number, row in rows.items()} == {
        "W1": "escalated,overdue", "W3": "repeated", "W4": "departments", "N1": "departments",
    }  # fmt: skip
    # W1 was due on the 12th (5 working days after the 4th over the holiday), before it was escalated.
    assert rows["W1"]["since"] == pd.Timestamp("2024-06-12")
    assert rows["W1"]["days_overdue"] == 12  # the 13th to the 28th: 13, 14, 17–21, 24–28
    assert rows["W3"]["times"] == 2


def test_departments_of_all_that_is_open_of_a_customer_are_told_together():
    rows = listed(facts())
    assert rows["W4"]["departments"] == rows["N1"]["departments"] == "distribution,marketing,metering"


def test_who_sees_to_it_is_the_engineer_unless_an_action_names_another():
    rows = listed(facts(said=actions(("W3 抄表差错又来", "更换电表", "孙主任"))))
    assert (rows["W1"]["owner"], rows["W3"]["owner"]) == ("赵工", "孙主任")


def test_the_last_decision_is_that_of_the_newest_action_that_names_the_number():
    rows = listed(
        facts(
            said=actions(("W3抄表差错", "更换电表", "孙主任"), ("与W33无关", "别的", "")),
            said_in_may=actions(("W3", "先核对", "钱工"), ("W4", "联合勘察", "周主任")),
        )
    )
    assert (rows["W3"]["decision"], rows["W3"]["decided"]) == ("更换电表", "2024-06")
    assert (rows["W4"]["decision"], rows["W4"]["decided"], rows["W4"]["owner"]) == (
        "联合勘察",
        "2024-05",
        "周主任",
    )


def test_without_an_action_the_supervision_is_what_was_decided_on_the_day_of_the_escalation():
    row = listed(facts())["W1"]
    assert (row["decision"], row["decided"]) == ("限期改造", "2024-06-14")
    assert pd.isna(listed(facts())["W4"]["decision"])


def test_a_number_within_a_longer_one_is_another_number():
    rows = listed(facts(said=actions(("W33、W3-1 的事", "别的", "谁"))))
    assert pd.isna(rows["W3"]["decision"])


def test_three_needs_of_one_topic_are_a_typical_problem_with_what_they_propose():
    problems = typical_problems(kinds_of_problems(facts())).set_index("category")
    assert problems.loc["outage", "cases"] == 3
    assert problems.loc["outage", "prevention"] == "发送短信；建立通知群"
    assert "billing" not in problems.index


def test_three_orders_of_one_kind_and_text_are_typical_with_the_prevention_of_their_customers_needs():
    problems = typical_problems(kinds_of_problems(facts()))
    row = problems[problems["item"] == "order"].iloc[0]
    assert (row["category"], row["what"], row["cases"]) == ("complaint", "抄表差错", 3)
    assert row["prevention"] == "建立通知群"  # K3's need


def test_two_of_a_kind_are_not_typical():
    problems = typical_problems(kinds_of_problems(facts(ORDERS[1:3], NEEDS[:2])))
    assert problems.empty


def test_typical_problems_are_counted_over_all_regions_together():
    one = kinds_of_problems(facts(ORDERS[1:3], []))
    other = kinds_of_problems(facts([{**ORDERS[3], "manager_id": "M2"}], []))
    together = typical_problems(pd.concat([one, other], ignore_index=True))
    assert together[["cases", "regions"]].to_numpy().tolist() == [[3, 2]]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_does_not_matter(seed):
    def shuffled(rows):
        return pd.Series(rows).sample(frac=1, random_state=seed).tolist()

    columns = ["number", "reasons", "since", "departments", "owner", "decision"]
    plain, other = (
        agenda(one)[columns].sort_values("number", ignore_index=True)
        for one in (facts(), facts(shuffled(ORDERS), shuffled(NEEDS)))
    )
    pd.testing.assert_frame_equal(plain, other)


def test_with_nothing_amiss_the_list_is_empty():
    assert agenda(facts(ORDERS[4:], [])).empty


def test_the_gravest_stand_first():
    """Escalated, then overdue, of several departments, repeated."""
    late = {**ORDERS[4], "complaint_no": "W9", "received_on": "2024-06-11"}
    rows = agenda(facts([*ORDERS, late])).sort_values(["gravity", "since", "item", "number"])
    assert rows["number"].tolist() == ["W1", "W9", "N1", "W4", "W3"]
