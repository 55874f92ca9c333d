"""A small organisation's report, built by hand: what the figures would hand over, without figuring."""

import dataclasses
import math
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.figure import Figure, Level
from pipeline.contract.report import METRIC_COLUMNS, PROBLEM_COLUMNS, SUBMISSION_COLUMNS, Report
from pipeline.contract.settings import settings_from

MONTH = Month(2024, 6)
REGION = "R01"
MANAGERS = {
    "M001": "王建国",
    "M002": "李秀英",
    "M003": "欧阳晓明",
    "M004": "赵敏",
    "M005": "陈大伟",
    "M006": "刘洋",
    "M007": "孙丽华",
}
NAN = math.nan
# What a figure is worth in the region this month, with numerator and denominator, by unit or key.
VALUES = {
    "volume": (125_430, 125_430, NAN),
    "amount": (18_765_432.1, 18_765_432.1, NAN),
    "amount_per_case": (37_402, 18_765_432.1, 125_430),
    "ordering_customers": (868, 868, NAN),
    "ordering_rate": (95.2, 868, 912),
    "key_brand_share": (41.3, 51_800, 125_430),
    "visits": (2_310, 2_310, NAN),
    "coverage": (96.4, 879, 912),
    "plan_completion": (88.9, 1_903, 2_140),
    "complaints": (14, 14, NAN),
    "on_time_rate": (87.5, 7, 8),
    "satisfaction": (83.6, 8_360, 100),
    "satisfaction_low95": (81.9, 8_360, 100),
    "satisfaction_high95": (85.3, 8_360, 100),
}


def _no_count(facts: Any) -> Any:
    raise AssertionError("a workbook never counts")


def _figure(key: str, zh: str, en: str, unit: Any, subject: Any, decimals: int = 0, **more: Any) -> Figure:
    rate = {"denominator": _no_count, "scale": 100.0} if unit == "%" else {}
    definition = f"{zh}：按当月采用的数据计算，退货为负，缺数不计。"
    english = f"{en}: from the rows accepted this month; returns count negative."
    words = (key, zh, en, unit, subject, definition, english)
    return Figure(*words, (subject,), _no_count, decimals=decimals, **{**rate, **more})


FIGURES = (
    _figure("volume", "销量", "Volume", "条", "sales"),
    _figure("amount", "销售额", "Amount", "元", "sales", 2),
    _figure("amount_per_case", "单箱销售额", "Amount per case", "元/箱", "sales", denominator=_no_count),
    _figure("ordering_customers", "订货户数", "Ordering customers", "户", "sales"),
    _figure("ordering_rate", "订货率", "Ordering rate", "%", "sales", 1),
    _figure("class1_share", "一类占比", "Share of class 1", "%", "sales", 1, better="neither"),
    _figure("key_brand_share", "重点品牌占比", "Key-brand share", "%", "sales", 1),
    _figure("visits", "访问次数", "Visits", "次", "visits"),
    _figure("coverage", "访问覆盖率", "Coverage", "%", "visits", 1),
    _figure("plan_completion", "计划完成率", "Plan completion", "%", "visits", 1),
    _figure("complaints", "投诉件数", "Complaints", "件", "complaints", better="lower"),
    _figure("on_time_rate", "办结及时率", "Resolved on time", "%", "complaints", 1),
    _figure("satisfaction", "满意度指数", "Satisfaction index", "分", "satisfaction", 1, denominator=_no_count),
    _figure("satisfaction_low95", "满意度指数95%区间下限", "Index, 95% low", "分", "satisfaction", 1),
    _figure("satisfaction_high95", "满意度指数95%区间上限", "Index, 95% high", "分", "satisfaction", 1),
)


def value_of(figure: Figure) -> tuple[float, float, float]:
    """Value, numerator and denominator of the region's figure."""
    known = VALUES.get(figure.key)
    if known:
        return known
    return (24.5, 245, 1000) if figure.denominator else (42, 42, NAN)


