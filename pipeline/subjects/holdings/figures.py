"""Figures of what customers hold and bring in (trades.md section 4, develop)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.subjects.holdings.bridge import bridge_figures
from pipeline.subjects.holdings.lines import DEPOSIT, FORM, LOAN, lines
from pipeline.subjects.holdings.shares import by_share
from pipeline.subjects.holdings.standing import BothEnds, StandingAt, counted, measured
from schemas.profile import Profile

FORMS = (FORM, "customers", "products")
MONTHS_A_YEAR = 12
Chosen = Callable[[pd.DataFrame], pd.Series]


def of_aum(rows: pd.DataFrame) -> pd.Series:
    """Which rows are of personal customers' products that count in AUM."""
    return rows["in_aum"] & rows["is_personal"]


def of_loans(rows: pd.DataFrame) -> pd.Series:
    """Which rows are loans."""
    return rows["category"].eq(LOAN).fillna(False).astype(bool)


def of_deposits(rows: pd.DataFrame) -> pd.Series:
    """Which rows are deposits."""
    return rows["category"].eq(DEPOSIT).fillna(False).astype(bool)


def of_all(rows: pd.DataFrame) -> pd.Series:
    """All rows."""
    return pd.Series(True, index=rows.index)


@dataclass(frozen=True)
class Amount:
    """The sum of some columns of the rows (each once, with its sign), yuan by manager and customer; those of team
    customers by share where it is `shared`."""

    chosen: Chosen
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    times: int = 1
    shared: bool = False

    def __call__(self, facts: Facts) -> pd.Series:
        rows = facts.once(lines)
        rows = rows[self.chosen(rows)]
        added = sum((rows[name] for name in self.plus), pd.Series(0, index=rows.index, dtype="int64"))
        amount = self.times * sum((-rows[name] for name in self.minus), added)
        told = rows[MANAGER_CUSTOMER].assign(amount=amount)
        sums = by_share(told, facts) if self.shared else told.groupby(MANAGER_CUSTOMER)["amount"].sum()
        return sums / TEN_THOUSANDTHS


AUM, AUM_AVERAGE = Amount(of_aum, ("balance",), shared=True), Amount(of_aum, ("average",), shared=True)
INCOME = Amount(of_all, ("income",), shared=True)
PROFIT = Amount(of_all, ("income",), ("cost",), shared=True)


def cards(facts: Facts) -> pd.Series:
    """Debit cards of personal customers, by manager and customer."""
    rows = facts.once(lines)
    own = rows[rows["is_personal"] & (rows["cards"] > 0)]
    return own.groupby(MANAGER_CUSTOMER)["cards"].sum()


@dataclass(frozen=True)
class AumBefore:
    """The AUM at the end of the month `back` months before of this month's customers, of whom both ends are known, yuan
    by manager and customer; by this month's shares."""

    back: int = 1
    change: bool = False

    def __call__(self, facts: Facts) -> pd.Series:
        rows = facts.once(BothEnds(self.back))
        amount = rows["aum"] - rows["aum_then"] if self.change else rows["aum_then"]
        told = rows[["manager_id"]].assign(amount=amount).reset_index()
        return by_share(told, facts, self.back) / TEN_THOUSANDTHS


def aum_since(months: int) -> tuple[AumBefore, AumBefore]:
    """What the growth of AUM counts above and below the line over some months."""
    return AumBefore(months, change=True), AumBefore(months)


def customers(facts: Facts) -> pd.Series:
    """1 for each active customer at the month's end whose manager has told what its customers hold."""
    rows = facts.once(StandingAt(0))
    return counted(rows, rows["active"])


@dataclass(frozen=True)
class With:
    """1 for each active customer at the month's end of which a test holds."""

    name: str
    test: Callable[[pd.DataFrame], pd.Series] = field(compare=False)

    def __call__(self, facts: Facts) -> pd.Series:
        rows = facts.once(StandingAt(0))
        return counted(rows, rows["active"] & self.test(rows))


CROSS_SOLD = With("cross_sold", lambda rows: rows["categories"] >= 2)
WITH_WEALTH = With("wealth", lambda rows: rows["has_wealth"])
VALUABLE = With("valuable", lambda rows: rows["is_valuable"])
KEY = With("key", lambda rows: rows["is_key"])


def categories(facts: Facts) -> pd.Series:
    """How many categories each active customer holds."""
    rows = facts.once(StandingAt(0))
    active = rows[rows["active"]]
    return measured(active, active["categories"])


