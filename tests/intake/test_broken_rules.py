"""The rules that rows break, and how each is told: at which cell, as it was typed, with what is expected; by hand."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.contract.master_data import context_of
from pipeline.contract.trade import load_profile
from pipeline.intake.broken_rules import (
    Broken,
    _limits,
    as_typed,
    broken_problem,
    broken_rules,
    rows_without,
)
from pipeline.intake.settled import Settled
from pipeline.intake.table import Table
from schemas.form import Form, Rule, all_forms

VISITS, SALES = all_forms()["visits"], all_forms()["sales"]
CONTEXT = context_of(Month(2024, 6), {}, load_profile("tobacco"))
NEVER = Rule("never", "sold_qty", "不许", "never", lambda rows, context: pd.Series(False, index=rows.index))


def sales(**columns: list[Any]) -> pd.DataFrame:
    """Two good lines of sales in rows 5 and 6, with other cells as given."""
    given = {
        "order_date": [pd.Timestamp(2024, 6, 3), pd.Timestamp(2024, 6, 4)],
        "customer_id": ["C1", "C2"],
        "product_id": ["P1", "P1"],
        "ordered_qty": [60, 60],
        "sold_qty": [50, 50],
        "amount": [6000.0, 6000.0],
        "closing_stock": [20, 20],
        **columns,
    }
    frame = pd.DataFrame(given, index=pd.Index([5, 6]))
    return frame.astype({name: kind for name, kind in SALES.dtypes.items() if name in frame})


def settled(rows: pd.DataFrame, form: Form = SALES, **unusable: set[int]) -> Settled:
    letters = {name: chr(66 + number) for number, name in enumerate(form.dtypes)}
    held = {name: frozenset(ones) for name, ones in unusable.items()}
    return Settled(Table(form, "销售", list(rows.index), {}, letters), rows, (), (), held)


def broken(given: Settled) -> list[tuple[str, str, list[int]]]:
    return [(one.rule, one.column, list(one.rows)) for one in broken_rules(given, CONTEXT)]


def bare(*rules: Rule) -> Form:
    """The form of sales with these rules alone, of columns that refer to nothing."""
    columns = tuple(replace(one, refers_to="", in_month=False) for one in SALES.columns)
    return replace(SALES, rules=rules, columns=columns)


def test_rows_that_keep_all_rules_break_none() -> None:
    assert broken(settled(sales(), bare())) == []


def test_an_empty_cell_that_must_be_filled_and_one_below_its_limit_are_told_of_their_columns() -> None:
    given = settled(sales(customer_id=["C1", None], closing_stock=[-1, 20]), bare())
    assert broken(given) == [("required", "customer_id", [6]), ("limits", "closing_stock", [5])]


def test_a_cell_that_is_no_value_at_all_is_not_told_of_again_as_empty() -> None:
    given = settled(sales(customer_id=[None, None]), bare(), customer_id={5})
    assert broken(given) == [("required", "customer_id", [6])]


def test_a_cell_that_is_no_value_at_all_breaks_no_rule_over_several_cells() -> None:
    rows = sales()
    assert broken(settled(rows, bare(NEVER), sold_qty={6})) == [("never", "sold_qty", [5])]
    assert broken(settled(rows, bare(NEVER), sold_qty={5, 6})) == []


def test_without_rows_no_rule_is_broken() -> None:
    assert broken(settled(sales().iloc[:0], bare(NEVER))) == []


@pytest.mark.parametrize(
    ("least", "most", "span"),
    [(0.0, None, "≥ 0"), (None, 100.0, "≤ 100"), (0.5, 24.0, "0.5–24"), (0.0, 0.0, "0–0")],
)
def test_a_limit_is_told_as_what_is_allowed(least: float | None, most: float | None, span: str) -> None:
    columns = tuple(replace(one, least=least, most=most) for one in SALES.columns)
    assert _limits(replace(SALES, columns=columns), "amount") == (("span", span),)


def test_a_broken_rule_is_told_at_its_cell_with_what_stands_there_and_the_hints_of_its_row() -> None:
    given = settled(sales())
    rule = Broken("limits", "amount", "row left out", [6], (("span", "≥ 0"),), {6: (("near", "x"),)})
    told = broken_problem(given.table, given.rows, 6, rule)
    assert (told.rule, told.effect, told.form, told.sheet) == ("limits", "row left out", "sales", "销售")
    assert (told.cell, told.column, told.found) == ("G6", "amount", "6000")
    assert told.details == (("span", "≥ 0"), ("near", "x"))
    assert broken_problem(given.table, given.rows, 5, rule).details == (("span", "≥ 0"),)


def test_of_an_empty_cell_nothing_is_quoted() -> None:
    given = settled(sales(customer_id=["C1", None]))
    rule = Broken("required", "customer_id", "row left out", [6])
    assert broken_problem(given.table, given.rows, 6, rule).found == ""


@pytest.mark.parametrize(
    ("column", "value", "typed"),
    [
        ("arrived_at", 0, "00:00"),
        ("arrived_at", 59, "00:59"),
        ("arrived_at", 61, "01:01"),
        ("arrived_at", 1439, "23:59"),
        ("visit_date", pd.Timestamp(2024, 6, 3), "2024-06-03"),
        ("customer_id", "030101", "030101"),
    ],
)
def test_a_value_is_quoted_as_the_sheet_shows_it(column: str, value: Any, typed: str) -> None:
    assert str(as_typed(Table(VISITS, "走访", [5], {}, {}), column, value)) == typed


def test_a_number_is_quoted_without_the_decimals_that_it_has_not() -> None:
    table = Table(SALES, "销售", [5], {}, {})
    assert [str(as_typed(table, "amount", one)) for one in (6000.0, 0.1, -5.25)] == ["6000", "0.1", "-5.25"]


def test_rows_are_left_out_by_their_numbers() -> None:
    rows = sales()
    assert list(rows_without(rows, {5, 99}).index) == [6]
    assert list(rows_without(rows, set()).index) == [5, 6]
