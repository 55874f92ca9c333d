"""Tables as offices really have them, mapped: each gives to the cent what its source sums to, or says what is amiss."""

import io
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest
from take_in_builder import Outcome, master_versions, take_file

from pipeline.contract.settings import settings_from
from pipeline.intake.codes import Codes
from pipeline.intake.nearest import Nearest
from schemas.lookup import Lookup

COLUMNS = {"order_date": "日期", "customer_id": "客户", "product_id": "品规", "sold_qty": "数量", "amount": "金额",
           "manager_id": "经理"}  # fmt: skip
HEADER = ["日期", "客户", "品规", "数量", "金额", "经理"]
A = ["2024-06-03", "030101", "P002", 5, 500.25, "M001"]
B = ["2024-06-04", "030201", "P002", 7, 700.5, "M002"]


def workbook(*rows: list[object], merged: tuple[str, ...] = (), title: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def taken(folder, data: bytes, name: str = "导出.xlsx", **changes: object) -> Outcome:
    mapping = {"files": "*", "form": "sales", "repeats": True, "columns": COLUMNS, **changes}
    return take_file(folder, data, name, settings=settings_from({"exports": [mapping]}))


def without(*names: str, **more: object) -> dict[str, object]:
    return {**{name: text for name, text in COLUMNS.items() if name not in names}, **more}


def rows_of(outcome: Outcome) -> pd.DataFrame:
    """All rows that were taken in."""
    paths = sorted({part.path for part in outcome.taken.parts if part.path})
    return pd.concat([pd.read_parquet(path) for path in paths]) if paths else pd.DataFrame()


def sums(outcome: Outcome) -> tuple[int, int, Decimal]:
    """Rows, cartons and yuan that were taken in; of every sheet all rows are accounted for."""
    for account in outcome.taken.accounts:
        assert account.rows == account.kept + account.left_out + sum(count for _, count in account.not_data)
    rows = rows_of(outcome)
    if not len(rows):
        return 0, 0, Decimal(0)
    amounts = (Decimal(str(amount)) for amount in rows["amount"])
    return len(rows), int(rows["sold_qty"].sum()), sum(amounts, Decimal(0))


def rules(outcome: Outcome) -> list[str]:
    return [one.rule for one in outcome.told if not one.rule.startswith("remark_")]


def details(outcome: Outcome, rule: str) -> dict[str, str]:
    return dict(next(one.details for one in outcome.told if one.rule == rule))


def not_data(outcome: Outcome) -> dict[str, int]:
    return dict(outcome.taken.accounts[0].not_data)


def test_headings_over_two_lines_are_named_by_both(tmp_path):
    data = workbook(
        ["六月销售明细"],
        ["日期", "客户", "品规", "本月", None, "上月", None, "经理"],
        [None, None, None, "数量", "金额", "数量", "金额", None],
        [*A[:3], 5, 500.25, 50, 5000, "M001"],
        [*B[:3], 7, 700.5, 70, 7000, "M002"],
        merged=("A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:G2", "H2:H3"),
    )
    assert sums(taken(tmp_path, data, columns=without(sold_qty="本月/数量", amount="本月/金额"))) == (
        2, 12, Decimal("1200.75"),
    )  # fmt: skip


def test_a_heading_of_two_groups_must_say_which(tmp_path):
    data = workbook(["日期", "客户", "品规", "本月", None, "上月", None, "经理"],
                    [None, None, None, "数量", "金额", "数量", "金额", None], [*A[:5], 50, 5000, "M001"])  # fmt: skip
    outcome = taken(tmp_path, data)
    assert rules(outcome) == ["settings_heading_twice"]
    assert details(outcome, "settings_heading_twice")["named"] == '"本月/金额"、"上月/金额"'


def test_groups_in_text_files_reach_over_the_columns_below_them(tmp_path):
    lines = (
        ",,,本月,,上月,,\n日期,客户,品规,数量,金额,数量,金额,经理\n2024-06-03,030101,P002,5,500.25,50,5000,M001\n"
    )
    outcome = taken(tmp_path, lines.encode(), "a.csv", columns=without(sold_qty="上月/数量", amount="上月/金额"))
    assert sums(outcome) == (1, 50, Decimal(5000))


@pytest.mark.parametrize(
    "below",
    [
        [None, None, None, "条", "元", None],
        [1, 2, 3, 4, 5, 6],
        ["文本", "文本", "文本", "数字", "数字", "文本"],
        ["下单的日期", "许可证号", "品规编码", "实际供货", "含税金额", "工号"],
    ],
)
def test_lines_of_units_numbers_and_explanations_below_the_headings_are_no_data(tmp_path, below):
    outcome = taken(tmp_path, workbook(HEADER, below, A, B))
    assert sums(outcome) == (2, 12, Decimal("1200.75"))
    assert not_data(outcome) == {"heading": 1}


def test_a_line_of_units_that_says_ten_thousand_yuan_is_not_taken_for_yuan(tmp_path):
    data = workbook(HEADER, [None, None, None, "条", "万元", None], [*A[:4], 0.050025, "M001"])
    assert rules(taken(tmp_path, data)) == ["settings_heading_unit"]
    assert sums(taken(tmp_path / "said", data, times={"amount": 10_000})) == (1, 5, Decimal("500.25"))


@pytest.mark.parametrize(
    ("price", "rule"),
    [("单价", ""), ("单价(元/条)", ""), ("单价(元)", ""), ("单价(元/箱)", "settings_heading_unit"),
     ("单价(万元)", "settings_heading_unit")],
)  # fmt: skip
def test_a_price_of_another_unit_than_the_quantitys_makes_no_amount(tmp_path, price, rule):
    data = workbook([*HEADER[:4], price, "经理"], [*A[:4], 100.05, "M001"])
    outcome = taken(tmp_path, data, columns=without("amount"), multiply={"amount": ["sold_qty", price]})
    assert [one for one in rules(outcome) if one.startswith("settings")] == ([rule] if rule else [])
    assert sums(outcome) == ((0, 0, Decimal(0)) if rule else (1, 5, Decimal("500.25")))
    if rule:
        said = taken(tmp_path / "said", data, columns=without("amount"), multiply={"amount": ["sold_qty", price]},
                     times={"amount": 0.5})  # fmt: skip
        assert sums(said) == (1, 5, Decimal("250.125"))


def test_months_side_by_side_in_ten_thousand_yuan_are_not_taken_for_yuan(tmp_path):
    data = workbook(
        ["单位：万元"],
        ["客户", "品规", "经理", "数量", "6月"],
        ["030101", "P002", "M001", 5, 0.050025],
        title="2024",
    )
    ways = {"columns": without("order_date", "amount"), "unpivot": {"pattern": "{month}月", "to": "amount"}}
    assert rules(taken(tmp_path, data, **ways)) == ["settings_heading_unit"]
    assert sums(taken(tmp_path / "said", data, **ways, times={"amount": 10_000})) == (1, 5, Decimal("500.25"))


def test_lines_to_skip_are_skipped_whatever_they_hold(tmp_path):
    outcome = taken(tmp_path, workbook(HEADER, ["2024-06-01", "030101", "P002", 1, 1, "M001"], A), skip_rows=1)
    assert sums(outcome) == (1, 5, Decimal("500.25"))


def test_sheets_are_chosen_by_patterns_and_their_names_are_managers(tmp_path):
    book = openpyxl.Workbook()
    for name, row in (("李明", A), ("王芳", B), ("汇总", ["2024-06-30", "030101", "P002", 12, 1200.75, "M001"])):
        sheet = book.create_sheet(name)
        sheet.append(HEADER[:5])
        sheet.append(row[:5])
    del book["Sheet"]
    outcome = taken(tmp_path, saved(book), sheet=["李*", "王*"], columns=without(manager_id="{sheet}"))
    assert sums(outcome) == (2, 12, Decimal("1200.75"))
    assert sorted(part.manager_id for part in outcome.taken.parts) == ["M001", "M002"]


def test_a_sheets_name_may_be_the_month(tmp_path):
    data = workbook(HEADER[1:], A[1:], B[1:], title="2024年6月")
    outcome = taken(tmp_path, data, columns=without(order_date="{sheet}"))
    assert sums(outcome) == (2, 12, Decimal("1200.75"))
    assert {str(day.date()) for day in rows_of(outcome)["order_date"]} == {"2024-06-30"}


@pytest.mark.parametrize(("year", "name"), [(2024, "a.xlsx"), ("name", "销售2024.xlsx"), ("", "a.xlsx")])
def test_a_month_without_its_year_is_of_the_year_that_the_settings_say(tmp_path, year, name):
    outcome = taken(
        tmp_path, workbook(HEADER[1:], A[1:], title="6月"), name, columns=without(order_date="{sheet}"), year=year
    )
    assert sums(outcome)[0] == (1 if year else 0)
    assert rules(outcome)[-1] == ("month_as_day" if year else "day")


WIDE = ["客户", "品规", "经理", "5月", "6月", "7月", "合计"]
WIDE_COLUMNS = without("order_date", "sold_qty", "amount")


def test_months_as_columns_become_rows_of_their_months_with_amounts_from_prices(tmp_path):
    data = workbook(WIDE, ["030101", "P001", "M001", 3, 4, None, 7], ["030201", "P001", "M002", None, 10, None, 10],
                    ["合计", None, None, 3, 14, 0, 17], title="2024年")  # fmt: skip
    outcome = taken(tmp_path, data, columns=WIDE_COLUMNS, unpivot={"pattern": "{month}月", "to": "sold_qty"},
                    multiply={"amount": ["sold_qty", "products.wholesale_price"]})  # fmt: skip
    assert sums(outcome) == (3, 17, Decimal(17 * 120))
    assert [(str(part.month), part.manager_id, part.rows) for part in outcome.taken.parts] == [
        ("2024-05", "M001", 1), ("2024-06", "M001", 1), ("2024-06", "M002", 1),
    ]  # fmt: skip
    rows = rows_of(outcome)
    assert {str(day.date()) for day in rows["order_date"]} == {"2024-05-31", "2024-06-30"}
    assert set(rows["source_row"]) == {2, 3}


def test_pairs_of_a_month_are_taken_together_and_a_fault_is_told_at_its_own_cell(tmp_path):
    header = ["客户", "品规", "经理", "2024年5月", None, "2024年6月", None]
    data = workbook(header, [None, None, None, "数量", "金额", "数量", "金额"],
                    ["030101", "P002", "M001", 3, 300.1, 4, "四百"], ["030102", "P002", "M001", 5, 500.2, 6, 600.3],
                    merged=("D1:E1", "F1:G1"))  # fmt: skip
    unpivot = [
        {"pattern": "{year}年{month}月/数量", "to": "sold_qty"},
        {"pattern": "{year}年{month}月/金额", "to": "amount"},
    ]
    outcome = taken(tmp_path, data, columns=WIDE_COLUMNS, unpivot=unpivot)
    assert sums(outcome) == (3, 14, Decimal("1400.6"))
    assert [
        (one.cell, one.rule, one.month, one.manager_id) for one in outcome.told if one.effect == "row left out"
    ] == [("G3", "number", "2024-06", "M001")]


def test_months_of_an_unknown_year_are_asked_about(tmp_path):
    data = workbook(WIDE, ["030101", "P001", "M001", 3, 4, None, 7])
    ways = {"columns": WIDE_COLUMNS, "unpivot": {"pattern": "{month}月", "to": "sold_qty"},
            "multiply": {"amount": ["sold_qty", "products.wholesale_price"]}}  # fmt: skip
    assert rules(taken(tmp_path, data, **ways)) == ["export_year"]
    for folder, more in (("a", {"year": 2023}), ("b", {"name": "销售2023.xlsx"})):
        outcome = taken(tmp_path / folder, data, **{**ways, **more})
        assert {str(part.month) for part in outcome.taken.parts} == {"2023-05", "2023-06"}


def test_a_month_of_nothing_but_zeros_is_not_taken_for_one_without_sales(tmp_path):
    data = workbook(WIDE, ["030101", "P001", "M001", 3, 4, 0, 7], title="2024")
    outcome = taken(tmp_path, data, columns=WIDE_COLUMNS, unpivot={"pattern": "{month}月", "to": "sold_qty"},
                    multiply={"amount": ["sold_qty", "products.wholesale_price"]})  # fmt: skip
    assert details(outcome, "months_of_zeros") == {"months": "2024-07"}
    assert sums(outcome) == (2, 7, Decimal(840))


def test_a_code_without_a_price_is_left_out_and_told(tmp_path):
    data = workbook([*HEADER[:4], "经理"], [*A[:4], "M001"], ["2024-06-04", "030101", "P001", 2, "M001"])
    outcome = taken(tmp_path, data, columns=without("amount"),
                    multiply={"amount": ["sold_qty", "products.wholesale_price"]})  # fmt: skip
    assert sums(outcome) == (1, 2, Decimal(240))
    assert [(one.cell, one.rule, one.found) for one in outcome.told if one.effect == "row left out"] == [
        ("C2", "no_factor", "P002")
    ]
    assert outcome.taken.accounts[0].amount_yuan == 240.0


def test_amounts_of_price_quantity_and_discount_are_worked_out_in_decimals(tmp_path):
    data = workbook(
        [*HEADER[:4], "单价", "折扣", "经理"], [*A[:3], 3, 19.99, 0.9, "M001"], [*A[:3], 7, 0.1, 1, "M001"]
    )
    outcome = taken(tmp_path, data, columns=without("amount"), multiply={"amount": ["sold_qty", "单价", "折扣"]})
    assert sums(outcome) == (2, 10, Decimal("54.673"))  # 53.973 + 0.7


def test_year_month_and_day_in_columns_of_their_own(tmp_path):
    header = ["年份", "月份", "日", *HEADER[1:]]
    data = workbook(header, ["2024年", "6月", "3日", *A[1:]], [2024, 6, 4, *B[1:]])
    outcome = taken(tmp_path, data, columns=without(order_date=["年份", "月份", "日"]))
    assert sorted(str(day.date()) for day in rows_of(outcome)["order_date"]) == ["2024-06-03", "2024-06-04"]


@pytest.mark.parametrize(
    ("total_day", "day"), [("last", "2024-06-30"), ("first", "2024-06-01"), ("", "2024-06-03")]
)
def test_months_totals_are_dated_as_the_settings_say(tmp_path, total_day, day):
    outcome = taken(tmp_path, workbook(HEADER, A), total_day=total_day)
    assert [str(one.date()) for one in rows_of(outcome)["order_date"]] == [day]


def test_merged_labels_and_groups_are_filled_down_but_never_numbers(tmp_path):
    rows = [HEADER, A, [None, None, "P001", 2, 240, None], ["2024-06-05", "030201", "P002", 1, 100, "M002"],
            [None, None, "P001", 3, None, None], ["小计", None, None, 11, None, None]]  # fmt: skip
    merged = workbook(*rows, merged=("A2:A3", "B2:B3", "F2:F3", "A4:A5", "B4:B5", "E4:E5", "F4:F5"))
    down = {"fill_down": ["order_date", "customer_id", "manager_id"]}
    for folder, data, more in (("merged", merged, {}), ("down", workbook(*rows), down)):
        outcome = taken(tmp_path / folder, data, **more)
        assert sums(outcome) == (3, 8, Decimal("840.25"))
        assert [(one.cell, one.rule) for one in outcome.told if one.effect == "row left out"] == [
            ("E5", "required")
        ]
        assert not_data(outcome) == {"subtotal": 1}


def test_units_in_a_column_are_converted_by_the_table(tmp_path):
    data = workbook([*HEADER, "单位"], [*A, "条"], [*B[:3], 0.028, *B[4:], "箱"], [*A[:3], 3, 300, "M001", "件"])
    outcome = taken(tmp_path, data, unit_columns={"sold_qty": "单位"}, units={"箱": 250})
    assert sums(outcome) == (2, 12, Decimal("1200.75"))
    assert [(one.cell, one.rule, one.found) for one in outcome.told if one.effect == "row left out"] == [
        ("G4", "unit_unknown", "件")
    ]


@pytest.mark.parametrize(
    ("heading", "unit", "setting"), [("单位", "箱", "sold_qty"), ("货币单位", "万元", "amount")]
)
def test_other_units_in_a_column_of_which_the_settings_say_nothing_stop_the_run(tmp_path, heading, unit, setting):
    outcome = taken(tmp_path, workbook([*HEADER, heading], [*A, "条"], [*B, unit]))
    assert rules(outcome) == ["settings_unit_column"]
    assert details(outcome, "settings_unit_column")["setting"] == f"unit_columns.{setting}"


def test_names_stand_for_codes_where_only_one_has_them(tmp_path):
    outcome = taken(tmp_path, workbook(HEADER, ["2024-06-03", "便民烟酒店", "雄狮", 5, 500.25, "李明"]))
    assert sums(outcome) == (1, 5, Decimal("500.25"))
    assert set(rules(outcome)) == {"name_meant", "text_day"}


def test_the_manager_is_that_of_the_customer(tmp_path):
    data = workbook(HEADER[:5], A[:5], B[:5], ["2024-06-04", "999999", "P002", 1, 1])
    outcome = taken(tmp_path, data, columns=without("manager_id"), manager_from="customers")
    assert sums(outcome) == (2, 12, Decimal("1200.75"))
    assert [(one.cell, one.rule, one.found) for one in outcome.told if one.effect == "row left out"] == [
        ("B4", "manager_of_customer", "999999")
    ]


def test_a_region_of_several_managers_is_nobodys_and_they_are_named(tmp_path):
    data = workbook([*HEADER[:5], "区域"], [*A[:5], "城东区"])
    outcome = taken(tmp_path, data, columns=without("manager_id", region_id="区域"), manager_from="region")
    assert sums(outcome)[0] == 0
    told = next(one for one in outcome.told if one.rule == "manager_of_region")
    assert (told.cell, dict(told.details)) == ("F2", {"candidates": "M001 李明、M002 王芳"})


def test_a_region_of_one_manager_is_that_managers(tmp_path):
    versions = master_versions(tmp_path / "lists")
    for form, column, value in (("managers", "region_id", ["R01", "R02"]),):
        path = tmp_path / "lists" / f"{form}.parquet"
        rows = pd.read_parquet(path).assign(**{column: pd.Series(value, dtype="str")})
        rows.to_parquet(path)
    regions = pd.read_parquet(tmp_path / "lists/regions.parquet")
    more = regions.assign(region_id="R02", region_name="城西区").astype(regions.dtypes.to_dict())
    pd.concat([regions, more], ignore_index=True).to_parquet(tmp_path / "lists/regions.parquet")
    mapping = {"files": "*", "form": "sales", "repeats": True, "manager_from": "region",
               "columns": without("manager_id", region_id="区域")}  # fmt: skip
    data = workbook([*HEADER[:5], "区域"], [*A[:5], "城东区"], [*B[:5], "R02"])
    outcome = take_file(tmp_path, data, settings=settings_from({"exports": [mapping]}), versions=versions)
    assert [(part.manager_id, part.rows) for part in outcome.taken.parts] == [("M001", 1), ("M002", 1)]


def test_code_and_name_in_one_cell(tmp_path):
    outcome = taken(
        tmp_path, workbook(HEADER, ["2024-06-03", "030101 便民烟酒店", "[P002]雄狮", 5, 500.25, "李明(M001)"])
    )
    assert sums(outcome) == (1, 5, Decimal("500.25"))


STATES = [[*A, "已完成"], [*B, "已发货"], [*A[:3], 2, 200, "M001", "作废"], [*B[:3], -1, -100, "M002", "退货"]]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"状态": "已完成"}, (1, 5, Decimal("500.25"))),
        ({"状态": ["已完成", "已发货"]}, (2, 12, Decimal("1200.75"))),
        ({"状态": {"not": ["作废"]}}, (3, 11, Decimal("1100.75"))),
        ({"数量": {"from": 0}}, (3, 14, Decimal("1400.75"))),
        ({"数量": {"from": 2, "to": 5}}, (2, 7, Decimal("700.25"))),
        ({"日期": {"from": "2024-06-04"}}, (2, 6, Decimal("600.5"))),
        ({"金额": {"to": 0}, "状态": {"not": ["作废"]}}, (1, -1, Decimal(-100))),
    ],
)
def test_rows_that_are_wanted_are_taken_and_the_others_told(tmp_path, where, expected):
    outcome = taken(tmp_path, workbook([*HEADER, "状态"], *STATES), where=where)
    assert sums(outcome) == expected
    assert (
        sum(int(dict(one.details)["count"]) for one in outcome.told if one.rule == "rows_unasked")
        == 4 - expected[0]
    )