def region_report(language: str = "zh", **changes: Any) -> Report:
    """A region's report with seven managers; everything in it may be changed by name."""
    settings = settings_from({"organisation": "临江市烟草公司" if language == "zh" else "Linjiang"}, language)
    figures = FIGURES
    report = Report(
        settings=settings,
        month=MONTH,
        edition=1,
        level="region",
        entity_id=REGION,
        figures=figures,
        metrics=metrics_frame(figures),
        history=history_frame(figures),
        names=names_frame(language),
        problems=problems_frame(),
        submissions=submissions_frame(),
        details={**details_frames(), "scorecard": scorecard_frame()},
        sentences={"overview": SENTENCES[language]},
    )
    return dataclasses.replace(report, **changes)


def manager_report(language: str = "zh", **changes: Any) -> Report:
    """The report of one manager, M003: that manager's rows and the organisation's totals."""
    region = region_report(language)
    own = region.metrics["entity_id"].isin(["M003", "ALL"])
    history = region.history.copy()
    history.loc[history["level"] == "region", ["level", "entity_id"]] = ["manager", "M003"]
    report = dataclasses.replace(
        region,
        level="manager",
        entity_id="M003",
        metrics=region.metrics[own].reset_index(drop=True),
        history=history,
        names=region.names[region.names["entity_id"].isin(["M003", "ALL"])].reset_index(drop=True),
        problems=region.problems[region.problems["manager_id"] == "M003"].reset_index(drop=True),
        submissions=region.submissions[region.submissions["manager_id"] == "M003"].reset_index(drop=True),
        details={
            **region.details,
            "scorecard": scorecard_frame(("manager", "M003")),
            "open_actions": actions_frame(),
            "customers_by_movement": movements_frame(),
            "track_record": track_frame("manager", "M003"),
        },
        sentences=dict.fromkeys(("sales", "problems", "opinions", "forecast"), SENTENCES[language][:2]),
        findings=findings_frame("manager", "M003"),
        forecast=forecast_frame("manager", "M003"),
    )
    return dataclasses.replace(report, **changes)


def headquarters_report(language: str = "zh", regions: int = 6, managers: int = 20, **changes: Any) -> Report:
    """The report of the whole organisation, with that many regions and managers."""
    region = region_report(language)
    rows = [_metric(figure, "organisation", "ALL", 6.0, place) for place, figure in enumerate(FIGURES)]
    names = [("organisation", "ALL", "Linjiang" if language == "en" else "临江市烟草公司")]
    for level, prefix, count in (("region", "R", regions), ("manager", "M", managers)):
        for number in range(1, count + 1):
            entity = f"{prefix}{number:02d}" if level == "region" else f"{prefix}{number:03d}"
            names.append((level, entity, f"{'Region' if level == 'region' else 'Manager'} {number}"))
            for place, figure in enumerate(FIGURES):
                rows.append(_metric(figure, level, entity, number / count, place))
    report = dataclasses.replace(
        region,
        level="organisation",
        entity_id="ALL",
        metrics=pd.DataFrame(rows, columns=list(METRIC_COLUMNS)),
        names=pd.DataFrame(names, columns=["level", "entity_id", "name"]),
        details={**region.details, "scorecard": scorecard_frame(*(key[:2] for key in names))},
        findings=findings_frame("organisation", "ALL"),
        forecast=forecast_frame("organisation", "ALL"),
    )
    return dataclasses.replace(report, **changes)


# Of each indicator: group, value, target, its source, completion, weight, state.
INDICATORS = {
    "volume": ("develop", 9_000.0, 10_000.0, "targets", 90.0, 20.0, "counted"),
    "coverage": ("process", 96.0, 80.0, "profile", 120.0, 10.0, "counted"),
    "satisfaction": ("retain", 83.0, 80.0, "profile", NAN, 15.0, "few"),
    "complaints": ("process", 4.0, NAN, "", NAN, 5.0, "no_target"),
    "key_brand_share": ("product", NAN, 32.0, "profile", NAN, 10.0, "no_value"),
}


