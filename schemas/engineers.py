"""Master data: engineers 客服工程师. One row is an engineer of a department, whom the dispatch desk sends orders."""

import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import form

LEVELS = (
    Choice("city", "市局", "City bureau"),
    Choice("county", "县区局", "County bureau"),
)


@form(
    "engineers",
    "客服工程师",
    "Engineers",
    kind="master",
    place=4,
    same=("engineer_id",),
    help_zh="每行一名客服工程师；部门、层级决定工单由谁办理。",
    help_en="One row a customer service engineer, with department and level.",
)
class Engineers(pa.DataFrameModel):
    """One row per engineer."""

    engineer_id: Series[str] = column(
        "id",
        "工程师编码",
        "Engineer code",
        example="E01",
        also="工程师编码、工程师编号、客服工程师编码、engineer code、engineer id",
    )
    name: Series[str] = column(
        "text",
        "工程师姓名",
        "Engineer's name",
        width=12,
        example="赵工",
        example_en="Zhao",
        also="工程师姓名、客服工程师、姓名、engineer name、name",
    )
    department: Series[str] = column(
        "choice",
        "部门",
        "Department",
        list_name="departments",
        width=14,
        also="部门、所属部门、department",
    )
    level: Series[str] = column(
        "choice",
        "层级",
        "Level",
        required=False,
        choices=LEVELS,
        example="县区局",
        example_en="County bureau",
        also="层级、级别、level",
    )
