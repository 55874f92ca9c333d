"""Rules over rows: one problem a cell, at its cell, with what is expected and what happens."""

import pandas as pd
import pytest
from take_in_builder import JUNE, SETTINGS, master_frame

from pipeline.contract.master_data import context_of
from pipeline.intake.cell_problems import MOST_NOTES
from pipeline.intake.check import Checked, check_rows
from pipeline.intake.raw import Cell
from pipeline.intake.settled import settle_table
from pipeline.intake.table import Table
from schemas.form import all_forms

MASTERS = {form: master_frame(form) for form in ("regions", "managers", "customers", "products")}
SALES: dict[str, Cell] = {
    "order_date": "2024-06-03",
    "customer_id": "030101",
    "product_id": "P002",
    "ordered_qty": 60.0,
    "sold_qty": 50.0,
    "amount": 6000.0,
    "closing_stock": 20.0,
}
VISIT: dict[str, Cell] = {
    "visit_date": "2024-06-04", "customer_id": "030101", "visit_kind": "计划", "special_reason": None,
    "arrived_at": 0.375, "left_at": 0.4, "informed": True, "market_info": None, "stock_checked": True,
    "stock_qty": None, "order_advice": None, "display_ok": True, "price_tags_replaced": None, "price_ok": True,
    "observed_price": None, "happened_on": None, "handling": None, "lawful": True,
    "customer_signed": True, "note": None,
}  # fmt: skip
DAYS = [f"2024-06-{day:02d}" for day in range(1, 31)]


def checked(form_key: str, base: dict[str, Cell], *changes: dict[str, Cell], repeats: bool = False) -> Checked:
    """Rows from sheet row 5 on, in columns from B on, each `base` with some cells changed; typed as in a CSV."""
    form = all_forms()[form_key]
    rows = [{**base, **change} for change in changes]
    names = [column.name for column in form.columns]
    cells: dict[str, list[Cell]] = {name: [row[name] for row in rows] for name in names}
    letters = {name: chr(ord("B") + place) for place, name in enumerate(names)}
    cells["manager_id"] = [row.get("manager_id", "M001") for row in rows]
    table = Table(form, "表", range(5, 5 + len(rows)), cells, letters, typeless=True)
    context = context_of(JUNE, MASTERS, SETTINGS.profile)
    return check_rows(settle_table(table, context), context, repeats=repeats)


def told(result: Checked) -> list[tuple[str, str, str, str]]:
    notes_of_reading = ("clock_was_number", "tidied")
    return [
        (one.cell, one.rule, one.found, one.effect) for one in result.problems if one.rule not in notes_of_reading
    ]


def sales(*changes: dict[str, Cell], repeats: bool = False) -> Checked:
    return checked("sales", SALES, *changes, repeats=repeats)


def test_good_rows_are_accepted_in_their_types_with_their_sheet_row():
    result = sales({}, {"order_date": "2024-06-30"})
    assert told(result) == []
    assert list(result.accepted.index) == [5, 6]
    assert result.accepted.dtypes.astype(str).to_dict() == {
        "order_date": "datetime64[ns]", "customer_id": "str", "product_id": "str", "ordered_qty": "Int64",
        "sold_qty": "Int64", "amount": "float64", "closing_stock": "Int64", "manager_id": "str",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"amount": None}, ("G5", "required", "")),
        ({"amount": "abc"}, ("G5", "number", "abc")),
        ({"ordered_qty": -1.0, "sold_qty": -5.0}, ("E5", "limits", "-1")),
        ({"closing_stock": 1.5}, ("H5", "whole", "1.5")),
        ({"order_date": "2024-07-01"}, ("B5", "month_order_date", "2024-07-01")),
        ({"order_date": "2024-05-31"}, ("B5", "month_order_date", "2024-05-31")),
        ({"customer_id": "999999"}, ("C5", "known_customer_id", "999999")),
        ({"product_id": "P009"}, ("D5", "known_product_id", "P009")),
        ({"sold_qty": 61.0}, ("F5", "sold_within_ordered", "61")),
        ({"customer_id": "030103"}, ("C5", "active_order_date", "030103")),
        ({"customer_id": "030104", "order_date": "2024-06-11"}, ("C5", "active_order_date", "030104")),
        ({"customer_id": "9" * 65}, ("C5", "too_long", "9" * 65)),
    ],
)
def test_one_fault_is_one_problem_at_its_cell_and_leaves_the_row_out(change, expected):
    result = sales(change, {"order_date": "2024-06-29"})
    faults = [one for one in told(result) if one[3] != "note"]
    if expected[1] == "too_long":
        faults = [one for one in faults if one[1] != "known_customer_id"]
    assert faults == [(*expected, "row left out")]
    assert list(result.accepted.index) == [6]
    assert list(result.left_out.index) == [5]


