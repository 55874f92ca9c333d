"""Customers' files: complete or not, looked over or not, what changed; joined and left by one side only."""

import pandas as pd
import pytest
from test_promotions import frame

from pipeline.base.calendar import Month
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.settings import settings_from
from pipeline.figures.catalogue import all_figures
from pipeline.subjects.files.differences import enrolment_differences
from pipeline.subjects.files.figures import filled, incomplete, old, required
from pipeline.subjects.files.lists import files_incomplete, files_not_checked
from pipeline.subjects.files.state import file_changes

JUNE = Month(2024, 6)
PROFILE = settings_from({"profile": {"file_fields": ["grade", "phone"]}}).profile


def month(when: Month, *customers: dict[str, object], told: tuple[dict[str, object], ...] = (), silent: str = ""):
    named = [
        {"customer_name": one["customer_id"], "manager_id": "M1", "status": "active", **one} for one in customers
    ]
    masters = {
        "customers": frame("customers", named),
        "managers": frame(
            "managers", [{"manager_id": one, "manager_name": one, "region_id": "R1"} for one in ("M1", "M2")]
        ),
    }
    sent = frozenset((one, "sales") for one in ("M1", "M2") if one != silent)
    return MonthRows(when, {"enrolments": frame("enrolments", list(told))}, masters, sent)


def facts(now: MonthRows, before: MonthRows | None = None) -> Facts:
    return Facts(now, {} if before is None else {JUNE + -1: before}, PROFILE)


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def test_completeness_counts_required_fields_of_those_there_at_the_months_end() -> None:
    """A has both, B one, C none; D left in June, E joins in July: neither is there."""
    one = facts(
        month(
            JUNE,
            {"customer_id": "A", "grade": "1", "phone": "0571"},
            {"customer_id": "B", "grade": "2", "phone": " "},
            {"customer_id": "C", "manager_id": "M2"},
            {"customer_id": "D", "left_on": day("2024-06-30"), "status": "left"},
            {"customer_id": "E", "joined_on": day("2024-07-01")},
        )
    )
    assert (filled(one).to_dict(), required(one).to_dict()) == ({"M1": 3, "M2": 0}, {"M1": 4, "M2": 2})
    assert incomplete(one).to_dict() == {"M1": 1, "M2": 1}
    listed = files_incomplete(one).set_index("customer_id")["reasons"].to_dict()
    assert listed == {"B": "file_phone", "C": "file_grade,file_phone"}


def test_a_trade_that_requires_no_fields_has_no_such_figures() -> None:
    plain = settings_from({"profile": {"file_fields": []}}).profile
    assert not [one for one in all_figures(plain) if one.subject == "files"]


def test_twelve_months_after_it_was_looked_over_or_joined_a_file_is_old() -> None:
    """On 30 June 2024 the day twelve months before is 30 June 2023: that one is in time, the day before is not."""
    one = facts(
        month(
            JUNE,
            {"customer_id": "A", "file_checked_on": day("2023-06-30")},
            {"customer_id": "B", "file_checked_on": day("2023-06-29")},
            {"customer_id": "C", "joined_on": day("2024-01-15")},  # looked over when it joined
            {"customer_id": "D", "file_checked_on": day("2022-01-01"), "joined_on": day("2024-01-15")},
            {"customer_id": "E", "manager_id": "M2"},  # nobody knows
        )
    )
    assert sorted(files_not_checked(one)["customer_id"]) == ["B", "E"]
    assert old(one).to_dict() == {"M1": 1, "M2": 1}


def test_where_nobody_tells_when_files_were_looked_over_nothing_is_known() -> None:
    assert old(facts(month(JUNE, {"customer_id": "A", "joined_on": day("2019-01-01")}))).empty


def test_what_changed_is_told_field_by_field_and_empty_is_no_change() -> None:
    before = month(
        JUNE + -1, {"customer_id": "A", "grade": "1", "phone": None}, {"customer_id": "B", "manager_id": "M2"}
    )
    now = month(
        JUNE,
        {"customer_id": "A", "grade": "2", "phone": None, "joined_on": day("2019-05-06")},
        {"customer_id": "B", "manager_id": "M1"},
        {"customer_id": "N"},  # new: nothing to compare with
    )
    told = file_changes(facts(now, before)).fillna("")
    assert sorted(told[["customer_id", "field", "value_before", "value_after"]].values.tolist()) == [
        ["A", "grade", "1", "2"],
        ["A", "joined_on", "", "2019-05-06"],
        ["B", "manager_id", "M2", "M1"],
    ]
    assert file_changes(facts(now)).empty


def enrolment(customer: str, kind: str, on: str) -> dict[str, object]:
    return {"customer_id": customer, "kind": kind, "effective_on": day(on), "manager_id": "M1"}


JOINED = {"joined_on": day("2024-06-10")}


@pytest.mark.parametrize(
    ("customer", "told", "difference"),
    [
        (JOINED, (enrolment("A", "join", "2024-06-10"),), []),
        (JOINED, (enrolment("A", "join", "2024-06-11"),), ["other_day"]),
        (JOINED, (enrolment("B", "pause", "2024-06-11"),), ["not_in_form"]),
        ({}, (enrolment("A", "leave", "2024-06-11"),), ["not_in_master"]),
        ({"left_on": day("2024-06-20"), "status": "left"}, (enrolment("A", "leave", "2024-06-20"),), []),
        (JOINED, (), []),  # nobody tells of any: the form is not used
    ],
)
def test_who_joined_or_left_by_one_side_only_is_listed(customer, told, difference) -> None:
    one = facts(month(JUNE, {"customer_id": "A", **customer}, {"customer_id": "B"}, told=told))
    assert enrolment_differences(one)["difference"].tolist() == difference


def test_a_manager_who_has_not_reported_told_of_nothing_that_could_be_missed() -> None:
    told = ({**enrolment("B", "leave", "2024-06-03"), "manager_id": "M2"},)
    one = month(
        JUNE, {"customer_id": "A", **JOINED}, {"customer_id": "B", "manager_id": "M2"}, told=told, silent="M1"
    )
    assert enrolment_differences(facts(one))["customer_id"].tolist() == ["B"]
