"""Figures of an agency, worked out by hand from rows filled into the real templates: drafts over their rounds, deals at
the month's end, what is outstanding of all contracts to date. `agency_small` says what happens there."""

from pathlib import Path

import pandas as pd
import pytest

MONTHS = ("2024-01", "2024-02", "2024-03", "2024-04", "2024-05")
pytestmark = pytest.mark.slow
Figures = dict[tuple[str, str, str], dict[str, float]]


@pytest.fixture(scope="module")
def home(agency_plain: Path) -> Path:
    return agency_plain


@pytest.fixture(scope="module")
def figures(home: Path) -> Figures:
    """Each row of `metrics.csv` by month, entity and figure."""
    frames = [pd.read_csv(home / "output" / one / "data" / "metrics.csv", encoding="utf-8-sig") for one in MONTHS]
    rows = pd.concat(frames, ignore_index=True).to_dict("records")
    return {(one["month"], one["entity_id"], one["figure"]): one for one in rows}


def value(figures: Figures, month: str, entity: str, figure: str) -> float | None:
    """The value; None where there is none, or no such row."""
    found = figures.get((month, entity, figure), {}).get("value")
    return None if found is None or pd.isna(found) else found


def course(figures: Figures, entity: str, figure: str) -> list[float | None]:
    """The value in each month."""
    return [value(figures, month, entity, figure) for month in MONTHS]


def test_each_round_is_counted_in_the_month_of_its_day(figures) -> None:
    """W1/1, W2/1; W1/2, W3/1; none; W1/3, W4/1; W5/1."""
    assert course(figures, "ALL", "drafts_written") == [2, 2, 0, 2, 1]
    assert course(figures, "ALL", "drafts_shown_superior") == [2, 1, 0, 1, 0]
    assert course(figures, "ALL", "drafts_shown_customers") == [1, 2, 0, 1, 1]


def test_accepted_at_first_showing_is_of_first_rounds_decided_in_the_month(figures) -> None:
    """W1/1 sent back; W1/2 is no first round, W2 was given up, decided by nobody; W3 accepted; W1/3 no first round."""
    assert course(figures, "ALL", "first_acceptance") == [0, None, 100, None, 100]


def test_a_draft_accepted_in_the_third_round_months_later_counts_its_rounds_and_days_from_the_first(
    figures,
) -> None:
    """10 January to 10 April 2024: 91 days; W3 20 February to 2 March: 11."""
    row = figures["2024-04", "ALL", "rounds_to_acceptance"]
    assert (row["value"], row["numerator"], row["denominator"]) == (3, 3, 1)
    assert value(figures, "2024-04", "ALL", "days_to_acceptance") == 91
    assert value(figures, "2024-03", "ALL", "days_to_acceptance") == 11
    assert value(figures, "2024-02", "ALL", "rounds_to_acceptance") is None


def test_a_draft_that_was_sent_back_stays_in_hand_without_a_new_round(figures) -> None:
    """March: W1 stands at 退改 since February; in May W4 of P1. P2 is unknown in April."""
    assert course(figures, "P1", "drafts_open") == [1, 2, 1, 1, 1]
    assert value(figures, "2024-03", "ALL", "drafts_at.revise") == 1
    assert value(figures, "2024-02", "ALL", "drafts_at.given_up") == 1
    assert value(figures, "2024-03", "ALL", "drafts_at.given_up") == 0
    assert value(figures, "2024-03", "P2", "drafts_at.accepted") == 1  # P1's until its customer went to P2


def test_deals_in_talks_stand_with_whoever_has_their_customer_and_who_is_silent_is_unknown(figures) -> None:
    """L1, L2, L3; L1, L2, L4; L1 (P2's now), L2, L5; May: these and L6."""
    assert course(figures, "P1", "deals_open") == [1, 2, 0, 0, 1]
    assert course(figures, "P2", "deals_open") == [2, 1, 3, None, 3]
    assert course(figures, "P2", "small_in_talks") == [1, 0, 2, None, 2]
    assert course(figures, "P2", "prospects_in_talks") == [1, 1, 1, None, 1]


