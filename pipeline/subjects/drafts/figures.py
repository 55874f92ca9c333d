"""Figures of drafts that look at more than one round (trades.md section 5)."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.subjects.drafts.rounds import FORM, accepted_in_month, drafts_of_month, in_hand
from schemas.profile import Profile


def rounds(facts: Facts) -> pd.Series:
    """The round in which each draft accepted in the month was, by manager."""
    return _values(facts.once(accepted_in_month), "round")


def days(facts: Facts) -> pd.Series:
    """The days from its first round that each took, by manager; none where the first round is not known."""
    return _values(facts.once(accepted_in_month), "days")


def _values(drafts: pd.DataFrame, column: str) -> pd.Series:
    told = drafts.set_index("manager_id")[column].dropna()
    return told.astype("float64")


def still_open(facts: Facts) -> pd.Series:
    """Drafts neither accepted nor given up at the month's end, by manager."""
    return facts.once(in_hand).groupby("manager_id").size()


@dataclass(frozen=True)
class At:
    """Drafts of the month that stand at a state, by manager."""

    state: str

    def __call__(self, facts: Facts) -> pd.Series:
        drafts = facts.once(drafts_of_month)
        return drafts[drafts["state"] == self.state].groupby("manager_id").size()


@declares
def draft_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of drafts (文稿与初稿): how often they go round, how long it takes, where they stand."""
    yield Figure(
        "rounds_to_acceptance", "通过轮次", "Rounds to acceptance", "轮", "drafts",
        "当月通过的文稿，通过时是第几轮，取平均。",
        "The round in which the drafts accepted in the month were accepted, on average.",
        (FORM,), rounds, better="lower", decimals=2, statistic="mean",
    )  # fmt: skip
    yield Figure(
        "days_to_acceptance", "通过天数", "Days to acceptance", "天", "drafts",
        "当月通过的文稿，从第一轮拟写到通过的天数，取中位数。",
        "Days from the first round of the drafts accepted in the month to acceptance, the median.",
        (FORM,), days, better="lower", decimals=1, statistic="median",
    )  # fmt: skip
    yield Figure(
        "drafts_open", "在手文稿", "Drafts in hand", "篇", "drafts",
        "月末既未通过也未放弃的文稿份数（退改待重写的在内）。",
        "Drafts neither accepted nor given up at the month's end; those to be revised are among them.",
        (FORM,), still_open, better="neither", over_time="last",
    )  # fmt: skip
    if FORM in profile.forms:
        yield from _by_state(profile)


def _by_state(profile: Profile) -> Iterable[Figure]:
    for one in profile.forms[FORM].column("state").choices:
        yield Figure(
            f"drafts_at.{one.key}", f"文稿：{one.zh}", f"Drafts: {one.en.lower()}", "篇", "drafts",
            f"月末最新一轮为{one.zh}的文稿份数（在手的，和当月拟写、通过、放弃的）。",
            f"Drafts whose newest round is {one.en.lower()} at the month's end: of those in hand, and those written, "
            "accepted or given up in the month.",
            (FORM,), At(one.key), better="neither", over_time="last",
        )  # fmt: skip
