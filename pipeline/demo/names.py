"""Names of regions, people, shops and streets in the demo of any trade, in both languages; none is meant to be real."""

from pipeline.demo.trade import Pair


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
