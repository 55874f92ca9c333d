"""Risk managers and loan officers in teams have no customers of their own: nobody waits for their forms."""

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.master_data import owing_forms, owing_nothing
from pipeline.contract.trade import load_profile
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import count_month
from pipeline.figures.known import known_in
from pipeline.figures.missing import missing_table
from pipeline.figures.own_targets import with_own_targets
from pipeline.ledger.board import submissions_board
from pipeline.ledger.manifest import Manifest
from schemas.form import all_forms
from schemas.profile import Profile

JUNE = Month(2024, 6)
ROLES = {"B1": "retail", "B2": "credit", "B3": "risk", "B4": "lending", "B5": None}
TYPES = all_forms()["managers"].dtypes
MANAGERS = (
    pd.DataFrame(
        {"manager_id": list(ROLES), "manager_name": list(ROLES), "region_id": "R1", "role": ROLES.values()}
    )
    .reindex(columns=list(TYPES))
    .astype(TYPES)
)
EXEMPT = ("risk", "lending")
OWING_NOTHING = ("B3", "B4")


def customers(*rows: tuple[str, str, str | None, str | None]) -> pd.DataFrame:
    """Whose each customer is, its status, when it joined and left."""
    names = ["manager_id", "status", "joined_on", "left_on"]
    return pd.DataFrame(list(rows), columns=names).astype(
        {"manager_id": "str", "status": "str", "joined_on": "datetime64[ns]", "left_on": "datetime64[ns]"}
    )


@pytest.mark.parametrize(
    ("rows", "owes"),
    [
        ([], False),
        ([("B1", "active", "2020-01-01", None)], False),
        ([("B6", "active", "2020-01-01", None)], True),
        ([("B6", "active", None, None)], True),
        ([("B6", "active", "2024-07-01", None)], False),  # joins later
        ([("B6", "left", "2020-01-01", "2024-05-31")], False),  # left before
        ([("B6", "left", "2020-01-01", "2024-06-01")], True),  # there on a day of the month
        ([("B6", "left", "2020-01-01", None)], False),
    ],
)
def test_a_product_manager_owes_forms_where_a_customer_is_its_own(rows, owes: bool) -> None:
    managers = pd.concat([MANAGERS, MANAGERS.iloc[:1].assign(manager_id="B6", role="product")], ignore_index=True)
    found = owing_nothing(JUNE, managers, lambda: customers(*rows), load_profile("bank"))
    assert found == ({"B3", "B4"} if owes else {"B3", "B4", "B6"})


def test_customers_are_not_asked_for_where_nobody_is_of_such_a_role() -> None:
    assert owing_nothing(JUNE, MANAGERS, pytest.fail, load_profile("bank")) == {"B3", "B4"}


def test_who_has_no_customers_of_their_own_is_never_missing() -> None:
    known = known_in(JUNE, MANAGERS, {("B1", "visits")}, ["visits"], OWING_NOTHING)
    assert known.missing == {"visits": {"B2", "B5"}}  # a role that is not filled in owes forms
    assert known.in_office == set(ROLES) and known.exempt == {"B3", "B4"}


def test_without_such_roles_everybody_owes_forms() -> None:
    known = known_in(JUNE, MANAGERS, {("B1", "visits")}, ["visits"])
    assert known.missing == {"visits": {"B2", "B3", "B4", "B5"}} and not known.exempt
    assert owing_forms(MANAGERS, ()) is MANAGERS


def test_they_are_not_among_those_of_whom_some_are_missing() -> None:
    known = known_in(JUNE, MANAGERS, {("B1", "visits")}, ["visits"], OWING_NOTHING)
    regions = MANAGERS.set_index("manager_id")["region_id"]
    rows = missing_table(known, regions, {}, ()).set_index("level")
    assert rows.loc["organisation", ["missing", "in_office"]].tolist() == [2, 3]


def test_the_board_waits_for_no_form_of_theirs() -> None:
    changes = {"roles_without_forms": EXEMPT, "monthly_forms": ["visits"], "own_forms": {}}
    profile = Profile.model_validate(load_profile("bank").model_dump() | changes)
    board = submissions_board(JUNE, Manifest(), MANAGERS, profile, exempt=OWING_NOTHING)
    assert board["manager_id"].tolist() == ["B1", "B2", "B5"]


def test_no_target_of_each_manager_is_asked_of_them() -> None:
    changes = {"roles_without_forms": EXEMPT, "targets": {"visits": 20}}
    profile = Profile.model_validate(load_profile("bank").model_dump() | changes)
    figures = [one for one in all_figures(profile) if one.key == "visits"]
    regions = MANAGERS.set_index("manager_id")["region_id"]
    told = with_own_targets(
        JUNE, all_forms()["targets"].empty(), MANAGERS, regions, figures, profile, exempt=OWING_NOTHING
    )
    by_level = told.groupby("level")["target"].sum()
    assert by_level.to_dict() == {"manager": 60, "organisation": 60, "region": 60}


def test_who_owes_nothing_stands_on_the_list_of_credits_all_the_same() -> None:
    """B3, a risk manager, takes a course of four credits; B4, a loan officer, none; B2 has sent nothing: not known."""
    changes = {"roles_without_forms": EXEMPT, "thresholds": {"training_credits": 24}, "monthly_forms": ["visits"]}
    changes |= {"other_forms": ["training"], "subjects": ["training"], "own_forms": {}, "scorecard": {}}
    profile = Profile.model_validate(load_profile("bank").model_dump() | changes)
    form = profile.forms["training"]
    course = {
        "held_on": pd.Timestamp(2024, 6, 3),
        "course": "合规",
        "kind": "online",
        "credits": 4.0,
        "passed": True,
    }
    rows = pd.DataFrame([course]).reindex(columns=list(form.dtypes)).astype(form.dtypes)
    rows = rows.assign(manager_id=pd.array(["B3"], dtype="str"), region_id="R1", source_file="f")
    sent = frozenset({("B1", "visits"), ("B3", "training")})
    facts = Facts(MonthRows(JUNE, {"training": rows}, {"managers": MANAGERS}, sent), {}, profile)
    counts = count_month(facts, [one for one in all_figures(profile) if one.key == "training_progress"])
    told = counts.by_manager.set_index("manager_id")["numerator"] / 10_000
    assert told.to_dict() == {"B1": 0, "B3": 4, "B4": 0}
