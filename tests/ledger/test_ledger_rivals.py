"""Files about the same: what is said of each, and which days count; on hand-made receipts and submissions."""

from dataclasses import replace

import pytest

from pipeline.contract.problem import Problem
from pipeline.ledger.manifest import Manifest, MasterPart, Receipt, Replaces, Submission
from pipeline.ledger.rivals import older_masters, settle_masters, settle_rivals
from pipeline.ledger.still_open import StillOpen

NINE, TEN = "2024-07-03T09:00:00", "2024-07-03T10:30:59"


def receipt(name: str, saved: str = NINE, run: int = 1) -> Receipt:
    return Receipt(f"sha-{name}", f"{name}.csv", 1, saved, run, ("monthly",))


def sent(name: str, replaces: Replaces, *days: int, **more: object) -> Submission:
    dates = tuple(f"2024-06-{day:02d}" for day in days)
    one = Submission("2024-06", "M1", "sales", "accepted", f"sha-{name}", "R1", 10, 1, 100.0, 5.0,
                     replaces=replaces, days=dates)  # fmt: skip
    return replace(one, **more)  # type: ignore[arg-type]


def settled(
    *files: tuple[Receipt, Submission],
) -> tuple[dict[str, tuple[str, list[str]]], list[tuple[str, str, str, dict[str, str]]]]:
    """What became of each file (its state and the days that do not count), and what is said."""
    receipts = {one.sha256: one for one, _ in files}
    now, said = settle_rivals([one for _, one in files], receipts)
    became = {receipts[one.sha256].name: (one.state, [day[-2:] for day in one.refused_days]) for one in now}
    return became, [(one.file, one.rule, one.effect, dict(one.details)) for _, one in said]


def test_of_days_that_two_files_cover_the_later_saved_counts_and_the_other_is_told_so() -> None:
    became, said = settled(
        (receipt("a"), sent("a", "days", 3, 4, 5)), (receipt("b", TEN), sent("b", "days", 4, 5, 6))
    )
    assert became == {"a.csv": ("accepted", []), "b.csv": ("accepted", [])}
    assert said == [("a.csv", "rival_days_replaced", "note", {"names": "b.csv", "days": "2024-06-04、2024-06-05"})]


def test_of_days_saved_in_the_same_second_none_counts_of_the_two_and_the_other_days_do() -> None:
    became, said = settled((receipt("a"), sent("a", "days", 3, 4)), (receipt("b"), sent("b", "days", 4, 5)))
    assert became == {"a.csv": ("accepted", ["04"]), "b.csv": ("accepted", ["04"])}
    both = {"names": "a.csv、b.csv", "days": "2024-06-04"}
    assert said == [
        ("a.csv", "rival_days_refused", "row left out", both),
        ("b.csv", "rival_days_refused", "row left out", both),
    ]


def test_a_file_none_of_whose_days_is_left_is_left_out_whole() -> None:
    became, said = settled((receipt("a"), sent("a", "days", 4)), (receipt("b"), sent("b", "days", 4, 5)))
    assert became == {"a.csv": ("refused", ["04"]), "b.csv": ("accepted", ["04"])}
    assert [(file, effect) for file, _, effect, _ in said] == [
        ("a.csv", "form left out"),
        ("b.csv", "row left out"),
    ]


def test_three_files_of_a_second_name_those_that_share_their_days() -> None:
    files = [("a", (3, 4)), ("b", (4, 5)), ("c", (5, 6))]
    _, said = settled(*((receipt(name), sent(name, "days", *days)) for name, days in files))
    assert [(details["names"], details["days"]) for *_, details in said] == [
        ("a.csv、b.csv", "2024-06-04"),
        ("a.csv、b.csv、c.csv", "2024-06-04、2024-06-05"),
        ("b.csv、c.csv", "2024-06-05"),
    ]


def test_files_of_other_days_of_rows_or_beside_a_months_are_no_rivals() -> None:
    for one, other in (
        (sent("a", "days", 3), sent("b", "days", 4)),
        (sent("a", "rows"), sent("b", "rows")),
        (sent("a", "month"), sent("b", "days", 3)),
        (sent("a", "rows"), sent("b", "days", 3)),
    ):
        became, said = settled((receipt("a"), one), (receipt("b"), other))
        assert became == {"a.csv": ("accepted", []), "b.csv": ("accepted", [])}
        assert said == []


def test_of_two_that_replace_the_month_the_later_takes_away_all_that_was_saved_before_it() -> None:
    became, said = settled(
        (receipt("days", "2024-07-03T08:00:00"), sent("days", "days", 3)),
        (receipt("month"), sent("month", "month")),
        (receipt("last", TEN), sent("last", "month")),
        (receipt("after", "2024-07-03T11:00:00"), sent("after", "days", 4)),
    )
    assert {state for state, _ in became.values()} == {"accepted"}
    assert said == [
        ("days.csv", "rival_replaced", "form left out", {"names": "last.csv"}),
        ("month.csv", "rival_replaced", "form left out", {"names": "last.csv"}),
    ]


def test_of_several_that_replace_the_month_in_one_second_none_counts_and_all_are_named() -> None:
    became, said = settled(*((receipt(name), sent(name, "month")) for name in "abc"))
    assert list(became.values()) == [("refused", [])] * 3
    assert [(rule, details["names"]) for _, rule, _, details in said] == [
        ("rivals_refused", "a.csv、b.csv、c.csv")
    ] * 3


