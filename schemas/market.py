"""Master data: market 市场总量. One row is what all banks of a region hold together in one category."""

import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import form
from schemas.synonyms import REGION_CODES


@form(
    "market",
    "市场总量",
    "Market",
    kind="master",
    same=("month", "region_id", "category"),
    help_zh="每行一个区域、一类<product>的当月市场总量；没有行的月份不算市场份额。",
    help_en="One row a region and category: the month's total; a month without a row has no market share.",
)
class Market(pa.DataFrameModel):
    """One row per month, region and category."""

    month: Series[str] = column(
        "month", "月份", "Month", example="2024-06", also="月份、月度、年月、期间、month、period"
    )
    region_id: Series[str] = column(
        "id", "区域编码", "Region code", refers_to="regions", example="R01", also=REGION_CODES
    )
    category: Series[str] = column(
        "choice",
        "<category>",
        "Category",
        list_name="categories",
        example="存款",
        example_en="Deposit",
        also="类别、业务类别、品类、产品类别、category",
    )
    total: Series[float] = column(
        "money",
        "市场总量",
        "Total",
        unit="元",
        unit_en="yuan",
        least=0,
        decimals=2,
        width=18,
        example="10000000.00",
        also="市场总量、总量、同业总量、全市场、total、market total",
    )
