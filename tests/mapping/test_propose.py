"""What a table is taken for: form, columns and keys of small tables of every kind, and what is in doubt."""

import tomllib

import pytest

from pipeline.contract.settings import settings_from
from pipeline.intake.raw import Cell, RawBook, RawSheet
from pipeline.mapping.look import export_of
from pipeline.mapping.proposal import Proposal
from pipeline.mapping.propose import Office, pattern_of, proposals
from pipeline.mapping.samples import Known
from pipeline.mapping.toml import block, written
from pipeline.mapping.trial import try_out

SETTINGS = settings_from({})
NOTHING = Known({}, {})
LISTS = Known(
    {
        "managers": frozenset(("m001", "m002")),
        "customers": frozenset(("030101", "030201")),
        "products": frozenset(("p002",)),
    },
    {
        "managers": frozenset(("李明", "王芳")),
        "customers": frozenset(("便民烟酒店",)),
        "products": frozenset(("雄狮",)),
    },
)
HEADER: list[Cell] = ["订单日期", "客户编号", "商品编号", "数量", "销售额", "业务员"]
A: list[Cell] = ["2024-06-03", "030101", "P002", 5.0, 500.25, "M001"]
B: list[Cell] = ["2024-06-04", "030201", "P002", 7.0, 700.5, "M002"]


def book(*rows: list[Cell], name: str = "Sheet1", **sheets: list[list[Cell]]) -> RawBook:
    further = tuple(RawSheet(title, own) for title, own in sheets.items())
    return RawBook("xlsx", ((RawSheet(name, list(rows)), *further) if rows else further))


def proposed(
    *rows: list[Cell], known: Known = NOTHING, name: str = "导出.xlsx", sheet: str = "Sheet1"
) -> Proposal:
    return proposals(book(*rows, name=sheet), name, Office(SETTINGS.profile, known, "2024-06"))[0]


def columns(one: Proposal) -> dict[str, str]:
    return {found.column: "+".join(found.headings) for found in one.columns}


def keys(one: Proposal) -> dict[str, object]:
    return dict(tomllib.loads(block(one.block))["exports"][0])


def doubts(one: Proposal) -> list[str]:
    return [doubt.rule for doubt in one.doubts]


def test_a_plain_table_is_sales_and_sure():
    one = proposed(HEADER, A, B)
    assert (one.form, one.is_sure, one.missing) == ("sales", True, ())
    assert columns(one) == dict(zip(
        ("order_date", "customer_id", "product_id", "sold_qty", "amount", "manager_id"), HEADER, strict=True
    ))  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        ["OrderDate", "ResellerKey", "ProductKey", "OrderQuantity", "SalesAmount", "EmployeeKey"],
        ["下单时间", "客户 ID", "产品_ID", "销量（条）", "金额（元）", "客户经理"],
        ["日 期", "门店名称", "品名", "数量", "含税金额", "业务员姓名"],
        ["Invoice date", "Customer", "Item", "Qty", "Revenue", "Sales rep"],
    ],
)
def test_the_words_of_other_programs_are_known(header):
    one = proposed(header, A, B)
    assert (one.form, one.missing) == ("sales", ())
    assert list(columns(one)) == ["order_date", "customer_id", "product_id", "sold_qty", "amount", "manager_id"]


def test_what_stands_below_decides_between_headings_that_sound_alike():
    one = proposed([*HEADER, "金额"], [*A, "大写"], [*B, "大写"])
    assert columns(one)["amount"] == "销售额"


def test_codes_that_are_in_the_lists_are_known_whatever_their_heading():
    one = proposed([*HEADER[:1], "许可证", *HEADER[2:]], A, B, known=LISTS)
    assert columns(one)["customer_id"] == "许可证"


def test_titles_and_headings_over_lines_are_found():
    one = proposed(["六月销售", None, None, None, None, None], ["订单日期", "客户编号", "商品编号", "本月", None, "业务员"],  # noqa: E501
                   [None, None, None, "数量", "金额", None], A, B)  # fmt: skip
    assert one.header == (2, 2)
    assert (columns(one)["sold_qty"], columns(one)["amount"]) == ("本月/数量", "本月/金额")


def test_equal_headings_are_in_doubt():
    one = proposed([*HEADER[:5], "数量", "业务员"], [*A[:5], 50.0, "M001"], [*B[:5], 70.0, "M002"])
    assert "others" in doubts(one)
    assert not one.is_sure


def test_the_heading_in_the_forms_unit_is_taken_and_ten_thousands_are_multiplied():
    one = proposed([*HEADER[:4], "金额(万元)", "金额(元)", "业务员"], [*A[:4], 0.05, 500.25, "M001"])
    assert columns(one)["amount"] == "金额(元)"
    one = proposed([*HEADER[:4], "金额(万元)", "业务员"], [*A[:4], 0.05, "M001"])
    assert keys(one)["times"] == {"amount": 10_000}


def test_months_side_by_side_with_what_they_are_in_doubt():
    one = proposed(
        ["客户编号", "商品编号", "业务员", "5月", "6月", "合计"],
        ["030101", "P002", "M001", 3.0, 4.0, 7.0],
        sheet="2024",
    )
    assert keys(one)["unpivot"] == {"pattern": "{month}月", "to": "sold_qty"}
    assert keys(one)["multiply"] == {"amount": ["sold_qty", "products.wholesale_price"]}
    assert doubts(one) == ["months", "prices"]


