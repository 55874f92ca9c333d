"""Master data: targets 指标任务. One row is a target for one entity, month and metric."""

import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import form
from schemas.synonyms import MANAGER_CODES, REGION_CODES

LEVEL_CHOICES = (
    Choice("organisation", "全公司", "Organisation"),
    Choice("region", "区域", "Region"),
    Choice("manager", "客户经理", "Manager"),
)


@form(
    "targets",
    "指标任务",
    "Targets",
    kind="master",
    place=5,
    same=("month", "level", "entity_id", "metric"),
    help_zh="每行一项指标任务；指标填指标口径表中的名称或代码（如 销量、销售额）。",
    help_en="One row a target; metric is a figure's name or key as in the glossary (Volume, Amount).",
)
class Targets(pa.DataFrameModel):
    """One row per month, level, entity and metric."""

    month: Series[str] = column(
        "month", "月份", "Month", example="2024-06", also="月份、月度、年月、期间、month、period"
    )
    level: Series[str] = column(
        "choice",
        "层级",
        "Level",
        choices=LEVEL_CHOICES,
        of_levels=True,
        example="客户经理",
        example_en="Manager",
        also="层级、级别、level",
    )
    entity_id: Series[str] = column(
        "id",
        "对象编码",
        "Entity code",
        example="M001",
        required=False,
        help_zh="区域编码或客户经理编码；全公司留空",
        help_en="region or manager code; empty for organisation",
        also=f"对象编码、考核对象、对象、{MANAGER_CODES}、{REGION_CODES}",
    )
    metric: Series[str] = column(
        "text",
        "指标",
        "Metric",
        example="销量",
        example_en="Volume",
        also="指标、指标名称、考核指标、项目、metric、measure、kpi",
    )
    target: Series[float] = column(
        "number",
        "目标值",
        "Target",
        decimals=2,
        example="12000",
        help_zh="单位与指标口径一致；率填百分数，如 95 表示 95%",
        help_en="in the unit of the glossary; rates in percent: 95 is 95 %",
        also=(
            "目标值、目标、任务、任务数、任务量、计划、计划数、指标值、target、target value、quota、budget、"
            "goal、target thousand"
        ),
    )
