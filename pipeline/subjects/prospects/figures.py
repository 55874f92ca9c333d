"""Figures of prospects that look at more than the month's rows (trades.md section 2)."""

from collections.abc import Iterable

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.subjects.prospects.cases import open_prospects, surveyed_of_late
from schemas.profile import Profile


def surveyed(facts: Facts) -> pd.Series:
    """Prospects surveyed in this month and the two before, by manager."""
    return facts.once(surveyed_of_late).groupby("manager_id").size()


def signed(facts: Facts) -> pd.Series:
    """Of these, those signed by the month's end, by manager."""
    late = facts.once(surveyed_of_late)
    return late[late["signed_on"] <= pd.Timestamp(facts.month.last_day)].groupby("manager_id").size()


def still_open(facts: Facts) -> pd.Series:
    """Prospects neither signed nor given up at the month's end, by manager."""
    return facts.once(open_prospects).groupby("manager_id").size()


@declares
def prospect_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of prospects (商业门店摸排): how many of those surveyed sign, how many are in hand."""
    yield Figure(
        "conversion_rate", "摸排转化率", "Conversion rate", "%", "prospects",
        "本月和前两个月摸排的商户中，月末前已签约的÷这三个月摸排的商户（不足三个月的按已有月份）。",
        "Of the places surveyed in this month and the two before, those signed by the month's end ÷ places surveyed "
        "(in as many of these months as there are).",
        ("prospects",), signed, surveyed, scale=100, decimals=1, over_time="last",
    )  # fmt: skip
    yield Figure(
        "prospects_open", "在跟商户", "Prospects in hand", "个", "prospects",
        "月末既未签约也未放弃的商户数。",
        "Places neither signed nor given up at the month's end.",
        ("prospects",), still_open, better="neither", over_time="last",
    )  # fmt: skip
