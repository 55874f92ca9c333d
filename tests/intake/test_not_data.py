"""Totals, signatures, remarks below (and in) a table are no data; a row of a customer is, whatever it is called."""

import io
from collections.abc import Sequence

import openpyxl
import pandas as pd
import pytest
from take_in_builder import Outcome, filled, sales_rows, take_file

from pipeline.contract.settings import settings_from

# Three good sales of 50 cartons and 6,000 yuan each stand in sheet rows 5 to 7.
ROWS, CARTONS, YUAN = 3, 150, 18_000.0
COLUMNS = (1, 2, 3, 9, 4, 10, 5, 6, 7, 8)


def with_rows(*rows: Sequence[object], count: int = ROWS) -> bytes:
    """A filled form with rows typed below its data: number, day, customer, its name, product, its name, ordered, sold,
    amount, stock; the names stand in columns of their own right of the others."""
    book = openpyxl.load_workbook(io.BytesIO(filled(sales_rows(count), spare_rows=0)))
    sheet = book["销售"]
    sheet["I3"], sheet["J3"] = "客户名称", "品规名称"
    for number, row in enumerate(rows, 5 + count):
        for place, cell in enumerate(row):
            sheet.cell(number, COLUMNS[place]).value = cell
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def account(outcome: Outcome) -> tuple[int, int, dict[str, int]]:
    """Kept, left out, and what is no data but for empty rows and the example, of the sales."""
    (one,) = (one for one in outcome.taken.accounts if one.form == "sales")
    assert one.rows == one.kept + one.left_out + sum(count for _, count in one.not_data)
    assert one.amount_left_out_yuan == outcome.part("sales").amount_left_out_yuan
    return one.kept, one.left_out, {why: n for why, n in one.not_data if why not in ("blank", "example")}


N = None
TOTALS = {
    "word_in_first_column": ["合计", N, N, N, N, N, 150, 150, 18_000],
    "word_in_the_day": [N, "合 计", N, N, N, N, 150, 150, 18_000],
    "word_in_the_customers_code": [N, N, "总计", N, N, N, N, 150, 18_000],
    "word_in_the_customers_name": [N, N, N, "共计：", N, N, N, 150, 18_000],
    "word_in_the_product": [N, N, N, N, "合计（元）", N, N, N, 18_000],
    "word_in_a_number": [N, N, N, N, N, N, "累计", 150, 18_000],
    "word_and_day": [N, pd.Timestamp(2024, 6, 30), "本月合计", N, N, N, N, 150, 18_000],
    "word_and_wrong_sum": ["合计", N, N, N, N, N, N, 149, 17_000],
    "word_alone": ["总计", N, N, N, N, N, N, N, N],
    "count_of_lines": ["共 3 条", N, N, N, N, N, N, N, N],
    "english": ["Grand Total", N, N, N, N, N, N, 150, 18_000],
    "average": ["平均", N, N, N, N, N, N, 50, 6_000],
    "largest_beside_the_product": [N, N, N, N, "最大值", N, N, 50, 6_000],
    "share": ["占比(%)", N, N, N, N, N, "100%", "100%", "100%"],
    "growth": ["同比增长率", N, N, N, N, N, N, "5.2%", "-3.1%"],
    "target": ["本月目标", N, N, N, N, N, N, 200, 20_000],
    "done_of_the_target": ["完成率：", N, N, N, N, N, N, "75%", "90%"],
    "amount_in_words": ["合计（大写）", N, N, N, "壹万捌仟元整", N, N, N, 18_000],
    "amount_in_words_beside": ["人民币大写", "壹万捌仟元整", N, N, N, N, N, N, N],
    "english_average": ["Average", N, N, N, N, N, N, 50, 6_000],
    "both_languages": ["Total/合计", N, N, N, N, N, N, 150, 18_000],
    "amount_alone": [N, N, N, N, N, N, N, N, 18_000],
    "sums_without_a_word": [N, N, N, N, N, N, 180, 150, 18_000],
    "sums_with_a_day": [N, pd.Timestamp(2024, 6, 30), N, N, N, N, N, 150, 18_000],
    "formula_never_calculated": [N, N, N, N, N, N, N, "=SUM(F5:F7)", "=SUBTOTAL(9,G5:G7)"],
}


