"""Every key that says how an export is laid out is checked when the settings are read, in words of what to write."""

import pytest

from pipeline.base.errors import SettingsError
from pipeline.contract.settings import settings_from

COLUMNS = {"order_date": "日期", "customer_id": "客户", "product_id": "品规", "sold_qty": "数量", "amount": "金额",
           "manager_id": "经理"}  # fmt: skip


def without(*names: str, **more: object) -> dict[str, object]:
    return {**{name: text for name, text in COLUMNS.items() if name not in names}, **more}


MONTHS = {"columns": without("order_date", "sold_qty")}
PRICED = {"columns": without("amount")}


def fault(**changes: object) -> str:
    """What is told of a mapping, from its key on; empty where all is well."""
    mapping = {"files": "*", "form": "sales", "columns": COLUMNS, **changes}
    try:
        settings_from({"exports": [mapping]})
    except SettingsError as error:
        return str(error).removeprefix("yuebao.toml: exports.0.")
    return ""


@pytest.mark.parametrize(
    "changes",
    [
        {"sheet": ["1月", "2月*"]},
        {"table": "六月销售"},
        {"header_rows": 4, "skip_rows": 1},
        {"where": {"状态": ["a", "b"], "类型": {"not": ["c"]}, "数量": {"from": 0, "to": 10}, "编号": 5}},
        {"unit_columns": {"sold_qty": "单位"}, "units": {"箱": 250}},
        {**MONTHS, "unpivot": {"pattern": "{month}月", "to": "sold_qty"}},
        {**MONTHS, "unpivot": [{"pattern": "{year}-{month}/数量", "to": "sold_qty"}], "year": 2024},
        {**PRICED, "multiply": {"amount": ["sold_qty", "products.wholesale_price"]}},
        {"fill_down": ["manager_id", "order_date"]},
        {"columns": without("manager_id"), "manager_from": "customers"},
        {"columns": without("manager_id", region_id="区域"), "manager_from": "region"},
        {"part": {"customer_id": "code"}},
        {"total_day": "first", "year": "sheet"},
    ],
)
def test_what_can_be_used_is_taken(changes):
    assert fault(**changes) == ""


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"header_rows": 5}, "header_rows: 写的是“5”，只能写 ≤ 4 的数"),
        ({"where": {"状态": []}}, "where.状态: 没有写条件"),
        ({"where": {"状态": {"nt": ["a"]}}}, "where.状态.nt: 没有这个设置项"),
        ({"unit_columns": {"sold_qty": "单位"}}, "units: unit_columns（单位所在列的标题）与 units"),
        ({"units": {"箱": 250}}, "unit_columns: unit_columns（单位所在列的标题）与 units"),
        ({"unit_columns": {"customer_id": "单位"}, "units": {"箱": 1}}, "unit_columns.customer_id: “customer_id”不是"),
        ({"unit_columns": {"sold_qty": "单位"}, "units": {"箱": 0}}, "units.箱: 倍数 0.0 不能用"),
        ({**MONTHS, "unpivot": {"pattern": "月", "to": "sold_qty"}}, "unpivot.pattern: “月”不能用"),
        ({**MONTHS, "unpivot": {"pattern": "{month}{day}", "to": "sold_qty"}}, "unpivot.pattern: "),
        ({**MONTHS, "unpivot": {"pattern": "{month}月", "to": "qty"}}, "unpivot.to: sales 表没有“qty”这一列"),
        ({"unpivot": {"pattern": "{month}月", "to": "sold_qty"}}, "unpivot: 月份在列标题里"),
        ({**PRICED, "multiply": {"amount": ["数量"]}}, "multiply.amount: 至少要两个因数"),
        ({"multiply": {"amount": ["数量", "单价"]}}, "multiply.amount: “amount”在 columns 中已有"),
        ({"multiply": {"customer_id": ["数量", "单价"]}}, "multiply.customer_id: “customer_id”不是数字列"),
        ({"fill_down": ["amount"]}, "fill_down: “amount”是数字列"),
        ({"fill_down": ["closing_stock"]}, "fill_down: “closing_stock”没有写在 columns 中"),
        ({"manager_from": "customers"}, "manager_from: columns 或 fixed 已写明客户经理"),
        ({"columns": without("manager_id"), "manager_from": "region"}, "manager_from: manager_from = \"region\" 须在"),
        ({"manager_from": "anybody"}, "manager_from: 写的是“anybody”，只能写："),
        ({"part": {"customer_id": "both"}}, "part.customer_id: 写的是“both”，只能写："),
        ({"part": {"closing_stock": "code"}}, "part.closing_stock: “closing_stock”没有写在 columns 中"),
        ({"total_day": "middle"}, "total_day: 写的是“middle”，只能写："),
        ({"year": 24}, "year: “24”不是年份"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_with_its_key(changes, told):
    assert fault(**changes).startswith(told)