def scorecard_frame(*entities: tuple[str, str]) -> pd.DataFrame:
    """The scorecard as `pipeline/figures/scorecard.py` describes it: of the region and its managers, or of these.

    Each entity has 100 points, but for a step less from one to the next: the first manager ranks first.
    """
    judged = entities or (("region", REGION), *(("manager", key) for key in MANAGERS))
    managers = [entity for level, entity in judged if level == "manager"]
    rows = []
    for level, entity in judged:
        place = managers.index(entity) + 1 if level == "manager" else None
        for key, (group, value, target, source, completion, weight, state) in INDICATORS.items():
            used = weight / 30 * 100 if state == "counted" else NAN
            rows.append(
                {
                    **{"month": str(MONTH), "level": level, "entity_id": entity, "region_id": REGION},
                    **{"figure": key, "group": group, "direction": "higher", "value": value, "target": target},
                    **{"target_from": source or None, "completion": completion, "weight": weight},
                    **{"weight_used": used, "points": used * completion / 100, "state": state},
                    **{"group_score": completion, "score": 100.0 - (place or 0), "weight_known": 30.0},
                    **{"grade": "B", "rank_in_region": place, "ranked_in_region": len(managers)},
                    **{"rank_in_organisation": place, "ranked_in_organisation": 3 * len(managers)},
                }
            )
    return pd.DataFrame(rows).astype({"rank_in_region": "Int64", "rank_in_organisation": "Int64"})


def findings_frame(level: str, entity: str) -> pd.DataFrame:
    """Findings with the columns of `findings.csv`."""
    rows = [
        (
            "2024-06",
            level,
            entity,
            "plan_completion_low",
            3,
            "计划完成率",
            "计划完成率88.9%，低于90%。",
            "下半月缺访",
            "补访三级以上客户，按周核对计划。",
            "",
            "",
            None,
        ),
        (
            "2024-06",
            level,
            entity,
            "typical_problem",
            2,
            "山河（硬）",
            "同一品规投诉5件。",
            "仓储受潮",
            "从仓储环节预防。",
            "complaints_2024-06_M003.xlsx",
            "投诉",
            7,
        ),
        (
            "2024-06",
            level,
            entity,
            "ordering_rate_fall",
            1,
            "订货率",
            "订货率95.2%。",
            "",
            "逐户联系未订货客户。",
            "",
            "",
            None,
        ),
    ]
    names = [
        "month",
        "level",
        "entity_id",
        "rule",
        "severity",
        "subject",
        "evidence",
        "cause",
        "countermeasure",
        "file",
        "sheet",
        "row",
    ]
    return pd.DataFrame(rows, columns=names).astype({"row": "Int64"})


def forecast_frame(level: str, entity: str) -> pd.DataFrame:
    rows = [
        (
            "2024-07",
            one,
            name,
            measure,
            value,
            value * 0.95,
            value * 1.05,
            value * 0.9,
            value * 1.1,
            "structural+mean",
            25,
        )
        for one, name in (
            (level, entity),
            ("category", f"{entity}|class1"),
            ("category", "class2"),
            ("customer", "330102100001"),
        )
        for measure, value in (("volume", 128_000.0), ("amount", 19_200_000.0))
    ]
    names = [
        "month",
        "level",
        "entity_id",
        "measure",
        "forecast",
        "low80",
        "high80",
        "low95",
        "high95",
        "method",
        "months_of_history",
    ]
    return pd.DataFrame(rows, columns=names)


def actions_frame() -> pd.DataFrame:
    rows = [
        (
            "M003",
            "订单满足率",
            "畅销品供货不足",
            "到货晚",
            "按级别分配货源",
            "欧阳晓明",
            pd.Timestamp("2024-06-20"),
            "in_progress",
            "2024-04",
        ),
    ]
    names = ["manager_id", "topic", "problem", "cause", "countermeasure", "owner", "due_on", "status", "since"]
    return pd.DataFrame(rows, columns=names)


