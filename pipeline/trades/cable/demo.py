"""What the demo of the cable operator is made of: invented hotels, offices and shops, their households, and a story.

A competitor goes for the hotels of one area, a new district is being built in another, the customers of some kinds
pause in their low season, arrears pile up before they are collected, and one manager surveys nothing.
"""

from collections.abc import Mapping
from functools import partial

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo import faults
from pipeline.demo.sample import Sample
from pipeline.demo.trade import Growing, Trade
from pipeline.subjects.prospects.demo import Places
from pipeline.subjects.subscriptions.demo import books
from pipeline.subjects.subscriptions.demo_course import attacked_in
from pipeline.subjects.subscriptions.demo_story import Campaign, Households
from pipeline.subjects.visits.demo_purposes import Purposes

DAYS_AHEAD = 60
PURPOSES = {
    "follow_up": 0.42, "selling": 0.2, "new_service": 0.18, "rebuilding": 0.08, "survey": 0.06, "collect": 0.06,
}  # fmt: skip
NORTH_EAST, SOUTH_EAST, NORTH_WEST, SOUTH_WEST = range(4)

_retyped = partial(partial, faults.retyped)
SLIPS: Mapping[tuple[int, int], faults.Slip] = {
    (0, 0): partial(faults.row_forgotten, form="movements", effect="unexplained"),
    (0, 1): _retyped(
        form="subscriptions", column="fee_paid", typed=faults.about, kind="text in a number", effect="row left out",
        above=0,
    ),
    (0, 2): _retyped(
        form="visits", column="customer_id", typed=faults.unknown_customer, kind="unknown customer",
        effect="row left out",
    ),
    (0, 3): faults.late,
    (1, 0): _retyped(
        form="movements", column="households", typed=faults.full_width, kind="full-width digits", effect="note"
    ),
    (1, 1): _retyped(
        form="visits", column="visit_date", typed=faults.day_in_words, kind="date as text", effect="note"
    ),
    (1, 2): _retyped(
        form="subscriptions", column="fee_due", typed=faults.separated, kind="thousands separator", effect="note",
        above=1000,
    ),
    (1, 3): partial(faults.row_forgotten, form="movements", effect="unexplained"),
    (2, 1): partial(faults.equal_row, form="movements"),
    (2, 2): faults.late,
}  # fmt: skip

HOUSEHOLDS = Households(
    sizes={"hotel": 44, "guesthouse": 24, "restaurant": 9, "shop": 7, "office": 34, "other": 14},
    fee_yuan={"hotel": 20.0, "guesthouse": 20.0, "restaurant": 24.0, "shop": 26.0, "office": 18.0, "other": 22.0},
    low_seasons={"hotel": (11, 12), "guesthouse": (11, 12), "restaurant": (1,), "office": (7,)},
    collections=(6, 12),
    competitors={"telecom_iptv": 0.5, "unicom_iptv": 0.2, "cloud_tv": 0.2, "mobile": 0.06, "other": 0.04},
    reasons={"price": 0.4, "moved": 0.12, "closed": 0.14, "service": 0.12, "phone": 0.14, "other": 0.08},
    campaign=Campaign(SOUTH_WEST, ("hotel", "guesthouse"), 4, 0.07, "telecom_iptv", "price"),
)

PLACES = Places(
    services={"none": 0.3, "ours": 0.12, "telecom": 0.34, "unicom": 0.14, "other": 0.1},
    wants=(
        ("电视", "Television"),
        ("电视加宽带", "Television and broadband"),
        ("价格要低于IPTV", "A lower price than IPTV"),
        ("需要电话", "Needs a telephone"),
        ("点播影片", "Films on demand"),
    ),
    rooms={"hotel": 80, "guesthouse": 40, "restaurant": 16, "shop": 8, "office": 60, "other": 20},
)


def purposes_due(sample: Sample, month: Month) -> pd.Series:
    """For what customers are to be visited in a month, by customer_id: those who may be lost to a campaign, and those
    who have paid until a day that comes soon."""
    organisation = sample.organisation
    customers = organisation.customers["customer_id"]
    attacked = customers[attacked_in(organisation, month)]
    before = sample.once(books).states
    before = before[before["month"] == organisation.number(month) - 1]
    first = pd.Timestamp(month.first_day)
    soon = before["expires_on"].between(first, first + pd.Timedelta(days=DAYS_AHEAD - 1))
    due = pd.Series("collect", index=before.loc[soon, "customer_id"], dtype="object")
    return pd.concat([pd.Series("retain", index=attacked), due[~due.index.isin(attacked)]])


