"""Monthly form: prospects 商业门店摸排. One row is a place surveyed, as it stands at the month's end.

A prospect stays open over months, until it signs or is given up: the newest row for its number wins.
"""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import Case, Context, Rule, Traits, form
from schemas.rules import filled_if, in_order
from schemas.synonyms import DAYS

SIGNED, GIVEN_UP = "signed", "given_up"
STATES = (
    Choice("surveyed", "摸排", "Surveyed"),
    Choice("filed", "建档", "On file"),
    Choice("interested", "意向", "Interested"),
    Choice(SIGNED, "签约", "Signed"),
    Choice(GIVEN_UP, "放弃", "Given up"),
)
ON_FILE = ("filed", "interested", SIGNED)
WAYS = (Choice("new", "新装", "New connection"), Choice("rented", "租赁", "Rented connection"))


def _surveyed_by_month_end(rows: pd.DataFrame, context: Context) -> pd.Series:
    return rows["surveyed_on"].isna() | (rows["surveyed_on"] <= context.month_end)


def _signed_by_month_end(rows: pd.DataFrame, context: Context) -> pd.Series:
    return rows["signed_on"].isna() | (rows["signed_on"] <= context.month_end)


def _day_only_if_signed(rows: pd.DataFrame, context: Context) -> pd.Series:
    """A row that lacks its state breaks another rule already."""
    return rows["signed_on"].isna() | rows["state"].isna() | (rows["state"] == SIGNED)


@form(
    "prospects",
    "商业门店摸排",
    "Prospects",
    place=3,
    traits=Traits(
        case=Case(
            "prospect_no", "surveyed_on", "signed_on", ("surveyed_on", "name"), closed_by=("state", GIVEN_UP)
        )
    ),
    same=("prospect_no",),
    rules=(
        Rule(
            "surveyed_by_month_end",
            "surveyed_on",
            "摸排日期不得晚于报告月份",
            "a day not after the reporting month",
            _surveyed_by_month_end,
        ),
        filled_if(
            "signed_on",
            "state",
            lambda state: state == SIGNED,
            "状态为签约的须填写签约日期",
            "the day it signed, as its state is signed",
        ),
        Rule(
            "signed_state",
            "signed_on",
            "填了签约日期的，状态须为签约；尚未签约的请删去日期",
            "the state signed, as the day is given; leave the day empty while it has not signed",
            _day_only_if_signed,
            reads=("state",),
        ),
        Rule(
            "signed_by_month_end",
            "signed_on",
            "签约日期不得晚于报告月份",
            "a day not after the reporting month",
            _signed_by_month_end,
        ),
        in_order("surveyed_on", "signed_on", "签约日期不得早于摸排日期", "a day not before the survey"),
    ),
    help_zh="每行一户；编号终身唯一，未签约、未放弃的下月继续填报最新进展。",
    help_en="One row a place; numbers are unique for ever; those neither signed nor given up are reported again next "
    "month.",
)
class Prospects(pa.DataFrameModel):
    """One row per place surveyed, as it stands at the month's end."""

    prospect_no: Series[str] = column(
        "id", "编号", "Number", width=16, example="MP202406001", also="编号、摸排编号、序号、prospect no、no"
    )
    surveyed_on: Series[pd.Timestamp] = column(
        "day",
        "摸排日期",
        "Surveyed on",
        in_month=True,
        example="2024-06-05",
        also=f"摸排日期、登记日期、surveyed on、{DAYS}",
    )
    name: Series[str] = column(
        "text",
        "名称",
        "Name",
        width=22,
        example="南门茶楼",
        example_en="South Gate Teahouse",
        also="名称、商户名称、门店名称、店名、name、shop name",
    )
    kind: Series[str] = column(
        "choice",
        "类别",
        "Kind",
        list_name="channels",
        example="餐饮",
        example_en="Catering",
        also="类别、商户类别、业态、kind、type",
    )
    address: Series[str] = column(
        "text",
        "地址",
        "Address",
        width=26,
        example="文一路1号",
        example_en="1 Wenyi Road",
        also="地址、门店地址、address",
    )
    rooms: Series[pd.Int64Dtype] = column(
        "whole",
        "房间数",
        "Rooms",
        required=False,
        unit="间",
        unit_en="rooms",
        least=0,
        example="12",
        also="房间数、客房数、rooms",
    )
    service_now: Series[str] = column(
        "choice",
        "现用服务",
        "Service now",
        required=False,
        list_name="services",
        example="无",
        example_en="None",
        also="现用服务、现用运营商、service now、current provider",
    )
    wants: Series[str] = column("text", "需求", "Wants", required=False, width=22, also="需求、意向、wants、needs")
    state: Series[str] = column(
        "choice",
        "状态",
        "State",
        choices=STATES,
        example="建档",
        example_en="On file",
        also="状态、跟进状态、state、status",
    )
    signed_on: Series[pd.Timestamp] = column(
        "day",
        "签约日期",
        "Signed on",
        required=False,
        help_zh="状态为签约的必填",
        help_en="required once signed",
        also="签约日期、signed on、contract date",
    )
    way: Series[str] = column(
        "choice",
        "入网方式",
        "Way",
        required=False,
        choices=WAYS,
        example="新装",
        example_en="New connection",
        also="入网方式、接入方式、way",
    )