@pytest.mark.parametrize("row", TOTALS.values(), ids=TOTALS)
def test_a_total_below_the_data_is_no_data_and_no_amount_left_out(tmp_path, row):
    outcome = take_file(tmp_path, with_rows(row))
    assert account(outcome) == (3, 0, {"total": 1})
    assert (outcome.part("sales").rows, outcome.part("sales").amount_yuan) == (ROWS, YUAN)
    assert outcome.rows("sales")["sold_qty"].sum() == CARTONS
    assert outcome.problems == [("", "not_data", "note")]
    assert dict(outcome.told[0].details)["rows"] == "8"


SUBTOTALS = {
    "of_excel": [N, N, "030101 汇总", N, N, N, N, 150, 18_000],
    "of_excel_in_english": [N, N, "030101 Total", N, N, N, N, 150, 18_000],
    "of_a_person": ["李明小计", N, N, N, N, N, N, 150, 18_000],
    "of_a_page": ["本页小计", N, N, N, N, N, N, 150, 18_000],
}


@pytest.mark.parametrize("row", SUBTOTALS.values(), ids=SUBTOTALS)
def test_a_subtotal_and_the_grand_total_below_it_are_no_data(tmp_path, row):
    outcome = take_file(tmp_path, with_rows(row, [], ["总计", N, N, N, N, N, N, 150, 18_000]))
    assert account(outcome) == (3, 0, {"subtotal": 1, "total": 1})


LINES = {
    "signatures": (["制表人：王芳", N, "审核人：李明", N, N, N, "日期：2024-07-01"], "signature"),
    "signatures_in_cells_of_their_own": (["制表人", "王芳", "审核", "李明", N], "signature"),
    "leaders": ([N, "单位负责人（签字）：", N, N, N], "signature"),
    "remark": (["备注：退货已扣除", N, N, N, N], "remark"),
    "remark_of_several_cells": (["说明：", "本表不含赠品", N, N, N], "remark"),
    "long_remark": (["备注：" + "本月促销价已计入金额，" * 3, N, N, N, N], "remark"),
    "prose": ([N, "以上数据截至6月30日，退货已扣除。", N, N, N], "remark"),
    "prose_in_the_first_column": (["以上数据截至6月30日，退货已扣除。", N, N, N, N], "remark"),
    "prepared_by": (["Prepared by: Wang Fang", N, N, N, "Approved by:"], "signature"),
    "line_drawn_with_signs": (["----", "——", "~~~~", N, "－－"], "remark"),
    "headings_again": (["序号", "订货日期", "客户编码", "客户名称", "品规编码", "品规名称", "订货量(条)", "销量(条)",
                        "金额(元)", "期末库存(条)"], "heading"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "why"), LINES.values(), ids=LINES)
def test_signatures_and_remarks_below_the_data_cost_no_line(tmp_path, row, why):
    outcome = take_file(tmp_path, with_rows([], row))
    assert account(outcome) == (3, 0, {why: 1})
    assert outcome.problems == [("", "not_data", "note")]


DATA = {
    "customer_called_subtotal": [
        N,
        pd.Timestamp(2024, 6, 9),
        "030101",
        "小计便利店",
        "P002",
        N,
        60,
        50,
        6_000,
        20,
    ],
    "customer_called_total": [
        "合计",
        pd.Timestamp(2024, 6, 9),
        "030101",
        "合计超市",
        "P002",
        N,
        60,
        50,
        6_000,
        20,
    ],
    "sold_as_much_as_all_others": [N, pd.Timestamp(2024, 6, 9), "030101", N, "P002", N, 180, 150, 18_000, 20],
}


@pytest.mark.parametrize("row", DATA.values(), ids=DATA)
def test_a_row_with_its_codes_is_data_whatever_its_words_and_sums_are(tmp_path, row):
    outcome = take_file(tmp_path, with_rows(row))
    assert account(outcome) == (4, 0, {})


LEFT_OUT = {
    "customer_forgotten": [N, pd.Timestamp(2024, 6, 9), N, N, "P002", N, 60, 50, 6_000, 20],
    "customer_forgotten_and_a_word_for_averages_beside": [
        "平均", pd.Timestamp(2024, 6, 9), N, N, "P002", N, 60, 50, 6_000, 20],
    "customer_forgotten_with_the_sums_of_others": [
        N, pd.Timestamp(2024, 6, 9), N, N, "P002", N, 180, 150, 18_000, 20],
    "month_total_of_a_customer_with_a_word_for_a_day": [N, "6月合计", "030101", N, "P002", N, 60, 50, 6_000, 20],
    "amount_that_is_no_sum": [N, N, N, N, N, N, N, N, 17_000],
    "name_without_a_code": [N, N, N, "便民烟酒店", N, N, N, 150, 18_000],
}  # fmt: skip


