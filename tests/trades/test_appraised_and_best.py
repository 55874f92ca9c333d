"""Who is appraised in a period, who is best, what stands beside an engineer's score (trades.md section 3), by hand."""

from collections.abc import Mapping

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.contract.settings import settings_from
from pipeline.contract.tellings import Known
from pipeline.subjects.appraisals.tellings import best_appraised, engineers_appraised, managers_appraised
from schemas.form import all_forms

Q2 = Period.parse("2024-Q2")
PROFILE = settings_from(
    {
        "profile": {
            "appraisals": {
                "manager": {"best": 2, "parts": {"only": {"figure": "satisfaction", "weight": 1, "least": 3}}},
                "engineer": {"parts": {"only": {"figure": "on_time_rate", "weight": 1, "least": 2}}},
            }
        }
    }
).profile
# By manager: its region, value and how many stand behind it.
SCORES = {
    "A1": ("A", 80.0, 9), "A2": ("A", 90.0, 9), "A3": ("A", 85.0, 9), "A4": ("A", 85.0, 9), "A5": ("A", 99.0, 2),
    "B1": ("B", 70.0, 9),
}  # fmt: skip


def metrics(level: str, rows: Mapping[str, tuple[float, float]], figure: str) -> pd.DataFrame:
    return pd.DataFrame(
        [(level, code, figure, value, value * n, float(n)) for code, (value, n) in rows.items()],
        columns=["level", "entity_id", "figure", "value", "numerator", "denominator"],
    )


def managers(**days: tuple[str | None, str | None]) -> pd.DataFrame:
    """The master data: everybody from 2020 on, but for those of whom days are given (first, last)."""
    told = {code: days.get(code, ("2020-01-01", None)) for code in SCORES}
    frame = pd.DataFrame({"manager_id": list(told), "region_id": [SCORES[code][0] for code in told]}, dtype="str")
    first, last = (
        [pd.Timestamp(one[place]) if one[place] else pd.NaT for one in told.values()] for place in (0, 1)
    )
    return frame.assign(started_on=pd.to_datetime(first), left_on=pd.to_datetime(last))


def known(
    period: Period = Q2,
    reported: frozenset[str] = frozenset(SCORES),
    office: pd.DataFrame | None = None,
    engineers: Mapping[str, tuple[float, float]] | None = None,
    homes_of_engineers: tuple[tuple[str, str], ...] = (),
    samples: pd.DataFrame | None = None,
) -> Known:
    rows = managers() if office is None else office
    of_managers = metrics("manager", {code: (value, n) for code, (_, value, n) in SCORES.items()}, "satisfaction")
    every = pd.concat([of_managers, metrics("engineer", engineers or {}, "on_time_rate")], ignore_index=True)
    within = pd.DataFrame(
        [(region, "engineer", code, "on_time_rate", 1.0, 1.0) for region, code in homes_of_engineers],
        columns=["region_id", "level", "entity_id", "figure", "numerator", "denominator"],
    )
    masters = {("managers", one): rows for one in period}
    if samples is not None:
        masters |= {("samples", one): samples for one in period}
    homes = pd.Series({code: SCORES[code][0] for code in SCORES}, dtype="str")
    return Known(period, every, homes, reported, dict.fromkeys(period, within), masters, (), PROFILE)


def named(rows: pd.DataFrame) -> list[tuple[str, int]]:
    return list(zip(rows["entity_id"], rows["place"], strict=True))


def test_the_two_best_of_each_region_are_named_with_all_who_share_the_second_place():
    assert named(best_appraised(known())) == [("A2", 1), ("A3", 2), ("A4", 2), ("B1", 1)]


def test_who_has_no_score_is_not_among_them_however_high_its_value():
    assert "A5" not in set(best_appraised(known())["entity_id"])  # 99, on two answers of three


@pytest.mark.parametrize("days", [("2024-04-02", None), ("2020-01-01", "2024-06-29"), ("2024-05-10", None)])
def test_who_was_not_in_office_from_the_first_day_to_the_last_is_not_among_them(days):
    rows = best_appraised(known(office=managers(A2=days)))
    assert named(rows)[:2] == [("A3", 1), ("A4", 1)]
    assert (
        managers_appraised(known(office=managers(A2=days)))["appraised_id"].tolist()[1] == "A2"
    )  # but it is scored


def test_who_came_on_the_first_day_and_left_on_the_last_was_there_throughout():
    assert named(best_appraised(known(office=managers(A2=("2024-04-01", "2024-06-30")))))[0] == ("A2", 1)


def test_who_owes_a_report_of_the_period_is_not_among_them():
    rows = best_appraised(known(reported=frozenset(SCORES) - {"A2"}))
    assert named(rows) == [("A3", 1), ("A4", 1), ("B1", 1)]


def test_a_manager_who_left_before_the_period_is_not_appraised():
    rows = managers_appraised(known(office=managers(B1=("2020-01-01", "2024-03-31"))))
    assert "B1" not in set(rows["appraised_id"])


def test_nobody_is_appraised_in_a_half_year_where_only_quarters_and_years_are_named():
    half = known(Period.parse("2024-H1"))
    assert managers_appraised(half).empty
    assert best_appraised(half).empty


def test_each_manager_sees_its_own_row():
    rows = managers_appraised(known())
    assert set(rows["level"]) == {"manager"}
    assert (rows["entity_id"] == rows["appraised_id"]).all()


def marks(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Days, engineers and scores of department's marks."""
    form = all_forms()["samples"]
    told = [
        {
            "sampled_on": pd.Timestamp(day),
            "engineer_id": code,
            "kind": "department",
            "reference": "Q2",
            "score": score,
        }
        for day, code, score in rows
    ]
    return pd.DataFrame({name: [row.get(name) for row in told] for name in form.dtypes}).astype(form.dtypes)


def test_what_the_own_department_gave_stands_beside_and_changes_no_score():
    given = marks(("2024-04-10", "E1", 92.0), ("2024-06-20", "E1", 89.0), ("2024-07-01", "E1", 10.0))
    with_marks = engineers_appraised(known(engineers={"E1": (60.0, 5)}, samples=given)).iloc[0]
    without = engineers_appraised(known(engineers={"E1": (60.0, 5)})).iloc[0]
    assert (with_marks["score"], without["score"]) == (60, 60)
    assert (with_marks["department_points"], with_marks["marks"]) == (90.5, 2)
    assert pd.isna(without["department_points"])
    assert without["marks"] == 0


def test_an_engineer_with_marks_alone_is_listed_without_a_score():
    rows = engineers_appraised(known(samples=marks(("2024-06-20", "E9", 92.0))))
    assert rows["appraised_id"].tolist() == ["E9"]
    assert rows["score"].isna().all()


def test_a_region_sees_an_engineer_only_if_all_of_its_work_was_there():
    rows = engineers_appraised(
        known(
            engineers={"E1": (60.0, 5), "E2": (70.0, 5)},
            homes_of_engineers=(("A", "E1"), ("A", "E2"), ("B", "E2")),
        )
    )
    seen = {
        (level, entity): set(own["appraised_id"]) for (level, entity), own in rows.groupby(["level", "entity_id"])
    }
    assert seen == {("organisation", "ALL"): {"E1", "E2"}, ("region", "A"): {"E1"}}


def test_months_of_a_quarter_that_nobody_knows_are_no_reason_against_the_others():
    june = known()
    only_june = Known(
        june.period, june.metrics, june.homes, june.reported, {Month(2024, 6): june.values[Month(2024, 6)]},
        june.masters, (), PROFILE,
    )  # fmt: skip
    assert named(best_appraised(only_june))[0] == ("A2", 1)
