"""A bank small enough to be worked out by hand: three managers in two branches, six customers, December to May.

C4 goes from Q1 to Q2 in January. Q2 sends nothing for February. C1's money moves away in February and is back in April;
C4's moves away in April. Q3 has no customers of its own but a share of C3, as has Q1 of the other branch; from May on
these shares come to 0.95.
"""

import io

import pandas as pd
from case_home import table_of

SETTINGS = """
organisation = "甲银行"
language = "{language}"

[profile]
name = "bank"
least_count = 1
"""
BOOKS = ("2024-02", "2024-05")  # the months whose workbooks are read, and the last
_FIRST = """
2023-12,C1,个人,1,否,否,Q1,正常,2015-01-01,
2023-12,C2,个人,2,否,是,Q1,正常,2019-01-31,
2023-12,C3,对公,1,否,否,Q2,正常,2016-01-01,
2023-12,C4,个人,1,否,否,Q1,正常,2021-02-01,
2023-12,C5,小微,3,否,否,Q2,正常,2018-01-01,
"""


def _later(month: str, c2: str = "2", c4: str = "1", new: bool = True) -> str:
    rows = f"""
{month},C1,个人,1,否,否,Q1,正常,2015-01-01,
{month},C2,个人,{c2},否,是,Q1,正常,2019-01-31,
{month},C3,对公,1,否,否,Q2,正常,2016-01-01,
{month},C4,个人,{c4},否,否,Q2,正常,2021-02-01,
{month},C5,小微,3,否,否,Q2,正常,2018-01-01,
"""
    return rows + (f"{month},C6,个人,3,是,否,Q1,正常,2024-02-10,\n" if new else "")


_TABLES = {
    "regions": """
region_id,region_name,regional_manager,email
A,甲支行,赵,a@example.org
B,乙支行,钱,b@example.org
""",
    "managers": """
manager_id,manager_name,region_id,role,started_on,left_on
Q1,孙一,A,零售,2020-01-01,
Q2,李二,B,对公,2020-01-01,
Q3,周三,B,风险经理,2020-01-01,
""",
    "customers": "valid_from,customer_id,kind,grade,target,potential,manager_id,status,joined_on,left_on"
    + _FIRST.rstrip()
    + _later("2024-01", new=False).rstrip()
    + _later("2024-02").rstrip()
    + _later("2024-03", c2="1").rstrip()
    + _later("2024-05", c2="1", c4="2"),
    "products": """
product_id,product_name,category,aum,wealth,pay_per_unit
D,活期,存款,是,否,0
W,稳健,理财,是,是,30
L,经营贷,贷款,否,否,100
S,结算,结算,否,否,5
""",
    "market": """
month,region_id,category,total
2024-01,A,存款,5000000.00
2024-01,B,存款,10000000.00
2024-01,B,贷款,2000000.00
""",
    "team": """
valid_from,customer_id,manager_id,share
2023-12,C3,Q2,0.5
2023-12,C3,Q3,0.25
2023-12,C3,Q1,0.25
2024-05,C3,Q2,0.5
2024-05,C3,Q3,0.25
2024-05,C3,Q1,0.2
""",
    "holdings": """
manager_id,month,customer_id,product_id,balance,average,income,cost,cards
Q1,2023-12,C1,D,400000,400000,400,100,1
Q1,2023-12,C2,D,50000,50000,50,10,1
Q1,2023-12,C4,D,150000,150000,150,30,2
Q2,2023-12,C3,D,1000000,1000000,800,300,
Q2,2023-12,C5,L,200000,200000,1000,400,
Q1,2024-01,C1,D,400000,400000,400,100,1
Q1,2024-01,C2,D,60000,60000,60,12,1
Q1,2024-01,C2,W,40000,40000,40,4,
Q2,2024-01,C3,D,900000,900000,100.01,0,
Q2,2024-01,C4,D,150000,150000,150,30,2
Q2,2024-01,C5,L,190000,195000,975,400,
Q2,2024-01,C5,S,0,0,30,5,
Q1,2024-02,C1,D,150000,150000,150,40,1
Q1,2024-02,C2,D,60000,60000,60,12,1
Q1,2024-02,C2,W,40000,40000,40,4,
Q1,2024-02,C6,D,20000,10000,10,2,1
Q1,2024-03,C1,D,180000,180000,180,40,1
Q1,2024-03,C2,D,60000,60000,60,12,1
Q1,2024-03,C2,W,40000,40000,40,4,
Q1,2024-03,C6,D,0,0,1,0,1
Q2,2024-03,C3,D,900000,900000,700,250,
Q2,2024-03,C4,D,160000,160000,160,30,2
Q2,2024-03,C5,L,180000,185000,925,380,
Q1,2024-04,C1,D,250000,250000,250,60,1
Q1,2024-04,C2,D,60000,60000,60,12,1
Q1,2024-04,C6,W,30000,30000,30,3,
Q2,2024-04,C3,D,900000,900000,700,250,
Q2,2024-04,C4,D,60000,70000,70,15,2
Q2,2024-04,C5,L,170000,175000,875,360,
Q1,2024-05,C1,D,250000,250000,250,60,1
Q1,2024-05,C2,D,60000,60000,60,12,1
Q1,2024-05,C6,W,30000,30000,30,3,
Q2,2024-05,C3,D,900000,900000,100.01,0,
Q2,2024-05,C4,D,60000,60000,60,15,2
Q2,2024-05,C5,L,160000,165000,825,340,
""",
    "sales": """
manager_id,month,order_date,customer_id,product_id,sold_qty,amount
Q1,2024-01,2024-01-15,C2,W,2,40000
Q1,2024-01,2024-01-20,C1,W,1,10000
Q1,2024-01,2024-01-25,C1,W,-1,-10000
Q2,2024-01,2024-01-18,C5,S,1,0
""",
    "visits": """
manager_id,month,visit_date,customer_id,purpose
Q1,2024-01,2024-01-09,C1,维护
Q1,2024-01,2024-01-10,C2,回访
Q1,2024-01,2024-01-11,C2,营销
Q1,2024-01,2024-01-12,C1,需求调研
Q3,2024-02,2024-02-05,C3,贷后
Q3,2024-01,2024-01-16,C3,贷后
Q3,2024-03,2024-03-05,C3,贷后
Q3,2024-04,2024-04-09,C3,贷后
Q3,2024-05,2024-05-09,C3,贷后
Q3,2023-12,2023-12-12,C3,贷后
""",
    "complaints": """
manager_id,month,complaint_no,received_on,customer_id,category,description,decision,decided_on,valid
Q1,2024-01,T1,2024-01-08,C1,服务态度,等候太久,同意,2024-01-10,是
Q1,2024-01,T2,2024-01-09,C2,收费争议,年费,不同意,2024-01-11,否
Q1,2024-01,T3,2024-01-29,C2,产品收益,收益低,,,
""",
}


def small_tables() -> dict[str, pd.DataFrame]:
    """Its rows, a table a form."""
    return {form: table_of(io.StringIO(text.lstrip())) for form, text in _TABLES.items()}
