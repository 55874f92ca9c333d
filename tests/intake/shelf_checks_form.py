"""A form of its own, added by one class and nothing else: what a developer writes for a new form."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import Context, Rule, form


def _fewer_gaps_than_places(rows: pd.DataFrame, context: Context) -> pd.Series:
    return (rows["gaps"].isna() | (rows["gaps"] <= rows["places"])).fillna(True).astype(bool)


WITHIN_PLACES = Rule(
    "gaps_within_places", "gaps", "空位数不得大于货位数", "gaps not above places", _fewer_gaps_than_places
)


@form(
    "shelf_checks",
    "货架检查",
    "Shelf checks",
    same=("checked_on", "customer_id"),
    rules=(WITHIN_PLACES,),
    help_zh="每行一次货架检查。",
    help_en="One row a check of a shelf.",
)
class ShelfChecks(pa.DataFrameModel):
    """One row per check of a customer's shelf."""

    checked_on: Series[pd.Timestamp] = column("day", "检查日期", "Checked on", in_month=True, example="2024-06-03")
    customer_id: Series[str] = column("id", "客户编码", "Customer code", refers_to="customers", width=16)
    places: Series[pd.Int64Dtype] = column("whole", "货位数", "Places", unit="个", unit_en="places", least=1)
    gaps: Series[pd.Int64Dtype] = column(
        "whole", "空位数", "Gaps", required=False, unit="个", unit_en="places", least=0
    )
    tidy: Series[pd.BooleanDtype] = column("flag", "整齐", "Tidy")
    position: Series[str] = column(
        "choice", "位置", "Position", choices=(Choice("front", "前柜", "Front"), Choice("back", "后柜", "Back"))
    )
