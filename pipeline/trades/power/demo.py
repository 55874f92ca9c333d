"""What the demo of a power bureau is made of: seven invented county bureaus, works, villages and communities, and a
story.

A dense industrial area is short of staff, a pilot in three stations works, one department is slow, and there was a
storm.
"""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo import faults
from pipeline.demo.chance import in_language
from pipeline.demo.people import Organisation
from pipeline.demo.sample import Sample
from pipeline.demo.trade import Trade
from pipeline.subjects.energy.demo_customers import Kind, Supply, clients
from pipeline.subjects.needs.demo import Wishes
from pipeline.subjects.orders.demo_desk import Desk, pilot_from, station_id, station_numbers
from pipeline.subjects.visits.demo_purposes import Purposes

INDUSTRIAL = 1  # the number of the dense industrial area, counted from 0
CLASSES = ("class1", "class2", "class3")
PURPOSES = {
    "needs": 0.3, "inspection": 0.22, "details": 0.16, "publicity": 0.12, "guidance": 0.1, "outage": 0.06,
    "service": 0.04,
}  # fmt: skip

_retyped = partial(partial, faults.retyped)
SLIPS: Mapping[tuple[int, int], faults.Slip] = {
    (0, 0): _retyped(
        form="sales", column="sold_qty", typed=faults.about, kind="text in a number", effect="row left out", above=0
    ),
    (0, 1): _retyped(
        form="visits", column="customer_id", typed=faults.unknown_customer, kind="unknown customer",
        effect="row left out",
    ),
    (0, 2): faults.late,
    (0, 3): _retyped(
        form="sales", column="amount", typed=faults.separated, kind="thousands separator", effect="note", above=1000
    ),
    (1, 0): partial(faults.equal_row, form="visits"),
    (1, 1): _retyped(form="needs", column="raised_on", typed=faults.day_in_words, kind="date as text", effect="note"),
    (1, 2): _retyped(
        form="sales", column="sold_qty", typed=faults.full_width, kind="full-width digits", effect="note"
    ),
    (2, 1): faults.late,
}  # fmt: skip

SUPPLY = Supply(
    kinds={
        "large": Kind(
            "1", (1, 1), {"large_industry": (300_000, 900_000), "commerce": (4_000, 12_000)},
            (("化工厂", "Chemical Works"), ("机械厂", "Machine Works"), ("纺织厂", "Textile Mill"),
             ("食品厂", "Food Factory")),
        ),
        "key": Kind(
            "1", (1, 1), {"commerce": (40_000, 160_000)},
            (("医院", "Hospital"), ("水厂", "Waterworks"), ("商场", "Department Store")),
        ),
        "watched": Kind(
            "2", (1, 1), {"commerce": (8_000, 40_000)},
            (("加油站", "Filling Station"), ("中学", "School"), ("冷库", "Cold Store")),
        ),
        "rural": Kind(
            "2", (120, 480), {"residential": (70, 120), "farming": (20, 60)}, (("村", "Village"), ("农场", "Farm"))
        ),
        "community": Kind(
            "3", (500, 2400), {"residential": (110, 190)}, (("社区", "Community"), ("花园小区", "Gardens"))
        ),
    },
    price_yuan={"large_industry": 0.66, "commerce": 0.82, "residential": 0.56, "farming": 0.47},
    season={
        "residential": {1: 1.25, 2: 1.15, 6: 1.1, 7: 1.45, 8: 1.5, 9: 1.1, 12: 1.2},
        "farming": {3: 1.2, 4: 1.5, 5: 1.6, 6: 1.7, 7: 1.5, 8: 1.3, 12: 0.7, 1: 0.6},
        "commerce": {7: 1.25, 8: 1.25, 1: 1.1},
        "large_industry": {1: 0.9, 2: 0.72},
    },
    growing=INDUSTRIAL,
    growth=0.012,
    stopped=2,
)  # fmt: skip

