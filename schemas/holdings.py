"""Monthly form: holdings 客户持有. One row is a product that a customer holds at the month's end.

A customer and product without a row is not held; a manager who has sent nothing is not reported.
"""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import Traits, form
from schemas.shared import customer_code
from schemas.synonyms import PRODUCT_CODES


@form(
    "holdings",
    "客户持有",
    "Holdings",
    place=8,
    traits=Traits(money="balance", holding=True, of_anyone=True),
    same=("customer_id", "product_id"),
    help_zh="每行一名客户月末持有的一种产品；没有行的按未持有处理。收入、成本为当月数，贷款的收入填利息。",
    help_en="One row a product that a customer holds at the month's end; what has no row is not held. Income and cost "
    "are the month's, of a loan its interest.",
)
class Holdings(pa.DataFrameModel):
    """One row per customer and product held at the month's end."""

    customer_id: Series[str] = customer_code("K0001")
    product_id: Series[str] = column(
        "id", "<product>编码", "<Product> code", refers_to="products", width=14, example="D01", also=PRODUCT_CODES
    )
    balance: Series[float] = column(
        "money",
        "月末余额",
        "Balance",
        unit="元",
        unit_en="yuan",
        least=0,
        decimals=2,
        width=15,
        example="100000.00",
        help_zh="没有余额的产品（如结算）填0",
        help_en="0 where the product has none, as payments",
        also="月末余额、余额、期末余额、持有金额、balance、closing balance、outstanding balance",
    )
    average: Series[float] = column(
        "money",
        "月日均",
        "Monthly average",
        unit="元",
        unit_en="yuan",
        least=0,
        decimals=2,
        width=15,
        example="98000.00",
        also="月日均、日均余额、月日均余额、月均余额、average balance、monthly average、average",
    )
    income: Series[float] = column(
        "money",
        "收入",
        "Income",
        unit="元",
        unit_en="yuan",
        decimals=2,
        example="180.00",
        help_zh="当月；贷款填利息",
        help_en="of the month; of a loan its interest",
        also="收入、当月收入、营业收入、利息收入、income、interest",
    )
    cost: Series[float] = column(
        "money",
        "成本",
        "Cost",
        unit="元",
        unit_en="yuan",
        decimals=2,
        example="75.00",
        also="成本、当月成本、费用、cost、expense",
    )
    cards: Series[pd.Int64Dtype] = column(
        "whole",
        "卡数",
        "Cards",
        required=False,
        unit="张",
        unit_en="cards",
        least=0,
        example="1",
        help_zh="借记卡，填在存款行",
        help_en="debit cards, on the row of a deposit",
        also="卡数、借记卡数、卡片数、cards、debit cards",
    )
