"""In which month's reports a problem is told, and which files stay refused; on hand-made receipts and submissions."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline.base.calendar import Month
from pipeline.contract.problem import Problem
from pipeline.ledger.in_short import in_short
from pipeline.ledger.manifest import Manifest, MasterPart, Receipt, Submission
from pipeline.ledger.told import RefusedFile, Told, sender_by_name, told_there

NAMES = {"M001": "李明", "M002": "王芳", "M003": "李明"}
MAY, JUNE, JULY = Month(2024, 5), Month(2024, 6), Month(2024, 7)
ROW = Problem("required", "row left out")
WHOLE = Problem("unreadable_damaged", "form left out")


def receipt(sha256: str, saved: str = "2024-07-03", run: int = 1, *, name: str = "", refused: str = "") -> Receipt:
    return Receipt(sha256, name or f"{sha256}.xlsx", 1, f"{saved}T09:00:00", run, ("monthly",), refused)


def sent(sha256: str, month: Month = JUNE, judged: str = "accepted", *, manager: str = "M001") -> Submission:
    return Submission(str(month), manager, "sales", judged, sha256, "R1", 4, 0, 0.0, 0.0)


def told(*receipts: Receipt, submissions: tuple[Submission, ...] = (), masters: tuple[str, ...] = ()) -> Told:
    parts = tuple(MasterPart("regions", "2024-01", one, 1, 0, "p") for one in masters)
    return Told(Manifest(receipts=receipts, submissions=submissions, masters=parts), NAMES)


def of(month: Month, rule: str = "whole") -> Problem:
    return Problem(rule, "form left out", month=str(month))


# ── the month ──


def test_a_problem_is_told_in_the_month_that_it_names_where_any_file_is_of_that_month() -> None:
    one, other = receipt("a"), receipt("b")
    ledger = told(one, other, submissions=(sent("a", JUNE), sent("b", MAY, "refused")))
    assert ledger.month_of(of(MAY), one) == MAY


def test_a_problem_without_a_month_is_told_with_the_newest_reported_month_of_its_file() -> None:
    one, other = receipt("a"), receipt("b")
    own = (sent("a", MAY), sent("a", JUNE), sent("a", JULY, "refused"), sent("b", JUNE))
    assert told(one, other, submissions=own).month_of(ROW, one) == JUNE


def test_a_refused_form_of_the_month_after_the_last_is_told_in_a_month_of_its_own_once_that_has_begun() -> None:
    held, new = receipt("a"), receipt("b", "2024-07-01", 2)
    ledger = told(held, new, submissions=(sent("a", JUNE),))
    assert ledger.month_of(of(JULY), new) == JULY
    early = replace(new, saved_at="2024-06-30T09:00:00")  # July has not begun: told with June, the newest known
    assert ledger.month_of(of(JULY), early) == JUNE


@pytest.mark.parametrize("kinds", [(), ("master",)])
def test_only_a_monthly_form_opens_a_month_of_its_own(kinds: tuple[str, ...]) -> None:
    new = replace(receipt("b", "2024-07-05"), kinds=kinds)
    assert told(receipt("a"), new, submissions=(sent("a", JUNE),)).month_of(of(JULY), new) == JUNE


def test_a_refused_form_of_a_month_before_the_last_opens_no_month_of_its_own() -> None:
    new = receipt("b", "2024-07-05")
    assert told(receipt("a"), new, submissions=(sent("a", JUNE),)).month_of(of(MAY), new) == JUNE


def test_where_nothing_was_ever_accepted_the_month_that_a_refused_form_names_is_taken_else_that_before_its_saving() -> (
    None
):
    new = receipt("b", "2024-07-05")
    assert told(new).month_of(of(MAY), new) == MAY
    assert told(new).month_of(WHOLE, new) == JUNE
    january = receipt("c", "2024-01-05")
    assert told(january).month_of(WHOLE, january) == Month(2023, 12)


def test_a_file_without_months_is_told_with_the_month_before_its_saving_where_that_is_known() -> None:
    late = receipt("b", "2024-06-20", 2)
    ledger = told(receipt("a"), late, submissions=(sent("a", MAY), sent("a", JUNE)))
    assert ledger.month_of(WHOLE, late) == MAY


def test_else_with_the_newest_month_that_was_known_when_it_came() -> None:
    """May was known from run 1 on, June from run 3 on; a file saved in September, that came in run 2, stays in May."""
    files = receipt("a", run=1), receipt("b", run=3), receipt("c", run=4)
    months = sent("a", MAY), sent("b", JUNE), sent("c", MAY)
    for run, month in ((2, MAY), (3, JUNE), (4, JUNE)):
        late = receipt("x", "2024-09-05", run)
        assert told(*files, late, submissions=months).month_of(WHOLE, late) == month


def test_else_with_the_newest_of_the_months_that_were_known_first() -> None:
    files = receipt("a", run=2), receipt("b", run=2), receipt("c", run=3)
    months = sent("a", MAY), sent("b", JUNE), sent("c", JULY)
    early = receipt("x", "2024-12-05", 1)
    assert told(*files, early, submissions=months).month_of(WHOLE, early) == JUNE


def test_of_the_problems_of_a_file_a_month_tells_its_own_as_of_that_month() -> None:
    one = receipt("a")
    ledger = told(one, submissions=(sent("a", MAY), sent("a", JUNE)))
    dateless, of_may = ROW, replace(ROW, month="2024-05")
    assert told_there([dateless, of_may], one, ledger, JUNE) == [replace(ROW, month="2024-06")]
    assert told_there([dateless, of_may], one, ledger, MAY) == [of_may]


# ── refused files ──


def refused(ledger: Told, problems: list[Problem]) -> Sequence[RefusedFile]:
    """The files that stay refused, where each has these problems."""
    return replace(ledger, in_short=lambda _: in_short(problems)).refused


def names(ledger: Told) -> list[str]:
    return [one.receipt.sha256 for one in ledger.refused]


def test_a_file_of_which_nothing_was_accepted_is_refused() -> None:
    unreadable, form = receipt("a", refused="unreadable_damaged"), receipt("b")
    assert names(told(unreadable, form, submissions=(sent("b", judged="refused"),))) == ["a", "b"]


def test_a_file_of_which_anything_counts_or_waits_or_that_is_master_data_or_withdrawn_is_not() -> None:
    nil, part, waits, master = receipt("a"), receipt("b"), receipt("c"), receipt("d", refused="no_form")
    gone = replace(receipt("e", refused="no_form"), withdrawn=True)
    empty = receipt("f")  # a workbook of ours without rows of any form
    own = (
        sent("a", judged="nil"),
        sent("b", MAY, "refused"),
        sent("b", JUNE),
        replace(sent("c"), asked="shrinks"),
    )
    assert names(told(nil, part, waits, master, gone, empty, submissions=own, masters=("d",))) == []


def test_the_reason_is_the_gravest_problem_else_the_first_else_the_receipts() -> None:
    file = receipt("a", refused="unreadable_damaged")
    for problems, rule in (([ROW, WHOLE], WHOLE.rule), ([ROW], ROW.rule), ([], "unreadable_damaged")):
        (one,) = refused(told(file), problems)
        assert (one.problem.rule, one.month, one.receipt) == (rule, JUNE, file)
    assert one.problem == Problem("unreadable_damaged", "form left out", file="a.xlsx")


def test_whose_a_refused_file_is_its_forms_tell_else_its_problems_else_its_name() -> None:
    file = receipt("a", name="月报_M002.xlsx", refused="no_form")
    (by_form,) = told(file, submissions=(sent("a", judged="refused", manager="M001"),)).refused
    (by_problem,) = refused(told(file), [replace(WHOLE, manager_id="M003"), ROW])
    (by_name,) = refused(told(file), [ROW])
    assert [one.manager_id for one in (by_form, by_problem, by_name)] == ["M001", "M003", "M002"]
    several = [replace(WHOLE, manager_id="M003"), replace(WHOLE, manager_id="M001")]
    assert refused(told(file), several)[0].manager_id == "M002"


def test_a_refused_form_stays_refused_until_all_of_its_forms_are_accepted_from_a_later_file() -> None:
    bad, better = receipt("a"), receipt("b", "2024-07-04")
    refused = (sent("a", judged="refused"), sent("a", judged="refused", manager="M002"))
    assert names(told(bad, better, submissions=(*refused, sent("b")))) == ["a"]
    assert names(told(bad, better, submissions=(*refused, sent("b"), sent("b", manager="M002")))) == []
    earlier = replace(better, saved_at="2024-07-02T09:00:00")
    assert names(told(bad, earlier, submissions=(refused[0], sent("b")))) == ["a"]
    later_run = replace(earlier, run=2)
    assert names(told(bad, later_run, submissions=(refused[0], sent("b")))) == []


def test_a_file_without_forms_stays_refused_until_its_sender_reports_on_its_month() -> None:
    bad, better = receipt("a", name="M001.xlsx", refused="no_form"), receipt("b", "2024-07-04", 2, name="x.xlsx")
    assert names(told(bad, better, submissions=(sent("b", JUNE),))) == []
    assert names(told(bad, better, submissions=(sent("b", JUNE, manager="M002"),))) == ["a"]
    assert names(told(bad, better, submissions=(sent("b", JUNE, "refused"),))) == ["a", "b"]
    two_months = (sent("c", JUNE, manager="M002"), sent("b", MAY))  # June is told, and M001 sent May
    assert names(told(bad, better, receipt("c"), submissions=two_months)) == ["a"]


@pytest.mark.parametrize(
    "name", ["订单.csv", "订单.xlsx", "订单_待更正.xlsx", "订单 副本.csv", "订单(2).csv", "订单（1）.csv",
             "订单-V2.csv", "订单_更正_待更正.xlsx", "订单_to_correct.xlsx", "订单copy.csv"]
)  # fmt: skip
def test_a_file_of_nobody_stays_refused_until_one_of_its_name_is_accepted(name: str) -> None:
    bad, better = receipt("a", name="订单.csv", refused="no_form"), receipt("b", "2024-07-04", name=name)
    assert names(told(bad, better, submissions=(sent("b"),))) == []
    assert names(told(bad, replace(better, name="订货.csv"), submissions=(sent("b"),))) == ["a"]
    assert names(told(bad, replace(better, saved_at=bad.saved_at), submissions=(sent("b"),))) == ["a"]


def test_master_data_of_its_name_that_came_later_put_a_refused_file_right() -> None:
    bad, better = (
        receipt("a", name="主数据.xlsx", refused="no_form"),
        receipt("b", "2024-07-04", name="主数据.xlsx"),
    )
    assert names(told(bad, better, masters=("b",))) == []
    for no_later in (bad.saved_at, "2024-07-02T09:00:00"):
        assert names(told(bad, replace(better, saved_at=no_later), masters=("b",))) == ["a"]


# ── one answer ──


def test_what_is_wrong_in_a_refused_file_is_told_until_its_sender_has_sent_better() -> None:
    bad, better = receipt("a"), receipt("b", "2024-07-04")
    alone = told(bad, submissions=(sent("a", judged="refused"),))
    assert alone.month_told(of(JUNE), bad) == JUNE
    assert (
        told(bad, better, submissions=(sent("a", judged="refused"), sent("b"))).month_told(of(JUNE), bad) is None
    )


def test_what_a_newer_file_put_right_is_told_in_no_month() -> None:
    old, new = receipt("a"), receipt("b", run=2)
    row = replace(ROW, manager_id="M001", month="2024-06", form="sales")
    ledger = told(old, new, submissions=(sent("a"), sent("b")))
    assert (ledger.month_told(row, old), ledger.month_told(row, new)) == (None, JUNE)


def test_in_short_there_is_one_problem_of_a_kind_and_the_gravest_says_why_a_file_was_refused() -> None:
    cells = [replace(ROW, cell=f"C{row}", found="x", month="2024-06", form="sales") for row in (4, 5)]
    more = replace(cells[0], rule="more_cells", details=(("rule", "required"), ("count", "90")))
    other = replace(cells[0], month="2024-05")
    short = in_short([*cells, more, other, WHOLE])
    of_june = Problem("required", "row left out", month="2024-06", form="sales")
    assert short.kinds == (of_june, replace(of_june, month="2024-05"), WHOLE)
    assert short.reason == WHOLE


# ── names ──


@pytest.mark.parametrize(
    "file, code",
    [
        ("M002_六月.xlsx", "M002"),
        ("六月m002.xlsx", "M002"),
        ("XM002.xlsx", ""),  # part of another word
        ("M0021.xlsx", ""),
        ("月报_王芳.xlsx", "M002"),
        ("李明.xlsx", ""),  # two managers have that name
        ("M001_李明.xlsx", "M001"),
        ("M001_王芳.xlsx", "M001"),  # a code says more than a name
        ("M001_M002.xlsx", ""),
        ("六月.xlsx", ""),
        ("六月.M002", ""),  # an ending is no name
    ],
)
def test_a_files_name_tells_the_sender_where_it_names_one_manager(file: str, code: str) -> None:
    assert sender_by_name(file, NAMES) == code


def test_a_name_of_one_letter_is_in_too_many_names_of_files_and_a_code_is_taken_by_the_letter() -> None:
    assert sender_by_name("王芳.xlsx", {"M9": "芳"}) == ""
    assert sender_by_name("王芳.xlsx", {"M9": "王芳"}) == "M9"
    assert sender_by_name("M19.xlsx", {"M.9": "王芳"}) == ""
