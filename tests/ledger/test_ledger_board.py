"""The submissions board, row by row: what stands, what waits, what was refused; on receipts made by hand."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.contract.problem import Problem
from pipeline.contract.trade import load_profile
from pipeline.ledger.board import rows_that_stand, submissions_board
from pipeline.ledger.manifest import Manifest, Receipt, Submission
from pipeline.ledger.told import RefusedFile, Unplaced
from schemas.form import all_forms

JUNE = Month(2024, 6)
PROFILE = load_profile("tobacco")
FIFTH, SIXTH = "2024-07-05T23:59:59", "2024-07-06T00:00:00"  # forms of June are due on Friday, July 5


def receipt(name: str, saved: str = "2024-07-01T09:00:00", run: int = 1) -> Receipt:
    return Receipt(f"sha-{name}", f"{name}.xlsx", 1, saved, run, ("monthly",))


def sent(name: str, form: str = "sales", manager: str = "M1", **more: object) -> Submission:
    one = Submission("2024-06", manager, form, "accepted", f"sha-{name}", "R1", 10, 1, 100.0, 5.0)
    return replace(one, **more)  # type: ignore[arg-type]


def nil(name: str, form: str = "sales", **more: object) -> Submission:
    return sent(name, form, judged="nil", rows=0, left_out=0, **more)


def managers(*codes: str) -> pd.DataFrame:
    types = all_forms()["managers"].dtypes
    rows = {name: pd.Series([None] * len(codes), dtype=kind) for name, kind in types.items()}
    return pd.DataFrame({**rows, "manager_id": pd.Series(codes, dtype="str")})


def board(*submissions: Submission, receipts: tuple[Receipt, ...] = (), **more: object) -> pd.DataFrame:
    manifest = Manifest(run=9, receipts=receipts, submissions=submissions)
    return submissions_board(JUNE, manifest, managers("M1"), PROFILE, **more)  # type: ignore[arg-type]


def sales(*submissions: Submission, receipts: tuple[Receipt, ...], **more: object) -> dict[str, object]:
    """The row of M1's sales; numbers that are not known as None."""
    rows = board(*submissions, receipts=receipts, **more)
    (row,) = rows[(rows["manager_id"] == "M1") & (rows["form"] == "sales")].to_dict("records")
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}  # type: ignore[call-overload]


def test_forms_stand_as_the_trade_lists_them_and_below_them_others_by_name() -> None:
    owed = list(PROFILE.monthly_forms)
    assert owed != sorted(owed)
    others = [sent("a", "zz_checks"), sent("a", "aa_checks"), sent("a", "sales", "M0")]
    rows = board(*others, receipts=(receipt("a"),))
    assert list(zip(rows["manager_id"], rows["form"], strict=True)) == [
        ("M0", "sales"),  # by manager first; who was not in office has a row where something came
        *(("M1", form) for form in owed),
        ("M1", "aa_checks"),
        ("M1", "zz_checks"),
    ]


def test_a_form_that_came_is_told_with_its_file_its_rows_and_when_it_was_saved() -> None:
    assert sales(sent("a"), receipts=(receipt("a", FIFTH),)) == {
        "month": "2024-06", "manager_id": "M1", "form": "sales", "state": "on time", "received_at": FIFTH,
        "file": "a.xlsx", "rows": 10, "left_out": 1, "edition": 1,
    }  # fmt: skip


def test_of_a_form_that_never_came_nothing_is_known() -> None:
    row = sales(receipts=())
    assert (row["state"], row["file"], row["received_at"]) == ("missing", "", "")
    assert (row["rows"], row["left_out"], row["edition"]) == (None, None, None)


def test_a_form_of_several_exports_is_late_when_the_last_of_them_is() -> None:
    both = (sent("a", replaces="days", days=("2024-06-01",)), sent("b", replaces="days", days=("2024-06-02",)))
    row = sales(*both, receipts=(receipt("a", FIFTH), receipt("b", SIXTH, 2)))
    assert (row["state"], row["file"], row["rows"], row["left_out"]) == ("late", "a.xlsx、b.xlsx", 20, 2)
    assert (row["received_at"], row["edition"]) == (SIXTH, 2)
    early = sales(*both, receipts=(receipt("a", SIXTH), receipt("b", FIFTH, 2)))
    assert early["state"] == "late"  # also where that one came first


def test_exports_of_one_name_are_named_once() -> None:
    both = (sent("a", replaces="days", days=("2024-06-01",)), sent("b", replaces="days", days=("2024-06-02",)))
    row = sales(*both, receipts=(receipt("a"), replace(receipt("b", run=2), name="a.xlsx")))
    assert (row["file"], row["rows"]) == ("a.xlsx", 20)


def test_rows_left_out_after_intake_are_added_to_those_of_their_form_and_manager_alone() -> None:
    later = [Problem("unknown_case", "row left out", form=form, manager_id=who)
             for form, who in (("sales", "M1"), ("sales", "M1"), ("sales", "M2"), ("visits", "M1"))]  # fmt: skip
    assert sales(sent("a"), receipts=(receipt("a"),), later_problems=later)["left_out"] == 3


