"""Monthly form: receipts 回款. One row is money received in the month for a contract, of this month or an older one."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import ToDate, Traits, form
from schemas.synonyms import DAYS


@form(
    "receipts",
    "回款",
    "Receipts",
    place=7,
    traits=Traits(to_date=ToDate("received_on", of="contracts", number="contract_no"), money="amount"),
    same=("received_on", "contract_no", "amount"),
    help_zh="每行一笔当月到账的回款，不论合同何时签订；退款填负数。",
    help_en="One row a receipt of the month, whenever its contract was signed; money paid back is negative.",
)
class Receipts(pa.DataFrameModel):
    """One row per receipt."""

    received_on: Series[pd.Timestamp] = column(
        "day",
        "到账日期",
        "Received on",
        in_month=True,
        example="2024-06-20",
        also=f"到账日期、回款日期、收款日期、received on、paid on、{DAYS}",
    )
    contract_no: Series[str] = column(
        "id", "合同编号", "Contract no.", width=16, example="HT202406001", also="合同编号、合同号、contract no"
    )
    amount: Series[float] = column(
        "money",
        "回款金额",
        "Amount",
        unit="元",
        unit_en="yuan",
        decimals=2,
        width=14,
        example="20000",
        also="回款金额、到账金额、收款金额、金额、amount",
    )
