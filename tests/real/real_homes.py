"""Organisations made of real data in other people's formats: only settings and copies, no program code.

Master data are derived as the data's own README says; AdventureWorks' customers get a list a month, as 208 of
them change their manager.
"""

import shutil
from pathlib import Path

import pandas as pd

REAL = Path(__file__).resolve().parents[3] / "shared" / "real"

ADVENTUREWORKS = """
organisation = "AdventureWorks"
language = "en"

[profile]
name = "tobacco"
monthly_forms = ["sales"]
[profile.lists]
categories = [
  { key = "Bikes", zh = "自行车", en = "Bikes" },
  { key = "Components", zh = "部件", en = "Components" },
  { key = "Clothing", zh = "服装", en = "Clothing" },
  { key = "Accessories", zh = "配件", en = "Accessories" },
]

[[exports]]
files = "managers.csv"
form = "regions"
valid_from = "2017-01"
one_a_key = true
columns = { region_id = "SalesTerritoryRegion", region_name = "SalesTerritoryRegion" }

[[exports]]
files = "managers.csv"
form = "managers"
valid_from = "2017-01"
columns = { manager_id = "EmployeeKey", manager_name = "manager_name", region_id = "SalesTerritoryRegion" }

[[exports]]
files = "customers_*.csv"
form = "customers"
valid_from = "name"
fixed = { status = "正常" }
columns = { customer_id = "ResellerKey", customer_name = "ResellerName", manager_id = "EmployeeKey" }

[[exports]]
files = "sales.csv"
form = "products"
valid_from = "2017-01"
one_a_key = true
[exports.columns]
product_id = "ProductKey"
product_name = "Product"
brand = "Subcategory"
category = "EnglishProductCategoryName"

[[exports]]
files = "targets.csv"
form = "targets"
valid_from = "2017-01"
fixed = { level = "manager", metric = "amount" }
times = { target = 1000 }
values.entity_id = { KEYS }
columns = { month = "month", entity_id = "EmployeeKey", target = "target_thousand" }

[[exports]]
files = "sales.csv"
form = "sales"
repeats = true
[exports.columns]
manager_id = "EmployeeKey"
order_date = "OrderDate"
customer_id = "ResellerKey"
product_id = "ProductKey"
sold_qty = "OrderQuantity"
amount = "SalesAmount"
"""

SUPERSTORE = """
organisation = "示例超市"

[profile]
name = "tobacco"
monthly_forms = ["sales"]
[profile.lists]
categories = [
  { key = "office", zh = "办公用品", en = "Office supplies" },
  { key = "technology", zh = "技术", en = "Technology" },
  { key = "furniture", zh = "家具", en = "Furniture" },
]

[[exports]]
files = "*超市.xls"
form = "regions"
sheet = "销售人员"
valid_from = "2014-01"
columns = { region_id = "地区", region_name = "地区", regional_manager = "地区经理" }

[[exports]]
files = "*超市.xls"
form = "managers"
sheet = "订单"
valid_from = "2014-01"
one_a_key = true
columns = { manager_id = "省/自治区", manager_name = "省/自治区", region_id = "地区" }

[[exports]]
files = "*超市.xls"
form = "customers"
sheet = "订单"
valid_from = "2014-01"
one_a_key = true
fixed = { status = "正常" }
columns = { customer_id = ["客户 ID", "地区"], customer_name = "客户名称", manager_id = "省/自治区" }

[[exports]]
files = "*超市.xls"
form = "products"
sheet = "订单"
valid_from = "2014-01"
one_a_key = true
columns = { product_id = "产品 ID", product_name = "产品名称", brand = "子类别", category = "类别" }

[[exports]]
files = "*超市.xls"
form = "sales"
sheet = "订单"
repeats = true
[exports.columns]
manager_id = "省/自治区"
order_date = "订单日期"
customer_id = ["客户 ID", "地区"]
product_id = "产品 ID"
sold_qty = "数量"
amount = "销售额"

[[exports]]
files = "sales_with_manager.csv"
form = "complaints"
where = { "是否退货" = "True" }
fixed = { category = "商品质量", description = "退货" }
[exports.columns]
manager_id = "省/自治区"
complaint_no = "行 ID"
received_on = "订单日期"
customer_id = ["客户 ID", "地区"]
product_id = "产品 ID"
quantity = "数量"
"""


def make_adventureworks(home: Path) -> pd.DataFrame:
    """Fills a home; returns the source lines: month, manager_id, sold_qty, amount."""
    source = REAL / "adventureworks"
    inbox = home / "inbox"
    inbox.mkdir(parents=True)
    lines = pd.read_csv(source / "sales.csv", dtype={"ResellerKey": str, "EmployeeKey": str})
    for name in ("sales.csv", "managers.csv", "targets.csv"):
        shutil.copy(source / name, inbox / name)
    for month, customers in _customers_by_month(lines).items():
        customers.to_csv(inbox / f"customers_{month}.csv", index=False)
    keys = sorted(set(lines["EmployeeKey"]))
    settings = ADVENTUREWORKS.replace("KEYS", ", ".join(f'"{key}.0" = "{key}"' for key in keys))
    (home / "yuebao.toml").write_text(settings, encoding="utf-8")
    return lines.assign(
        month=lines["OrderDate"].str[:7],
        manager_id=lines["EmployeeKey"],
        sold_qty=lines["OrderQuantity"],
        amount=lines["SalesAmount"],
    )[["month", "manager_id", "sold_qty", "amount"]]


def _customers_by_month(lines: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Each customer with the manager of its newest order up to the month's end, else of its first order."""
    columns = ["ResellerKey", "ResellerName", "EmployeeKey"]
    ordered = lines.sort_values("OrderDate", kind="stable")
    firsts = ordered.drop_duplicates("ResellerKey")[columns]
    by_month: dict[str, pd.DataFrame] = {}
    for month in sorted(set(ordered["OrderDate"].str[:7])):
        newest = ordered[ordered["OrderDate"].str[:7] <= month].drop_duplicates("ResellerKey", keep="last")[
            columns
        ]
        by_month[month] = pd.concat([newest, firsts]).drop_duplicates("ResellerKey")
    return by_month


def make_superstore(home: Path) -> pd.DataFrame:
    """Fills a home from the original .xls; returns the source lines: month, manager_id, sold_qty, amount."""
    source = REAL / "superstore_cn"
    inbox = home / "inbox"
    inbox.mkdir(parents=True)
    for name in ("示例 - 超市.xls", "sales_with_manager.csv"):
        shutil.copy(source / name, inbox / name)
    (home / "yuebao.toml").write_text(SUPERSTORE, encoding="utf-8")
    lines = pd.read_csv(source / "sales_with_manager.csv")
    return lines.assign(
        month=lines["订单日期"].str[:7],
        manager_id=lines["省/自治区"],
        sold_qty=lines["数量"],
        amount=lines["销售额"],
    )[["month", "manager_id", "sold_qty", "amount"]]
