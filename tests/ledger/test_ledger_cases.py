"""Complaint cases over the months, on rows made by hand."""

import dataclasses

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.ledger.cases import case_of, cases_as_of
from schemas.form import Case, Traits, all_forms

COMPLAINTS = all_forms()["complaints"]
MAY, JUNE, JULY = Month(2024, 5), Month(2024, 6), Month(2024, 7)


def rows(*cases: tuple[str, str, str | None], customer: str = "C1") -> pd.DataFrame:
    """Rows of (number, received on, resolved on)."""
    return pd.DataFrame(
        {
            "complaint_no": [one[0] for one in cases],
            "received_on": pd.to_datetime([one[1] for one in cases]),
            "resolved_on": pd.to_datetime([one[2] for one in cases]),
            "customer_id": customer,
            "manager_id": "M1",
            "source_file": "f.xlsx",
            "source_sheet": "投诉",
            "source_row": range(5, 5 + len(cases)),
        }
    )


def numbers(cases: pd.DataFrame) -> list[str]:
    return sorted(cases["complaint_no"])


def test_the_newest_row_of_a_case_wins_and_months_before_keep_what_they_knew() -> None:
    held = [(JUNE, rows(("N1", "2024-05-20", "2024-06-03"))), (MAY, rows(("N1", "2024-05-20", None)))]
    assert cases_as_of(COMPLAINTS, JUNE, held).rows_by_case["resolved_on"].iloc[0] == pd.Timestamp(2024, 6, 3)
    assert cases_as_of(COMPLAINTS, MAY, held).rows_by_case["resolved_on"].isna().all()


def test_a_case_stays_until_the_month_in_which_it_was_closed() -> None:
    held = [(MAY, rows(("N1", "2024-05-20", None), ("N2", "2024-05-21", "2024-05-22")))]
    held.append((JUNE, rows(("N1", "2024-05-20", "2024-06-03"), ("N3", "2024-06-08", None))))
    june = cases_as_of(COMPLAINTS, JUNE, held).rows_by_case
    assert (numbers(june), june.index.tolist()) == (["N1", "N3"], [0, 1])
    assert list(june.columns) == list(rows().columns)  # and no column of an old index
    assert numbers(cases_as_of(COMPLAINTS, JULY, held).rows_by_case) == ["N3"]


def test_a_case_received_earlier_that_no_month_knows_is_left_out_and_said() -> None:
    held = [(MAY, rows(("N1", "2024-05-20", None))), (JUNE, rows(("N9", "2024-05-21", None)))]
    cases = cases_as_of(COMPLAINTS, JUNE, held)
    assert numbers(cases.rows_by_case) == ["N1"]
    assert [(one.rule, one.cell, one.found) for one in cases.problems] == [("unknown_case", "A5", "N9")]


def test_rows_of_the_first_month_of_all_are_taken_on_trust() -> None:
    cases = cases_as_of(COMPLAINTS, MAY, [(MAY, rows(("N1", "2024-03-20", None)))])
    assert numbers(cases.rows_by_case) == ["N1"]
    assert sorted(cases.rows_by_case) == sorted(rows())  # nothing but the form's columns and whence the row came
    assert cases.problems == ()


def test_a_number_that_belongs_to_another_case_is_left_out_and_the_case_stays_as_it_was() -> None:
    held = [
        (MAY, rows(("N1", "2024-05-20", None))),
        (JUNE, rows(("N1", "2024-06-02", "2024-06-03"), customer="C2")),
    ]
    cases = cases_as_of(COMPLAINTS, JUNE, held)
    assert cases.rows_by_case["customer_id"].tolist() == ["C1"]
    assert [one.rule for one in cases.problems] == ["case_number_taken"]


def test_without_rows_there_are_no_cases() -> None:
    assert cases_as_of(COMPLAINTS, JUNE, []).rows_by_case.empty
    assert cases_as_of(COMPLAINTS, MAY, [(JUNE, rows(("N1", "2024-06-02", None)))]).rows_by_case.empty


def test_cases_of_another_form_go_by_the_columns_that_it_names() -> None:
    """A need keeps its number, and nothing but its customer need stay the same; one done in May is none of June's."""
    traits = Traits(case=Case("need_no", "raised_on", "done_on", ("customer_id",)))
    needs = dataclasses.replace(COMPLAINTS, key="needs", traits=traits)
    names = {"complaint_no": "need_no", "received_on": "raised_on", "resolved_on": "done_on"}
    may = rows(("N1", "2024-05-02", None), ("N2", "2024-05-03", "2024-05-20")).rename(columns=names)
    june = rows(("N1", "2024-05-04", "2024-06-03"), ("N9", "2024-05-01", None)).rename(columns=names)
    cases = cases_as_of(needs, JUNE, [(MAY, may), (JUNE, june)])
    assert list(cases.rows_by_case["need_no"]) == ["N1"]
    assert [(one.rule, one.form, one.column) for one in cases.problems] == [("unknown_case", "needs", "need_no")]


def test_rows_of_a_form_that_is_none_of_cases_are_no_cases() -> None:
    assert case_of(COMPLAINTS).number == "complaint_no"
    with pytest.raises(TypeError, match="sales"):
        case_of(all_forms()["sales"])
