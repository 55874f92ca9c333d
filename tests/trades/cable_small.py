"""A cable operator small enough to be worked out by hand: two managers in two areas, five group customers, December to
March.

H2 goes from K1 to K2 in January, and K1 reports it once more all the same; K2 sends nothing for February; K1 forgets H5
in February; H4's households fall by one in January without a movement.
"""

import io

import pandas as pd
from case_home import table_of

SETTINGS = """
organisation = "甲广电"
language = "{language}"

[profile]
name = "cable"
least_count = 1
"""
BOOKS = ("2023-12", "2024-01", "2024-03")  # the months whose workbooks are read, and the last
_TABLES = {
    "regions": """
region_id,region_name,regional_manager,email
A,甲片,赵,a@example.org
B,乙片,钱,b@example.org
""",
    "managers": """
manager_id,manager_name,region_id,role,started_on,left_on
K1,孙一,A,集团客户经理,2020-01-01,
K2,李二,B,集团客户经理,2020-01-01,
""",
    "customers": """
valid_from,customer_id,customer_name,manager_id,channel,status,joined_on,left_on
2023-12,H1,宾馆一,K1,宾馆,正常,2015-01-01,
2023-12,H2,商铺二,K1,商铺,正常,2015-01-01,
2023-12,H3,宾馆三,K2,宾馆,正常,2015-01-01,
2023-12,H4,单位四,K2,单位,正常,2015-01-01,
2024-01,H1,宾馆一,K1,宾馆,正常,2015-01-01,
2024-01,H2,商铺二,K2,商铺,正常,2015-01-01,
2024-01,H3,宾馆三,K2,宾馆,正常,2015-01-01,
2024-01,H4,单位四,K2,单位,正常,2015-01-01,
2024-01,H5,餐饮五,K1,餐饮,正常,2024-01-10,
2024-03,H1,宾馆一,K1,宾馆,正常,2015-01-01,
2024-03,H2,商铺二,K2,商铺,退网,2015-01-01,2024-03-15
2024-03,H3,宾馆三,K2,宾馆,正常,2015-01-01,
2024-03,H4,单位四,K2,单位,正常,2015-01-01,
2024-03,H5,餐饮五,K1,餐饮,正常,2024-01-10,
""",
    "subscriptions": """
manager_id,month,customer_id,households,active,penalty_stopped,paused,paid_programmes,fee_due,fee_paid,expires_on,stopped_since
K1,2023-12,H1,40,30,6,4,15,600.00,600.00,2024-02-20,2023-08-01
K1,2023-12,H2,10,10,0,0,5,200.00,200.00,2024-12-31,
K2,2023-12,H3,20,20,0,0,10,400.00,400.00,2024-01-31,
K2,2023-12,H4,30,24,2,4,12,480.00,480.00,,2023-11-01
K1,2024-01,H1,38,28,6,4,14,560.00,280.00,2024-02-20,2023-08-01
K1,2024-01,H2,10,10,0,0,5,200.00,200.00,2024-12-31,
K1,2024-01,H5,5,5,0,0,0,100.00,1200.00,2025-01-09,
K2,2024-01,H2,10,10,0,0,5,200.00,200.00,2024-12-31,
K2,2024-01,H3,20,17,0,3,9,340.00,0.00,2024-01-31,
K2,2024-01,H4,29,23,2,4,11,460.00,460.00,,2023-11-01
K1,2024-02,H1,30,26,0,4,13,520.00,520.00,2025-02-20,
K1,2024-03,H1,34,30,0,4,15,600.00,600.00,2025-02-20,
K1,2024-03,H5,5,5,0,0,1,100.00,0.00,2025-01-09,
K2,2024-03,H3,20,17,0,3,9,340.00,340.00,2024-12-31,
K2,2024-03,H4,29,23,2,4,11,460.00,460.00,,2023-11-01
""",
    "movements": """
manager_id,month,happened_on,customer_id,kind,from_state,households,lost_to,reason,brought_by
K1,2024-01,2024-01-12,H1,流失,正常,2,电信IPTV,价格,
K1,2024-01,2024-01-10,H5,新装,新,5,,,客户经理
K2,2024-01,2024-01-20,H3,报停,正常,3,,,
K1,2024-02,2024-02-05,H1,流失,罚停,6,云电视,服务,
K1,2024-02,2024-02-06,H1,流失,正常,2,电信IPTV,价格,
K1,2024-03,2024-03-08,H1,回流,已流失,4,,,
K2,2024-03,2024-03-15,H2,流失,正常,10,联通IPTV,搬迁,
""",
    "visits": """
manager_id,month,visit_date,customer_id,purpose
K1,2024-01,2024-01-09,H1,缴费
K2,2024-01,2024-01-16,H4,回访
""",
}


def small_tables() -> dict[str, pd.DataFrame]:
    """Its rows, a table a form."""
    return {form: table_of(io.StringIO(text.lstrip())) for form, text in _TABLES.items()}