def changes_frame() -> pd.DataFrame:
    rows = [
        ("region", REGION, "volume", 124_000.0, 125_430.0, "sales_2024-06_M003_更正.xlsx"),
        ("manager", "M003", "amount", 2_300_000.0, 2_350_000.0, "sales_2024-06_M003_更正.xlsx"),
    ]
    return pd.DataFrame(rows, columns=["level", "entity_id", "figure", "before", "after", "file"])


def bare_report(language: str = "zh") -> Report:
    """A region's first month in which nobody sent anything."""
    empty = pd.DataFrame(columns=list(METRIC_COLUMNS))
    history = pd.DataFrame(columns=["month", "level", "entity_id", "figure", "numerator", "denominator", "value"])
    return region_report(
        language,
        metrics=empty,
        history=history,
        problems=problems_frame().head(0),
        submissions=submissions_frame().head(0),
        details={},
        sentences={},
    )


SENTENCES = {
    "zh": (
        "本月销量125,430条，环比▲3.2%，同比▲5.1%，完成任务的102.4%；销售额1,876.54万元。",
        "计划完成率88.9%，低于90%；其中欧阳晓明仅为71.2%，请核对其下半月的访问安排，并对照级别频次补访三级以上客户。",
        "“山河”（硬）本月受理质量投诉5件，为典型问题，建议从仓储环节预防。",
        "满意度指数83.6分，较上月下降2.1分，差异显著，主要由货源供应一项带动。",
        "刘洋6月报表未报，本区销量不含其辖区。",
    ),
    "en": (
        "Volume was 125,430 cartons, ▲3.2 % on last month, ▲5.1 % on last year, 102.4 % of target.",
        "Plan completion was 88.9 %, below 90 %.",
        "Five quality complaints concern one product: a typical problem, to be prevented, not repaired.",
        "The satisfaction index fell significantly by 2.1 points to 83.6, driven by supply.",
    ),
}


def metrics_frame(figures: tuple[Figure, ...]) -> pd.DataFrame:
    rows = []
    for place, figure in enumerate(figures):
        rows.append(_metric(figure, "organisation", "ALL", 6.0, place))
        rows.append(_metric(figure, "region", REGION, 1.0, place))
        for step, manager in enumerate(MANAGERS):
            if manager != "M006":  # has sent nothing
                rows.append(_metric(figure, "manager", manager, (step + 4) / 49, place))
    return pd.DataFrame(rows, columns=list(METRIC_COLUMNS))


def _metric(figure: Figure, level: Level, entity: str, part: float, place: int) -> dict[str, Any]:
    value, above, below = value_of(figure)
    is_sum = figure.denominator is None
    value = round(value * part) if is_sum else min(value * (0.9 + part / 5 % 0.2), 100 if value <= 100 else 1e9)
    change = (-1) ** place * (1.5 + place)
    target = value / 1.024 if figure.key in ("volume", "amount") else NAN
    return {
        "month": str(MONTH),
        "level": level,
        "entity_id": entity,
        "figure": figure.key,
        "value": value,
        "numerator": above * part,
        "denominator": below * part,
        "unit": figure.unit,
        "previous": value / 1.03,
        "change": change,
        "last_year": value / 1.05 if place % 3 else NAN,
        "yoy": -change / 2 if place % 3 else NAN,
        "ytd": value * 6 if is_sum else value,
        "ytd_yoy": 2.5,
        "target": target * (1 + place % 2 / 10 + part % 0.13),
        "completion": 100 / (1 + place % 2 / 10 + part % 0.13) * 1.024 if target == target else NAN,
        "rank": float(entity[1:]) if level == "manager" else NAN,
    }


