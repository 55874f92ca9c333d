"""Master data: pay_terms 薪酬标准. One row is what a manager's base and allowance rest on, for headquarters alone.

A new file replaces the one before from its month on. What the deferred account held before the first month that is
known of a manager is told once and read in that month alone.
"""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import Context, Rule, Traits, form
from schemas.synonyms import MANAGER_CODES


def _both_or_neither(rows: pd.DataFrame, context: Context) -> pd.Series:
    given = rows["deferred_opening"].fillna(0) > 0
    return ~given | rows["deferred_months"].notna()


@form(
    "pay_terms",
    "薪酬标准",
    "Pay terms",
    kind="master",
    traits=Traits(private=True),
    same=("manager_id",),
    rules=(
        Rule(
            "opening_has_months",
            "deferred_months",
            "有期初递延余额的须填剩余月数",
            "the months left, where there is a deferred balance at the start",
            _both_or_neither,
            reads=("deferred_opening",),
        ),
    ),
    help_zh="每行一名客户经理；仅总行使用，结果只在薪酬文件中。",
    help_en="One row a manager; for headquarters alone: what is made of it stands in the pay file only.",
)
class PayTerms(pa.DataFrameModel):
    """One row per manager."""

    manager_id: Series[str] = column(
        "id", "客户经理编码", "Manager code", refers_to="managers", example="M001", also=MANAGER_CODES
    )
    base: Series[float] = column(
        "money",
        "基本薪酬",
        "Base",
        unit="元/月",
        unit_en="yuan a month",
        least=0,
        decimals=2,
        example="3000.00",
        help_zh="整月数；不满月的按在岗日历天数折算",
        help_en="of a whole month; part months by calendar days in office",
        also="基本薪酬、基本工资、底薪、base、base pay",
    )
    pay_grade: Series[str] = column(
        "choice",
        "薪酬等级",
        "Pay grade",
        list_name="pay_grades",
        example="三级",
        example_en="Grade 3",
        also="薪酬等级、职级、等级、pay grade、grade",
    )
    deferred_opening: Series[float] = column(
        "money",
        "期初递延余额",
        "Deferred at the start",
        required=False,
        unit="元",
        unit_en="yuan",
        least=0,
        decimals=2,
        example="5000.00",
        help_zh="只在该客户经理的首月采用",
        help_en="read in the manager's first month alone",
        also="期初递延余额、递延余额、deferred at the start",
    )
    deferred_months: Series[pd.Int64Dtype] = column(
        "whole",
        "剩余兑付月数",
        "Months left",
        required=False,
        unit="月",
        unit_en="months",
        least=1,
        example="25",
        help_zh="期初余额从首月起分几个月兑付",
        help_en="over how many months it is released, from the first month on",
        also="剩余兑付月数、剩余月数、months left",
    )
