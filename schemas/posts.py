"""Master data: posts 岗位. One row is who works at which outlet in which role."""

import pandera.pandas as pa
from pandas import BooleanDtype
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import form
from schemas.synonyms import MANAGER_CODES


@form(
    "posts",
    "岗位",
    "Posts",
    kind="master",
    same=("manager_id", "outlet_id", "role"),
    help_zh="每行一名客户经理在一个网点的岗位；兼职的填“否”。",
    help_en="One row a manager's post at an outlet; part-time posts say no.",
)
class Posts(pa.DataFrameModel):
    """One row per manager, outlet and role."""

    manager_id: Series[str] = column(
        "id", "客户经理编码", "Manager code", refers_to="managers", example="M001", also=MANAGER_CODES
    )
    outlet_id: Series[str] = column(
        "id",
        "网点编码",
        "Outlet code",
        refers_to="outlets",
        example="W01",
        also="网点编码、网点编号、机构号、机构编码、outlet code、outlet id",
    )
    role: Series[str] = column(
        "choice",
        "岗位",
        "Role",
        list_name="roles",
        example="零售",
        example_en="Retail",
        also="岗位、岗位类别、职务、role、position",
    )
    full_time: Series[BooleanDtype] = column(
        "flag", "专职", "Full-time", example="是", example_en="Yes", also="专职、全职、是否专职、full-time"
    )
