"""A table's cells settled column by column: which rows are no use, which problems are of cells; on cells by hand."""

from dataclasses import replace

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.master_data import context_of
from pipeline.contract.problem import Problem
from pipeline.contract.trade import load_profile
from pipeline.intake.cell_problems import MOST_CELLS
from pipeline.intake.raw import Cell
from pipeline.intake.settled import Settled, settle_table, with_codes_meant
from pipeline.intake.table import Table
from schemas.form import Context, all_forms

SALES, VISITS = all_forms()["sales"], all_forms()["visits"]
GOOD: dict[str, Cell] = {"order_date": "2024-06-03", "customer_id": "C1", "product_id": "P1", "ordered_qty": 60.0,
                         "sold_qty": 50.0, "amount": 6000.0, "closing_stock": 20.0}  # fmt: skip
CUSTOMERS = pd.DataFrame({"customer_id": ["C1", "030101"], "customer_name": ["甲", "乙"]}, dtype="str")


def context(**masters: pd.DataFrame) -> Context:
    return context_of(Month(2024, 6), masters, load_profile("tobacco"))


def table(
    *rows: dict[str, Cell], typeless: bool = False, problems: tuple[Problem, ...] = (), **more: Cell
) -> Table:
    """Rows from 5 on, each GOOD but for some cells, and further columns of one cell each row."""
    columns = {name: [row.get(name, GOOD[name]) for row in rows] for name in GOOD}
    columns |= {name: [cell] * len(rows) for name, cell in more.items()}
    letters = {name: chr(66 + place) for place, name in enumerate(columns)}
    numbers = range(5, 5 + len(rows))
    return Table(SALES, "表", numbers, columns, letters, typeless, problems=problems)


def told(problems: tuple[Problem, ...]) -> list[tuple[str, str, str]]:
    return [(one.cell, one.rule, one.effect) for one in problems]


def test_a_row_with_a_cell_that_is_no_value_is_of_no_use_and_one_that_was_understood_is() -> None:
    found = settle_table(table({"sold_qty": "x"}, {"sold_qty": "５０"}, {}), context())
    assert told(found.problems) == [("F5", "whole", "row left out"), ("F6", "text_number", "note")]
    assert (found.unusable["sold_qty"], found.unusable["amount"]) == ({5}, frozenset())
    assert found.bad_rows == {5}
    assert list(found.rows.index) == [5, 6, 7]
    assert found.rows["sold_qty"].fillna(-1).tolist() == [-1, 50, 50]


def test_in_a_file_of_texts_numbers_and_days_as_text_are_nothing_odd() -> None:
    rows = ({"sold_qty": "50", "order_date": "2024/6/3"}, {"customer_id": " C1"})
    odd = settle_table(table(*rows), context())
    assert {("F5", "text_number", "note"), ("C6", "tidied", "note")} <= set(told(odd.problems))
    assert [(one.rule, one.column) for one in odd.remarks] == [("column_note", "order_date")]  # of both rows
    as_text = settle_table(table(*rows, typeless=True), context())
    assert told(as_text.problems) == [("C6", "tidied", "note")]
    assert (as_text.remarks, as_text.rows["sold_qty"].tolist()) == ((), [50, 50])


def test_what_is_to_be_said_of_several_cells_alike_is_said_of_the_column() -> None:
    found = settle_table(table({"sold_qty": "50"}, {"sold_qty": "60"}), context())
    assert [
        (one.rule, one.column, dict(one.details)["cells"]) for one in found.remarks if one.column == "sold_qty"
    ] == [("column_note", "sold_qty", "F5, F6")]


def test_of_cells_that_are_no_value_a_thousand_are_listed_and_of_those_that_were_understood_none_is_counted() -> (
    None
):
    understood = settle_table(table(*[{"sold_qty": "50"}] * (MOST_CELLS + 1)), context())
    assert [(one.rule, one.column) for one in understood.remarks] == [
        ("column_note", "order_date"),  # they are texts too
        ("column_note", "sold_qty"),
    ]
    wrong = settle_table(table(*[{"sold_qty": "x"}] * (MOST_CELLS + 1)), context())
    assert sum(one.rule == "whole" for one in wrong.problems) == MOST_CELLS
    assert [dict(one.details)["count"] for one in wrong.remarks if one.rule == "more_cells"] == ["1"]
    assert len(wrong.bad_rows) == MOST_CELLS + 1