DESK = Desk(
    orders_a_month={"large": 0.35, "key": 0.3, "watched": 0.3, "rural": 0.6, "community": 0.9},
    shares={
        "complaint": 0.11, "report": 0.01, "opinion": 0.08, "suggestion": 0.04, "question": 0.26, "fault": 0.34,
        "application": 0.16,
    },
    departments={
        "complaint": "metering", "report": "marketing", "opinion": "service", "suggestion": "service",
        "question": "service", "fault": "distribution", "application": "marketing",
    },
    on_time={"metering": 0.66, "marketing": 0.94, "service": 0.96, "distribution": 0.93},
    engineers=(
        (("赵工", "Zhao"), "distribution"), (("钱工", "Qian"), "metering"), (("孙工", "Sun"), "marketing"),
        (("李工", "Li"), "service"), (("周工", "Zhou"), "distribution"), (("吴工", "Wu"), "metering"),
        (("郑工", "Zheng"), "marketing"), (("王工", "Wang"), "service"), (("冯工", "Feng"), "distribution"),
    ),
    stations=(
        ("平山", "Pingshan"), ("白沙", "Baisha"), ("东江", "Dongjiang"), ("新港", "Xingang"), ("石桥", "Shiqiao"),
        ("柳溪", "Liuxi"), ("云岭", "Yunling"), ("古城", "Gucheng"), ("青塘", "Qingtang"), ("双河", "Shuanghe"),
        ("长堤", "Changdi"), ("南坡", "Nanpo"), ("松岗", "Songgang"), ("北湾", "Beiwan"),
    ),
    stations_a_region=2,
    short=INDUSTRIAL,
    pilots=(0, 5, 8),
    pilot_months=8,
    storm=1,
    storm_orders=4.0,
)  # fmt: skip

WISHES = Wishes(
    a_customer=0.12,
    topics={
        "outage": 0.26, "guidance": 0.2, "inspection": 0.16, "publicity": 0.1, "capacity": 0.12, "billing": 0.12,
        "other": 0.04,
    },
    wanted={
        "outage": (("计划停电请提前通知", "Tell us of planned outages in advance"),
                   ("恢复供电时间请告知", "Tell us when supply is back")),
        "guidance": (("灌溉设备用电指导", "How to run irrigation safely"),
            ("无功补偿请派人指导", "Help with reactive power")),
        "inspection": (("老旧表箱请检查", "Please inspect old meter boxes"),
            ("配电房隐患排查", "Look for dangers in our substation")),
        "publicity": (("社区安全用电宣传", "Safety talk for the community"),),
        "capacity": (("增容到现场看一下", "Come and see about more capacity"),),
        "billing": (("分时电价怎么算", "How are tariffs by time worked out"),
            ("电费账单请寄到单位", "Send the bill to the office")),
        "other": (("更换门牌后更新地址", "Update our address"),),
    },
    departments={
        "outage": "dispatch", "guidance": "marketing", "inspection": "metering", "publicity": "service",
        "capacity": "distribution", "billing": "marketing", "other": "service",
    },
    prevention={
        "outage": ("建立通知群，停电前三天告知", "A group for notices, three days ahead"),
        "guidance": ("每季一次技术指导", "Guidance once a quarter"),
        "inspection": ("老旧表箱列入轮换计划", "Old boxes go on the replacement plan"),
        "publicity": ("每季进社区一次", "Visit each community once a quarter"),
        "capacity": ("提前摸排增容需求", "Ask early who needs more capacity"),
        "billing": ("账单附计费说明", "Explain prices on the bill"),
        "other": ("走访时核对信息", "Check details on visits"),
    },
    slow="metering",
    short=INDUSTRIAL,
)  # fmt: skip


def nothing_due(sample: Sample, month: Month) -> pd.Series:
    """Nobody calls for a visit for anything but the usual purposes."""
    return pd.Series(dtype="object")