def test_a_deal_taken_up_again_under_a_new_number_was_lost_all_the_same(figures) -> None:
    assert course(figures, "ALL", "deals_lost") == [0, 1, 0, 0, 0]
    assert course(figures, "ALL", "deals_won") == [0, 0, 1, 0, 0]


def test_where_nothing_closed_there_is_no_win_rate(figures) -> None:
    assert course(figures, "ALL", "win_rate") == [None, 0, 100, None, None]


def test_the_pipeline_adds_up_its_stages_and_is_weighted_by_their_odds(figures) -> None:
    """February: L1 8,000 at 25 %, L4 60,000 at 70 %, L2 without an amount."""
    of = {figure: value(figures, "2024-02", "ALL", figure) for _, _, figure in figures if "pipeline" in figure}
    assert of["pipeline"] == 68_000
    assert of["weighted_pipeline"] == 44_000
    assert [of[f"pipeline_at.{one}"] for one in ("contact", "needs", "quote", "negotiation")] == [
        0,
        8_000,
        0,
        60_000,
    ]


def test_what_is_outstanding_is_all_contracts_less_all_receipts_with_who_has_the_customer(figures) -> None:
    """P1: 10,000; 6,000 of H1 and 6,000 of H2; H2 goes to P2, H4 comes: 66,000; and still; H1 paid 500 too much, H4.
    P2: nothing; 3,000; H2 5,000 and H3 3,000; then April is unknown for ever."""
    assert course(figures, "P1", "outstanding") == [10_000, 12_000, 66_000, 66_000, 59_500]
    assert course(figures, "P2", "outstanding") == [0, 3_000, 8_000, None, None]
    assert course(figures, "ALL", "outstanding") == [10_000, 15_000, 74_000, 66_000, 59_500]


def test_past_due_is_what_is_not_paid_of_contracts_whose_day_is_before_the_months_last(figures) -> None:
    """H1 from 15 February on; H2 on 31 March is due that day; H4 on 31 May likewise; H3 has no day."""
    assert course(figures, "ALL", "past_due") == [0, 6_000, 6_000, 6_000, 0]
    assert course(figures, "P2", "past_due") == [0, 0, 0, None, None]


def test_the_receipt_rate_is_of_the_year_to_date_and_the_months_stands_beside_it(figures) -> None:
    """March: 5,000 of 79,000; the month 1,000 of 60,000. May: P1 alone, 10,500 of 70,000."""
    rows = {month: figures[month, "ALL", "receipt_rate"] for month in MONTHS}
    assert [(one["numerator"], one["denominator"]) for one in rows.values()] == [
        (0, 10_000), (4_000, 19_000), (5_000, 79_000), (4_000, 70_000), (10_500, 70_000),
    ]  # fmt: skip
    month = figures["2024-03", "ALL", "receipt_rate_of_month"]
    assert (month["numerator"], month["denominator"]) == (1_000, 60_000)
    assert value(figures, "2024-05", "ALL", "receipt_rate_of_month") is None  # nothing was signed


def test_contracts_and_receipts_count_in_the_month_of_their_day_with_who_sent_them(figures) -> None:
    assert course(figures, "P1", "contract_amount") == [10_000, 6_000, 60_000, 0, 0]
    assert course(figures, "ALL", "receipts") == [0, 4_000, 1_000, 0, 7_200]
    assert course(figures, "P2", "receipts") == [0, 0, 1_000, None, 700]


def test_money_for_a_contract_that_nobody_knows_is_told_and_counted(home, figures) -> None:
    problems = pd.read_csv(home / "output" / "2024-05" / "data" / "problems.csv", encoding="utf-8-sig")
    told = problems[problems["rule"] == "unknown_number"]
    found = told[["manager_id", "form", "cell", "found", "effect"]].to_numpy().tolist()
    assert found == [["P2", "receipts", "C5", "R9", "note"]]
    assert value(figures, "2024-05", "P2", "receipts") == 700