def test_void_rows_of_which_the_settings_say_nothing_are_told(tmp_path):
    outcome = taken(tmp_path, workbook([*HEADER, "单据状态"], *STATES))
    assert details(outcome, "rows_void") == {
        "heading": "单据状态", "count": "1", "values": "已完成×1、已发货×1、作废×1、退货×1",
    }  # fmt: skip


@pytest.mark.parametrize("less", ["(100.50)", "（100.50）", "-100.50", "100.50-", "￥-100.50"])
def test_less_than_nothing_however_it_is_written(tmp_path, less):
    outcome = taken(tmp_path, workbook(HEADER, A, [*A[:3], "(2)", less, "M001"]))
    assert sums(outcome) == (2, 3, Decimal("399.75"))


TWO_TABLES = (["六月销售"], HEADER, A, B, ["合计", None, None, 12, 1200.75], [None], ["六月退货"], HEADER,
              [*A[:3], 1, 100, "M001"])  # fmt: skip


def test_a_second_table_under_its_own_title_is_not_taken_for_more_rows(tmp_path):
    outcome = taken(tmp_path, workbook(*TWO_TABLES))
    assert rules(outcome) == ["settings_tables"]
    assert details(outcome, "settings_tables")["named"] == '"六月销售"、"六月退货"'


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("六月销售", (2, 12, Decimal("1200.75"))),
        ("*退货", (1, 1, Decimal(100))),
        ("*", (3, 13, Decimal("1300.75"))),
    ],
)
def test_tables_are_chosen_by_their_titles(tmp_path, title, expected):
    assert sums(taken(tmp_path, workbook(*TWO_TABLES), table=title)) == expected


