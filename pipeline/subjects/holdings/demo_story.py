"""What the demo of a bank is made of: its products, what customers of each kind hold, and the story of its branches."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.demo.trade import Pair


@dataclass(frozen=True)
class BankProduct:
    """A product: what a year's income and cost are of its average balance (of one without a balance, yuan a month), how
    many customers of each kind hold it at the start, and how much of a customer's size it takes."""

    code: str
    name: Pair
    category: str
    income: float
    cost: float
    held: Mapping[str, float]
    size: float = 1.0
    in_aum: bool = False
    is_wealth: bool = False
    pay_per_unit: float = 0.0

    @property
    def has_balance(self) -> bool:
        """Whether it has a balance."""
        return self.size > 0


@dataclass(frozen=True)
class Bank:
    """The products; by kind of customer its size (yuan) and by grade how many times that; which region's money leaves
    for another bank in the last months (`attacked`), whose manager sells much and keeps few (`sells`, of all), how
    many customers a manager shares with its neighbour (`shared`), by region the market's growth a month.

    `roles` are given to the managers of each region in turn; `outlets` are those of a region (kind, name).
    """

    products: tuple[BankProduct, ...]
    sizes: Mapping[str, float]
    grade_sizes: Mapping[str, float]
    attacked: int
    attacked_months: int
    sells: int
    roles: tuple[str, ...]
    outlets: tuple[tuple[str, Pair], ...]
    shared: int = 2
    market_share: float = 0.06
