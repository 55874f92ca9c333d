"""Monthly form: drafts 文稿与初稿. One row is a round of a draft, as it stands at the month's end.

A draft goes round until the customer accepts it or it is given up: each round is a row, and the newest row for number
and round wins. A draft stands where its newest round stands; while it is open, next month's template brings that round.
"""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import Case, Context, Rule, Traits, form
from schemas.rules import by_month_end, filled_if, in_order
from schemas.shared import customer_code
from schemas.synonyms import DAYS

ACCEPTED, REVISE, GIVEN_UP = "accepted", "revise", "given_up"
STATES = (
    Choice("drafting", "拟写", "Being written"),
    Choice("with_superior", "已呈主管", "With the superior"),
    Choice("with_customer", "已向客户介绍", "Shown to the customer"),
    Choice(ACCEPTED, "通过", "Accepted"),
    Choice(REVISE, "退改", "To be revised"),
    Choice(GIVEN_UP, "放弃", "Given up"),
)
DECIDED = (ACCEPTED, REVISE)
_DAY_OF = {"with_superior": "shown_superior_on", "with_customer": "shown_customer_on"}


def _day_of_its_state(rows: pd.DataFrame, state: str) -> pd.Series:
    """A row that says it was shown tells when."""
    return (rows["state"] != state).fillna(True).astype(bool) | rows[_DAY_OF[state]].notna()


def _with_superior(rows: pd.DataFrame, context: Context) -> pd.Series:
    return _day_of_its_state(rows, "with_superior")


def _with_customer(rows: pd.DataFrame, context: Context) -> pd.Series:
    return _day_of_its_state(rows, "with_customer")


def _day_only_if_decided(rows: pd.DataFrame, context: Context) -> pd.Series:
    """A row that lacks its state breaks another rule already."""
    return rows["decided_on"].isna() | rows["state"].isna() | rows["state"].isin((*DECIDED, GIVEN_UP))


@form(
    "drafts",
    "文稿与初稿",
    "Drafts",
    place=4,
    traits=Traits(
        case=Case(
            "draft_no",
            "made_on",
            "decided_on",
            ("customer_id",),
            closed_by=("state", GIVEN_UP),
            part="round",
            goes_on=("state", REVISE),
        ),
        of_anyone=True,
    ),
    same=("draft_no", "round"),
    rules=(
        by_month_end("made_on"),
        filled_if(
            "decided_on",
            "state",
            lambda state: state.isin(DECIDED),
            "状态为通过或退改的须填写决定日期",
            "the day it was decided, as its state is accepted or to be revised",
        ),
        Rule(
            "decided_state",
            "decided_on",
            "填了决定日期的，状态须为通过、退改或放弃；尚未决定的请删去日期",
            "the state accepted, to be revised or given up, as the day is given; leave the day empty while nothing is "
            "decided",
            _day_only_if_decided,
            reads=("state",),
        ),
        Rule(
            "day_with_superior",
            "shown_superior_on",
            "状态为已呈主管的请填写呈主管日期，否则当月呈主管数不含本行",
            "the day it was shown, as its state is with the superior; without it the month does not count it as shown",
            _with_superior,
            effect="note",
            reads=("state",),
        ),
        Rule(
            "day_with_customer",
            "shown_customer_on",
            "状态为已向客户介绍的请填写向客户介绍日期，否则当月介绍数不含本行",
            "the day it was shown, as its state is shown to the customer; without it the month does not count it as "
            "shown",
            _with_customer,
            effect="note",
            reads=("state",),
        ),
        in_order("made_on", "shown_superior_on", "呈主管日期不得早于拟写日期", "a day not before it was written"),
        in_order(
            "made_on", "shown_customer_on", "向客户介绍日期不得早于拟写日期", "a day not before it was written"
        ),
        in_order(
            "shown_superior_on",
            "shown_customer_on",
            "向客户介绍日期不得早于呈主管日期",
            "a day not before the superior saw it",
        ),
        in_order(
            "shown_superior_on", "decided_on", "决定日期不得早于呈主管日期", "a day not before the superior saw it"
        ),
        in_order("made_on", "decided_on", "决定日期不得早于拟写日期", "a day not before it was written"),
        in_order(
            "shown_customer_on",
            "decided_on",
            "决定日期不得早于向客户介绍日期",
            "a day not before the customer saw it",
        ),
        by_month_end("shown_superior_on"),
        by_month_end("shown_customer_on"),
        by_month_end("decided_on"),
    ),
    help_zh="每行一份文稿的一轮；编号终身唯一，退改后另起一行、轮次加1；未通过、未放弃的下月继续填报最新一轮。",
    help_en="One row a round of a draft; numbers are unique for ever; what is to be revised goes on in a new row with "
    "the next round; the newest round of what is neither accepted nor given up is reported again next month.",
)
class Drafts(pa.DataFrameModel):
    """One row per round of a draft, as it stands at the month's end."""

    draft_no: Series[str] = column(
        "id",
        "文稿编号",
        "Draft no.",
        width=16,
        example="WG202406001",
        also="文稿编号、初稿编号、编号、draft no、no",
    )
    round: Series[pd.Int64Dtype] = column(
        "whole", "轮次", "Round", least=1, example="1", also="轮次、第几稿、稿次、版次、round、version"
    )
    made_on: Series[pd.Timestamp] = column(
        "day",
        "拟写日期",
        "Written on",
        in_month=True,
        example="2024-06-05",
        also=f"拟写日期、完成日期、撰写日期、written on、made on、{DAYS}",
    )
    customer_id: Series[str] = customer_code("A001")
    kind: Series[str] = column(
        "choice",
        "类别",
        "Kind",
        list_name="draft_kinds",
        example="广告初稿",
        example_en="Advertisement",
        also="类别、文稿类别、文稿类型、kind、type",
    )
    title: Series[str] = column(
        "text",
        "标题",
        "Title",
        width=24,
        example="夏季海报",
        example_en="Summer poster",
        also="标题、文稿名称、主题、title、name",
    )
    state: Series[str] = column(
        "choice",
        "状态",
        "State",
        choices=STATES,
        width=14,
        example="已呈主管",
        example_en="With the superior",
        also="状态、进展、state、status",
    )
    shown_superior_on: Series[pd.Timestamp] = column(
        "day",
        "呈主管日期",
        "Shown to superior on",
        required=False,
        width=13,
        example="2024-06-07",
        also="呈主管日期、送审日期、shown to superior",
    )
    shown_customer_on: Series[pd.Timestamp] = column(
        "day",
        "向客户介绍日期",
        "Shown to customer on",
        required=False,
        width=14,
        also="向客户介绍日期、提案日期、介绍日期、shown to customer、presented on",
    )
    decided_on: Series[pd.Timestamp] = column(
        "day",
        "决定日期",
        "Decided on",
        required=False,
        help_zh="状态为通过或退改的必填",
        help_en="required once accepted or to be revised",
        also="决定日期、客户答复日期、decided on",
    )
    feedback: Series[str] = column(
        "text",
        "客户意见",
        "Feedback",
        required=False,
        width=26,
        also="客户意见、修改意见、反馈、feedback、comment",
    )
