"""Covers, headers and tables at their edges: which sheet, row and cell is taken where several might be; by hand."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.base.calendar import Month
from pipeline.contract.problem import Problem
from pipeline.intake.account import Account
from pipeline.intake.match import Cover, Matched, match_tables, read_cover, unread_account
from pipeline.intake.raw import Cell, RawBook, RawSheet, Remark
from pipeline.intake.table import Table
from schemas.columns import Column
from schemas.form import all_forms

FORMS = {key: form for key, form in all_forms().items() if form.kind == "monthly"}
SALES = FORMS["sales"]
HEADER: list[Cell] = ["序号", "订货日期", "客户编码", "品规编码", "订货量(条)", "销量(条)", "金额(元)"]
LINE: list[Cell] = [1.0, "2024-06-03", "030101", "P001", 60.0, 50.0, 6000.0]
N = None


def sheet(*rows: list[Cell], name: str = "销售", **more: Any) -> RawSheet:
    width = max(map(len, rows))
    return RawSheet(name, [[*row, *[None] * (width - len(row))] for row in rows], **more)


def cover_of(*rows: list[Cell], name: str = "封面", **more: Any) -> Cover:
    found = read_cover(RawBook("xlsx", (sheet(*rows, name=name, **more),)), FORMS)
    assert found is not None
    return found


def matched(*sheets: RawSheet, own: frozenset[str] = frozenset()) -> Matched:
    return match_tables(RawBook("xlsx", sheets, own_sheets=own), FORMS)


def rules(found: Matched) -> list[tuple[str, str, str]]:
    return [(one.rule, one.sheet, one.found) for one in found.problems]


def table(*rows: list[Cell], **more: Any) -> Table:
    (found,) = matched(sheet(*rows, **more)).tables
    return found


# ── the cover ──


def test_the_cover_counts_before_other_sheets_that_look_like_one() -> None:
    other = sheet(["客户经理编码", "M009"], name="说明")
    book = RawBook("xlsx", (other, sheet(["客户经理编码", "M001"], name="封面")))
    found = read_cover(book, FORMS)
    assert found is not None and (found.manager_id, found.sheet) == ("M001", "封面")
    alone = read_cover(RawBook("xlsx", (other,)), FORMS)
    assert alone is not None and (alone.manager_id, alone.sheet) == ("M009", "说明")


def test_a_sheet_is_a_cover_that_names_a_manager_or_from_when_master_data_are_valid() -> None:
    assert cover_of(["生效月份", "2024-06"]).valid_from == Month(2024, 6)
    for row in (["月份", "2024-06"], ["客户经理姓名", "李明"]):
        assert read_cover(RawBook("xlsx", (sheet(list(row), name="封面"),)), FORMS) is None


def test_of_a_label_that_stands_twice_the_first_with_a_value_counts() -> None:
    assert cover_of(["客户经理编码", N], ["客户经理编码", "M001"], ["客户经理编码", "M002"]).manager_id == "M001"


def test_a_value_stands_beside_its_label_or_behind_its_colon_and_not_under_it() -> None:
    assert cover_of(["客户经理编码", N, N], ["M001", N, N]).manager_id == ""
    assert cover_of(["客户经理编码：M001", "M002"]).manager_id == "M001"
    assert cover_of(["客户经理编码：", "M002"]).manager_id == "M002"
    assert cover_of(["客户经理编码", "M001", "M002"]).manager_id == "M001"


def test_a_code_on_the_cover_is_taken_with_the_zeros_that_its_cell_shows() -> None:
    shown = {(3, 5): "0007"}
    assert cover_of(["客户经理编码", 7.0], first_row=3, first_column=4, shown=shown).manager_id == "0007"
    assert cover_of(["客户经理编码", 7.0], first_row=3, first_column=3, shown=shown).manager_id == "7"
    below = cover_of(["月报", N], ["月份", "2024-06"], ["客户经理编码", 7.0], first_column=4, shown=shown)
    assert below.manager_id == "0007"


@pytest.mark.parametrize(
    ("month", "rule", "found"),
    [
        ("2024-06", "", "2024-06"),
        (45444.0, "month_was_number", "45444"),  # June 1, 2024
        ("6月", "month_unusable", "6月"),
        ("2024-06和2024-07", "month_unusable", "2024-06和2024-07"),
        (2024.1, "month_two", "2024.1"),  # January, or October
        (N, "", ""),
        (" ", "", ""),
    ],
)
def test_why_the_month_on_a_cover_cannot_be_used_is_told_with_what_stands_there(
    month: Cell, rule: str, found: str
) -> None:
    one = cover_of(["客户经理编码", "M001"], ["月份", month])
    assert (one.month_rule, one.month_found) == (rule, found)


def test_of_master_data_the_month_is_that_from_which_they_are_valid() -> None:
    one = cover_of(["生效月份", "6月"])
    assert (one.month_rule, one.month_found, one.month, one.valid_from) == ("month_unusable", "6月", None, None)


def test_a_month_is_counted_from_1904_where_the_book_is() -> None:
    rows = sheet(["客户经理编码", "M001"], ["月份", 43982.0], name="封面")
    for remark, month in (("dates_1904", Month(2024, 6)), ("macros", Month(2020, 5))):
        found = read_cover(RawBook("xlsx", (rows,), (Remark(remark),)), FORMS)
        assert found is not None and found.month == month


def ticks(*rows: list[Cell]) -> tuple[set[str], dict[str, str]]:
    one = cover_of(["客户经理编码", "M001", N], *rows)
    return set(one.nil_forms), dict(one.unclear_ticks)


def test_only_a_yes_is_a_tick_a_no_is_none_and_anything_else_is_unclear() -> None:
    head: list[Cell] = ["表单", "本月无", N]
    assert ticks(head, ["销售", "√", N]) == ({"sales"}, {})
    assert ticks(head, ["销售", "否", N], ["客户访问记录", N, N], ["商品及服务质量信息反馈单", " ", N]) == (
        set(),
        {},
    )
    assert ticks(head, ["销售", "可能", N]) == (set(), {"sales": "可能"})


def test_ticks_stand_under_their_heading_beside_the_form_on_its_left() -> None:
    assert ticks(["销售", "√", N], ["表单", "本月无", N]) == (set(), {})  # above the heading it is none
    assert ticks(["表单", N, "本月无"], ["销售", "√", N]) == (set(), {})
    assert ticks(["表单", N, "本月无"], [N, "销售", "√"]) == ({"sales"}, {})
    assert ticks(["本月无", "表单", N], ["√", "销售", N]) == (set(), {})
    assert ticks(["销售", "√", N]) == (set(), {})


# ── which row is the header ──


def test_of_two_rows_with_as_many_headings_the_first_is_the_header() -> None:
    assert list(table(HEADER, LINE, HEADER, LINE).rows) == [2, 4]
    longer = table(HEADER[:4], HEADER, LINE)
    assert list(longer.rows) == [3]


def test_a_sheet_of_no_forms_name_is_of_the_form_with_the_most_of_its_headings() -> None:
    (found,) = matched(sheet(HEADER, LINE, name="Sheet1")).tables
    assert (found.form.key, found.sheet) == ("sales", "Sheet1")


def test_a_heading_that_stands_twice_is_told_and_one_of_another_form_is_unknown() -> None:
    found = matched(sheet([*HEADER, "销量", "访问日期"], [*LINE, 1.0, N]))
    assert rules(found) == [("unknown_heading", "销售", "访问日期"), ("doubled_heading", "销售", "销量")]
    assert [one.effect for one in found.problems] == ["note", "form left out"]


def test_a_heading_in_another_unit_is_told_with_both_units() -> None:
    found = matched(sheet([*HEADER[:6], "金额(万元)"], [*LINE[:6], 0.6]))
    (one,) = found.problems
    assert (one.rule, one.effect, one.column, one.found) == (
        "heading_unit",
        "form left out",
        "amount",
        "金额(万元)",
    )
    assert {"written": "万元", "unit": "元"}.items() <= dict(one.details).items()


# ── sheets that are not read ──


def test_of_sheets_of_no_form_those_that_somebody_made_are_told_and_counted() -> None:
    notes, ours = sheet(["备忘"], ["电话"], name="笔记"), sheet(["图"], name="汇总")
    hidden, empty = sheet(["旧"], name="旧", visible=False), sheet([N, " "], name="空")
    found = matched(notes, ours, hidden, empty, own=frozenset(("汇总",)))
    assert rules(found) == [("sheet_not_read", "笔记", "")]
    assert [(one.sheet, one.rows, dict(one.not_data)) for one in found.unread] == [
        ("笔记", 2, {"unread": 2}), ("汇总", 1, {"unread": 1}), ("旧", 1, {"unread": 1}), ("空", 0, {}),
    ]  # fmt: skip


def test_rows_of_a_form_whose_headings_are_gone_are_left_out() -> None:
    found = matched(sheet(LINE, LINE, [N] * 7))
    assert found.unread == (Account("", "销售", 2, 0, 2),)
    assert unread_account(sheet(LINE), data=False) == Account("", "销售", 1, 0, 0, (("unread", 1),))


def test_the_cover_and_the_lists_of_a_template_are_no_data() -> None:
    found = matched(*(sheet(HEADER, LINE, name=name) for name in ("封面", "Cover", "列表", "Lists", "Problems")))
    assert (found.tables, found.problems, found.unread) == ((), (), ())


def test_of_a_form_on_two_sheets_the_first_that_is_filled_is_kept_and_the_other_is_counted() -> None:
    found = matched(
        sheet(HEADER), sheet(HEADER, LINE, LINE, name="销售 (2)"), sheet(HEADER, LINE, name="销售 (3)")
    )
    assert [one.sheet for one in found.tables] == ["销售 (2)"]
    (told,) = found.problems
    assert (told.rule, told.sheet, told.details) == (
        "form_on_two_sheets", "销售 (3)", (("sheets", "销售 (2)、销售 (3)"),),
    )  # fmt: skip
    assert [(one.sheet, one.rows) for one in found.unread] == [("销售", 0), ("销售 (3)", 1)]
    empty = matched(sheet(HEADER), sheet(HEADER, name="销售 (2)"))
    assert ([one.sheet for one in empty.tables], empty.problems) == (["销售"], ())


# ── rows ──


def test_rows_keep_the_numbers_and_letters_of_their_sheet() -> None:
    one = table(["六月", *[N] * 6], HEADER, [N] * 7, LINE, first_row=3, first_column=2)
    assert (list(one.rows), one.not_data) == ([6], {5: "blank"})
    assert (one.address("order_date", 6), one.address("amount", 6)) == ("C6", "H6")


def test_a_form_without_rows_has_empty_columns() -> None:
    one = table(HEADER)
    assert (list(one.rows), one.cells["amount"], one.cells["customer_id"]) == ([], [], [])


def test_a_row_is_held_for_any_cell_of_the_form_however_invisible_blanks_are() -> None:
    one = table(
        HEADER,
        [N, N, N, N, N, N, 6000.0],
        [N, N, "\u3000", " ", "\u200b", "\ufeff", N],
        [N, "\u200bx", N, N, N, N, N],
        [N, False, N, N, N, N, N],
    )
    assert list(one.rows) == [2, 4, 5]
    assert one.not_data == {3: "blank"}


def test_codes_alone_are_taken_as_their_cells_show_them() -> None:
    line: list[Cell] = [1.0, "2024-06-03", 30101.0, 1.0, 60.0, 50.0, 6000.0]
    shown = {(4, 4): "030101", (4, 5): "P001", (4, 7): "050"}
    one = table(HEADER, line, first_row=3, first_column=2, shown=shown)
    assert (one.cells["customer_id"], one.cells["product_id"], one.cells["sold_qty"]) == (
        ["030101"],
        ["P001"],
        [50.0],
    )


def test_what_is_written_beside_the_form_in_an_empty_row_is_a_remark_but_not_a_shown_name() -> None:
    header = [*HEADER, "客户名称", "旁注"]
    one = table(
        header, [*LINE, "甲", N], [N] * 7 + ["甲", N], [N] * 8 + ["请核对"], [N] * 8 + [5.0], [N] * 8 + ["/"]
    )
    assert one.not_data == {3: "blank", 4: "remark", 5: "blank", 6: "blank"}


def test_only_the_first_cell_of_a_row_below_the_header_marks_an_example() -> None:
    example: list[Cell] = ["示例", *LINE[1:]]
    one = table(["示例", *[N] * 6], HEADER, example, ["1", "2024-06-03", "示例", *LINE[3:]], ["示例 ", *[N] * 6])
    assert (list(one.rows), one.not_data) == ([4], {3: "example", 5: "example"})


def test_an_example_with_a_row_of_ones_own_is_told_at_its_first_cell() -> None:
    examples = {column.name: column.example for column in SALES.columns}
    names = ["order_date", "customer_id", "product_id", "ordered_qty", "sold_qty", "amount"]
    untouched: list[Cell] = ["示例", *(examples[name] for name in names)]
    assert matched(sheet(HEADER, untouched, LINE)).problems == ()
    changed: list[Cell] = [*untouched[:6], 7.77]
    (told,) = matched(sheet(HEADER, changed, LINE, first_row=3, first_column=2)).problems
    assert told == Problem(
        "example_overwritten", "row left out", form="sales", sheet="销售", cell="B4", found="示例"
    )


def test_an_example_in_a_choice_or_a_flag_differs_by_trade_and_is_never_told() -> None:
    form = replace(SALES, columns=(
        *(one for one in SALES.columns if one.name != "closing_stock"),
        Column("closing_stock", "期末库存", "Closing stock", "flag", required=False, example="是"),
    ))  # fmt: skip
    examples = {column.name: column.example for column in SALES.columns}
    names = ["order_date", "customer_id", "product_id", "ordered_qty", "sold_qty", "amount"]
    row: list[Cell] = ["示例", *(examples[name] for name in names), "否"]
    book = RawBook("xlsx", (sheet([*HEADER, "期末库存"], row),))
    assert match_tables(book, {"sales": form}).problems == ()
