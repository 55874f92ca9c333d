"""Monthly form: contracts 合同. One row is a contract signed in the month.

What is paid of it is told by the form `receipts`. Contracts count to date: what is outstanding is of all of them. The
newest row for a number wins, so that a later form can put an amount or a day right.
"""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import Case, Traits, form
from schemas.rules import by_month_end, in_order
from schemas.shared import customer_code
from schemas.synonyms import DAYS


@form(
    "contracts",
    "合同",
    "Contracts",
    place=6,
    traits=Traits(
        case=Case("contract_no", "signed_on", "", ("customer_id", "signed_on"), to_date=True),
        money="amount",
        of_anyone=True,
    ),
    same=("contract_no",),
    rules=(
        by_month_end("signed_on"),
        in_order("signed_on", "due_on", "应收日期不得早于签订日期", "a day not before it was signed"),
    ),
    help_zh="每行一份当月签订的合同；编号终身唯一。首月可补录以前签订、尚未收清的合同，金额填未收部分。",
    help_en="One row a contract signed in the month; numbers are unique for ever. The first month's form may add older "
    "contracts not paid in full, with the part that is outstanding as their amount.",
)
class Contracts(pa.DataFrameModel):
    """One row per contract."""

    contract_no: Series[str] = column(
        "id",
        "合同编号",
        "Contract no.",
        width=16,
        example="HT202406001",
        also="合同编号、合同号、编号、contract no、no",
    )
    signed_on: Series[pd.Timestamp] = column(
        "day",
        "签订日期",
        "Signed on",
        in_month=True,
        example="2024-06-18",
        also=f"签订日期、签约日期、合同日期、signed on、{DAYS}",
    )
    customer_id: Series[str] = customer_code("A001")
    amount: Series[float] = column(
        "money",
        "合同金额",
        "Amount",
        unit="元",
        unit_en="yuan",
        least=0,
        decimals=2,
        width=14,
        example="25000",
        also="合同金额、合同额、金额、amount、contract amount",
    )
    due_on: Series[pd.Timestamp] = column(
        "day",
        "应收日期",
        "Due on",
        required=False,
        width=13,
        example="2024-07-31",
        help_zh="约定收清的日期",
        help_en="by when it is to be paid in full",
        also="应收日期、付款期限、到期日、due on、due date",
    )
