"""What the demo organisation of a trade is made of; the names of regions, people, shops and streets are any trade's.

Every text stands in both languages. No product, shop or person is meant to be a real one.
"""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

Pair = tuple[str, str]  # the same text in Chinese and in English


@dataclass(frozen=True)
class Product:
    """One product: prices in yuan; `pull` is how much it is asked for beside the others."""

    name: Pair
    group: Pair
    category: str
    price_yuan: float
    retail_yuan: float
    pull: float
    is_key: bool = False


@dataclass(frozen=True)
class Trade:
    """A trade's material: the value `TRADE` of `pipeline/trades/NAME/demo.py`.

    `product_columns` are the columns of the form of products that hold a product's `group` and `price_yuan`.
    `weekly_units` is what a customer of each grade asks for in a week; `failing_group` sells less and less.
    """

    products: Sequence[Product]
    product_columns: Mapping[str, str]
    failing_group: str
    tight_products: Sequence[int]
    typical_problem: tuple[int, Pair, Pair]
    weekly_units: Mapping[str, float]
    grade_shares: Mapping[str, float]
    channel_shares: Mapping[str, float]
    area_shares: Mapping[str, float]
    shop_words: Mapping[str, Sequence[Pair]]
    complaint_shares: Mapping[str, float]
    complaint_texts: Mapping[str, Sequence[tuple[Pair, Pair]]]
    departments: Mapping[str, str]
    market_info: Sequence[Pair]
    order_advice: Sequence[Pair]
    special_reasons: Sequence[Pair]
    comments: Sequence[Pair]


def trades_with_demo() -> tuple[str, ...]:
    """The trades that have a demo."""
    folders = (resources.files("pipeline") / "trades").iterdir()
    return tuple(sorted(one.name for one in folders if (one / "demo.py").is_file()))


def trade_named(name: str) -> Trade:
    """The material of a trade's demo."""
    material: Trade = importlib.import_module(f"pipeline.trades.{name}.demo").TRADE
    return material


def _pairs(text: str) -> tuple[Pair, ...]:
    """Pairs from a text such as `李=Li; 王=Wang`."""
    halves = (pair.split("=") for pair in text.split("; "))
    return tuple((zh, en) for zh, en in halves)


REGIONS = _pairs(
    "城东区=East; 城西区=West; 临江区=Riverside; 城北区=North; 城南区=South; 山湖区=Hills and Lakes; "
    "新港区=New Harbour; 高铁新区=Station; 古镇区=Old Town; 滨海区=Seaside"
)
SURNAMES = _pairs(
    "李=Li; 王=Wang; 张=Zhang; 刘=Liu; 陈=Chen; 杨=Yang; 赵=Zhao; 黄=Huang; 周=Zhou; 吴=Wu; 徐=Xu; "
    "孙=Sun; 胡=Hu; 朱=Zhu; 高=Gao; 林=Lin; 何=He; 郭=Guo; 马=Ma; 罗=Luo"
)
GIVEN_NAMES = _pairs(
    "明=Ming; 敏=Min; 建国=Jianguo; 丽华=Lihua; 志强=Zhiqiang; 秀英=Xiuying; 伟=Wei; 芳=Fang; "
    "晓东=Xiaodong; 雪梅=Xuemei; 海燕=Haiyan; 国庆=Guoqing; 文博=Wenbo; 静=Jing; 永康=Yongkang; "
    "思远=Siyuan; 玉兰=Yulan; 子涵=Zihan"
)
SHOP_NAMES = _pairs(
    "福源=Fuyuan; 吉祥=Jixiang; 好邻居=Good Neighbour; 顺达=Shunda; 金桥=Golden Bridge; 惠民=Huimin; "
    "四季=Four Seasons; 兴隆=Xinglong; 万家=Wanjia; 百顺=Baishun; 康宁=Kangning; 鸿运=Hongyun; "
    "永发=Yongfa; 阳光=Sunshine; 老地方=Old Place; 聚友=Juyou; 同心=Tongxin; 清风=Qingfeng; "
    "东方=Orient; 天天=Every Day"
)
STREETS = _pairs(
    "文一路=Wenyi Road; 解放街=Jiefang Street; 人民路=Renmin Road; 桂花巷=Osmanthus Lane; "
    "建设路=Jianshe Road; 学院路=College Road; 滨河路=River Road; 站前街=Station Street; "
    "平安里=Ping'an Lane; 新华路=Xinhua Road"
)