def history_frame(figures: tuple[Figure, ...]) -> pd.DataFrame:
    rows = []
    for back in range(25):
        for figure in figures:
            value, above, below = value_of(figure)
            season = 1 + 0.1 * math.sin(back / 2) - back / 200
            for level, entity, part in (("organisation", "ALL", 6.0), ("region", REGION, 1.0)):
                scale = part if figure.denominator is None else 1.0
                rows.append((str(MONTH + -back), level, entity, figure.key, above, below, value * season * scale))
    names = ["month", "level", "entity_id", "figure", "numerator", "denominator", "value"]
    frame = pd.DataFrame(rows, columns=names)
    known = (frame["month"] != "2023-11") | (frame["figure"] != "satisfaction")
    return frame[known].reset_index(drop=True)


def names_frame(language: str) -> pd.DataFrame:
    rows = [("organisation", "ALL", "临江市烟草公司"), ("region", REGION, "城东区")]
    if language == "en":
        rows = [("organisation", "ALL", "Linjiang"), ("region", REGION, "East City")]
    managers = MANAGERS if language == "zh" else {key: f"Manager {key[-1]}" for key in MANAGERS}
    rows += [("manager", key, name) for key, name in managers.items()]
    return pd.DataFrame(rows, columns=["level", "entity_id", "name"])


def problems_frame() -> pd.DataFrame:
    rows = [
        (
            "sales_2024-06_M003.xlsx",
            "M003",
            "2024-06",
            "sales",
            "sales",
            "F17",
            "sold",
            "abc",
            "1, 2, 3",
            "row left out",
            "whole",
        ),
        (
            "visits_2024-06_M001.xlsx",
            "M001",
            "2024-06",
            "visits",
            "visits",
            "A9",
            "date",
            "2024-05-30",
            "2024-06",
            "row left out",
            "month_visit_date",
        ),
        (
            "sales_2024-06_M001.xlsx",
            "M001",
            "2024-06",
            "sales",
            "sales",
            "G30",
            "amount",
            "=1+1",
            "12,000.00",
            "note",
            "amount_fits_price",
        ),
    ]
    return pd.DataFrame(rows, columns=list(PROBLEM_COLUMNS))


def submissions_frame() -> pd.DataFrame:
    rows = []
    for step, manager in enumerate(MANAGERS):
        for form in ("sales", "visits", "complaints", "satisfaction"):
            state = "missing" if manager == "M006" else ("on_time", "late", "nil", "corrected")[step % 4]
            sent = state != "missing"
            rows.append(
                (
                    "2024-06",
                    manager,
                    form,
                    state,
                    "2024-07-03T09:12:00" if sent else "",
                    f"{form}_2024-06_{manager}.xlsx" if sent else "",
                    120 * (step + 1) if sent else None,
                    step if sent else None,
                    1 + (state == "corrected") if sent else None,
                )
            )
    return pd.DataFrame(rows, columns=list(SUBMISSION_COLUMNS))


