"""What stands of files laid over each other, what waits, and which files have nothing new to bring; by hand."""

from dataclasses import replace

from pipeline.ledger.decide import (
    chain_of,
    days_covered,
    files_that_stand,
    in_order,
    standing,
    waiting,
    waiting_of,
)
from pipeline.ledger.manifest import Manifest, MasterPart, Receipt, Replaces, Submission

KEY = ("2024-06", "sales", "M1")


def receipt(name: str, run: int = 1, second: int = 0, **more: object) -> Receipt:
    one = Receipt(name, f"{name}.xlsx", 1, f"2024-07-01T09:00:{second:02d}", run, ("monthly",))
    return replace(one, **more)  # type: ignore[arg-type]


def sent(name: str, replaces: Replaces = "month", **more: object) -> Submission:
    one = Submission("2024-06", "M1", "sales", "accepted", name, "R1", 10, 1, 100.0, 5.0, replaces=replaces)
    return replace(one, **more)  # type: ignore[arg-type]


def ledger(
    *files: tuple[Receipt, Submission], masters: tuple[str, ...] = (), more: tuple[Receipt, ...] = ()
) -> Manifest:
    parts = tuple(MasterPart("regions", "2024-01", one, 1, 0, "p") for one in masters)
    held = {one.sha256: one for one, _ in files}
    return Manifest(1, (*held.values(), *more), tuple(one for _, one in files), parts)


def names(found: object) -> list[str]:
    return [one.sha256 for one in found]  # type: ignore[attr-defined]


def test_of_one_second_what_says_more_precisely_lies_above_and_then_the_fingerprint_decides() -> None:
    files = [sent("a", "rows"), sent("c", "days"), sent("d", "month"), sent("b", "days")]
    receipts = {one.sha256: receipt(one.sha256) for one in files}
    assert names(in_order(files, receipts)) == ["d", "b", "c", "a"]
    later = receipts | {"d": receipt("d", second=1), "a": receipt("a", run=0, second=9)}
    assert names(in_order(files, later)) == ["a", "b", "c", "d"]


def test_there_stand_the_last_file_of_the_month_and_all_after_it() -> None:
    files = [sent("a"), sent("b", "days"), sent("c"), sent("d", "rows"), sent("e", "days")]
    receipts = {one.sha256: receipt(one.sha256, run) for run, one in enumerate(files, 1)}
    assert names(chain_of(files, receipts)) == ["c", "d", "e"]
    assert names(chain_of(files[3:], receipts)) == ["d", "e"]
    refused = replace(files[2], judged="refused")
    assert names(chain_of([*files[:2], refused, *files[3:]], receipts)) == ["a", "b", "d", "e"]


def test_days_that_are_refused_are_not_covered() -> None:
    one = sent("a", "days", days=("2024-06-01", "2024-06-02"), refused_days=("2024-06-02",))
    assert days_covered(one) == {"2024-06-01"}


def test_a_file_of_which_no_row_is_seen_any_more_does_not_stand_and_one_that_brought_none_does() -> None:
    hidden, seen = sent("a", kept=0), sent("b", "days", kept=1)
    nil, empty = sent("c", "days", judged="nil", kept=0), sent("d", "days", rows=1, kept=0)
    files = [(receipt(one.sha256, run), one) for run, one in enumerate((hidden, seen, nil, empty), 1)]
    assert names(standing(ledger(*files))[KEY]) == ["b", "c", "d"]


# ── received again ──


def test_a_file_of_which_all_stands_brings_nothing_new_and_any_other_is_read_again() -> None:
    whole, gone, refused = (
        sent("a"),
        sent("b", manager_id="M2", kept=0),
        sent("c", manager_id="M3", judged="refused"),
    )
    waits = sent("d", manager_id="M4", asked="shrinks")
    files = [(receipt(one.sha256), one) for one in (whole, gone, refused, waits)]
    assert files_that_stand(ledger(*files)) == {"a", "d"}


def test_a_file_of_several_forms_has_to_stand_with_all_of_them() -> None:
    one, other = sent("a"), sent("a", form="visits", kept=0)
    for order in ((one, other), (other, one)):
        assert files_that_stand(ledger(*((receipt("a"), part) for part in order))) == frozenset()
    assert files_that_stand(ledger((receipt("a"), one), (receipt("a"), sent("a", form="visits")))) == {"a"}


def test_master_data_stand_unless_a_form_of_their_file_was_refused_or_it_was_withdrawn() -> None:
    assert files_that_stand(ledger(masters=("m",), more=(receipt("m"),))) == {"m"}
    assert files_that_stand(ledger((receipt("m"), sent("m", judged="refused")), masters=("m",))) == frozenset()
    assert files_that_stand(ledger(masters=("m",), more=(receipt("m", refused="too_many"),))) == frozenset()
    assert files_that_stand(ledger(masters=("m",), more=(receipt("m", withdrawn=True),))) == frozenset()


# ── waiting ──


def test_what_waits_is_what_came_after_what_stands() -> None:
    files = [sent("a", asked="shrinks"), sent("b"), sent("c", asked="shrinks"), sent("d", judged="refused"),
             sent("e", asked="nil_over_rows")]  # fmt: skip
    receipts = {one.sha256: receipt(one.sha256, run) for run, one in enumerate(files, 1)}
    assert names(waiting_of(files, receipts)) == ["c", "e"]
    assert waiting_of([*files, sent("b", judged="nil")], receipts | {"b": receipt("b", 9)}) == []


def test_all_that_waits_stands_in_the_order_in_which_it_came() -> None:
    late = (receipt("a", 3), sent("a", asked="shrinks", manager_id="M1"))
    early = (receipt("b", 2), sent("b", asked="shrinks", manager_id="M2"))
    assert names(waiting(ledger(late, early))) == ["b", "a"]
