"""Monthly form: complaints 商品及服务质量信息反馈单. One row is a case as it stands.

A case stays open over months: the newest row for its number wins, so a case received in an earlier month may
stand here again. Whether its number is known is checked where the months meet, not in one file.
"""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import Case, Context, Rule, Traits, form
from schemas.rules import filled_if, in_order
from schemas.shared import customer_code
from schemas.synonyms import DAYS, PRODUCT_CODES

CATEGORIES = (
    Choice("product_quality", "商品质量", "Product quality"),
    Choice("service_quality", "服务质量", "Service quality"),
    Choice("request", "诉求", "Request"),
    Choice("suggestion", "建议", "Suggestion"),
)
ESCALATIONS = (
    Choice("0", "0", "0"),
    Choice("1", "1", "1"),
    Choice("2", "2", "2"),
)
NOT_ESCALATED = "0"
DECISIONS = (
    Choice("pending", "待审", "Pending"),
    Choice("approved", "同意", "Approved"),
    Choice("refused", "不同意", "Refused"),
)
ACTIONS = (
    Choice("exchange", "换货", "Exchange"),
    Choice("refund", "退货", "Return"),
    Choice("explain", "解释", "Explanation"),
    Choice("correct", "整改", "Correction"),
    Choice("other", "其他", "Other"),
)


def _escalated_if_dated(rows: pd.DataFrame, context: Context) -> pd.Series:
    return rows["escalated_on"].isna() | _is_escalated(rows["escalation"])


def _is_escalated(escalation: pd.Series) -> pd.Series:
    return (escalation.notna() & (escalation != NOT_ESCALATED)).fillna(False).astype(bool)


def _told_when_followed_up(rows: pd.DataFrame, context: Context) -> pd.Series:
    return rows["satisfied"].isna() | rows["follow_up_on"].notna()


def _received_by_month_end(rows: pd.DataFrame, context: Context) -> pd.Series:
    return rows["received_on"].isna() | (rows["received_on"] <= context.month_end)


_IN_ORDER_ZH = "日期须依次为 受理≤查看≤审批≤办结≤反馈"
_IN_ORDER_EN = "dates in order: received, inspected, decided, resolved, replied"
_DATES = ("received_on", "inspected_on", "decided_on", "resolved_on", "replied_on")
SIGNED_ON = "customer_signed_on"
_DESK_ZH = "日期须依次为 受理≤派单≤升级，派单、办结不得晚于回访"
_DESK_EN = "received, then dispatched, then escalated; a follow-up after dispatch and resolution"
DESK_ORDER = (
    ("received_on", "dispatched_on"),
    ("received_on", "escalated_on"),
    ("dispatched_on", "escalated_on"),
    ("dispatched_on", "resolved_on"),
    ("received_on", "follow_up_on"),
    ("dispatched_on", "follow_up_on"),
    ("resolved_on", "follow_up_on"),
)
_SIGNED_ZH = "客户签字日期须在 受理、现场查看之后，审批、办结、反馈之前"
_SIGNED_EN = "a signature of the customer after receipt and inspection, and before decision, resolution and reply"


