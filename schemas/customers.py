"""Master data: customers 客户档案. One row is a customer."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import form
from schemas.rules import in_order
from schemas.shared import customer_code
from schemas.synonyms import CUSTOMER_NAMES, MANAGER_CODES, STATES

STATUSES = (
    Choice("active", "正常", "Active"),
    Choice("paused", "停业", "Paused"),
    Choice("left", "<leave>", "Left"),
)
WEEKDAYS = (
    Choice("1", "星期一", "Monday"),
    Choice("2", "星期二", "Tuesday"),
    Choice("3", "星期三", "Wednesday"),
    Choice("4", "星期四", "Thursday"),
    Choice("5", "星期五", "Friday"),
    Choice("6", "星期六", "Saturday"),
    Choice("7", "星期日", "Sunday"),
)


@form(
    "customers",
    "客户档案",
    "Customers",
    kind="master",
    place=3,
    same=("customer_id",),
    rules=(in_order("joined_on", "left_on", "<leave>日期不得早于<join>日期", "a day not before joining"),),
    help_zh="每行一户；客户编码按文本填写，保留前导零（如许可证号）。",
    help_en="One row a customer; codes are text and keep their leading zeros.",
)
class Customers(pa.DataFrameModel):
    """One row per customer, with the manager who has it this month."""

    customer_id: Series[str] = customer_code(listed=False)
    customer_name: Series[str] = column(
        "text",
        "客户名称",
        "Customer name",
        width=22,
        example="便民烟酒店",
        example_en="Bianmin Shop",
        also=CUSTOMER_NAMES,
    )
    manager_id: Series[str] = column(
        "id", "客户经理编码", "Manager code", refers_to="managers", example="M001", also=MANAGER_CODES
    )
    kind: Series[str] = column(
        "choice",
        "客户类型",
        "Kind",
        required=False,
        if_named=True,
        list_name="customer_kinds",
        example="个人",
        example_en="Personal",
        also="客户类型、客户性质、kind、customer kind",
    )
    grade: Series[str] = column(
        "choice",
        "客户级别",
        "Grade",
        required=False,
        list_name="grades",
        example="一级",
        example_en="Grade 1",
        also="客户级别、客户等级、级别、等级、客户分类、客户类别、档位、grade、customer grade、class、level",
    )
    channel: Series[str] = column(
        "choice",
        "业态",
        "Channel",
        required=False,
        list_name="channels",
        example="便利店",
        example_en="Convenience store",
        also="业态、客户类型、经营业态、渠道、门店类型、细分、channel、business type、segment、customer type",
    )
    area: Series[str] = column(
        "choice",
        "市场类型",
        "Area",
        required=False,
        list_name="areas",
        example="城区",
        example_en="City",
        also="市场类型、区域类型、城乡、市场类别、area type、market",
    )
    target: Series[pd.BooleanDtype] = column(
        "flag",
        "目标客户",
        "Target customer",
        required=False,
        if_named=True,
        example="否",
        example_en="No",
        also="目标客户、是否目标客户、target customer",
    )
    potential: Series[pd.BooleanDtype] = column(
        "flag",
        "潜力客户",
        "Potential",
        required=False,
        if_named=True,
        example="否",
        example_en="No",
        also="潜力客户、有潜力、是否潜力客户、potential",
    )
    status: Series[str] = column(
        "choice", "状态", "Status", choices=STATUSES, example="正常", example_en="Active", also=STATES
    )
    joined_on: Series[pd.Timestamp] = column(
        "day",
        "<join>日期",
        "Joined on",
        required=False,
        example="2019-05-06",
        also=(
            "入网日期、开户日期、建档日期、注册日期、首次订货日期、joined on、since、opened on、first order、"
            "created"
        ),
    )
    left_on: Series[pd.Timestamp] = column(
        "day", "<leave>日期", "Left on", required=False, also="退网日期、销户日期、终止日期、left on、closed on"
    )
    users: Series[pd.Int64Dtype] = column(
        "whole",
        "用电户数",
        "Users",
        required=False,
        if_named=True,
        unit="户",
        unit_en="users",
        least=0,
        example="1",
        help_zh="社区等含多户的填用电户数；空白按1户计",
        help_en="a community has many; empty counts as one",
        also="用电户数、户数、users",
    )
    contact: Series[str] = column(
        "text",
        "联系人",
        "Contact",
        required=False,
        example="赵敏",
        example_en="Zhao Min",
        also="联系人、法人、经营者、店主、contact、contact person",
    )
    phone: Series[str] = column(
        "id",
        "电话",
        "Phone",
        required=False,
        width=14,
        example="05710000001",
        also="电话、联系电话、手机、手机号、联系方式、phone、telephone、mobile、tel",
    )
    address: Series[str] = column(
        "text",
        "地址",
        "Address",
        required=False,
        width=30,
        example="文一路1号",
        example_en="1 Wenyi Road",
        also="地址、经营地址、详细地址、住址、address、street",
    )
    visit_weekday: Series[str] = column(
        "choice",
        "访问日",
        "Visit day",
        required=False,
        choices=WEEKDAYS,
        example="星期二",
        example_en="Tuesday",
        help_zh="每周固定访问日；不填的排在客户经理走访最少的一天",
        help_en="the fixed weekday of visits; without one, the lightest day of the manager",
        also="访问日、拜访日、走访日、visit day、call day",
    )
    file_checked_on: Series[pd.Timestamp] = column(
        "day",
        "档案核对日期",
        "File looked over on",
        required=False,
        width=14,
        example="2024-03-12",
        help_zh="最近一次核对本户档案的日期",
        help_en="when the customer's file was looked over last",
        also="档案核对日期、档案更新日期、核对日期、file looked over on、file checked on",
    )
