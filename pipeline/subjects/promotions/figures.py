"""Figures of promotions (trades.md section 1)."""

from collections.abc import Iterable

import pandas as pd

from pipeline.contract.facts import LOOK_BACK_MONTHS, Facts
from pipeline.contract.figure import Figure, Statistic
from pipeline.figures.catalogue import declares
from pipeline.figures.grain import ones
from pipeline.figures.known import missing_before, told_by
from pipeline.subjects.promotions.course import CONFIRMED, FORM, confirmed, receipts_told
from pipeline.subjects.promotions.effect import LEAST_PEERS, effects_by_customer, promotion_effects
from schemas.profile import Profile

LEAST_PROMOTED = 10  # threshold `least_promoted`: of fewer customers no effect is told


def items(facts: Facts) -> pd.Series:
    """Things issued, by manager."""
    rows = facts.frame(FORM)
    return rows.groupby("manager_id")["quantity"].sum()


def reached(facts: Facts) -> pd.Series:
    """1 for each customer that was given something in the month."""
    return ones(facts.once(receipts_told))


def settled(facts: Facts) -> pd.Series:
    """1 for each customer settled for a campaign at work in the month."""
    return ones(facts.once(confirmed))


def settled_and_reached(facts: Facts) -> pd.Series:
    """1 for each of these that was given something of each campaign and product it was settled for, by the month's
    end."""
    rows = facts.once(confirmed)
    left_out = rows.loc[~rows["is_reached"], "customer_id"]
    return ones(rows[~rows["customer_id"].isin(left_out)])


def receipts(facts: Facts) -> pd.Series:
    """Receipts, by manager."""
    return facts.frame(FORM).groupby("manager_id").size()


def receipts_signed(facts: Facts) -> pd.Series:
    """Receipts that the customer signed, by manager."""
    rows = facts.frame(FORM)
    return rows[rows["customer_signed"].fillna(False).astype(bool)].groupby("manager_id").size()


def without_effect(facts: Facts) -> pd.Series:
    """1 for each promoted customer that no effect is told of."""
    effects = facts.once(promotion_effects)
    untold = missing_before(facts, told_by(FORM, facts.profile), LOOK_BACK_MONTHS)
    return ones(effects[effects["effect"].isna() & ~effects["manager_id"].isin(untold)])


@declares
def promotion_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of promotions (宣传促销): issued, reached, signed for."""
    told, unit = told_by(FORM, profile), profile.customer_unit
    yield Figure(
        "promotion_items", "发放数量", "Items issued", "件", FORM,
        "当月发放的促销品、促销资料数量。", "Promotional goods and printed matter issued in the month.",
        (FORM,), items, better="neither", known_by=told,
    )  # fmt: skip
    yield Figure(
        "promotion_customers_reached", f"促销{unit}数", "Customers reached", unit, FORM,
        f"当月收到促销品或促销资料的{unit}数，每{unit}只计一次。",
        "Customers that were given something in the month, each counted once.",
        (FORM,), reached, over_time="distinct", known_by=told,
    )  # fmt: skip
    yield Figure(
        "promotion_customers_confirmed", f"确认{unit}数", "Customers confirmed", unit, FORM,
        f"当月在执行（当月有确认或有发放）的促销活动中，品牌经理已确认的{unit}数，每{unit}只计一次。",
        "Customers whom the brand manager has settled for campaigns at work in the month (with a customer settled or a "
        "thing issued in it), each counted once.",
        (FORM, CONFIRMED), settled, over_time="distinct", better="neither", known_by=told,
    )  # fmt: skip
    yield Figure(
        "promotion_reach_rate", f"到{unit}率", "Reach", "%", FORM,
        f"确认{unit}数中，月末前已收到所确认活动促销品的{unit}数÷确认{unit}数。",
        "Customers confirmed that were given something of what they were settled for by the month's end ÷ customers "
        "confirmed.",
        (FORM, CONFIRMED), settled_and_reached, settled, scale=100, decimals=1, known_by=told,
    )  # fmt: skip
    yield Figure(
        "promotion_signed_rate", "签收率", "Signed receipts", "%", FORM,
        "当月签收单中客户已签收的÷当月签收单。", "Receipts of the month that the customer signed ÷ receipts.",
        (FORM,), receipts_signed, receipts, scale=100, decimals=1, known_by=told,
    )  # fmt: skip
    yield from _effects(profile, told)


def _effects(profile: Profile, told: str) -> Iterable[Figure]:
    """What came of promotions: the mean effect with its interval, and of how many customers nothing is told."""
    least = int(profile.thresholds.get("least_promoted", LEAST_PROMOTED))
    peers = profile.thresholds.get("least_controls", LEAST_PEERS)
    zh = (
        f"当月促销客户的促销品规销量减前三个月平均，再减同区域、同级别、同业态未促销客户的同一差额的平均；四个月都在网，"
        f"未促销客户不足{peers:g}户的不计。"
    )
    en = (
        "Of each customer promoted in the month, its volume of the products promoted to it less its mean of the three "
        "months before, less the mean of the same at unpromoted customers of its grade and channel in the region "
        f"(at least {peers:g}, else left out); all active in all four months. "
    )
    ends: tuple[tuple[str, str, str, Statistic, str, str], ...] = (
        ("promotion_effect", "促销效果", "Promotion effect", "mean", "各户的平均", "The mean over customers"),
        ("promotion_effect_low95", "促销效果95%区间下限", "Promotion effect, lower end of 95 % interval", "low95_open",
         "各户平均的95%置信区间（t分布）下限", "The lower end of the mean's 95 % interval (t, over customers)"),
        ("promotion_effect_high95", "促销效果95%区间上限", "Promotion effect, upper end of 95 % interval",
         "high95_open",
         "各户平均的95%置信区间（t分布）上限", "The upper end of the mean's 95 % interval (t, over customers)"),
    )  # fmt: skip
    for key, name_zh, name_en, statistic, what_zh, what_en in ends:
        yield Figure(
            key, name_zh, name_en, "条", FORM,
            f"{zh}{what_zh}；不足{least}户的不给出。", f"{en}{what_en}; none of fewer than {least} customers.",
            (FORM, "sales", "customers"), effects_by_customer,
            better="higher" if statistic == "mean" else "neither", statistic=statistic, decimals=2, known_by=told,
            looks_back=LOOK_BACK_MONTHS, least=least, columns=("customers.grade", "customers.channel"),
        )  # fmt: skip
    unit = profile.customer_unit
    yield Figure(
        "promotion_without_effect", f"未计效果{unit}数", "Promoted, no effect told", unit, FORM,
        f"当月促销客户中，因可比客户不足或四个月未全部在网而不计促销效果的{unit}数。",
        "Customers promoted in the month of whom no effect is told: too few peers, or not active in all four months.",
        (FORM, "sales", "customers"), without_effect, over_time="distinct", better="neither", known_by=told,
        looks_back=LOOK_BACK_MONTHS, columns=("customers.grade", "customers.channel"),
    )  # fmt: skip