TRADE = Trade(
    managers=4,
    customers=33,
    regions=(
        ("东北片", "North-east"),
        ("东南片", "South-east"),
        ("西北片", "North-west"),
        ("西南片", "South-west"),
    ),
    roles=("field", "group"),
    customer_code="J{:03d}",
    joiners_a_month=0.014,
    leavers_a_month=0.007,
    paused_share=0.0,
    moves_between_regions=True,
    growing=Growing(SOUTH_EAST, 8, 0.8, ("新城大道", "New Town Avenue")),
    slips=SLIPS,
    material={"subscriptions": HOUSEHOLDS, "prospects": PLACES, "visits": Purposes(PURPOSES, purposes_due)},
    channel_shares={
        "hotel": 0.26,
        "guesthouse": 0.16,
        "restaurant": 0.18,
        "shop": 0.16,
        "office": 0.20,
        "other": 0.04,
    },
    shop_words={
        "hotel": (("宾馆", "Hotel"), ("大酒店", "Grand Hotel")),
        "guesthouse": (("招待所", "Guesthouse"), ("旅社", "Inn")),
        "restaurant": (("酒楼", "Restaurant"), ("茶楼", "Teahouse"), ("餐厅", "Diner")),
        "shop": (("商行", "Trading"), ("洗浴中心", "Baths"), ("美发店", "Hairdresser")),
        "office": (("医院", "Hospital"), ("职工宿舍", "Staff Quarters"), ("学校", "School")),
        "other": (("活动中心", "Community Centre"), ("养老院", "Home for the Elderly")),
    },
    complaint_shares={"fault": 0.5, "service": 0.12, "billing": 0.16, "request": 0.14, "suggestion": 0.08},
    complaint_texts={
        "fault": (
            (("信号中断", "No signal"), ("线路老化", "Old cable")),
            (("部分频道马赛克", "Some channels break up"), ("放大器故障", "Amplifier out of order")),
            (("机顶盒不开机", "Set-top box does not start"), ("电源损坏", "Power supply broken")),
        ),
        "service": (
            (("维修没有按时上门", "The repair did not come on time"), ("派单延误", "Sent out late")),
            (("装机后未清理现场", "Left untidy after the installation"), ("人员疏忽", "Carelessness")),
        ),
        "billing": (
            (("停机期间仍计费", "Charged while stopped"), ("状态未及时更新", "State not updated in time")),
            (("重复扣费", "Charged twice"), ("对账差错", "Error in the accounts")),
        ),
        "request": (
            (
                ("希望增加宽带和电话", "Asks for broadband and telephone"),
                ("竞争对手捆绑营销", "Competitors sell both"),
            ),
            (("申请部分房间报停", "Asks to pause some rooms"), ("淡季客房空置", "Rooms empty in the low season")),
        ),
        "suggestion": (
            (("建议推出淡季优惠", "Suggests low-season prices"), ("经营压力大", "Business is slow")),
            (("建议更新点播片库", "Suggests newer films on demand"), ("内容更新慢", "Content is renewed slowly")),
        ),
    },
    departments={
        "fault": "maintenance",
        "service": "service",
        "billing": "billing",
        "request": "marketing",
        "suggestion": "marketing",
    },
    market_info=(
        ("电信上门推IPTV套餐", "Telecom offers IPTV packages door to door"),
        ("客房改造,准备换电视", "Rooms are refurbished, new sets to come"),
        ("附近新开一家宾馆", "A new hotel opened nearby"),
        ("入住率下降,要求降价", "Fewer guests, asks for a lower price"),
        ("希望电视宽带一起办", "Would take television and broadband together"),
    ),
    comments=(
        ("节目内容可以再丰富些", "More programmes, please"),
        ("维修很及时", "Repairs are quick"),
        ("价格比IPTV贵", "Dearer than IPTV"),
        ("希望淡季能打折", "A discount in the low season, please"),
        ("客户经理常来", "The account manager comes often"),
    ),
)
