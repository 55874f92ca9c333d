"""What the demo organisation of a trade is made of.

Every text stands in both languages. No product, shop or person is meant to be a real one.
"""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.faults import Slip
from pipeline.words import Language
from schemas.form import Form

if TYPE_CHECKING:
    from pipeline.demo.people import Organisation

Pair = tuple[str, str]  # the same text in Chinese and in English


@dataclass(frozen=True)
class Beside:
    """For whom something is sent beside a month's forms: a manager, counted from 0, and what the month is made of."""

    month: Month
    months_ago: int
    manager_id: str
    manager_name: str
    position: int
    rows: Mapping[str, pd.DataFrame]
    masters: Mapping[str, pd.DataFrame]
    forms: Mapping[str, Form]
    language: Language

    def pick(self, zh: str, en: str) -> str:
        """A text in the language of the demo."""
        return zh if self.language == "zh" else en


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

    `managers` and `customers` (of each manager) are how many there are where nobody says. `regions` are its own, one
    after the other, as many as there are managers for; without any the towns' common names are taken.
    `roles` are that of every fourth manager and that of the others. Of all customers `joiners_a_month` join,
    `leavers_a_month` leave and, of those ever there, `paused_share` pause for some months; `growing` is where they join
    of late. Those who pass to another manager stay in their region, unless `moves_between_regions`.
    `customer_code` is the code of a customer by its number; without one, codes are of twelve digits.
    `special_handling` is what was done about each of `special_reasons`.

    `product_columns` are the columns of the form of products that hold a product's `group` and `price_yuan`.
    `weekly_units` is what a customer of each grade asks for in a week; `failing_group` sells less and less;
    `typical_problem` is the number of a product, what is wrong with it, and why. What a trade does not have is empty.

    `slips` are what people do wrong, by how many months ago and which manager, counted from 0. `material` is, by
    subject, what its part of the demo is made of, as that part wants it. `beside` makes what managers send beside the
    month's forms, by form, where the whole story is asked for; `decided` is what the head of a region then writes
    beside the one case that is decided. `masters` makes of a month's master data those of the trade: with columns and
    forms that only it has.
    """

    channel_shares: Mapping[str, float]
    shop_words: Mapping[str, Sequence[Pair]]
    complaint_shares: Mapping[str, float]
    complaint_texts: Mapping[str, Sequence[tuple[Pair, Pair]]]
    departments: Mapping[str, str]
    comments: Sequence[Pair]
    market_info: Sequence[Pair]
    order_advice: Sequence[Pair] = ()
    special_reasons: Sequence[Pair] = ()
    special_handling: Sequence[Pair] = ()
    products: Sequence[Product] = ()
    product_columns: Mapping[str, str] = field(default_factory=dict)
    failing_group: str = ""
    tight_products: Sequence[int] = ()
    typical_problem: tuple[int, Pair, Pair] | None = None
    weekly_units: Mapping[str, float] = field(default_factory=dict)
    grade_shares: Mapping[str, float] = field(default_factory=dict)
    area_shares: Mapping[str, float] = field(default_factory=dict)
    managers: int = 9
    customers: int = 30
    regions: Sequence[Pair] = ()
    roles: tuple[str, str] = ("senior", "field")
    customer_code: str = ""
    joiners_a_month: float = 0.006
    leavers_a_month: float = 0.005
    paused_share: float = 0.02
    moves_between_regions: bool = False
    growing: "Growing | None" = None
    slips: Mapping[tuple[int, int], Slip] = field(default_factory=dict)
    material: Mapping[str, Any] = field(default_factory=dict)
    beside: Callable[[Beside], Mapping[str, pd.DataFrame]] | None = None
    decided: Pair | None = None
    masters: "Callable[[Organisation, Mapping[str, pd.DataFrame]], Mapping[str, pd.DataFrame]] | None" = None


@dataclass(frozen=True)
class Growing:
    """A newly built district: of those who join in the last `months` months, `share` are of the region of that number
    (counted from 0), and have their address in `street`."""

    region: int
    months: int
    share: float
    street: Pair


def trades_with_demo() -> tuple[str, ...]:
    """The trades that have a demo."""
    folders = (resources.files("pipeline") / "trades").iterdir()
    return tuple(sorted(one.name for one in folders if (one / "demo.py").is_file()))


def trade_named(name: str) -> Trade:
    """The material of a trade's demo."""
    material: Trade = importlib.import_module(f"pipeline.trades.{name}.demo").TRADE
    return material
