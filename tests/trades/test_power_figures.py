"""The figures of a power bureau worked out by hand, each from rows that stand in `power_small`."""

from pathlib import Path

import pandas as pd
import pytest
from properties import metrics_of
from read_outputs import listed

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::UserWarning")]
MONTHS = ("2024-01", "2024-02", "2024-03", "2024-04", "2024-05")
Wanted = tuple[float | None, float | None, float | None]


@pytest.fixture(scope="module")
def home(power_plain: Path) -> Path:
    return power_plain


@pytest.fixture(scope="module")
def metrics(home: Path) -> pd.DataFrame:
    return metrics_of(home, MONTHS)


def told(metrics: pd.DataFrame, month: str, level: str, entity: str, figure: str) -> Wanted:
    """Value (two decimals), numerator, denominator; None where nothing is known."""
    row = metrics.loc[(f"2024-{month}", level, entity, figure)]
    value, *rest = (
        None if pd.isna(row[one]) else float(row[one]) for one in ("value", "numerator", "denominator")
    )
    return (None if value is None else round(value, 2), *rest)


# By month, level, entity and figure.
COMPLAINTS: dict[tuple[str, str, str, str], Wanted] = {
    # One complaint, W1, and 1 + 1,500 + 300 + 1 users: an empty cell is one user.
    ("01", "organisation", "ALL", "complaint_rate"): (0.55, 1, 1802),
    ("01", "region", "A", "complaint_rate"): (0.67, 1, 1501),
    ("01", "manager", "P2", "complaint_rate"): (0.67, 1, 1500),
    ("02", "organisation", "ALL", "complaints"): (0, 0, None),  # W4 is a fault, and no complaint
    ("02", "organisation", "ALL", "orders"): (1, 1, None),
    ("03", "organisation", "ALL", "orders.question"): (1, 1, None),
    ("05", "organisation", "ALL", "complaint_rate"): (1.11, 2, 1802),
    ("05", "station", "T2", "complaint_rate"): (3.32, 1, 301),
}
COURSES: dict[tuple[str, str, str, str], Wanted] = {
    # W1 was due on 17 January; W4, a fault of 9 February, on the next working day: Sunday 18, after the holiday.
    ("01", "organisation", "ALL", "on_time_rate"): (0, 0, 1),
    ("02", "organisation", "ALL", "on_time_rate"): (100, 1, 1),
    ("01", "organisation", "ALL", "overdue_orders"): (1, 1, None),
    ("04", "organisation", "ALL", "overdue_orders"): (0, 0, None),
    ("05", "organisation", "ALL", "overdue_orders"): (1, 1, None),  # W3, due on 14 May: Saturday 11 was worked
    # W1's chain of escalations over the months, each in the month of its day.
    ("01", "organisation", "ALL", "escalated"): (0, 0, None),
    ("02", "organisation", "ALL", "escalated"): (1, 1, None),
    ("03", "organisation", "ALL", "escalated"): (1, 1, None),
    ("04", "organisation", "ALL", "escalated"): (0, 0, None),
    ("03", "organisation", "ALL", "escalated_open"): (1, 1, None),
    ("04", "organisation", "ALL", "escalated_open"): (0, 0, None),
    # W1 took Jan 11-12, 15-19, 22-26, 29-31 (15), Feb 1, 2, 4-9, 18-23, 26-29 (18), March's 21, April 1 and 2.
    ("04", "manager", "P2", "days_to_close"): (30, 60, 2),  # 56 working days of W1, 4 of W2
    # W2 within 90 days of W1's close, W3 of W2's.
    ("04", "organisation", "ALL", "repeat_orders"): (1, 1, None),
    ("05", "organisation", "ALL", "repeat_rate"): (50, 1, 2),
    # Followed up of those closed in the month: W1 of W1 and W2. W2's answer counts in May, when it was given.
    ("04", "organisation", "ALL", "follow_up_rate"): (50, 1, 2),
    ("04", "organisation", "ALL", "satisfied_rate"): (0, 0, 1),
    ("05", "organisation", "ALL", "satisfied_rate"): (100, 1, 1),
    ("03", "organisation", "ALL", "department_rating"): (5, 5, 1),
    ("04", "engineer", "E1", "on_time_rate"): (100, 1, 1),  # W2, due on 26 April
    ("05", "engineer", "E1", "orders"): (2, 2, None),
    ("03", "engineer", "E2", "satisfied_rate"): (100, 1, 1),
}
NEEDS: dict[tuple[str, str, str, str], Wanted] = {
    ("01", "organisation", "ALL", "needs_raised"): (1, 1, None),
    # Of 29 January to 19 February: 30, 31, 1, 2, Sunday 4, 5 to 9, Sunday 18, 19.
    ("02", "manager", "P2", "need_days.reviewed"): (12, 12, 1),
    ("03", "organisation", "ALL", "need_days.reviewed"): (2, 2, 1),
    ("03", "organisation", "ALL", "need_days.reported"): (
        10,
        10,
        1,
    ),  # 20 to 23 and 26 to 29 February, 1 and 4 March
    ("03", "organisation", "ALL", "need_days.published"): (4, 4, 1),
    ("03", "organisation", "ALL", "need_days.received"): (1, 1, 1),
    ("04", "organisation", "ALL", "need_days.done"): (21, 21, 1),  # without 4 to 6 April, with Sunday 7
    ("04", "organisation", "ALL", "needs_closed"): (1, 1, None),
    ("05", "organisation", "ALL", "needs_refused"): (1, 1, None),
    ("05", "organisation", "ALL", "needs_closed"): (1, 1, None),
    ("02", "organisation", "ALL", "needs_open"): (1, 1, None),
    ("03", "organisation", "ALL", "needs_open"): (2, 2, None),
    ("04", "organisation", "ALL", "needs_open"): (0, 0, None),  # of N2 nobody has told
    ("05", "organisation", "ALL", "needs_open"): (1, 1, None),
    ("03", "organisation", "ALL", "needs_per_100"): (25, 1, 4),
    ("03", "organisation", "ALL", "needs_per_1000_users"): (0.55, 1, 1802),
}
ENERGY: dict[tuple[str, str, str, str], Wanted] = {
    ("01", "organisation", "ALL", "energy"): (315_000, 315_000, None),
    ("01", "organisation", "ALL", "revenue"): (186_800, 186_800, None),
    ("01", "organisation", "ALL", "price_per_kwh"): (0.59, 186_800, 315_000),
    ("04", "region", "A", "energy"): (280_000, 280_000, None),  # 5,000 kWh were taken back
    ("03", "organisation", "ALL", "energy.commerce"): (8_000, 8_000, None),
    ("03", "organisation", "ALL", "energy_of_class.2"): (6_000, 6_000, None),
    ("03", "organisation", "ALL", "energy_of_kind.large"): (112_000, 112_000, None),
    ("05", "station", "T1", "energy"): (300_000, 300_000, None),
}


