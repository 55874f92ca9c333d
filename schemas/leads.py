"""Monthly form: leads 无证经营线索. One row is a lead to trading without a licence, as it stands at the month's end.

A lead stays open over months, until law enforcement has closed it: the newest row for its number wins.
"""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import Case, Context, Rule, Traits, form
from schemas.rules import in_order
from schemas.synonyms import DAYS

DATES = ("seen_on", "reported_on", "passed_on", "closed_on", "told_on")
_IN_ORDER_ZH = "日期须依次为 发现≤上报≤移送专卖≤办结≤反馈经营部"
_IN_ORDER_EN = "dates in order: seen, reported, passed on, closed, told"


def _seen_by_month_end(rows: pd.DataFrame, context: Context) -> pd.Series:
    return rows["seen_on"].isna() | (rows["seen_on"] <= context.month_end)


@form(
    "leads",
    "无证经营线索",
    "Leads",
    traits=Traits(case=Case("lead_no", "seen_on", "closed_on", ("seen_on", "address"))),
    same=("lead_no",),
    rules=(
        Rule(
            "seen_by_month_end",
            "seen_on",
            "发现日期不得晚于报告月份",
            "a day not after the reporting month",
            _seen_by_month_end,
        ),
        *(
            in_order(earlier, later, _IN_ORDER_ZH, _IN_ORDER_EN)
            for number, later in enumerate(DATES)
            for earlier in DATES[:number]
        ),
    ),
    help_zh="每行一条线索；编号终身唯一，专卖未办结的下月继续填报最新进展。",
    help_en="One row a lead; numbers are unique for ever; those not closed are reported again next month.",
)
class Leads(pa.DataFrameModel):
    """One row per lead, as it stands at the month's end."""

    lead_no: Series[str] = column(
        "id", "线索编号", "Lead number", width=16, example="XS202406001", also="线索编号、编号、序号、lead no、no"
    )
    seen_on: Series[pd.Timestamp] = column(
        "day",
        "发现日期",
        "Seen on",
        in_month=True,
        example="2024-06-05",
        also=f"发现日期、发现时间、seen on、{DAYS}",
    )
    address: Series[str] = column(
        "text",
        "地址",
        "Address",
        width=26,
        example="东街12号",
        example_en="12 East Street",
        also="地址、经营地址、地点、address",
    )
    description: Series[str] = column(
        "text",
        "情况描述",
        "Description",
        width=26,
        example="无证摊点",
        example_en="Stall without a licence",
        also="情况描述、线索内容、情况、description",
    )
    reported_on: Series[pd.Timestamp] = column(
        "day",
        "上报日期",
        "Reported on",
        required=False,
        example="2024-06-06",
        help_zh="报区域市场经理的日期；一个工作日内上报为立即",
        help_en="to the regional manager; within one working day is at once",
        also="上报日期、报告日期、reported on",
    )
    passed_on: Series[pd.Timestamp] = column(
        "day",
        "移送专卖日期",
        "Passed on",
        required=False,
        width=13,
        example="2024-06-07",
        help_zh="区域市场经理移送专卖部门的日期",
        help_en="by the regional manager to law enforcement",
        also="移送专卖日期、移送专卖、移送日期、passed on",
    )
    handling: Series[str] = column(
        "text",
        "处理结果",
        "Handling",
        required=False,
        width=20,
        example="取缔",
        example_en="Shut down",
        also="处理结果、处理情况、查处结果、handling、result",
    )
    closed_on: Series[pd.Timestamp] = column(
        "day",
        "办结日期",
        "Closed on",
        required=False,
        example="2024-06-20",
        also="办结日期、查处日期、closed on",
    )
    told_on: Series[pd.Timestamp] = column(
        "day",
        "反馈经营部日期",
        "Told on",
        required=False,
        width=14,
        example="2024-06-21",
        help_zh="专卖部门把结果反馈经营部的日期",
        help_en="when law enforcement told the sales department what came of it",
        also="反馈经营部日期、反馈经营部、反馈日期、told on",
    )