def test_a_row_that_is_wrong_as_a_row_is_of_no_use() -> None:
    wrong = Problem("surplus_cells", "row left out", form="sales", sheet="表", cell="A6")
    found = settle_table(table({}, {}, problems=(wrong,)), context())
    assert found.bad_rows == {6}
    assert ("A6", "surplus_cells", "row left out") in told(found.problems)


def test_columns_that_the_sheet_lacks_are_empty() -> None:
    given = table({})
    cells = {name: held for name, held in given.cells.items() if name != "closing_stock"}
    found = settle_table(replace(given, cells=cells), context())
    assert found.rows["closing_stock"].isna().tolist() == [True]
    assert str(found.rows["closing_stock"].dtype) == "Int64"


def test_the_entries_of_a_list_are_those_of_the_trade() -> None:
    choice = next(one for one in VISITS.columns if one.kind == "choice")
    entry = (choice.choices or load_profile("tobacco").choices(choice.list_name))[0]
    given = Table(VISITS, "走访", [5, 6], {choice.name: [entry.zh, "没有的"]}, {choice.name: "D"})
    found = settle_table(given, context())
    assert found.rows[choice.name].fillna("").tolist() == [entry.key, ""]
    assert ("D6", "choice", "row left out") in told(found.problems)


def test_a_code_is_read_as_it_is_meant_where_the_master_data_are_known() -> None:
    given = table({"customer_id": "c1"}, {"customer_id": "30101"})
    assert settle_table(given, context()).rows["customer_id"].tolist() == ["c1", "30101"]
    found = settle_table(given, context(customers=CUSTOMERS))
    assert found.rows["customer_id"].tolist() == ["C1", "030101"]
    assert told(found.problems)[:2] == [("C5", "code_case", "note"), ("C6", "zero_restored", "note")]


# ── an export, whose master data depend on the month of a row ──


def meant(given: Settled, **masters: pd.DataFrame) -> Settled:
    return with_codes_meant(given, context(**masters))


def test_codes_of_an_exports_rows_are_read_by_the_master_data_of_their_month() -> None:
    given = settle_table(table({"customer_id": "c1"}, {"customer_id": "C1"}, {"customer_id": "X9"}), context())
    found = meant(given, customers=CUSTOMERS)
    assert found.rows["customer_id"].tolist() == ["C1", "C1", "X9"]
    assert given.rows["customer_id"].tolist() == ["c1", "C1", "X9"]
    new = found.problems[len(given.problems) :]
    assert [(one.cell, one.rule, one.found, one.effect) for one in new] == [("C5", "code_case", "c1", "note")]
    assert found.remarks == given.remarks


def test_several_that_are_meant_alike_are_told_of_the_column_and_empty_ones_are_left_alone() -> None:
    given = settle_table(table({"customer_id": "c1"}, {"customer_id": None}, {"customer_id": "c1"}), context())
    found = meant(given, customers=CUSTOMERS)
    assert found.rows["customer_id"].fillna("").tolist() == ["C1", "", "C1"]
    assert found.problems == given.problems
    (new,) = found.remarks[len(given.remarks) :]
    assert (new.rule, dict(new.details)["cells"], dict(new.details)["count"]) == ("column_note", "C5, C7", "2")


def test_without_master_data_and_where_every_code_is_known_all_stays_as_it_is() -> None:
    given = settle_table(table({"customer_id": "C1"}), context())
    assert meant(given).rows is given.rows
    assert meant(given, customers=CUSTOMERS).rows is given.rows
    assert meant(given, customers=CUSTOMERS).problems == given.problems


def test_the_code_of_the_sender_is_read_as_it_is_meant_too() -> None:
    managers = pd.DataFrame({"manager_id": ["M001"], "manager_name": ["李明"]}, dtype="str")
    given = settle_table(table({}, manager_id="m001"), context())
    found = meant(given, managers=managers)
    assert found.rows["manager_id"].tolist() == ["M001"]
    assert [one.rule for one in found.problems[len(given.problems) :]] == ["code_case"]
    assert str(found.rows["manager_id"].dtype) == str(given.rows["manager_id"].dtype)
