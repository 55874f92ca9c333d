"""A trade of three subjects with its own words, made for tests: a repair service with calls, orders and its customers.

Nothing of it is sold: no products, no sales, no survey, no outlook.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.settings import Settings, load_settings
from pipeline.templates.plan import Manager
from pipeline.templates.write import write_template
from pipeline.words import load_words

SETTINGS = """
organisation = "安居维修"

[profile]
name = "tobacco"
zh = "上门维修"
en = "Repair service"
customer_word_zh = "住户"
customer_word_en = "household"
master_forms = ["regions", "managers", "customers"]
monthly_forms = ["visits", "complaints"]
other_forms = ["enrolments"]
subjects = ["visits", "complaints", "base"]
complaint_working_days = { leak = 2, power = 1 }
satisfaction_weights = {}
evaluation_weights = {}
scorecard = { indicators = { volume = { group = "develop", weight = 0 }, amount = { group = "develop", weight = 0 }, \
ordering_rate = { group = "acquire", weight = 0 }, satisfaction = { group = "retain", weight = 0 }, \
key_brand_share = { group = "product", weight = 0 }, price_rate = { group = "process", weight = 0 }, \
retention_rate = { group = "retain", weight = 0.5, target = 99 }, \
plan_completion = { group = "process", weight = 0.2, target = 90 }, \
complaints_per_100 = { group = "process", weight = 0, target = 6 }, \
parts_used = { group = "skill", weight = 0.3, target = 1 } } }
groups = { skill = { zh = "技能", en = "Skill" } }
units = { "把" = { en = "tools", is_count = true } }

[profile.workbooks]
region = ["changes", "overview", "managers", "scorecard", "base", "visits", "complaints", "cases", "problems", \
"own_figures", "submissions", "quality", "glossary", "trend"]
headquarters = ["changes", "overview", "regions", "managers", "base", "visits", "complaints", "own_figures", \
"submissions", "quality", "glossary", "trend"]
manager = ["changes", "cover", "part_opinions", "visits", "base", "cases", "own_figures", "quality", \
"glossary", "trend"]
main_figures = ["visits", "coverage", "complaints", "on_time_rate", "customers_end"]
letter_figures = ["visits", "complaints"]
charts = [["visits"], ["complaints"]]
target_figure = "visits"

[profile.workbooks.titles]
manager = { zh = "上门维修月报（{entity}）", en = "Monthly repairs ({entity})" }
letter_manager = { zh = "{name}{month}的维修月报已编好。", en = "The repairs report of {name} for {month} is ready." }

[profile.lists]
categories = []
orders = [{ key = "leak", zh = "漏水", en = "Leak" }, { key = "power", zh = "断电", en = "Power cut" }]

[profile.own_forms.visits]
zh = "上门记录"
en = "Calls"
without = ["display_ok", "price_ok", "observed_price", "price_tags_replaced", "stock_checked", "stock_qty", \
"order_advice", "lawful", "market_info"]

[profile.own_forms.visits.columns.informed]
zh = "带齐工具"
en = "Tools complete"

[profile.own_forms.complaints]
zh = "报修单"
en = "Repair orders"
without = ["product_id", "quantity"]

[profile.own_forms.complaints.columns]
category = { zh = "故障类别", en = "Fault", list = "orders", example = "漏水", example_en = "Leak" }

[figures.parts_used]
zh = "工具齐备次数"
en = "Calls with all tools"
unit = "把"
better = "higher"
definition = "带齐工具的上门次数。"
definition_en = "Calls with all tools at hand."
numerator = { form = "visits", count = "rows", where = { informed = true } }

[figures.signed_share]
zh = "签字占比"
en = "Signed share"
unit = "%"
better = "higher"
definition = "住户签字的上门次数÷上门次数。"
numerator = { form = "visits", count = "rows", where = { customer_signed = true } }
denominator = { form = "visits", count = "rows" }
"""
MANAGERS = {"M1": ("R1", "李明"), "M2": ("R1", "王芳"), "M3": ("R2", "赵强")}
ROLES = {"M1": "field", "M2": "senior"}
TRADE_WORDS = (
    "品规",
    "价类",
    "品牌",
    "卷烟",
    "条",
    "箱",
    "陈列",
    "价签",
    "零售指导价",
    "销量",
    "销售",
    "订货",
    "满意度",
)
TRADE_WORDS_EN = ("carton", "brand", "display", "price tag", "volume", "sales", "satisfaction")


def make_home(home: Path, months: Sequence[Month], language: str = "zh", more: str = "") -> Settings:
    """The folder with its settings (and `more` tables), master data, and every manager's forms of some months."""
    (home / "inbox").mkdir(parents=True)
    (home / "yuebao.toml").write_text(f'language = "{language}"\n{SETTINGS}\n{more}', encoding="utf-8")
    settings = load_settings(home)
    _write(settings, home / "inbox" / "masters.xlsx", _masters(), months[0], None)
    for month in months:
        for manager, (_, name) in MANAGERS.items():
            path = home / "inbox" / f"{month}_{manager}.xlsx"
            _write(settings, path, _rows(manager, month), month, Manager(manager, name))
    return settings


def _write(
    settings: Settings,
    path: Path,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    month: Month,
    manager: Manager | None,
) -> None:
    forms = [settings.profile.forms[key] for key in rows]
    frames = {form.key: _frame(settings, form.key, rows[form.key]) for form in forms}
    words = load_words(settings.language)
    write_template(path, forms, words, settings.profile, month=month, manager=manager, rows=frames)


def _frame(settings: Settings, key: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    form = settings.profile.forms[key]
    columns = {column.name: [row.get(column.name) for row in rows] for column in form.columns}
    return pd.DataFrame(columns).astype(form.dtypes)


def _masters() -> dict[str, list[dict[str, Any]]]:
    return {
        "regions": [
            {"region_id": one, "region_name": f"{one}片", "email": f"{one}@example.org"} for one in ("R1", "R2")
        ],
        "managers": [
            {
                "manager_id": key,
                "manager_name": name,
                "region_id": region,
                "role": ROLES.get(key),
                "started_on": pd.Timestamp(2020, 1, 1),
            }
            for key, (region, name) in MANAGERS.items()
        ],
        "customers": [
            {
                "customer_id": f"{manager}-{number}",
                "customer_name": f"住户{manager}{number}",
                "manager_id": manager,
                "status": "active",
                "joined_on": pd.Timestamp(2020, 1, 1),
            }
            for manager in MANAGERS
            for number in range(12)
        ],
    }


def _rows(manager: str, month: Month) -> dict[str, list[dict[str, Any]]]:
    """Twelve calls, of which nine have all tools and ten are signed; two orders, one of them closed."""
    first = pd.Timestamp(month.first_day)
    calls = [
        {
            "visit_date": first + pd.Timedelta(days=4 + number),
            "customer_id": f"{manager}-{number}",
            "visit_kind": "planned",
            "arrived_at": 540,
            "left_at": 570,
            "informed": number < 9,
            "customer_signed": number < 10,
        }
        for number in range(12)
    ]
    orders = [
        {
            "complaint_no": f"B{manager}{month}{number}",
            "received_on": first + pd.Timedelta(days=8),
            "customer_id": f"{manager}-{number}",
            "category": kind,
            "description": "报修",
            "handler": "赵工" if kind == "leak" or manager == "M3" else "钱工",
            "resolved_on": first + pd.Timedelta(days=9) if number else None,
        }
        for number, kind in enumerate(("leak", "power"))
    ]
    return {"visits": calls, "complaints": orders}
