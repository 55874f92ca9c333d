"""Monthly form: outlook 次月预测. One row is what the manager expects of a category or product next month."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import Context, Rule, Traits, form
from schemas.synonyms import PRODUCT_CODES

MARKET_STATES = (
    Choice("brisk", "俏", "Brisk"),
    Choice("tight", "紧", "Tight"),
    Choice("level", "平", "Level"),
    Choice("loose", "松", "Loose"),
    Choice("slack", "软", "Slack"),
)


def _category_or_product(rows: pd.DataFrame, context: Context) -> pd.Series:
    """Exactly one of the two is given: both would say for what the volume counts twice."""
    return rows["category"].notna() != rows["product_id"].notna()


@form(
    "outlook",
    "次月预测",
    "Outlook",
    traits=Traits(outlook=True),
    same=("category", "product_id"),
    rules=(
        Rule(
            "category_or_product",
            "category",
            "<category>和<product>编码须填一个,且只填一个",
            "either a <category> or a <product>, not both",
            _category_or_product,
            reads=("product_id",),
        ),
    ),
    help_zh="每行一个<category>或<product>的次月预计<volume>。",
    help_en="One row a <category> or <product>: the <volume> expected next month.",
)
class Outlook(pa.DataFrameModel):
    """One row per category or product; for the month after the report's."""

    category: Series[str] = column(
        "choice",
        "<category>",
        "Category",
        required=False,
        list_name="categories",
        example="一类",
        example_en="Class 1",
        also="价类、类别、category",
    )
    product_id: Series[str] = column(
        "id", "<product>编码", "<Product> code", required=False, refers_to="products", width=14, also=PRODUCT_CODES
    )
    volume: Series[pd.Int64Dtype] = column(
        "whole",
        "预计<volume>",
        "Expected <volume>",
        unit="<unit>",
        unit_en="<many unit>",
        least=0,
        width=14,
        example="1200",
        also="预计销量、预测销量、次月预测、预测量、forecast、expected volume、forecast qty",
    )
    market_state: Series[str] = column(
        "choice",
        "市场状态",
        "Market",
        required=False,
        choices=MARKET_STATES,
        example="平",
        example_en="Level",
        also="市场状态、市场情况、market state",
    )
    reason: Series[str] = column("text", "理由", "Reason", required=False, width=34, also="理由、依据、reason")
