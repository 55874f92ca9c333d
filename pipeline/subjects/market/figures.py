"""The share that a region has of its market (trades.md section 4, attract)."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.figures.grain import regions_by_manager, senders
from pipeline.subjects.holdings.figures import Amount, of_deposits, of_loans
from pipeline.subjects.holdings.lines import DEPOSIT, FORM, LOAN
from schemas.profile import Profile

MARKET = "market"


@dataclass(frozen=True)
class Total:
    """What all banks of each region hold together of a category in the month, yuan: with the first of the region's
    managers who has sent the form, and 0 with the others; nothing of a region whose market is not known."""

    category: str

    def __call__(self, facts: Facts) -> pd.Series:
        rows = facts.master(MARKET)
        rows = rows[(rows["month"] == str(facts.month)) & (rows["category"] == self.category)]
        totals = rows.drop_duplicates("region_id").set_index("region_id")["total"]
        regions = facts.once(regions_by_manager)
        regions = regions[regions.index.isin(list(senders(facts, FORM)))]
        own = facts.master("regions")["region_id"]
        known = regions[regions.isin(totals.index) | ~regions.isin(own)]  # customers that moved are of no region
        first = ~known.duplicated()
        return known.map(totals).where(first, 0.0).fillna(0.0).astype("float64").rename_axis("manager_id")


@declares
def market_figures(profile: Profile) -> Iterable[Figure]:
    """The market shares of deposits and of loans."""
    for category, chosen, zh, en in (
        (DEPOSIT, of_deposits, "存款", "deposits"),
        (LOAN, of_loans, "贷款", "loans"),
    ):
        yield Figure(
            f"market_share.{category}", f"{zh}市场份额", f"Market share of {en}", "%", "attract",
            f"全部客户月末{zh}余额÷该支行市场总量（总行提供）；只到支行，没有市场总量的月份不算。",
            f"Balances of all customers' {en} at the month's end ÷ the market's total of the branch, as headquarters "
            "tells it; of branches and the bank alone, and not of months without it.",
            (FORM, MARKET, "products"), Amount(chosen, ("balance",)), Total(category), scale=100, decimals=2,
            over_time="last", of_regions=True,
        )  # fmt: skip
