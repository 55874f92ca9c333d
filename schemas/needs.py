"""Monthly form: needs 客户需求. One row is a need of a customer that is passed up, as it stands at the month's end.

A need stays open over months, until the department has done it or it is refused: the newest row for its number wins.
The steps after it was raised may be filled in by others: the group's leader, the office, the department.
"""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import Case, Context, Rule, Traits, form
from schemas.rules import in_order
from schemas.shared import customer_code
from schemas.synonyms import DAYS

STEPS = ("raised_on", "reviewed_on", "reported_on", "published_on", "received_on", "done_on")
DONE, REFUSED = "done_on", "refused_on"
_IN_ORDER_ZH = "日期须依次为 提出≤组长审核≤上报≤发布≤部门接收≤完成"
_IN_ORDER_EN = "dates in order: raised, reviewed, reported, published, received, done"
_REFUSED_ZH = "退回日期不得早于提出、审核、上报、发布、接收各日期"
_REFUSED_EN = "refused on a day not before the steps that were made"


def _by_month_end(column: str) -> Rule:
    def ok(rows: pd.DataFrame, context: Context) -> pd.Series:
        return rows[column].isna() | (rows[column] <= context.month_end)

    return Rule(
        f"{column}_by_month_end",
        column,
        "日期不得晚于报告月份",
        "a day not after the reporting month",
        ok,
    )


def _done_or_refused(rows: pd.DataFrame, context: Context) -> pd.Series:
    return rows[DONE].isna() | rows[REFUSED].isna()


@form(
    "needs",
    "客户需求",
    "Customers' needs",
    place=3,
    traits=Traits(
        case=Case(
            "need_no",
            "raised_on",
            DONE,
            ("customer_id", "raised_on"),
            also_closed_on=(REFUSED,),
            filled_later=(*STEPS[1:], REFUSED, "department", "prevention"),
        )
    ),
    same=("need_no",),
    rules=(
        *(
            in_order(earlier, later, _IN_ORDER_ZH, _IN_ORDER_EN)
            for number, later in enumerate(STEPS)
            for earlier in STEPS[:number]
        ),
        *(in_order(earlier, REFUSED, _REFUSED_ZH, _REFUSED_EN) for earlier in STEPS[:-1]),
        *(_by_month_end(one) for one in (*STEPS, REFUSED)),
        Rule(
            "done_or_refused",
            REFUSED,
            "完成日期和退回日期只能填一个：退回的需求已经关闭",
            "either the day it was done or the day it was refused: one refused is closed",
            _done_or_refused,
            reads=(DONE,),
        ),
    ),
    help_zh="每行一项需求；编号终身唯一，未完成的下月继续填报。后面各步由组长、部门填写的，空格不改动已填的内容。",
    help_en="One row a need; numbers are unique for ever; open ones are reported again. Others may fill in later "
    "steps; an empty cell there changes nothing.",
)
class Needs(pa.DataFrameModel):
    """One row per need, as it stands at the month's end."""

    need_no: Series[str] = column(
        "id", "需求编号", "Need number", width=16, example="XQ202406001", also="需求编号、编号、序号、need no、no"
    )
    raised_on: Series[pd.Timestamp] = column(
        "day",
        "提出日期",
        "Raised on",
        in_month=True,
        example="2024-06-05",
        also=f"提出日期、收集日期、登记日期、raised on、{DAYS}",
    )
    customer_id: Series[str] = customer_code()
    topic: Series[str] = column(
        "choice",
        "需求主题",
        "Topic",
        list_name="need_topics",
        width=14,
        also="需求主题、主题、需求类别、类别、topic",
    )
    description: Series[str] = column(
        "text",
        "需求内容",
        "Need",
        width=30,
        example="计划停电请提前通知",
        example_en="Tell us of planned outages in advance",
        also="需求内容、内容、需求描述、description",
    )
    reviewed_on: Series[pd.Timestamp] = column("day", "组长审核日期", "Reviewed on", required=False, width=13)
    reported_on: Series[pd.Timestamp] = column("day", "上报日期", "Reported on", required=False)
    published_on: Series[pd.Timestamp] = column("day", "发布日期", "Published on", required=False)
    department: Series[str] = column(
        "choice",
        "办理部门",
        "Department in charge",
        required=False,
        list_name="departments",
        width=14,
        also="办理部门、责任部门、部门、department",
    )
    received_on: Series[pd.Timestamp] = column(
        "day", "部门接收日期", "Received by the department on", required=False, width=13
    )
    done_on: Series[pd.Timestamp] = column(
        "day", "完成日期", "Done on", required=False, also="完成日期、办结日期、done on"
    )
    refused_on: Series[pd.Timestamp] = column(
        "day",
        "退回日期",
        "Refused on",
        required=False,
        help_zh="退回即关闭",
        help_en="one refused is closed",
        also="退回日期、驳回日期、refused on",
    )
    prevention: Series[str] = column(
        "text", "预防措施", "Prevention", required=False, width=26, also="预防措施、预防、prevention"
    )
