"""Master data: customers 客户档案. One row is a customer."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import form
from schemas.rules import in_order

STATUSES = (
    Choice("active", "正常", "Active"),
    Choice("paused", "停业", "Paused"),
    Choice("left", "退网", "Left"),
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
    rules=(in_order("joined_on", "left_on", "退网日期不得早于入网日期", "a day not before joining"),),
    help_zh="每行一户；客户编码按文本填写，保留前导零（如许可证号）。",
    help_en="One row a customer; codes are text and keep their leading zeros.",
)
class Customers(pa.DataFrameModel):
    """One row per customer, with the manager who has it this month."""

    customer_id: Series[str] = column("id", "客户编码", "Customer code", width=16, example="330102100001")
    customer_name: Series[str] = column(
        "text", "客户名称", "Customer name", width=22, example="便民烟酒店", example_en="Bianmin Shop"
    )
    manager_id: Series[str] = column("id", "客户经理编码", "Manager code", refers_to="managers", example="M001")
    grade: Series[str] = column(
        "choice",
        "客户级别",
        "Grade",
        required=False,
        list_name="grades",
        example="一级",
        example_en="Grade 1",
    )
    channel: Series[str] = column(
        "choice",
        "业态",
        "Channel",
        required=False,
        list_name="channels",
        example="便利店",
        example_en="Convenience store",
    )
    area: Series[str] = column(
        "choice", "市场类型", "Area", required=False, list_name="areas", example="城区", example_en="City"
    )
    status: Series[str] = column("choice", "状态", "Status", choices=STATUSES, example="正常", example_en="Active")
    joined_on: Series[pd.Timestamp] = column("day", "入网日期", "Joined on", required=False, example="2019-05-06")
    left_on: Series[pd.Timestamp] = column("day", "退网日期", "Left on", required=False)
    contact: Series[str] = column(
        "text", "联系人", "Contact", required=False, example="赵敏", example_en="Zhao Min"
    )
    phone: Series[str] = column("id", "电话", "Phone", required=False, width=14, example="05710000001")
    address: Series[str] = column(
        "text", "地址", "Address", required=False, width=30, example="文一路1号", example_en="1 Wenyi Road"
    )
    visit_weekday: Series[str] = column(
        "choice",
        "访问日",
        "Visit day",
        required=False,
        choices=WEEKDAYS,
        example="星期二",
        example_en="Tuesday",
        help_zh="每周固定访问日；填写后才能计算计划完成率",
        help_en="the fixed weekday of visits; plan completion needs it",
    )
