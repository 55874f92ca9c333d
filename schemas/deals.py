"""Monthly form: deals 业务洽谈. One row is a deal in talks, as it stands at the month's end.

A deal stays open over months, until it is won or lost: the newest row for its number wins. It is with a customer, or
with a prospect that is none yet.
"""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import Case, Context, Rule, Traits, form
from schemas.rules import by_month_end, filled_if, in_order
from schemas.synonyms import CUSTOMER_CODES, DAYS

WON, LOST = "won", "lost"
CLOSED = (WON, LOST)
STAGES = (
    Choice("contact", "接触", "Contact"),
    Choice("needs", "需求", "Needs"),
    Choice("quote", "报价", "Quotation"),
    Choice("negotiation", "谈判", "Negotiation"),
    Choice(WON, "签约", "Won"),
    Choice(LOST, "失败", "Lost"),
)
OPEN_STAGES = tuple(one.key for one in STAGES if one.key not in CLOSED)


def _with_somebody(rows: pd.DataFrame, context: Context) -> pd.Series:
    return rows["customer_id"].notna() | rows["prospect"].notna()


def _day_only_if_closed(rows: pd.DataFrame, context: Context) -> pd.Series:
    """A row that lacks its stage breaks another rule already."""
    return rows["closed_on"].isna() | rows["stage"].isna() | rows["stage"].isin(CLOSED)


@form(
    "deals",
    "业务洽谈",
    "Deals",
    place=5,
    traits=Traits(case=Case("deal_no", "opened_on", "closed_on", ("opened_on", "customer_id")), of_anyone=True),
    same=("deal_no",),
    rules=(
        by_month_end("opened_on"),
        Rule(
            "with_somebody",
            "customer_id",
            "客户编码和潜在客户名称至少填一个",
            "the code of a customer, or the name of a prospect",
            _with_somebody,
            reads=("prospect",),
        ),
        filled_if(
            "closed_on",
            "stage",
            lambda stage: stage.isin(CLOSED),
            "阶段为签约或失败的须填写结束日期",
            "the day it closed, as it is won or lost",
        ),
        Rule(
            "closed_stage",
            "closed_on",
            "填了结束日期的，阶段须为签约或失败；仍在洽谈的请删去日期",
            "the stage won or lost, as the day is given; leave the day empty while talks go on",
            _day_only_if_closed,
            reads=("stage",),
        ),
        in_order("opened_on", "closed_on", "结束日期不得早于开始日期", "a day not before it was opened"),
        by_month_end("closed_on"),
    ),
    help_zh="每行一项洽谈；编号终身唯一，未签约、未失败的下月继续填报最新阶段；失败后重谈请用新编号。",
    help_en="One row a deal; numbers are unique for ever; those neither won nor lost are reported again next month; "
    "one that is taken up again after it was lost gets a new number.",
)
class Deals(pa.DataFrameModel):
    """One row per deal, as it stands at the month's end."""

    deal_no: Series[str] = column(
        "id", "洽谈编号", "Deal no.", width=16, example="QT202406001", also="洽谈编号、商机编号、编号、deal no、no"
    )
    opened_on: Series[pd.Timestamp] = column(
        "day",
        "开始日期",
        "Opened on",
        in_month=True,
        example="2024-06-05",
        also=f"开始日期、首次接触日期、opened on、{DAYS}",
    )
    customer_id: Series[str] = column(
        "id",
        "客户编码",
        "Customer code",
        required=False,
        refers_to="customers",
        width=16,
        example="A001",
        help_zh="与潜在客户名称至少填一个",
        help_en="this or the prospect's name",
        also=CUSTOMER_CODES,
    )
    prospect: Series[str] = column(
        "text",
        "潜在客户名称",
        "Prospect",
        required=False,
        width=20,
        help_zh="还不是客户的填名称",
        help_en="the name of who is no customer yet",
        also="潜在客户名称、潜在客户、意向客户、prospect、lead",
    )
    stage: Series[str] = column(
        "choice",
        "阶段",
        "Stage",
        choices=STAGES,
        example="报价",
        example_en="Quotation",
        also="阶段、洽谈阶段、进展、stage",
    )
    expected_amount: Series[float] = column(
        "money",
        "预计金额",
        "Expected amount",
        required=False,
        unit="元",
        unit_en="yuan",
        least=0,
        decimals=2,
        width=14,
        example="30000",
        also="预计金额、预计合同额、意向金额、expected amount",
    )
    expected_on: Series[pd.Timestamp] = column(
        "day",
        "预计签约日期",
        "Expected on",
        required=False,
        width=13,
        example="2024-07-31",
        also="预计签约日期、预计成交日期、expected on",
    )
    next_step: Series[str] = column(
        "text",
        "下一步",
        "Next step",
        required=False,
        width=22,
        example="报终价",
        example_en="Final quotation",
        also="下一步、下一步工作、next step",
    )
    closed_on: Series[pd.Timestamp] = column(
        "day",
        "结束日期",
        "Closed on",
        required=False,
        help_zh="签约或失败的必填",
        help_en="required once won or lost",
        also="结束日期、签约日期、closed on",
    )
