"""Master data: regions 区域. One row is a region."""

import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import form
from schemas.synonyms import EMAILS, REGION_CODES, REGION_NAMES


@form(
    "regions",
    "区域",
    "Regions",
    kind="master",
    place=1,
    same=("region_id",),
    help_zh="每行一个区域；邮箱用于每月寄送区域工作簿。",
    help_en="One row a region; the e-mail is where the region's workbook goes.",
)
class Regions(pa.DataFrameModel):
    """One row per region."""

    region_id: Series[str] = column("id", "区域编码", "Region code", example="R01", also=REGION_CODES)
    region_name: Series[str] = column(
        "text", "区域名称", "Region name", width=16, example="城东区", example_en="East", also=REGION_NAMES
    )
    regional_manager: Series[str] = column(
        "text",
        "区域市场经理",
        "Regional manager",
        required=False,
        width=14,
        example="王建国",
        example_en="Wang Jianguo",
        also="区域市场经理、区域经理、地区经理、大区经理、片区经理、regional manager、area manager、head",
    )
    email: Series[str] = column(
        "text", "邮箱", "E-mail", required=False, width=26, example="wangjg@example.com", also=EMAILS
    )