def masters_of_power(organisation: Organisation, made: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """A month's master data with what only a power bureau has: stations, engineers, the managers' classes and leaders,
    the customers' classes and users."""
    stations = station_numbers(organisation)
    managers, known = made["managers"], clients(organisation)
    place = managers.groupby("region_id").cumcount()
    leaders = managers.groupby("region_id")["manager_id"].transform("first")
    managers = managers.assign(
        role=[CLASSES[one % len(CLASSES)] for one in place],
        station_id=[station_id(int(one)) for one in managers["manager_id"].map(stations)],
        leader_id=leaders.where(leaders != managers["manager_id"]),
    )
    customers = made["customers"]
    told = known.reindex(customers["customer_id"])
    customers = customers.assign(
        **{name: told[name].to_numpy() for name in ("grade", "channel", "customer_name")},
        users=pd.array(told["users"].to_numpy(dtype="float64"), dtype="Int64"),
    )
    return {**made, "managers": managers, "customers": customers, "stations": _stations(organisation, stations),
            "engineers": _engineers(organisation)}  # fmt: skip


def _stations(organisation: Organisation, stations: pd.Series) -> pd.DataFrame:
    numbers = sorted(set(stations))
    regions = {int(number): organisation.region_of[str(manager)] for manager, number in stations.items()}
    since = [pilot_from(organisation, int(one)) for one in numbers]
    names = [in_language(DESK.stations[int(one) % len(DESK.stations)], organisation.language) for one in numbers]
    kind = in_language(("供电所", " Station"), organisation.language)
    return pd.DataFrame(
        {
            "station_id": [station_id(int(one)) for one in numbers],
            "region_id": [regions[int(one)] for one in numbers],
            "name": [f"{name}{kind}" for name in names],
            "pilot_from": pd.Series([None if one is None else str(one) for one in since], dtype="str"),
        }
    )


def _engineers(organisation: Organisation) -> pd.DataFrame:
    count = len(DESK.engineers)
    return pd.DataFrame(
        {
            "engineer_id": [f"E{number:02d}" for number in range(1, count + 1)],
            "name": [in_language(name, organisation.language) for name, _ in DESK.engineers],
            "department": [department for _, department in DESK.engineers],
            "level": np.where(np.arange(count) % 4 == 1, "city", "county"),
        }
    )


TRADE = Trade(
    managers=21,
    customers=14,
    regions=(
        ("惠东局", "Huidong"), ("港城局", "Gangcheng"), ("柳林局", "Liulin"), ("云岭局", "Yunling"),
        ("青塘局", "Qingtang"), ("长堤局", "Changdi"), ("北湾局", "Beiwan"),
    ),
    roles=("class1", "class2"),
    customer_code="K{:04d}",
    joiners_a_month=0.004,
    leavers_a_month=0.002,
    paused_share=0.0,
    slips=SLIPS,
    masters=masters_of_power,
    material={
        "energy": SUPPLY, "orders": DESK, "needs": WISHES, "visits": Purposes(PURPOSES, nothing_due),
    },
    grade_shares={"1": 0.3, "2": 0.4, "3": 0.3},
    channel_shares={"large": 0.14, "key": 0.16, "watched": 0.22, "rural": 0.22, "community": 0.26},
    shop_words=dict.fromkeys(("large", "key", "watched", "rural", "community"), (("", ""),)),
    complaint_shares=dict(DESK.shares),
    complaint_texts={
        "complaint": (
            (("抄表差错", "Meter misread"), ("表计老化", "The meter is old")),
            (("电压低", "Low voltage"), ("线路过长", "The line is too long")),
            (("停电无通知", "No notice of an outage"), ("通知名单不全", "The list for notices has gaps")),
        ),
        "report": ((("举报违章用电", "Reports unlawful use"), ("私拉乱接", "Lines drawn without leave")),),
        "opinion": ((("营业厅排队久", "Queues at the counter"), ("窗口少", "Few counters")),),
        "suggestion": ((("建议增设充电桩", "Suggests more charging points"), ("车多桩少", "More cars than points")),),
        "question": (
            (("咨询分时电价", "Asks about prices by time"), ("政策调整", "The policy changed")),
            (("咨询过户手续", "Asks how to change the name"), ("买卖房屋", "A house was sold")),
        ),
        "fault": (
            (("断线", "A line is down"), ("大风", "Strong wind")),
            (("跳闸", "The breaker trips"), ("过负荷", "Overload")),
        ),
        "application": (
            (("增容申请", "Asks for more capacity"), ("新增设备", "New equipment")),
            (("新装表申请", "Asks for a meter"), ("新建房屋", "A new house")),
        ),
    },
    departments=dict(DESK.departments),
    market_info=(
        ("准备新上一条生产线", "A new production line is planned"),
        ("屋顶光伏准备并网", "Solar panels are to be connected"),
        ("夏季空调负荷要增加", "More air conditioning in summer"),
        ("希望提前知道检修计划", "Would like to know of overhauls early"),
    ),
    comments=(
        ("停电前能通知就好", "Please tell us before outages"),
        ("抢修很快", "Repairs are quick"),
        ("电费看不懂", "The bill is hard to read"),
        ("客户经理常来", "The account manager comes often"),
        ("表箱该换了", "The meter box ought to be replaced"),
    ),
)  # fmt: skip
