"""What the demo of an agency is made of: invented restaurants, furniture shops and schools, their advertisements, and a
story.

One manager's drafts go round four times before they are accepted, a large customer of another pays two months late, and
a third wins a pitch.
"""

from collections.abc import Mapping
from functools import partial

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo import faults
from pipeline.demo.sample import Sample
from pipeline.demo.trade import Trade
from pipeline.subjects.deals.demo_course import Business, Pitch, books
from pipeline.subjects.visits.demo_purposes import Purposes

PURPOSES = {"follow_up": 0.55, "needs": 0.3, "talks": 0.1, "draft": 0.05}

_retyped = partial(partial, faults.retyped)
SLIPS: Mapping[tuple[int, int], faults.Slip] = {
    (0, 0): _retyped(
        form="deals", column="expected_amount", typed=faults.about, kind="text in a number", effect="row left out",
        above=0,
    ),
    (0, 1): _retyped(
        form="visits", column="customer_id", typed=faults.unknown_customer, kind="unknown customer",
        effect="row left out",
    ),
    (0, 2): faults.late,
    (0, 3): _retyped(
        form="receipts", column="amount", typed=faults.separated, kind="thousands separator", effect="note", above=1000
    ),
    (1, 0): partial(faults.equal_row, form="visits"),
    (1, 1): _retyped(
        form="drafts", column="made_on", typed=faults.day_in_words, kind="date as text", effect="note"
    ),
    (1, 2): _retyped(
        form="drafts", column="round", typed=faults.full_width, kind="full-width digits", effect="note"
    ),
    (2, 1): faults.late,
    (2, 2): _retyped(
        form="contracts", column="amount", typed=faults.separated, kind="thousands separator", effect="note", above=1000
    ),
}  # fmt: skip

BUSINESS = Business(
    deals_a_month={"large": 0.42, "medium": 0.34, "small": 0.3},
    amount_yuan={"large": (40_000, 160_000), "medium": (12_000, 40_000), "small": (3_000, 12_000)},
    busy={1: 0.9, 2: 0.5, 5: 1.2, 6: 1.2, 9: 1.25, 10: 1.15, 11: 1.25},
    won=0.55,
    goes_round=1,
    rounds=4,
    pays_late=3,
    days_late=75,
    pitch=Pitch(0, 3, 380_000, ("全年整合传播方案", "A year's campaign")),
    titles={
        "paper": (
            ("合作函", "Letter of cooperation"),
            ("活动说明", "About the event"),
            ("授权书", "Authorisation"),
        ),
        "advertisement": (
            ("夏季海报", "Summer poster"),
            ("新品灯箱", "Light box for a new line"),
            ("店庆单页", "Anniversary leaflet"),
            ("公交车身广告", "Bus advertisement"),
            ("节日短视频", "Holiday video"),
        ),
        "quotation": (("店招报价", "Quotation for a shop sign"), ("全年投放报价", "Quotation for a year's media")),
        "plan": (
            ("开业方案", "Plan for the opening"),
            ("促销方案", "Plan for a promotion"),
            ("品牌升级方案", "Rebranding plan"),
        ),
    },
    feedback=(
        ("主题不够突出", "The message does not stand out"),
        ("颜色再亮一些", "Brighter colours, please"),
        ("价格超出预算", "Over the budget"),
        ("可以，按此制作", "Fine, make it so"),
        ("缺联系电话和地址", "Telephone and address are missing"),
    ),
    next_steps={
        "contact": (("约负责人见面", "Meet who decides"), ("送公司作品册", "Bring our portfolio")),
        "needs": (("填写需求单", "Write down the needs"), ("现场勘察", "Look at the site")),
        "quote": (("报终价", "Final quotation"), ("补充媒体报价", "Add the media costs")),
        "negotiation": (("请主管一同面谈", "Meet with our superior"), ("送合同文本", "Bring the contract")),
    },
)


def purposes_due(sample: Sample, month: Month) -> pd.Series:
    """For what customers are to be visited in a month, by customer_id: those to whom a draft is shown, and those in
    talks."""
    made = sample.once(books)
    start, end = pd.Timestamp(month.first_day), pd.Timestamp(month.last_day)
    shown = made.rounds[made.rounds["shown_customer_on"].between(start, end)]["customer_id"]
    open_now = (made.deals["opened_on"] <= end) & (made.deals["closed_on"] >= start)
    talks = made.deals[open_now]["customer_id"].dropna()
    found = pd.concat([pd.Series("draft", index=shown), pd.Series("talks", index=talks)])
    return found[~found.index.duplicated()]


TRADE = Trade(
    managers=6,
    customers=18,
    regions=(("客户一部", "Accounts One"), ("客户二部", "Accounts Two"), ("客户三部", "Accounts Three")),
    roles=("senior", "field"),
    customer_code="A{:03d}",
    joiners_a_month=0.015,
    leavers_a_month=0.006,
    paused_share=0.0,
    moves_between_regions=True,
    slips=SLIPS,
    material={"deals": BUSINESS, "visits": Purposes(PURPOSES, purposes_due)},
    grade_shares={"large": 0.18, "medium": 0.37, "small": 0.45},
    channel_shares={"food": 0.28, "home": 0.22, "housing": 0.1, "school": 0.16, "health": 0.14, "other": 0.1},
    shop_words={
        "food": (("酒楼", "Restaurant"), ("茶餐厅", "Tea House"), ("火锅店", "Hot Pot")),
        "home": (("家居", "Furniture"), ("建材城", "Building Market")),
        "housing": (("地产", "Property"), ("公寓", "Apartments")),
        "school": (("培训学校", "Training School"), ("幼儿园", "Kindergarten")),
        "health": (("口腔门诊", "Dental Clinic"), ("健身中心", "Fitness Centre")),
        "other": (("汽车服务", "Car Service"), ("摄影", "Photographers")),
    },
    complaint_shares={"design": 0.24, "making": 0.36, "late": 0.2, "billing": 0.12, "suggestion": 0.08},
    complaint_texts={
        "design": (
            (("文字有错", "A mistake in the text"), ("校对疏忽", "Not proof-read")),
            (("与确认稿不符", "Not as agreed"), ("版本混用", "An older version was used")),
        ),
        "making": (
            (("喷绘褪色", "The print fades"), ("油墨质量差", "Poor ink")),
            (("灯箱不亮", "The light box is dark"), ("电源损坏", "Power supply broken")),
        ),
        "late": (
            (("上画晚了三天", "Put up three days late"), ("排期冲突", "Booked twice")),
            (("印刷品未按时送到", "Leaflets came late"), ("制作延误", "Production was late")),
        ),
        "billing": ((("发票金额有误", "Wrong amount on the invoice"), ("对账差错", "Error in the accounts")),),
        "suggestion": (
            (("建议提供效果数据", "Asks for figures on the effect"), ("没有监测报告", "No monitoring report")),
        ),
    },
    departments={
        "design": "creative",
        "making": "production",
        "late": "media",
        "billing": "finance",
        "suggestion": "accounts",
    },
    market_info=(
        ("同行在压价", "Competitors cut prices"),
        ("准备开分店", "Is about to open a branch"),
        ("广告预算减少", "Spends less on advertising"),
        ("想试短视频", "Wants to try videos"),
    ),
    comments=(
        ("创意不错", "Good ideas"),
        ("改稿太慢", "Revisions take too long"),
        ("价格偏高", "Rather dear"),
        ("制作很精细", "Well made"),
        ("客户经理常来", "The account manager comes often"),
    ),
)
