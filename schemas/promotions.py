"""Monthly form: promotions 宣传促销品签收单. One row is what a customer was given of one thing, and signed for."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, Usual, column
from schemas.form import Context, Rule, form
from schemas.shared import customer_code
from schemas.synonyms import DAYS, PRODUCT_CODES

KINDS = (Choice("goods", "促销品", "Promotional goods"), Choice("material", "促销资料", "Printed matter"))


def is_admitted(grade: pd.Series, admitted: tuple[str, ...]) -> pd.Series:
    """Which customers a trade admits to promotions by their grade; all where it names no grades, or the customer's is
    not known."""
    return grade.isna() | grade.isin(admitted) | (not admitted)


def _of_an_admitted_grade(rows: pd.DataFrame, context: Context) -> pd.Series:
    if "customers" not in context.masters:
        return pd.Series(True, index=rows.index)
    grade = context.lookup("customers").values(rows["customer_id"], "grade")
    return is_admitted(grade, context.profile.promotion_grades)


@form(
    "promotions",
    "宣传促销品签收单",
    "Promotion receipts",
    same=("issued_on", "campaign_no", "customer_id", "product_id", "item"),
    rules=(
        Rule(
            "promotion_grade",
            "customer_id",
            "宣传促销只面向规定级别的客户（如三级及以上）；本行仍计入，请与品牌经理核对",
            "a customer of a grade that promotions are for (as grade 3 or better); the row counts, please settle it "
            "with the brand manager",
            _of_an_admitted_grade,
            effect="note",
            reads=("customers.grade",),
        ),
    ),
    help_zh="每行一户签收的一种宣传促销品；只发给品牌经理已确认的促销客户。",
    help_en="One row a thing that a customer signed for; only for customers whom the brand manager has confirmed.",
)
class Promotions(pa.DataFrameModel):
    """One row per thing issued to a customer."""

    issued_on: Series[pd.Timestamp] = column(
        "day",
        "发放日期",
        "Issued on",
        in_month=True,
        example="2024-06-05",
        also=f"发放日期、签收日期、issued on、{DAYS}",
    )
    campaign_no: Series[str] = column(
        "id",
        "活动编号",
        "Campaign",
        required=False,
        width=14,
        example="CX2406",
        also="活动编号、促销活动编号、活动、campaign no、campaign",
    )
    customer_id: Series[str] = customer_code()
    product_id: Series[str] = column(
        "id", "品规编码", "Product code", refers_to="products", width=14, example="P001", also=PRODUCT_CODES
    )
    item: Series[str] = column(
        "text",
        "宣传促销品",
        "Item",
        width=18,
        example="打火机",
        example_en="Lighter",
        also="宣传促销品、促销品、品名、物品、item",
    )
    kind: Series[str] = column(
        "choice",
        "种类",
        "Kind",
        required=False,
        choices=KINDS,
        usual=Usual("goods"),
        example="促销品",
        example_en="Promotional goods",
        also="种类、类别、kind、type",
    )
    quantity: Series[pd.Int64Dtype] = column(
        "whole",
        "数量",
        "Quantity",
        unit="件",
        unit_en="pieces",
        least=0,
        example="5",
        also="数量、发放数量、quantity、qty",
    )
    customer_signed: Series[pd.BooleanDtype] = column(
        "flag",
        "客户签收",
        "Customer signed",
        example="是",
        example_en="Yes",
        also="客户签收、是否签收、客户签字、签收、signed",
        usual=Usual("true"),
    )
