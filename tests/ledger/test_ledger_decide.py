"""Which of several files stands for a manager, month and form; on hand-made receipts and submissions."""

import datetime as dt

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.calendar import Month
from pipeline.contract.master_data import managers_in_office
from pipeline.contract.trade import load_profile
from pipeline.ledger.board import rows_that_stand, submissions_board
from pipeline.ledger.decide import in_order, winner_of
from pipeline.ledger.manifest import Manifest, MasterPart, Receipt, Submission
from pipeline.ledger.rivals import settle_masters, settle_rivals
from schemas.form import all_forms

JUNE = Month(2024, 6)


def receipt(name: str, saved: str, run: int = 1) -> Receipt:
    return Receipt(f"sha-{name}", name, 1, saved, run, ("monthly",))


def sent(
    name: str, judged: str = "accepted", *, form: str = "sales", manager: str = "M1", rows: int = 10
) -> Submission:
    return Submission("2024-06", manager, form, judged, f"sha-{name}", "R1", rows, 1, 100.0, 5.0)


def by_hash(*receipts: Receipt) -> dict[str, Receipt]:
    return {one.sha256: one for one in receipts}


def test_a_later_run_replaces_an_earlier_one_even_when_its_file_was_saved_before() -> None:
    receipts = by_hash(receipt("a", "2024-07-03T09:00:00", 1), receipt("b", "2024-07-01T09:00:00", 2))
    assert winner_of([sent("b"), sent("a")], receipts) == sent("b")


def test_a_file_of_a_later_run_that_was_saved_earlier_is_told_so_whatever_stood_before_that() -> None:
    receipts = by_hash(
        receipt("old", "2024-07-01T09:00:00", 1),
        receipt("new", "2024-07-03T09:00:00", 2),
        receipt("copy", "2024-07-02T09:00:00", 3),
        receipt("last", "2024-07-04T09:00:00", 4),
    )
    _, problems = settle_rivals([sent(one) for one in ("old", "new", "copy", "last")], receipts)
    assert [(one.sha256, problem.rule, problem.effect) for one, problem in problems] == [
        ("sha-copy", "older_counts", "note")
    ]
    assert dict(problems[0][1].details)["names"] == "new"
    assert settle_rivals([sent("new", "refused"), sent("copy")], receipts)[1] == []


def test_a_refused_file_replaces_nothing() -> None:
    receipts = by_hash(receipt("a", "2024-07-03T09:00:00", 1), receipt("b", "2024-07-04T09:00:00", 2))
    assert winner_of([sent("a"), sent("b", "refused")], receipts) == sent("a")
    assert winner_of([sent("b", "refused")], receipts) is None


def test_in_one_run_the_later_saved_wins_and_the_other_is_told_so() -> None:
    receipts = by_hash(receipt("a", "2024-07-03T09:00:00"), receipt("b", "2024-07-03T09:00:01"))
    settled, problems = settle_rivals([sent("b"), sent("a")], receipts)
    assert [one.state for one in settled] == ["accepted", "accepted"]
    assert [(one.sha256, problem.rule, dict(problem.details)["names"]) for one, problem in problems] == [
        ("sha-a", "rival_replaced", "b")
    ]


def test_saved_at_the_same_time_both_are_refused_and_an_earlier_run_stands() -> None:
    same = "2024-07-03T09:00:00"
    receipts = by_hash(receipt("old", "2024-07-01T09:00:00", 1), receipt("a", same, 2), receipt("b", same, 2))
    settled, problems = settle_rivals([sent("old"), sent("a"), sent("b")], receipts)
    assert [one.state for one in settled] == ["accepted", "refused", "refused"]
    assert sorted(one.sha256 for one, _ in problems) == ["sha-a", "sha-b"]
    assert winner_of(settled, receipts) == sent("old")


def test_rivals_stay_rivals_when_a_later_run_brings_a_third_file() -> None:
    same = "2024-07-03T09:00:00"
    receipts = by_hash(receipt("a", same), receipt("b", same), receipt("c", same, 2))
    first, _ = settle_rivals([sent("a"), sent("b")], receipts)
    settled, problems = settle_rivals([*first, sent("c")], receipts)
    assert [one.state for one in settled] == ["refused", "refused", "accepted"]
    assert {problem.rule for _, problem in problems} == {"rivals_refused"}


def test_files_for_other_forms_or_managers_are_no_rivals() -> None:
    same = "2024-07-03T09:00:00"
    receipts = by_hash(receipt("a", same), receipt("b", same), receipt("c", same))
    settled, problems = settle_rivals([sent("a"), sent("b", form="visits"), sent("c", manager="M2")], receipts)
    assert [one.state for one in settled] == ["accepted"] * 3
    assert problems == []


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 2), st.sampled_from(["accepted", "nil", "refused"]))))
def test_what_stands_depends_neither_on_the_order_nor_on_being_settled_before(
    files: list[tuple[int, int, str]],
) -> None:
    receipts = by_hash(
        *(receipt(str(n), f"2024-07-0{day + 1}T09:00:00", run) for n, (run, day, _) in enumerate(files))
    )
    submissions = [sent(str(n), judged) for n, (_, _, judged) in enumerate(files)]
    once, _ = settle_rivals(submissions, receipts)
    again, _ = settle_rivals(list(reversed(once)), receipts)
    assert in_order(once, receipts) == in_order(again, receipts)
    assert winner_of(once, receipts) == winner_of(again, receipts)


