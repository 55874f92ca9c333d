"""How the rows of a key are put together, and which files have to be read again for it; on chains made by hand."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from pipeline.ledger.manifest import Manifest, Receipt, Submission
from pipeline.ledger.plan import Plan, plan_run, questions_of, recipes, to_ask, with_questions

KEY = ("2024-06", "sales", "M1")
SAVED = {"a": "2024-07-01", "b": "2024-07-02", "c": "2024-07-03"}


def receipt(sha256: str, run: int = 1, **more: object) -> Receipt:
    one = Receipt(sha256, f"{sha256}.xlsx", 1, f"{SAVED[sha256]}T09:00:00", run, ("monthly",), run_on="2024-07-10")
    return replace(one, **more)  # type: ignore[arg-type]


def sent(sha256: str, rows: int = 10, **more: object) -> Submission:
    one = Submission("2024-06", "M1", "sales", "accepted", sha256, "R1", rows, 0, 100.0 * rows, 0.0)
    return replace(one, **more)  # type: ignore[arg-type]


def by_hash(*receipts: Receipt) -> dict[str, Receipt]:
    return {one.sha256: one for one in receipts}


def plan(before: tuple[Submission, ...], after: tuple[Submission, ...]) -> Plan:
    receipts = by_hash(*(receipt(one.sha256) for one in (*before, *after)))
    return Plan(after, [], receipts, frozenset({KEY}), {KEY: before}, {KEY: after})


def made(
    before: tuple[Submission, ...], after: tuple[Submission, ...], staged: Mapping[str, str] | None = None
) -> tuple[list[str], list[tuple[str, str | None]], set[str]]:
    """What stays as it lies, what comes over it, and what has to be read again."""
    held = {(sha256, KEY): path for sha256, path in (staged or {}).items()}
    (one,), missing = recipes(plan(before, after), held)
    return [held.sha256 for held in one.base], [(over.sha256, path) for over, path in one.layers], set(missing)


def test_over_files_that_stand_unchanged_only_the_new_one_is_laid() -> None:
    over = sent("b", replaces="days", days=("2024-06-03",))
    assert made((sent("a"),), (sent("a"), over), {"b": "p"}) == (["a"], [("b", "p")], set())


def test_below_a_file_that_changed_nothing_stays_and_what_stands_whole_need_not_be_read_again() -> None:
    fewer = sent("a", replaces="days", days=("2024-06-03",))
    refused = replace(fewer, refused_days=("2024-06-03",))
    assert made((fewer,), (refused,)) == ([], [("a", None)], set())


def test_a_file_that_lies_under_another_has_to_be_read_again_when_that_is_withdrawn() -> None:
    covered = sent("a", kept=4)
    over = sent("b", replaces="days", days=("2024-06-03",))
    assert made((covered, over), (covered,)) == ([], [("a", None)], {"a"})
    assert made((sent("b"),), (sent("a"),)) == ([], [("a", None)], {"a"})  # and one of which nothing stood


def test_a_file_without_accepted_rows_need_never_be_read_again() -> None:
    assert made((sent("b"),), (sent("a", 0, judged="nil"),)) == ([], [("a", None)], set())


def test_a_file_that_is_staged_anew_takes_the_place_of_what_stands_of_it() -> None:
    assert made((sent("a"),), (sent("a"),), {"a": "p"}) == ([], [("a", "p")], set())


def test_a_file_that_lost_rows_is_read_again_where_it_alone_stands() -> None:
    assert made((sent("a", kept=4),), (sent("a", kept=4),)) == ([], [("a", None)], {"a"})
    held = (sent("a", kept=4), sent("b", replaces="days"))  # below another, rows are gone by right
    assert made(held, held) == (["a", "b"], [], set())


# ── which keys a run touches ──


def touched(
    manifest: Manifest, *new: Submission, receipts: tuple[Receipt, ...], taken: tuple[str, ...] = ()
) -> int:
    return len(plan_run(manifest, by_hash(*receipts), new, "", taken).touched)


def test_what_nobody_sent_anything_for_is_not_touched() -> None:
    held = Manifest(1, (receipt("a"),), (sent("a"),))
    assert touched(held, receipts=held.receipts) == 0
    other = replace(sent("b"), manager_id="M2")
    assert plan_run(held, by_hash(receipt("a"), receipt("b", 2)), [other], "").touched == {other.key}


@pytest.mark.parametrize("change", [{"withdrawn": True}, {"answered": True}])
def test_what_is_withdrawn_or_answered_is_touched(change: dict[str, bool]) -> None:
    asked = "shrinks" if "answered" in change else ""
    held = Manifest(1, (receipt("a"),), (sent("a", asked=asked),))
    assert touched(held, receipts=(receipt("a", **change),)) == 1


def test_a_file_taken_in_again_that_brings_nothing_any_more_leaves_nothing() -> None:
    held = Manifest(1, (receipt("a"),), (sent("a"),))
    found = plan_run(held, by_hash(receipt("a", 2)), [], "", ["a"])
    assert (found.submissions, found.touched, found.after[KEY]) == ((), {KEY}, ())


def test_the_only_file_that_stands_is_touched_where_rows_of_it_are_gone() -> None:
    held = Manifest(1, (receipt("a"),), (sent("a", kept=4),))
    assert touched(held, receipts=held.receipts) == 1


# ── questions ──


def test_a_file_judged_anew_is_asked_about_as_it_was_and_one_that_came_anew_is_not_yet() -> None:
    held = Manifest(1, (receipt("a"),), (sent("a", asked="shrinks"),))
    assert plan_run(held, by_hash(receipt("a")), [sent("a")], "").submissions[0].asked == "shrinks"
    assert plan_run(held, by_hash(receipt("a", 2)), [sent("a")], "").submissions[0].asked == ""
    assert plan_run(Manifest(), by_hash(receipt("a")), [sent("a")], "").submissions[0].asked == ""


def test_asked_about_is_what_comes_with_this_run_and_has_no_answer() -> None:
    held = Manifest(1, (receipt("a"),), (sent("a"),))

    def asked(*receipts: Receipt) -> list[str]:
        found = replace(plan((sent("a"),), (sent("a"), sent("b"))), receipts=by_hash(*receipts))
        return [one.sha256 for one in to_ask(found, held, KEY)]

    assert asked(receipt("a"), receipt("b", 2)) == ["b"]
    assert asked(receipt("a"), receipt("b", 2, answered=True)) == []
    assert asked(receipt("a"), receipt("b", 1)) == []  # of an earlier run


def test_a_file_sent_after_the_one_that_was_asked_about_is_the_answer() -> None:
    held = Manifest(1, (receipt("a"), receipt("b")), (sent("a"), sent("b", asked="shrinks")))
    found = plan((sent("a"),), (sent("a"), sent("c")))
    again = replace(found, receipts=by_hash(receipt("a"), receipt("b"), receipt("c", 2)))
    assert to_ask(again, held, KEY) == ()
    before = replace(sent("b", asked="shrinks"), manager_id="M2")  # of another manager it answers nothing
    assert to_ask(again, replace(held, submissions=(sent("a"), before)), KEY) == (sent("c"),)


def test_a_nil_return_and_rows_that_shrink_are_asked_about_in_words_of_their_own() -> None:
    files = [sent("a"), sent("b", 0, judged="nil"), sent("c")]
    found = with_questions(files, {("a", KEY), ("b", KEY)})
    assert [one.asked for one in found] == ["shrinks", "nil_over_rows", ""]


def test_only_what_is_touched_and_waits_is_asked() -> None:
    waits = sent("b", asked="shrinks")
    found = plan((sent("a"),), (sent("a"),))
    asking = replace(found, submissions=(sent("a"), waits), receipts=by_hash(receipt("a"), receipt("b")))
    assert [one.sha256 for one, _ in questions_of(asking)] == ["b"]
    assert questions_of(replace(asking, touched=frozenset())) == []
