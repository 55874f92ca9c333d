"""A report by hand, and the letters planned from it."""

from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.figure import Figure
from pipeline.contract.report import METRIC_COLUMNS, PROBLEM_COLUMNS, SUBMISSION_COLUMNS, Report
from pipeline.contract.settings import settings_from
from pipeline.outbox.letters import Letter, NoLetter, Workbook, plan_letter

MONTH = Month(2024, 6)
FILE = "regions/2024-06_R01_城东区.xlsx"
WORKBOOK = Workbook("2024-06_R01_城东区.xlsx", FILE, 3000, f"output/2024-06/{FILE}")
CONTENT = bytes(range(256)) * 12


def _no_count(facts: Any) -> Any:
    raise AssertionError("a letter never counts")


def figure(key: str, zh: str, en: str, unit: Any, subject: Any, decimals: int = 0) -> Figure:
    return Figure(key, zh, en, unit, subject, "", "", (subject,), _no_count, decimals=decimals)


FIGURES = (
    figure("volume", "销量", "Volume", "条", "sales"),
    figure("amount", "销售额", "Amount", "元", "sales", 2),
    figure("plan_completion", "计划完成率", "Plan completion", "%", "visits", 1),
    figure("complaints", "投诉件数", "Complaints", "件", "complaints"),
    figure("satisfaction", "满意度指数", "Satisfaction index", "分", "satisfaction", 1),
)


def metric(level: str, entity: str, key: str, value: float | None, **more: float) -> dict[str, Any]:
    empty = dict.fromkeys(METRIC_COLUMNS)
    return {**empty, "level": level, "entity_id": entity, "figure": key, "value": value, **more}


def masters(**region: Any) -> dict[str, pd.DataFrame]:
    one = {"region_id": "R01", "region_name": "城东区", "regional_manager": "王建国", "email": "wang@example.com"}
    two = {"region_id": "R02", "region_name": "西山区", "regional_manager": "赵敏", "email": "zhao@example.com"}
    manager = {"manager_id": "M001", "manager_name": "李明", "region_id": "R01", "email": "liming@example.com"}
    return {"regions": pd.DataFrame([{**one, **region}, two]), "managers": pd.DataFrame([manager])}


def report(language: str = "zh", mail: dict[str, Any] | None = None, **more: Any) -> Report:
    settings = settings_from(
        {
            "organisation": "示例市烟草公司",
            "language": language,
            "mail": {"sender": "营销中心 <office@example.com>", **(mail or {})},
        }
    )
    metrics = [
        metric("region", "R01", "volume", 125_430, change=5.14, yoy=-2.0, completion=98.26),
        metric("region", "R01", "amount", 18_765_432.1, change=0.01),
        metric("region", "R01", "plan_completion", 88.9, change=-1.5),
        metric("region", "R01", "complaints", None),
        metric("organisation", "ALL", "volume", 999_777, change=1.0),
        metric("manager", "M001", "volume", 4_321, change=1.0),
    ]
    names = [("organisation", "ALL", "示例市烟草公司"), ("region", "R01", "城东区"), ("manager", "M001", "李明")]
    plain = Report(
        settings, MONTH, 1, "region", "R01", FIGURES, pd.DataFrame(metrics), pd.DataFrame(),
        pd.DataFrame(names, columns=["level", "entity_id", "name"]),
        pd.DataFrame(columns=list(PROBLEM_COLUMNS)), pd.DataFrame(columns=list(SUBMISSION_COLUMNS)),
        sentences={"overview": ("销量125,430条，环比增长5.1%。", "库存<偏高>&需关注。")},
    )  # fmt: skip
    return replace(plain, **more)


def planned(of: Report | None = None, workbook: Workbook = WORKBOOK, **region: Any) -> Letter | NoLetter:
    return plan_letter(of or report(), FIGURES, masters(**region), workbook)


def letter(of: Report | None = None, workbook: Workbook = WORKBOOK, **region: Any) -> Letter:
    made = planned(of, workbook, **region)
    assert isinstance(made, Letter)
    return made
