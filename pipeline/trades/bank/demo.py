"""What the demo of a bank is made of: invented customers of six branches, what they hold, and a story.

Another bank goes for the best customers of one branch, whose money moves away and whose grades fall; a new district
brings another one target customers; one manager sells more products than anybody and keeps the fewest customers.
"""

from collections.abc import Mapping
from functools import partial

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo import faults
from pipeline.demo.sample import Sample
from pipeline.demo.trade import Growing, Trade
from pipeline.subjects.holdings.demo_story import Bank, BankProduct
from pipeline.subjects.product_sales import demo as product_sales
from pipeline.subjects.visits.demo_purposes import Purposes

PURPOSES = {
    "maintain": 0.42, "follow_up": 0.16, "selling": 0.22, "needs": 0.1, "before_loan": 0.05, "after_loan": 0.05,
}  # fmt: skip
EAST, SOUTH, NEW_TOWN, HARBOUR, NORTH, OLD_TOWN = range(6)

_retyped = partial(partial, faults.retyped)
SLIPS: Mapping[tuple[int, int], faults.Slip] = {
    (0, 1): _retyped(
        form="holdings", column="balance", typed=faults.about, kind="text in a number", effect="row left out", above=0
    ),
    (0, 2): _retyped(
        form="visits", column="customer_id", typed=faults.unknown_customer, kind="unknown customer",
        effect="row left out",
    ),
    (0, 3): faults.late,
    (1, 0): _retyped(
        form="holdings", column="average", typed=faults.separated, kind="thousands separator", effect="note", above=1000
    ),
    (1, 1): _retyped(
        form="visits", column="visit_date", typed=faults.day_in_words, kind="date as text", effect="note"
    ),
    (1, 2): partial(faults.equal_row, form="holdings"),
    (2, 1): faults.late,
    (2, 2): _retyped(
        form="holdings", column="income", typed=faults.full_width, kind="full-width digits", effect="note", above=0
    ),
}  # fmt: skip

_EVERYBODY = {"personal": 0.92, "corporate": 0.85, "small": 0.8, "interbank": 0.6}
_PERSONAL = "personal"
BANK = Bank(
    products=(
        BankProduct(
            "D01", ("活期存款", "Current account"), "deposit", 0.020, 0.004, _EVERYBODY, 0.35, in_aum=True
        ),
        BankProduct(
            "D02",
            ("定期存款", "Time deposit"),
            "deposit",
            0.030,
            0.018,
            {_PERSONAL: 0.5, "corporate": 0.25},
            0.9,
            in_aum=True,
            pay_per_unit=8.0,
        ),
        BankProduct(
            "L01",
            ("稳健理财", "Steady wealth plan"),
            "wealth",
            0.008,
            0.001,
            {_PERSONAL: 0.32},
            1.0,
            in_aum=True,
            is_wealth=True,
            pay_per_unit=30.0,
        ),
        BankProduct(
            "F01",
            ("混合基金", "Mixed fund"),
            "fund",
            0.015,
            0.001,
            {_PERSONAL: 0.16},
            0.5,
            in_aum=True,
            is_wealth=True,
            pay_per_unit=40.0,
        ),
        BankProduct(
            "B01",
            ("储蓄国债", "Treasury bond"),
            "bond",
            0.005,
            0.001,
            {_PERSONAL: 0.08},
            0.6,
            in_aum=True,
            pay_per_unit=15.0,
        ),
        BankProduct(
            "I01",
            ("年金保险", "Annuity"),
            "insurance",
            0.03,
            0.004,
            {_PERSONAL: 0.1},
            0.25,
            in_aum=True,
            pay_per_unit=60.0,
        ),
        BankProduct(
            "X01",
            ("经营贷款", "Business loan"),
            "loan",
            0.058,
            0.028,
            {"small": 0.6, "corporate": 0.3},
            1.5,
            pay_per_unit=100.0,
        ),
        BankProduct(
            "X02", ("住房贷款", "Mortgage"), "loan", 0.042, 0.026, {_PERSONAL: 0.12}, 3.0, pay_per_unit=50.0
        ),
        BankProduct(
            "C01", ("信用卡", "Credit card"), "credit_card", 0.11, 0.05, {_PERSONAL: 0.3}, 0.03, pay_per_unit=20.0
        ),
        BankProduct(
            "Z01",
            ("对公结算", "Settlement"),
            "settlement",
            60.0,
            12.0,
            {"corporate": 0.7, "small": 0.5},
            0.0,
            pay_per_unit=5.0,
        ),
        BankProduct(
            "Z02",
            ("代发工资", "Payroll"),
            "collection",
            40.0,
            9.0,
            {"corporate": 0.4, "small": 0.15},
            0.0,
            pay_per_unit=10.0,
        ),
        BankProduct(
            "T01",
            ("第三方存管", "Third-party custody"),
            "custody",
            12.0,
            2.0,
            {_PERSONAL: 0.1},
            0.0,
            pay_per_unit=5.0,
        ),
    ),
    sizes={_PERSONAL: 90_000.0, "corporate": 900_000.0, "small": 250_000.0, "interbank": 3_000_000.0},
    grade_sizes={"1": 3.2, "2": 1.5, "3": 0.6},
    attacked=SOUTH,
    attacked_months=4,
    sells=0,
    roles=("retail", "credit", "wealth", "corporate", "lobby"),
    outlets=(("county", ("营业厅", "Main Hall")), ("sub_branch", ("商城二级支行", "Market Square"))),
)


