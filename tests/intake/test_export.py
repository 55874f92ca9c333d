"""An office's own export becomes a form's rows as the settings map it, month by month and manager by manager."""

import io

import openpyxl
import pytest
from take_in_builder import Outcome, master_versions, take_file

from pipeline.base.calendar import Month
from pipeline.contract.settings import settings_from

HEADER = ["单据日期", "客户编码", "品规", "数量", "金额(万元)", "业务员"]
SALES_EXPORT = {
    "files": "订单*.xlsx",
    "form": "sales",
    "columns": {
        "order_date": "单据日期", "customer_id": "客户编码", "product_id": "品规", "sold_qty": "数量",
        "amount": "金额(万元)", "manager_id": "业务员",
    },
    "times": {"amount": 10_000},
    "values": {"manager_id": {"李明": "M001", "王芳": "M002"}},
}  # fmt: skip
GOOD = ["2024-06-03", "030101", "P002", 50, 0.6, "李明"]


def workbook(*rows: list[object], sheet: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def taken(
    folder, *rows: list[object], name: str = "订单2024.xlsx", kind: str = "monthly", **changes: object
) -> Outcome:
    settings = settings_from({"exports": [{**SALES_EXPORT, **changes}]})
    return take_file(folder, workbook(*rows), name, kind=kind, settings=settings)


def states(outcome: Outcome) -> list[tuple[str, str, str, int, int]]:
    return [(str(one.month), one.manager_id, one.state, one.rows, one.left_out) for one in outcome.taken.parts]


def rows_left_out(outcome: Outcome) -> list[tuple[str, str]]:
    return [(one.cell, one.rule) for one in outcome.told if one.effect == "row left out"]


def test_an_export_is_split_by_month_and_manager(tmp_path):
    outcome = taken(
        tmp_path,
        ["某某公司订单导出"],
        HEADER,
        GOOD,
        ["2024-06-04", "030201", "P002", 10, 0.12, "王芳"],
        ["2024-07-01", "030101", "P002", 20, 0.24, "李明"],
    )
    assert states(outcome) == [
        ("2024-06", "M001", "accepted", 1, 0),
        ("2024-06", "M002", "accepted", 1, 0),
        ("2024-07", "M001", "accepted", 1, 0),
    ]
    assert rows_left_out(outcome) == []


def test_amounts_are_multiplied_exactly_in_decimals(tmp_path):
    rows = [
        [f"2024-06-{day:02d}", *GOOD[1:4], amount, "李明"] for day, amount in ((1, 0.1), (2, 0.0007), (3, 1.005))
    ]
    assert list(taken(tmp_path, HEADER, *rows).rows("sales")["amount"]) == [1000.0, 7.0, 10050.0]


def test_a_row_of_a_manager_whom_nobody_knows_is_told_at_its_cell(tmp_path):
    outcome = taken(tmp_path, HEADER, GOOD, ["2024-06-04", *GOOD[1:5], "赵六"], ["2024-06-05", *GOOD[1:5], None])
    assert rows_left_out(outcome) == [("F3", "unknown_manager"), ("F4", "unknown_manager")]
    assert states(outcome) == [("2024-06", "M001", "accepted", 1, 0)]


def test_a_row_without_a_usable_date_is_told_and_not_guessed(tmp_path):
    outcome = taken(tmp_path, HEADER, GOOD, ["6/4/2024", *GOOD[1:]], [None, *GOOD[1:]])
    assert rows_left_out(outcome) == [("A3", "day"), ("A4", "required")]
    assert states(outcome) == [("2024-06", "M001", "accepted", 1, 0)]


def test_a_header_that_the_settings_name_must_be_there(tmp_path):
    outcome = taken(tmp_path, HEADER[:5], GOOD[:5])
    assert outcome.taken.parts == ()
    assert [(one.rule, one.effect) for one in outcome.told] == [("export_header", "form left out")]
    assert outcome.told[0].details == (("headers", "业务员"),)  # only what is not there
    (nothing,) = taken(tmp_path / "other", ["某某公司"]).told
    assert nothing.details == (("headers", "、".join(HEADER[:5] + HEADER[5:])),)


def test_every_sheet_of_an_export_counts_a_blank_row_and_an_empty_sheet_are_nothing(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(workbook(HEADER, GOOD, [None, " "], ["2024-06-04", *GOOD[1:]])))
    second = book.create_sheet("第二周")
    for row in (HEADER, ["2024-06-10", *GOOD[1:]]):
        second.append(row)
    book.create_sheet("空")
    buffer = io.BytesIO()
    book.save(buffer)
    settings = settings_from({"exports": [SALES_EXPORT]})
    outcome = take_file(tmp_path, buffer.getvalue(), "订单.xlsx", settings=settings)
    assert states(outcome) == [("2024-06", "M001", "accepted", 3, 0)]
    assert {one.effect for one in outcome.told} == {"note"}


def test_rows_that_came_before_any_master_data_are_each_told(tmp_path):
    settings = settings_from({"exports": [SALES_EXPORT]})
    outcome = take_file(tmp_path, workbook(HEADER, GOOD, GOOD), "订单.xlsx", settings=settings, versions=())
    assert outcome.taken.parts == ()
    assert rows_left_out(outcome) == [("F2", "no_masters"), ("F3", "no_masters")]


def test_only_the_rows_asked_for_are_taken(tmp_path):
    header = [*HEADER, "状态"]
    rows = [[*GOOD, "已审"], ["2024-06-04", *GOOD[1:], "作废"]]
    outcome = taken(tmp_path, header, *rows, where={"状态": "已审"})
    assert states(outcome) == [("2024-06", "M001", "accepted", 1, 0)]


def test_several_headers_are_joined_and_fixed_values_stand_in_every_row(tmp_path):
    columns = {**SALES_EXPORT["columns"], "product_id": ["品牌", "规格"]}
    del columns["manager_id"]
    versions = master_versions(tmp_path / "m", ["regions", "managers", "customers"])
    settings = settings_from({"exports": [{**SALES_EXPORT, "columns": columns, "fixed": {"manager_id": "M001"}}]})
    header = ["单据日期", "客户编码", "品牌", "规格", "数量", "金额(万元)"]
    data = workbook(header, ["2024-06-03", "030101", "利群", "新版", 50, 0.6])
    outcome = take_file(tmp_path, data, "订单.xlsx", settings=settings, versions=versions)
    assert list(outcome.rows("sales")["product_id"]) == ["利群-新版"]
    assert states(outcome) == [("2024-06", "M001", "accepted", 1, 0)]


def test_order_lines_may_repeat_where_the_settings_say_so(tmp_path):
    assert states(taken(tmp_path / "1", HEADER, GOOD, GOOD, repeats=True)) == [
        ("2024-06", "M001", "accepted", 2, 0)
    ]
    assert rows_left_out(taken(tmp_path / "2", HEADER, GOOD, GOOD)) == [("A3", "equal_row")]


@pytest.mark.parametrize(
    ("valid_from", "name", "month"),
    [("2023-01", "订单.xlsx", Month(2023, 1)), ("name", "订单2024-05.xlsx", Month(2024, 5)),
     ("name", "订单_202403.xlsx", Month(2024, 3))],
)  # fmt: skip
def test_master_data_are_dated_by_the_setting_or_by_the_files_name(tmp_path, valid_from, name, month):
    mapped = {
        "form": "products",
        "columns": {"product_id": "品规", "product_name": "品规"},
        "times": {},
        "values": {},
    }
    outcome = taken(
        tmp_path, HEADER, GOOD, GOOD, ["", "", "P007"],
        name=name, kind="master", valid_from=valid_from, one_a_key=True, **mapped,
    )  # fmt: skip
    assert [(one.form, one.month, one.rows) for one in outcome.taken.parts] == [("products", month, 2)]
    assert list(outcome.rows("products")["product_id"]) == ["P002", "P007"]


def test_master_data_without_a_month_are_refused(tmp_path):
    mapped = {
        "form": "products",
        "columns": {"product_id": "品规", "product_name": "品规"},
        "times": {},
        "values": {},
    }
    outcome = taken(tmp_path, HEADER, GOOD, kind="master", valid_from="name", name="订单.xlsx", **mapped)
    assert [(one.rule, one.effect) for one in outcome.told] == [("export_month", "form left out")]


def test_master_data_on_several_sheets_of_an_export_are_accounted_for_row_by_row(tmp_path):
    columns = {"region_id": "编码", "region_name": "名称"}
    mapped = {"form": "regions", "columns": columns, "valid_from": "2024-06", "files": "区域.xlsx"}
    book = openpyxl.Workbook()
    book.active.append(["编码", "名称"])
    book.active.append(["R01", "城东"])
    second = book.create_sheet("二")
    for row in (["编码", "名称"], ["R02", None], ["R03", "城西"]):
        second.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    settings = settings_from({"exports": [mapped]})
    outcome = take_file(tmp_path, buffer.getvalue(), "区域.xlsx", kind="master", settings=settings, versions=())
    assert list(outcome.rows("regions")["region_id"]) == ["R01", "R03"]
    assert [(one.sheet, one.rows, one.kept, one.left_out) for one in outcome.taken.accounts] == [
        ("Sheet", 1, 1, 0),
        ("二", 2, 1, 1),
    ]


def test_a_form_without_a_date_takes_its_month_from_the_files_name(tmp_path):
    columns = {"topic": "主题", "problem": "问题", "countermeasure": "对策", "manager_id": "业务员"}
    mapped = {"form": "actions", "columns": columns, "times": {}, "valid_from": "name"}
    rows = (["主题", "问题", "对策", "业务员"], ["断货", "断货", "补货", "李明"])
    dated = taken(tmp_path / "1", *rows, name="订单2024-06.xlsx", **mapped)
    assert states(dated) == [("2024-06", "M001", "accepted", 1, 0)]
    undated = taken(tmp_path / "2", *rows, name="订单.xlsx", **mapped)
    assert [(one.rule, one.effect) for one in undated.told] == [("export_month", "form left out")]


def test_in_a_csv_numbers_and_dates_as_text_are_nothing_odd(tmp_path):
    settings = settings_from({"exports": [{**SALES_EXPORT, "files": "*.csv"}]})
    text = ",".join(HEADER) + "\r\n2024/6/3,030101,P002,50,0.6,李明\r\n"
    outcome = take_file(tmp_path, text.encode("gb18030"), "订单.csv", settings=settings)
    assert outcome.problems == []
    assert list(outcome.rows("sales")["sold_qty"]) == [50]
