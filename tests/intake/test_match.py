"""A form's table is found wherever it stands on its sheet, and what is passed over is told."""

from dataclasses import replace

from pipeline.contract.problem import Problem
from pipeline.intake.heading_keys import heading_key
from pipeline.intake.match import match_tables, read_cover
from pipeline.intake.raw import Cell, RawBook, RawSheet
from pipeline.intake.table import Table
from schemas.form import all_forms

FORMS = {key: form for key, form in all_forms().items() if form.kind == "monthly"}
HEADER: list[Cell] = [
    "序号",
    "订货日期",
    "客户编码",
    "品规编码",
    "订货量(条)",
    "销量(条)",
    "金额(元)",
    "期末库存(条)",
]
LINE: list[Cell] = [1.0, "2024-06-03", "030101", "P001", 60.0, 50.0, 6000.0, 20.0]


def sheet(*rows: list[Cell], name: str = "销售", **place: int) -> RawSheet:
    width = max(map(len, rows))
    return RawSheet(name, [row + [None] * (width - len(row)) for row in rows], **place)  # type: ignore[arg-type]


def matched(*sheets: RawSheet) -> tuple[list[Table], list[tuple[str, str, str, str]]]:
    found = match_tables(RawBook("xlsx", sheets), FORMS)
    return list(found.tables), [(one.rule, one.effect, one.sheet, one.found) for one in found.problems]


def one_table(
    *rows: list[Cell], name: str = "销售", **place: int
) -> tuple[Table, list[tuple[str, str, str, str]]]:
    tables, problems = matched(sheet(*rows, name=name, **place))
    assert [table.form.key for table in tables] == ["sales"]
    return tables[0], problems


def test_headings_are_known_without_unit_star_blanks_line_breaks_and_width():
    for text in ("销量", "销量(条)", "销量（条）", "销量\n（条）", " 销量 (条) ", "销量*", "销量(条)*", "销 量"):
        assert heading_key(text) == "销量"


def test_a_header_below_titles_is_found_and_rows_keep_their_place():
    table, problems = one_table(["2024年6月销售"], [None], ["制表：李明"], HEADER, LINE, first_row=2)
    assert (list(table.rows), table.address("sold_qty", 6), problems) == ([6], "F6", [])


def test_headings_with_line_breaks_and_trailing_blanks_are_the_same_headings():
    header: list[Cell] = [
        "序号",
        "订货\n日期 ",
        "客户编码  ",
        "品规编码\n",
        "订货量（条）",
        "销量\r\n(条)",
        "金额(元) *",
    ]
    table, problems = one_table(header, LINE[:7])
    assert (table.cells["sold_qty"], table.cells["amount"], problems) == ([50.0], [6000.0], [])


def test_columns_may_stand_in_any_order_and_anywhere():
    table, problems = one_table(HEADER[:0:-1], LINE[:0:-1], first_row=10, first_column=27)
    assert (table.address("closing_stock", 11), table.address("order_date", 11)) == ("AA11", "AG11")
    assert (table.cells["customer_id"], problems) == (["030101"], [])


def test_english_headings_and_column_names_are_known():
    header: list[Cell] = [
        "order_date",
        "Customer code",
        "PRODUCT CODE",
        "Ordered (cartons)",
        "Sold",
        "Amount (yuan)",
    ]
    table, problems = one_table(header, LINE[1:7], name="Sales")
    assert (table.cells["sold_qty"], problems) == ([50.0], [])


def test_of_a_heading_that_stands_twice_nobody_can_know_which_counts():
    _, problems = one_table([*HEADER, "销量"], [*LINE, 70.0])
    assert problems == [("doubled_heading", "form left out", "销售", "销量")]


def test_a_missing_required_column_loses_the_form_and_a_missing_optional_one_does_not():
    header, line = HEADER[:5] + HEADER[6:7], LINE[:5] + LINE[6:7]
    _, problems = one_table(header, line)
    assert problems == [("missing_column", "form left out", "销售", "")]
    table, problems = one_table(HEADER[:7], LINE[:7])
    assert ("closing_stock" in table.cells, problems) == (False, [])


