"""What managers set out to do and have not done in time."""

import pandas as pd
import pytest
from findings_of_month import Seen, seen
from month_builder import MonthBuilder

from pipeline.base.calendar import Month
from pipeline.month.open_actions import open_actions
from schemas.form import Carried

CARRIED = Carried(("topic", "problem"), "status", "done")

JUNE, MAY, APRIL = (Month(2024, number) for number in (6, 5, 4))


def month(one: Month, *actions: tuple[str, str, str | None, str]) -> MonthBuilder:
    """Actions as manager, problem, due day, state."""
    builder = MonthBuilder(one)
    for manager, problem, due, status in actions:
        builder.add("actions", manager_id=manager, topic="货源", problem=problem, countermeasure="按级别分配",
                    due_on=due, status=status, owner="王五" if manager == "M1" else None)  # fmt: skip
    return builder


def found(now: MonthBuilder, *others: MonthBuilder, **changes: object) -> Seen:
    """With the actions carried over as the report does it."""
    carried = [(one.month, one.build().rows["actions"]) for one in (*others, now)]
    return seen(now, *others, only=(), open_actions=open_actions(now.month, carried, CARRIED), **changes)


@pytest.mark.parametrize(
    "due, status, told",
    [
        ("2024-06-29", "not_started", True),  # one day before the month's last
        ("2024-06-30", "not_started", False),  # still in time on that day
        ("2024-06-29", "in_progress", True),
        ("2024-06-29", "done", False),
        ("2024-07-15", "not_started", False),
        (None, "not_started", False),
    ],
)
def test_an_action_not_done_is_told_from_the_day_after_it_was_due(
    due: str | None, status: str, told: bool
) -> None:
    assert bool(found(month(JUNE, ("M1", "缺货", due, status))).of("overdue_action", "M1")) is told


def test_an_action_carried_over_says_since_when_who_has_it_and_where_it_stands() -> None:
    april = month(APRIL, ("M1", "缺货", "2024-05-20", "not_started"), ("M1", "窜货", "2024-05-01", "not_started"))
    june = month(JUNE, ("M1", "窜货", "2024-05-01", "done"), ("M2", "价签", "2024-06-20", "in_progress"))
    got = found(june, april)
    # 20 May to 30 June: 41 days; reported in April, two months ago
    assert got.text("overdue_action", "M1") == (
        "甲填报的问题“缺货”，对策应于5月20日完成，至月末已逾期41天，责任人王五，已结转2个月。"
    )
    assert got.text("overdue_action", "M1", language="en") == (
        '甲: what was to be done about "缺货" was due on 2024-05-20 and is 41 days late at the month\'s end, '
        "owner 王五, carried over for 2 months."
    )
    finding = got.of("overdue_action", "M1")[0]
    assert (finding.file, finding.sheet, finding.row) == ("M1.xlsx", "actions", 4)
    assert got.text("overdue_action", "M2") == "乙填报的问题“价签”，对策应于6月20日完成，至月末已逾期10天。"


def test_each_sees_its_own_overdue_actions_the_longest_first() -> None:
    got = found(month(JUNE, ("M1", "甲", "2024-06-20", "not_started"), ("M2", "乙", "2024-06-10", "not_started"),
                      ("M3", "丙", "2024-06-01", "not_started")))  # fmt: skip
    told = {
        entity: [finding.values["problem"] for finding in got.of("overdue_action", entity)]
        for entity in ("ALL", "R1", "R2", "M1", "M2", "M3")
    }
    assert told == {
        "ALL": ["丙", "乙", "甲"], "R1": ["乙", "甲"], "R2": ["丙"], "M1": ["甲"], "M2": ["乙"], "M3": ["丙"],
    }  # fmt: skip


def test_the_profile_may_allow_some_days() -> None:
    one = month(JUNE, ("M1", "甲", "2024-06-20", "not_started"), ("M1", "乙", "2024-06-21", "not_started"))
    got = found(one, thresholds={"action_days_overdue": 10})
    assert [finding.values["problem"] for finding in got.of("overdue_action")] == ["甲"]


def test_without_the_form_nothing_is_overdue() -> None:
    assert not seen(MonthBuilder(JUNE), only=()).of("overdue_action", "ALL")
    none = pd.DataFrame(columns=["manager_id", "region_id", "due_on"])
    assert not seen(MonthBuilder(JUNE), only=(), open_actions=none).of("overdue_action", "ALL")
