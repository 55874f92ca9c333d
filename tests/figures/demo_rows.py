"""The rows of a demo in plain Python: monthly forms from its truth, master data from the workbooks it sent."""

import csv
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl

Row = dict[str, Any]
MONTHLY = ("sales", "visits", "complaints", "satisfaction", "promotions", "leads", "training")
_DAYS = (
    "order_date", "visit_date", "received_on", "resolved_on", "replied_on", "surveyed_on", "happened_on", "issued_on",
    "seen_on", "reported_on", "passed_on", "closed_on", "told_on", "held_on",
)  # fmt: skip
_WHOLE = (
    "ordered_qty", "sold_qty", "closing_stock", "arrived_at", "left_at", "rating", "supply", "manager_service",
    "delivery", "complaint_handling", "market_order", "profit", "quantity",
)  # fmt: skip
_MASTERS = {
    "客户档案": ("customers", {
        "客户编码": "customer_id", "客户名称": "customer_name", "业态": "channel",
        "客户经理编码": "manager_id", "客户级别": "grade", "状态": "status",
        "入网日期": "joined_on", "退网日期": "left_on", "访问日": "visit_weekday", "市场类型": "area",
        "联系人": "contact", "电话": "phone", "地址": "address", "档案核对日期": "file_checked_on",
    }),
    "品规": ("products", {"品规编码": "product_id", "品牌": "brand", "价类": "category", "重点品牌": "is_key",
        "统一零售指导价(元/条)": "retail_price"}),
    "促销客户确认": ("promotion_customers", {
        "活动编号": "campaign_no", "品规编码": "product_id", "客户编码": "customer_id", "确认日期": "confirmed_on",
    }),
    "客户经理": ("managers", {"客户经理编码": "manager_id", "区域编码": "region_id"}),
    "指标任务": ("targets", {
        "月份": "month", "层级": "level", "对象编码": "entity_id", "指标": "figure", "目标值": "target",
    }),
}  # fmt: skip
_TEXTS = (
    "brand",
    "customer_name",
    "contact",
    "phone",
    "address",
)  # written as they are, whatever they mean elsewhere
_NUMBERS = "一二三四五六七八九"
_SPOKEN = {
    "正常": "active", "停业": "paused", "退网": "left", "是": True, "否": False, "全公司": "organisation",
    "便利店": "convenience", "超市": "supermarket", "食杂店": "grocery", "烟酒店": "tobacco_shop",
    "餐饮娱乐": "restaurant", "其他": "other",
    "城区": "city", "乡镇": "town", "农村": "village",
    "区域": "region", "客户经理": "manager", "销量": "volume", "销售额": "amount",
    **{f"{name}级": str(number) for number, name in enumerate(_NUMBERS, start=1)},
    **{f"{name}类": f"class{number}" for number, name in enumerate(_NUMBERS, start=1)},
    **{f"星期{name}": str(number) for number, name in enumerate("一二三四五六", start=1)}, "星期日": "7",
}  # fmt: skip


def months_of(home: Path) -> dict[tuple[int, int], dict[str, list[Row]]]:
    """Each month (year, number) with its good rows by form, and the master data valid in it.

    To be read while the inbox is full: master data are taken from the workbooks in it.
    """
    months: dict[tuple[int, int], dict[str, list[Row]]] = {}
    for form in MONTHLY:
        with (home / "truth" / f"{form}.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                month = months.setdefault(_month(row["month"]), {})
                month.setdefault(form, []).append({name: _typed(name, text) for name, text in row.items()})
    valid: Mapping[str, list[Row]] = {}
    sent = {_month(path.stem.split("_")[1]): path for path in (home / "inbox").glob("主数据_*.xlsx")}
    for month in sorted(months):
        if month in sent:
            valid = {**valid, **_masters(sent[month])}
        months[month] |= valid
    return months


def _masters(path: Path) -> dict[str, list[Row]]:
    """The master forms in one workbook."""
    book = openpyxl.load_workbook(path, read_only=True)
    found = {}
    for title, (form, columns) in _MASTERS.items():
        if title not in book.sheetnames:
            continue
        rows = list(book[title].iter_rows(min_row=3, values_only=True))
        lines = [dict(zip(rows[0], row, strict=False)) for row in rows[2:] if isinstance(row[0], int)]
        found[form] = [{name: _said(name, line[heading]) for heading, name in columns.items()} for line in lines]
    book.close()
    return found


def _said(name: str, value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.date()
    return _SPOKEN.get(value, value) if isinstance(value, str) and name not in _TEXTS else value


def _typed(name: str, text: str) -> object:
    if text == "":
        return None
    if name in _DAYS:
        return dt.date.fromisoformat(text)
    if name in _WHOLE:
        return int(text)
    if name in ("amount", "observed_price", "credits"):
        return float(text)
    return {"True": True, "False": False}.get(text, text)


def _month(text: str) -> tuple[int, int]:
    return int(text[:4]), int(text[5:7])
