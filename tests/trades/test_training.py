"""Training: courses, credits, and credits against what the year asks so far, worked out by hand."""

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.settings import settings_from
from pipeline.contract.trade import load_profile
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import count_month
from pipeline.figures.metrics import metrics_of_month
from pipeline.subjects.training.figures import credits, credits_asked, sessions
from schemas.form import Context, all_forms
from schemas.profile import Profile

FORM = all_forms()["training"]
MAY, JUNE = Month(2024, 5), Month(2024, 6)
GIVEN = {
    "master_forms": ["regions", "managers", "customers"], "monthly_forms": ["visits"], "other_forms": ["training"],
    "subjects": ["training"], "scorecard": {}, "thresholds": {"training_credits": 24},
}  # fmt: skip


@pytest.fixture(scope="module")
def profile() -> Profile:
    return settings_from({"profile": GIVEN}).profile


def rows(*given: tuple[str, str, float, bool | None]) -> pd.DataFrame:
    """Rows of (manager, day, credits, passed)."""
    frame = pd.DataFrame(
        {
            "held_on": pd.to_datetime([one[1] for one in given]),
            "course": [f"课{number}" for number in range(len(given))],
            "subject": "marketing",
            "kind": "online",
            "credits": [one[2] for one in given],
            "passed": [one[3] for one in given],
        }
    ).astype(FORM.dtypes)
    source = {"region_id": "R1", "source_file": "f.xlsx", "source_sheet": "培训", "source_row": 5}
    return frame.assign(manager_id=pd.array([one[0] for one in given], dtype="str"), **source)


def facts(
    profile: Profile, month: Month, taken: pd.DataFrame, silent: str = "", **managers: list[object]
) -> Facts:
    """Everybody has sent the form that is owed, but for the one who is `silent`."""
    office = {"manager_id": ["M1", "M2"], "manager_name": ["甲", "乙"], "region_id": ["R1", "R1"],
              "started_on": [pd.NaT, pd.NaT], "left_on": [pd.NaT, pd.NaT], **managers}  # fmt: skip
    sent = frozenset({(one, "visits") for one in ("M1", "M2") if one != silent})
    return Facts(MonthRows(month, {"training": taken}, {"managers": pd.DataFrame(office)}, sent), {}, profile)


TAKEN = rows(
    ("M1", "2024-06-03", 4, True),
    ("M1", "2024-06-10", 2, None),  # nothing said: it counts
    ("M1", "2024-06-20", 3, False),  # not passed: a session, but no credits
)


def test_a_course_not_passed_is_a_session_without_credits(profile: Profile) -> None:
    seen = facts(profile, JUNE, TAKEN)
    assert (sessions(seen).to_dict(), credits(seen).to_dict()) == ({"M1": 3}, {"M1": 6})


def test_credits_are_asked_by_the_days_in_office(profile: Profile) -> None:
    """June has 30 of 366 days: 24 × 30 ÷ 366; M2 began on the 16th: 15 of them."""
    seen = facts(profile, JUNE, TAKEN, started_on=[pd.NaT, pd.Timestamp(2024, 6, 16)])
    asked = credits_asked(seen)
    assert asked["M1"] == pytest.approx(24 * 30 / 366) and asked["M2"] == pytest.approx(24 * 15 / 366)


def test_over_the_year_credits_stand_against_the_target_by_days_gone(profile: Profile) -> None:
    """M1: 2 in May and 6 in June = 8; by 30 June 24 × 182 ÷ 366 = 11.93 are asked, the months before May among them
    though nothing is known of them: 67.03 %. M2 took none and nobody owes the form: 0 %."""
    figures = all_figures(profile)
    months = {MAY: rows(("M1", "2024-05-03", 2, True)), JUNE: TAKEN}
    counts = {month: count_month(facts(profile, month, taken), figures) for month, taken in months.items()}
    targets = pd.DataFrame(columns=["month", "level", "entity_id", "metric", "target"])
    found = metrics_of_month(JUNE, counts, targets, figures, profile).set_index(["level", "entity_id", "figure"])
    own = found.loc[("manager", "M1", "training_progress")]
    assert (own["numerator"], own["denominator"]) == (6, pytest.approx(24 * 30 / 366, abs=1e-4))
    assert own["ytd"] == pytest.approx(100 * 8 / (24 * 182 / 366), rel=1e-4)
    assert found.loc[("manager", "M2", "training_progress"), "ytd"] == 0
    assert found.loc[("organisation", "ALL", "training_progress"), "ytd"] == pytest.approx(
        100 * 8 / (2 * 24 * 182 / 366), rel=1e-4
    )
    assert found.loc[("manager", "M1", "training_credits"), "ytd"] == 8


def test_of_a_manager_who_sends_nothing_at_all_it_is_not_known_that_it_took_no_course(profile: Profile) -> None:
    figures = all_figures(profile)
    counted = count_month(facts(profile, JUNE, TAKEN, silent="M2"), figures).by_manager
    assert set(counted["manager_id"]) == {"M1"}


def test_a_course_lies_in_the_month_of_its_form(profile: Profile) -> None:
    context = Context(pd.Timestamp(2024, 6, 1), pd.Timestamp(2024, 6, 30), {}, profile)
    wrong = rows(("M1", "2024-05-31", 4, True))
    assert [rule.key for rule, _ in FORM.broken_rules(wrong, context)] == ["month_held_on"]


def test_the_first_trade_may_be_told_of_training_and_owes_none() -> None:
    tobacco = load_profile("tobacco")
    assert "training" in tobacco.forms and "training" not in tobacco.monthly_forms
    assert [one.key for one in all_figures(tobacco) if one.subject == "training"] == [
        "training_sessions",
        "training_credits",
        "training_progress",
    ]
