"""A power bureau small enough to be worked out by hand: three managers in two county bureaus, four customers, January
to May 2024.

W1 is escalated in February and again in March; W2 and W3 repeat it. W2 is followed up the month after its close. P1,
the leader, fills in the review of P2's need N1 by its number alone, and for N2 a day before its review. P3 sends
nothing for April.
"""

import io

import pandas as pd
from case_home import table_of

SETTINGS = """
organisation = "甲供电"
language = "{language}"

[profile]
name = "power"
least_count = 1
"""
BOOKS = ("2024-01", "2024-02", "2024-04", "2024-05")  # the months whose workbooks are read, and the last
_TABLES = {
    "regions": """
region_id,region_name,regional_manager,email
A,甲局,赵,a@example.org
B,乙局,钱,b@example.org
""",
    "stations": """
station_id,region_id,name,pilot_from
T1,A,甲所,
T2,B,乙所,
""",
    "managers": """
manager_id,manager_name,region_id,role,station_id,leader_id,started_on,left_on
P1,孙一,A,一类客户经理,T1,,2020-01-01,
P2,李二,A,三类客户经理,T1,P1,2020-01-01,
P3,周三,B,二类客户经理,T2,,2020-01-01,
""",
    "engineers": """
engineer_id,name,department,level
E1,赵工,计量部,市局
E2,钱工,配电部,县区局
""",
    "customers": """
customer_id,customer_name,manager_id,grade,channel,users,status,joined_on,left_on
X,一号厂,P1,一类,大客户,,正常,2015-01-01,
Y,二社区,P2,三类,社区居民,1500,正常,2015-01-01,
Z,三村,P3,二类,农村,300,正常,2015-01-01,
V,四冷库,P3,二类,重点关注,,正常,2015-01-01,
""",
    "sales": """
manager_id,month,order_date,customer_id,product_id,sold_qty,amount
P1,2024-01,2024-01-31,X,大工业,100000,66000.00
P2,2024-01,2024-01-31,Y,居民,200000,112000.00
P3,2024-01,2024-01-31,Z,农业,10000,4700.00
P3,2024-01,2024-01-31,V,一般工商业,5000,4100.00
P1,2024-02,2024-02-29,X,大工业,60000,39600.00
P2,2024-02,2024-02-29,Y,居民,180000,100800.00
P3,2024-02,2024-02-29,Z,农业,8000,3760.00
P1,2024-03,2024-03-31,X,大工业,110000,72600.00
P1,2024-03,2024-03-31,X,一般工商业,2000,1640.00
P2,2024-03,2024-03-31,Y,居民,170000,95200.00
P3,2024-03,2024-03-31,V,一般工商业,6000,4920.00
P1,2024-04,2024-04-30,X,大工业,120000,79200.00
P2,2024-04,2024-04-30,Y,居民,165000,92400.00
P2,2024-04,2024-04-15,Y,居民,-5000,-2800.00
P1,2024-05,2024-05-31,X,大工业,125000,82500.00
P2,2024-05,2024-05-31,Y,居民,175000,98000.00
P3,2024-05,2024-05-31,Z,农业,14000,6580.00
""",
    "needs": """
manager_id,month,need_no,raised_on,customer_id,topic,description,reviewed_on,reported_on,published_on,department,received_on,done_on,refused_on,prevention
P2,2024-01,N1,2024-01-29,Y,停电通知,提前通知,,,,,,,,
P1,2024-02,N1,,,,,2024-02-19,,,,,,,
P2,2024-03,N1,2024-01-29,Y,停电通知,提前通知,,2024-03-04,2024-03-08,计量部,2024-03-11,,,
P3,2024-03,N2,2024-03-20,Z,技术指导,灌溉,2024-03-22,,,,,,,
P2,2024-04,N1,2024-01-29,Y,停电通知,提前通知,,2024-03-04,2024-03-08,计量部,2024-03-11,2024-04-10,,建群
P3,2024-05,N2,2024-03-20,Z,技术指导,灌溉,2024-03-22,,,,,,2024-05-07,
P1,2024-05,N3,2024-05-06,X,增容改造,扩建,,,,,,,,
P1,2024-05,N2,,,,,,2024-03-21,,,,,,
""",
    "complaints": """
manager_id,month,complaint_no,received_on,customer_id,category,description,engineer_id,dispatched_on,escalation,escalated_on,first_handling,supervision,department,resolved_on,follow_up_on,satisfied,department_rating
P2,2024-01,W1,2024-01-10,Y,投诉,抄表差错,E1,2024-01-10,0,,,,,,,,
P1,2024-02,W4,2024-02-09,X,故障报修,跳闸,E2,2024-02-10,0,,,,,2024-02-18,2024-02-20,是,4
P2,2024-02,W1,2024-01-10,Y,投诉,抄表差错,E1,2024-01-10,1,2024-02-02,已核对,限期退补,,,,,
P2,2024-03,W1,2024-01-10,Y,投诉,抄表差错,E1,2024-01-10,2,2024-03-05,已核对,限期退补,,,,,
P3,2024-03,W5,2024-03-12,Z,业务咨询,电价,E2,2024-03-12,0,,,,,2024-03-13,2024-03-15,是,5
P2,2024-04,W1,2024-01-10,Y,投诉,抄表差错,E1,2024-01-10,2,2024-03-05,已核对,限期退补,,2024-04-02,2024-04-08,否,2
P2,2024-04,W2,2024-04-20,Y,投诉,抄表差错,E1,2024-04-20,0,,,,,2024-04-25,,,
P2,2024-05,W2,2024-04-20,Y,投诉,抄表差错,E1,2024-04-20,0,,,,,2024-04-25,2024-05-06,是,4
P2,2024-05,W3,2024-05-08,Y,投诉,抄表差错,E1,2024-05-08,0,,,,,,,,
P3,2024-05,W6,2024-05-20,V,投诉,电压低,E1,2024-05-20,0,,,,配电部,2024-05-24,,,
""",
    "visits": """
manager_id,month,visit_date,customer_id,purpose
P1,2024-01,2024-01-15,X,用电检查
P2,2024-05,2024-05-14,Y,诉求收集
P3,2024-05,2024-05-15,Z,技术指导
""",
    "satisfaction": """
manager_id,month,surveyed_on,customer_id,method,supply,manager_service,complaint_handling
P2,2024-03,2024-03-14,Y,电话,8,8,8
P2,2024-03,2024-03-14,Y,电话,8,8,8
P2,2024-03,2024-03-14,Y,电话,5,5,5
""",
}


def small_tables() -> dict[str, pd.DataFrame]:
    """Its rows, a table a form."""
    return {form: table_of(io.StringIO(text.lstrip())) for form, text in _TABLES.items()}
