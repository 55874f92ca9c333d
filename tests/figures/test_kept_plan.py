"""Plans that were issued against the visits made: week 24 of 2024 (Monday 10 to Sunday 16 June; the 10th is off)."""

import datetime as dt
from typing import Any

import pandas as pd
from month_builder import MonthBuilder

from pipeline.base.calendar import Month
from pipeline.contract.facts import Facts
from pipeline.contract.schedule import PLAN_COLUMNS
from pipeline.contract.trade import load_profile
from pipeline.subjects.visits.kept_plan import plan_by_week, plan_kept, visits_against_plan

JUNE = Month(2024, 6)
Plan = tuple[str, int, str]  # manager, day of June, customer


def issued(*visits: Plan, week: str = "2024-W24") -> pd.DataFrame:
    rows = [
        {"week": week, "manager_id": manager, "region_id": "R1", "due_on": dt.date(2024, 6, day), "turn": 1,
         "customer_id": customer, "customer_name": f"店{customer}", "grade": "1", "edition": 1}
        for manager, day, customer in visits
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(PLAN_COLUMNS)).astype(dict(PLAN_COLUMNS))


def told(month: MonthBuilder, plans: pd.DataFrame) -> pd.DataFrame:
    from dataclasses import replace

    return visits_against_plan(Facts(replace(month.build(), plans=plans), {}, load_profile("tobacco")))


def states(rows: pd.DataFrame) -> list[tuple[Any, ...]]:
    days = [[None if pd.isna(one) else one.day for one in rows[name]] for name in ("due_on", "visit_date")]
    return sorted(zip(rows["customer_id"], rows["plan_state"], *days, strict=True), key=str)


def week() -> MonthBuilder:
    month = MonthBuilder(JUNE, {"M1": "R1", "M2": "R1"})
    for customer in "ABCDE":
        month.customer(customer, "M1")
    return month


def test_planned_visits_are_done_on_their_day_on_another_of_the_week_or_not_and_others_are_unplanned_or_special() -> (
    None
):
    month = week().visit("M1", "A", 11).visit("M1", "B", 16).visit("M1", "D", 12)
    month.visit("M1", "E", 13, visit_kind="special").visit("M1", "C", 17)  # a week late
    rows = told(month, issued(("M1", 11, "A"), ("M1", 12, "B"), ("M1", 13, "C")))
    assert states(rows) == [
        ("A", "on_day", 11, 11), ("B", "other_day", 12, 16), ("C", "not_done", 13, None),
        ("D", "unplanned", None, 12), ("E", "special", None, 13),
    ]  # fmt: skip
    (sums,) = plan_kept(rows).to_dict("records")
    assert sums == {
        "entity_id": "M1", "planned": 3, "on_day": 1, "other_day": 1, "not_done": 1, "unknown": 0, "unplanned": 1,
        "special": 1,
    }  # fmt: skip


def test_each_visit_counts_once_also_where_a_customer_is_visited_twice() -> None:
    month = week().visit("M1", "A", 13, arrived_at=600).visit("M1", "A", 11, arrived_at=600)
    rows = told(month, issued(("M1", 11, "A")))
    assert states(rows) == [("A", "on_day", 11, 11), ("A", "unplanned", None, 13)]
    assert rows["source_row"].dropna().nunique() == len(month.rows["visits"])


def test_a_special_visit_does_no_planned_one() -> None:
    """A was seen on its day for a reason of its own, and as planned two days later; B only for a reason of its own."""
    month = week().visit("M1", "A", 11, visit_kind="special").visit("M1", "A", 13)
    month.visit("M1", "B", 11, visit_kind="special")
    rows = told(month, issued(("M1", 11, "A"), ("M1", 11, "B")))
    assert states(rows) == [
        ("A", "other_day", 11, 13), ("A", "special", None, 11), ("B", "not_done", 11, None), ("B", "special", None, 11),
    ]  # fmt: skip


def test_a_visit_by_another_manager_is_not_the_planned_one() -> None:
    rows = told(week().visit("M2", "A", 11), issued(("M1", 11, "A")))
    assert states(rows) == [("A", "not_done", 11, None)]


def test_what_a_manager_who_has_not_reported_has_done_is_unknown() -> None:
    month = week().add("managers", manager_id="M1", manager_name="一", region_id="R1")
    month.add("managers", manager_id="M2", manager_name="二", region_id="R1").visit("M2", "D", 12)
    month.sent = frozenset({("M2", "visits")})
    rows = told(month, issued(("M1", 11, "A"), ("M2", 12, "D")))
    assert states(rows) == [("A", "unknown", 11, None), ("D", "on_day", 12, 12)]


def test_a_region_comes_before_its_managers_and_weeks_stand_by_themselves() -> None:
    plans = pd.concat([issued(("M1", 11, "A"), ("M2", 11, "D")), issued(("M1", 18, "B"), week="2024-W25")])
    rows = told(week().visit("M1", "A", 11).visit("M1", "B", 20), plans.reset_index(drop=True))
    kept = plan_kept(rows).set_index("entity_id")[["planned", "on_day", "other_day", "not_done"]]
    assert kept.to_dict("split")["data"] == [[3, 1, 1, 1], [2, 1, 1, 0], [1, 0, 0, 1]]
    assert list(kept.index) == ["R1", "M1", "M2"]
    assert plan_by_week(rows)[["week", "planned", "on_day"]].to_dict("split")["data"] == [
        ["2024-W24", 2, 1], ["2024-W25", 1, 0],
    ]  # fmt: skip


def test_the_whole_company_comes_before_its_regions() -> None:
    rows = pd.DataFrame(
        {
            "region_id": ["R1", "R2"],
            "manager_id": ["M1", "M3"],
            "week": "2024-W24",
            "plan_state": ["on_day", "not_done"],
        }
    )
    assert plan_kept(rows)["entity_id"].tolist() == ["ALL", "R1", "R2"]


def test_without_an_issued_plan_there_is_nothing_to_tell() -> None:
    month = week().visit("M1", "A", 11)
    assert told(month, pd.DataFrame()).empty
    assert plan_kept(told(month, pd.DataFrame())).empty