@declares
def holding_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of what customers hold: how many there are, AUM, loans, what they bring in, how many products."""
    yield from _of_customers(profile)
    yield from _of_aum()
    yield from _of_earnings()
    yield from _of_products(profile)
    yield from bridge_figures(FORMS, AUM)


def _of_customers(profile: Profile) -> Iterable[Figure]:
    unit = profile.customer_unit
    yield Figure(
        "customers", "客户数", "Customers", unit, "develop",
        "月末正常的客户数（已开户、未销户、未停用），只计其客户经理已报客户持有的。",
        "Active customers at the month's end whose manager has reported what its customers hold.",
        FORMS, customers, over_time="last",
    )  # fmt: skip
    for key, count, zh, en, about_zh, about_en in (
        ("valuable_customers", VALUABLE, "有价值客户数", "Valuable customers", "有价值客户", "valuable"),
        ("key_customers", KEY, "重点客户管户数", "Key customers", "重点客户", "key"),
    ):
        grades = profile.valuable_grades if count is VALUABLE else profile.key_grades
        listed = [one for one in profile.lists.get("grades", ()) if one.key in grades]
        yield Figure(
            key, zh, en, unit, "develop",
            f"月末正常的客户中级别为{'、'.join(one.zh for one in listed)}的（{about_zh}）。",
            f"Active customers at the month's end of grade {', '.join(one.en for one in listed)} ({about_en}).",
            FORMS, count, over_time="last",
        )  # fmt: skip


_SHARED_ZH = "团队客户按分成比例计入各成员，合计不变。"
_SHARED_EN = "Team customers count by share with each member; totals are the same."


def _of_aum() -> Iterable[Figure]:
    yield Figure(
        "aum", "AUM", "AUM", "元", "develop",
        f"个人客户月末持有的计入AUM产品的余额合计；当月销户的为0。{_SHARED_ZH}",
        f"Balances at the month's end of personal customers' products that count in AUM; nothing of those who have "
        f"left. {_SHARED_EN}",
        FORMS, AUM, over_time="last",
    )  # fmt: skip
    yield Figure(
        "aum_average", "AUM月日均", "AUM, monthly average", "元", "develop",
        f"同一口径的月日均合计。{_SHARED_ZH}", f"The monthly averages of the same. {_SHARED_EN}",
        FORMS, AUM_AVERAGE, over_time="last",
    )  # fmt: skip
    yield Figure(
        "aum_growth", "AUM增长率", "AUM growth", "%", "develop",
        "（月末AUM－月初AUM）÷月初AUM；月初为上月末、本月负责的客户，首月或上月未报的没有；累计为较年初。",
        "(AUM at the month's end − at its start) ÷ at its start. The start is the end of the month before, of the "
        "customers assigned this month: none in the first month, nor where the month before was not reported; the year "
        "to date is since the end of last year.",
        FORMS, AumBefore(change=True), AumBefore(), scale=100, decimals=2, over_time="year", since=aum_since,
        looks_back=1,
    )  # fmt: skip
    yield Figure(
        "aum_per_card", "卡均AUM", "AUM per card", "元/张", "develop",
        "个人客户AUM÷借记卡数（存款行的卡数），不分成。",
        "Personal customers' AUM ÷ their debit cards (on rows of deposits), without shares.",
        FORMS, Amount(of_aum, ("balance",)), cards, decimals=2, over_time="last",
    )  # fmt: skip


def _of_earnings() -> Iterable[Figure]:
    yield Figure(
        "deposits", "存款余额", "Deposits", "元", "develop",
        "全部客户月末存款余额合计。", "Balances of all customers' deposits at the month's end.",
        FORMS, Amount(of_deposits, ("balance",)), over_time="last",
    )  # fmt: skip
    yield Figure(
        "loans", "贷款余额", "Loans", "元", "develop",
        "全部客户月末贷款余额合计。", "Balances of all customers' loans at the month's end.",
        FORMS, Amount(of_loans, ("balance",)), over_time="last", better="neither",
    )  # fmt: skip
    yield Figure(
        "income", "收入", "Income", "元", "develop",
        f"客户持有产品当月收入合计（贷款为利息）。{_SHARED_ZH}",
        f"Income of the month from what customers hold, of loans their interest. {_SHARED_EN}",
        FORMS, INCOME, decimals=2,
    )  # fmt: skip
    yield Figure(
        "profit", "模拟利润", "Profit", "元", "develop",
        f"收入－成本。{_SHARED_ZH}", f"Income − cost. {_SHARED_EN}",
        FORMS, PROFIT, decimals=2,
    )  # fmt: skip
    yield Figure(
        "loan_yield", "贷款收益率", "Loan yield", "%", "develop",
        "12×贷款利息合计÷贷款月日均合计。", "12 × interest on loans ÷ monthly averages of loans.",
        FORMS, Amount(of_loans, ("income",), times=MONTHS_A_YEAR), Amount(of_loans, ("average",)),
        scale=100, decimals=2,
    )  # fmt: skip


def _of_products(profile: Profile) -> Iterable[Figure]:
    held_zh = "持有：余额大于0；结算、代收代付、第三方存管没有余额，当月有收入即为持有。"
    held_en = (
        "Held: a balance above 0; settlement, collection and custody, which have none, where they bring income."
    )
    yield Figure(
        "cross_sell_rate", "交叉销售率", "Cross-sell rate", "%", "develop",
        f"持有两类及以上产品的客户÷客户数。{held_zh}",
        f"Customers that hold two categories or more ÷ customers. {held_en}",
        FORMS, CROSS_SOLD, customers, scale=100, decimals=2, over_time="last",
    )  # fmt: skip
    yield Figure(
        "product_coverage", "产品覆盖度", "Categories per customer", f"类/{profile.customer_unit}", "develop",
        f"客户持有的产品类别数合计÷客户数。{held_zh}", f"Categories held ÷ customers. {held_en}",
        FORMS, categories, customers, decimals=2, over_time="last",
    )  # fmt: skip
    yield Figure(
        "wealth_penetration", "理财渗透率", "Wealth penetration", "%", "develop",
        "持有理财类产品的客户÷客户数。", "Customers that hold a wealth product ÷ customers.",
        FORMS, WITH_WEALTH, customers, scale=100, decimals=2, over_time="last",
    )  # fmt: skip