def test_a_customer_is_active_up_to_the_day_of_leaving():
    assert told(sales({"customer_id": "030104", "order_date": "2024-06-10"})) == []


def test_another_managers_customer_is_noted_and_counts_for_the_sender():
    result = sales({"customer_id": "030201"})
    assert told(result) == [("C5", "own_customer", "030201", "note")]
    assert list(result.accepted["manager_id"]) == ["M001"]


def test_an_amount_off_the_price_by_more_than_one_percent_is_noted_and_kept():
    priced: dict[str, Cell] = {"product_id": "P001"}
    assert told(sales({**priced, "amount": 6060.0})) == []
    assert told(sales({**priced, "amount": 6060.1})) == [("G5", "amount_fits_price", "6060.1", "note")]
    assert len(sales({**priced, "amount": 6060.1}).accepted) == 1


def test_a_return_is_negative_in_quantity_and_amount():
    assert told(sales({"ordered_qty": None, "sold_qty": -10.0, "amount": -1200.0})) == []


def test_of_equal_rows_the_first_counts():
    result = sales({}, {"order_date": "2024-06-04"}, {})
    assert told(result) == [("B7", "equal_row", "2024-06-03", "row left out")]
    assert dict(result.problems[0].details) == {"rows": "5"}
    assert list(result.accepted.index) == [5, 6]


def test_of_rows_for_one_record_that_differ_none_counts():
    result = sales({}, {"amount": 6001.0}, {"order_date": "2024-06-04"})
    assert told(result) == [
        ("B5", "same_key", "2024-06-03", "row left out"),
        ("B6", "same_key", "2024-06-03", "row left out"),
    ]
    assert [dict(one.details)["rows"] for one in result.problems] == ["6", "5"]
    assert list(result.accepted.index) == [7]


def test_a_good_row_is_not_lost_to_a_bad_one_for_the_same_record():
    result = sales({}, {"amount": "abc"})
    assert list(result.accepted.index) == [5]


def test_order_lines_of_an_export_may_repeat():
    assert told(sales({}, {}, {"amount": 6001.0}, repeats=True)) == []


def test_two_faults_in_one_row_are_two_problems_in_the_order_of_the_columns():
    result = sales({"amount": "abc", "order_date": "6/3/2024"}, {"order_date": "2024-06-29"})
    assert told(result) == [
        ("B5", "day", "6/3/2024", "row left out"),
        ("G5", "number", "abc", "row left out"),
    ]


def test_a_cell_that_was_not_understood_is_not_called_missing_too():
    assert [one[1] for one in told(sales({"sold_qty": "五十"}, {}))] == ["whole"]


def test_a_special_visit_needs_its_reason_and_a_broken_price_the_price_seen():
    result = checked("visits", VISIT, {"visit_kind": "特殊", "price_ok": False})
    assert told(result) == [
        ("E5", "filled_special_reason", "", "row left out"),
        ("P5", "filled_observed_price", "", "row left out"),
    ]


def test_nobody_leaves_before_arriving():
    result = checked("visits", VISIT, {"left_at": 0.375})
    assert told(result) == [("G5", "order_arrived_at_left_at", "09:00", "row left out")]


def test_many_notes_of_one_kind_are_told_in_one_and_none_is_uncounted():
    changes = [{"order_date": day, "customer_id": "030201"} for day in DAYS]
    result = sales(*changes)
    own = [one for one in result.problems if one.rule == "own_customer"]
    more = [dict(one.details) for one in result.problems if one.rule == "more_of_the_same"]
    assert len(own) == MOST_NOTES
    assert more == [{"count": str(len(DAYS) - MOST_NOTES), "rule": "own_customer"}]
    assert len(result.accepted) == len(DAYS)


def test_bad_cells_are_never_told_in_one():
    result = sales(*({"order_date": day, "amount": "abc"} for day in DAYS))
    assert [one[0] for one in told(result)] == [f"G{row}" for row in range(5, 35)]


def test_the_rows_that_come_in_are_left_as_they_were():
    form = all_forms()["sales"]
    cells = {name: [cell] for name, cell in SALES.items()}
    table = Table(form, "表", [5], cells, {})
    context = context_of(JUNE, MASTERS, SETTINGS.profile)
    settled = settle_table(table, context)
    before = settled.rows.copy()
    check_rows(settled, context)
    pd.testing.assert_frame_equal(settled.rows, before)
