"""Monthly form: training 培训. One row is a course that the manager took part in."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import form
from schemas.synonyms import DAYS

SUBJECTS = (
    Choice("marketing", "营销", "Marketing"),
    Choice("product", "产品", "Products"),
    Choice("rules", "制度", "Rules"),
    Choice("culture", "文化", "Culture"),
    Choice("other", "其他", "Other"),
)
KINDS = (
    Choice("classroom", "集中", "Classroom"),
    Choice("online", "网上", "Online"),
    Choice("external", "外部", "External"),
)


@form(
    "training",
    "培训",
    "Training",
    same=("held_on", "course"),
    help_zh="每行一次培训；考核未通过的不计学分。",
    help_en="One row a course; one not passed brings no credits.",
)
class Training(pa.DataFrameModel):
    """One row per course taken."""

    held_on: Series[pd.Timestamp] = column(
        "day",
        "培训日期",
        "Held on",
        in_month=True,
        example="2024-06-20",
        also=f"培训日期、held on、training date、{DAYS}",
    )
    course: Series[str] = column(
        "text",
        "课程",
        "Course",
        width=26,
        example="客户沟通技巧",
        example_en="Talking with customers",
        also="课程、课程名称、培训课程、course",
    )
    subject: Series[str] = column(
        "choice",
        "内容",
        "Subject",
        required=False,
        choices=SUBJECTS,
        example="营销",
        example_en="Marketing",
        also="内容、培训内容、subject",
    )
    kind: Series[str] = column(
        "choice",
        "形式",
        "Kind",
        choices=KINDS,
        example="集中",
        example_en="Classroom",
        also="形式、培训形式、kind",
    )
    credits: Series[float] = column(
        "number",
        "学分",
        "Credits",
        unit="分",
        unit_en="points",
        least=0,
        decimals=1,
        example="4",
        also="学分、课时、credits、hours",
    )
    passed: Series[pd.BooleanDtype] = column(
        "flag", "考核通过", "Passed", required=False, example="是", example_en="Yes",
        help_zh="填“否”的不计学分", help_en="no credits where not passed",
        also="考核通过、是否合格、passed")  # fmt: skip