def test_a_title_that_is_not_there_is_told(tmp_path):
    assert rules(taken(tmp_path, workbook(*TWO_TABLES), table="七月销售")) == ["export_table"]


def test_a_title_may_be_the_manager(tmp_path):
    data = workbook(["李明"], HEADER[:5], A[:5], [None], ["王芳"], HEADER[:5], B[:5])
    outcome = taken(tmp_path, data, table="*", columns=without(manager_id="{table}"))
    assert [(part.manager_id, part.rows) for part in outcome.taken.parts] == [("M001", 1), ("M002", 1)]


def test_headings_printed_on_every_page_are_one_table(tmp_path):
    data = workbook(["六月销售 第1页"], HEADER, A, [None], ["六月销售 第2页"], HEADER, B)
    assert sums(taken(tmp_path, data)) == (2, 12, Decimal("1200.75"))


def test_another_table_below_with_other_headings_is_left_alone(tmp_path):
    data = workbook(
        HEADER, A, B, [None], ["人员表"], ["工号", "姓名", "部门", "岗位"], ["M001", "李明", "一部", "经理"]
    )
    outcome = taken(tmp_path, data)
    assert sums(outcome) == (2, 12, Decimal("1200.75"))
    assert not_data(outcome) == {"blank": 1, "unread": 3}
    assert details(outcome, "other_table") == {"rows": "5–7", "count": "3", "titles": "人员表"}


