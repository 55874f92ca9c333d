"""Master data: team 团队客户. One row is a manager's share of a customer that several work for."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import Context, Rule, form
from schemas.shared import customer_code
from schemas.synonyms import MANAGER_CODES

WHOLE_SHARE, SHARE_TOLERANCE = 1.0, 0.0005  # three times 0.3333 is a whole


def shares_are_whole(rows: pd.DataFrame) -> pd.Series:
    """Whether the shares of each row's customer sum to 1."""
    sums = rows.groupby("customer_id")["share"].transform("sum")
    return ((sums - WHOLE_SHARE).abs() <= SHARE_TOLERANCE).fillna(False).astype(bool)


def _sum_to_one(rows: pd.DataFrame, context: Context) -> pd.Series:
    return rows["customer_id"].isna() | shares_are_whole(rows)


@form(
    "team",
    "团队客户",
    "Team customers",
    kind="master",
    same=("customer_id", "manager_id"),
    rules=(
        Rule(
            "shares_sum_to_one",
            "share",
            "同一客户各成员的分成比例合计须为1；合计不为1的，该客户全部计入其客户经理",
            "shares of a customer that sum to 1; where they do not, all of it counts for the customer's own manager",
            _sum_to_one,
            reads=("customer_id",),
        ),
    ),
    help_zh="每行一名成员；同一客户的比例合计为1。收入、AUM、利润按比例计入成员，客户数仍归其客户经理。",
    help_en="One row a member; the shares of a customer sum to 1. Income, AUM and profit count by share, the customer "
    "itself with its own manager.",
)
class Team(pa.DataFrameModel):
    """One row per customer and member of its team."""

    customer_id: Series[str] = customer_code("K0001")
    manager_id: Series[str] = column(
        "id", "客户经理编码", "Manager code", refers_to="managers", example="M001", also=MANAGER_CODES
    )
    share: Series[float] = column(
        "number",
        "分成比例",
        "Share",
        least=0,
        most=1,
        decimals=4,
        example="0.7",
        help_zh="0到1之间，如 0.7",
        help_en="between 0 and 1, as 0.7",
        also="分成比例、比例、占比、share",
    )
