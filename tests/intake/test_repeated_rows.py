"""Rows that stand twice: equal ones, of which the first counts, and rows of one key that contradict each other."""

from typing import Any

import pandas as pd
import pytest

from pipeline.intake.repeated_rows import Group, repeat_problem, repeated_rows
from pipeline.intake.table import SHEET_SPAN, Table
from schemas.form import all_forms

SALES = all_forms()["sales"]  # a customer's product of a day stands once
LETTERS = {"order_date": "B", "customer_id": "C", "product_id": "D"}
JUNE_3 = pd.Timestamp(2024, 6, 3)


def sales(*lines: tuple[str | None, str | None, int], manager: str = "", first: int = 5) -> pd.DataFrame:
    """Lines of June 3: customer, product, cartons."""
    rows = pd.DataFrame(
        {
            "order_date": JUNE_3,
            "customer_id": pd.Series([one for one, _, _ in lines], dtype="str"),
            "product_id": pd.Series([one for _, one, _ in lines], dtype="str"),
            "sold_qty": pd.Series([n for _, _, n in lines], dtype="Int64"),
        }
    )
    rows.index = pd.RangeIndex(first, first + len(lines))
    return rows.assign(manager_id=manager) if manager else rows


def table(rows: pd.DataFrame, **more: Any) -> Table:
    return Table(SALES, "销售", list(rows.index), {}, LETTERS, **more)


def twice(rows: pd.DataFrame) -> dict[int, tuple[list[int], bool]]:
    return {row: (list(one.rows), one.equal) for row, one in repeated_rows(table(rows), rows).items()}


def test_of_equal_rows_all_but_the_first_stand_twice() -> None:
    rows = sales(("C1", "P1", 5), ("C2", "P1", 5), ("C1", "P1", 5), ("C1", "P1", 5))
    assert twice(rows) == {7: ([5, 7, 8], True), 8: ([5, 7, 8], True)}


def test_of_rows_of_one_key_that_differ_none_counts() -> None:
    rows = sales(("C1", "P1", 5), ("C2", "P1", 5), ("C1", "P1", 6))
    assert twice(rows) == {5: ([5, 7], False), 7: ([5, 7], False)}


def test_two_equal_rows_and_a_third_of_their_key_that_differs_are_all_in_doubt() -> None:
    rows = sales(("C1", "P1", 5), ("C1", "P1", 5), ("C1", "P1", 6))
    assert twice(rows) == dict.fromkeys((5, 6, 7), ([5, 6, 7], False))


def test_rows_whose_key_has_an_empty_cell_stand_twice_too() -> None:
    assert twice(sales(("C1", None, 5), ("C1", None, 5), ("C1", "P1", 5))) == {6: ([5, 6], True)}


def test_the_same_line_of_two_managers_is_no_repetition() -> None:
    rows = pd.concat([sales(("C1", "P1", 5), manager="M1"), sales(("C1", "P1", 5), manager="M2", first=6)])
    assert twice(rows) == {}
    assert twice(pd.concat([rows, sales(("C1", "P1", 6), manager="M2", first=7)])) == dict.fromkeys(
        (6, 7), ([6, 7], False)
    )


def test_where_a_column_of_the_key_is_not_in_the_sheet_the_others_tell_the_rows_apart() -> None:
    rows = sales(("C1", "P1", 5), ("C1", "P1", 5)).drop(columns="order_date")
    (group,) = repeated_rows(table(rows), rows).values()
    told = repeat_problem(table(rows), rows, 6, group)
    assert (told.column, told.cell, told.found) == ("customer_id", "C6", "C1")


def test_an_equal_row_is_told_with_the_row_that_counts() -> None:
    rows = sales(("C1", "P1", 5), ("C1", "P1", 5), ("C1", "P1", 5))
    told = repeat_problem(table(rows), rows, 7, Group([5, 6, 7], True))
    assert (told.rule, told.effect, told.cell, told.column) == ("equal_row", "row left out", "B7", "order_date")
    assert (told.found, told.details) == ("2024-06-03", (("rows", "5"),))


def test_a_row_that_differs_is_told_with_all_others_of_its_key_and_not_with_itself() -> None:
    rows = sales(*[("C1", "P1", n) for n in range(3)])
    told = repeat_problem(table(rows), rows, 6, Group([5, 6, 7], False))
    assert (told.rule, told.details) == ("same_key", (("rows", "5, 7"),))


@pytest.mark.parametrize(
    ("count", "row", "named"),
    [
        (11, 5, "6, 7, 8, 9, 10, 11, 12, 13, 14, 15"),
        (11, 15, "5, 6, 7, 8, 9, 10, 11, 12, 13, 14"),
        (12, 5, "6, 7, 8, 9, 10, 11, 12, 13, 14, 15 …"),
        (12, 16, "5, 6, 7, 8, 9, 10, 11, 12, 13, 14 …"),
    ],
)
def test_of_many_rows_of_one_key_ten_others_are_named(count: int, row: int, named: str) -> None:
    rows = sales(*[("C1", "P1", n) for n in range(count)])
    told = repeat_problem(table(rows), rows, row, Group(list(rows.index), False))
    assert dict(told.details)["rows"] == named


def test_of_many_equal_rows_only_the_first_is_named() -> None:
    rows = sales(*[("C1", "P1", 5)] * 13)
    told = repeat_problem(table(rows), rows, 17, Group(list(rows.index), True))
    assert dict(told.details)["rows"] == "5"


def test_the_other_row_is_named_with_its_sheet_where_that_is_another_one() -> None:
    further = SHEET_SPAN + 9
    rows = pd.concat([sales(("C1", "P1", 5)), sales(("C1", "P1", 5), first=further)])
    given = table(rows, further=(("销售2", LETTERS),))
    told = repeat_problem(given, rows, further, Group([5, further], True))
    assert (told.sheet, told.cell, told.details) == ("销售2", "B9", (("rows", "销售!5"),))
