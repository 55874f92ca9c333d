"""Cases that go in parts, and rows that count to date, on rows made by hand."""

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.ledger.cases import Cases, cases_as_of, rows_to_date
from schemas.form import all_forms, case_forms, counts_to_date, forms_told_whole

FORMS = all_forms()
DRAFTS, DEALS, CONTRACTS, RECEIPTS = (FORMS[one] for one in ("drafts", "deals", "contracts", "receipts"))
MAY, JUNE, JULY = Month(2024, 5), Month(2024, 6), Month(2024, 7)


def placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with who sent them, and where they stand."""
    return rows.assign(manager_id="M1", source_file="f.xlsx", source_sheet="s", source_row=range(5, 5 + len(rows)))


def rounds(*given: tuple[str, int, str, str, str | None], customer: str = "C1") -> pd.DataFrame:
    """Rounds of (number, round, made on, state, decided on)."""
    return placed(
        pd.DataFrame(
            {
                "draft_no": [one[0] for one in given],
                "round": pd.array([one[1] for one in given], dtype="Int64"),
                "made_on": pd.to_datetime([one[2] for one in given]),
                "state": [one[3] for one in given],
                "decided_on": pd.to_datetime([one[4] for one in given]),
                "customer_id": customer,
            }
        )
    )


def told(cases: Cases) -> list[tuple[str, int, str]]:
    rows = cases.rows_by_case
    return sorted(zip(rows["draft_no"], rows["round"], rows["state"], strict=True))


def test_a_draft_comes_with_all_its_rounds_as_long_as_it_is_open() -> None:
    held = [
        (
            MAY,
            rounds(
                ("W1", 1, "2024-05-02", "revise", "2024-05-09"), ("W2", 1, "2024-05-03", "accepted", "2024-05-04")
            ),
        ),
        (JULY, rounds(("W1", 2, "2024-07-01", "accepted", "2024-07-05"))),
    ]
    assert told(cases_as_of(DRAFTS, JUNE, held)) == [("W1", 1, "revise")]  # sent back, and nobody has begun again
    assert told(cases_as_of(DRAFTS, JULY, held)) == [("W1", 1, "revise"), ("W1", 2, "accepted")]
    assert told(cases_as_of(DRAFTS, Month(2024, 8), held)) == []


def test_the_newest_row_of_a_round_wins_and_leaves_the_other_rounds_alone() -> None:
    held = [
        (MAY, rounds(("W1", 1, "2024-05-02", "revise", "2024-05-09"), ("W1", 2, "2024-05-20", "drafting", None))),
        (JUNE, rounds(("W1", 2, "2024-05-20", "accepted", "2024-06-03"))),
    ]
    assert told(cases_as_of(DRAFTS, JUNE, held)) == [("W1", 1, "revise"), ("W1", 2, "accepted")]
    assert told(cases_as_of(DRAFTS, MAY, held))[1] == ("W1", 2, "drafting")


def test_only_the_newest_round_of_an_open_draft_is_brought_by_the_next_template() -> None:
    case = DRAFTS.traits.case
    rows = rounds(
        ("W1", 1, "2024-05-02", "revise", "2024-05-09"), ("W1", 2, "2024-05-12", "revise", "2024-05-15"),
        ("W2", 1, "2024-05-03", "given_up", None), ("W3", 1, "2024-05-03", "accepted", "2024-05-04"),
    )  # fmt: skip
    assert case is not None
    assert case.is_closed(rows).tolist() == [True, False, True, True]


def test_a_draft_given_up_is_told_in_the_month_of_its_form_alone() -> None:
    held = [
        (MAY, rounds(("W1", 1, "2024-05-02", "drafting", None))),
        (JUNE, rounds(("W1", 1, "2024-05-02", "given_up", None))),
    ]
    assert told(cases_as_of(DRAFTS, JUNE, held)) == [("W1", 1, "given_up")]
    assert told(cases_as_of(DRAFTS, JULY, held)) == []


def test_a_round_of_before_that_nobody_told_and_another_draft_under_the_number_are_left_out() -> None:
    held = [
        (MAY, rounds(("W1", 1, "2024-05-02", "revise", "2024-05-09"))),
        (JUNE, rounds(("W1", 2, "2024-05-20", "drafting", None), ("W9", 1, "2024-06-02", "drafting", None))),
        (JULY, rounds(("W9", 2, "2024-07-02", "drafting", None), customer="C2")),
    ]
    assert [one.rule for one in cases_as_of(DRAFTS, JUNE, held).problems] == ["unknown_case"]
    assert [one.rule for one in cases_as_of(DRAFTS, JULY, held).problems] == ["case_number_taken"]
    day_changed = [*held[:1], (JUNE, rounds(("W1", 1, "2024-05-03", "revise", "2024-05-09")))]
    assert [one.rule for one in cases_as_of(DRAFTS, JUNE, day_changed).problems] == ["case_number_taken"]


def test_a_prospect_that_becomes_a_customer_is_no_other_deal() -> None:
    def deal(customer: str | None, stage: str) -> pd.DataFrame:
        return placed(
            pd.DataFrame(
                {
                    "deal_no": ["L1"], "opened_on": pd.to_datetime(["2024-05-02"]), "stage": [stage],
                    "customer_id": pd.Series([customer], dtype="str"), "closed_on": pd.to_datetime([None]),
                }
            )
        )  # fmt: skip

    held = [(MAY, deal(None, "contact")), (JUNE, deal("C1", "quote")), (JULY, deal("C2", "quote"))]
    assert cases_as_of(DEALS, JUNE, held).problems == ()
    assert [one.rule for one in cases_as_of(DEALS, JULY, held).problems] == ["case_number_taken"]


def contracts(*given: tuple[str, str, str, float]) -> pd.DataFrame:
    """Contracts of (number, signed on, customer, amount)."""
    return placed(
        pd.DataFrame(
            {
                "contract_no": [one[0] for one in given],
                "signed_on": pd.to_datetime([one[1] for one in given]),
                "customer_id": [one[2] for one in given],
                "amount": [one[3] for one in given],
            }
        )
    )


def receipts(*given: tuple[str, str, float]) -> pd.DataFrame:
    """Receipts of (contract, day, amount)."""
    return placed(
        pd.DataFrame(
            {
                "contract_no": [one[0] for one in given],
                "received_on": pd.to_datetime([one[1] for one in given]),
                "amount": [one[2] for one in given],
            }
        )
    )


def test_contracts_are_there_for_ever_and_a_later_row_puts_their_amount_right() -> None:
    held = [
        (MAY, contracts(("H1", "2024-05-03", "C1", 100.0))),
        (JUNE, contracts(("H1", "2024-05-03", "C1", 90.0))),
    ]
    later = cases_as_of(CONTRACTS, Month(2025, 5), held).rows_by_case
    assert later["amount"].tolist() == [90.0]
    assert cases_as_of(CONTRACTS, MAY, held).rows_by_case["amount"].tolist() == [100.0]


def test_receipts_to_date_know_the_customer_of_their_contract_and_tell_where_there_is_none() -> None:
    held = [
        (MAY, receipts(("H1", "2024-05-09", 5.0), ("H8", "2024-05-10", 1.0))),
        (JUNE, receipts(("H1", "2024-06-09", 7.0), ("H9", "2024-06-10", 2.0))),
    ]
    known = [contracts(("H1", "2024-05-03", "C1", 100.0))]
    found = rows_to_date(RECEIPTS, JUNE, held, known)
    assert found.rows_by_case["amount"].tolist() == [5.0, 1.0, 7.0, 2.0]
    assert found.rows_by_case["customer_id"].fillna("").tolist() == ["C1", "", "C1", ""]
    notes = [(one.rule, one.effect, one.cell, one.found) for one in found.problems]
    assert notes == [("unknown_number", "note", "C6", "H9")]  # H8 was told in May
    assert len(rows_to_date(RECEIPTS, MAY, held, known).rows_by_case) == 2


def test_forms_that_a_month_has_more_of_than_its_form_holds() -> None:
    cases = {one.key for one in case_forms(FORMS)}
    assert {one.key for one in forms_told_whole(FORMS)} == {*cases, "receipts", "decisions"}
    assert counts_to_date({"contracts": CONTRACTS}) and counts_to_date({"receipts": RECEIPTS})
    assert not counts_to_date({"drafts": DRAFTS, "deals": DEALS})
    with pytest.raises(TypeError):
        rows_to_date(DEALS, MAY, [], [])
