"""Monthly form: visits 客户访问记录. One row is a visit."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, Usual, column
from schemas.form import Context, Rule, Traits, form
from schemas.rules import filled_if, in_order
from schemas.shared import customer_code
from schemas.synonyms import DAYS, NOTES

VISIT_KINDS = (Choice("planned", "计划", "Planned"), Choice("special", "特殊", "Special"))
LAST_MINUTE = 24 * 60 - 1


def is_price_kept(price_ok: pd.Series, observed_price: pd.Series, lowest_guide_price: float) -> pd.Series:
    """Which visits found no price below the guide price: ticked so (or not answered), or a price seen that is at or
    above the lowest guide price of all products, as a visit does not say of which it is.

    Args:
        lowest_guide_price: yuan a carton; NaN where no product has one: then the tick alone tells.
    """
    kept = price_ok.fillna(True).astype(bool)
    return kept | (observed_price >= lowest_guide_price).fillna(False).astype(bool)


def _seen_below_the_guide_price(rows: pd.DataFrame, context: Context) -> pd.Series:
    products = context.masters.get("products")
    if products is None or "retail_price" not in products:
        return pd.Series(True, index=rows.index)
    kept = rows["price_ok"].fillna(True).astype(bool)
    return kept | ~is_price_kept(rows["price_ok"], rows["observed_price"], products["retail_price"].min())


def _price_offences(rows: pd.DataFrame, context: Context) -> pd.Series:
    """Which visits found a price below the guide price of their month, so that the customer may go a grade down."""
    if not {"price_ok", "observed_price"} <= set(rows.columns):
        return pd.Series(False, index=rows.index)
    products = context.masters.get("products")
    prices = (
        products["retail_price"]
        if products is not None and "retail_price" in products
        else pd.Series([float("nan")])
    )
    return ~is_price_kept(rows["price_ok"], rows["observed_price"], prices.min())


@form(
    "visits",
    "客户访问记录",
    "Visits",
    place=2,
    same=("visit_date", "customer_id", "arrived_at"),
    traits=Traits(proposes=_price_offences),
    rules=(
        filled_if(
            "special_reason",
            "visit_kind",
            lambda kind: kind == "special",
            "特殊访问须填写特殊原因",
            "the reason, as this is a special visit",
        ),
        filled_if(
            "observed_price",
            "price_ok",
            lambda price_ok: ~price_ok,
            "未执行零售指导价的须填写实际售价",
            "the price seen, as the guide price was not kept",
        ),
        in_order("arrived_at", "left_at", "离开时间须晚于到达时间", "a time after arrival", strictly=True),
        in_order(
            "happened_on",
            "visit_date",
            "访问日期不得早于特殊情况发生日",
            "a visit not before the day of the event",
        ),
        Rule(
            "price_below_guide",
            "observed_price",
            "执行零售指导价填“否”时，实际售价应低于指导价；所填价格不低于各品规中最低的指导价，不作违规，请核对",
            "a price below the guide price, as that was not kept; the one seen is not below the lowest guide price of "
            "all products, so it is no offence: please check",
            _seen_below_the_guide_price,
            effect="note",
            reads=("price_ok", "products.retail_price"),
        ),
    ),
    help_zh="每行一次走访（营销人员市场走访签到记录簿、特殊访问记录）。",
    help_en="One row a visit.",
)
class Visits(pa.DataFrameModel):
    """One row per visit."""

    visit_date: Series[pd.Timestamp] = column(
        "day",
        "访问日期",
        "Visit date",
        in_month=True,
        example="2024-06-04",
        also=f"访问日期、拜访日期、走访日期、巡店日期、拜访时间、走访时间、visit date、visited on、call date、{DAYS}",
    )
    customer_id: Series[str] = customer_code()
    visit_kind: Series[str] = column(
        "choice",
        "访问类型",
        "Visit kind",
        choices=VISIT_KINDS,
        example="计划",
        example_en="Planned",
        also="访问类型、拜访类型、走访类型、visit type、type of visit",
    )
    purpose: Series[str] = column(
        "choice",
        "访问目的",
        "Purpose",
        required=False,
        if_named=True,
        list_name="purposes",
        example="回访",
        example_en="Follow-up",
        also="访问目的、拜访目的、走访事由、拜访事由、purpose of visit",
    )
    special_reason: Series[str] = column("text", "特殊原因", "Special reason", required=False, width=18)
    arrived_at: Series[pd.Int64Dtype] = column(
        "clock",
        "到达时间",
        "Arrived at",
        required=False,
        least=0,
        most=LAST_MINUTE,
        example="09:10",
        also="到达时间、到店时间、开始时间、签到时间、arrival、check in、start time",
        usual=Usual(time="start"),
    )
    left_at: Series[pd.Int64Dtype] = column(
        "clock",
        "离开时间",
        "Left at",
        required=False,
        least=0,
        most=LAST_MINUTE,
        example="09:35",
        also="离开时间、离店时间、结束时间、签退时间、departure、check out、end time",
        usual=Usual(time="end"),
    )
    informed: Series[pd.BooleanDtype] = column(
        "flag",
        "传递信息",
        "Informed",
        example="是",
        example_en="Yes",
        also="传递信息、信息传递、是否传递信息、informed",
        usual=Usual("true"),
    )
    market_info: Series[str] = column(
        "text",
        "收集信息",
        "Market information",
        required=False,
        width=26,
        also="收集信息、市场信息、信息收集、market info",
    )
    stock_checked: Series[pd.BooleanDtype] = column(
        "flag",
        "核对库存",
        "Stock checked",
        example="是",
        example_en="Yes",
        also="核对库存、是否核对库存、库存盘点、stock checked",
        usual=Usual(filled="stock_qty"),
    )
    stock_qty: Series[pd.Int64Dtype] = column(
        "whole",
        "库存量",
        "Stock",
        required=False,
        unit="<unit>",
        unit_en="<many unit>",
        least=0,
        example="35",
        also="库存量、现有库存、店内库存、stock seen",
        last=True,
    )
    order_advice: Series[str] = column("text", "订货建议", "Order advice", required=False, width=22)
    display_ok: Series[pd.BooleanDtype] = column(
        "flag",
        "陈列达标",
        "Display up to standard",
        example="是",
        example_en="Yes",
        also="陈列达标、是否陈列达标、陈列合格、display ok",
        usual=Usual("true"),
    )
    price_tags_replaced: Series[pd.Int64Dtype] = column(
        "whole",
        "更换价签数",
        "Price tags replaced",
        required=False,
        least=0,
        unit="个",
        unit_en="tags",
        usual=Usual("0"),
    )
    price_ok: Series[pd.BooleanDtype] = column(
        "flag",
        "执行零售指导价",
        "Guide price kept",
        width=14,
        example="是",
        example_en="Yes",
        also="执行零售指导价、明码实价、是否明码标价、price ok",
        usual=Usual("true", unless="observed_price"),
    )
    observed_price: Series[float] = column(
        "money",
        "实际售价",
        "Price seen",
        required=False,
        unit="元/<unit>",
        unit_en="yuan/<unit>",
        least=0,
        decimals=2,
        also="实际售价、实际零售价、成交价、price seen",
        last=True,
    )
    happened_on: Series[pd.Timestamp] = column(
        "day",
        "特殊情况发生日",
        "Happened on",
        required=False,
        width=15,
        help_zh="特殊访问填写；一个工作日内到访为及时",
        help_en="of special visits; a visit within one working day is in time",
        also="特殊情况发生日、发生日期、发生日、happened on、date of event",
    )
    handling: Series[str] = column(
        "text",
        "处理情况",
        "Handling",
        required=False,
        width=22,
        help_zh="特殊访问填写",
        help_en="of special visits",
        also="处理情况、特殊情况处理、handling",
    )
    lawful: Series[pd.BooleanDtype] = column(
        "flag",
        "守法经营",
        "Lawful trading",
        example="是",
        example_en="Yes",
        also="守法经营、是否守法经营、lawful",
        usual=Usual("true"),
    )
    customer_signed: Series[pd.BooleanDtype] = column(
        "flag",
        "客户签字",
        "Customer signed",
        example="是",
        example_en="Yes",
        also="客户签字、是否签字、signed",
        usual=Usual("true"),
    )
    note: Series[str] = column("text", "备注", "Note", required=False, width=20, also=NOTES)