def test_a_column_that_is_not_of_the_form_is_noted():
    table, problems = one_table([*HEADER, "备忘"], [*LINE, "x"])
    assert problems == [("unknown_heading", "note", "销售", "备忘")]
    assert set(table.cells) == set(FORMS["sales"].dtypes)


def test_names_shown_beside_codes_are_not_unknown():
    _, problems = one_table([*HEADER, "客户名称", "品规名称"], [*LINE, "便民烟酒店", "利群"])
    assert problems == []


def test_data_beside_the_table_are_noted_and_make_no_rows():
    table, problems = one_table(
        [*HEADER, None, "小计"], [*LINE, None, 50.0], [None] * 9 + [99.0], [None] * 8 + ["合计", 7.0]
    )
    assert list(table.rows) == [2]
    assert problems == [("unknown_heading", "note", "销售", "小计"), ("not_data", "note", "销售", "")]
    assert table.not_data == {3: "blank", 4: "total"}


def test_rows_below_a_gap_are_read():
    table, _ = one_table(HEADER, LINE, *[[None] * 8] * 30, LINE)
    assert list(table.rows) == [2, 33]


def test_numbers_filled_down_on_empty_rows_make_no_rows():
    table, problems = one_table(HEADER, LINE, [2.0], [3.0, " ", None, ""])
    assert (list(table.rows), problems) == ([2], [])


def test_the_example_row_is_passed_over():
    example: list[Cell] = ["示例", "2024-06-03", "330102100001", "P001", 50.0, 50.0, 6000.0, 20.0]
    table, problems = one_table(HEADER, example, LINE)
    assert (list(table.rows), problems) == ([3], [])


def test_an_example_row_that_somebody_typed_over_is_told():
    table, problems = one_table(HEADER, ["示例", *LINE[1:]], LINE)
    assert list(table.rows) == [3]
    assert problems == [("example_overwritten", "row left out", "销售", "示例")]


def test_a_renamed_sheet_is_known_by_its_headings():
    table, problems = one_table(HEADER, LINE, name="Sheet1")
    assert (table.sheet, problems) == ("Sheet1", [])


def test_a_form_on_two_sheets_is_refused_unless_one_is_empty():
    tables, problems = matched(sheet(HEADER, LINE), sheet(HEADER, LINE, name="销售 (2)"))
    assert (len(tables), problems) == (1, [("form_on_two_sheets", "form left out", "销售 (2)", "")])
    tables, problems = matched(sheet(HEADER), sheet(HEADER, LINE, name="销售 (2)"))
    assert ([table.sheet for table in tables], problems) == (["销售 (2)"], [])


def test_a_sheet_of_no_form_is_noted_and_an_empty_or_hidden_one_is_not():
    other = sheet(["备忘", "电话"], ["a", "b"], name="我的笔记")
    hidden = RawSheet("隐藏", [["x"]], visible=False)
    assert matched(other, hidden, sheet([None], name="Sheet3"))[1] == [("sheet_not_read", "note", "我的笔记", "")]


def test_on_a_sheet_of_the_forms_name_two_headings_are_a_header_and_one_is_none():
    _, two = matched(sheet(["客户编码", "品规编码"], ["030101", "P001"]))
    _, one = matched(sheet(["客户编码", "备忘"], ["030101", "P001"]))
    assert ("missing_column" in {rule for rule, *_ in two}, "missing_column" in {rule for rule, *_ in one}) == (
        True,
        False,
    )


def test_a_form_that_requires_one_column_is_known_by_three_headings_on_a_sheet_of_another_name():
    columns = tuple(replace(one, required=one.name == "customer_id") for one in FORMS["sales"].columns)
    forms = {"sales": replace(FORMS["sales"], columns=columns)}
    for headings, found in ((3, ["sales"]), (2, [])):
        book = RawBook("xlsx", (sheet(HEADER[2 : 2 + headings], LINE[2 : 2 + headings], name="Sheet1"),))
        assert [table.form.key for table in match_tables(book, forms).tables] == found


def test_a_header_is_looked_for_in_the_first_forty_rows():
    for above, rules in ((39, []), (40, ["no_heading_row"])):
        _, problems = matched(sheet(*[["2024年"]] * above, HEADER, LINE))
        assert [rule for rule, *_ in problems] == rules