@pytest.mark.parametrize("row", LEFT_OUT.values(), ids=LEFT_OUT)
def test_a_row_that_may_be_a_sale_is_left_out_and_told(tmp_path, row):
    outcome = take_file(tmp_path, with_rows(row))
    assert account(outcome) == (3, 1, {})
    assert all(one.cell.endswith("8") for one in outcome.told if one.effect == "row left out")
    assert outcome.part("sales").amount_left_out_yuan == row[8]


def test_one_row_alone_makes_no_total_of_a_row_that_is_like_it(tmp_path):
    outcome = take_file(tmp_path, with_rows([N, N, N, N, N, N, 60, 50, 6_000], count=1))
    assert account(outcome) == (1, 1, {})


def test_a_form_with_nothing_but_a_total_has_not_come(tmp_path):
    outcome = take_file(tmp_path, with_rows(["合计", N, N, N, N, N, N, 0, 0], count=0))
    assert outcome.taken.parts == ()
    assert outcome.problems == [("", "not_data", "note")]


EXPORT = {
    "files": "订单*", "form": "sales", "repeats": True,
    "columns": {"manager_id": "业务员", "order_date": "日期", "customer_id": "客户", "product_id": "品规",
                "sold_qty": "数量", "amount": "金额"},
}  # fmt: skip
HEADER = ["业务员", "日期", "客户", "品规", "数量", "金额"]
LINES_OF_TWO = [
    ["M001", "2024-06-03", "030101", "P002", 10, 1_000],
    ["M001", "2024-06-04", "030102", "P002", 20, 2_000],
    ["M002", "2024-06-05", "030201", "P002", 30, 3_000],
    ["M002", "2024-06-06", "030201", "P002", 40, 4_000],
]


def export(folder, *sheets: Sequence[Sequence[object]], name: str = "订单.xlsx", **changes: object) -> Outcome:
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return take_file(folder, buffer.getvalue(), name, settings=settings_from({"exports": [{**EXPORT, **changes}]}))


def counts(outcome: Outcome) -> list[tuple[str, int, int]]:
    return [(one.manager_id, one.rows, one.left_out) for one in outcome.taken.parts]


def test_totals_by_manager_without_a_word_are_seen_by_their_sums(tmp_path):
    first, second = LINES_OF_TWO[:2], LINES_OF_TWO[2:]
    outcome = export(
        tmp_path,
        [
            HEADER,
            *first,
            ["M001", N, N, N, 30, 3_000],
            *second,
            ["M002", N, N, N, 70, 7_000],
            [N, N, N, N, 100, 10_000],
        ],
    )
    assert counts(outcome) == [("M001", 2, 0), ("M002", 2, 0)]
    (one,) = outcome.taken.accounts
    assert (one.rows, one.kept, one.left_out, dict(one.not_data)) == (7, 4, 0, {"total": 3})


def test_a_total_above_the_data_is_seen_by_its_sums(tmp_path):
    outcome = export(tmp_path, [HEADER, [N, N, N, N, 100, 10_000], *LINES_OF_TWO])
    assert counts(outcome) == [("M001", 2, 0), ("M002", 2, 0)]


def test_a_dated_total_with_a_word_for_the_customer_is_no_data(tmp_path):
    outcome = export(tmp_path, [HEADER, *LINES_OF_TWO, [N, "2024-06-30", "合计", N, 100, 10_000]])
    assert counts(outcome) == [("M001", 2, 0), ("M002", 2, 0)]
    assert outcome.problems == [("", "not_data", "note")] or outcome.problems[-1] == ("", "not_data", "note")


def test_rows_that_the_mapping_does_not_ask_for_are_accounted_for(tmp_path):
    rows = [[*LINES_OF_TWO[0], "已完成"], [*LINES_OF_TWO[1], "作废"]]
    outcome = export(tmp_path, [[*HEADER, "状态"], *rows], where={"状态": "已完成"})
    assert [dict(one.not_data) for one in outcome.taken.accounts] == [{"unasked": 1}]
