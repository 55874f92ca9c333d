"""What a row below a heading is, row by row, on five columns of a sales sheet made by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from pipeline.intake.not_data import Sheet, has_content, has_words, rows_not_data
from pipeline.intake.raw import Cell, UncalculatedFormula
from schemas.form import Form, all_forms

SALES, SATISFACTION = all_forms()["sales"], all_forms()["satisfaction"]
HEADING = ["日期", "客户", "品规", "数量", "金额"]
PLACES = {"order_date": 0, "customer_id": 1, "product_id": 2, "sold_qty": 3, "amount": 4}
N = None


def kinds(
    *rows: Sequence[Cell],
    form: Form = SALES,
    places: Mapping[str, int] = PLACES,
    heading: Sequence[Cell] = HEADING,
) -> dict[int, str]:
    return rows_not_data(Sheet(form, rows, places, heading, range(len(rows))))


def line(customer: Cell, cartons: float, yuan: float | None = None) -> list[Cell]:
    return ["2024-06-03", customer, "P1", cartons, cartons * 100 if yuan is None else yuan]


def below(*row: Cell) -> str:
    """What a row is that stands below two sales of 10 and 20 cartons; empty for a row of data."""
    return kinds(line("C1", 10), line("C2", 20), row).get(2, "")


# ── words ──


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("合计：" + "1" * 21, "total"),  # 24 characters
        ("合计：" + "1" * 22, "remark"),  # too long for a word: a sentence
        ("平均：" + "好" * 77, "total"),  # 80 characters: a statistic
        ("制表人：" + "甲" * 76, "signature"),
        ("制表人：" + "甲" * 77, "remark"),  # a sentence
        ("小计/页合计", "subtotal"),
        ("合计（元）", "total"),
        ("合计/元", "total"),
        ("元/条", ""),  # units alone say nothing
        ("元", ""),
        ("/合计", "total"),
        ("030101 汇总", "subtotal"),
        ("总和便利店", ""),  # a shop's name
        ("备注", "remark"),
        ("－－－－", "remark"),  # a line
        ("-", ""),  # a sign for nothing
    ],
)
def test_a_word_in_the_first_cell_of_an_otherwise_empty_row_says_what_it_is(text: str, kind: str) -> None:
    assert below(text, N, N, N, N) == kind


def test_a_total_is_a_total_in_a_row_that_is_otherwise_full_where_a_code_is_a_word() -> None:
    assert below("2024-06-30", "合计", "P1", 999, 9) == "total"
    assert below("2024-06-30", N, "合计", 999, 9) == "total"
    assert below("合计", "C3", "P1", 999, 9) == ""  # its codes are there: a row whose date is wrong


def test_a_subtotal_by_its_word_and_one_that_names_its_group() -> None:
    assert below("小计", N, N, 999, 9) == "subtotal"
    assert below("小计", "合计", N, 999, 9) == "total"  # the wider of two words
    assert below("李明小计", N, N, 999, 9) == "subtotal"
    assert below("2024-06-30", "C1 小计", "P1", 999, 9) == "subtotal"  # in a column that must be filled
    assert below("2024-06-30", N, "P1", 999, "李明小计") == "subtotal"
    beside = kinds(["2024-06-30", N, "P1", 999, 9, "李明小计"], heading=[*HEADING, "店名"])
    assert beside == {}  # beside the form's columns a word is a name, where the row is otherwise full


def test_an_average_counts_as_a_total_where_the_row_is_mostly_empty_or_the_word_stands_in_a_column_to_fill() -> (
    None
):
    assert below(N, N, N, "平均", 9) == "total"
    assert below("2024-06-30", "平均", "P1", 999, 9) == "total"
    beside = [["2024-06-30", N, "P1", 999, 9, "平均"], [N, N, N, 999, 9, "平均"]]
    assert kinds(*beside, heading=[*HEADING, "店名"]) == {1: "total"}


def test_a_signature_says_more_than_a_remark_beside_it() -> None:
    assert below("制表人：王芳", "备注：无", N, N, N) == "signature"
    assert below("备注：无", N, N, N, N) == "remark"
    assert below("备注：无", N, "P1", 5, 500) == ""  # of a row that lacks its customer alone


def test_a_line_of_signs_is_longer_than_one_in_one_of_its_cells() -> None:
    assert below("--", N, N, N, N) == "remark"
    assert below("-", "-", N, "--", N) == "remark"
    assert below("-", "-", "-", "-", "-") == ""
    assert below("--", N, N, 5, N) == ""  # a number is no sign


def test_prose_in_a_column_that_takes_text_is_what_was_asked_for() -> None:
    places = {"surveyed_on": 0, "customer_id": 1, "comment": 2}
    text = "以上数据已核对，请查收。"
    rows: list[list[Cell]] = [[N, N, text], [text, N, N]]
    assert kinds(*rows, form=SATISFACTION, places=places, heading=["日期", "客户", "意见"]) == {1: "remark"}


@pytest.mark.parametrize("sign", ["", "/", "-", "—", "全部", "ALL", "*"])
def test_what_stands_for_nothing_or_for_all_is_no_code(sign: str) -> None:
    assert below(sign, sign, sign, 30, 3000) == "total"  # the sums of the rows above


def test_a_row_with_a_code_is_data_whatever_it_says_elsewhere() -> None:
    assert below(N, "C3", "P1", "合计", N) == ""
    assert below(N, "C3", "P1", "备注：无", N) == ""


def test_rows_that_are_not_looked_at_are_not_judged() -> None:
    rows = [line("C1", 10), ["合计", N, N, N, N], ["合计", N, N, N, N]]
    assert rows_not_data(Sheet(SALES, rows, PLACES, HEADING, (0, 2))) == {2: "total"}


# ── sums ──


def test_the_sums_of_two_rows_are_a_total_and_of_one_none() -> None:
    assert below(N, N, N, 30, 3000) == "total"
    assert kinds(line("C1", 10), [N, N, N, 10, 1000]) == {}
    assert kinds([N, N, N, 10, 1000], line("C1", 10)) == {}  # nor above the row
    assert kinds([N, N, N, 30, 3000], line("C1", 10), line("C2", 20)) == {0: "total"}


def test_sums_are_equal_to_half_a_fen() -> None:
    assert below(N, N, N, N, 3000.004) == "total"
    assert below(N, N, N, N, 2999.996) == "total"
    assert below(N, N, N, N, 3000.006) == ""
    assert below(N, N, N, N, 2999.994) == ""


def test_all_numbers_of_a_total_are_sums_and_those_that_are_not_there_are_not_asked_for() -> None:
    assert below(N, N, N, 30, N) == below(N, N, N, N, 3000) == "total"
    assert below(N, N, N, 30, 2900) == below(N, N, N, 29, 3000) == ""


def test_a_cell_without_a_number_adds_nothing() -> None:
    assert kinds(line("C1", 10), ["2024-06-03", "C2", "P1", N, 500], [N, N, N, 10, 1500]) == {2: "total"}
    assert kinds(line("C1", 10), ["2024-06-03", "C2", "P1", "若干", 500], [N, N, N, 10, 1500]) == {2: "total"}


def test_a_customers_name_beside_the_form_makes_a_row_a_sale_without_its_code() -> None:
    heading = [*HEADING, "店名"]
    rows = [[*line("C1", 10), "甲"], [*line("C2", 20), "乙"]]
    assert kinds(*rows, [N, N, N, 30, 3000, "丙店"], heading=heading) == {}
    assert kinds(*rows, [N, N, N, 30, 3000, 7], heading=heading) == {2: "total"}  # a number is no name
    assert kinds(*rows, [N, N, N, 30, 3000, "/"], heading=heading) == {2: "total"}


def test_a_row_that_lacks_one_code_is_a_total_only_without_a_day() -> None:
    above = line("C1", 10), line("C1", 20)
    assert kinds(*above, [N, "C1", N, 30, 3000]) == {2: "total"}
    assert kinds(*above, ["2024-06-30", "C1", N, 30, 3000]) == {}
    assert kinds(*above, ["2024-06-30", N, N, 30, 3000]) == {2: "total"}  # without any code the day says nothing


def test_groups_are_of_codes_and_days_and_not_of_equal_numbers() -> None:
    rows = [line("C1", 0, 100), line("C2", 0, 200), line("C3", 5, 500)]
    assert kinds(*rows, [N, N, N, 0, 300]) == {}
    by_day = [line("C1", 10), ["2024-06-04", "C2", "P1", 1, 100], line("C3", 20)]
    assert kinds(*by_day, ["2024-06-03", N, N, 30, 3000]) == {3: "total"}
    assert kinds(*by_day, ["2024-06-04", N, N, 30, 3000]) == {}


def test_a_total_is_not_added_to_the_next() -> None:
    rows = [line("C1", 10), line("C2", 20), [N, N, N, 30, 3000], line("C3", 1), line("C4", 2)]
    assert kinds(*rows, [N, N, N, 3, 300]) == {2: "total", 5: "total"}  # since the last total
    assert kinds(*rows, [N, N, N, 33, 3300]) == {2: "total", 5: "total"}  # of all rows
    assert kinds(*rows, [N, N, N, 34, 3400]) == {2: "total"}


def test_what_is_no_data_by_its_words_is_in_no_sum() -> None:
    rows = [line("C1", 10), ["合计", N, N, 7, 700], line("C2", 20)]
    assert kinds(*rows, [N, N, N, 30, 3000]) == {1: "total", 3: "total"}
    assert kinds([N, N, N, 30, 3000], *rows) == {0: "total", 2: "total"}


def test_formulas_of_sums_are_a_total_where_all_numbers_are_such() -> None:
    def formula(text: str) -> UncalculatedFormula:
        return UncalculatedFormula(text)

    assert below(N, N, N, formula("=SUM(D1:D2)"), formula("= subtotal(9,E1:E2)")) == "total"
    assert below(N, N, N, formula("=ROUND(SUM(D1:D2),2)"), N) == "total"
    assert below(N, N, N, formula("=D1*2"), formula("=SUM(E1:E2)")) == ""
    assert below(N, N, N, N, N) == ""


# ── cells ──


def test_something_stands_in_a_cell_that_is_neither_empty_nor_blank() -> None:
    cells: list[Cell] = [None, "", " \n", "x", 0, 0.0, False]
    assert [has_content(one) for one in cells] == [False, False, False, True, True, True, True]


def test_words_are_texts_that_are_neither_numbers_nor_signs_for_nothing() -> None:
    cells: list[Cell] = [None, 5, "5", "1,200", "/", "", "甲", "5条甲"]
    assert [has_words(one) for one in cells] == [False, False, False, False, False, False, True, True]


def test_columns_to_fill_are_those_that_the_form_requires_and_the_sheet_has() -> None:
    optional = replace(
        SALES, columns=tuple(replace(one, required=one.name != "product_id") for one in SALES.columns)
    )
    places = {name: place for name, place in PLACES.items() if name != "order_date"}
    sheet = Sheet(optional, [], places, HEADING, ())
    assert (sheet.required, sheet.codes, sheet.days, sheet.numbers) == ((1, 3, 4), (1,), (), (3, 4))
    assert Sheet(SALES, [], PLACES, HEADING, ()).days == (0,)