def test_a_dated_total_is_no_sale(tmp_path):
    outcome = taken(tmp_path, workbook(HEADER, A, B, ["2024-06-30", "合计", None, 12, 1200.75, None]))
    assert sums(outcome) == (2, 12, Decimal("1200.75"))
    assert not_data(outcome) == {"total": 1}


def test_master_data_drawn_from_sales_say_which_codes_differ(tmp_path):
    mapping = {"files": "*", "form": "customers", "valid_from": "2024-06", "one_a_key": True,
               "columns": {"customer_id": "客户", "customer_name": "客户", "manager_id": "经理"},
               "part": {"customer_id": "code", "customer_name": "name"}, "fixed": {"status": "active"}}  # fmt: skip
    data = workbook(["客户", "经理"], ["040001 新店", "李明"], ["040002 老店", "王芳"], ["040001 新店", "王芳"])
    outcome = take_file(tmp_path, data, "a.xlsx", kind="master", settings=settings_from({"exports": [mapping]}))
    rows = outcome.rows("customers")
    assert list(zip(rows["customer_id"], rows["customer_name"], rows["manager_id"], strict=True)) == [
        ("040001", "新店", "M001"), ("040002", "老店", "M002"),
    ]  # fmt: skip
    assert "040001-新店" not in details(outcome, "key_differs")["examples"]
    assert details(outcome, "key_differs") == {"count": "1", "examples": "040001：李明 / 王芳"}


def test_a_name_of_several_codes_is_nobodys_and_all_are_named():
    names = ["同名店", "同 名店", "别的店"]
    codes = Codes(Lookup(pd.DataFrame({"customer_id": ["1", "2", "3"], "customer_name": names})))
    assert codes.named("同名店") == ["1", "2"]
    hint = dict(Nearest(codes).hint("同名店"))
    assert (hint["cause"], hint["candidates"]) == ("namesakes", "1 同名店、2 同 名店")
    assert dict(Nearest(codes).hint("同名店", own=["2"]))["code"] == "2"


def test_one_heading_for_quantity_and_amount_is_not_taken_for_both(tmp_path):
    outcome = taken(tmp_path, workbook(HEADER, A), columns={**COLUMNS, "amount": "数量"})
    assert (rules(outcome), sums(outcome)) == (["export_one_heading"], (0, 0, Decimal(0)))
    assert details(outcome, "export_one_heading")["second"] == "amount"
