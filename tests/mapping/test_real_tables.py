"""Tables of real offices and the cases, mapped without help: right, or said to be unsure."""

from pathlib import Path

import pytest

from pipeline.contract.settings import settings_from
from pipeline.mapping.look import Look, LookTask, look

SHARED = Path(__file__).resolve().parents[2] / "../shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the tables are not here")
SETTINGS = settings_from({})
MODULES = tuple(sorted({form.model.__module__ for form in SETTINGS.profile.forms.values()}))
AW, CN, CASES = "real/adventureworks/", "real/superstore_cn/", "cases/export_"
OF_ROWS = "order_date customer_id product_id sold_qty amount"
PLAIN = "业务员 订单日期 客户编号 商品编号 数量 金额"
SALES = f"manager_id {OF_ROWS}"
# A table, the form that it is, and its columns with their headings.
RIGHT = {
    f"{AW}sales.csv": ("sales", SALES, "EmployeeKey OrderDate ResellerKey ProductKey OrderQuantity SalesAmount"),
    f"{AW}customers.csv": ("customers", "customer_id customer_name manager_id", "ResellerKey ResellerName EmployeeKey"),
    f"{AW}managers.csv": ("managers", "manager_id manager_name", "EmployeeKey manager_name"),
    f"{CN}sales_with_manager.csv": ("sales", OF_ROWS, "订单日期 客户|ID 产品|ID 数量 销售额"),
    f"{CN}示例 - 超市.xls": ("sales", OF_ROWS, "订单日期 客户|ID 产品|ID 数量 销售额"),
    f"{CASES}headings_that_differ_in_brackets_only.csv": (
        "sales", SALES, "业务员 订单日期 客户编号 商品编号 销量(条) 金额(元)",
    ),
    f"{CASES}names_only.csv": ("sales", SALES, "业务员 订单日期 客户名称 品规名称 数量 金额"),
    f"{CASES}year_and_month_columns.csv": ("sales", SALES, "业务员 年+月 客户编号 商品编号 数量 金额"),
    f"{CASES}xml_spreadsheet_2003_named.xls": ("sales", SALES, PLAIN),
    f"{CASES}status_several_values.csv": ("sales", SALES, PLAIN),
}  # fmt: skip
UNSURE = (
    f"{CASES}same_heading_twice.csv", f"{CASES}unit_in_a_column.csv", f"{CASES}months_as_columns.xlsx",
    f"{AW}targets.csv", "real/messy_forms/totalexcel_日报.xlsx", "real/messy_forms/telaker_销售数据.xlsx",
    "real/messy_forms/totalexcel_202504-例会模板.xlsx", "real/messy_forms/improvement_plan_项目统计表.xlsx",
)  # fmt: skip


def seen(name: str) -> Look:
    path = SHARED / name
    answer = look(LookTask(str(path), path.name, SETTINGS, (), "2024-06", MODULES))
    assert isinstance(answer, Look)
    return answer


@pytest.mark.slow
def test_of_ten_tables_at_least_nine_are_right_without_help():
    wrong = []
    for name, (form, columns, headings) in RIGHT.items():
        first = seen(name).proposals[0]
        wanted = dict(zip(columns.split(), headings.replace("|", "\0").split(), strict=True))
        found = {one.column: "+".join(one.headings) for one in first.columns}
        if first.form != form or any(found.get(one) != text.replace("\0", " ") for one, text in wanted.items()):
            wrong.append(name)
    assert len(wrong) <= 1, wrong


@pytest.mark.slow
@pytest.mark.parametrize("name", UNSURE)
def test_what_only_a_person_can_know_is_said_to_be_unsure(name):
    assert not any(one.is_sure for one in seen(name).proposals)
