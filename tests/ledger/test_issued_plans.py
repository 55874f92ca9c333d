"""What is kept of plans that were issued: editions before the week, nothing changed once it has begun."""

import datetime as dt
import json
from pathlib import Path

import pytest

from pipeline.base.calendar import Month
from pipeline.base.errors import YuebaoError
from pipeline.base.week import Week
from pipeline.ledger.issued_plans import (
    IssuedPlan,
    Visit,
    checked_plans,
    issued_stamps,
    issued_visits,
    keep_issued,
    plan_issued,
    read_issued,
)

WEEK = Week.parse("2024-W31")  # Monday 29 July to Sunday 4 August
SUNDAY, MONDAY = dt.date(2024, 7, 28), dt.date(2024, 7, 29)


def visit(day: str, customer: str, turn: int = 1) -> Visit:
    return Visit(day, turn, customer, f"店{customer}", "1")


FIRST = (visit("2024-07-30", "A"), visit("2024-08-01", "B"))
OTHER = (visit("2024-07-30", "A"), visit("2024-08-02", "B"))


def issued(held: IssuedPlan | None, visits: tuple[Visit, ...], today: dt.date) -> tuple[int, str]:
    plan, happened = plan_issued(held, WEEK, "M1", "R1", visits, today)
    return plan.standing.number, happened


def first_plan() -> IssuedPlan:
    return plan_issued(None, WEEK, "M1", "R1", FIRST, SUNDAY)[0]


def test_a_plan_is_issued_once_and_made_again_without_a_change_is_the_same() -> None:
    assert issued(None, FIRST, SUNDAY) == (1, "issued")
    assert issued(first_plan(), FIRST, SUNDAY) == (1, "same")
    another_way = tuple(visit(one.due_on, one.customer_id, turn=7) for one in FIRST)
    assert issued(first_plan(), another_way, SUNDAY) == (1, "same")


def test_a_changed_plan_is_another_edition_before_its_week_and_changes_nothing_once_it_has_begun() -> None:
    assert issued(first_plan(), OTHER, SUNDAY) == (2, "new_edition")
    assert issued(first_plan(), OTHER, MONDAY) == (1, "stands")
    assert issued(first_plan(), (), SUNDAY) == (2, "new_edition")
    assert issued(None, OTHER, dt.date(2024, 8, 20)) == (1, "issued")


def test_all_editions_are_kept_and_the_newest_counts_each_visit_in_its_own_month(tmp_path: Path) -> None:
    keep_issued(tmp_path, plan_issued(first_plan(), WEEK, "M1", "R1", OTHER, SUNDAY)[0])
    plan = read_issued(tmp_path, WEEK, "M1")
    assert plan is not None
    assert [len(one.visits) for one in plan.editions] == [2, 2]
    july, august = (issued_visits(tmp_path, Month(2024, month)) for month in (7, 8))
    assert [(str(one.date()), edition) for one, edition in zip(july["due_on"], july["edition"], strict=True)] == [
        ("2024-07-30", 2)
    ]
    assert august["due_on"].dt.day.tolist() == [2]
    assert issued_visits(tmp_path, Month(2024, 9)).empty
    assert len(issued_stamps(tmp_path, Month(2024, 8))) == 1


def test_managers_whose_codes_differ_in_capitals_alone_have_files_of_their_own(tmp_path: Path) -> None:
    for manager in ("m1", "M1"):
        keep_issued(tmp_path, IssuedPlan(WEEK, manager, first_plan().editions))
    assert len({path.name.casefold() for path, _ in checked_plans(tmp_path)}) == 2


def test_a_plan_that_somebody_altered_is_told_and_never_read(tmp_path: Path) -> None:
    keep_issued(tmp_path, first_plan())
    ((path, is_right),) = checked_plans(tmp_path)
    assert is_right
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["editions"][0]["visits"].pop()
    path.write_text(json.dumps(stored), encoding="utf-8")
    assert [right for _, right in checked_plans(tmp_path)] == [False]
    with pytest.raises(YuebaoError):
        issued_visits(tmp_path, Month(2024, 8))
