"""Office form: samples 抽查. One row is a case, a file, a follow-up that was looked at and scored; or, of an engineer,
what its own department gives it.

It is sent as master data are: a file holds the samples from its month on (a month's, or all so far).
"""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import Context, Rule, form
from schemas.synonyms import DAYS, MANAGER_CODES

OF_DEPARTMENT = "department"
KINDS = (
    Choice("order", "工单", "Work order"),
    Choice("file", "档案", "File"),
    Choice("follow_up", "满意度回访", "Satisfaction follow-up"),
    Choice(OF_DEPARTMENT, "部门考核", "Department's mark"),
)


def _fits_manager(rows: pd.DataFrame, context: Context) -> pd.Series:
    return rows["kind"].isna() | (rows["manager_id"].notna() == (rows["kind"] != OF_DEPARTMENT))


def _fits_engineer(rows: pd.DataFrame, context: Context) -> pd.Series:
    return rows["kind"].isna() | (rows["engineer_id"].notna() == (rows["kind"] == OF_DEPARTMENT))


def _from_its_month_on(rows: pd.DataFrame, context: Context) -> pd.Series:
    return rows["sampled_on"].isna() | (rows["sampled_on"] >= context.month_start)


@form(
    "samples",
    "抽查",
    "Samples",
    kind="master",
    place=8,
    same=("sampled_on", "manager_id", "engineer_id", "kind", "reference"),
    rules=(
        Rule(
            "whose_manager",
            "manager_id",
            "部门考核的对象是客服工程师，客户经理编码须留空；其他抽查须填写客户经理编码",
            "a manager; of a department's mark none, as it is of an engineer",
            _fits_manager,
            reads=("engineer_id", "kind"),
        ),
        Rule(
            "whose_engineer",
            "engineer_id",
            "部门考核须填写客服工程师编码；其他抽查的对象是客户经理，此处须留空",
            "an engineer, of a department's mark; of other samples none, as they are of a manager",
            _fits_engineer,
            reads=("manager_id", "kind"),
        ),
        Rule(
            "from_its_month_on",
            "sampled_on",
            "抽查日期早于本文件的生效月份：若那个月另有生效的抽查文件，本行不计入；请把文件的生效月份改为抽查日期所在的月份",
            "a day not before the month from which the file is valid: where another file of samples is valid in that "
            "month, this row is not counted; please make the file valid from the month of the sample",
            _from_its_month_on,
            effect="note",
        ),
    ),
    help_zh="每行一次抽查：工单、档案、满意度回访填客户经理；部门考核填客服工程师。可每月一份，也可列出生效月份以来的全部抽查。",
    help_en="One row a sample: of a work order, file or follow-up with its manager, of a department's mark with its "
    "engineer. A file may hold one month, or all samples since the month from which it is valid.",
)
class Samples(pa.DataFrameModel):
    """One row per sample."""

    sampled_on: Series[pd.Timestamp] = column(
        "day",
        "抽查日期",
        "Sampled on",
        example="2024-06-11",
        also=f"抽查日期、检查日期、考核日期、sampled on、checked on、{DAYS}",
    )
    manager_id: Series[str] = column(
        "id",
        "客户经理编码",
        "Manager code",
        required=False,
        refers_to="managers",
        example="M001",
        help_zh="部门考核留空",
        help_en="empty for a department's mark",
        also=MANAGER_CODES,
    )
    engineer_id: Series[str] = column(
        "id",
        "客服工程师编码",
        "Engineer code",
        required=False,
        refers_to="engineers",
        help_zh="只有部门考核填写",
        help_en="only for a department's mark",
        also="客服工程师编码、工程师编码、工程师、engineer id、engineer code、engineer",
    )
    kind: Series[str] = column(
        "choice",
        "抽查内容",
        "Kind",
        choices=KINDS,
        width=14,
        example="工单",
        example_en="Work order",
        also="抽查内容、抽查类别、抽查类型、类别、kind、type",
    )
    reference: Series[str] = column(
        "text",
        "抽查对象",
        "Reference",
        width=18,
        example="TS202406001",
        help_zh="工单号、客户编码、问卷号或考核名称",
        help_en="number of the order, customer, answer, or name of the appraisal",
        also="抽查对象、对象、编号、单号、reference、no",
    )
    score: Series[float] = column(
        "number",
        "得分",
        "Score",
        unit="分",
        unit_en="points",
        least=0,
        most=100,
        decimals=1,
        example="90",
        also="得分、分数、评分、成绩、score、points",
    )
    remark: Series[str] = column(
        "text", "备注", "Remark", required=False, width=26, also="备注、说明、remark、remarks、note"
    )
