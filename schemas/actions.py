"""Monthly form: actions 问题与对策. One row is a problem with its countermeasure, in the manager's own words.

Unfinished ones come back in the next month's report until they are done.
"""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import Carried, Traits, form
from schemas.rules import filled_if

STATES = (
    Choice("not_started", "未开始", "Not started"),
    Choice("in_progress", "进行中", "In progress"),
    Choice("done", "已完成", "Done"),
)


@form(
    "actions",
    "问题与对策",
    "Actions",
    traits=Traits(carried=Carried(("topic", "problem"), "status", "done")),
    same=("topic", "problem"),
    rules=(
        filled_if(
            "done_on",
            "status",
            lambda status: status == "done",
            "状态为已完成的须填写完成日期",
            "the day it was done, as its state is done",
        ),
    ),
    help_zh="每行一个问题及其对策;未完成的下月继续跟踪。",
    help_en="One row a problem and what is done about it; unfinished ones come back next month.",
)
class Actions(pa.DataFrameModel):
    """One row per problem and countermeasure."""

    topic: Series[str] = column(
        "text",
        "主题",
        "Topic",
        width=14,
        example="订单满足率",
        example_en="Fill rate",
        also="主题、工作事项、事项、工作内容、任务名称、topic、subject、task",
    )
    problem: Series[str] = column(
        "text",
        "问题",
        "Problem",
        width=34,
        example="畅销品供货不足",
        example_en="Short supply of best sellers",
        also="问题、存在问题、遇到的问题、问题描述、problem、issue",
    )
    cause: Series[str] = column("text", "原因", "Cause", required=False, width=26, also="原因、原因分析、cause")
    countermeasure: Series[str] = column(
        "text",
        "对策",
        "Countermeasure",
        width=34,
        example="按级别分配货源",
        example_en="Allot stock by grade",
        also="对策、措施、解决方案、整改措施、问题与解决方案、countermeasure、measure、action、solution",
    )
    owner: Series[str] = column(
        "text", "责任人", "Owner", required=False, width=12, also="责任人、负责人、owner、responsible"
    )
    due_on: Series[pd.Timestamp] = column(
        "day",
        "完成期限",
        "Due on",
        required=False,
        width=13,
        example="2024-07-15",
        also="完成期限、截止日期、计划完成日期、due、due date、deadline",
    )
    status: Series[str] = column(
        "choice",
        "状态",
        "Status",
        required=False,
        choices=STATES,
        example="未开始",
        example_en="Not started",
        also="状态、完成情况、进度、项目状态、status、progress",
    )
    done_on: Series[pd.Timestamp] = column(
        "day",
        "完成日期",
        "Done on",
        required=False,
        width=13,
        also="完成日期、实际完成日期、done on、completed on",
    )
