"""Figures of what is outstanding, and of receipts over the year (trades.md section 5)."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from pipeline.base.exact import whole
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.figures.simple import Measure
from pipeline.subjects.receipts.accounts import (
    CONTRACTS,
    RECEIPTS,
    accounts,
    in_yuan,
    known_of,
    managers_told,
    past_due,
    untold_since_the_first,
    untold_this_year,
    with_holder,
)
from schemas.profile import Profile

_FORMS = (CONTRACTS, RECEIPTS)
RECEIVED = Measure(RECEIPTS, sum="amount", in_month="received_on")
SIGNED = Measure(CONTRACTS, sum="amount", in_month="signed_on")


def outstanding(facts: Facts) -> pd.Series:
    """All contracts to date less all receipts to date, yuan by manager."""
    return _rests(facts, facts.once(accounts))


def due(facts: Facts) -> pd.Series:
    """What of it is past due, yuan by manager."""
    return _rests(facts, facts.once(past_due))


def _rests(facts: Facts, rows: pd.DataFrame) -> pd.Series:
    told = managers_told(facts, facts.once(untold_since_the_first))
    return in_yuan(rows["rest"], rows["manager_id"], told)


@dataclass(frozen=True)
class OfYear:
    """The amounts of a form from 1 January to the month's end, by their day, yuan by manager: of those of whom each
    month of the year that is known at all is known."""

    form: str
    day: str

    def __call__(self, facts: Facts) -> pd.Series:
        untold = facts.once(untold_this_year)
        rows = with_holder(facts, facts.frame(self.form))
        first, last = pd.Timestamp(facts.month.year, 1, 1), pd.Timestamp(facts.month.last_day)
        rows = rows[rows[self.day].between(first, last) & known_of(facts, rows, untold)]
        amounts = pd.Series(whole(rows["amount"]), index=rows.index, dtype="int64")
        return in_yuan(amounts, rows["manager_id"], managers_told(facts, untold))


@declares
def receipt_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of money: the receipt rate over the year and of the month, what is outstanding and past due."""
    yield Figure(
        "receipt_rate", "回款率", "Receipt rate", "%", "receipts",
        "年初至月末的回款÷年初至月末签订的合同额（累计；以前合同的回款在内，可超过100%）；当年有月份未报的不计。",
        "Money received ÷ amounts of contracts signed, both from 1 January to the month's end (it may pass 100 %, as "
        "money for older contracts counts); without those who have not reported a month of the year.",
        _FORMS, OfYear(RECEIPTS, "received_on"), OfYear(CONTRACTS, "signed_on"), scale=100, decimals=1,
        over_time="last",
    )  # fmt: skip
    yield Figure(
        "receipt_rate_of_month", "当月回款率", "Receipt rate of the month", "%", "receipts",
        "当月回款÷当月签订的合同额；单月可超过100%，考核看累计的回款率。",
        "Money received ÷ amounts of contracts signed in the month; it may pass 100 %, what counts is the year's.",
        _FORMS, RECEIVED, SIGNED, scale=100, decimals=1, better="neither",
    )  # fmt: skip
    yield Figure(
        "outstanding", "应收余额", "Outstanding", "元", "receipts",
        "迄今全部合同额－迄今全部回款，按客户本月的客户经理；以前有月份未报的，其客户不计。",
        "All contracts to date less all receipts to date, with the manager who has the customer this month; without "
        "the customers of those who have not reported an earlier month.",
        _FORMS, outstanding, better="neither", over_time="last", only_counted=True,
    )  # fmt: skip
    yield Figure(
        "past_due", "逾期应收", "Past due", "元", "receipts",
        "应收余额中，应收日期早于月末而未收清的部分；没有应收日期的不算逾期。",
        "What is outstanding of contracts whose day is before the month's last; those without a day are not past due.",
        _FORMS, due, better="lower", over_time="last", only_counted=True,
    )  # fmt: skip
    yield Figure(
        "past_due_share", "逾期占比", "Share past due", "%", "receipts",
        "逾期应收÷应收余额。", "Past due ÷ outstanding.",
        _FORMS, due, outstanding, scale=100, decimals=1, better="lower", over_time="last",
    )  # fmt: skip
