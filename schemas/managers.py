"""Master data: account managers 客户经理. One row is a manager."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import Context, Rule, form
from schemas.rules import in_order
from schemas.synonyms import EMAILS, MANAGER_CODES, MANAGER_NAMES, REGION_CODES


def _led_by_one_of_the_list(rows: pd.DataFrame, context: Context) -> pd.Series:
    """The leader is another manager of the same region, and one of the list."""
    regions = rows.drop_duplicates("manager_id").set_index("manager_id")["region_id"]
    same = rows["leader_id"].map(regions) == rows["region_id"]
    return rows["leader_id"].isna() | (same & (rows["leader_id"] != rows["manager_id"])).fillna(False).astype(bool)


@form(
    "managers",
    "客户经理",
    "Managers",
    kind="master",
    place=2,
    same=("manager_id",),
    rules=(
        in_order("started_on", "left_on", "离岗日期不得早于上岗日期", "a day not before the first day"),
        Rule(
            "leader_of_region",
            "leader_id",
            "组长须是表中同一单位的另一名客户经理；本行已采用，请核实",
            "another manager of the list and of the same region; the row is kept, please check it",
            _led_by_one_of_the_list,
            effect="note",
            reads=("manager_id", "region_id"),
        ),
    ),
    help_zh="每行一名客户经理；一名客户经理当月只属于一个区域。",
    help_en="One row an account manager; a manager is in one region in a month.",
)
class Managers(pa.DataFrameModel):
    """One row per account manager."""

    manager_id: Series[str] = column("id", "客户经理编码", "Manager code", example="M001", also=MANAGER_CODES)
    manager_name: Series[str] = column(
        "text", "姓名", "Name", width=12, example="李明", example_en="Li Ming", also=MANAGER_NAMES
    )
    region_id: Series[str] = column(
        "id", "区域编码", "Region code", refers_to="regions", example="R01", also=REGION_CODES
    )
    role: Series[str] = column(
        "choice",
        "岗位类别",
        "Role",
        required=False,
        list_name="roles",
        width=14,
        example="客户经理",
        example_en="Account manager",
        also="岗位类别、岗位、职务、职位、role、title、position、job title",
    )
    station_id: Series[str] = column(
        "id",
        "供电所编码",
        "Station code",
        required=False,
        refers_to="stations",
        only_noted=True,
        if_named=True,
        example="S01",
        also="供电所编码、供电所编号、营业所编码、station code、station id",
    )
    leader_id: Series[str] = column(
        "id",
        "组长编码",
        "Leader's code",
        required=False,
        if_named=True,
        help_zh="所在组组长的客户经理编码；本人是组长的留空",
        help_en="the manager's code of the group's leader; empty for the leader",
        also="组长编码、组长、leader code、leader id",
    )
    email: Series[str] = column(
        "text", "邮箱", "E-mail", required=False, width=26, example="liming@example.com", also=EMAILS
    )
    started_on: Series[pd.Timestamp] = column(
        "day",
        "上岗日期",
        "Started on",
        required=False,
        example="2022-03-01",
        also="上岗日期、入职日期、到岗日期、started on、hired on、hire date、start date",
    )
    left_on: Series[pd.Timestamp] = column(
        "day",
        "离岗日期",
        "Left on",
        required=False,
        help_zh="在岗的留空",
        help_en="empty while in office",
        also="离岗日期、离职日期、left on、end date、termination date",
    )
