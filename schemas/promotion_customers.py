"""Master data: promotion_customers 促销客户确认. One row is a customer settled for a campaign by the brand manager.

A new file replaces the one before from its month on, as all master data: it holds the campaigns that run.
"""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import form
from schemas.shared import customer_code
from schemas.synonyms import PRODUCT_CODES


@form(
    "promotion_customers",
    "促销客户确认",
    "Promotion customers",
    kind="master",
    place=6,
    same=("campaign_no", "product_id", "customer_id"),
    help_zh="每行一户：品牌经理按推荐名单确认的促销客户；新文件列出当期全部促销活动。",
    help_en="One row a customer whom the brand manager has settled from the recommended list; a new file holds all "
    "campaigns that run.",
)
class PromotionCustomers(pa.DataFrameModel):
    """One row per campaign, product and customer."""

    campaign_no: Series[str] = column(
        "id",
        "活动编号",
        "Campaign",
        width=14,
        example="CX2406",
        also="活动编号、促销活动编号、活动、campaign no、campaign",
    )
    product_id: Series[str] = column(
        "id", "品规编码", "Product code", refers_to="products", width=14, example="P001", also=PRODUCT_CODES
    )
    customer_id: Series[str] = customer_code()
    confirmed_on: Series[pd.Timestamp] = column(
        "day", "确认日期", "Confirmed on", example="2024-06-03", also="确认日期、确定日期、confirmed on"
    )
