"""Monthly form: sales 销售. One row is one customer, product and order day (or a month's total)."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import Context, Rule, Traits, form
from schemas.shared import customer_code
from schemas.synonyms import DAYS, PRODUCT_CODES


def _not_more_than_ordered(rows: pd.DataFrame, context: Context) -> pd.Series:
    fine = rows["sold_qty"] <= rows["ordered_qty"]
    return (rows["ordered_qty"].isna() | rows["sold_qty"].isna() | fine).fillna(True).astype(bool)


def _amount_is_quantity_times_price(rows: pd.DataFrame, context: Context) -> pd.Series:
    """Within the profile's tolerance (1 %) of quantity × wholesale price, where the price is known."""
    if "products" not in context.masters:
        return pd.Series(True, index=rows.index)
    prices = context.lookup("products").values(rows["product_id"], "wholesale_price")
    expected = rows["sold_qty"].astype("float64") * prices
    allowed = expected.abs() * context.profile.thresholds["amount_tolerance"] + 0.005
    return expected.isna() | rows["amount"].isna() | ((rows["amount"] - expected).abs() <= allowed)


@form(
    "sales",
    "销售",
    "Sales",
    place=1,
    traits=Traits(money="amount", summed_back=True),
    same=("order_date", "customer_id", "product_id"),
    rules=(
        Rule(
            "sold_within_ordered",
            "sold_qty",
            "<volume>不得大于订货量",
            "sold not above ordered",
            _not_more_than_ordered,
            reads=("ordered_qty",),
        ),
        Rule(
            "amount_fits_price",
            "amount",
            "金额与 <volume>×批发价 相差应在1%以内；本行已采用，请核实",
            "amount within 1 % of quantity × wholesale price; the row is kept, please check it",
            _amount_is_quantity_times_price,
            effect="note",
            reads=("sold_qty", "product_id", "products.wholesale_price"),
        ),
    ),
    help_zh="每行为一个客户、一个<product>、一个订货日；退货的<volume>和金额填负数。",
    help_en="One row a customer, <product> and order day; returns have negative quantity and amount.",
)
class Sales(pa.DataFrameModel):
    """One row per customer, product and order day; a month's total is dated its last day."""

    order_date: Series[pd.Timestamp] = column(
        "day",
        "订货日期",
        "Order date",
        in_month=True,
        example="2024-06-03",
        also=(
            f"订单日期、订货日期、下单日期、销售日期、开单日期、出库日期、成交日期、下单时间、订单时间、"
            f"order date、sale date、sales date、invoice date、billing date、{DAYS}"
        ),
    )
    customer_id: Series[str] = customer_code()
    product_id: Series[str] = column(
        "id", "<product>编码", "<Product> code", refers_to="products", width=14, example="P001", also=PRODUCT_CODES
    )
    ordered_qty: Series[pd.Int64Dtype] = column(
        "whole",
        "订货量",
        "Ordered",
        required=False,
        unit="<unit>",
        unit_en="<many unit>",
        least=0,
        example="50",
        also="订货量、订货数量、订购数量、需求量、要货量、申请量、ordered qty、ordered quantity、demand",
    )
    sold_qty: Series[pd.Int64Dtype] = column(
        "whole",
        "<volume>",
        "Sold",
        unit="<unit>",
        unit_en="<many unit>",
        example="50",
        help_zh="实际供货量；退货填负数",
        help_en="supplied; negative for a return",
        also=(
            "销量、销售数量、销售量、数量、实发数量、出库数量、成交数量、订单数量、供货量、实供量、发货数量、"
            "sold qty、sold quantity、quantity、qty、sales qty、sales quantity、order quantity、units、"
            "units sold"
        ),
    )
    amount: Series[float] = column(
        "money",
        "金额",
        "Amount",
        unit="元",
        unit_en="yuan",
        decimals=2,
        width=14,
        example="6000.00",
        also=(
            "金额、销售额、销售金额、含税金额、价税合计、成交金额、订单金额、实收金额、应收金额、总金额、"
            "总价、营业额、sales amount、amount、sales、revenue、turnover、net amount、line total、"
            "order amount、total amount、total price"
        ),
    )
    closing_stock: Series[pd.Int64Dtype] = column(
        "whole",
        "期末库存",
        "Closing stock",
        required=False,
        unit="<unit>",
        unit_en="<many unit>",
        least=0,
        example="20",
        also=("期末库存、库存、库存量、库存数量、结存、结存数量、closing stock、stock、stock on hand、inventory"),
    )
