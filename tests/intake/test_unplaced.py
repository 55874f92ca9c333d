"""Rows of an export that count for nobody: one problem a row, at the cell that is to be put right; by hand."""

import datetime as dt
from collections.abc import Sequence

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.contract.master_data import context_of
from pipeline.contract.problem import Problem
from pipeline.contract.settings import settings_from
from pipeline.intake.cell_problems import MOST_CELLS
from pipeline.intake.codes import codes_of
from pipeline.intake.nearest import nearest_of
from pipeline.intake.placing import WhoseRows
from pipeline.intake.settled import Settled
from pipeline.intake.table import SHEET_SPAN, Table
from pipeline.intake.taken import FileTask
from pipeline.intake.unplaced import undated_rows, unplaced_rows, within_span
from schemas.form import all_forms

SALES = all_forms()["sales"]
JUNE = Month(2024, 6)
LETTERS = {"order_date": "B", "customer_id": "C", "manager_id": "F"}
TASK = FileTask("/x/original", "订单.xlsx", "aa", "monthly", settings_from({}), (), "/x", ())
SPAN = (dt.date(2024, 6, 3), dt.date(2024, 6, 9))
Told = tuple[str, str, str, str]


def _looked_up(rule: str) -> WhoseRows:
    return WhoseRows(rule=rule, hint=nearest_of(codes_of(CONTEXT.lookup("managers"))).hint)


def settled(rows: pd.DataFrame, *problems: Problem) -> Settled:
    return Settled(Table(SALES, "订单", list(rows.index), {}, LETTERS), rows, problems)


def undated(*managers: str | None, first: int = 5) -> pd.DataFrame:
    index = pd.RangeIndex(first, first + len(managers))
    return pd.DataFrame({"manager_id": pd.Series(managers, index=index, dtype="str")}, index=index)


def left_out(column: str, cell: str, rule: str = "day") -> Problem:
    return Problem(rule, "row left out", form="sales", sheet="订单", cell=cell, column=column)


def told(problems: Sequence[Problem]) -> list[Told]:
    return [(one.rule, one.cell, one.manager_id, one.file) for one in problems]


# ── without a usable date ──


def test_a_row_whose_date_cannot_be_read_is_told_at_its_date_with_what_is_wrong_there() -> None:
    rows = undated("M001", None)
    found = undated_rows(TASK, settled(rows, left_out("order_date", "B5")), rows)
    assert told(found) == [("day", "B5", "M001", "订单.xlsx"), ("required", "B6", "", "订单.xlsx")]
    assert [(one.effect, one.column, one.sheet) for one in found] == [("row left out", "order_date", "订单")] * 2


def test_another_wrong_cell_of_the_row_is_not_taken_for_the_reason_why_it_has_no_date() -> None:
    rows = undated("M001")
    assert told(undated_rows(TASK, settled(rows, left_out("sold_qty", "E5", "whole")), rows)) == [
        ("required", "B5", "M001", "订单.xlsx")
    ]


def test_a_note_on_the_date_is_not_taken_for_the_reason_why_the_row_is_left_out() -> None:
    rows = undated("M001")
    note = Problem("time_dropped", "note", form="sales", sheet="订单", cell="B5", column="order_date")
    assert told(undated_rows(TASK, settled(rows, note), rows)) == [("required", "B5", "M001", "订单.xlsx")]


def test_a_row_that_is_wrong_as_a_whole_is_told_as_that() -> None:
    rows = undated("M001")
    assert told(undated_rows(TASK, settled(rows, left_out("", "A5", "columns_shifted")), rows)) == [
        ("columns_shifted", "A5", "M001", "订单.xlsx")
    ]


def test_where_no_column_names_the_managers_undated_rows_are_nobodys() -> None:
    rows = undated("M001").drop(columns="manager_id")
    assert told(undated_rows(TASK, settled(rows), rows)) == [("required", "B5", "", "订单.xlsx")]


@pytest.mark.parametrize(("surplus", "counted"), [(0, []), (1, ["1"]), (2, ["2"])])
def test_of_undated_rows_the_first_thousand_are_listed_and_the_rest_counted(
    surplus: int, counted: list[str]
) -> None:
    rows = undated(*["M001"] * (MOST_CELLS + surplus))
    found = undated_rows(TASK, settled(rows), rows)
    assert [one.cell for one in found[:MOST_CELLS]] == [f"B{row}" for row in range(5, 5 + MOST_CELLS)]
    more = found[MOST_CELLS:]
    assert [dict(one.details)["count"] for one in more] == counted
    assert all((one.rule, one.file) == ("more_cells", "订单.xlsx") for one in more)