def test_what_was_settled_before_is_settled_anew() -> None:
    rival = sent("a", "days", 3, 4, rival=True, refused_days=("2024-06-03",))
    became, said = settled((receipt("a"), rival))
    assert (became, said) == ({"a.csv": ("accepted", [])}, [])
    alone = sent("a", "days", 3, 4, refused_days=("2024-06-03",))
    assert settled((receipt("a"), alone))[0] == {"a.csv": ("accepted", [])}


def test_files_of_two_runs_are_no_rivals_and_an_older_copy_is_told_with_both_times() -> None:
    became, said = settled(
        (receipt("new", TEN, 1), sent("new", "month")), (receipt("copy", NINE, 2), sent("copy", "month"))
    )
    assert list(became.values()) == [("accepted", [])] * 2
    assert said == [
        (
            "copy.csv",
            "older_counts",
            "note",
            {
                "file": "copy.csv",
                "names": "new.csv",
                "saved_at": "2024-07-03 09:00",
                "other_saved_at": "2024-07-03 10:30",
            },
        )
    ]


@pytest.mark.parametrize(
    ("runs", "times"),
    [((1, 2), (NINE, NINE)), ((1, 2), (NINE, TEN)), ((1, 1), (NINE, TEN))],
)
def test_a_file_saved_in_the_same_second_or_later_is_no_older_copy(
    runs: tuple[int, int], times: tuple[str, str]
) -> None:
    _, said = settled(
        (receipt("a", times[0], runs[0]), sent("a", "month")),
        (receipt("b", times[1], runs[1]), sent("b", "month")),
    )
    assert "older_counts" not in {rule for _, rule, _, _ in said}


# ── master data ──


def part(name: str, month: str = "2024-06") -> MasterPart:
    return MasterPart("customers", month, f"sha-{name}", 10, 0, "")


def test_what_is_said_of_master_data_names_form_and_month() -> None:
    receipts = {one.sha256: one for one in (receipt("a"), receipt("b", TEN))}
    ((lost, said),) = settle_masters([part("a"), part("b")], receipts)
    assert lost == part("a")
    assert said == Problem("master_replaced", "form left out", file="a.csv", month="2024-06", form="customers",
                           details=(("names", "b.csv"),))  # fmt: skip


def test_a_file_that_brought_the_same_form_twice_is_no_rival_of_itself() -> None:
    receipts = {one.sha256: one for one in (receipt("a"),)}
    assert settle_masters([part("a"), part("a")], receipts) == []


@pytest.mark.parametrize(
    ("held", "new", "told"),
    [
        (TEN, NINE, ["older_master_counts"]),
        (NINE, NINE, []),  # saved in the same second it is no older one
        (NINE, TEN, []),
    ],
)
def test_master_data_older_than_those_that_they_replace_are_told(held: str, new: str, told: list[str]) -> None:
    before = receipt("before", held)
    manifest = Manifest(1, (before,), masters=(part("before"),))
    receipts = {one.sha256: one for one in (before, receipt("new", new, 2))}
    found = older_masters([part("new")], receipts, manifest)
    assert [problem.rule for _, problem in found] == told
    for _, problem in found:
        assert (problem.effect, problem.file, dict(problem.details)) == (
            "note",
            "new.csv",
            {
                "file": "new.csv",
                "names": "before.csv",
                "saved_at": "2024-07-03 09:00",
                "other_saved_at": "2024-07-03 10:30",
            },
        )


def test_master_data_of_another_month_or_the_same_file_again_replace_nothing() -> None:
    before = receipt("a", TEN)
    manifest = Manifest(1, (before,), masters=(part("a"),))
    receipts = {one.sha256: one for one in (replace(before, saved_at=NINE), receipt("b", NINE, 2))}
    assert older_masters([part("a"), part("b", "2024-07")], receipts, manifest) == []


# ── what of it is still to be told ──


def test_what_is_said_between_files_of_one_run_is_told_until_a_later_run_brings_another() -> None:
    def told(rule: str, *more: Receipt) -> bool:
        files = (receipt("a", run=1), receipt("b", TEN, 1), *more)
        problem = Problem(rule, "form left out", manager_id="M1", month="2024-06", form="sales")
        of = tuple(sent(one.name[:-4], "month") for one in files)
        return StillOpen(Manifest(2, files, of))("sha-a", problem)

    assert [told("rival_replaced"), told("rival_replaced", receipt("c", TEN, 2))] == [True, False]
    assert [told("rival_replaced", receipt("c", TEN, 1)), told("whole")] == [True, False]


def test_rivals_of_which_none_stands_are_told_where_nothing_else_ever_stood() -> None:
    files = (receipt("a"), receipt("b"))
    of = tuple(sent(name, "month", rival=True) for name in "ab")
    problem = Problem("rivals_refused", "form left out", manager_id="M1", month="2024-06", form="sales")
    is_open = StillOpen(Manifest(1, files, of))
    assert [is_open(one.sha256, problem) for one in files] == [True, True]


def test_of_refused_files_those_of_the_last_run_are_told() -> None:
    files = (receipt("a", run=1), receipt("b", TEN, 2), receipt("c", NINE, 2))
    of = tuple(sent(name, "month", judged="refused") for name in "abc")
    problem = Problem("whole", "row left out", manager_id="M1", month="2024-06", form="sales")
    is_open = StillOpen(Manifest(2, files, of))
    assert [is_open(one.sha256, problem) for one in files] == [False, True, True]