def purposes_due(sample: Sample, month: Month) -> pd.Series:
    """For what customers are to be visited in a month, by customer_id: nobody for anything special."""
    return pd.Series(dtype="object")


TRADE = Trade(
    managers=18,
    customers=24,
    regions=(
        ("城东支行", "East"),
        ("城南支行", "South"),
        ("新城支行", "New Town"),
        ("港口支行", "Harbour"),
        ("城北支行", "North"),
        ("古城支行", "Old Town"),
    ),
    roles=("retail", "retail"),
    customer_code="K{:05d}",
    joiners_a_month=0.010,
    leavers_a_month=0.004,
    paused_share=0.01,
    moves_between_regions=True,
    growing=Growing(NEW_TOWN, 8, 0.6, ("新城大道", "New Town Avenue")),
    slips=SLIPS,
    material={"holdings": BANK, "sales": product_sales, "visits": Purposes(PURPOSES, purposes_due)},
    grade_shares={"1": 0.2, "2": 0.3, "3": 0.5},
    channel_shares={"personal": 0.72, "corporate": 0.12, "small": 0.14, "interbank": 0.02},
    shop_words={
        "personal": (("户", "Household"),),
        "corporate": (("机械有限公司", "Machinery Ltd"), ("贸易有限公司", "Trading Ltd"), ("药业", "Pharma")),
        "small": (("五金店", "Hardware"), ("服装厂", "Garments"), ("水产行", "Seafood")),
        "interbank": (("财务公司", "Finance Company"), ("农信社", "Credit Union")),
    },
    complaint_shares={"service": 0.3, "fee": 0.22, "product": 0.2, "channel": 0.18, "suggestion": 0.1},
    complaint_texts={
        "service": (
            (("柜台等候太久", "Waited too long at the counter"), ("窗口开得少", "Too few counters open")),
            (("电话没人接", "Nobody answers the telephone"), ("人手不足", "Short of staff")),
        ),
        "fee": (
            (("不知情被收年费", "An annual fee nobody told of"), ("告知不到位", "Not told well")),
            (("转账收费有误", "Wrong fee for a transfer"), ("系统参数错", "Wrong setting")),
        ),
        "product": (
            (
                ("理财收益低于介绍", "A wealth plan returned less than said"),
                ("风险提示不足", "Risks not explained"),
            ),
        ),
        "channel": (
            (("手机银行无法登录", "Mobile banking does not open"), ("版本升级", "An upgrade")),
            (("自助机吞卡", "A machine kept the card"), ("设备故障", "Machine out of order")),
        ),
        "suggestion": ((("建议增设自助机", "Asks for more machines"), ("排队时间长", "Long queues")),),
    },
    departments={
        "service": "operations",
        "fee": "operations",
        "product": "retail",
        "channel": "technology",
        "suggestion": "retail",
    },
    market_info=(
        ("他行上门推高息存款", "Another bank offers more for deposits"),
        ("准备购房", "Is about to buy a flat"),
        ("理财到期，等新产品", "A wealth plan falls due, waits for a new one"),
        ("企业扩产需要贷款", "Expands, needs a loan"),
        ("子女留学", "A child studies abroad"),
    ),
    comments=(
        ("客户经理很专业", "The account manager knows the business"),
        ("办理速度慢", "Handling is slow"),
        ("产品种类可以再多些", "More products, please"),
        ("网点环境整洁", "The outlet is tidy"),
        ("手机银行不好用", "Mobile banking is hard to use"),
    ),
)