@form(
    "complaints",
    "商品及服务质量信息反馈单",
    "Complaints",
    place=3,
    traits=Traits(case=Case("complaint_no", "received_on", "resolved_on", ("customer_id", "received_on"))),
    same=("complaint_no",),
    rules=(
        Rule(
            "received_by_month_end",
            "received_on",
            "受理日期不得晚于报告月份",
            "a day not after the reporting month",
            _received_by_month_end,
        ),
        filled_if(
            "product_id",
            "category",
            lambda category: category == "product_quality",
            "商品质量类须填写<product>编码",
            "the <product>, as this is about product quality",
        ),
        in_order("received_on", "resolved_on", "办结日期不得早于受理日期", "a day not before it was received"),
        *(
            in_order(earlier, later, _IN_ORDER_ZH, _IN_ORDER_EN)
            for number, later in enumerate(_DATES)
            for earlier in _DATES[:number]
            if (earlier, later) != ("received_on", "resolved_on")
        ),
        *(in_order(earlier, SIGNED_ON, _SIGNED_ZH, _SIGNED_EN) for earlier in _DATES[:2]),
        *(in_order(SIGNED_ON, later, _SIGNED_ZH, _SIGNED_EN) for later in _DATES[2:]),
        *(in_order(earlier, later, _DESK_ZH, _DESK_EN) for earlier, later in DESK_ORDER),
        filled_if(
            "escalated_on",
            "escalation",
            _is_escalated,
            "已升级的须填写升级日期",
            "the day it was escalated, as it is",
        ),
        filled_if(
            "supervision",
            "escalation",
            _is_escalated,
            "已升级的须填写督办意见",
            "what is to be done about it, as it is escalated",
        ),
        Rule(
            "escalated_if_dated",
            "escalated_on",
            "填了升级日期的，升级级别须为1–3；本行未按升级计，请核实",
            "an escalation of 1 to 3, as its day is given; it does not count as escalated, please check it",
            _escalated_if_dated,
            effect="note",
            reads=("escalation",),
        ),
        Rule(
            "told_when_followed_up",
            "follow_up_on",
            "填了是否满意的须填写回访日期；没有日期的不计入满意率",
            "the day of the follow-up, as its answer is given; without the day the answer does not count",
            _told_when_followed_up,
            effect="note",
            reads=("satisfied",),
        ),
    ),
    help_zh="每行一件；编号终身唯一，未办结的下月继续填报最新进展。",
    help_en="One row a case; numbers are unique for ever; open cases are reported again next month.",
)
class Complaints(pa.DataFrameModel):
    """One row per case, as it stands at the month's end."""

    complaint_no: Series[str] = column(
        "id",
        "编号",
        "Number",
        width=16,
        example="TS202406001",
        also=(
            "编号、投诉编号、投诉单号、工单号、工单编号、反馈单编号、受理编号、complaint no、complaint id、"
            "ticket no、ticket id、case no、case id"
        ),
    )
    received_on: Series[pd.Timestamp] = column(
        "day",
        "受理日期",
        "Received on",
        in_month=True,
        example="2024-06-05",
        also=(
            f"受理日期、投诉日期、反馈日期、报修日期、受理时间、投诉时间、received on、complaint date、"
            f"opened on、created on、{DAYS}"
        ),
    )
    customer_id: Series[str] = customer_code()
    category: Series[str] = column(
        "choice",
        "类别",
        "Category",
        choices=CATEGORIES,
        example="商品质量",
        example_en="Product quality",
        also="类别、投诉类别、投诉类型、反馈类别、问题类别、问题类型、category、type、complaint type",
    )
    product_id: Series[str] = column(
        "id",
        "<product>编码",
        "<Product> code",
        required=False,
        refers_to="products",
        width=14,
        example="P001",
        also=PRODUCT_CODES,
    )
    quantity: Series[pd.Int64Dtype] = column(
        "whole",
        "数量",
        "Quantity",
        required=False,
        unit="<unit>",
        unit_en="<many unit>",
        least=0,
        example="2",
        also="数量、投诉数量、quantity、qty",
    )
    description: Series[str] = column(
        "text",
        "情况描述",
        "Description",
        width=30,
        example="烟支空松",
        example_en="Loose cigarettes",
        also="情况描述、投诉内容、问题描述、反馈内容、内容、描述、description、details、issue",
    )
    cause: Series[str] = column(
        "text", "原因", "Cause", required=False, width=18, also="原因、投诉原因、原因分析、cause、root cause"
    )
    inspected_on: Series[pd.Timestamp] = column(
        "day", "现场查看日期", "Inspected on", required=False, width=13, example="2024-06-06"
    )
    customer_signed_on: Series[pd.Timestamp] = column(
        "day",
        "客户签字日期",
        "Signed by the customer",
        required=False,
        width=13,
        example="2024-06-06",
        help_zh="客户在反馈单上填写并签字的日期",
        help_en="when the customer filled in and signed the form",
        also="客户签字日期、客户填写日期、signed by the customer",
    )
    returned_qty: Series[pd.Int64Dtype] = column(
        "whole",
        "带回数量",
        "Brought back",
        required=False,
        unit="<unit>",
        unit_en="<many unit>",
        least=0,
        example="2",
        help_zh="从客户处带回的问题商品",
        help_en="bad goods taken back from the customer",
        also="带回数量、收回数量、brought back、returned qty",
    )
    escalation: Series[str] = column(
        "choice",
        "提级",
        "Escalation",
        required=False,
        choices=ESCALATIONS,
        example="0",
        help_zh="0 未提级，1 区域，2 总部",
        help_en="0 none, 1 region, 2 headquarters",
    )
    department: Series[str] = column(
        "choice",
        "责任部门",
        "Department",
        required=False,
        list_name="departments",
        width=14,
        example="营销中心",
        example_en="Marketing",
    )
    handler: Series[str] = column(
        "text", "处理人", "Handler", required=False, also="处理人、处理人员、责任人、handled by、assignee"
    )
    decision: Series[str] = column(
        "choice",
        "审批",
        "Decision",
        required=False,
        choices=DECISIONS,
        example="同意",
        example_en="Approved",
    )
    decided_on: Series[pd.Timestamp] = column(
        "day", "审批日期", "Decided on", required=False, example="2024-06-07"
    )
    valid: Series[pd.BooleanDtype] = column(
        "flag",
        "有效",
        "Valid",
        required=False,
        if_named=True,
        example="是",
        example_en="Yes",
        help_zh="审批后填写；尚未认定的留空",
        help_en="after the decision; empty while undecided",
        also="有效、是否有效、有效投诉、valid",
    )
    action: Series[str] = column(
        "choice",
        "处理方式",
        "Action",
        required=False,
        choices=ACTIONS,
        example="换货",
        example_en="Exchange",
        also="处理方式、处理措施、处理结果、解决方案、action taken、resolution",
    )
    resolved_on: Series[pd.Timestamp] = column(
        "day",
        "办结日期",
        "Resolved on",
        required=False,
        example="2024-06-11",
        also="办结日期、处理日期、完成日期、关闭日期、解决日期、resolved on、closed on、closed date",
    )
    replied_on: Series[pd.Timestamp] = column(
        "day",
        "反馈客户日期",
        "Replied on",
        required=False,
        width=13,
        example="2024-06-12",
        also="反馈客户日期、回复日期、回访日期、replied on",
    )
    engineer_id: Series[str] = column(
        "id",
        "客服工程师编码",
        "Engineer code",
        required=False,
        refers_to="engineers",
        only_noted=True,
        if_named=True,
        example="E01",
        also="客服工程师编码、工程师编码、工程师编号、engineer code、engineer id",
    )
    dispatched_on: Series[pd.Timestamp] = column(
        "day",
        "派单日期",
        "Dispatched on",
        required=False,
        if_named=True,
        example="2024-06-05",
        also="派单日期、派工日期、派单时间、dispatched on",
    )
    escalated_on: Series[pd.Timestamp] = column(
        "day",
        "升级日期",
        "Escalated on",
        required=False,
        if_named=True,
        also="升级日期、升级督办日期、escalated on",
    )
    first_handling: Series[str] = column(
        "text",
        "初步处理情况",
        "First handling",
        required=False,
        if_named=True,
        width=22,
        also="初步处理情况、初步处理、first handling",
    )
    supervision: Series[str] = column(
        "text",
        "督办意见",
        "Supervision",
        required=False,
        if_named=True,
        width=22,
        help_zh="已升级的必填",
        help_en="required once escalated",
        also="督办意见、督办要求、supervision",
    )
    follow_up_on: Series[pd.Timestamp] = column(
        "day",
        "回访日期",
        "Followed up on",
        required=False,
        if_named=True,
        also="回访日期、回访时间、follow-up on、followed up on",
    )
    satisfied: Series[pd.BooleanDtype] = column(
        "flag",
        "是否满意",
        "Satisfied",
        required=False,
        if_named=True,
        example="是",
        example_en="Yes",
        also="是否满意、客户是否满意、满意、satisfied",
    )
    department_rating: Series[pd.Int64Dtype] = column(
        "whole",
        "部门评价",
        "Department's rating",
        required=False,
        if_named=True,
        unit="1–5分",
        unit_en="1–5",
        least=1,
        most=5,
        example="5",
        help_zh="客户经理所在部门对工程师的评价",
        help_en="of the engineer, by the manager's department",
        also="部门评价、部门评分、department rating",
    )
    customer_confirmed: Series[pd.BooleanDtype] = column(
        "flag", "客户确认", "Customer confirmed", required=False, example="是", example_en="Yes"
    )
    rating: Series[pd.Int64Dtype] = column(
        "whole",
        "处理评价",
        "Rating",
        required=False,
        unit="1–5分",
        unit_en="1–5",
        least=1,
        most=5,
        example="5",
        also="处理评价、评分、满意度、rating、score",
    )
