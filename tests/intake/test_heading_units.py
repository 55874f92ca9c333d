"""A heading, or the line above a table, that counts in another unit than the form's column."""

import io

import openpyxl
import pytest
from take_in_builder import Outcome, filled, sales_rows, take_file

from pipeline.intake.heading_units import other_unit
from schemas.form import all_forms

SALES = {column.name: column for column in all_forms()["sales"].columns}
VISITS = {column.name: column for column in all_forms()["visits"].columns}


@pytest.mark.parametrize(
    ("heading", "column", "unit"),
    [
        ("销量(箱)", SALES["sold_qty"], "箱"),
        ("销量（万条）", SALES["sold_qty"], "万条"),
        ("金额(单位：千元)", SALES["amount"], "千元"),
        ("金额[万元]*", SALES["amount"], "万元"),
        ("实际售价(元/包)", VISITS["observed_price"], "元/包"),
        ("销量(条)", SALES["sold_qty"], ""),
        ("Sold (cartons)", SALES["sold_qty"], ""),
        ("金额(人民币元)", SALES["amount"], ""),
        ("金额(含税)", SALES["amount"], ""),
        ("更换价签数(张)", VISITS["price_tags_replaced"], ""),
        ("实际售价(元)", VISITS["observed_price"], ""),
        ("销量", SALES["sold_qty"], ""),
    ],
)
def test_the_other_unit_that_a_heading_names(heading, column, unit):
    assert other_unit(heading, column, []) == unit


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("单位：万元", "万元"),
        ("计量单位: 箱、万元", "万元"),
        ("单位：元", ""),
        ("填报单位：万家乐公司", ""),
        ("单位：条", ""),
    ],
)
def test_the_unit_of_money_that_a_line_above_names(line, unit):
    assert other_unit("金额", SALES["amount"], [["销售明细", None], [None, line]]) == unit
    assert other_unit("金额(元)", SALES["amount"], [[line]]) == ""
    assert other_unit("销量", SALES["sold_qty"], [[line]]) == ""


def with_heading(cell: str, text: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(filled(sales_rows(2))))
    book["销售"][cell] = text
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def accepted(outcome: Outcome) -> int:
    return sum(part.rows - part.left_out for part in outcome.taken.parts)


@pytest.mark.parametrize(
    ("cell", "text"), [("F3", "销量(箱)"), ("G3", "金额(万元)"), ("G3", "金额（单位：千元）")]
)
def test_a_form_in_another_unit_is_left_out(tmp_path, cell, text):
    outcome = take_file(tmp_path, with_heading(cell, text))
    assert (accepted(outcome), outcome.taken.refused) == (0, "heading_unit")


@pytest.mark.parametrize(
    ("cell", "text"),
    [("F3", "*销量(条)"), ("F3", "销量（条）："), ("F3", "销量[条]"), ("F3", "销量【条】"), ("B3", "＊订货日期")],
)
def test_a_heading_with_signs_around_it_is_read(tmp_path, cell, text):
    assert accepted(take_file(tmp_path, with_heading(cell, text))) == 2
