"""What is asked about before it counts, and what answers it; on hand-made receipts and submissions."""

from dataclasses import replace

import pytest

from pipeline.ledger.manifest import Receipt, Submission
from pipeline.ledger.questions import Held, ask_about_month, held_of, is_confirmed, question, shrinks


def receipt(sha256: str = "a", saved: str = "2024-07-03", **more: object) -> Receipt:
    return Receipt(sha256, f"{sha256}.xlsx", 1, f"{saved}T09:00:00", 1, run_on="2024-07-03", **more)  # type: ignore[arg-type]


def sent(month: str = "2024-06", sha256: str = "a", asked: str = "", judged: str = "accepted") -> Submission:
    return Submission(month, "M1", "sales", judged, sha256, "R1", 5, 1, 500.0, 40.0, asked=asked)


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        ((4, 0.0), (2, 0.0), False),  # half is not less than half
        ((5, 0.0), (2, 0.0), True),
        ((4, 100.0), (4, 50.0), False),
        ((4, 100.0), (4, 49.99), True),
        ((4, 0.0), (4, -1.0), False),  # of a form without amounts, or of nothing, there is no half
        ((4, -5.0), (4, -9.0), False),
        ((0, 0.0), (0, 0.0), False),
        ((4, 0.5), (4, 0.1), True),
    ],
)
def test_less_than_half_of_rows_or_amount_is_asked_about(
    before: tuple[int, float], after: tuple[int, float], asked: bool
) -> None:
    assert shrinks(Held(*before), Held(*after)) is asked


def test_what_is_held_of_several_files_is_their_sum() -> None:
    part = replace(sent(), kept=1, kept_amount_yuan=60.0)
    assert held_of((sent(), part)) == Held(5, 520.0)
    assert held_of(()) == Held(0, 0)


@pytest.mark.parametrize(
    ("month", "run_on", "first", "asked"),
    [
        ("2024-07", "2024-07-01", "2024-01", ""),  # it has begun
        ("2024-08", "2024-07-31", "2024-01", "month_ahead"),
        ("2024-08", "", "2024-01", ""),  # when it ran is not known
        ("2024-01", "2024-07-01", "2024-01", ""),
        ("2023-12", "2024-07-01", "2024-01", "month_before_masters"),
        ("2023-12", "2024-07-01", "", ""),  # there are no master data
    ],
)
def test_a_month_that_has_not_begun_or_lies_before_the_first_master_data_is_asked_about(
    month: str, run_on: str, first: str, asked: str
) -> None:
    assert ask_about_month(sent(month), replace(receipt(), run_on=run_on), first).asked == asked


def test_what_was_asked_stays_asked_until_it_is_answered_or_the_month_has_come() -> None:
    assert ask_about_month(sent(asked="shrinks"), receipt(), "").asked == "shrinks"
    assert ask_about_month(sent(asked="nil_over_rows"), receipt(), "").asked == "nil_over_rows"
    assert ask_about_month(sent(asked="month_ahead"), receipt(), "").asked == ""
    for asked in ("shrinks", "month_ahead"):
        assert ask_about_month(sent(asked=asked), receipt(answered=True), "").asked == ""
    assert ask_about_month(sent("2024-08"), receipt(answered=True), "").asked == ""


def test_a_file_that_was_saved_after_the_one_that_was_asked_about_answers_the_question() -> None:
    first = receipt("a")
    for saved, asked, confirmed in (
        ("2024-07-04", "shrinks", True),
        ("2024-07-04", "nil_over_rows", True),
        ("2024-07-03", "shrinks", False),  # saved in the same second
        ("2024-07-02", "shrinks", False),
        ("2024-07-04", "month_ahead", False),  # another question
        ("2024-07-04", "", False),
    ):
        new = receipt("b", saved)
        assert is_confirmed(new, [sent(asked=asked)], {"a": first, "b": new}) is confirmed


def test_a_question_says_how_much_there_is_and_how_much_there_was() -> None:
    asked = question(sent(asked="shrinks"), receipt(), Held(20, 12_345.678))
    assert (asked.rule, asked.effect, asked.file, asked.manager_id, asked.month, asked.form) == (
        "asked_shrinks", "form left out", "a.xlsx", "M1", "2024-06", "sales",
    )  # fmt: skip
    assert dict(asked.details) == {
        "rows": "4", "before": "20", "amount": "460.00", "amount_before": "12,345.68", "file": "a.xlsx",
    }  # fmt: skip
