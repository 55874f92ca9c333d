"""What the demo of the cigarette trade is made of: invented brands, shops, texts. Prices are yuan a carton."""

from collections.abc import Mapping
from functools import partial

from pipeline.demo import faults
from pipeline.demo.trade import Product, Trade
from pipeline.trades.tobacco.story import beside

_JIANG = ("江雾", "Jiangwu")
_QING = ("青岚", "Qinglan")
_YUN = ("云栖谷", "Yunqi Valley")
_HE = ("和岳", "Heyue")
_JIN = ("锦程", "Jincheng")
_MO = ("墨竹", "Mozhu")
_LU = ("鹿鸣山", "Luming Hill")
_XING = ("星渡", "Xingdu")

_retyped_sales = partial(faults.retyped, form="sales")
_retyped_visits = partial(faults.retyped, form="visits")
# The last two need an organisation of some size.
SLIPS: Mapping[tuple[int, int], faults.Slip] = {
    (0, 0): partial(
        _retyped_visits, column="customer_id", typed=faults.unknown_customer, kind="unknown customer",
        effect="row left out",
    ),
    (0, 1): partial(
        _retyped_sales, column="sold_qty", typed=faults.about, kind="text in a number", effect="row left out"
    ),
    (0, 2): partial(
        _retyped_sales, column="order_date", typed=faults.month_before, kind="date of the wrong month",
        effect="row left out",
    ),
    (0, 3): partial(faults.equal_row, form="sales"),
    (0, 4): faults.late,
    (0, 6): partial(faults.form_left_empty, form="satisfaction"),
    (0, 7): faults.not_sent,
    (1, 0): partial(
        _retyped_sales, column="sold_qty", typed=faults.full_width, kind="full-width digits", effect="note", above=9
    ),
    (1, 1): partial(
        _retyped_visits, column="visit_date", typed=faults.day_in_words, kind="date as text", effect="note"
    ),
    (1, 2): partial(
        _retyped_sales, column="amount", typed=faults.separated, kind="thousands separator", effect="note", above=1000
    ),
    (1, 3): faults.late,
    (2, 4): partial(faults.equal_row, form="sales"),
}  # fmt: skip