def managers(**values: object) -> pd.DataFrame:
    row = {"manager_id": "M1", "manager_name": "甲", "region_id": "R1", **values}
    form = all_forms()["managers"]
    return pd.DataFrame({name: pd.Series([row.get(name)], dtype=kind) for name, kind in form.dtypes.items()})


def board(
    *submissions: Submission, receipts: tuple[Receipt, ...] = (), **office: object
) -> dict[str, dict[str, object]]:
    manifest = Manifest(run=2, receipts=receipts, submissions=submissions)
    rows = submissions_board(JUNE, manifest, managers(**office), load_profile("tobacco"))
    return {str(one["form"]): one for one in rows.to_dict("records")}


def test_forms_of_june_2024_are_on_time_up_to_friday_the_fifth() -> None:
    for day, state in (("05", "on time"), ("06", "late")):
        held = receipt("a", f"2024-07-{day}T23:59:59")
        assert board(sent("a"), receipts=(held,))["sales"]["state"] == state


def test_a_form_that_nobody_sent_is_missing_and_one_declared_nil_is_nil() -> None:
    held = receipt("a", "2024-07-01T00:00:00")
    rows = board(sent("a", "nil", rows=0), receipts=(held,))
    assert (rows["sales"]["state"], rows["visits"]["state"]) == ("nil", "missing")


def test_a_second_accepted_file_is_a_correction_and_a_refused_one_is_not() -> None:
    first, second = receipt("a", "2024-07-01T00:00:00"), receipt("b", "2024-07-02T00:00:00", 2)
    corrected = board(sent("a"), sent("b"), receipts=(first, second))["sales"]
    assert (corrected["state"], corrected["file"], corrected["edition"]) == ("corrected", "b", 2)
    kept = board(sent("a"), sent("b", "refused"), receipts=(first, second))["sales"]
    assert (kept["state"], kept["file"], kept["edition"]) == ("on time", "a", 1)


def test_what_stands_in_a_month_is_the_same_whatever_was_refused_or_sent_again() -> None:
    first, again = receipt("a", "2024-07-01T00:00:00"), receipt("b", "2024-07-02T00:00:00", 2)
    nil, refused = sent("a", "nil", form="visits", rows=0), sent("b", "refused", manager="M2")
    alone = rows_that_stand(JUNE, Manifest(receipts=(first,), submissions=(sent("a"), nil)))
    assert alone.values.tolist() == [["M1", "sales", 9, False], ["M1", "visits", 0, True]]
    more = Manifest(receipts=(first, again), submissions=(sent("a"), sent("b"), nil, refused))
    assert rows_that_stand(JUNE, more).equals(alone)
    assert len(rows_that_stand(JUNE + 1, more)) == 0


def test_of_a_refused_form_all_rows_are_left_out() -> None:
    held = receipt("a", "2024-07-01T00:00:00")
    rival = Submission("2024-06", "M1", "sales", "accepted", "sha-a", "R1", 10, 1, 100.0, 5.0, rival=True)
    refused = board(rival, receipts=(held,))["sales"]
    assert (refused["state"], refused["left_out"]) == ("refused", 10)


def test_a_manager_owes_forms_of_a_month_with_at_least_one_day_in_office() -> None:
    def in_office(**values: object) -> bool:
        return len(managers_in_office(managers(**values), JUNE)) == 1

    assert in_office()
    assert in_office(started_on=pd.Timestamp(2024, 6, 30))
    assert not in_office(started_on=pd.Timestamp(2024, 7, 1))
    assert in_office(left_on=pd.Timestamp(2024, 6, 1))
    assert not in_office(left_on=pd.Timestamp(2024, 5, 31))
    assert dt.date(2024, 6, 30) == JUNE.last_day


def brought(name: str, form: str = "customers", month: str = "2024-06") -> MasterPart:
    return MasterPart(form, month, f"sha-{name}", 10, 0, "")


def lost(*parts: MasterPart, receipts: dict[str, Receipt]) -> list[tuple[str, str, str]]:
    """File, rule and names said of the master data that do not count."""
    found = settle_masters(parts, receipts)
    return [(problem.file, problem.rule, dict(problem.details)["names"]) for _, problem in found]


def test_of_two_master_files_of_one_run_the_later_saved_counts_and_the_other_is_told_so() -> None:
    receipts = by_hash(receipt("a", "2024-07-03T09:00:00"), receipt("b", "2024-07-03T09:00:01"))
    assert lost(brought("b"), brought("a"), receipts=receipts) == [("a", "master_replaced", "b")]


def test_of_master_files_saved_at_the_same_time_none_counts_and_those_before_them_neither() -> None:
    same = "2024-07-03T09:00:00"
    receipts = by_hash(receipt("old", "2024-07-01T09:00:00"), receipt("a", same), receipt("b", same))
    assert lost(brought("a"), brought("old"), brought("b"), receipts=receipts) == [
        ("old", "master_replaced", "a、b"),
        ("a", "masters_refused", "a、b"),
        ("b", "masters_refused", "a、b"),
    ]


def test_master_files_with_other_forms_or_from_other_months_on_are_no_rivals() -> None:
    receipts = by_hash(receipt("a", "2024-07-03T09:00:00"), receipt("b", "2024-07-03T09:00:00"))
    assert lost(brought("a"), brought("b", "products"), brought("b", month="2024-07"), receipts=receipts) == []