def test_of_a_refused_form_every_row_is_left_out_and_it_is_no_edition() -> None:
    row = sales(sent("a", judged="refused"), receipts=(receipt("a"),))
    assert (row["state"], row["file"], row["rows"], row["left_out"], row["edition"]) == (
        "refused", "a.xlsx", 10, 10, None,
    )  # fmt: skip


def test_of_refused_forms_the_last_is_told_and_a_withdrawn_one_is_as_if_it_had_never_come() -> None:
    two = (receipt("a"), receipt("b", run=2))
    assert sales(sent("a", judged="refused"), sent("b", judged="refused"), receipts=two)["file"] == "b.xlsx"
    assert sales(sent("a", withdrawn=True), receipts=(receipt("a"),))["state"] == "missing"
    row = sales(sent("a"), sent("b", withdrawn=True), receipts=two)
    assert (row["state"], row["file"], row["edition"]) == ("on time", "a.xlsx", 1)


def test_while_a_file_waits_for_an_answer_what_stands_is_told_beside_it() -> None:
    row = sales(sent("a"), sent("b", asked="shrinks", rows=2), receipts=(receipt("a"), receipt("b", run=2)))
    assert (row["state"], row["file"], row["rows"], row["edition"]) == ("held", "a.xlsx", 10, 1)
    alone = sales(sent("b", asked="month_ahead"), receipts=(receipt("b"),))
    assert (alone["state"], alone["file"], alone["left_out"], alone["edition"]) == ("held", "b.xlsx", 10, None)


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        (sent("a"), sent("b"), "corrected"),
        (sent("a"), nil("b"), "corrected"),
        (nil("a"), sent("b"), "corrected"),
        (sent("a", judged="refused"), sent("b"), "on time"),
        (
            sent("a", kept=4),
            sent("b", replaces="days", days=("2024-06-03",)),
            "corrected",
        ),  # some rows of a are gone
        (sent("a"), sent("b", replaces="days", days=("2024-06-30",)), "on time"),  # b stands beside it
        (sent("a", kept=9), sent("b", replaces="rows"), "on time"),  # all that was accepted of it stands
    ],
)
def test_corrected_is_what_took_the_place_of_something(first: Submission, second: Submission, state: str) -> None:
    assert sales(first, second, receipts=(receipt("a"), receipt("b", run=2)))["state"] == state


def test_nil_is_only_what_has_nothing_beside_it() -> None:
    two = (receipt("a"), receipt("b", run=2))
    days = {"replaces": "days", "days": ("2024-06-30",)}
    assert sales(nil("a"), receipts=two[:1])["state"] == "nil"
    assert sales(nil("a"), nil("b", **days), receipts=two)["state"] == "nil"
    assert sales(sent("a"), nil("b", **days), receipts=two)["state"] == "on time"
    assert sales(nil("a"), sent("b", **days), receipts=two)["state"] == "on time"


def test_a_nil_return_that_came_late_is_nil() -> None:
    assert sales(nil("a"), receipts=(receipt("a", SIXTH),))["state"] == "nil"


# ── files of no form ──


def test_a_refused_file_has_a_row_of_its_own_unless_a_forms_row_names_it() -> None:
    forms = (sent("a", judged="refused"), sent("b", form="visits"))
    why = Problem("unreadable_damaged", "form left out")
    refused = [RefusedFile(receipt(name), JUNE, "M1", why) for name in ("a", "b", "c")]
    rows = board(*forms, receipts=tuple(receipt(name) for name in "ab"), refused=refused)
    own = rows[rows["form"] == ""]
    assert own["file"].tolist() == [
        "b.xlsx",
        "c.xlsx",
    ]  # the row of what stands of b does not say that it was refused
    last = own.iloc[-1].to_dict()
    assert all(pd.isna(last.pop(name)) for name in ("rows", "left_out", "edition"))
    assert last == {
        "month": "2024-06", "manager_id": "M1", "form": "", "state": "refused",
        "received_at": "2024-07-01T09:00:00", "file": "c.xlsx",
    }  # fmt: skip


def test_rows_of_no_manager_have_a_row_a_file_and_form() -> None:
    rows = board(unplaced=[Unplaced(receipt("x"), "sales", 7)])
    last = rows.iloc[-1]
    assert (last["manager_id"], last["form"], last["state"], last["file"]) == ("", "sales", "refused", "x.xlsx")
    assert (last["rows"], last["left_out"], last["received_at"]) == (7, 7, "2024-07-01T09:00:00")


# ── what stands ──


def test_what_stands_is_one_row_a_manager_and_form_with_the_rows_that_are_held() -> None:
    files = (receipt("a"), receipt("b", run=2), receipt("c"))
    held = Manifest(
        receipts=files,
        submissions=(
            sent("a", kept=4),
            sent("b", replaces="days", days=("2024-06-03",)),
            nil("c", "visits"),
            sent("c", "complaints", asked="shrinks"),
            sent("c", manager="M0"),
            replace(sent("c"), month="2024-05"),
        ),
    )
    assert rows_that_stand(JUNE, held).values.tolist() == [
        ["M0", "sales", 9, False],
        ["M1", "sales", 13, False],
        ["M1", "visits", 0, True],
    ]
    assert list(rows_that_stand(JUNE, Manifest()).columns) == ["manager_id", "form", "rows", "is_nil"]
