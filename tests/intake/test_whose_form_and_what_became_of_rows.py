"""Whose form a workbook is, the account of its rows, and faults of the machine; on values made by hand."""

import errno
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.contract.refusal import Refusal
from pipeline.intake.account import Account, accounts_of, note_of_rows, total_of
from pipeline.intake.match import Cover
from pipeline.intake.owner import others_form
from pipeline.intake.table import SHEET_SPAN, Table
from pipeline.work.passing import MACHINE, NO_SPACE, is_passing, raise_machine_fault, refusal_of, with_second_try
from schemas.form import all_forms

SALES = all_forms()["sales"]
MANAGERS = pd.DataFrame({"manager_id": ["M1", "M2", "M3"], "manager_name": ["李明", "王芳", "赵强"]})
CUSTOMERS = pd.DataFrame({"customer_id": ["C1", "C2", "C3", "C4"], "manager_id": ["M1", "M2", "M2", "M3"]})
MASTERS = {"managers": MANAGERS, "customers": CUSTOMERS}


def cover(code: str = "M1", name: str | None = "王芳") -> Cover:
    return Cover(manager_id=code, manager_name=name or "", month=Month(2024, 6))


def of_customers(*codes: str | None) -> Table:
    return Table(SALES, "销售", range(5, 5 + len(codes)), {"customer_id": codes}, {"customer_id": "C"})


# ── whose form ──


def test_name_and_customers_of_a_colleague_make_it_the_colleagues_form() -> None:
    assert others_form(cover(), [of_customers("C2", " C3 ", None, "C2", "C1")], MASTERS) == {
        "code": "M1", "name": "李明", "other": "M2", "other_name": "王芳", "customers": "2", "of_customers": "3",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "name", "customers"),
    [
        ("M1", "李明", ["C2", "C3"]),  # the name is right
        ("M1", "王芳", ["C1", "C2"]),  # half of them is no more than half
        ("M1", "王芳", ["C2", "C3", "C1", "C4"]),  # nor are the most of four
        ("M1", "王芳", ["C2", "C4"]),  # nor one each of two colleagues
        ("M1", "王芳", ["C1"]),  # the customers are right
        ("M1", "王芳", ["C9"]),  # nobody knows them
        ("M1", None, ["C2", "C3", "C4"]),  # without a name all must be one colleague's
    ],
)
def test_where_name_or_customers_do_not_say_otherwise_the_code_is_believed(
    code: str, name: str | None, customers: list[str]
) -> None:
    assert others_form(cover(code, name), [of_customers(*customers)], MASTERS) is None


def test_without_a_name_all_customers_of_one_colleague_say_enough() -> None:
    found = others_form(cover(name=None), [of_customers("C2"), of_customers("C3")], MASTERS)
    assert found is not None
    assert (found["other"], found["customers"], found["of_customers"]) == ("M2", "2", "2")


def test_where_nobody_sent_customers_nobody_can_know() -> None:
    assert others_form(cover(), [of_customers("C2")], {"managers": MANAGERS}) is None


# ── the account of rows ──


def test_an_account_that_does_not_add_up_is_a_fault_of_ours() -> None:
    one = Account("sales", "销售", rows=6, kept=3, left_out=2, not_data=(("total", 1),))
    assert one.data_rows == 5
    with pytest.raises(ValueError, match="not accounted for"):
        Account("sales", "销售", rows=6, kept=3, left_out=2)


def test_each_sheet_has_its_account_with_the_amounts_of_its_rows() -> None:
    further = SHEET_SPAN + 5
    table = Table(SALES, "一", [5, 6, further], {}, {}, not_data={7: "total", 8: "blank", SHEET_SPAN + 6: "total"},
                  further=(("二", {}),))  # fmt: skip
    amounts = pd.Series({5: 100.0, 6: 20.5, further: 7.0})
    first, second = accounts_of(table, [5], amounts)
    assert first == Account("sales", "一", 4, 1, 1, (("blank", 1), ("total", 1)), 120.5, 20.5)
    assert second == Account("sales", "二", 2, 0, 1, (("total", 1),), 7.0, 7.0)
    assert total_of([first, second]) == {"rows": 6, "kept": 1, "left_out": 2, "not_data": 3}
    assert [(one.amount_yuan, one.kept) for one in accounts_of(table, [further])] == [(0.0, 0), (0.0, 1)]