def details_frames() -> dict[str, pd.DataFrame]:
    """Frames as `pipeline/figures/details.py` describes them."""
    products = [
        (f"P{number:03d}", f"山河（{name}）", f"品牌{number % 4}", f"class{number % 5 + 1}")
        for number, name in enumerate(("硬", "软", "细支", "中支", "金", "银", "典藏", "1996"))
    ]
    by_product = pd.DataFrame(products, columns=["product_id", "product_name", "brand", "category"])
    volumes = [30_000.0, 25_000.0, 21_000.0, 18_000.0, 14_000.0, 9_430.0, 6_000.0, 2_000.0]
    by_product = by_product.assign(**_compared(volumes))
    cases = pd.DataFrame(
        [
            (
                "TS202406001",
                "M001",
                REGION,
                "330102100001",
                "product_quality",
                "P001",
                "烟支空松,整条受潮,客户要求换货并说明原因",
                "logistics",
                "周平",
                "0",
                "2024-05-20",
                "2024-05-27",
                None,
                "overdue",
                24.0,
                "a.xlsx",
                "投诉",
                5,
            ),
            (
                "TS202406002",
                "M003",
                REGION,
                "330102100077",
                "request",
                None,
                "希望增加畅销品货源",
                None,
                None,
                "1",
                "2024-06-18",
                "2024-06-25",
                "2024-06-21",
                "closed",
                None,
                "b.xlsx",
                "投诉",
                6,
            ),
        ],
        columns=[
            "complaint_no",
            "manager_id",
            "region_id",
            "customer_id",
            "category",
            "product_id",
            "description",
            "department",
            "handler",
            "escalation",
            "received_on",
            "due_on",
            "resolved_on",
            "state",
            "days_overdue",
            "source_file",
            "source_sheet",
            "source_row",
        ],
    )
    days = ["received_on", "due_on", "resolved_on"]
    cases[days] = cases[days].apply(pd.to_datetime)
    counts = {"received": [9.0, 5.0], "received_previous": [7.0, 0.0], "received_last_year": [NAN, NAN]}
    return {
        "sales_by_category": pd.DataFrame(
            {"category": [f"class{number}" for number in range(1, 6)], **_compared(volumes[:5])}
        ),
        "sales_by_brand": pd.DataFrame(
            {"brand": [f"品牌{number}" for number in range(4)], **_compared(volumes[:4])}
        ),
        "sales_by_product": by_product,
        "brand_activity": pd.DataFrame(
            {
                "brand": ["品牌0", "品牌1"],
                "customers": [30.0, 3.0],
                "customers_before": [40.0, 9.0],
                "activity": [75.0, 300 / 9],
            }
        ),
        "complaints_by_category": pd.DataFrame(
            {"category": ["product_quality", "request"], **counts, "open": [4.0, 1.0]}
        ),
        "complaints_by_product": pd.DataFrame({"product_id": ["P001"], "received": [5.0], "open": [2.0]}),
        "complaint_cases": cases,
        "satisfaction_by_dimension": pd.DataFrame(
            {
                "dimension": ["supply", "manager_service", "market_order"],
                "answers": [100.0, 98.0, 60.0],
                "score": [7.2, 9.1, 8.0],
                "score_previous": [7.9, 9.0, 8.0],
                "score_last_year": [NAN, NAN, NAN],
            }
        ),
    }


def movements_frame() -> pd.DataFrame:
    """Customers moving, as `pipeline/figures/customers.py` describes them."""
    rows = [
        (REGION, "M003", "330102100001", "城东便利店", "1", "convenience", 120.0, 180.0, 0.667, 0.71, 0.0, "down"),
        (REGION, "M003", "330102100077", "老街食杂店", "4", "grocery", 0.0, 40.0, 0.0, 0.0, 1.0, "lost"),
        (REGION, "M003", "330102100078", "平稳超市", "2", "supermarket", 90.0, 90.0, 1.0, 1.0, 0.0, "steady"),
    ]
    names = [
        "region_id",
        "manager_id",
        "customer_id",
        "customer_name",
        "grade",
        "channel",
        "volume",
        "volume_previous",
        "ratio",
        "relative",
        "silent_months",
        "movement",
    ]
    return pd.DataFrame(rows, columns=names)


def track_frame(level: str, entity: str) -> pd.DataFrame:
    rows = [
        (level, entity, "volume", source, 12, wape, 1.5, 83.3, 100.0, 121_000.0, 125_430.0, False)
        for source, wape in (("model", 4.2), ("outlook", 6.1), ("last_year", 9.8))
    ]
    names = [
        "level",
        "entity_id",
        "measure",
        "source",
        "forecasts",
        "wape",
        "bias",
        "hit80",
        "hit95",
        "last_forecast",
        "last_actual",
        "backfilled",
    ]
    return pd.DataFrame(rows, columns=names)


def _compared(volumes: list[float]) -> dict[str, list[float]]:
    return {
        "volume": volumes,
        "volume_previous": [one * 0.97 for one in volumes],
        "volume_last_year": [one * 1.04 if place else 0.0 for place, one in enumerate(volumes)],
        "amount_yuan": [one * 150 for one in volumes],
        "amount_yuan_previous": [one * 148 for one in volumes],
        "amount_yuan_last_year": [NAN for _ in volumes],
    }
