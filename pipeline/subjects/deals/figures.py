"""Figures of deals that stand at the month's end (trades.md section 5)."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS, whole
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.subjects.deals.talks import FORM, SMALL, open_deals
from schemas.deals import OPEN_STAGES
from schemas.form import CUSTOMER
from schemas.profile import Profile


def in_talks(facts: Facts) -> pd.Series:
    """Deals open at the month's end, by manager."""
    return facts.once(open_deals).groupby("manager_id").size()


def small_in_talks(facts: Facts) -> pd.Series:
    """Those of them that are with a small account."""
    deals = facts.once(open_deals)
    return deals[deals["grade"] == SMALL].groupby("manager_id").size()


def prospects_in_talks(facts: Facts) -> pd.Series:
    """Those of them that are with somebody who is no customer yet."""
    deals = facts.once(open_deals)
    return deals[deals[CUSTOMER].isna()].groupby("manager_id").size()


def expected(facts: Facts) -> pd.Series:
    """What is expected of the open deals, yuan, by manager; a deal without an amount adds none."""
    deals = facts.once(open_deals)
    return _summed(deals, whole(deals["expected_amount"]))


def weighted(facts: Facts) -> pd.Series:
    """The same, each deal's amount by the odds of its stage."""
    deals = facts.once(open_deals)
    odds = deals["stage"].map(dict(facts.profile.odds)).astype("float64").fillna(0.0)
    return _summed(deals, whole(deals["expected_amount"] * odds))


@dataclass(frozen=True)
class ExpectedAt:
    """What is expected of the open deals of one stage, yuan, by manager."""

    stage: str

    def __call__(self, facts: Facts) -> pd.Series:
        deals = facts.once(open_deals)
        deals = deals[deals["stage"] == self.stage]
        return _summed(deals, whole(deals["expected_amount"]))


def _summed(deals: pd.DataFrame, ten_thousandths: object) -> pd.Series:
    sums = pd.Series(ten_thousandths, index=deals.index, dtype="int64").groupby(deals["manager_id"]).sum()
    return sums / TEN_THOUSANDTHS


@declares
def deal_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of deals (业务洽谈): who is in talks, and what is expected of it."""
    yield Figure(
        "deals_open", "在谈", "Deals in talks", "项", "deals",
        "月末既未签约也未失败的洽谈项数。", "Deals neither won nor lost at the month's end.",
        (FORM,), in_talks, better="neither", over_time="last",
    )  # fmt: skip
    yield Figure(
        "small_in_talks", "在谈小客户", "Small accounts in talks", "项", "deals",
        "月末在谈的洽谈中，客户级别为小的项数；还不是客户的没有级别，另计。",
        "Deals open at the month's end with a small account; prospects have no grade and are counted apart.",
        (FORM,), small_in_talks, over_time="last", columns=("customers.grade",),
    )  # fmt: skip
    yield Figure(
        "prospects_in_talks", "在谈潜在客户", "Prospects in talks", "项", "deals",
        "月末在谈的洽谈中，对方还不是客户的项数。",
        "Deals open at the month's end with somebody who is no customer yet.",
        (FORM,), prospects_in_talks, over_time="last",
    )  # fmt: skip
    yield from _of_pipeline(profile)


def _of_pipeline(profile: Profile) -> Iterable[Figure]:
    yield Figure(
        "pipeline", "在谈金额", "Pipeline", "元", "deals",
        "月末在谈的洽谈预计金额之和；未填金额的按0计。",
        "Amounts expected of the deals open at the month's end; a deal without an amount adds none.",
        (FORM,), expected, over_time="last",
    )  # fmt: skip
    if not (profile.odds and FORM in profile.forms):
        return
    stages = [one for one in profile.forms[FORM].column("stage").choices if one.key in OPEN_STAGES]
    odds = [(one.zh, one.en, f"{100 * profile.odds.get(one.key, 0):g}%") for one in stages]
    yield Figure(
        "weighted_pipeline", "加权在谈金额", "Weighted pipeline", "元", "deals",
        "在谈金额按各阶段的签约可能（" + "、".join(f"{zh}{share}" for zh, _, share in odds) + "）折算。",
        "The pipeline by the odds of each stage (" + ", ".join(f"{en.lower()} {share}" for _, en, share in odds) + ").",
        (FORM,), weighted, over_time="last",
    )  # fmt: skip
    for one in stages:
        yield Figure(
            f"pipeline_at.{one.key}", f"在谈金额：{one.zh}", f"Pipeline: {one.en.lower()}", "元", "deals",
            f"月末阶段为{one.zh}的洽谈预计金额之和。",
            f"Amounts expected of the deals at {one.en.lower()} at the month's end.",
            (FORM,), ExpectedAt(one.key), better="neither", over_time="last",
        )  # fmt: skip