def test_the_sender_is_told_which_rows_are_no_data_but_for_those_left_empty() -> None:
    rows = {7: "total", 8: "remark", 9: "blank", 10: "subtotal", SHEET_SPAN + 3: "blank"}
    (note,) = note_of_rows(Table(SALES, "一", [5], {}, {}, not_data=rows, further=(("二", {}),)))
    assert (note.sheet, note.effect, dict(note.details)) == ("一", "note", {"rows": "7–8, 10", "count": "3"})


@pytest.mark.parametrize(("stretches", "end"), [(10, "28"), (11, "28 …")])
def test_of_many_stretches_of_rows_the_first_ten_are_named(stretches: int, end: str) -> None:
    rows = {10 + 2 * number: "total" for number in range(stretches)}
    (note,) = note_of_rows(Table(SALES, "一", [5], {}, {}, not_data=rows))
    assert dict(note.details)["rows"].endswith(", " + end)


# ── faults of the machine ──


class Machine:
    """Readers whose machine fails over some tasks, so many times."""

    def __init__(self, **failing: int) -> None:
        self.failing, self.asked = failing, []

    def map(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        for task in tasks:
            self.asked.append(task)
            left = self.failing.get(task, 0)
            self.failing[task] = left - 1
            yield Refusal(MACHINE) if left > 0 else function(task)


def test_a_task_over_which_the_machine_failed_is_tried_once_more_when_the_others_are_done() -> None:
    machine, heard = Machine(a=1, c=2), []
    answers = with_second_try(machine, str.upper, ["a", "b", "c"], lambda done, of: heard.append((done, of)))
    assert answers == ["A", "B", Refusal(MACHINE)]
    assert (machine.asked, heard) == (["a", "b", "c", "a", "c"], [(1, 3), (2, 3), (3, 3)])
    assert [is_passing(answer) for answer in answers] == [False, False, True]


def test_nobody_need_listen() -> None:
    assert with_second_try(Machine(), str.upper, ["a"]) == ["A"]


def test_a_refusal_of_the_file_is_not_tried_again() -> None:
    machine = Machine()
    assert with_second_try(machine, lambda task: Refusal("damaged"), ["a"]) == [Refusal("damaged")]
    assert machine.asked == ["a"]
    assert not is_passing(Refusal("damaged"))


@pytest.mark.parametrize(
    ("error", "rule"),
    [
        (OSError(errno.ENOSPC, "full"), NO_SPACE),
        (OSError(errno.EDQUOT, "quota"), NO_SPACE),
        (OSError(errno.EMFILE, "files"), MACHINE),
        (OSError(errno.EIO, "io"), MACHINE),
        (RuntimeError(OSError(errno.EIO, "io")), MACHINE),
        (OSError(errno.ENOENT, "gone"), MACHINE),
        (MemoryError(), "reader_crashed"),
        (ValueError("odd"), "reader_crashed"),
    ],
)
def test_what_a_machine_does_to_a_reader_is_no_fault_of_the_file(error: BaseException, rule: str) -> None:
    assert refusal_of(error) == Refusal(rule)


def test_what_cannot_go_on_over_a_fault_of_the_machine_stops_with_it(tmp_path: Path) -> None:
    for rule, number in ((MACHINE, errno.EIO), (NO_SPACE, errno.ENOSPC)):
        with pytest.raises(OSError) as stopped:
            raise_machine_fault(Refusal(rule), tmp_path)
        assert (stopped.value.errno, stopped.value.filename) == (number, str(tmp_path))
    raise_machine_fault(Refusal("damaged"), tmp_path)
    raise_machine_fault("an answer", tmp_path)