def test_a_form_without_its_row_of_headings_is_a_problem():
    assert matched(sheet(LINE, LINE))[1] == [("no_heading_row", "form left out", "销售", "")]


def test_the_list_of_problems_of_a_correction_copy_is_passed_over():
    listed = sheet(HEADER, LINE, name="错误清单")
    tables, problems = matched(listed, sheet(HEADER, LINE))
    assert ([table.sheet for table in tables], problems) == (["销售"], [])
    cover = sheet(["客户经理编码", "M009"], name="错误清单")
    assert read_cover(RawBook("xlsx", (cover,)), FORMS) is None


def test_a_code_is_taken_as_its_number_format_shows_it():
    raw = sheet(HEADER, [1.0, "2024-06-03", 30101.0, "P001", 60.0, 50.0, 6000.0])
    shown = RawSheet(raw.name, raw.rows, shown={(2, 3): "030101"})
    assert matched(shown)[0][0].cells["customer_id"] == ["030101"]


def test_the_cover_is_read_wherever_its_labels_stand():
    cover = sheet(
        ["x"],
        [None, "客户经理编码：", None, "Ｍ００１"],
        [None, "客户经理姓名", "李明 "],
        [None, "月份", "2024年6月"],
        [None, "表单", "本月无"],
        [None, "销售", "√"],
        [None, "客户访问记录", None],
        [None, "商品及服务质量信息反馈单", "大概"],
        name="封面",
    )
    found = read_cover(RawBook("xlsx", (cover,)), FORMS)
    assert found is not None
    assert (found.manager_id, found.manager_name, str(found.month)) == ("M001", "李明", "2024-06")
    assert found.nil_forms == {"sales"}
    assert found.unclear_ticks == (("complaints", "大概"),)


def test_a_value_may_stand_behind_its_label_in_the_same_cell():
    cover = sheet(["月报"], ["客户经理编码：M001", None], ["客户经理姓名:李明"], ["月份：2024-06"], name="封面")
    found = read_cover(RawBook("xlsx", (cover,)), FORMS)
    assert found is not None
    assert (found.manager_id, found.manager_name, str(found.month)) == ("M001", "李明", "2024-06")


def test_a_label_with_a_colon_still_has_its_value_beside_it():
    cover = sheet(["客户经理编码：", "M001"], ["月份：", None, "2024-06"], name="封面")
    found = read_cover(RawBook("xlsx", (cover,)), FORMS)
    assert found is not None and (found.manager_id, str(found.month)) == ("M001", "2024-06")


def test_a_cover_whose_month_is_not_certain_has_none():
    cover = sheet(["客户经理编码", "M001"], ["月份", "6月"], name="封面")
    found = read_cover(RawBook("xlsx", (cover,)), FORMS)
    assert found is not None and found.month is None


def test_problems_name_the_column_in_both_languages():
    found = match_tables(RawBook("xlsx", (sheet(HEADER[:4] + HEADER[5:], LINE[:4] + LINE[5:]),)), FORMS).problems
    assert found == ()
    header, line = HEADER[:6] + HEADER[7:], LINE[:6] + LINE[7:]
    found = match_tables(RawBook("xlsx", (sheet(header, line),)), FORMS).problems
    assert found == (
        Problem("missing_column", "form left out", form="sales", sheet="销售", column="amount",
                details=(("zh", "金额"), ("en", "Amount"))),
    )  # fmt: skip


def test_the_label_of_a_cover_is_looked_for_in_the_first_forty_rows():
    for above, manager in ((39, "M001"), (40, "")):
        cover = sheet(["月份", "2024-06"], *[[None]] * (above - 1), ["客户经理编码", "M001"], name="封面")
        found = read_cover(RawBook("xlsx", (cover, sheet(["生效月份", "2024-06"], name="说明"))), FORMS)
        assert found is not None
        assert found.manager_id == manager


def test_a_value_further_from_its_label_than_two_cells_is_an_instruction():
    for between, manager in ((1, "M001"), (2, "")):
        cover = sheet(["客户经理编码", *[None] * between, "M001"], ["月份", "2024-06"], name="封面")
        found = read_cover(RawBook("xlsx", (cover,)), FORMS)
        assert found is not None and found.manager_id == manager
