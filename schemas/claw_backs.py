"""Master data: claw_backs 扣回. One row is what is clawed back from a manager's deferred account; for headquarters.

Each has a number, unique for ever, and counts once: in its month, or in the first month from which the office told it.
"""

import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import Traits, form
from schemas.synonyms import MANAGER_CODES


@form(
    "claw_backs",
    "扣回",
    "Claw-backs",
    kind="master",
    traits=Traits(private=True),
    same=("claw_back_no",),
    help_zh="每行一笔递延薪酬的扣回；编号永不重复。补报以前月份的，在报送的月份扣回。仅总行使用。",
    help_en="One row a claw-back of deferred pay; numbers are never used again. One of an earlier month counts in the "
    "month in which it is sent. For headquarters alone.",
)
class ClawBacks(pa.DataFrameModel):
    """One row per claw-back."""

    claw_back_no: Series[str] = column(
        "id", "扣回编号", "Number", width=14, example="KH2406-01", also="扣回编号、编号、claw-back no、number"
    )
    month: Series[str] = column(
        "month", "月份", "Month", example="2024-06", also="月份、月度、年月、扣回月份、month、period"
    )
    manager_id: Series[str] = column(
        "id", "客户经理编码", "Manager code", refers_to="managers", example="M001", also=MANAGER_CODES
    )
    amount: Series[float] = column(
        "money",
        "扣回金额",
        "Amount",
        unit="元",
        unit_en="yuan",
        least=0.01,
        decimals=2,
        example="300.00",
        also="扣回金额、金额、amount",
    )
    reason: Series[str] = column(
        "text",
        "扣回原因",
        "Reason",
        required=False,
        width=26,
        example="贷款形成不良",
        example_en="The loan went bad",
        also="扣回原因、原因、reason",
    )
