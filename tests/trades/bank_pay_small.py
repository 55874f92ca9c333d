"""A bank small enough to be worked out by hand: two branches, six managers, April to June, with pay.

B5 is a risk manager and sends nothing, ever. B6 leaves on 20 May. B4 sends no sales in June. Amounts of pay are odd on
purpose: they are looked for in every file that must not hold them. K1 is under the floor of its grade from May on, K4
of grade 3, which has none; K2 since before April.
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

[profile.pay.roles.credit]
unit = 51.37
deferred_share = 0.37
deferred_months = 36

[profile.pay_grades]
1 = 1501.13
2 = 1102.29
{more}
"""
MAIL = """
[mail]
sender = "yb@example.com"
to_managers = true
to_headquarters = ["hq@example.com"]
"""
_MONTHS = ("2024-04", "2024-05", "2024-06")
_HOLDINGS = """
B1,K1,D1,{k1}
B1,K2,D1,40000
B1,K3,L1,90000
B2,K4,D1,20000
B2,K4,X1,500000
B4,K5,D1,260000
B6,K6,D1,150000
"""
# Average AUM of K1 (grade 1, floor 200,000) month by month.
_K1 = {"2024-04": 230000, "2024-05": 190000, "2024-06": 180000}
_TABLES = {
    "regions": """
region_id,region_name,regional_manager,email
R1,温岭支行,甲,r1@example.com
R2,玉环支行,乙,r2@example.com
""",
    "managers": """
valid_from,manager_id,manager_name,region_id,role,email,started_on,left_on
2024-04,B1,林一,R1,零售,b1@example.com,2020-01-01,
2024-04,B2,陈二,R1,信贷,b2@example.com,2020-01-01,
2024-04,B3,黄三,R1,产品经理,b3@example.com,2023-03-01,
2024-04,B4,周四,R2,信贷,b4@example.com,2024-04-16,
2024-04,B5,吴五,R2,风险经理,b5@example.com,2020-01-01,
2024-04,B6,郑六,R2,信贷,b6@example.com,2020-01-01,2024-05-20
""",
    "customers": """
valid_from,customer_id,manager_id,kind,grade,target,potential,status,joined_on,left_on
2024-04,K1,B1,个人,1,否,否,正常,2018-06-30,
2024-04,K2,B1,个人,2,否,否,正常,2019-06-30,
2024-04,K3,B1,个人,3,否,是,正常,2022-01-15,
2024-04,K4,B2,个人,3,否,否,正常,2020-05-01,
2024-04,K5,B4,个人,1,否,否,正常,2021-03-01,
2024-04,K6,B6,个人,2,否,否,正常,2021-03-01,
""",
    "products": """
product_id,product_name,category,aum,wealth,pay_per_unit
D1,活期存款,存款,是,否,
L1,稳健理财,理财,是,是,31.17
X1,经营贷款,贷款,否,否,103.31
""",
    "sales": """
manager_id,month,order_date,customer_id,product_id,sold_qty,amount
B1,2024-04,2024-04-10,K3,L1,3,30000
B1,2024-05,2024-05-10,K3,L1,2,20000
B1,2024-05,2024-05-20,K3,L1,-1,-10000
B1,2024-06,2024-06-12,K1,L1,7,70000
B2,2024-04,2024-04-11,K4,X1,1,100000
B2,2024-05,2024-05-11,K4,X1,2,200000
B2,2024-06,2024-06-11,K4,X1,3,300000
B4,2024-04,2024-04-18,K5,L1,1,10000
B6,2024-04,2024-04-18,K6,L1,5,50000
""",
    "outlets": """
outlet_id,region_id,name,kind,near_market,corporate_business,credit,area_m2,prime_site,busy,large_customers
O1,R1,商城支行,二级支行,是,是,是,250,是,否,650
O2,R2,城西营业部,营业部,否,否,是,180,否,是,299
""",
    "posts": """
manager_id,outlet_id,role,full_time
B1,O1,零售,否
B2,O1,信贷,是
B3,O1,产品经理,是
B4,O2,信贷,是
B5,O2,风险经理,是
B6,O2,信贷,是
""",
    "pay_terms": """
manager_id,base,pay_grade,deferred_opening,deferred_months
B1,3157.77,1,,
B2,3263.19,2,5171.83,23
B3,3371.41,1,,
B4,3481.53,2,,
B5,3593.71,1,,
B6,3607.93,2,1231.47,7
""",
    "claw_backs": """
valid_from,claw_back_no,month,manager_id,amount,reason
2024-05,KH-01,2024-05,B2,317.23,丙午贷款形成不良
2024-06,KH-01,2024-05,B2,317.23,丙午贷款形成不良
2024-06,KH-02,2024-05,B6,219.61,补报的扣回
""",
}


def small_tables() -> dict[str, pd.DataFrame]:
    """Its rows, a table a form; claw-backs of April are none."""
    tables = {form: table_of(io.StringIO(text.lstrip())) for form, text in _TABLES.items()}
    return {**tables, "holdings": _holdings(), "visits": _visits()}


def _holdings() -> pd.DataFrame:
    rows = []
    for month in _MONTHS:
        for line in _HOLDINGS.format(k1=_K1[month]).split():
            manager, customer, product, balance = line.split(",")
            if manager == "B6" and month == "2024-06":
                continue
            rows.append((manager, month, customer, product, balance, balance, "100.00", "10.00", pd.NA))
    names = ["manager_id", "month", "customer_id", "product_id", "balance", "average", "income", "cost", "cards"]
    return pd.DataFrame(rows, columns=names, dtype="str")


def _visits() -> pd.DataFrame:
    """B1 makes five contacts a month, B2 three, B4 eleven."""
    rows = [
        (manager, month, f"{month}-{day:02d}", customer, "维护")
        for month in _MONTHS
        for manager, customer, count in (("B1", "K1", 5), ("B2", "K4", 3), ("B4", "K5", 11))
        for day in range(17, 17 + count)
    ]
    return pd.DataFrame(rows, columns=["manager_id", "month", "visit_date", "customer_id", "purpose"], dtype="str")
