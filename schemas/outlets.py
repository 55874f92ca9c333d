"""Master data: outlets 网点. One row is an outlet of a branch, with what its staffing is asked by."""

import pandera.pandas as pa
from pandas import BooleanDtype, Int64Dtype
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import form
from schemas.synonyms import REGION_CODES

OUTLET_KINDS = (
    Choice("sub_branch", "二级支行", "Sub-branch"),
    Choice("agency", "代理网点", "Agency outlet"),
    Choice("business", "营业部", "Business department"),
    Choice("county", "县支行", "County branch"),
)


@form(
    "outlets",
    "网点",
    "Outlets",
    kind="master",
    same=("outlet_id",),
    help_zh="每行一个网点；各项用于核对人员配备。",
    help_en="One row an outlet, with what its staffing is asked by.",
)
class Outlets(pa.DataFrameModel):
    """One row per outlet."""

    outlet_id: Series[str] = column(
        "id",
        "网点编码",
        "Outlet code",
        example="W01",
        also="网点编码、网点编号、机构号、机构编码、outlet code、outlet id",
    )
    region_id: Series[str] = column(
        "id", "区域编码", "Region code", refers_to="regions", example="R01", also=REGION_CODES
    )
    name: Series[str] = column(
        "text",
        "网点名称",
        "Outlet",
        width=18,
        example="商城二级支行",
        example_en="Market Square",
        also="网点名称、网点、机构名称、outlet name、outlet",
    )
    kind: Series[str] = column(
        "choice",
        "网点类型",
        "Kind",
        choices=OUTLET_KINDS,
        example="二级支行",
        example_en="Sub-branch",
        also="网点类型、机构类型、类型、kind、type",
    )
    near_market: Series[BooleanDtype] = column(
        "flag", "临近市场", "Near a market", example="是", example_en="Yes", also="临近市场、靠近市场、near market"
    )
    corporate_business: Series[BooleanDtype] = column(
        "flag",
        "办理对公",
        "Corporate business",
        example="是",
        example_en="Yes",
        also="办理对公、对公业务、corporate",
    )
    credit: Series[BooleanDtype] = column(
        "flag", "办理信贷", "Credit", example="是", example_en="Yes", also="办理信贷、信贷业务、credit"
    )
    area_m2: Series[float] = column(
        "number",
        "营业面积",
        "Area",
        required=False,
        unit="平方米",
        unit_en="m²",
        least=0,
        decimals=1,
        example="250",
        also="营业面积、面积、area、floor area",
    )
    prime_site: Series[BooleanDtype] = column(
        "flag",
        "黄金地段",
        "Prime site",
        required=False,
        example="是",
        example_en="Yes",
        also="黄金地段、prime site",
    )
    busy: Series[BooleanDtype] = column(
        "flag",
        "交易量较大",
        "Busy",
        required=False,
        example="否",
        example_en="No",
        also="交易量较大、业务繁忙、busy",
    )
    large_customers: Series[Int64Dtype] = column(
        "whole",
        "折算后大客户数",
        "Large customers",
        required=False,
        unit="户",
        unit_en="customers, converted",
        least=0,
        width=15,
        example="650",
        also="折算后大客户数、大客户数、large customers",
    )
