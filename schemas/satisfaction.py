"""Monthly form: satisfaction 客户满意度测评. One row is a survey answer."""

from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import Context, Rule, form
from schemas.shared import customer_code
from schemas.synonyms import DAYS

METHODS = (
    Choice("phone", "电话", "Phone"),
    Choice("on_site", "现场", "On site"),
    Choice("online", "网络", "Online"),
)
DIMENSIONS = ("supply", "manager_service", "delivery", "complaint_handling", "market_order", "profit")
LEAST_DIMENSIONS = 3


def _enough_dimensions(rows: pd.DataFrame, context: Context) -> pd.Series:
    given = [name for name in DIMENSIONS if name in rows]  # a trade may ask for fewer
    return rows[given].notna().sum(axis=1) >= min(LEAST_DIMENSIONS, len(given))


def _score(zh: str, en: str, example: str) -> Any:
    return column(
        "whole", zh, en, required=False, unit="1–10分", unit_en="1–10", least=1, most=10, example=example
    )


@form(
    "satisfaction",
    "客户满意度测评",
    "Satisfaction",
    place=4,
    same=("surveyed_on", "customer_id", "method"),
    rules=(
        Rule(
            "enough_dimensions",
            "supply",
            "六个维度至少填写三个",
            "at least three of the six dimensions",
            _enough_dimensions,
        ),
    ),
    help_zh="每行一份答卷；各维度1–10分，至少填三个。",
    help_en="One row an answer; each dimension 1–10, at least three given.",
)
class Satisfaction(pa.DataFrameModel):
    """One row per survey answer."""

    surveyed_on: Series[pd.Timestamp] = column(
        "day",
        "测评日期",
        "Surveyed on",
        in_month=True,
        example="2024-06-18",
        also=f"测评日期、调查日期、回访日期、surveyed on、survey date、{DAYS}",
    )
    customer_id: Series[str] = customer_code()
    method: Series[str] = column(
        "choice",
        "方式",
        "Method",
        required=False,
        choices=METHODS,
        example="电话",
        example_en="Phone",
        also="方式、测评方式、调查方式、method",
    )
    supply: Series[pd.Int64Dtype] = _score("货源供应", "Supply", "8")
    manager_service: Series[pd.Int64Dtype] = _score("客户经理服务", "Manager's service", "9")
    delivery: Series[pd.Int64Dtype] = _score("送货服务", "Delivery", "9")
    complaint_handling: Series[pd.Int64Dtype] = _score("投诉处理", "Complaint handling", "8")
    market_order: Series[pd.Int64Dtype] = _score("市场秩序", "Market order", "7")
    profit: Series[pd.Int64Dtype] = _score("经营盈利", "Profit", "7")
    comment: Series[str] = column(
        "text", "意见", "Comment", required=False, width=30, also="意见、意见建议、客户意见、comment、remarks"
    )
