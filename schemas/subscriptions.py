"""Monthly form: subscriptions 用户状态月报. One row is a group customer with its households at the month's end.

A customer without a row is not reported: unknown, not without households.
"""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Usual, column
from schemas.form import Context, Rule, Stock, Traits, form
from schemas.shared import customer_code

STATES = ("active", "penalty_stopped", "paused")


def _states_add_up(rows: pd.DataFrame, context: Context) -> pd.Series:
    """A row that lacks a number breaks another rule already."""
    counted = rows[list(STATES)].astype("Float64").sum(axis=1, skipna=False)
    return (counted == rows["households"]).fillna(True).astype(bool)


def _paid_within_active(rows: pd.DataFrame, context: Context) -> pd.Series:
    return (rows["paid_programmes"] <= rows["active"]).fillna(True).astype(bool)


def _stopped_by_month_end(rows: pd.DataFrame, context: Context) -> pd.Series:
    return rows["stopped_since"].isna() | (rows["stopped_since"] <= context.month_end)


@form(
    "subscriptions",
    "用户状态月报",
    "Subscriptions",
    place=1,
    traits=Traits(money="fee_due", stock=Stock("households", STATES)),
    same=("customer_id",),
    rules=(
        Rule(
            "states_add_up",
            "households",
            "在册户数须等于正常、罚停、报停户数之和",
            "active, stopped and paused households added up",
            _states_add_up,
            reads=STATES,
        ),
        Rule(
            "paid_within_active",
            "paid_programmes",
            "付费节目户数不得大于正常户数",
            "not more than the active households",
            _paid_within_active,
            reads=("active",),
        ),
        Rule(
            "stopped_by_month_end",
            "stopped_since",
            "罚停起始日不得晚于报告月份",
            "a day not after the reporting month",
            _stopped_by_month_end,
        ),
    ),
    help_zh="每行一家集团客户的月末用户状态；没有行的客户按未报处理，已无用户的请填0。",
    help_en="One row a group customer with its households at the month's end; a customer without a row counts as not "
    "reported, so give 0 where there are no households left.",
)
class Subscriptions(pa.DataFrameModel):
    """One row per group customer, as it stands at the month's end."""

    customer_id: Series[str] = customer_code("J001")
    households: Series[pd.Int64Dtype] = column(
        "whole",
        "在册户数",
        "Households",
        unit="户",
        unit_en="households",
        least=0,
        example="80",
        also="在册户数、用户数、户数、总户数、households、subscribers、total subscribers",
        usual=Usual(unchanged=True),
        last=True,
    )
    active: Series[pd.Int64Dtype] = column(
        "whole",
        "正常户数",
        "Active",
        unit="户",
        unit_en="households",
        least=0,
        example="70",
        also="正常户数、正常、在用户数、active、active subscribers",
        usual=Usual(unchanged=True),
        last=True,
    )
    penalty_stopped: Series[pd.Int64Dtype] = column(
        "whole",
        "罚停户数",
        "Stopped for arrears",
        unit="户",
        unit_en="households",
        least=0,
        example="6",
        also="罚停户数、罚停、欠费停机、stopped、stopped for arrears",
        usual=Usual(unchanged=True),
        last=True,
    )
    paused: Series[pd.Int64Dtype] = column(
        "whole",
        "报停户数",
        "Paused",
        unit="户",
        unit_en="households",
        least=0,
        example="4",
        also="报停户数、报停、暂停、paused、suspended",
        usual=Usual(unchanged=True),
        last=True,
    )
    paid_programmes: Series[pd.Int64Dtype] = column(
        "whole",
        "付费节目户数",
        "With paid programmes",
        unit="户",
        unit_en="households",
        least=0,
        width=14,
        example="42",
        also="付费节目户数、付费户数、付费节目、paid programmes、premium",
        usual=Usual(unchanged=True),
        last=True,
    )
    fee_due: Series[float] = column(
        "money",
        "应收",
        "Fee due",
        unit="元",
        unit_en="yuan",
        least=0,
        decimals=2,
        example="1400.00",
        help_zh="本月应收；预缴全年的按月分摊",
        help_en="of this month; a prepaid year is spread over its months",
        also="应收、应收金额、应收费、应缴、fee due、due、billed",
        usual=Usual(unchanged=True),
        last=True,
    )
    fee_paid: Series[float] = column(
        "money",
        "实收",
        "Fee paid",
        unit="元",
        unit_en="yuan",
        decimals=2,
        example="1400.00",
        help_zh="本月收到的全部费用，不论属于哪个月",
        help_en="all that came in this month, for whatever month",
        also="实收、实收金额、已缴、收费、fee paid、paid、collected",
    )
    expires_on: Series[pd.Timestamp] = column(
        "day",
        "到费日期",
        "Paid until",
        required=False,
        example="2024-12-31",
        also="到费日期、到期日期、有效期至、paid until、expires on、expiry",
        usual=Usual(unchanged=True),
        last=True,
    )
    stopped_since: Series[pd.Timestamp] = column(
        "day",
        "罚停起始日",
        "Stopped since",
        required=False,
        width=13,
        example="2024-03-01",
        also="罚停起始日、停机日期、stopped since",
        usual=Usual(unchanged=True),
        last=True,
    )
