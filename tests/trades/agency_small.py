"""An agency small enough to be worked out by hand: two managers in two teams, four customers, January to May.

W1 goes round three times and is accepted in April. Y goes from P1 to P2 in March. P2 sends nothing for April. Contract
H1 is paid in May, more than it comes to; H3 has no day; R9 is money for a contract that nobody knows. L3 is lost in
February and taken up again as L5.
"""

import io

import pandas as pd
from case_home import table_of

SETTINGS = """
organisation = "甲广告"
language = "{language}"

[profile]
name = "agency"
least_count = 1
"""
BOOKS = ("2024-02", "2024-03", "2024-05")  # the months whose workbooks are read, and the last
_TABLES = {
    "regions": """
region_id,region_name,regional_manager,email
A,甲部,赵,a@example.org
B,乙部,钱,b@example.org
""",
    "managers": """
manager_id,manager_name,region_id,role,started_on,left_on
P1,孙一,A,客户经理,2020-01-01,
P2,李二,B,客户经理,2020-01-01,
""",
    "customers": """
valid_from,customer_id,customer_name,manager_id,grade,channel,status,joined_on,left_on
2024-01,X,酒楼一,P1,大,餐饮,正常,2015-01-01,
2024-01,Y,家居二,P1,小,家居建材,正常,2015-01-01,
2024-01,Z,学校三,P2,小,教育培训,正常,2015-01-01,
2024-01,V,诊所四,P2,中,医疗健康,正常,2015-01-01,
2024-03,X,酒楼一,P1,大,餐饮,正常,2015-01-01,
2024-03,Y,家居二,P2,小,家居建材,正常,2015-01-01,
2024-03,Z,学校三,P2,小,教育培训,正常,2015-01-01,
2024-03,V,诊所四,P2,中,医疗健康,正常,2015-01-01,
""",
    "drafts": """
manager_id,month,draft_no,round,made_on,customer_id,kind,title,state,shown_superior_on,shown_customer_on,decided_on
P1,2024-01,W1,1,2024-01-10,X,广告初稿,海报,退改,2024-01-11,2024-01-15,2024-01-20
P2,2024-01,W2,1,2024-01-22,Z,方案,开业,已呈主管,2024-01-25,,
P1,2024-02,W1,2,2024-02-01,X,广告初稿,海报,退改,,2024-02-05,2024-02-09
P2,2024-02,W2,1,2024-01-22,Z,方案,开业,放弃,2024-01-25,,
P1,2024-02,W3,1,2024-02-20,Y,报价,店招,已向客户介绍,2024-02-21,2024-02-27,
P2,2024-03,W3,1,2024-02-20,Y,报价,店招,通过,2024-02-21,2024-02-27,2024-03-02
P1,2024-04,W1,3,2024-04-02,X,广告初稿,海报,通过,2024-04-03,2024-04-08,2024-04-10
P1,2024-04,W4,1,2024-04-20,X,文件,函,拟写,,,
P2,2024-05,W5,1,2024-05-06,V,方案,促销,通过,,2024-05-08,2024-05-09
""",
    "deals": """
manager_id,month,deal_no,opened_on,customer_id,prospect,stage,expected_amount,expected_on,next_step,closed_on
P1,2024-01,L1,2024-01-05,Y,,需求,8000.00,2024-03-10,报价,
P2,2024-01,L2,2024-01-08,,新茶馆,接触,,,,
P2,2024-01,L3,2024-01-09,Z,,报价,5000.00,2024-02-20,,
P1,2024-02,L4,2024-02-11,X,,谈判,60000.00,2024-03-20,,
P2,2024-02,L3,2024-01-09,Z,,失败,5000.00,,,2024-02-20
P1,2024-03,L4,2024-02-11,X,,签约,60000.00,,,2024-03-15
P2,2024-03,L5,2024-03-12,Z,,接触,4000.00,,,
P1,2024-05,L6,2024-05-03,X,,报价,20000.00,2024-06-30,,
""",
    "contracts": """
manager_id,month,contract_no,signed_on,customer_id,amount,due_on
P1,2024-01,H1,2024-01-12,X,10000.00,2024-02-15
P1,2024-02,H2,2024-02-14,Y,6000.00,2024-03-31
P2,2024-02,H3,2024-02-20,Z,3000.00,
P1,2024-03,H4,2024-03-15,X,60000.00,2024-05-31
""",
    "receipts": """
manager_id,month,received_on,contract_no,amount
P1,2024-02,2024-02-10,H1,4000.00
P2,2024-03,2024-03-20,H2,1000.00
P1,2024-05,2024-05-12,H1,6500.00
P2,2024-05,2024-05-20,R9,700.00
""",
    "visits": """
manager_id,month,visit_date,customer_id,purpose
P1,2024-01,2024-01-15,X,介绍初稿
P1,2024-02,2024-02-08,X,洽谈
P1,2024-03,2024-03-12,X,回访
P1,2024-04,2024-04-08,X,介绍初稿
P1,2024-05,2024-05-14,X,回访
P2,2024-01,2024-01-16,Z,需求
P2,2024-05,2024-05-15,V,介绍初稿
""",
}


def small_tables() -> dict[str, pd.DataFrame]:
    """Its rows, a table a form."""
    return {form: table_of(io.StringIO(text.lstrip())) for form, text in _TABLES.items()}