# ── outside the days that the export covers ──


def dated(*days: str | None) -> pd.DataFrame:
    return pd.DataFrame({"order_date": pd.to_datetime(list(days))}, index=range(5, 5 + len(days)))


def test_the_first_and_the_last_day_that_an_export_covers_are_its_own_and_those_around_are_not() -> None:
    rows = dated("2024-06-02", "2024-06-03", "2024-06-09", "2024-06-10", None)
    kept, found = within_span(TASK, settled(rows), SPAN)
    assert list(kept.rows.index) == [6, 7, 9]  # a row without a date is another matter
    assert [(one.rule, one.cell, one.found) for one in found] == [
        ("outside_span", "B5", "2024-06-02"),
        ("outside_span", "B8", "2024-06-10"),
    ]


def test_a_row_outside_is_told_with_the_days_that_the_export_covers() -> None:
    _, (one,) = within_span(TASK, settled(dated("2024-07-01")), SPAN)
    assert one.details == (("first", "2024-06-03"), ("last", "2024-06-09"))
    assert (one.effect, one.file, one.sheet, one.form) == ("row left out", "订单.xlsx", "订单", "sales")


def test_where_all_lie_within_nothing_is_told_and_nothing_lost() -> None:
    given = settled(dated("2024-06-05"))
    kept, found = within_span(TASK, given, SPAN)
    assert (list(kept.rows.index), found) == ([5], [])


@pytest.mark.parametrize(("surplus", "counted"), [(0, []), (1, ["1"])])
def test_of_rows_outside_the_first_thousand_are_listed_and_the_rest_counted(
    surplus: int, counted: list[str]
) -> None:
    kept, found = within_span(TASK, settled(dated(*["2024-07-01"] * (MOST_CELLS + surplus))), SPAN)
    assert (len(kept.rows), sum(one.rule == "outside_span" for one in found)) == (0, MOST_CELLS)
    assert [dict(one.details)["count"] for one in found if one.rule == "more_cells"] == counted
    assert {one.file for one in found} == {"订单.xlsx"}


# ── of no manager ──

MANAGERS = pd.DataFrame({"manager_id": ["M0001", "M0002"], "manager_name": ["李明", "王芳"]}).astype("str")
CONTEXT = context_of(JUNE, {"managers": MANAGERS}, settings_from({}).profile)


def test_a_row_of_a_manager_whom_nobody_knows_is_told_with_the_code_that_is_nearest() -> None:
    rows = undated("M00O1", None)
    one, empty = unplaced_rows(TASK, settled(rows), rows, _looked_up("known_managers"), JUNE)
    assert (one.rule, one.effect, one.cell, one.found, one.month) == (
        "known_managers", "row left out", "F5", "M00O1", "2024-06",
    )  # fmt: skip
    assert "M0001" in dict(one.details).values()
    assert (empty.cell, empty.found, empty.details) == ("F6", "", ())


def test_where_the_managers_are_not_looked_up_no_code_is_proposed() -> None:
    rows = undated("M00O1")
    (one,) = unplaced_rows(TASK, settled(rows), rows, WhoseRows(rule="no_masters"), JUNE)
    assert (one.rule, one.found, one.details) == ("no_masters", "M00O1", ())


def test_a_row_of_a_further_sheet_is_told_with_that_sheets_name_and_row() -> None:
    rows = undated("M9", first=SHEET_SPAN + 7)
    table = Table(SALES, "一", [5, SHEET_SPAN + 7], {}, LETTERS, further=(("二", {"manager_id": "H"}),))
    (one,) = unplaced_rows(TASK, Settled(table, rows, ()), rows, WhoseRows(rule="no_masters"), JUNE)
    assert (one.sheet, one.cell) == ("二", "H7")


@pytest.mark.parametrize(("surplus", "counted"), [(0, []), (1, ["1"])])
def test_of_rows_of_nobody_the_first_thousand_are_listed_and_the_rest_counted(
    surplus: int, counted: list[str]
) -> None:
    rows = undated(*["M9"] * (MOST_CELLS + surplus))
    found = unplaced_rows(TASK, settled(rows), rows, WhoseRows(rule="no_masters"), JUNE)
    assert sum(one.rule == "no_masters" for one in found) == MOST_CELLS
    assert [dict(one.details)["count"] for one in found if one.rule == "more_cells"] == counted
    assert {(one.file, one.month) for one in found} == {("订单.xlsx", "2024-06")}