TRADE = Trade(
    slips=SLIPS,
    beside=beside,
    decided=("按规定换货，查这批烟的仓储", "Exchange it, and look into how this batch was stored"),
    product_columns={"brand": "group", "wholesale_price": "price_yuan"},
    products=(
        Product(("江雾(尊享)", "Jiangwu (reserve)"), _JIANG, "class1", 530.0, 600.0, 0.5, True),
        Product(("江雾(经典)", "Jiangwu (classic)"), _JIANG, "class1", 362.0, 420.0, 0.9, True),
        Product(("江雾(细支)", "Jiangwu (slim)"), _JIANG, "class1", 256.0, 300.0, 1.0, True),
        Product(("青岚(硬金)", "Qinglan (gold)"), _QING, "class1", 336.0, 390.0, 0.6),
        Product(("青岚(软蓝)", "Qinglan (soft blue)"), _QING, "class2", 195.0, 220.0, 1.2),
        Product(("青岚(硬)", "Qinglan (hard)"), _QING, "class3", 137.0, 160.0, 1.8),
        Product(("青岚(爆珠)", "Qinglan (capsule)"), _QING, "class2", 212.0, 240.0, 0.7),
        Product(("云栖谷(中支)", "Yunqi Valley (medium)"), _YUN, "class1", 398.0, 460.0, 0.4),
        Product(("云栖谷(软)", "Yunqi Valley (soft)"), _YUN, "class2", 186.5, 210.0, 1.0),
        Product(("云栖谷(硬)", "Yunqi Valley (hard)"), _YUN, "class3", 119.25, 140.0, 1.5),
        Product(("和岳(祥和)", "Heyue (harmony)"), _HE, "class3", 106.0, 120.0, 2.2, True),
        Product(("和岳(硬红)", "Heyue (red)"), _HE, "class3", 87.5, 100.0, 2.6, True),
        Product(("和岳(软)", "Heyue (soft)"), _HE, "class4", 61.5, 70.0, 1.6),
        Product(("和岳(细支)", "Heyue (slim)"), _HE, "class3", 114.5, 130.0, 1.0),
        Product(("锦程(红)", "Jincheng (red)"), _JIN, "class3", 97.0, 110.0, 1.6),
        Product(("锦程(金)", "Jincheng (gold)"), _JIN, "class3", 132.5, 150.0, 1.2),
        Product(("锦程(软)", "Jincheng (soft)"), _JIN, "class4", 65.75, 75.0, 1.4),
        Product(("墨竹(硬)", "Mozhu (hard)"), _MO, "class4", 57.0, 65.0, 1.5),
        Product(("墨竹(软)", "Mozhu (soft)"), _MO, "class4", 52.5, 60.0, 1.1),
        Product(("墨竹(简)", "Mozhu (plain)"), _MO, "class5", 35.0, 40.0, 0.9),
        Product(("鹿鸣山(中支)", "Luming Hill (medium)"), _LU, "class2", 203.5, 230.0, 0.8),
        Product(("鹿鸣山(硬)", "Luming Hill (hard)"), _LU, "class3", 123.0, 145.0, 1.1),
        Product(("星渡(白)", "Xingdu (white)"), _XING, "class5", 30.5, 35.0, 0.7),
        Product(("星渡(蓝)", "Xingdu (blue)"), _XING, "class4", 48.25, 55.0, 0.9),
    ),
    failing_group="锦程",
    tight_products=(1, 2, 4),
    typical_problem=(9, ("烟支霉变", "Mouldy cigarettes"), ("仓储受潮", "Damp in the warehouse")),
    weekly_units={"1": 60, "2": 36, "3": 22, "4": 13, "5": 7},
    grade_shares={"1": 0.10, "2": 0.20, "3": 0.30, "4": 0.25, "5": 0.15},
    channel_shares={
        "convenience": 0.28,
        "supermarket": 0.10,
        "grocery": 0.34,
        "tobacco_shop": 0.16,
        "restaurant": 0.08,
        "other": 0.04,
    },
    area_shares={"city": 0.5, "town": 0.3, "village": 0.2},
    shop_words={
        "convenience": (("便利店", "Corner Shop"), ("便民超市", "Convenience")),
        "supermarket": (("超市", "Supermarket"), ("生活超市", "Market")),
        "grocery": (("食杂店", "Grocery"), ("副食店", "Provisions"), ("小卖部", "Kiosk")),
        "tobacco_shop": (("烟酒店", "Tobacco and Wine"), ("名烟名酒", "Fine Tobacco")),
        "restaurant": (("酒楼", "Restaurant"), ("茶馆", "Teahouse")),
        "other": (("商行", "Trading"), ("服务部", "Services")),
    },
    complaint_shares={"product_quality": 0.35, "service_quality": 0.20, "request": 0.30, "suggestion": 0.15},
    complaint_texts={
        "product_quality": (
            (("烟支空松", "Loose cigarettes"), ("卷制不匀", "Uneven making")),
            (("条盒破损", "Damaged carton"), ("搬运挤压", "Crushed in handling")),
            (("漏装一支", "One cigarette missing"), ("包装漏检", "Missed in packing")),
        ),
        "service_quality": (
            (("送货晚了一天", "Delivered a day late"), ("线路调整", "Route was changed")),
            (("送货少一条", "One carton short"), ("分拣差错", "Sorting error")),
        ),
        "request": (
            (("希望增加紧俏烟货源", "Asks for more of the scarce brands"), ("货源偏紧", "Supply is tight")),
            (("申请更换订货日", "Asks for another order day"), ("与进货日冲突", "Clashes with other deliveries")),
            (("扫码机故障", "Scanner out of order"), ("设备老化", "Old equipment")),
        ),
        "suggestion": (
            (("建议多做陈列培训", "Suggests training on display"), ("经验不足", "Little experience")),
            (("建议提前公布货源", "Suggests announcing supply earlier"), ("便于备款", "To have the money ready")),
        ),
    },
    departments={
        "product_quality": "marketing",
        "service_quality": "logistics",
        "request": "marketing",
        "suggestion": "service",
    },
    market_info=(
        ("周边新开一家便利店", "A new corner shop opened nearby"),
        ("婚宴订单增多", "More wedding orders"),
        ("低价位需求上升", "Cheaper brands are asked for"),
        ("学校放假,客流减少", "School holidays, fewer people"),
        ("道路施工影响生意", "Road works keep people away"),
    ),
    order_advice=(
        ("适当减少库存大的品规", "Order less of what is in stock"),
        ("增加细支品类", "Add slim products"),
        ("节前备足畅销品规", "Stock up before the holiday"),
    ),
    special_reasons=(
        ("客户来电要求", "The customer asked by phone"),
        ("处理投诉", "To settle a complaint"),
        ("新品上市宣传", "Launch of a new product"),
        ("节前走访", "Before the holiday"),
    ),
    special_handling=(
        ("当面了解情况，已答复", "Heard the customer out and answered"),
        ("现场查看，已登记反馈单", "Looked at it and filled in the feedback form"),
        ("讲解新品，已上柜", "Explained the product; it is on the shelf"),
        ("核对库存，协助备货", "Checked the stock and helped to order"),
    ),
    comments=(
        ("紧俏烟供应不足", "Too little of the scarce brands"),
        ("服务很好", "Good service"),
        ("送货时间不固定", "Delivery times vary"),
        ("希望多些促销", "More promotion, please"),
        ("利润偏薄", "Margins are thin"),
    ),
)