@pytest.mark.parametrize("key", [*COMPLAINTS, *COURSES, *NEEDS, *ENERGY])
def test_a_figure_is_as_worked_out_by_hand(metrics: pd.DataFrame, key: tuple[str, str, str, str]) -> None:
    assert told(metrics, *key) == {**COMPLAINTS, **COURSES, **NEEDS, **ENERGY}[key]


def test_of_a_manager_who_has_not_reported_nothing_is_counted(metrics: pd.DataFrame) -> None:
    april = metrics.loc[("2024-04", "manager", "P3")]
    assert april.loc[["energy", "orders", "needs_open"], "value"].isna().all()
    assert metrics.loc[("2024-04", "organisation", "ALL", "energy"), "missing"] == 1


def test_answers_that_are_alike_all_count_as_users_of_a_community_may_answer_alike(metrics: pd.DataFrame) -> None:
    """Three answers of one day and way, two of them alike: 8, 8 and 5 make 7 of 10."""
    row = metrics.loc[("2024-03", "manager", "P2", "satisfaction")]
    assert (row["value"], row["denominator"]) == (70, 3)


def test_three_orders_of_a_kind_in_a_row_are_told_to_the_province(home: Path) -> None:
    """W2 is the second of its chain, W3 the third."""
    assert [row[:3] for row in listed(home, "2024-04", "detail_orders_repeated")] == [["本局", 2, "W2"]]
    assert [row[:3] for row in listed(home, "2024-05", "detail_orders_repeated")] == [["省公司", 3, "W3"]]
    found = pd.read_csv(home / "output" / "2024-05" / "data" / "findings.csv", encoding="utf-8-sig")
    again = found[(found["rule"] == "order_repeated") & (found["level"] == "organisation")]
    assert again["subject"].tolist() == ["W3"]


def test_a_department_is_told_of_what_it_was_given_and_what_it_passed_on(home: Path) -> None:
    """May: E1 of metering got W3 and W6 and passed W6 on to distribution; W6 was due on the 27th and closed on the 24th
    after 4 working days; W3 is overdue."""
    assert listed(home, "2024-05", "detail_orders_by_department") == [["计量部", 2, 1, 2, 1, 0.5, 4, 1, 1]]


def test_the_review_that_the_leader_filled_in_stands_in_the_managers_list(home: Path) -> None:
    rows = listed(home, "2024-02", "detail_needs_of_month")
    assert [(row[0], row[6]) for row in rows] == [("N1", "已审核，等上报")]


def test_nothing_is_told_of_the_leaders_row_as_a_problem(home: Path) -> None:
    problems = pd.read_csv(home / "output" / "2024-02" / "data" / "problems.csv", encoding="utf-8-sig")
    assert problems.empty


def test_an_engineer_is_told_of_its_orders_its_customers_and_its_rating(home: Path) -> None:
    """April: E1 closed W1 late (due in January) and W2, due on the 26th, in time; W1's customer is not satisfied and
    rated 2. May: W3 and W6 due, W6 in time, W3 overdue; W2's customer is satisfied."""
    april = ["赵工", "计量部", 1, 1, 1, 1, 0, 0, 0, 2]
    assert listed(home, "2024-04", "detail_orders_by_engineer") == [april]
    may = ["赵工", "计量部", 2, 2, 1, 0.5, 1, 1, 1, "—"]
    assert listed(home, "2024-05", "detail_orders_by_engineer") == [may]


def test_a_step_that_another_filled_in_before_the_one_it_follows_is_a_problem(home: Path) -> None:
    """N2 was reviewed on 22 March; the leader says that it was reported on the 21st."""
    problems = pd.read_csv(home / "output" / "2024-05" / "data" / "problems.csv", encoding="utf-8-sig")
    told = problems[["manager_id", "form", "column", "found", "effect", "rule"]].to_numpy().tolist()
    assert told == [["P3", "needs", "上报日期", "N2", "note", "order_of_steps"]]