def test_pairs_of_a_month_say_what_they_are():
    one = proposed(["客户编号", "商品编号", "业务员", "5月数量", "5月金额", "6月数量", "6月金额"],
                   ["030101", "P002", "M001", 3.0, 300.0, 4.0, 400.0])  # fmt: skip
    assert keys(one)["unpivot"] == [
        {"pattern": "{month}月数量", "to": "sold_qty"}, {"pattern": "{month}月金额", "to": "amount"},
    ]  # fmt: skip
    assert doubts(one) == []


def test_year_and_month_in_columns_of_their_own():
    one = proposed(["年", "月", *HEADER[1:]], [2024.0, 6.0, *A[1:]], [2024.0, 6.0, *B[1:]])
    assert keys(one)["columns"]["order_date"] == ["年", "月"]  # type: ignore[index]


def test_an_amount_of_price_and_quantity():
    one = proposed([*HEADER[:4], "单价", "业务员"], [*A[:4], 100.05, "M001"], [*B[:4], 100.5, "M002"])
    assert keys(one)["multiply"] == {"amount": ["sold_qty", "单价"]}


def test_units_beside_the_numbers_are_asked_about_and_void_rows_left_aside():
    one = proposed([*HEADER, "单位", "状态"], [*A, "条", "已完成"], [*B, "箱", "作废"])
    assert keys(one)["unit_columns"] == {"sold_qty": "单位"}
    assert doubts(one) == ["units"]
    assert keys(one)["where"] == {"状态": {"not": ["作废"]}}


@pytest.mark.parametrize(
    ("days", "order", "doubt"),
    [
        (["6/5/2024", "6/25/2024"], "mdy", []),
        (["6/5/2024", "25/6/2024"], "dmy", []),
        (["6/5/2024", "6/6/2024"], None, ["dates"]),
    ],
)
def test_the_order_of_day_and_month_is_told_by_the_days_themselves(days, order, doubt):
    one = proposed(HEADER, [days[0], *A[1:]], [days[1], *B[1:]])
    assert (keys(one).get("dates"), doubts(one)) == (order, doubt)


def test_order_lines_may_repeat_and_plain_sums_do_not():
    assert "repeats" not in keys(proposed(HEADER, A, B))
    assert keys(proposed(HEADER, A, A))["repeats"] is True
    assert keys(proposed(["订单 ID", *HEADER], ["X1", *A], ["X2", *B]))["repeats"] is True


def test_managers_are_the_sheets_or_the_customers():
    rows = [HEADER[:5], A[:5]]
    office = Office(SETTINGS.profile, LISTS, "2024-06")
    one = proposals(book(李明=rows, 王芳=rows), "a.xlsx", office)[0]
    assert columns(one)["manager_id"] == "{sheet}"
    one = proposed(*rows, known=LISTS)
    assert (keys(one)["manager_from"], doubts(one)) == ("customers", [])
    assert doubts(proposed(*rows)) == ["managers"]


def test_sheets_alike_are_one_and_others_are_left_alone():
    one = proposals(
        book(HEADER, A, name="一月", 二月=[HEADER, B], 说明=[["请填写"]]),
        "a.xlsx",
        Office(SETTINGS.profile, NOTHING, "2024-06"),
    )[0]
    assert keys(one)["sheet"] == ["一月", "二月"]


def test_a_report_of_something_else_is_not_sure():
    found = proposals(book(["类别", "序号", "目标", "本年累计", "完成率"], ["重点", 1.0, None, None, None]), "例会.xlsx",  # noqa: E501
                      Office(SETTINGS.profile, NOTHING, "2024-06"))  # fmt: skip
    assert not any(one.is_sure for one in found)


def test_lists_hold_from_the_month_in_the_name_or_the_one_given():
    header: list[Cell] = ["客户编码", "客户名称", "客户经理编码", "状态"]
    one = proposed(header, ["030101", "便民烟酒店", "M001", "正常"], name="客户_2024-05.xlsx")
    assert (one.form, keys(one)["valid_from"], keys(one)["files"]) == ("customers", "name", "客户_*.xlsx")
    assert keys(proposed(header, ["030101", "便民烟酒店", "M001", "正常"]))["valid_from"] == "2024-06"


def test_the_proposal_tried_gives_the_sums_of_the_file_and_its_own_total():
    rows = [HEADER, A, B, ["合计", None, None, 12.0, 1200.0, None]]
    one = proposed(*rows)
    made = try_out(book(*rows), export_of(one), SETTINGS.profile.forms["sales"], "导出.xlsx", SETTINGS)
    assert dict(made.counts) == {"rows": 3, "kept": 2, "left_out": 0, "not_data": 1}
    assert [(one.column, one.taken, one.said, one.differs) for one in made.sums] == [
        ("sold_qty", "12.00", "12.00", False), ("amount", "1200.75", "1200.00", True),
    ]  # fmt: skip
    assert made.rows[0] == ("2024-06-03", "030101", "P002", "5", "500.25", "M001")


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("sales_2024-06.csv", "sales_*.csv"), ("销售202406.xlsx", "销售*.xlsx"), ("订单2024年6月.xls", "订单*.xls"),
     ("a[1].csv", "a?1?.csv"), ("2024-06.csv", "2024-06.csv")],
)  # fmt: skip
def test_files_that_come_again_have_a_pattern(name, pattern):
    assert pattern_of(name) == pattern


@pytest.mark.parametrize("text", ['单"价', "a\\b", "上\n下", "\u202e", "\x00"])
def test_any_heading_can_be_written_and_read(text):
    assert tomllib.loads(f"a = {written(text)}")["a"] == text
