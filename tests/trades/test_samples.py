"""Samples 抽查 (trades.md section 3): whose they are, and their figures, by hand."""

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.settings import settings_from
from pipeline.subjects.samples.figures import count, points
from schemas.form import Context, all_forms

JUNE = Month(2024, 6)
PROFILE = settings_from({}).profile
FORM = all_forms()["samples"]


def samples(*rows: dict[str, object]) -> pd.DataFrame:
    """Rows of the form; what is not given is a sampled order of 11 June with 90 points."""
    usual = {"sampled_on": pd.Timestamp("2024-06-11"), "kind": "order", "reference": "W1", "score": 90.0}
    told = [{**usual, **row} for row in rows]
    return pd.DataFrame({name: [row.get(name) for row in told] for name in FORM.dtypes}).astype(FORM.dtypes)


def broken(rows: pd.DataFrame) -> dict[str, list[int]]:
    context = Context(pd.Timestamp("2024-06-01"), pd.Timestamp("2024-06-30"), {}, PROFILE)
    return {rule.key: list(index) for rule, index in FORM.broken_rules(rows, context)}


def test_a_sample_is_of_a_manager_and_a_departments_mark_of_an_engineer():
    assert not broken(samples({"manager_id": "M1"}, {"engineer_id": "E1", "kind": "department"}))


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        ({}, {"whose_manager"}),
        ({"engineer_id": "E1"}, {"whose_manager", "whose_engineer"}),
        ({"manager_id": "M1", "engineer_id": "E1"}, {"whose_engineer"}),
        ({"manager_id": "M1", "kind": "department"}, {"whose_manager", "whose_engineer"}),
        ({"manager_id": "M1", "engineer_id": "E1", "kind": "department"}, {"whose_manager"}),
        ({"kind": "department"}, {"whose_engineer"}),
    ],
)
def test_exactly_the_one_that_fits_the_kind_is_named(row, rules):
    assert broken(samples(row)).keys() == rules


def test_a_code_that_nobody_has_is_told():
    masters = {"managers": pd.DataFrame({"manager_id": ["M1"]}, dtype="str")}
    context = Context(pd.Timestamp("2024-06-01"), pd.Timestamp("2024-06-30"), masters, PROFILE)
    told = {rule.key: list(index) for rule, index in FORM.broken_rules(samples({"manager_id": "M9"}), context)}
    assert told == {"known_manager_id": [0]}


def test_a_sample_of_a_month_before_the_files_own_is_noted():
    rule = FORM.rule("from_its_month_on")
    assert rule is not None
    assert rule.effect == "note"
    assert broken(samples({"manager_id": "M1", "sampled_on": pd.Timestamp("2024-05-31")})) == {rule.key: [0]}


@pytest.mark.parametrize(("score", "fits"), [(0.0, True), (100.0, True), (100.5, False), (-1.0, False)])
def test_a_score_lies_between_0_and_100(score, fits):
    column = FORM.column("score")
    assert (column.least <= score <= column.most) is fits


def facts(rows: pd.DataFrame) -> Facts:
    managers = pd.DataFrame({"manager_id": ["M1", "M2"], "region_id": ["R1", "R1"]}, dtype="str")
    return Facts(MonthRows(JUNE, {}, {"samples": rows, "managers": managers}), {}, PROFILE)


def test_a_months_samples_are_counted_by_manager_and_kind_each_with_its_points():
    known = facts(
        samples(
            {"manager_id": "M1", "score": 90.0},
            {"manager_id": "M1", "score": 80.5},
            {"manager_id": "M1", "kind": "file", "score": 70.0},
            {"manager_id": "M2", "score": 100.0},
            {"manager_id": "M2", "sampled_on": pd.Timestamp("2024-05-31"), "score": 10.0},
            {"engineer_id": "E1", "kind": "department", "score": 20.0},
        )
    )
    assert count(known).to_dict() == {"M1": 3, "M2": 1}
    assert count(known, "order").to_dict() == {"M1": 2, "M2": 1}
    assert points(known, "order").to_dict() == pytest.approx({"M1": 170.5, "M2": 100})
    assert points(known, "file").to_dict() == {"M1": 70}
    assert points(known, "follow_up").empty
